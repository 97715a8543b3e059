"""A pledge: a donor's promise to give each month. Pure: no clock, no database, no network.

``monthly``: Stripe charges the card or the bank account by itself (a subscription). ``reminder``:
for wallets, which cannot be charged again; a mail each month leads to the next gift, if the donor
wants.
"""

import calendar
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from donations_api.gift import Gift, State, new_gift_id
from donations_api.money import Money


class PledgeState(StrEnum):
    """Where a pledge stands.

    ``pending``: its first gift has not come. ``active``. ``paused``: the donor wants a break.
    ``failing``: Stripe could not charge this month and will try again. ``ended``: for good.
    """

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    FAILING = "failing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Pledge:
    """A donor's promise; each month's gift takes its fund, names and language from here.

    ``amount`` and ``fee_cover`` (minor units) are those of ``Gift``; ``subscription_id`` Stripe's.
    ``due_at`` (UTC) is when the next reminder goes out; None for a pledge that Stripe charges.
    ``told`` orders what Stripe says of the subscription, so that old news never undoes newer ones.
    """

    id: str
    state: PledgeState
    frequency: str
    amount: Money
    fee_cover: int
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
    subscription_id: str | None = None
    due_at: datetime | None = None
    told: str = ""


def new_pledge_id() -> str:
    """A name for a pledge that cannot be guessed."""
    return "pledge_" + secrets.token_hex(12)


def gift_of(pledge: Pledge, state: State, now: datetime, *, period: str = "") -> Gift:
    """A month's gift of a pledge, made ``now`` (UTC): its fund, its names, its language.

    The message is not repeated: it was said once, with the first gift.
    """
    return Gift(
        id=new_gift_id(),
        state=state,
        amount=pledge.amount,
        fee_cover=pledge.fee_cover,
        frequency=pledge.frequency,
        fund=pledge.fund,
        recipient=pledge.recipient,
        language=pledge.language,
        name=pledge.name,
        email=pledge.email,
        anonymous=pledge.anonymous,
        message="",
        dedication=pledge.dedication,
        consent_version=pledge.consent_version,
        created_at=now,
        pledge_id=pledge.id,
        period=period,
    )


def months_after(start: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same day and hour, ``months`` later, as the calendar of ``zone`` has it; both UTC.

    Who began on the 31st is reminded on the last day of a shorter month.
    """
    local = start.astimezone(zone)
    year, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + year, month + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day).astimezone(start.tzinfo)
