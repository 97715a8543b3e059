"""Payouts: all that is available of a currency goes to the bank, and now and then comes back."""

from collections import defaultdict
from typing import Any

from donations_api.sandbox import balance
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.objects import payout as made
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def make_due(scene: Scene) -> list[Made]:
    """A payout for each currency in which more than nothing is available; else it waits."""
    waiting: dict[str, list[Made]] = defaultdict(list)
    for booked in reversed(balance.to_pay_out(scene)):
        waiting[booked["currency"]].append(booked)
    return [
        _make(scene, currency, booked)
        for currency, booked in sorted(waiting.items())
        if sum(one["net"] for one in booked) > 0
    ]


def arrive(scene: Scene, identifier: str) -> None:
    """The money is on the charity's account. Raises ApiError."""
    before = scene.find("payout", identifier, "payout")
    if before["status"] != "pending":
        raise ApiError("Only a pending payout can arrive.")
    scene.tell("payout.paid", scene.save(made.paid(before)))


def fail(scene: Scene, identifier: str) -> None:
    """The bank has sent the money back, perhaps after it seemed to have arrived. Raises ApiError.

    It is available again at once, and goes into the next payout.
    """
    before = scene.find("payout", identifier, "payout")
    if before["status"] == "failed":
        raise ApiError("This payout has failed already.")
    returned = scene.save(made.payout_transaction(before, returned=True, now=scene.now))
    scene.tell("payout.failed", scene.save(made.failed(before, returned["id"])))


def _make(scene: Scene, currency: str, booked: list[Made]) -> Made:
    payout = made.new_payout(sum(one["net"] for one in booked), currency, scene.now)
    own = scene.save(made.payout_transaction(payout, returned=False, now=scene.now))
    payout = scene.save(payout | {"balance_transaction": own["id"]})
    # The list of what a payout holds names its own transaction too, as Stripe's does: its nets
    # add up to nothing.
    scene.records.pay_out([*(one["id"] for one in booked), own["id"]], payout["id"])
    scene.tell("payout.created", payout)
    return payout
