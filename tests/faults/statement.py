"""What truly happened at Stripe, read from the sandbox's own file: the measure of the ledger."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """An entry that the ledger owes: its kind and reference, minor units, currency (lower case).

    ``gift_id``: whose it is, where Stripe was told.
    """

    kind: str
    reference: str
    amount: int
    currency: str
    gift_id: str | None


class Statement:
    """``path``: the sandbox's file. It is read only, a short transaction a question."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def owed(self) -> list[Owed]:
        """An entry for each payment that came, each refund, each dispute, and what came back."""
        invoices = {
            one["payment"]["payment_intent"]: one["invoice"] for one in self._of("invoice_payment")
        }
        intents = {one["id"]: one for one in self._of("payment_intent")}
        begun = {
            one["invoice"]: one["metadata"]["gift_id"]
            for one in self._of("checkout.session")
            if one["invoice"]
        }
        owed = []
        for charge in self._of("charge"):
            if charge["status"] != "succeeded":
                continue
            intent = charge["payment_intent"]
            invoice = invoices.get(intent)
            gift = begun.get(invoice) if invoice else intents[intent]["metadata"]["gift_id"]
            owed.append(_owed("gift", invoice or intent, charge, gift))
        for refund in self._of("refund"):
            owed.append(_owed("refund", refund["id"], refund))
            if refund["status"] == "failed":
                owed.append(_owed("refund_failed", refund["id"], refund))
        for dispute in self._of("dispute"):
            owed.append(_owed("dispute_withdrawn", dispute["id"], dispute))
            if dispute["status"] == "won":
                owed.append(_owed("dispute_reinstated", dispute["id"], dispute))
        return owed

    def session(self, identifier: str) -> Made:
        return self._one(identifier)

    def charge_of(self, session: str) -> str:
        """The latest charge of what was paid in a session."""
        made = self._one(session)
        intent = made["payment_intent"]
        if not intent:
            intent = self._payment(made["invoice"])
        charge: str = self._one(intent)["latest_charge"]
        return charge

    def about(self, kind: str, charge: str) -> str:
        """The refund or dispute of a charge."""
        found = self._rows(
            "SELECT id FROM object WHERE kind = ? AND body ->> '$.charge' = ?", kind, charge
        )
        return str(found[-1][0])

    def events(self, *states: str) -> list[str]:
        """The events whose delivery stands so, the oldest first."""
        found = self._rows(
            "SELECT event FROM event_delivery WHERE state IN (SELECT value FROM json_each(?))"
            " ORDER BY rowid",
            json.dumps(states),
        )
        return [event for (event,) in found]

    def waiting(self) -> int:
        """How many events are still to be delivered."""
        found = self._rows("SELECT count(*) FROM event_delivery WHERE state = 'pending'")
        return int(found[0][0])

    def events_about(self, identifier: str) -> list[str]:
        found = self._rows("SELECT event FROM event_delivery WHERE about = ?", identifier)
        return [event for (event,) in found]

    def _payment(self, invoice: str) -> str:
        found = self._rows(
            "SELECT body ->> '$.payment.payment_intent' FROM object"
            " WHERE kind = 'invoice_payment' AND body ->> '$.invoice' = ?",
            invoice,
        )
        return str(found[0][0])

    def _of(self, kind: str) -> list[Made]:
        return [json.loads(body) for (body,) in self._rows(_OF_KIND, kind)]

    def _one(self, identifier: str) -> Made:
        made: Made = json.loads(self._rows(_BY_ID, identifier)[0][0])
        return made

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=10)) as file:
            return file.execute(query, values).fetchall()


_OF_KIND = "SELECT body FROM object WHERE kind = ? ORDER BY created, rowid"
_BY_ID = "SELECT body FROM object WHERE id = ?"


def _owed(kind: str, reference: str, made: Made, gift: str | None = None) -> Owed:
    return Owed(kind, reference, made["amount"], made["currency"], gift)
