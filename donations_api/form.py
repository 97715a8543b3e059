"""The donor's form: everything is checked, nothing in it is trusted.

What is wrong is said for all fields at once, in the order of the form.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from donations_api.currencies import Currency
from donations_api.errors import FieldError, FormRefused, GivingClosed
from donations_api.frame import Frame, Language
from donations_api.giving import Fund, Giving, Recipient
from donations_api.methods import FREQUENCIES, fitting
from donations_api.money import AmountUnreadable, Money, parse_amount

LONGEST_NAME = 100  # characters, as in the form
LONGEST_EMAIL = 254  # RFC 5321 allows no more
LONGEST_MESSAGE = 500
LONGEST_DEDICATION = 100

# Control characters, and bytes that were no UTF-8: nobody means them, and they disturb a receipt.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")
# What a form parser makes of bytes that were no UTF-8, such as a name in GBK.
_NOT_UTF8 = re.compile("%[89A-F][0-9A-F]")
# Marks that turn the direction of what is written after them: unseen, pasted without meaning to.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GiftRequest:
    """A form that was checked: what the donor wants to give, and who the donor is.

    ``amount`` is all that is to be paid; ``fee_cover``, in minor units, the part of it that is
    meant for the payment's cost. ``methods`` are Stripe's names of the ways to pay that fit.
    ``by_transfer``: the donor will transfer the money from bank to bank, past Stripe.
    """

    amount: Money
    fee_cover: int
    frequency: str
    methods: tuple[str, ...]
    fund: Fund
    recipient: Recipient
    language: Language
    name: str
    email: str
    anonymous: bool
    message: str
    dedication: str
    consent_version: str
    by_transfer: bool = False

    @property
    def gift(self) -> Money:
        """What is left for the fund when the payment's cost is as estimated."""
        return Money(self.amount.minor - self.fee_cover, self.amount.currency)

    @property
    def cover(self) -> Money:
        return Money(self.fee_cover, self.amount.currency)


class TotalNotAgreed(Exception):
    """The donor covers the fee and has not seen the exact total yet (rule D4)."""

    def __init__(self, request: GiftRequest) -> None:
        super().__init__(request.amount)
        self.request = request


def parse_form(
    form: Mapping[str, str], giving: Giving, frame: Frame, *, sandbox: bool, today: date
) -> GiftRequest:
    """Check a form as it was sent. Raises FormRefused, GivingClosed and TotalNotAgreed."""
    language = frame.language(form.get("language"))
    recipients = {r.key: r for r in giving.asking(language.code, sandbox=sandbox, today=today)}
    named = giving.recipient(form.get("recipient", ""))
    if not recipients or (named and named.key not in recipients):
        raise GivingClosed

    reading = _Reading(form, language)
    frequency = reading.frequency()
    recipient = reading.choice("recipient", recipients)
    gift = reading.amount(giving, recipient)
    fund = reading.choice("fund", {fund.key: fund for fund in giving.funds})
    by_transfer = form.get("way") == "transfer"
    if by_transfer:
        methods: tuple[str, ...] = ()
        reading.transfer(recipient, gift, frequency)
    else:
        methods = reading.methods(recipient, gift, frequency)
    name, email = reading.name(), reading.email()
    message, dedication = reading.message(), reading.dedication()
    consent_version = reading.consent(giving.consent_version)
    if reading.errors or not (recipient and gift and fund and frequency):
        raise FormRefused(reading.errors)
    currency = giving.currency(gift.currency)
    covers = form.get("cover_fee") == "yes" and not by_transfer  # which costs us nothing
    cover = currency.fee_cover(gift).minor if covers and currency else 0
    request = GiftRequest(
        amount=Money(gift.minor + cover, gift.currency),
        fee_cover=cover,
        frequency=frequency,
        methods=methods,
        fund=fund,
        recipient=recipient,
        language=language,
        name=name,
        email=email,
        anonymous=form.get("anonymous") != "no",
        message=message,
        dedication=dedication,
        consent_version=consent_version,
        by_transfer=by_transfer,
    )
    if cover and form.get("agreed_total") != f"{request.amount.minor} {gift.currency}":
        raise TotalNotAgreed(request)
    return request


def read_amount(typed: str, currency: Currency, language: Language) -> Money | FieldError:
    """An amount as it was typed, within the currency's bounds; or what is to be mended about it."""

    def wrong(reason: str, **values: str) -> FieldError:
        return FieldError("amount", f"error.amount.{reason}", values)

    def shown(amount: Money) -> str:
        return amount.display(language.locale, whole=True)

    try:
        amount = parse_amount(typed, currency.code)
    except AmountUnreadable as error:
        return wrong(error.reason)
    if amount.minor < currency.smallest.minor:
        return wrong("too_small", smallest=shown(currency.smallest))
    if amount.minor > currency.largest.minor:
        return wrong("too_large", largest=shown(currency.largest))
    return amount


