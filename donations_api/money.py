"""Money is an integer count of minor units and a currency: never a float.

How many digits a currency has after the point comes from CLDR, through Babel (CNY 2, JPY 0).
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from babel import Locale
from babel.numbers import format_currency, get_currency_precision


class AmountUnreadable(ValueError):
    """What was typed is no amount of this currency.

    ``reason`` is one of ``empty``, ``not_a_number``, ``not_positive``, ``too_precise``,
    ``other_currency``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Money:
    """``minor`` minor units (fen, pence, yen) of ``currency`` (ISO 4217, upper case)."""

    minor: int
    currency: str

    def __add__(self, other: Self) -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.minor + other.minor, self.currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in whole units, exactly: 2050 minor units of CNY are 20.50."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def display(self, locale: str, *, whole: bool = False) -> str:
        """The amount as a reader of ``locale`` (``zh_Hans_CN``, ``en_GB``) writes it.

        The symbol is the reader's: 200 yuan are ¥200.00 in Chinese and CN¥200.00 in English.
        ``whole`` leaves ``.00`` out, for amounts on buttons.
        """
        if whole and self.decimal == self.decimal.to_integral_value():
            pattern = Locale.parse(locale).currency_formats["standard"].pattern
            return format_currency(
                self.decimal,
                self.currency,
                format=re.sub(r"\.0+", "", pattern),
                locale=locale,
                currency_digits=False,
            )
        return format_currency(self.decimal, self.currency, locale=locale)


# What people write before or behind an amount, and which currencies they may mean by it.
_MARKS: dict[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}),
    "￥": frozenset({"CNY", "JPY"}),
    "元": frozenset({"CNY"}),
    "块": frozenset({"CNY"}),
    "块钱": frozenset({"CNY"}),
    "人民币": frozenset({"CNY"}),
    "rmb": frozenset({"CNY"}),
    "cn¥": frozenset({"CNY"}),
    "yuan": frozenset({"CNY"}),
    "£": frozenset({"GBP"}),
    "镑": frozenset({"GBP"}),
    "英镑": frozenset({"GBP"}),
    "pounds": frozenset({"GBP"}),
    "円": frozenset({"JPY"}),
    "日元": frozenset({"JPY"}),
    "日圆": frozenset({"JPY"}),
    "jp¥": frozenset({"JPY"}),
    "yen": frozenset({"JPY"}),
    "$": frozenset({"USD", "HKD", "AUD", "CAD"}),
    "dollars": frozenset({"USD", "HKD", "AUD", "CAD"}),
    "us$": frozenset({"USD"}),
    "美元": frozenset({"USD"}),
    "美金": frozenset({"USD"}),
    "hk$": frozenset({"HKD"}),
    "港元": frozenset({"HKD"}),
    "港币": frozenset({"HKD"}),
    "a$": frozenset({"AUD"}),
    "au$": frozenset({"AUD"}),
    "澳元": frozenset({"AUD"}),
    "c$": frozenset({"CAD"}),
    "ca$": frozenset({"CAD"}),
    "加元": frozenset({"CAD"}),
    "€": frozenset({"EUR"}),
    "euros": frozenset({"EUR"}),
    "欧元": frozenset({"EUR"}),
}
_LONGEST = 40  # characters; nobody types more, and int() should not be handed a novel
_MOST = 10**15  # minor units; no account holds more, and a database could not add it up
_GROUP = 3  # digits between two separators of thousands
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"(\d{1,3})((?:[, '’]\d{3})+)(\.\d+)?")
_MARKED = re.compile(r"(?P<before>[^\d.,+\-]*)(?P<number>[\d., '’]*\d)\s*(?P<after>[^\d.,]*)")


def digits(currency: str) -> int:
    """How many digits an amount of ``currency`` has after the point."""
    return get_currency_precision(currency)


def marks(currency: str) -> tuple[str, ...]:
    """What may stand beside an amount of ``currency``, in lower case: its code, signs and words."""
    return (currency.lower(), *(mark for mark, meant in _MARKS.items() if currency in meant))


def parse_amount(typed: str, currency: str) -> Money:
    """Read what a person typed as an amount of ``currency``.

    Understands full-width digits (２００), thousands separators (1,000 / 1 000), and the currency's
    own sign, code or word on either side (200元, £25, JPY 3000). A sign of another currency is
    refused rather than charged in the wrong one.

    Raises AmountUnreadable.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        raise AmountUnreadable("empty")
    if text.startswith(("-", "−")):
        raise AmountUnreadable("not_positive")
    # Before the patterns look at it: on a long run of blanks they take the square of its length.
    if len(text) > _LONGEST or not (marked := _MARKED.fullmatch(text)):
        raise AmountUnreadable("not_a_number")
    for mark in (marked["before"], marked["after"]):
        _refuse_foreign_mark(mark.strip().lower(), currency)
    number = marked["number"]
    if grouped := _GROUPED.fullmatch(number):
        number = grouped[1] + re.sub(r"\D", "", grouped[2]) + (grouped[3] or "")
    if not _NUMBER.fullmatch(number):
        raise AmountUnreadable("not_a_number")
    whole, _, part = number.partition(".")
    exact = digits(currency)
    # 10.000 is ten to one reader and ten thousand to another, so it is asked for again.
    if len(part.rstrip("0")) > exact or len(part) == _GROUP > exact:
        raise AmountUnreadable("too_precise")
    minor = int(whole + part[:exact].ljust(exact, "0"))
    if minor > _MOST:
        raise AmountUnreadable("not_a_number")
    if minor == 0:
        raise AmountUnreadable("not_positive")
    return Money(minor, currency)


def _refuse_foreign_mark(mark: str, currency: str) -> None:
    if not mark or mark in marks(currency):
        return
    known = mark in _MARKS or re.fullmatch(r"[a-z]{3}", mark)
    raise AmountUnreadable("other_currency" if known else "not_a_number")
