"""The life of a subscription: started by a session, changed and paused by request, ended for good.

What each month brings is told by the renewals.
"""

from typing import Any

from donations_api.sandbox import amounts, creation, invoices
from donations_api.sandbox.errors import ApiError, missing, no_such, not_acted_out
from donations_api.sandbox.months import month_after
from donations_api.sandbox.objects import subscription as made
from donations_api.sandbox.selection import Selection
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

# What is acted out of all that Stripe takes.
_CHANGES: Made = {
    "cancel_at_period_end": None,
    "items": {
        "id": None,
        "price_data": {
            "currency": None,
            "product": None,
            "recurring": {"interval": None, "interval_count": None},
            "unit_amount": None,
        },
        "quantity": None,
    },
    "metadata": None,
    "pause_collection": {"behavior": None, "resumes_at": None},
    "proration_behavior": None,
}


def start(scene: Scene, session: Made, order: Made, method: Made, email: str) -> tuple[Made, bool]:
    """Make customer, price, subscription and first invoice; their ids, and whether it is paid."""
    (item,) = order["line_items"]
    currency = item["currency"]
    customer = scene.save(
        made.new_customer(email, method["id"], currency, session["locale"], scene.now)
    )
    scene.save(method | {"customer": customer["id"]})
    product = scene.save(made.new_product(item["name"], item["description"], scene.now))
    price = scene.save(made.new_price(product["id"], currency, item["unit_amount"], scene.now))
    period = (scene.now, month_after(scene.now, scene.now))
    subscription = made.new_subscription(
        customer["id"], method["id"], price, item["quantity"], order, period
    )
    invoice = invoices.issue(scene, subscription, "subscription_create", period)
    subscription = scene.save(subscription | {"latest_invoice": invoice["id"]})
    # A debit on its way counts as good: Stripe does not keep the donor waiting for days.
    scene.tell("customer.subscription.created", subscription)
    _, paid = invoices.collect(scene, invoice, method)
    links = {
        "customer": customer["id"],
        "invoice": invoice["id"],
        "subscription": subscription["id"],
    }
    return links, bool(paid)


def current(scene: Scene, identifier: str) -> Made:
    """The subscription as it is now: a pause whose time has passed is over. Raises ApiError."""
    subscription = scene.find("subscription", identifier)
    return wake(scene, subscription, scene.now)


def wake_all(scene: Scene) -> None:
    rested = Selection("subscription").due("pause_collection__resumes_at", scene.now)
    for subscription in scene.records.select(rested.where(status="active")):
        wake(scene, subscription, scene.now)


def wake(scene: Scene, subscription: Made, moment: int) -> Made:
    """End a pause that lasts until ``moment`` (epoch seconds) or less."""
    pause = subscription["pause_collection"]
    if pause and pause["resumes_at"] and pause["resumes_at"] <= moment:
        return change(scene, subscription, pause_collection=None)
    return subscription


def change(scene: Scene, before: Made, **changes: Any) -> Made:
    """Save the changes and tell of them."""
    subscription = scene.save(before | changes)
    scene.tell("customer.subscription.updated", subscription, before)
    return subscription


def update(scene: Scene, identifier: str, given: Made) -> Made:
    """Raises ApiError."""
    creation.check_acted_out(given, _CHANGES)
    before = current(scene, identifier)
    if before["status"] == "canceled":
        raise ApiError(
            "A canceled subscription can only update its cancellation_details and metadata.",
            code="invalid_canceled_subscription_fields",
        )
    changes: Made = {}
    if "metadata" in given:
        changes["metadata"] = _merged(before["metadata"], given["metadata"])
    if "pause_collection" in given:
        changes["pause_collection"] = _pause(scene, given["pause_collection"])
    if "cancel_at_period_end" in given:
        changes |= _ending(scene, before, at_period_end=given["cancel_at_period_end"])
    if "items" in given:
        changes["items"] = _repriced(scene, before, given)
    return change(scene, before, **changes)


