"""What else the books hold beside gifts, pledges, entries, receipts: a record a kind of row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donations_api.errors import Explained
from donations_api.money import Money


@dataclass(frozen=True, slots=True)
class Asked:
    """How many gifts donors began within a time: by one e-mail address, and by everybody."""

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
class Bounced:
    """A mail that was taken by the server and came back. ``number`` as in ``Unsent``."""

    number: str
    address: str
    bounced_at: datetime
    reason: Explained


@dataclass(frozen=True, slots=True)
class Signed:
    """By whom something is done, and why; neither may be empty."""

    by: str
    why: str


MESSAGE_PUBLISHED, MESSAGE_DECLINED = "message_published", "message_declined"
# The kinds of act by which staff judge a donor's message; the later one counts.
VERDICTS = (MESSAGE_PUBLISHED, MESSAGE_DECLINED)


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did at the desk or by a command. ``acted_at`` is UTC.

    ``about``: what it was done to, a receipt's number, say. ``said``: what else belongs to it, as
    plain JSON values, and never a donor's name or address.
    """

    id: str
    kind: str
    gift_id: str | None
    about: str
    said: Mapping[str, Any]
    entered_by: str
    reason: str
    acted_at: datetime


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


@dataclass(frozen=True, slots=True)
class Balance:
    """What is in one account of the ledger."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Line:
    """A balance transaction of Stripe's, as its statement has it.

    ``category`` is Stripe's reporting category; ``about`` the charge, refund, dispute or payout.
    ``amount`` and ``fee`` are signed minor units of ``currency``, in which Stripe keeps our
    balance; ``moved`` are minor units of ``moved_currency``, in which the donor paid. ``kind`` and
    ``reference`` name the entry that the ledger should have for it; of a gift, its payment intent
    leads to it. No kind: none is needed (a debit that failed). ``undecided``: a debit on its way.
    """

    id: str
    category: str
    about: str
    payment_intent: str | None
    kind: str
    reference: str
    amount: int
    fee: int
    currency: str
    moved: int
    moved_currency: str
    undecided: bool
    created_at: datetime
    available_at: datetime
    payout_id: str | None = None


@dataclass(frozen=True, slots=True)
class BookedLine:
    """A line with the gift of its entry, from which a fee or an exchange is still to be posted.

    ``gift_id`` is None for a payout.
    """

    id: str
    gift_id: str | None
    fund: str
    recipient: str
    amount: int
    fee: int
    currency: str
    moved: int
    moved_currency: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Payout:
    """What Stripe sent, or will send, to the charity's bank. ``state`` is Stripe's word for it.

    ``counted``: what its transactions add up to, in minor units of its currency.
    """

    id: str
    state: str
    amount: Money
    counted: int
    created_at: datetime
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a list of Stripe's, newest first, has been read.

    Everything until ``complete_until``; of what is newer, all before ``after`` (an id), in a walk
    that began at ``newest``. Times are UTC.
    """

    name: str
    complete_until: datetime | None = None
    newest: datetime | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Where Stripe and the ledger disagree. ``which`` is Stripe's name for it.

    ``what``: ``missing_in_ledger``, ``missing_at_stripe``, ``other_amount``, ``other_fee``,
    ``twice``, ``other_payout``, ``other_balance``, ``unknown``. Amounts are minor units with their
    currency, or empty.
    """

    what: str
    which: str
    in_ledger: str
    at_stripe: str
