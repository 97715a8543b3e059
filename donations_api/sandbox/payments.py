"""A try to pay an intent: at once, days later, or not at all. The money lands in the balance."""

from typing import Any

from donations_api.sandbox import amounts, balance, methods
from donations_api.sandbox.objects import payment
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def attempt(scene: Scene, intent: Made, method: Made, *, succeeds: bool = True) -> Made:
    """The new charge: ``succeeded``, ``failed``, or ``pending`` for a bank debit."""
    charge = payment.new_charge(intent, method, scene.now)
    if not succeeds:
        return _decline(scene, intent, charge, method)
    if methods.settles_later(method):
        scene.save(payment.processing(intent, charge))
        return scene.save(charge)
    return _collect(scene, intent, charge)


def settle(scene: Scene, charge: Made) -> Made:
    """The bank has sent the money of a pending charge."""
    return _collect(scene, scene.find("payment_intent", charge["payment_intent"]), charge)


def bounce(scene: Scene, charge: Made) -> Made:
    """The bank has refused a pending charge."""
    intent = scene.find("payment_intent", charge["payment_intent"])
    method = scene.find("payment_method", charge["payment_method"])
    return _decline(scene, intent, charge, method)


def _collect(scene: Scene, intent: Made, charge: Made) -> Made:
    by_card = charge["payment_method_details"]["type"] == "card"
    fee = amounts.fee(charge["amount"], by_card=by_card)
    booked = balance.book(scene, "charge", charge["id"], charge, charge["amount"], fee)
    intent, charge = payment.succeeded(intent, charge, booked["id"])
    scene.save(intent)
    return scene.save(charge)


def _decline(scene: Scene, intent: Made, charge: Made, method: Made) -> Made:
    intent, charge = payment.failed(intent, charge, method)
    scene.save(intent)
    return scene.save(charge)
