"""The account's balance: what each charge, refund, dispute and payout moves, and from when."""

from typing import Any

from donations_api.sandbox import amounts, rates
from donations_api.sandbox.objects import balance as made
from donations_api.sandbox.selection import Selection
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

# Of a bank debit that is still on its way, however long the bank takes, nothing is available.
_DECIDED = (
    "id NOT IN (SELECT body ->> '$.balance_transaction' FROM object WHERE kind = 'charge'"
    " AND body ->> '$.status' = 'pending' AND body ->> '$.balance_transaction' IS NOT NULL)"
)
_IN_NO_PAYOUT = "id NOT IN (SELECT transaction_id FROM paid_out)"


def book(scene: Scene, category: str, source: str, charge: Made, amount: int) -> Made:
    """Book signed minor units of the charge's currency. ``category``: Stripe's reporting one.

    An account that keeps no balance in that currency gets them converted, fee and all.
    """
    by_card = charge["payment_method_details"]["type"] == "card"
    currency = rates.settled_in(charge["currency"], scene.settles_in)
    changes: Made = {}
    if currency != charge["currency"]:
        changes["exchange_rate"] = float(rates.rate(charge["currency"], currency))
        amount = rates.convert(amount, charge["currency"], currency)
    if category == "charge_failure":
        # The two cancel each other out at the same moment, so that no payout has only one.
        taken_back = scene.find("balance_transaction", charge["balance_transaction"])
        changes["available_on"] = taken_back["available_on"]
    fee = _fee(category, amount, by_card=by_card)
    booked = made.new_balance_transaction(
        _type(category, by_card=by_card), category, source, amount, fee, currency, scene.now
    )
    return scene.save(booked | changes)


def available_from(scene: Scene, identifier: str, moment: int) -> None:
    """Let a transaction's money be at our disposal at ``moment`` (epoch seconds)."""
    booked = scene.find("balance_transaction", identifier)
    scene.save(booked | {"available_on": moment})


def current(scene: Scene, booked: Made) -> Made:
    """The transaction as it is now: available, once its time has come and the bank has paid."""
    available = booked["available_on"] <= scene.now and not _on_its_way(scene, booked)
    return booked | {"status": "available" if available else "pending"}


def to_pay_out(scene: Scene) -> list[Made]:
    """What is available and in no payout yet, newest first."""
    return scene.records.select(_available(scene).only(_IN_NO_PAYOUT))


def total(scene: Scene) -> Made:
    """The balance object: the sum of all nets by currency, what was paid out among them."""
    whole = scene.records.totals(Selection("balance_transaction"), "net", by="currency")
    available = scene.records.totals(_available(scene), "net", by="currency")
    return made.new_balance(
        {
            currency: (available.get(currency, 0), amount - available.get(currency, 0))
            for currency, amount in sorted(whole.items())
        }
    )


def _available(scene: Scene) -> Selection:
    return Selection("balance_transaction").due("available_on", scene.now).only(_DECIDED)


def _on_its_way(scene: Scene, booked: Made) -> bool:
    if booked["type"] != "payment":
        return False
    return bool(scene.find("charge", booked["source"])["status"] == "pending")


def _fee(category: str, amount: int, *, by_card: bool) -> int:
    if category == "charge":
        return amounts.fee(amount, by_card=by_card)
    return amounts.DISPUTE_FEE if category == "dispute" else 0


def _type(category: str, *, by_card: bool) -> str:
    """Stripe calls a charge that is none of a card's a payment, and what follows likewise."""
    match category:
        case "dispute" | "dispute_reversal":
            return "adjustment"
        case "charge_failure":
            return "payment_failure_refund"
        case "refund_failure":
            return category
    return category if by_card else {"charge": "payment", "refund": "payment_refund"}[category]
