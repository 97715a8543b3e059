"""What else the books hold beside gifts, pledges, entries, receipts: a record a kind of row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donations_api.errors import Explained
from donations_api.money import Money


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
    """What became of an event of the inbox. ``waits_for``: what it is about has not come yet."""

    id: str
    type: str
    received_at: datetime
    outcome: str
    gift_id: str | None
    waits_for: str | None


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
    """A mail of the outbox. ``attempts`` counts the try that it was claimed for.

    ``kind`` says which letter; ``cause`` what it is about, so that no letter is queued twice. What
    the letter says stands in the receipt named by ``receipt_id``, or else in ``said``.
    """

    id: str
    kind: str
    cause: str
    receipt_id: str | None
    gift_id: str | None
    pledge_id: str | None
    said: Mapping[str, Any]
    address: str
    message_id: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail that has not gone out. ``dead``: it is not tried again, and staff must look.

    ``number`` is the receipt's that it brings; for any other letter, its kind.
    """

    number: str
    address: str
    due_at: datetime
    attempts: int
    dead: bool
    reason: Explained | None


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that Stripe knows by ``payment_intent``; ``reference`` is that of its entry."""

    payment_intent: str
    gift_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A donor's objection at the bank. ``state``: ``open``, ``won``, ``lost`` or ``closed``."""

    id: str
    gift_id: str
    state: str
    amount: Money
    opened_at: datetime