def cancel(scene: Scene, identifier: str, given: Made) -> Made:
    """End it now, by request. Raises ApiError; an ended one is gone for Stripe (404)."""
    creation.check_acted_out(given, {"cancellation_details": {"comment": None, "feedback": None}})
    subscription = current(scene, identifier)
    if subscription["status"] == "canceled":
        raise no_such("subscription", identifier, "id")
    details = given.get("cancellation_details", {})
    return end(scene, subscription, "cancellation_requested", **details)


def end(scene: Scene, before: Made, reason: str, **details: Any) -> Made:
    """``reason``: ``cancellation_requested`` or ``payment_failed``."""
    told = before["cancellation_details"] | {name: value or None for name, value in details.items()}
    subscription = scene.save(
        before
        | {
            "canceled_at": before["canceled_at"] or scene.now,
            "cancellation_details": told | {"reason": reason},
            "ended_at": scene.now,
            "status": "canceled",
        }
    )
    scene.tell("customer.subscription.deleted", subscription)
    return subscription


def _merged(old: Made, given: Made | str) -> Made:
    """Metadata is changed key by key; an empty value unsets its key, an empty text unsets all."""
    if not isinstance(given, dict):
        return {}
    kept = {name: value for name, value in old.items() if name not in given}
    return creation.metadata(kept | given, "metadata")


def _pause(scene: Scene, given: Made | str) -> Made | None:
    if not isinstance(given, dict):
        return None
    if given["behavior"] != "void":
        raise not_acted_out(f"pause_collection[behavior]={given['behavior']}")
    resumes_at = given.get("resumes_at")
    if resumes_at is not None and resumes_at <= scene.now:
        message = "`resumes_at` must be a timestamp in the future."
        raise ApiError(message, param="pause_collection[resumes_at]")
    return {"behavior": "void", "resumes_at": resumes_at}


def _ending(scene: Scene, before: Made, *, at_period_end: bool) -> Made:
    reason = "cancellation_requested" if at_period_end else None
    return {
        "cancel_at": made.the_item(before)["current_period_end"] if at_period_end else None,
        "cancel_at_period_end": at_period_end,
        "canceled_at": scene.now if at_period_end else None,
        "cancellation_details": before["cancellation_details"] | {"reason": reason},
    }


def _repriced(scene: Scene, before: Made, given: Made) -> Made:
    """The items with a new price, from the next month on."""
    if given.get("proration_behavior") != "none":
        raise not_acted_out("items without proration_behavior=none")
    if len(given["items"]) != 1:
        raise not_acted_out("more than one item")
    (item,) = given["items"]
    old = made.the_item(before)
    if item.get("id") != old["id"]:
        raise ApiError(
            f"No such subscription item: '{item.get('id')}'",
            code="resource_missing",
            param="items[0][id]",
        )
    wish, where = item.get("price_data"), "items[0][price_data]"
    if not wish:
        raise missing(where)
    amounts.check_currency(wish["currency"], f"{where}[currency]")
    if wish["currency"].lower() != before["currency"]:
        raise ApiError(
            f"The price specified only supports `{wish['currency']}`. This doesn't match the"
            f" expected currency: `{before['currency']}`.",
            param=f"{where}[currency]",
        )
    creation.check_monthly(wish["recurring"], f"{where}[recurring]")
    if "unit_amount" not in wish:
        raise missing(f"{where}[unit_amount]")
    quantity = item.get("quantity", old["quantity"])
    amounts.check_total(wish["unit_amount"] * quantity, before["currency"])
    product = scene.find("product", wish["product"], f"{where}[product]")
    price = scene.save(
        made.new_price(product["id"], before["currency"], wish["unit_amount"], scene.now)
    )
    items: Made = made.with_item(before, **made.priced(price), quantity=quantity)["items"]
    return items
