"""HMRC's schedule of Gift Aid donations: which gifts may be claimed, and why the others may not.

A gift is claimed once: what stood in a schedule that was claimed is left out of the next one.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from donations_api.books import Books
from donations_api.clerk import Clerk
from donations_api.entry import Account
from donations_api.errors import Explained
from donations_api.gift_aid import CURRENCY, KIND, uncovered
from donations_api.giving import Recipient
from donations_api.money import Money
from donations_api.records import Act, Signed
from donations_api.wishes import Declaration, Given

COLUMNS = (
    *("Title", "First name or initial", "Last name", "House name or number", "Postcode"),
    *("Aggregated donations", "Sponsored event", "Donation date", "Amount"),
)
_CLAIMED = "gift_aid_claimed"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A gift that may be claimed; ``day`` is that of its coming, at the recipient's place."""

    given: Given
    declaration: Declaration
    day: date


@dataclass(frozen=True, slots=True)
class Apart:
    """A gift that is not in the schedule.

    ``why``: ``no_declaration``, ``other_currency``, ``refunded``, ``before``, ``after`` (its
    declaration's time), ``anonymous_cash``, ``claimed`` (in an earlier schedule), or
    ``claimed_too_much``: some of it went back after it was claimed, which HMRC wants to be told.
    """

    given: Given
    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The gifts of a time, the oldest first."""

    claimed: list[Scheduled]
    apart: list[Apart]

    @property
    def total(self) -> Money:
        return Money(sum(one.given.amount.minor for one in self.claimed), CURRENCY)


def schedule(clerk: Clerk, recipient: Recipient, first: date, last: date) -> Schedule:
    """What came from ``first`` to ``last``, days of the recipient's place, both included.

    What was claimed too much is told of whenever it came. Raises Explained for a recipient whose
    gifts have no Gift Aid, and for a time that ends before it begins.
    """
    if recipient.receipt != KIND:
        raise Explained("gift_aid.not_uk", recipient=recipient.key)
    if last < first:
        raise Explained("gift_aid.time", first=str(first), last=str(last))
    before = _claimed_before(clerk, recipient)
    claimed, apart = [], []
    for given in clerk.books.wishes.given_to(recipient.key):
        day = given.received_at.astimezone(recipient.time_zone).date()
        if given.amount.minor < before.get(given.gift_id, 0):
            apart.append(Apart(given, day, "claimed_too_much"))
        elif not first <= day <= last:
            continue
        elif given.gift_id in before:
            apart.append(Apart(given, day, "claimed"))
        elif isinstance(found := _covering(clerk.books, recipient, given, clerk.now), Declaration):
            claimed.append(Scheduled(given, found, day))
        else:
            apart.append(Apart(given, day, found))
    return Schedule(claimed, apart)


def tax_year(day: date) -> tuple[date, date]:
    """The first and the last day of the UK tax year that ``day`` is in."""
    first = day.replace(month=4, day=6)
    first = first if first <= day else first.replace(year=day.year - 1)
    return first, first.replace(year=first.year + 1, day=5)


def claim(
    clerk: Clerk, recipient: Recipient, made: Schedule, first: date, last: date, signed: Signed
) -> None:
    """Note that HMRC was asked for these gifts, so that no later schedule has them."""
    gifts = {one.given.gift_id: one.given.amount.minor for one in made.claimed}
    time = {"from": first.isoformat(), "to": last.isoformat()}
    clerk.act(_CLAIMED, recipient.key, signed, None, gifts=gifts, **time)


def claims(books: Books, recipient: Recipient) -> list[Act]:
    """When HMRC was asked, the newest first; ``said``: ``from``, ``to``, and ``gifts`` (pence)."""
    return books.acts_about(_CLAIMED, recipient.key)[::-1]


def claimed_then(books: Books, recipient: Recipient, asked: Act) -> Schedule:
    """What HMRC was asked for in one of ``claims``, with the sums and declarations of then."""
    sums: Mapping[str, int] = asked.said["gifts"]
    claimed = []
    for given in books.wishes.given_to(recipient.key):
        if given.gift_id in sums:
            then = replace(given, amount=Money(sums[given.gift_id], CURRENCY))
            found = _covering(books, recipient, then, asked.acted_at)
            if isinstance(found, Declaration):
                day = given.received_at.astimezone(recipient.time_zone).date()
                claimed.append(Scheduled(then, found, day))
    return Schedule(claimed, [])


def lines(made: Schedule) -> list[tuple[str, ...]]:
    """The schedule as HMRC's spreadsheet has it, its head first."""
    return [COLUMNS, *map(_line, made.claimed)]


def _line(one: Scheduled) -> tuple[str, ...]:
    who = one.declaration
    names = (who.title, who.first_name, who.last_name, who.house)
    return (
        *map(_unaccented, names),
        who.postcode,
        "",
        "",
        f"{one.day:%d/%m/%y}",
        str(one.given.amount.decimal),
    )


def _claimed_before(clerk: Clerk, recipient: Recipient) -> dict[str, int]:
    """The gifts that were claimed, and how much of each, in minor units."""
    claimed: dict[str, int] = {}
    for act in clerk.books.acts_about(_CLAIMED, recipient.key):
        claimed |= act.said["gifts"]
    return claimed


def _covering(books: Books, recipient: Recipient, given: Given, now: datetime) -> Declaration | str:
    """The newest declaration that covers the gift, as it is known ``now``, or why there is none."""
    if given.amount.minor <= 0:
        return "refunded"
    if given.amount.currency != CURRENCY:
        return "other_currency"
    made = books.wishes.declarations_about(recipient.key, given.gift_id, given.email)
    known = [_as_of(now, one) for one in made if one.declared_at <= now]
    whys = {one.id: uncovered(one, given.received_at, recipient.time_zone) for one in known}
    if found := next((one for one in known if not whys[one.id]), None):
        return found
    if known:
        return whys[known[0].id]
    anonymous = given.account == Account.CASH and not given.email
    return "anonymous_cash" if anonymous else "no_declaration"


def _as_of(now: datetime, declaration: Declaration) -> Declaration:
    later = declaration.cancelled_at and declaration.cancelled_at > now
    return replace(declaration, cancelled_at=None) if later else declaration


def _unaccented(name: str) -> str:
    """Letters as HMRC takes them: é is e there, and ’ is '."""
    apart = unicodedata.normalize("NFD", name.replace("’", "'"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
