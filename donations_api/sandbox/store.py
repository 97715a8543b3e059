"""The sandbox's own SQLite file: objects, orders, deliveries, kept answers."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Made = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS object (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS session_order (
    session TEXT PRIMARY KEY REFERENCES object (id), body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event_delivery (
    event TEXT PRIMARY KEY REFERENCES object (id), about TEXT NOT NULL, type TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'given_up', 'held', 'dropped')),
    attempts INTEGER NOT NULL, due REAL NOT NULL, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS holding (since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS kept_answer (
    idempotency_key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, created REAL NOT NULL);
"""


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
            connection.executescript(_TABLES)

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
    """What can be read and written within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

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

    def event(self, identifier: str) -> Made:
        """The event of a delivery, which never lacks one."""
        query = "SELECT body FROM object WHERE kind = 'event' AND id = ?"
        return self._objects(query, identifier)[0]

    def every(self, kind: str, count: int = -1, **where: object) -> list[Made]:
        """Objects of a kind, newest first, at most ``count``, whose fields are as ``where`` says.

        A field is named by its path, with ``__`` for a step into it: ``payment__payment_intent``.
        """
        conditions, values = "", []
        for field, value in where.items():
            conditions += " AND body ->> ? = ?"
            values += ["$." + field.replace("__", "."), value]
        return self._objects(
            f"SELECT body FROM object WHERE kind = ?{conditions}"  # noqa: S608 no value in it
            " ORDER BY created DESC, rowid DESC LIMIT ?",
            kind,
            *values,
            count,
        )

    def keep_order(self, session: str, order: Made) -> None:
        self._connection.execute(
            "INSERT INTO session_order VALUES (?, ?)", (session, json.dumps(order))
        )

    def order(self, session: str) -> Made:
        """What was ordered; Stripe's session object itself leaves it out."""
        query = "SELECT body FROM session_order WHERE session = ?"
        order: Made = json.loads(self._connection.execute(query, (session,)).fetchone()["body"])
        return order

    def queue(self, event: Made, about: str, due: float) -> None:
        self._connection.execute(
            "INSERT INTO event_delivery VALUES (?, ?, ?, ?, 0, ?, '')",
            (event["id"], about, event["type"], "held" if self.holding() else "pending", due),
        )

    def holding(self) -> bool:
        """Whether new events wait until they are released."""
        return self._connection.execute("SELECT 1 FROM holding").fetchone() is not None

    def hold(self, now: float) -> None:
        self._connection.execute("INSERT INTO holding VALUES (?)", (now,))

    def release(self, now: float) -> None:
        """Everything that is held is due now, in the order in which it happened."""
        self._connection.execute("DELETE FROM holding")
        self._connection.execute(
            "UPDATE event_delivery SET state = 'pending', due = ? WHERE state = 'held'", (now,)
        )

    def note(self, event: str, state: str, attempts: int, due: float, answer: str) -> None:
        self._connection.execute(
            "UPDATE event_delivery SET state = ?, attempts = ?, due = ?, answer = ?"
            " WHERE event = ?",
            (state, attempts, due, answer, event),
        )

    def delivery(self, event: str) -> Delivery | None:
        found = self._deliveries("SELECT * FROM event_delivery WHERE event = ?", event)
        return found[0] if found else None

    def deliveries_due(self, now: float) -> list[Delivery]:
        return self._deliveries(
            "SELECT * FROM event_delivery WHERE state = 'pending' AND due <= ? ORDER BY due, rowid",
            now,
        )

    def deliveries_about(self, identifiers: Collection[str]) -> list[Delivery]:
        """Newest first."""
        return self._deliveries(
            "SELECT * FROM event_delivery WHERE about IN (SELECT value FROM json_each(?))"
            " ORDER BY rowid DESC",
            json.dumps([*identifiers]),
        )

    def latest_deliveries(self, count: int) -> list[Delivery]:
        return self._deliveries("SELECT * FROM event_delivery ORDER BY rowid DESC LIMIT ?", count)

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

    def _deliveries(self, query: str, *values: object) -> list[Delivery]:
        rows = self._connection.execute(query, values)
        return [Delivery(**row) for row in rows]
