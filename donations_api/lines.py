"""From Stripe's balance transactions to lines of its statement. Pure.

Told apart by reporting category, as Stripe advises, since types depend on the way of paying.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from donations_api.entry import Kind
from donations_api.money import Money
from donations_api.records import Line, Payout

Object = Mapping[str, Any]

# The entry that a line of this category has in the ledger.
_KINDS = {
    "charge": Kind.GIFT,
    "refund": Kind.REFUND,
    "refund_failure": Kind.REFUND_FAILED,
    "dispute": Kind.DISPUTE_WITHDRAWN,
    "dispute_reversal": Kind.DISPUTE_REINSTATED,
    "payout": Kind.PAYOUT,
    "payout_reversal": Kind.PAYOUT_FAILED,
    "fee": Kind.FEE,
}
_NONE = ""  # nothing to book: a debit that failed, and the charge of it
_UNKNOWN = "unknown"  # for a person to look at


def read_line(transaction: Object) -> Line:
    """A balance transaction whose ``source`` is expanded."""
    source: Object = transaction["source"] or {}
    category, about = transaction["reporting_category"], str(source.get("id") or "")
    kind = str(_KINDS.get(category, _UNKNOWN))
    undecided = category == "charge" and source.get("status") == "pending"
    if category == "charge_failure" or (category == "charge" and source.get("status") == "failed"):
        kind = _NONE
    own = category in ("payout", "payout_reversal", "fee")
    return Line(
        id=transaction["id"],
        category=category,
        about=about,
        payment_intent=source.get("payment_intent"),
        kind=kind,
        reference=_reference(kind, transaction["id"], about),
        amount=transaction["amount"],
        fee=transaction["fee"],
        currency=transaction["currency"].upper(),
        moved=abs(transaction["amount"]) if own else source.get("amount", transaction["amount"]),
        moved_currency=(source.get("currency") or transaction["currency"]).upper(),
        undecided=undecided,
        created_at=_moment(transaction["created"]),
        available_at=_moment(transaction["available_on"]),
    )


def read_payout(payout: Object, counted: int) -> Payout:
    return Payout(
        id=payout["id"],
        state=payout["status"],
        amount=Money(payout["amount"], payout["currency"].upper()),
        counted=counted,
        created_at=_moment(payout["created"]),
        arrives_at=_moment(payout["arrival_date"]),
    )


def _reference(kind: str, line_id: str, about: str) -> str:
    if kind == Kind.GIFT:
        return ""  # the payment intent leads to it
    return line_id if kind in (Kind.FEE, _NONE, _UNKNOWN) else about


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
