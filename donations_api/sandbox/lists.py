"""The lists of Stripe's API: newest first, in pages of ten unless asked otherwise."""

import operator
from collections.abc import Collection
from typing import Any

from donations_api.sandbox import balance
from donations_api.sandbox.errors import ApiError, no_such, not_acted_out
from donations_api.sandbox.objects.naming import listing
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

_USUAL, _MOST = 10, 100
_COMPARED = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def subscriptions(scene: Scene, _: str, given: Made) -> Made:
    """Those that have ended only when asked for by ``status``, as at Stripe."""
    found = scene.records.every("subscription", **_asked(given, {"customer"}, {"status"}))
    kept = [one for one in found if _is_in(one["status"], given.get("status", ""))]
    return _page("/v1/subscriptions", kept, given)


def invoice_payments(scene: Scene, _: str, given: Made) -> Made:
    where = _asked(given, {"invoice", "status"}, {"payment"})
    payment = given.get("payment", {})
    if payment:
        if payment["type"] != "payment_intent":
            raise not_acted_out(f"payment[type]={payment['type']}")
        where["payment__payment_intent"] = payment["payment_intent"]
    found = scene.records.every("invoice_payment", **where)
    return _page("/v1/invoice_payments", found, given)


def refunds(scene: Scene, _: str, given: Made) -> Made:
    where = _asked(given, {"charge", "payment_intent"})
    return _page("/v1/refunds", scene.records.every("refund", **where), given)


def charges(scene: Scene, _: str, given: Made) -> Made:
    where = _asked(given, {"customer", "payment_intent"})
    return _page("/v1/charges", scene.records.every("charge", **where), given)


def balance_transactions(scene: Scene, _: str, given: Made) -> Made:
    """Of all payouts, since the sandbox makes none."""
    where = _asked(given, {"currency", "source", "type"}, {"created", "payout"})
    found = scene.records.every("balance_transaction", **where)
    span = given.get("created", {})
    if isinstance(span, int):
        span = {"gte": span, "lte": span}
    kept = [
        balance.current(scene, one)
        for one in found
        if all(_COMPARED[name](one["created"], moment) for name, moment in span.items())
    ]
    return _page("/v1/balance_transactions", kept, given)


def _is_in(state: str, wanted: str) -> bool:
    if wanted in {"", "ended"}:
        return (state == "canceled") == (wanted == "ended")
    return wanted in {"all", state}


def _asked(given: Made, fields: set[str], others: Collection[str] = ()) -> Made:
    """The filters among ``given``. Raises ApiError for what no part is played of."""
    for name in given:
        if name not in {"limit", "starting_after", *fields, *others}:
            raise not_acted_out(name)
    return {name: value for name, value in given.items() if name in fields}


def _page(url: str, found: list[Made], given: Made) -> Made:
    limit = given.get("limit", _USUAL)
    if not 1 <= limit <= _MOST:
        message = f"This value must be between 1 and {_MOST}."
        raise ApiError(message, code="parameter_invalid_integer", param="limit")
    if after := given.get("starting_after"):
        ids = [one["id"] for one in found]
        if after not in ids:
            raise no_such("object", after, "starting_after")
        found = found[ids.index(after) + 1 :]
    return listing(url, found[:limit], has_more=len(found) > limit)
