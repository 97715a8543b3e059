"""Refunds: never more than is left of a charge; at once, later, or come to nothing."""

from typing import Any

from donations_api.sandbox import balance, creation, disputes
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.objects import refund as made
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

_ACTED_OUT = dict.fromkeys(("amount", "charge", "metadata", "payment_intent", "reason"))


def create(scene: Scene, given: Made) -> Made:
    """Refund ``amount`` minor units of a charge, or all that is left of it. Raises ApiError."""
    creation.check_acted_out(given, _ACTED_OUT)
    charge = _charge(scene, given)
    left = charge["amount"] - charge["amount_refunded"]
    amount = given.get("amount", left)
    if not left:
        message = f"Charge {charge['id']} has already been refunded."
        raise ApiError(message, code="charge_already_refunded")
    if disputes.holds(scene, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise ApiError(message, code="charge_disputed")
    if amount < 1:
        message = "This value must be greater than or equal to 1."
        raise ApiError(message, code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise ApiError(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).",
            param="amount",
        )
    settled = given | {"metadata": creation.metadata(given.get("metadata", {}), "metadata")}
    # A card's refund counts as done when it is asked for; the others are told when it arrives.
    at_once = charge["payment_method_details"]["type"] == "card"
    refund = made.new_refund(charge, amount, settled, at_once=at_once, now=scene.now)
    booked = balance.book(scene, "refund", refund["id"], charge, -amount)
    refund = scene.save(refund | {"balance_transaction": booked["id"]})
    _give_back(scene, charge, amount)
    scene.tell("refund.created", refund)
    return refund


def arrive(scene: Scene, identifier: str) -> None:
    """The money of a pending refund is with the donor. Raises ApiError."""
    before = scene.find("refund", identifier)
    if before["status"] != "pending":
        raise ApiError("Only a pending refund can arrive.")
    scene.tell("refund.updated", scene.save(made.arrived(before)), before)


def fail(scene: Scene, identifier: str) -> None:
    """The donor's bank could not take the money: it is ours again. Raises ApiError."""
    refund = scene.find("refund", identifier)
    if refund["status"] == "failed":
        raise ApiError("This refund has failed already.")
    charge = scene.find("charge", refund["charge"])
    booked = balance.book(scene, "refund_failure", refund["id"], charge, refund["amount"])
    refund = scene.save(made.failed(refund, booked["id"]))
    _give_back(scene, charge, -refund["amount"])
    scene.tell("refund.failed", refund)


def _charge(scene: Scene, given: Made) -> Made:
    if "charge" in given:
        charge = scene.find("charge", given["charge"], "charge")
    elif "payment_intent" in given:
        intent = scene.find("payment_intent", given["payment_intent"], "payment_intent")
        charge = scene.records.find("charge", intent["latest_charge"] or "") or {}
    else:
        raise ApiError(
            "One of the following params should be provided for this request: payment_intent or"
            " charge."
        )
    if charge.get("status") != "succeeded":
        raise ApiError("This payment does not have a successful charge to refund.")
    return charge


def _give_back(scene: Scene, charge: Made, amount: int) -> None:
    refunded = charge["amount_refunded"] + amount
    whole = refunded == charge["amount"]
    scene.save(charge | {"amount_refunded": refunded, "refunded": whole})
