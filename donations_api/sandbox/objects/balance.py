"""The balance, and the balance transaction: one movement of the account's money."""

from collections.abc import Mapping
from typing import Any

from donations_api.sandbox.objects.naming import new_id

Made = dict[str, Any]

_AVAILABLE_AFTER = 7 * 24 * 60 * 60  # seconds


def new_balance_transaction(
    kind: str, category: str, source: str, amount: int, fee: int, currency: str, now: int
) -> Made:
    """``amount`` is signed: what is paid back is below zero. ``net`` is what is left of it."""
    details = {
        "amount": fee,
        "application": None,
        "currency": currency,
        "description": "Stripe processing fees" if kind != "adjustment" else "Dispute fee",
        "type": "stripe_fee",
    }
    return {
        "id": new_id("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + _AVAILABLE_AFTER,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [details] if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source,
        "status": "pending",
        "type": kind,
    }


def new_balance(sums: Mapping[str, tuple[int, int]]) -> Made:
    """``sums``: of each currency what is available and what is pending, in minor units."""
    available, pending = (
        [
            {"amount": parts[which], "currency": each, "source_types": {"card": parts[which]}}
            for each, parts in sums.items()
        ]
        for which in (0, 1)
    )
    return {"object": "balance", "available": available, "livemode": False, "pending": pending}
