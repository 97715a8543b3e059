"""The payout: what Stripe sends to the charity's own bank account."""

from typing import Any

from donations_api.sandbox.objects.balance import new_balance_transaction
from donations_api.sandbox.objects.naming import new_id

Made = dict[str, Any]

_DAY = 24 * 60 * 60
_ARRIVES_AFTER = 2  # days


def new_payout(amount: int, currency: str, now: int) -> Made:
    """An automatic payout of ``amount`` minor units that the bank does not have yet."""
    return {
        "id": new_id("po_"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": (now // _DAY + _ARRIVES_AFTER) * _DAY,  # midnight, UTC
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": "ba_sandbox",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


def payout_transaction(payout: Made, *, returned: bool, now: int) -> Made:
    """The balance transaction that takes the money out of the balance, or brings it back."""
    kind, category = ("payout_failure", "payout_reversal") if returned else ("payout", "payout")
    amount = payout["amount"] if returned else -payout["amount"]
    booked = new_balance_transaction(
        kind, category, payout["id"], amount, 0, payout["currency"], now
    )
    return booked | {
        "available_on": now,
        "description": "PAYOUT FAILURE" if returned else payout["description"],
        "status": "available",
    }


def paid(payout: Made) -> Made:
    return payout | {"status": "paid", "trace_id": {"status": "unsupported", "value": None}}


def failed(payout: Made, balance_transaction: str) -> Made:
    return payout | {
        "failure_balance_transaction": balance_transaction,
        "failure_code": "could_not_process",
        "failure_message": "The bank could not process this transfer.",
        "status": "failed",
        "trace_id": {"status": "unsupported", "value": None},
    }
