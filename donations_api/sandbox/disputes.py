"""Disputes: the bank takes the money at once; it comes back only if we win."""

from typing import Any

from donations_api.sandbox import balance, methods
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.objects import dispute as made
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

_UNDECIDED = ("needs_response", "under_review")


def can_open(scene: Scene, charge: Made) -> bool:
    """Wallets know no disputes: who pays with one has confirmed it on their own telephone."""
    by_wallet = charge["payment_method_details"]["type"] in methods.WALLETS
    return charge["paid"] and not by_wallet and not about(scene, charge)


def open_one(scene: Scene, charge: Made, amount: int | None = None) -> None:
    """Dispute ``amount`` minor units, or all. Raises ApiError."""
    wanted = charge["amount"] if amount is None else amount
    if not can_open(scene, charge):
        raise ApiError("This charge cannot be disputed.")
    if not 1 <= wanted <= charge["amount"]:
        raise ApiError("A dispute is about a part of the charge, or all of it.", param="amount")
    dispute = made.new_dispute(charge, wanted, scene.now)
    scene.save(charge | {"disputed": True})
    scene.tell("charge.dispute.created", scene.save(dispute))
    booked = balance.book(scene, "dispute", dispute["id"], charge, -wanted)
    scene.tell("charge.dispute.funds_withdrawn", _booked(scene, dispute, booked))


def answer(scene: Scene, identifier: str) -> None:
    """Send evidence. Raises ApiError."""
    before = _undecided(scene, identifier)
    if before["status"] != "needs_response":
        raise ApiError("Evidence was submitted already.")
    scene.tell("charge.dispute.updated", scene.save(made.answered(before)), before)


def win(scene: Scene, identifier: str) -> None:
    """Raises ApiError."""
    dispute = scene.save(_undecided(scene, identifier) | {"status": "won"})
    scene.tell("charge.dispute.closed", dispute)
    charge = scene.find("charge", dispute["charge"])
    booked = balance.book(scene, "dispute_reversal", identifier, charge, dispute["amount"])
    scene.tell("charge.dispute.funds_reinstated", _booked(scene, dispute, booked))


def lose(scene: Scene, identifier: str) -> None:
    """Raises ApiError."""
    dispute = scene.save(_undecided(scene, identifier) | {"status": "lost"})
    scene.tell("charge.dispute.closed", dispute)


def about(scene: Scene, charge: Made) -> list[Made]:
    return scene.records.every("dispute", charge=charge["id"])


def holds(scene: Scene, charge: Made) -> bool:
    """Whether the bank has the money, so that there is nothing to refund."""
    return any(dispute["status"] != "won" for dispute in about(scene, charge))


def undecided(dispute: Made) -> bool:
    return dispute["status"] in _UNDECIDED


def _undecided(scene: Scene, identifier: str) -> Made:
    dispute = scene.find("dispute", identifier, "dispute")
    if not undecided(dispute):
        raise ApiError("This dispute is already closed.")
    return dispute


def _booked(scene: Scene, dispute: Made, booked: Made) -> Made:
    return scene.save(
        dispute | {"balance_transactions": [*dispute["balance_transactions"], booked]}
    )
