"""What leaves the books as a whole: gifts and entries page by page, and sums of many entries.

A method for each named query of ``queries/extracts.sql``, within one transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donations_api.asking import Asking
from donations_api.entry import Account, Entry, Kind, Standing, stands
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.periods import Period
from donations_api.records import MESSAGE_PUBLISHED
from donations_api.rows import made, stamp


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which gifts or entries are asked for. An empty key does not choose."""

    period: Period
    fund: str = ""
    recipient: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a walk has come; it begins before everything."""

    moment: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A gift with what its entries add up to. ``came_at`` is UTC; ``way`` where the money came in.

    ``came`` and ``returned`` are all that came, and all that went back or was withdrawn, both above
    zero. ``number`` is its receipt's, or empty.
    """

    gift: Gift
    came_at: datetime
    way: Account | None
    came: Money
    returned: Money
    standing: Standing
    number: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Entries that are alike, together: ``number`` of them, ``amount`` in all."""

    fund: str
    kind: Kind
    taken_from: Account
    put_into: Account
    number: int
    amount: Money


@dataclass(frozen=True, slots=True)
class StillOpen:
    """How many gifts came ``in_kind``, and how many lines and mails still wait."""

    in_kind: int
    bank_lines: int
    mails: int


class Extracts(Asking):
    """Made by ``Books.extracts``. ``booked_until`` (UTC) leaves aside what was booked later."""

    def gifts(
        self, wanted: Wanted, booked_until: datetime, after: Place, number: int
    ) -> list[tuple[Place, Given]]:
        """The next gifts of which money came, each with its place."""
        rows = self._all("gifts_that_came", **_bounds(wanted, booked_until, after, number))
        return [(Place(row["came_at"], row["entry_id"]), _given(row)) for row in rows]

    def gifts_in_kind(self, wanted: Wanted) -> list[Given]:
        """The gifts in kind, which have no amount and no entry, by the day they were entered."""
        period, none = wanted.period, Money(0, "XXX")
        rows = self._all(
            "gifts_in_kind",
            since=stamp(period.begins),
            until=stamp(period.ends),
            fund=wanted.fund,
            recipient=wanted.recipient,
        )
        return [
            Given(
                gift := made(Gift, row),
                gift.created_at,
                None,
                none,
                none,
                Standing(gift.state.value),
                row["receipt_number"],
            )
            for row in rows
        ]

    def entries(
        self, wanted: Wanted, booked_until: datetime, after: Place, number: int
    ) -> list[tuple[Place, Entry]]:
        """The next entries, each with its place."""
        rows = self._all("entries_from", **_bounds(wanted, booked_until, after, number))
        return [(Place(row["received_at"], row["id"]), made(Entry, row)) for row in rows]

    def sums(self, since: datetime, until: datetime, recipient: str) -> list[Sum]:
        """What the entries from ``since`` to before ``until`` add up to."""
        rows = self._all("sums", since=stamp(since), until=stamp(until), recipient=recipient)
        return [made(Sum, row) for row in rows]

    def first_entry(self) -> datetime | None:
        """When the first entry's money moved; None: there is no entry."""
        row: Any = self._one("first_entry")
        return datetime.fromisoformat(row["received_at"]) if row["received_at"] else None

    def still_open(self, period: Period, recipient: str) -> StillOpen:
        row = self._one(
            "still_open",
            since=stamp(period.begins),
            until=stamp(period.ends),
            last_day=period.last.isoformat(),
            recipient=recipient,
        )
        return made(StillOpen, row)

    def published_messages(self) -> set[str]:
        """The ids of gifts whose message may be read: the last word on it was yes."""
        decided = {row["about"]: row["kind"] for row in self._all("messages_decided")}
        return {gift for gift, kind in decided.items() if kind == MESSAGE_PUBLISHED}


def _bounds(wanted: Wanted, booked_until: datetime, after: Place, number: int) -> dict[str, Any]:
    return {
        "until": stamp(wanted.period.ends),
        "booked_until": stamp(booked_until),
        "fund": wanted.fund,
        "recipient": wanted.recipient,
        "currency": wanted.currency,
        "after": max(after.moment, stamp(wanted.period.begins)),
        "after_id": after.id,
        "number": number,
    }


def _given(row: Any) -> Given:
    gift, currency = made(Gift, row), row["came_currency"]
    return Given(
        gift=gift,
        came_at=datetime.fromisoformat(row["came_at"]),
        way=Account(row["way"]),
        came=Money(row["came"], currency),
        returned=Money(row["returned"], currency),
        standing=stands(
            gift, came=row["came"], given_back=row["given_back"], disputed=row["disputed"]
        ),
        number=row["receipt_number"],
    )
