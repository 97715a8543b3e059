"""What Stripe's events tell us, one record for each kind of news. Pure.

``reading`` makes them from Stripe's objects; ``booking``, ``reversals``, ``renewals`` act on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from donations_api.gift import News
from donations_api.money import Money
from donations_api.pledge import PledgeState


class NotUnderstood(Exception):
    """About something of ours, but without a figure or a name that such an object has."""


class NotOurs(Exception):
    """About a payment page or a subscription that this portal did not make."""


@dataclass(frozen=True, slots=True)
class Told:
    """A proven event: ``source`` is its id, ``at`` when it happened (UTC), ``about`` its object."""

    source: str
    type: str
    at: datetime
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckoutTold:
    """News from the payment page of a gift that bring no money."""

    gift_id: str
    news: News


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came for a one-time gift.

    ``amount`` is what was paid, ``source`` the event's id, ``received_at`` UTC. ``fund`` and what
    follows is what Stripe knows of the gift.
    """

    gift_id: str
    amount: Money
    payment_intent: str
    source: str
    received_at: datetime
    fee_cover: int
    fund: str
    recipient: str
    language: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class InvoicePaid:
    """Money that came for one month of a pledge. ``first``: the month that began it.

    ``gift_id`` names the gift of that first month; the rest is as in ``Payment``.
    """

    pledge_id: str
    gift_id: str
    invoice_id: str
    subscription_id: str
    first: bool
    amount: Money
    source: str
    received_at: datetime
    fee_cover: int
    fund: str
    recipient: str
    language: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class InvoiceLinked:
    """By which payment an invoice was paid."""

    invoice_id: str
    payment_intent: str


@dataclass(frozen=True, slots=True)
class RenewalFailed:
    """A month that could not be charged. ``next_try`` (UTC); None: Stripe tries no more."""

    pledge_id: str
    invoice_id: str
    first: bool
    amount: Money
    next_try: datetime | None


@dataclass(frozen=True, slots=True)
class PledgeTold:
    """How a subscription stands. ``told`` orders such news; ``ended_for``: why it ended, if it did.

    ``ended_for`` is ``asked``, ``unpaid``, ``other``, or empty.
    """

    pledge_id: str
    subscription_id: str
    state: PledgeState
    amount: Money
    fee_cover: int
    told: str
    ended_for: str


@dataclass(frozen=True, slots=True)
class RefundMade:
    """Money on its way back to the donor: ``amount`` is what goes back."""

    refund_id: str
    payment_intent: str
    amount: Money
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundUndone:
    """A refund that failed or was called off: its money is with us again."""

    refund_id: str
    source: str
    at: datetime


class DisputeStep(StrEnum):
    """Where an objection stands; ``closed`` without a verdict is a mere inquiry of the bank."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DisputeTold:
    """A step of a donor's objection at the bank, over ``amount``. Times are UTC."""

    dispute_id: str
    payment_intent: str
    step: DisputeStep
    amount: Money
    opened_at: datetime
    source: str
    at: datetime
