"""The calls that the sandbox answers: each path, what the request may say, and what is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe import params
from stripe.params import billing_portal, checkout

from donations_api.sandbox import balance, events, lists, portal, refunds, sessions, subscriptions
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """``path`` is below ``/v1``, with ``<id>`` where an object is named.

    ``params``: the stripe package's TypedDict of the request. ``act``: does what is asked, given
    the object's id ("" where none is named) and the parameters. ``expands``: what may be expanded.
    """

    method: str
    path: str
    params: Any
    act: Callable[[Scene, str, Made], Made]
    expands: frozenset[str] = frozenset()


def _found(kind: str, param: str = "id") -> Callable[[Scene, str, Made], Made]:
    return lambda scene, identifier, _: scene.find(kind, identifier, param)


CALLS = (
    Call(
        "POST",
        "/checkout/sessions",
        checkout.SessionCreateParams,
        lambda scene, _, given: sessions.create(scene, given),
    ),
    Call("GET", "/checkout/sessions", checkout.SessionListParams, lists.checkout_sessions),
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
    Call("GET", "/events", params.EventListParams, lists.told_events),
    Call(
        "GET",
        "/events/<id>",
        params.EventRetrieveParams,
        lambda scene, identifier, _: events.current(scene, scene.find("event", identifier)),
    ),
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
    Call("GET", "/invoices", params.InvoiceListParams, lists.invoices),
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
    Call(
        "GET",
        "/refunds",
        params.RefundListParams,
        lists.by_fields("refund", "/v1/refunds", "charge", "payment_intent"),
    ),
    Call("GET", "/refunds/<id>", params.RefundRetrieveParams, _found("refund")),
    Call(
        "GET",
        "/charges",
        params.ChargeListParams,
        lists.by_fields("charge", "/v1/charges", "customer", "payment_intent"),
    ),
    Call(
        "GET",
        "/disputes",
        params.DisputeListParams,
        lists.by_fields("dispute", "/v1/disputes", "charge", "payment_intent"),
    ),
    Call("GET", "/disputes/<id>", params.DisputeRetrieveParams, _found("dispute", "dispute")),
    Call(
        "GET",
        "/balance_transactions",
        params.BalanceTransactionListParams,
        lists.balance_transactions,
        expands=frozenset({"data.source"}),
    ),
    Call(
        "GET",
        "/balance_transactions/<id>",
        params.BalanceTransactionRetrieveParams,
        lambda scene, identifier, _: balance.current(
            scene, scene.find("balance_transaction", identifier)
        ),
    ),
    Call("GET", "/balance", params.BalanceRetrieveParams, lambda scene, *_: balance.total(scene)),
    Call(
        "GET",
        "/payouts",
        params.PayoutListParams,
        lists.by_fields("payout", "/v1/payouts", "status"),
    ),
    Call("GET", "/payouts/<id>", params.PayoutRetrieveParams, _found("payout", "payout")),
)
