"""A gift and the states it moves through. Pure: no clock, no database, no network."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from donations_api.money import Money


class State(StrEnum):
    """Where a gift stands.

    ``pending``: the donor was sent to the payment page, or told where to transfer the money.
    ``confirming``: the donor finished there, but the money is still on its way (a bank debit).
    ``received``: the money has come. ``expired``: the payment page was closed unused. ``failed``:
    the bank debit did not come.
    Whether money went back again is not a state: the entries tell (``standing``).
    """

    PENDING = "pending"
    CONFIRMING = "confirming"
    RECEIVED = "received"
    EXPIRED = "expired"
    FAILED = "failed"


class News(StrEnum):
    """What an event tells of a gift."""

    CHECKOUT_FINISHED = "checkout_finished"
    MONEY_CAME = "money_came"
    CHECKOUT_EXPIRED = "checkout_expired"
    PAYMENT_FAILED = "payment_failed"


# Money that has come outranks every other news, so that each order of the same events ends in the
# same state. A pair that is not in the table changes nothing.
TRANSITIONS: dict[tuple[State, News], State] = {
    (State.PENDING, News.CHECKOUT_FINISHED): State.CONFIRMING,
    (State.PENDING, News.CHECKOUT_EXPIRED): State.EXPIRED,
    (State.EXPIRED, News.CHECKOUT_FINISHED): State.CONFIRMING,
    (State.PENDING, News.MONEY_CAME): State.RECEIVED,
    (State.CONFIRMING, News.MONEY_CAME): State.RECEIVED,
    (State.EXPIRED, News.MONEY_CAME): State.RECEIVED,
    (State.PENDING, News.PAYMENT_FAILED): State.FAILED,
    (State.CONFIRMING, News.PAYMENT_FAILED): State.FAILED,
    (State.EXPIRED, News.PAYMENT_FAILED): State.FAILED,
    # The first month's debit is tried again by Stripe, so that what failed may still come.
    (State.FAILED, News.MONEY_CAME): State.RECEIVED,
}


def after(state: State, news: News) -> State:
    """The state that ``news`` leads to from ``state``."""
    return TRANSITIONS.get((state, news), state)


@dataclass(frozen=True, slots=True)
class Gift:
    """One gift of one donor. ``created_at`` is UTC.

    ``amount`` is all that the donor is asked for; ``fee_cover``, in minor units of its currency, is
    the part of it that is meant for the cost of the payment. ``pledge_id`` names the promise of
    monthly giving that it belongs to; ``period`` is the month (``2026-12``) of a reminder's gift.
    ``settled_at`` (UTC) is when its money became ours to use, ``paid_out_at`` when Stripe sent it
    to the charity's bank. A gift in kind is described by ``in_kind`` and not valued: its amount is
    0 of ISO's currency for none, XXX. ``transfer_code`` is what the donor was asked to write on a
    bank transfer.
    """

    id: str
    state: State
    amount: Money
    fee_cover: int
    frequency: str
    fund: str
    recipient: str
    language: str
    name: str
    email: str
    anonymous: bool
    message: str
    dedication: str
    consent_version: str
    created_at: datetime
    pledge_id: str | None = None
    period: str = ""
    settled_at: datetime | None = None
    paid_out_at: datetime | None = None
    in_kind: str = ""
    transfer_code: str | None = None


CANCELLATION = "cancellation"
RESTORATION = "restoration"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A numbered receipt; never changed afterwards. ``issued_at`` is UTC.

    ``kind`` is the recipient's kind of receipt, or ``cancellation`` of one (after a refund, a lost
    dispute, or a return past Stripe), or its ``restoration`` (a refund that failed). ``cause`` is
    the ``reference`` of the entry that it documents, or the id of a gift in kind. ``serial`` counts
    from 1 without a gap within ``recipient`` and ``year``; the year is that of the recipient's time
    zone. ``snapshot`` holds all that the receipt says, as plain JSON values.
    """

    id: str
    kind: str
    cause: str
    gift_id: str
    recipient: str
    year: int
    serial: int
    number: str
    issued_at: datetime
    snapshot: Mapping[str, Any]

    @property
    def amount(self) -> Money:
        """What the receipt is about: what was paid, or how much of it is cancelled."""
        return Money(self.snapshot["amount"], self.snapshot["currency"])

    @property
    def received_at(self) -> datetime:
        """When the gift came that the receipt is about, UTC."""
        return datetime.fromisoformat(self.snapshot["received_at"])


def new_gift_id() -> str:
    """A name for a gift that cannot be guessed; also its idempotency key at Stripe."""
    return "gift_" + secrets.token_hex(12)
