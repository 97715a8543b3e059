"""The sandbox's own SQLite file: objects, orders, payouts, deliveries, kept answers."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from donations_api.sandbox.delivery_queue import DeliveryQueue
from donations_api.sandbox.selection import Selection
from donations_api.sandbox.tables import definition

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to the first request with an idempotency key."""

    fingerprint: str
    status: int
    body: Made


class Store:
    """Opens the file for one transaction at a time: all of it is kept, or nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            connection.executescript(definition())

    @contextmanager
    def transaction(self) -> Iterator["Records"]:
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield Records(connection)
            connection.commit()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection


class Records:
    """What can be read and written within one transaction. ``queue``: what is to be told."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.queue = DeliveryQueue(connection)

    def save(self, made: Made) -> Made:
        self._connection.execute(
            "INSERT INTO object VALUES (:id, :object, :created, :body)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            made | {"body": json.dumps(made)},
        )
        return made

    def find(self, kind: str, identifier: str) -> Made | None:
        found = self._objects("SELECT body FROM object WHERE kind = ? AND id = ?", kind, identifier)
        return found[0] if found else None

    def get(self, identifier: str) -> Made:
        """The object of whatever kind that another one names, and which is never lacking."""
        return self._objects("SELECT body FROM object WHERE id = ?", identifier)[0]

    def every(self, kind: str, count: int = -1, **where: object) -> list[Made]:
        """Objects of a kind, newest first, at most ``count``, whose fields are as ``where`` says.

        A field is named by its path, with ``__`` for a step into it: ``payment__payment_intent``.
        """
        return self.select(Selection(kind).where(**where), count)

    def select(self, wanted: Selection, count: int = -1) -> list[Made]:
        query, values = wanted.query(count)
        return self._objects(query, *values)

    def totals(self, wanted: Selection, amount: str, *, by: str) -> dict[str, int]:
        """The sums of the field ``amount``, by the value of another field."""
        query, values = wanted.totals(amount, by)
        return dict(map(tuple, self._connection.execute(query, values)))

    def keep_order(self, session: str, order: Made) -> None:
        self._connection.execute(
            "INSERT INTO session_order VALUES (?, ?)", (session, json.dumps(order))
        )

    def order(self, session: str) -> Made:
        """What was ordered; Stripe's session object itself leaves it out."""
        query = "SELECT body FROM session_order WHERE session = ?"
        order: Made = json.loads(self._connection.execute(query, (session,)).fetchone()["body"])
        return order

    def pay_out(self, transactions: Iterable[str], payout: str) -> None:
        """What a payout consists of, oldest first; Stripe's objects themselves leave it out."""
        self._connection.executemany(
            "INSERT INTO paid_out VALUES (?, ?)", ((one, payout) for one in transactions)
        )

    def paid_out_in(self, transaction: str) -> Made | None:
        """The payout that a balance transaction is in."""
        found = self._objects(
            "SELECT body FROM paid_out JOIN object ON id = payout WHERE transaction_id = ?",
            transaction,
        )
        return found[0] if found else None

    def keep_answer(self, key: str, answer: KeptAnswer, now: float) -> None:
        self._connection.execute(
            "INSERT INTO kept_answer VALUES (?, ?, ?, ?, ?)",
            (key, answer.fingerprint, answer.status, json.dumps(answer.body), now),
        )

    def kept_answer(self, key: str) -> KeptAnswer | None:
        query = "SELECT fingerprint, status, body FROM kept_answer WHERE idempotency_key = ?"
        row = self._connection.execute(query, (key,)).fetchone()
        return row and KeptAnswer(row["fingerprint"], row["status"], json.loads(row["body"]))

    def forget_answers_before(self, moment: float) -> None:
        self._connection.execute("DELETE FROM kept_answer WHERE created < ?", (moment,))

    def _objects(self, query: str, *values: object) -> list[Made]:
        rows = self._connection.execute(query, values)
        return [json.loads(row["body"]) for row in rows]
