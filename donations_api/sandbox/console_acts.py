"""What each button of the console does: the part of the donor's bank, of time, of the operator."""

from collections.abc import Callable
from typing import Any

from flask import request

from donations_api.money import AmountUnreadable, parse_amount
from donations_api.sandbox import balance, debits, deliveries, disputes, payouts, refunds, renewals
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]
Act = Callable[[Scene, str], None]

LATER = (60, 600, 3600, 86400)  # seconds


def _refund(scene: Scene, charge: str) -> None:
    refunds.create(scene, {"charge": charge, "amount": _amount(scene, charge)})


def _dispute(scene: Scene, identifier: str) -> None:
    charge = scene.find("charge", identifier)
    wanted = _amount(scene, identifier) if request.form.get("amount", "").strip() else None
    disputes.open_one(scene, charge, wanted)


def _available(scene: Scene, identifier: str) -> None:
    """The days until a charge's money is at the charity's disposal have passed."""
    booked = scene.find("charge", identifier)["balance_transaction"]
    balance.available_from(scene, booked, scene.now)


def _late(scene: Scene, event: str) -> None:
    chosen = request.form.get("seconds", "")
    seconds = int(chosen) if chosen.isdecimal() and int(chosen) in LATER else LATER[0]
    deliveries.send_late(scene.records, event, scene.clock + seconds)


def _at_once(scene: Scene, event: str) -> None:
    deliveries.send_again(scene.records, event, scene.clock)


# By the page that the buttons stand on.
ACTS: dict[str, dict[str, Act]] = {
    "charges": {
        "settle": lambda scene, charge: debits.conclude(scene, charge, paid=True),
        "fail_debit": lambda scene, charge: debits.conclude(scene, charge, paid=False),
        "refund": _refund,
        "refund_all": lambda scene, charge: _ignore(refunds.create(scene, {"charge": charge})),
        "arrive": lambda scene, _: refunds.arrive(scene, _chosen("refund")),
        "fail_refund": lambda scene, _: refunds.fail(scene, _chosen("refund")),
        "available": _available,
        "dispute": _dispute,
        "evidence": lambda scene, _: disputes.answer(scene, _chosen("dispute")),
        "win": lambda scene, _: disputes.win(scene, _chosen("dispute")),
        "lose": lambda scene, _: disputes.lose(scene, _chosen("dispute")),
    },
    "subscriptions": {
        "renew": lambda scene, one: renewals.renew(scene, one),
        "fail_renewal": lambda scene, one: renewals.renew(scene, one, succeeds=False),
        "retry_ok": lambda scene, one: renewals.retry(scene, one),
        "retry_fail": lambda scene, one: renewals.retry(scene, one, succeeds=False),
    },
    "payouts": {
        "payout_paid": lambda scene, payout: payouts.arrive(scene, payout),
        "payout_failed": lambda scene, payout: payouts.fail(scene, payout),
    },
    "events": {
        "again": _at_once,
        "now": _at_once,
        "late": _late,
        "never": lambda scene, event: deliveries.drop(scene.records, event),
    },
    "sessions": {},
}


def charge_acts(scene: Scene, charge: Made) -> list[str]:
    """What can be done now with a charge itself."""
    if charge["status"] == "pending":
        return ["settle", "fail_debit"]
    acts = []
    left = charge["amount"] > charge["amount_refunded"]
    if charge["paid"] and left and not disputes.holds(scene, charge):
        acts += ["refund", "refund_all"]
    if disputes.can_open(scene, charge):
        acts.append("dispute")
    booked = scene.records.find("balance_transaction", charge["balance_transaction"] or "")
    if booked and booked["available_on"] > scene.now:
        acts.append("available")
    return acts


def refund_acts(refund: Made) -> list[str]:
    return {"pending": ["arrive", "fail_refund"], "succeeded": ["fail_refund"]}.get(
        refund["status"], []
    )


def dispute_acts(dispute: Made) -> list[str]:
    if not disputes.undecided(dispute):
        return []
    evidence = ["evidence"] if dispute["status"] == "needs_response" else []
    return [*evidence, "win", "lose"]


def subscription_acts(scene: Scene, subscription: Made) -> list[str]:
    if renewals.to_retry(scene, subscription):
        return ["retry_ok", "retry_fail"]
    return ["renew", "fail_renewal"] if renewals.can_renew(scene, subscription) else []


def payout_acts(payout: Made) -> list[str]:
    """A payout that seemed to have arrived can still fail."""
    return {"pending": ["payout_paid", "payout_failed"], "paid": ["payout_failed"]}.get(
        payout["status"], []
    )


def _amount(scene: Scene, charge: str) -> int:
    """The amount that was typed, in the charge's currency. Raises ApiError."""
    currency = scene.find("charge", charge)["currency"].upper()
    try:
        return parse_amount(request.form.get("amount", ""), currency).minor
    except AmountUnreadable as problem:
        raise ApiError(f"The amount cannot be read: {problem.reason}.", param="amount") from problem


def _chosen(kind: str) -> str:
    return request.form.get(kind, "")


def _ignore(_: object) -> None:
    """What the API would answer is not shown here."""
