"""What the ledger's tables hold after a run, read by plain SQL and past the program."""

import json
from dataclasses import dataclass
from typing import Any

from tests.donations.guards import Rows


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """Minor units of ``currency`` (upper case)."""

    kind: str
    reference: str
    gift_id: str | None
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class HeldReceipt:
    """``amount`` and ``currency`` are what its snapshot says."""

    id: str
    kind: str
    cause: str
    gift_id: str
    recipient: str
    year: int
    serial: int
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class HeldMail:
    message_id: str
    kind: str
    receipt_id: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Held:
    """``counters``: the last serial by recipient and year."""

    entries: list[HeldEntry]
    receipts: list[HeldReceipt]
    counters: dict[tuple[str, int], int]
    mails: list[HeldMail]


def held_in(database_url: str) -> Held:
    rows = Rows(database_url)
    entries = rows("SELECT kind, reference, gift_id, amount, currency FROM entries")
    receipts = rows(
        "SELECT id, kind, cause, gift_id, recipient, year, serial, snapshot FROM receipts"
    )
    counters = rows("SELECT recipient, year, serial FROM receipt_numbers")
    mails = rows("SELECT message_id, kind, receipt_id, address FROM outbox")
    return Held(
        [HeldEntry(*row) for row in entries],
        [_receipt(*row) for row in receipts],
        {(recipient, year): serial for recipient, year, serial in counters},
        [HeldMail(*row) for row in mails],
    )


def _receipt(*row: Any) -> HeldReceipt:
    identifier, kind, cause, gift_id, recipient, year, serial, snapshot = row
    said = json.loads(snapshot)
    money = said["amount"], said["currency"]
    return HeldReceipt(identifier, kind, cause, gift_id, recipient, year, serial, *money)
