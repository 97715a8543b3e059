"""Monthly gifts: started on the hosted page, changed and paused through the API, ended for good."""

from typing import Any

import pytest
import stripe

from tests.donations.test_sandbox.rig import Rig, line_item, monthly


def test_first_payment_makes_all_there_is_to_a_subscription(rig: Rig) -> None:
    """Customer, price, subscription, invoice and charge, told in Stripe's order."""
    session = rig.create(
        mode="subscription",
        line_items=[monthly()],
        metadata={"gift_id": "g1"},
        subscription_data={"metadata": {"gift_id": "g1"}, "description": "Gift"},
    )
    assert (session.payment_method_types, session.amount_total) == (["card", "bacs_debit"], 2500)

    assert rig.press(session.id).status_code == 303

    events = rig.news()
    assert [event["type"] for event in events] == [
        "customer.subscription.created",
        "invoice.paid",
        "invoice_payment.paid",
        "checkout.session.completed",
    ]
    subscription, invoice, link, completed = (event["data"]["object"] for event in events)
    assert subscription["status"] == "active"
    item = subscription["items"]["data"][0]
    assert 28 * 86400 <= item["current_period_end"] - item["current_period_start"] <= 31 * 86400
    assert (invoice["billing_reason"], invoice["status"]) == ("subscription_create", "paid")
    assert (invoice["amount_paid"], invoice["currency"]) == (2500, "gbp")
    assert invoice["customer_email"] == "donor@example.org"
    details = invoice["parent"]["subscription_details"]
    assert details["subscription"] == subscription["id"]
    assert details["metadata"] == {"gift_id": "g1"}
    assert "payments" not in invoice
    assert (link["invoice"], link["status"]) == (invoice["id"], "paid")
    assert (completed["mode"], completed["payment_status"]) == ("subscription", "paid")
    assert completed["payment_intent"] is None
    assert (completed["invoice"], completed["subscription"], completed["customer"]) == (
        invoice["id"],
        subscription["id"],
        subscription["customer"],
    )
    v1 = rig.client().v1
    intent = v1.payment_intents.retrieve(link["payment"]["payment_intent"])
    assert (intent.status, intent.amount_received) == ("succeeded", 2500)
    assert intent.metadata.to_dict() == {}
    assert isinstance(intent.latest_charge, str)
    assert v1.charges.retrieve(intent.latest_charge).paid
    assert v1.customers.retrieve(subscription["customer"]).email == "donor@example.org"
    found = v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": intent.id}}
    )
    assert [one.id for one in found.data] == [link["id"]]
    assert [one.id for one in v1.invoice_payments.list({"invoice": invoice["id"]}).data] == [
        link["id"]
    ]
    assert v1.invoices.retrieve(invoice["id"]).status == "paid"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"line_items": [line_item("gbp", 2500)]}, "at least one recurring price"),
        ({"mode": "payment"}, "passed a recurring price"),
        ({"payment_intent_data": {"description": "x"}}, "can not pass `payment_intent_data`"),
        ({"line_items": [monthly(), monthly()]}, "more than one of line_items"),
        ({"allowed_payment_method_types": ["alipay"], "line_items": [monthly("cny")]}, "No valid"),
    ],
)
def test_unfit_subscriptions_are_refused(rig: Rig, changes: dict[str, Any], says: str) -> None:
    """What does not go with the mode is refused, and so is a wallet alone."""
    with pytest.raises(stripe.InvalidRequestError, match=says):
        rig.create(**{"mode": "subscription", "line_items": [monthly()], **changes})


def test_yearly_is_not_acted_out(rig: Rig) -> None:
    """The sandbox plays months only and says so."""
    item = monthly()
    item["price_data"]["recurring"] = {"interval": "year"}
    with pytest.raises(stripe.InvalidRequestError, match="does not act out"):
        rig.create(mode="subscription", line_items=[item])


