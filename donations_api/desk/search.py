"""Search: one box for names in characters and in pinyin, addresses, numbers, amounts and days.

``search_words`` holds for each gift what its donor is found by. It is filled before a search, in
batches, so that a page of the portal never waits for it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import islice, product

from donations_api.desk.desk import Desk
from donations_api.gift import Gift
from donations_api.ledger import Ledger
from donations_api.money import AmountUnreadable, Money, parse_amount
from donations_api.overview import Sought
from donations_api.periods import YEARS

BATCH = 2000  # gifts in one transaction, so that other writers need not wait
_READINGS = 24  # of one name; only surnames of several readings have more than one or two
_LONGEST_NAME = 5  # characters; what is longer is an organisation, and read in one way
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?\s*月?")
_SPECIAL = re.compile("([!%_])")
_WORDS = 3  # that a search can be of; the last one takes the rest


def fill(ledger: Ledger) -> None:
    """Let the search know the gifts that it does not know yet."""
    with ledger.reading() as books:
        if not books.overview.words_missing():
            return
    after = ""
    while last := _fill_a_part(ledger, after):
        after = last


def _fill_a_part(ledger: Ledger, after: str) -> str:
    """Read some gifts behind ``after``; the id of the last one, or empty when there is no more."""
    with ledger.books() as books:
        gifts = books.overview.without_words(after, BATCH)
        books.overview.keep_words({gift.id: words_of(gift) for gift in gifts})
        books.commit()
    return gifts[-1].id if len(gifts) == BATCH else ""


def words_of(gift: Gift) -> str:
    """What a gift is found by: each word stands behind a blank."""
    return f" {_plain(gift.name)} {names(gift.name)} {gift.email.casefold()} "


@lru_cache(maxsize=10_000)
def names(name: str) -> str:
    """A name written in Latin letters, in each way in which it may be read and typed."""
    plain = _plain(name)
    if not _HAN.search(plain):
        return plain.replace(" ", "")
    from pypinyin import Style, pinyin  # slow to load, and no other command needs it

    readings = pinyin(
        plain.replace(" ", ""),
        style=Style.NORMAL,
        heteronym=len(plain) <= _LONGEST_NAME,
    )
    written: dict[str, None] = {}
    for syllables in islice(product(*readings), _READINGS):
        for one in (syllables, tuple(part.replace("v", "u") for part in syllables)):
            written["".join(one)] = None
            written[" ".join(one)] = None
            written["".join(part[0] for part in one)] = None
    return " ".join(written)


def read(typed: str, desk: Desk) -> Sought:
    """What is meant by ``typed``: a day or a month, else an amount, else words; empty: all."""
    text = unicodedata.normalize("NFKC", typed).strip()
    always = Sought(desk.midnight(date(1970, 1, 1)), desk.midnight(date(9000, 1, 1)))
    if not text:
        return always
    if span := _day_or_month(text, desk):
        return span
    if amounts := tuple(_amounts(text, desk)):
        return replace(always, amounts=amounts)
    return replace(always, words=tuple(_patterns(text)))


def _day_or_month(text: str, desk: Desk) -> Sought | None:
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 0)
    if year not in YEARS:
        return None
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return None
    if not day:
        return Sought(*desk.month(first))
    return Sought(desk.midnight(first), desk.midnight(date.fromordinal(first.toordinal() + 1)))


def _amounts(text: str, desk: Desk) -> Iterator[Money]:
    """The amount in each currency that may be meant: 100 in all, ¥100 in two."""
    for currency in desk.portal.giving.currencies:
        try:
            yield parse_amount(text, currency.code)
        except AmountUnreadable:
            continue


def _patterns(text: str) -> Iterator[str]:
    """Patterns for LIKE. Latin words match from their beginning: han is not to find zhang."""
    words = _plain(text).split(maxsplit=_WORDS - 1)
    for word in words:
        escaped = _SPECIAL.sub(r"!\1", word)
        inside = _HAN.search(word) or "@" in word or "." in word
        yield f"%{escaped}%" if inside else f"% {escaped}%"


def _plain(text: str) -> str:
    """Small letters without accents; blanks between Chinese characters are dropped."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    together = re.sub(rf"(?<={_HAN.pattern})[\s·・]+(?={_HAN.pattern})", "", bare)
    return " ".join(together.split())
