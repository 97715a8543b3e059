"""HMRC's schedule of Gift Aid donations: which gifts may be claimed, and why the others may not.

A gift is claimed once: what stood in a schedule that was claimed is left out of the next one.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from donations_api.clerk import Clerk
from donations_api.entry import Account
from donations_api.errors import Explained
from donations_api.gift_aid import CURRENCY, KIND, uncovered
from donations_api.giving import Recipient
from donations_api.money import Money
from donations_api.records import Signed
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
        elif isinstance(found := _covering(clerk, recipient, given), Declaration):
            claimed.append(Scheduled(given, found, day))
        else:
            apart.append(Apart(given, day, found))
    return Schedule(claimed, apart)


def claim(
    clerk: Clerk, recipient: Recipient, made: Schedule, first: date, last: date, signed: Signed
) -> None:
    """Note that HMRC was asked for these gifts, so that no later schedule has them."""
    gifts = {one.given.gift_id: one.given.amount.minor for one in made.claimed}
    time = {"from": first.isoformat(), "to": last.isoformat()}
    clerk.act(_CLAIMED, recipient.key, signed, None, gifts=gifts, **time)


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


def _covering(clerk: Clerk, recipient: Recipient, given: Given) -> Declaration | str:
    """The newest declaration that covers the gift, or why there is none."""
    if given.amount.minor <= 0:
        return "refunded"
    if given.amount.currency != CURRENCY:
        return "other_currency"
    known = clerk.books.wishes.declarations_about(recipient.key, given.gift_id, given.email)
    whys = {one.id: uncovered(one, given.received_at, recipient.time_zone) for one in known}
    if found := next((one for one in known if not whys[one.id]), None):
        return found
    if known:
        return whys[known[0].id]
    anonymous = given.account == Account.CASH and not given.email
    return "anonymous_cash" if anonymous else "no_declaration"


def _unaccented(name: str) -> str:
    """Letters as HMRC takes them: é is e there, and ’ is '."""
    apart = unicodedata.normalize("NFD", name.replace("’", "'"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
