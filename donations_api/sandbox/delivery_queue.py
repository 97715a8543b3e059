"""What is still to be told, within one transaction: the deliveries of the events."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far the telling of one event has come. ``due``: seconds since the epoch, UTC.

    ``state``: ``pending``, ``delivered``, ``given_up``; or by hand, ``held`` until it is released
    or ``dropped``. ``answer``: what the webhook last said.
    """

    event: str
    about: str
    type: str
    state: str
    attempts: int
    due: float
    answer: str


class DeliveryQueue:
    """All times are seconds since the epoch, UTC."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, event: Made, about: str, due: float) -> None:
        state = "held" if self.holding() else "pending"
        if self.losing():
            state = "dropped"
        self._connection.execute(
            "INSERT INTO event_delivery VALUES (?, ?, ?, ?, 0, ?, '')",
            (event["id"], about, event["type"], state, due),
        )

    def holding(self) -> bool:
        """Whether new events wait until they are released."""
        return self._any("SELECT 1 FROM holding")

    def hold(self, now: float) -> None:
        self._connection.execute("INSERT INTO holding VALUES (?)", (now,))

    def release(self, now: float) -> None:
        """Everything that is held is due now, in the order in which it happened."""
        self._connection.execute("DELETE FROM holding")
        self._connection.execute(
            "UPDATE event_delivery SET state = 'pending', due = ? WHERE state = 'held'", (now,)
        )

    def losing(self) -> bool:
        """Whether new events are never sent; this goes before holding them."""
        return self._any("SELECT 1 FROM losing")

    def lose(self, now: float) -> None:
        self._connection.execute("INSERT INTO losing VALUES (?)", (now,))

    def stop_losing(self) -> None:
        """New events are sent again; what was lost meanwhile stays lost."""
        self._connection.execute("DELETE FROM losing")

    def note(self, event: str, state: str, attempts: int, due: float, answer: str) -> None:
        self._connection.execute(
            "UPDATE event_delivery SET state = ?, attempts = ?, due = ?, answer = ?"
            " WHERE event = ?",
            (state, attempts, due, answer, event),
        )

    def of(self, event: str) -> Delivery | None:
        found = self._deliveries("SELECT * FROM event_delivery WHERE event = ?", event)
        return found[0] if found else None

    def due(self, now: float) -> list[Delivery]:
        return self._deliveries(
            "SELECT * FROM event_delivery WHERE state = 'pending' AND due <= ? ORDER BY due, rowid",
            now,
        )

    def about(self, identifiers: Collection[str]) -> list[Delivery]:
        """Newest first."""
        return self._deliveries(
            "SELECT * FROM event_delivery WHERE about IN (SELECT value FROM json_each(?))"
            " ORDER BY rowid DESC",
            json.dumps([*identifiers]),
        )

    def latest(self, count: int) -> list[Delivery]:
        return self._deliveries("SELECT * FROM event_delivery ORDER BY rowid DESC LIMIT ?", count)

    def _any(self, query: str) -> bool:
        return self._connection.execute(query).fetchone() is not None

    def _deliveries(self, query: str, *values: object) -> list[Delivery]:
        rows = self._connection.execute(query, values)
        return [Delivery(**row) for row in rows]
