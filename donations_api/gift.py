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

    ``pending``: the donor was sent to the payment page. ``confirming``: the donor finished there,
    but the money is still on its way (a bank debit). ``received``: the money has come.
    ``expired``: the payment page was closed unused.
    """

    PENDING = "pending"
    CONFIRMING = "confirming"
    RECEIVED = "received"
    EXPIRED = "expired"


class News(StrEnum):
    """What an event tells of a gift."""

    CHECKOUT_FINISHED = "checkout_finished"
    MONEY_CAME = "money_came"
    CHECKOUT_EXPIRED = "checkout_expired"


# Money that has come outranks every other news, so that each order of the same events ends in the
# same state. A pair that is not in the table changes nothing.
TRANSITIONS: dict[tuple[State, News], State] = {
    (State.PENDING, News.CHECKOUT_FINISHED): State.CONFIRMING,
    (State.PENDING, News.CHECKOUT_EXPIRED): State.EXPIRED,
    (State.EXPIRED, News.CHECKOUT_FINISHED): State.CONFIRMING,
    (State.PENDING, News.MONEY_CAME): State.RECEIVED,
    (State.CONFIRMING, News.MONEY_CAME): State.RECEIVED,
    (State.EXPIRED, News.MONEY_CAME): State.RECEIVED,
}


def after(state: State, news: News) -> State:
    """The state that ``news`` leads to from ``state``."""
    return TRANSITIONS.get((state, news), state)


@dataclass(frozen=True, slots=True)
class Gift:
    """One gift of one donor. ``created_at`` is UTC; ``amount`` is what the donor was asked for."""

    id: str
    state: State
    amount: Money
    frequency: str
    fund: str
    recipient: str
    language: str
    name: str
    email: str
    anonymous: bool
    message: str
    consent_version: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that came, as the books have it; never changed afterwards.

    ``amount`` is what was paid. ``reference`` is Stripe's payment intent, ``source`` the event that
    told of it. ``received_at`` is when it came, ``booked_at`` when it was written down; both UTC.
    """

    kind: str
    gift_id: str
    amount: Money
    fund: str
    recipient: str
    reference: str
    source: str
    received_at: datetime
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """A numbered receipt; never changed afterwards. ``issued_at`` is UTC.

    ``serial`` counts from 1 without a gap within ``recipient`` and ``year``; the year is that of
    the recipient's time zone. ``snapshot`` holds all that the receipt says, as plain JSON values.
    """

    id: str
    kind: str
    gift_id: str
    recipient: str
    year: int
    serial: int
    number: str
    issued_at: datetime
    snapshot: Mapping[str, Any]

    @property
    def amount(self) -> Money:
        """What was paid."""
        return Money(self.snapshot["amount"], self.snapshot["currency"])


def new_gift_id() -> str:
    """A name for a gift that cannot be guessed; also its idempotency key at Stripe."""
    return "gift_" + secrets.token_hex(12)
