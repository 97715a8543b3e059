"""The account's balance: what each charge, refund and dispute moves, and from when it is ours."""

from typing import Any

from donations_api.sandbox.objects.balance import new_balance_transaction
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def book(scene: Scene, category: str, source: str, charge: Made, amount: int, fee: int = 0) -> Made:
    """Book signed minor units in the charge's currency. ``category``: Stripe's reporting one."""
    kind = _type(category, by_card=charge["payment_method_details"]["type"] == "card")
    booked = new_balance_transaction(
        kind, category, source, amount, fee, charge["currency"], scene.now
    )
    return scene.save(booked)


def current(scene: Scene, booked: Made) -> Made:
    """The transaction as it is now: available, once its time has come."""
    available = booked["available_on"] <= scene.now
    return booked | {"status": "available" if available else "pending"}


def _type(category: str, *, by_card: bool) -> str:
    """Stripe calls a charge that is none of a card's a payment, and what follows likewise."""
    if category.startswith("dispute"):
        return "adjustment"
    other = {
        "charge": "payment",
        "refund": "payment_refund",
        "refund_failure": "payment_failure_refund",
    }
    return category if by_card else other[category]
