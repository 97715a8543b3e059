"""The refund: money that goes back to the donor, and sometimes does not arrive."""

from typing import Any

from donations_api.sandbox.objects.naming import new_id

Made = dict[str, Any]


def new_refund(charge: Made, amount: int, given: Made, *, at_once: bool, now: int) -> Made:
    """``given``: ``metadata`` and ``reason``. ``at_once``: there is nothing to wait for."""
    kind = charge["payment_method_details"]["type"]
    details: Made = {"type": kind, kind: {"type": "refund"} if kind == "card" else {}}
    return {
        "id": new_id("re_" if kind == "card" else "pyr_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": details,
        "metadata": given.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": None if at_once else "processing",
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded" if at_once else "pending",
        "transfer_reversal": None,
    }


def arrived(refund: Made) -> Made:
    return refund | {"pending_reason": None, "status": "succeeded"}


def failed(refund: Made, balance_transaction: str) -> Made:
    """The bank has sent the money back to us."""
    return refund | {
        "failure_balance_transaction": balance_transaction,
        "failure_reason": "unknown",
        "pending_reason": None,
        "status": "failed",
    }
