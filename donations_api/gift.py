"""A gift and the states it moves through. Pure: no clock, no database, no network."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from donations_api.money import Money


class State(StrEnum):
    """Where a gift stands.

    ``pending``: the donor was sent to the payment page. ``confirming``: the donor finished there, but
    the money is still on its way (a bank debit). ``received``: the money has come. ``expired``: the
    payment page was closed unused.
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


def new_gift_id() -> str:
    """A name for a gift that cannot be guessed; also its idempotency key at Stripe."""
    return "gift_" + secrets.token_hex(12)
