"""A try to pay an intent: at once, days later, or not at all. The money lands in the balance."""

from typing import Any

from donations_api.sandbox import balance, methods
from donations_api.sandbox.objects import payment
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def attempt(scene: Scene, intent: Made, method: Made, *, succeeds: bool = True) -> Made:
    """The new charge: ``succeeded``, ``failed``, or ``pending`` for a bank debit."""
    charge = payment.new_charge(intent, method, scene.now)
    if not succeeds:
        return _decline(scene, intent, charge, method)
    booked = balance.book(scene, "charge", charge["id"], charge, charge["amount"])
    charge = charge | {"balance_transaction": booked["id"]}
    if methods.settles_later(method):
        scene.save(payment.processing(intent, charge))
        return scene.save(charge)
    return _collect(scene, intent, charge)


def settle(scene: Scene, charge: Made) -> Made:
    """The bank has sent the money of a pending charge."""
    booked = scene.find("balance_transaction", charge["balance_transaction"])
    # Nobody has had the money before it came.
    balance.available_from(scene, booked["id"], max(booked["available_on"], scene.now))
    return _collect(scene, scene.find("payment_intent", charge["payment_intent"]), charge)


def bounce(scene: Scene, charge: Made) -> Made:
    """The bank has refused a pending charge, whose booking is undone by a second one."""
    intent = scene.find("payment_intent", charge["payment_intent"])
    method = scene.find("payment_method", charge["payment_method"])
    undone = balance.book(scene, "charge_failure", charge["id"], charge, -charge["amount"])
    failed = charge | {"failure_balance_transaction": undone["id"]}
    return _decline(scene, intent, failed, method)


def _collect(scene: Scene, intent: Made, charge: Made) -> Made:
    intent, charge = payment.succeeded(intent, charge)
    scene.save(intent)
    return scene.save(charge)


def _decline(scene: Scene, intent: Made, charge: Made, method: Made) -> Made:
    intent, charge = payment.failed(intent, charge, method)
    scene.save(intent)
    return scene.save(charge)
