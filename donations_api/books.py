"""The books within one transaction: a method for each named query in ``queries/``.

Times go in and come out as UTC, money as minor units and a currency.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import aiosql

from donations_api.errors import Explained
from donations_api.gift import Entry, Gift, Receipt, State
from donations_api.rows import columns, made, stamp, written

_QUERIES = Path(__file__).parent / "queries"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many gifts were begun within a time: by one e-mail address, and by everybody."""

    by_address: int
    in_all: int


@dataclass(frozen=True, slots=True)
class Event:
    """A proven event of Stripe's. ``payload`` is the body as it came."""

    id: str
    type: str
    created_at: datetime
    received_at: datetime
    livemode: bool
    payload: str


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """What became of an event of the inbox."""

    id: str
    type: str
    received_at: datetime
    outcome: str
    gift_id: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A proven event that could not be booked. ``outcome``: a later delivery was taken."""

    event_id: str
    type: str
    failed_at: datetime
    reason: Explained
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A mail of the outbox that was claimed; ``attempts`` counts the try it was claimed for."""

    id: str
    receipt_id: str
    address: str
    message_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail that has not gone out. ``dead``: it is not tried again, and staff must look."""

    number: str
    address: str
    due_at: datetime
    attempts: int
    dead: bool
    reason: Explained | None


class Books:
    """Made by ``Ledger.books``. A method that adds a row answers whether it did; False means that a
    unique key knows the row already.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def commit(self) -> None:
        """Make everything last. Nothing may be asked of these books afterwards."""
        self._connection.commit()

    @contextmanager
    def tentatively(self) -> Iterator[Callable[[], None]]:
        """A part of the transaction that can be taken back alone: call what is yielded."""

        def take_back() -> None:
            self._connection.execute("ROLLBACK TO SAVEPOINT part")

        self._connection.execute("SAVEPOINT part")
        yield take_back
        self._connection.execute("RELEASE SAVEPOINT part")

    # Gifts

    def add_gift(self, gift: Gift) -> bool:
        return self._one("add_gift", **columns(gift)) is not None

    def gift(self, gift_id: str) -> Gift | None:
        return self._maybe(Gift, "gift", id=gift_id)

    def gifts_since(self, moment: datetime, email: str) -> Asked:
        return made(Asked, self._one("gifts_since", moment=stamp(moment), email=email))

    def note_session(self, gift_id: str, session_id: str) -> None:
        """Note Stripe's Checkout Session of the gift."""
        self._run("note_session", id=gift_id, session_id=session_id)

    def move_gift(self, gift_id: str, state: State) -> None:
        self._run("move_gift", id=gift_id, state=state.value)

    # Events

    def keep_event(self, event: Event) -> bool:
        return self._one("keep_event", **columns(event)) is not None

    def note_outcome(self, event_id: str, outcome: str, gift_id: str | None) -> None:
        self._run("note_outcome", id=event_id, outcome=outcome, gift_id=gift_id)

    def keep_failure(self, event: Event, reason: Explained, now: datetime) -> None:
        self._run(
            "keep_failure",
            id=_new_id("failure"),
            event_id=event.id,
            type=event.type,
            failed_at=stamp(now),
            reason=written(reason),
            payload=event.payload,
        )

    # Entries and receipts

    def post(self, entry: Entry) -> bool:
        return self._one("post", id=_new_id("entry"), **columns(entry)) is not None

    def entries(self) -> list[Entry]:
        return [made(Entry, row) for row in self._all("entries")]

    def next_serial(self, recipient: str, year: int) -> int:
        """Take the next number of a recipient's year, from 1; a roll-back gives it back."""
        serial: int = self._one("next_serial", recipient=recipient, year=year)["serial"]
        return serial

    def add_receipt(self, receipt: Receipt) -> bool:
        return self._one("add_receipt", **columns(receipt)) is not None

    def receipt(self, receipt_id: str) -> Receipt | None:
        return self._maybe(Receipt, "receipt", id=receipt_id)

    def receipt_of(self, gift_id: str) -> Receipt | None:
        return self._maybe(Receipt, "receipt_of", gift_id=gift_id)

    # The outbox

    def queue(self, receipt_id: str, address: str, message_id: str, due_at: datetime) -> bool:
        """Queue the mail that brings a receipt to its donor."""
        row = self._one(
            "queue",
            id=_new_id("mail"),
            kind="receipt",
            receipt_id=receipt_id,
            address=address,
            message_id=message_id,
            due_at=stamp(due_at),
        )
        return row is not None

    def claim(self, now: datetime, until: datetime) -> Message | None:
        """Take a mail that is due; nobody else gets it before ``until``. None: nothing is due."""
        return self._maybe(Message, "claim", now=stamp(now), lease_until=stamp(until))

    def mark_sent(self, message_id: str, now: datetime) -> None:
        self._run("mark_sent", id=message_id, sent_at=stamp(now))

    def postpone(self, message_id: str, due_at: datetime, reason: Explained) -> None:
        self._run("postpone", id=message_id, due_at=stamp(due_at), reason=written(reason))

    def bury(self, message_id: str, now: datetime, reason: Explained) -> None:
        """Make it a dead letter: it is not tried again, and staff see it."""
        self._run("bury", id=message_id, dead_at=stamp(now), reason=written(reason))

    # What staff should look at

    def failures(self) -> list[Failure]:
        return [made(Failure, row) for row in self._all("failures")]

    def events_with(self, outcome: str) -> list[KeptEvent]:
        return [made(KeptEvent, row) for row in self._all("events_with", outcome=outcome)]

    def unsent(self) -> list[Unsent]:
        return [made(Unsent, row) for row in self._all("unsent")]

    def received_without_entry(self) -> list[str]:
        """Gifts that are said to have come without money in the books; there must be none."""
        return [row["id"] for row in self._all("received_without_entry")]

    def entries_without_receipt(self) -> list[str]:
        """Gifts whose money came without a receipt; there must be none."""
        return [row["gift_id"] for row in self._all("entries_without_receipt")]

    def broken_numbering(self) -> list[tuple[str, int]]:
        """Recipients and years whose receipt numbers have a gap; there must be none."""
        return [(row["recipient"], row["year"]) for row in self._all("broken_numbering")]

    def _one(self, query: str, **values: object) -> Any:
        return getattr(_queries(), query)(self._connection, **values)

    def _maybe(self, kind: type[T], query: str, **values: object) -> T | None:
        row = self._one(query, **values)
        return made(kind, row) if row else None

    def _all(self, query: str, **values: object) -> Iterator[Any]:
        rows: Iterator[Any] = getattr(_queries(), query)(self._connection, **values)
        return rows

    def _run(self, query: str, **values: object) -> None:
        getattr(_queries(), query)(self._connection, **values)


@cache
def _queries() -> Any:
    return aiosql.from_path(_QUERIES, "sqlite3")


def _new_id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(12)}"