def read_line(typed: str, longest: int) -> tuple[str, str]:
    """One line of the donor's words, and what is to be mended about it, if anything.

    That is ``not_text``, or ``too_long`` for more than ``longest`` characters.
    """
    line = " ".join(_written(typed).split())
    if _NOT_TEXT.search(line) or _NOT_UTF8.search(line):
        return line, "not_text"
    return line, "too_long" if len(line) > longest else ""


def _written(typed: str) -> str:
    return _TURNING.sub("", unicodedata.normalize("NFC", typed)).strip()


class _Reading:
    """Reads one form field by field and gathers what the donor has to mend, in the form's order."""

    def __init__(self, form: Mapping[str, str], language: Language) -> None:
        self._form = form
        self._language = language
        self.errors: list[FieldError] = []

    def choice(self, field: str, choices: Mapping[str, T]) -> T | None:
        """One of ``choices``; where there is only one, the field may be absent."""
        given = self._text(field)
        if not given and len(choices) == 1:
            return next(iter(choices.values()))
        if given not in choices:
            self._refuse(field, f"{field}.unknown")
        return choices.get(given)

    def frequency(self) -> str | None:
        """How often; once, where nothing is said (rule D2)."""
        if not self._text("frequency"):
            return "once"
        return self.choice("frequency", {one: one for one in FREQUENCIES})

    def amount(self, giving: Giving, recipient: Recipient | None) -> Money | None:
        """What was typed, or else the suggested amount that was picked, in the chosen currency."""
        currency = giving.currency(self._text("currency"))
        if not currency or (recipient and currency.code not in recipient.currencies):
            self._refuse("currency", "currency.unknown")
            return None
        typed = self._text("amount") or self._text(f"amount_{currency.code}")
        read = read_amount(typed, currency, self._language)
        if isinstance(read, FieldError):
            self.errors.append(read)
            return None
        return read

    def methods(
        self, recipient: Recipient | None, gift: Money | None, frequency: str | None
    ) -> tuple[str, ...]:
        """The ways to pay that fit (rule D9); there has to be one."""
        if not (recipient and gift and frequency):
            return ()
        fit = fitting(recipient.methods, gift.currency, frequency)
        if not fit.offered:
            self._refuse("currency", f"methods.none_{frequency}")
        return tuple(method.key for method in fit.offered)

    def transfer(
        self, recipient: Recipient | None, gift: Money | None, frequency: str | None
    ) -> None:
        """Whether a bank transfer fits: to an account that is declared, in its currency, once."""
        if frequency and frequency != "once":
            self._refuse("frequency", "transfer.once_only")
        bank = recipient.bank if recipient else None
        if recipient and not bank:
            self._refuse("form", "transfer.no_account")
        if bank and gift and gift.currency not in bank.currencies:
            self._refuse("currency", "transfer.currency", currencies=", ".join(bank.currencies))

    def name(self) -> str:
        name = self._line("name", LONGEST_NAME)
        if not any(letter.isprintable() for letter in name):
            self._refuse("name", "name.empty")
        return name

    def dedication(self) -> str:
        """In whose honour or memory; may be empty."""
        return self._line("dedication", LONGEST_DEDICATION)

    def email(self) -> str:
        """The address, forgiving what a Chinese keyboard makes of it: ``ｌｉ＠example。org``."""
        typed = unicodedata.normalize("NFKC", self._text("email")).replace("。", ".")
        typed = "".join(typed.split())
        if not typed:
            self._refuse("email", "email.empty")
        elif len(typed) <= LONGEST_EMAIL and "=?" not in typed:  # no mail could be sent there
            try:
                return validate_email(typed, check_deliverability=False).normalized
            except EmailNotValidError:
                self._refuse("email", "email.not_an_address")
        else:
            self._refuse("email", "email.not_an_address")
        return ""

    def message(self) -> str:
        """The donor's words, their lines kept."""
        lines = self._written("message").replace("\t", " ").splitlines()
        message = "\n".join(line.rstrip() for line in lines)
        if any(_NOT_TEXT.search(line) for line in lines):
            self._refuse("message", "message.not_text")
        elif len(message) > LONGEST_MESSAGE:
            self._refuse("message", "message.too_long", most=str(LONGEST_MESSAGE))
        return message

    def consent(self, version: str) -> str:
        """The version of the consent text that was ticked: only the one that stands there now."""
        given = self._text("consent_version")
        if given != version:
            self._refuse("consent_version", "consent.changed" if given else "consent.missing")
        return given

    def _line(self, field: str, longest: int) -> str:
        """One line of the donor's words, as it will stand on a receipt."""
        line, wrong = read_line(self._form.get(field, ""), longest)
        if wrong:
            self._refuse(field, f"{field}.{wrong}", most=str(longest))
        return line

    def _text(self, field: str) -> str:
        return self._form.get(field, "").strip()

    def _written(self, field: str) -> str:
        return _written(self._text(field))

    def _refuse(self, field: str, message: str, **values: str) -> None:
        self.errors.append(FieldError(field, f"error.{message}", values))