def test_amount_changes_from_the_next_month_on(rig: Rig) -> None:
    """A new price takes the place of the old one; the event says what was before."""
    subscription = rig.subscribe()
    (item,) = subscription["items"]["data"]

    changed = rig.client().v1.subscriptions.update(
        subscription.id,
        {
            "items": [
                {
                    "id": item["id"],
                    "price_data": {
                        "currency": "gbp",
                        "product": item["price"]["product"],
                        "recurring": {"interval": "month"},
                        "unit_amount": 4000,
                    },
                }
            ],
            "proration_behavior": "none",
            "metadata": {"fee_cover": "100", "gift_id": ""},
        },
    )

    assert changed["items"]["data"][0]["price"]["unit_amount"] == 4000
    assert changed.metadata.to_dict() == {"pledge_id": "p1", "fee_cover": "100"}
    (event,) = rig.news()
    assert event["type"] == "customer.subscription.updated"
    before = event["data"]["previous_attributes"]
    assert before["items"]["data"][0]["price"]["unit_amount"] == 2500
    assert before["metadata"] == {"gift_id": "g1", "pledge_id": "p1"}
    assert event["request"]["id"] == changed.last_response.request_id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("price", "says"),
    [
        ({"product": "prod_none"}, "No such product"),
        ({"currency": "usd"}, "doesn't match the expected currency"),
        ({"unit_amount": 10}, "at least 30"),
        ({"recurring": {"interval": "year"}}, "does not act out"),
    ],
)
def test_unfit_amounts_are_refused(rig: Rig, price: dict[str, Any], says: str) -> None:
    """A product that nobody made, another currency, too little: refused, nothing changed."""
    subscription = rig.subscribe()
    (item,) = subscription["items"]["data"]
    wish: Any = {
        "currency": "gbp",
        "product": item["price"]["product"],
        "recurring": {"interval": "month"},
        "unit_amount": 4000,
        **price,
    }
    change: Any = {
        "items": [{"id": item["id"], "price_data": wish}],
        "proration_behavior": "none",
    }
    with pytest.raises(stripe.InvalidRequestError, match=says):
        rig.client().v1.subscriptions.update(subscription.id, change)
    assert rig.news() == []


def test_pause_is_set_unset_and_ends_by_itself(rig: Rig) -> None:
    """The status stays active; an empty text unsets the pause, and so does its time."""
    subscriptions, identifier = rig.client().v1.subscriptions, rig.subscribe().id
    until = int(rig.clock()) + 100
    pause: Any = {"pause_collection": {"behavior": "void", "resumes_at": until}}

    paused = subscriptions.update(identifier, pause)
    assert paused.status == "active"
    assert paused.pause_collection is not None
    assert paused.pause_collection.resumes_at == until
    assert subscriptions.update(identifier, {"pause_collection": ""}).pause_collection is None
    subscriptions.update(identifier, pause)
    rig.clock.forward(101)
    assert subscriptions.retrieve(identifier).pause_collection is None

    assert [event["type"] for event in rig.news()] == ["customer.subscription.updated"] * 4
    with pytest.raises(stripe.InvalidRequestError, match="future"):
        subscriptions.update(identifier, pause)


def test_end_of_a_pause_is_told_without_anybody_looking(rig: Rig) -> None:
    """The next round of deliveries notices that its time has passed."""
    identifier = rig.subscribe().id
    pause: Any = {"behavior": "void", "resumes_at": int(rig.clock()) + 100}
    rig.client().v1.subscriptions.update(identifier, {"pause_collection": pause})
    rig.news()
    rig.clock.forward(101)

    (event,) = rig.news()

    assert event["data"]["object"]["pause_collection"] is None
    assert event["data"]["previous_attributes"]["pause_collection"]["behavior"] == "void"


def test_same_key_changes_once(rig: Rig) -> None:
    """An idempotency key holds for updates as for sessions."""
    subscriptions, identifier = rig.client().v1.subscriptions, rig.subscribe().id
    for _ in range(2):
        subscriptions.update(
            identifier, {"metadata": {"a": "b"}}, options={"idempotency_key": "once"}
        )
    assert len(rig.news()) == 1


def test_cancel_ends_for_good(rig: Rig) -> None:
    """The event tells who wanted it; the subscription is gone for a second cancel and an update."""
    subscriptions, identifier = rig.client().v1.subscriptions, rig.subscribe().id

    ended = subscriptions.cancel(identifier, {"cancellation_details": {"feedback": "other"}})

    assert ended.status == "canceled"
    (event,) = rig.news()
    assert event["type"] == "customer.subscription.deleted"
    details = event["data"]["object"]["cancellation_details"]
    assert (details["reason"], details["feedback"]) == ("cancellation_requested", "other")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        subscriptions.cancel(identifier)
    assert refusal.value.http_status == 404
    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        subscriptions.update(identifier, {"cancel_at_period_end": True})


def test_list_is_by_customer_and_state(rig: Rig) -> None:
    """Ended subscriptions are listed only when asked for."""
    first, second = rig.subscribe(), rig.subscribe()
    subscriptions = rig.client().v1.subscriptions
    assert isinstance(first.customer, str)

    assert [one.id for one in subscriptions.list().data] == [second.id, first.id]
    mine = subscriptions.list({"customer": first.customer})
    assert [one.id for one in mine.data] == [first.id]
    subscriptions.cancel(first.id)
    assert subscriptions.list({"customer": first.customer}).data == []
    assert len(subscriptions.list({"status": "all", "limit": 1}).data) == 1
    assert subscriptions.list({"status": "all", "limit": 1}).has_more
