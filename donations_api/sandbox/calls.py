"""The calls that the sandbox answers: each path, what the request may say, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe import params
from stripe.params import billing_portal, checkout

from donations_api.sandbox import balance, lists, portal, refunds, sessions, subscriptions
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """``path`` is below ``/v1``, with ``<id>`` where an object is named.

    ``params``: the stripe package's TypedDict of the request. ``act``: does what is asked, given
    the object's id ("" where none is named) and the parameters.
    """

    method: str
    path: str
    params: Any
    act: Callable[[Scene, str, Made], Made]


def _found(kind: str, param: str = "id") -> Callable[[Scene, str, Made], Made]:
    return lambda scene, identifier, _: scene.find(kind, identifier, param)


def _event(scene: Scene, identifier: str, _: Made) -> Made:
    event = scene.find("event", identifier)
    delivery = scene.records.queue.of(identifier)
    waiting = delivery is None or delivery.state != "delivered"
    return event | {"pending_webhooks": int(waiting)}


CALLS = (
    Call(
        "POST",
        "/checkout/sessions",
        checkout.SessionCreateParams,
        lambda scene, _, given: sessions.create(scene, given),
    ),
    Call(
        "GET",
        "/checkout/sessions/<id>",
        checkout.SessionRetrieveParams,
        lambda scene, identifier, _: sessions.current(scene, identifier),
    ),
    Call(
        "POST",
        "/checkout/sessions/<id>/expire",
        checkout.SessionExpireParams,
        lambda scene, identifier, _: sessions.expire(scene, identifier),
    ),
    Call(
        "GET",
        "/payment_intents/<id>",
        params.PaymentIntentRetrieveParams,
        _found("payment_intent", "intent"),
    ),
    Call("GET", "/charges/<id>", params.ChargeRetrieveParams, _found("charge")),
    Call("GET", "/events/<id>", params.EventRetrieveParams, _event),
    Call("GET", "/customers/<id>", params.CustomerRetrieveParams, _found("customer")),
    Call("GET", "/subscriptions", params.SubscriptionListParams, lists.subscriptions),
    Call(
        "GET",
        "/subscriptions/<id>",
        params.SubscriptionRetrieveParams,
        lambda scene, identifier, _: subscriptions.current(scene, identifier),
    ),
    Call("POST", "/subscriptions/<id>", params.SubscriptionUpdateParams, subscriptions.update),
    Call("DELETE", "/subscriptions/<id>", params.SubscriptionCancelParams, subscriptions.cancel),
    Call("GET", "/invoices/<id>", params.InvoiceRetrieveParams, _found("invoice", "invoice")),
    Call("GET", "/invoice_payments", params.InvoicePaymentListParams, lists.invoice_payments),
    Call(
        "POST",
        "/billing_portal/sessions",
        billing_portal.SessionCreateParams,
        lambda scene, _, given: portal.create(scene, given),
    ),
    Call(
        "POST",
        "/refunds",
        params.RefundCreateParams,
        lambda scene, _, given: refunds.create(scene, given),
    ),
    Call("GET", "/refunds", params.RefundListParams, lists.refunds),
    Call("GET", "/refunds/<id>", params.RefundRetrieveParams, _found("refund")),
    Call("GET", "/charges", params.ChargeListParams, lists.charges),
    Call("GET", "/disputes/<id>", params.DisputeRetrieveParams, _found("dispute", "dispute")),
    Call(
        "GET",
        "/balance_transactions",
        params.BalanceTransactionListParams,
        lists.balance_transactions,
    ),
    Call(
        "GET",
        "/balance_transactions/<id>",
        params.BalanceTransactionRetrieveParams,
        lambda scene, identifier, _: balance.current(
            scene, scene.find("balance_transaction", identifier)
        ),
    ),
)
