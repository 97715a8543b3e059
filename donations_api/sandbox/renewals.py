"""What each month brings a subscription: an invoice that is paid, fails, or is waived."""

from typing import Any

from donations_api.sandbox import invoices, methods, subscriptions
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.months import month_after
from donations_api.sandbox.objects.subscription import the_item, with_item
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def renew(scene: Scene, identifier: str, *, succeeds: bool = True) -> None:
    """Let the period that is running end now. Raises ApiError where nothing can be renewed."""
    subscription = subscriptions.current(scene, identifier)
    if not can_renew(scene, subscription):
        raise ApiError("This subscription has ended, or an invoice of it is still open.")
    item = the_item(subscription)
    start = item["current_period_end"]
    subscription = subscriptions.wake(scene, subscription, max(start, scene.now))
    if subscription["cancel_at_period_end"]:
        subscriptions.end(scene, subscription, "cancellation_requested")
        return
    period = (start, month_after(start, subscription["billing_cycle_anchor"]))
    invoice = invoices.issue(scene, subscription, "subscription_cycle", period)
    moved = with_item(subscription, current_period_start=period[0], current_period_end=period[1])
    moved = moved | {"latest_invoice": invoice["id"]}
    if subscription["pause_collection"]:
        invoices.waive(scene, invoice)
        _follow(scene, subscription, moved)
        return
    _collect(scene, subscription, moved, invoice, succeeds=succeeds)


def retry(scene: Scene, identifier: str, *, succeeds: bool = True) -> None:
    """Try the open invoice once more. Raises ApiError where there is none to try."""
    subscription = subscriptions.current(scene, identifier)
    invoice = to_retry(scene, subscription)
    if not invoice:
        raise ApiError("This subscription has no invoice to try again.")
    _collect(scene, subscription, subscription, invoice, succeeds=succeeds)


def concluded(scene: Scene, invoice: Made, *, paid: bool) -> None:
    """A debit for the invoice has come, or it has not."""
    invoice = invoices.conclude(scene, invoice, paid=paid)
    subscription = scene.find(
        "subscription", invoice["parent"]["subscription_details"]["subscription"]
    )
    _follow(scene, subscription, subscription, invoice, paid=paid)


def can_renew(scene: Scene, subscription: Made) -> bool:
    if subscription["status"] == "canceled":
        return False
    return bool(scene.find("invoice", subscription["latest_invoice"])["status"] != "open")


def to_retry(scene: Scene, subscription: Made) -> Made | None:
    """The open invoice that waits for its next try, if there is one."""
    if subscription["status"] == "canceled":
        return None
    invoice = scene.find("invoice", subscription["latest_invoice"])
    waits = invoice["status"] == "open" and not invoices.under_way(scene, invoice)
    return invoice if waits else None


def _collect(
    scene: Scene, before: Made, subscription: Made, invoice: Made, *, succeeds: bool
) -> None:
    method = scene.find("payment_method", subscription["default_payment_method"])
    invoice, paid = invoices.collect(
        scene, invoice, method, succeeds=succeeds and methods.renews(method)
    )
    _follow(scene, before, subscription, invoice, paid=paid)


def _follow(
    scene: Scene,
    before: Made,
    subscription: Made,
    invoice: Made | None = None,
    *,
    paid: bool | None = None,
) -> None:
    """The subscription stands as its invoice does: good, overdue, or after the last try, ended."""
    if paid is not None:
        subscription = subscription | {"status": "active" if paid else "past_due"}
    last_try = paid is False and invoice and not invoice["next_payment_attempt"]
    if last_try:
        subscriptions.end(scene, subscription, "payment_failed")
    elif subscription != before:
        subscriptions.change(scene, before, **subscription)
