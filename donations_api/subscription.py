"""How a pledge stands at Stripe, read from its subscription as the pinned version has it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from donations_api.errors import StripeUnavailable
from donations_api.money import Money


@dataclass(frozen=True, slots=True)
class Subscription:
    """How a pledge stands at Stripe now. Times are UTC.

    ``state``: ``active``, ``paused``, ``failing`` or ``ended``. ``next_at``: when the next month is
    charged; None when none will be. ``resumes_at``: when a pause ends by itself.
    """

    id: str
    state: str
    amount: Money
    next_at: datetime | None
    resumes_at: datetime | None
    customer: str
    item: str
    product: str


def read_subscription(found: Mapping[str, Any]) -> Subscription:
    """Raises StripeUnavailable for an answer that is no subscription of ours."""
    try:
        (item,) = found["items"]["data"]
        pause = found.get("pause_collection") or {}
        state = {"canceled": "ended", "incomplete_expired": "ended", "active": "active"}.get(
            found["status"], "failing"
        )
        if state == "active" and pause:
            state = "paused"
        next_at, resumes_at = item["current_period_end"], pause.get("resumes_at")
        return Subscription(
            id=found["id"],
            state=state,
            amount=Money(
                item["price"]["unit_amount"] * item["quantity"], found["currency"].upper()
            ),
            next_at=datetime.fromtimestamp(next_at, UTC) if state == "active" else None,
            resumes_at=datetime.fromtimestamp(resumes_at, UTC) if resumes_at else None,
            customer=found["customer"],
            item=item["id"],
            product=item["price"]["product"],
        )
    except (LookupError, TypeError, ValueError) as error:
        raise StripeUnavailable("the answer is no subscription", worth_retrying=False) from error
