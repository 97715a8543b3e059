"""The lists of Stripe's API: newest first, in pages of ten unless asked otherwise."""

from collections.abc import Callable, Collection
from typing import Any

from donations_api.sandbox import balance, events, sessions
from donations_api.sandbox.errors import ApiError, no_such, not_acted_out
from donations_api.sandbox.objects.naming import listing
from donations_api.sandbox.selection import Events, PaidOut, Selection
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

_USUAL, _MOST = 10, 100
_MOST_TYPES = 20


def by_fields(kind: str, url: str, *fields: str) -> Callable[[Scene, str, Made], Made]:
    """The list at ``url`` of a ``kind`` that is filtered by some of its own fields alone."""

    def listed(scene: Scene, _: str, given: Made) -> Made:
        wanted = Selection(kind).where(**_asked(given, fields))
        return _page(scene, kind, url, wanted, given)

    return listed


def checkout_sessions(scene: Scene, _: str, given: Made) -> Made:
    """As they are now: those whose time has passed are expired first."""
    sessions.expire_lapsed(scene)
    kind = "checkout.session"
    fields = _asked(given, ("payment_intent", "status", "subscription"))
    return _page(scene, kind, "/v1/checkout/sessions", Selection(kind).where(**fields), given)


def subscriptions(scene: Scene, _: str, given: Made) -> Made:
    """Those that have ended only when asked for by ``status``, as at Stripe."""
    wanted = Selection("subscription").where(**_asked(given, ("customer",), ("status",)))
    match given.get("status"):
        case None:
            wanted.where_not("status", "canceled")
        case "ended":
            wanted.where(status="canceled")
        case status if status != "all":
            wanted.where(status=status)
    return _page(scene, "subscription", "/v1/subscriptions", wanted, given)


def invoices(scene: Scene, _: str, given: Made) -> Made:
    wanted = Selection("invoice").where(**_asked(given, ("customer", "status"), ("subscription",)))
    if "subscription" in given:
        wanted.where(parent__subscription_details__subscription=given["subscription"])
    return _page(scene, "invoice", "/v1/invoices", wanted, given)


def invoice_payments(scene: Scene, _: str, given: Made) -> Made:
    wanted = Selection("invoice_payment").where(
        **_asked(given, ("invoice", "status"), ("payment",))
    )
    if payment := given.get("payment", {}):
        if payment["type"] != "payment_intent":
            raise not_acted_out(f"payment[type]={payment['type']}")
        wanted.where(payment__payment_intent=payment["payment_intent"])
    return _page(scene, "invoice_payment", "/v1/invoice_payments", wanted, given)


def told_events(scene: Scene, _: str, given: Made) -> Made:
    """By ``delivery_success``: false are those that wait, were given up, or were never sent."""
    _asked(given, (), ("delivery_success", "types"))
    wanted = Events()
    if "types" in given:
        if not 1 <= len(given["types"]) <= _MOST_TYPES:
            raise ApiError(f"Between 1 and {_MOST_TYPES} types can be named.", param="types")
        wanted.of_types(given["types"])
    if "delivery_success" in given:
        wanted.delivered(is_so=given["delivery_success"])
    page = _page(scene, "event", "/v1/events", wanted, given)
    return page | {"data": [events.current(scene, event) for event in page["data"]]}


def balance_transactions(scene: Scene, _: str, given: Made) -> Made:
    """With ``expand[]=data.source``, the one wish that is granted, each with its source."""
    kind = "balance_transaction"
    fields = _asked(given, ("currency", "source", "type"), ("expand", "payout"))
    wanted = Selection(kind)
    if "payout" in given:
        payout = scene.find("payout", given["payout"], "payout")
        wanted = PaidOut(payout["id"])
        after = given.get("starting_after")
        # A place in another list would look like the end of this one.
        if after and scene.records.paid_out_in(after) != payout:
            raise no_such(kind, after, "starting_after")
    page = _page(scene, kind, "/v1/balance_transactions", wanted.where(**fields), given)
    data = [balance.current(scene, one) for one in page["data"]]
    if given.get("expand"):
        data = [one | {"source": scene.records.get(one["source"])} for one in data]
    return page | {"data": data}


def _asked(given: Made, fields: Collection[str], others: Collection[str] = ()) -> Made:
    """The filters among ``given``. Raises ApiError for what no part is played of."""
    for name in given:
        if name not in {"created", "limit", "starting_after", *fields, *others}:
            raise not_acted_out(name)
    return {name: value for name, value in given.items() if name in fields}


def _page(scene: Scene, kind: str, url: str, wanted: Selection, given: Made) -> Made:
    limit = given.get("limit", _USUAL)
    if not 1 <= limit <= _MOST:
        message = f"This value must be between 1 and {_MOST}."
        raise ApiError(message, code="parameter_invalid_integer", param="limit")
    _between(wanted, given.get("created", {}))
    if "starting_after" in given:
        if not scene.records.find(kind, given["starting_after"]):
            raise no_such(kind, given["starting_after"], "starting_after")
        wanted.after(given["starting_after"])
    found = scene.records.select(wanted, limit + 1)
    return listing(url, found[:limit], has_more=len(found) > limit)


def _between(wanted: Selection, span: Made | int) -> None:
    """``span``: one moment, or its bounds, in whole seconds since the epoch."""
    bounds = {"gte": span, "lte": span} if isinstance(span, int) else span
    for name, moment in bounds.items():
        whole = moment + 1 if name in {"gt", "lte"} else moment
        if name in {"gt", "gte"}:
            wanted.since(whole)
        else:
            wanted.before(whole)
