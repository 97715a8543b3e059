"""The lists by which a reader finds again what its webhook has missed."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donations_api.sandbox.selection import Events, PaidOut, Selection
from tests.donations.test_sandbox.rig import Rig


def ids(page: Any) -> list[str]:
    return [one.id for one in page.data]


def test_events_are_listed_newest_first(rig: Rig) -> None:
    """In pages, by type and by time."""
    charge = rig.pay()
    rig.act(f"charges/{charge.id}", "refund", amount="5")
    rig.clock.forward(60)
    rig.act(f"charges/{charge.id}", "refund", amount="6")
    rig.news()
    events = rig.client().v1.events

    late, early, paid = events.list().data

    assert [late.type, early.type, paid.type] == [
        *("refund.created", "refund.created"),
        "checkout.session.completed",
    ]
    assert late.data.object["amount"] == 600
    assert ids(events.list({"types": ["checkout.session.completed"]})) == [paid.id]
    both = ["checkout.session.completed", "refund.created"]
    assert ids(events.list({"types": both})) == [late.id, early.id, paid.id]
    assert ids(events.list({"types": ["invoice.paid"]})) == []
    first = events.list({"limit": 1, "types": ["refund.created"]})
    assert (ids(first), first.has_more) == ([late.id], True)
    rest = events.list({"starting_after": late.id, "types": ["refund.created"]})
    assert (ids(rest), rest.has_more) == ([early.id], False)
    assert ids(events.list({"created": {"gte": late.created}})) == [late.id]
    assert ids(events.list({"created": {"lt": late.created}})) == [early.id, paid.id]
    assert ids(events.list({"created": {"gt": late.created}})) == []
    assert ids(events.list({"created": {"lte": late.created}})) == [late.id, early.id, paid.id]
    assert ids(events.list({"created": {"gt": early.created, "lt": late.created}})) == []


def test_events_are_listed_by_what_became_of_them(rig: Rig) -> None:
    """Delivered, or not: waiting, given up, or lost."""
    charge = rig.pay()
    rig.webhook.answers = [500, 500, 500]
    rig.act(f"charges/{charge.id}", "refund", amount="5")
    for wait in (0, 11, 101):
        rig.clock.forward(wait)
        rig.deliveries.deliver_due()
    rig.act("events", "lose")
    rig.act(f"charges/{charge.id}", "refund", amount="6")
    rig.act("events", "stop_losing")
    events = rig.client().v1.events

    (delivered,) = events.list({"delivery_success": True}).data
    missed = events.list({"delivery_success": False}).data

    assert (delivered.type, delivered.pending_webhooks) == ("checkout.session.completed", 0)
    assert [one.data.object["amount"] for one in missed] == [600, 500]
    assert {one.pending_webhooks for one in missed} == {1}
    assert len(events.list().data) == 3


def test_sessions_are_found_by_what_they_led_to(rig: Rig) -> None:
    """By payment intent, by subscription, by state; what has lapsed is expired on the list."""
    charge, subscription = rig.pay(), rig.subscribe()
    waiting = rig.create()
    sessions = rig.client().v1.checkout.sessions

    (paid,) = sessions.list({"payment_intent": str(charge.payment_intent)}).data
    (begun,) = sessions.list({"subscription": subscription.id}).data

    assert (paid.payment_intent, begun.subscription) == (charge.payment_intent, subscription.id)
    assert ids(sessions.list({"status": "open"})) == [waiting.id]
    assert ids(sessions.list({"status": "complete"})) == [begun.id, paid.id]
    assert ids(sessions.list({"limit": 1, "starting_after": waiting.id})) == [begun.id]
    rig.clock.forward(86401)
    assert ids(sessions.list({"status": "open"})) == []
    assert ids(sessions.list({"status": "expired"})) == [waiting.id]


def test_invoices_are_found(rig: Rig) -> None:
    """By subscription, customer and state."""
    one, other = rig.subscribe(), rig.subscribe()
    rig.act(f"subscriptions/{one.id}", "fail_renewal")
    invoices = rig.client().v1.invoices

    of_one = invoices.list({"subscription": one.id}).data

    assert [invoice.status for invoice in of_one] == ["open", "paid"]
    assert ids(invoices.list({"customer": str(other.customer)})) == [other.latest_invoice]
    assert ids(invoices.list({"status": "open"})) == [of_one[0].id]
    assert ids(invoices.list({"subscription": one.id, "status": "paid"})) == [of_one[1].id]
    assert len(invoices.list().data) == 3


def test_disputes_are_found(rig: Rig) -> None:
    """By charge and by payment intent."""
    charges = [rig.pay(), rig.pay()]
    for charge in charges:
        rig.act(f"charges/{charge.id}", "dispute")
    disputes = rig.client().v1.disputes

    newer, older = disputes.list().data

    assert [older.charge, newer.charge] == [charge.id for charge in charges]
    assert ids(disputes.list({"charge": charges[0].id})) == [older.id]
    assert ids(disputes.list({"payment_intent": str(newer.payment_intent)})) == [newer.id]
    assert ids(disputes.list({"starting_after": newer.id})) == [older.id]


LISTS: dict[str, Callable[[Any], Any]] = {
    "balance_transaction": lambda v1: v1.balance_transactions,
    "charge": lambda v1: v1.charges,
    "checkout.session": lambda v1: v1.checkout.sessions,
    "dispute": lambda v1: v1.disputes,
    "event": lambda v1: v1.events,
    "invoice": lambda v1: v1.invoices,
    "payout": lambda v1: v1.payouts,
    "refund": lambda v1: v1.refunds,
    "subscription": lambda v1: v1.subscriptions,
}


@pytest.mark.parametrize("kind", LISTS)
def test_unknown_place_in_a_list_is_refused(rig: Rig, kind: str) -> None:
    """Neither from the start nor from the end; nor are more than a hundred given at once."""
    listed = LISTS[kind](rig.client().v1)
    with pytest.raises(stripe.InvalidRequestError, match="No such") as refusal:
        listed.list({"starting_after": "gone"})
    assert (refusal.value.code, refusal.value.param) == ("resource_missing", "starting_after")
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            listed.list({"limit": limit})
        assert refusal.value.param == "limit"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        listed.list({"ending_before": "gone"})
    assert refusal.value.param == "ending_before"


def test_too_many_types_are_refused(rig: Rig) -> None:
    """Stripe takes twenty."""
    events = rig.client().v1.events
    assert events.list({"types": ["invoice.paid"] * 20}).data == []
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        events.list({"types": ["invoice.paid"] * 21})
    assert refusal.value.param == "types"


@pytest.mark.parametrize(
    "wanted",
    [
        Selection("checkout.session").where(payment_intent="x"),
        Selection("checkout.session").where(subscription="x"),
        Selection("checkout.session").where(invoice="x"),
        Selection("checkout.session").where(status="open").after("x"),
        Selection("charge").where(payment_intent="x").after("x"),
        Selection("charge").where(customer="x"),
        Selection("refund").where(charge="x"),
        Selection("refund").where(payment_intent="x"),
        Selection("dispute").where(charge="x"),
        Selection("dispute").where(payment_intent="x"),
        Selection("invoice").where(parent__subscription_details__subscription="x"),
        Selection("invoice").where(customer="x"),
        Selection("invoice").where(status="open"),
        Selection("invoice_payment").where(invoice="x"),
        Selection("invoice_payment").where(payment__payment_intent="x"),
        Selection("subscription").where(customer="x"),
        Selection("subscription").where_not("status", "canceled").after("x"),
        Selection("balance_transaction").where(source="x"),
        Selection("balance_transaction").since(1).before(2).after("x"),
        Selection("payout").where(status="pending"),
        PaidOut("po_x").after("x"),
        Events().of_types(["x"]).since(1).before(2).after("x"),
    ],
    ids=lambda wanted: wanted.query(1)[0][17:90],
)
def test_index_answers_in_order(rig: Rig, wanted: Selection) -> None:
    """Nothing is read through for a lookup, and nothing sorted: ten thousand gifts stay quick."""
    plan = plan_of(rig, wanted)
    assert not [step for step in plan if "TEMP B-TREE" in step or step == "SCAN object"], plan
    assert [step for step in plan if " INDEX " in step or "INTEGER PRIMARY KEY" in step], plan
    if "' = ?" in wanted.query(1)[0]:  # by a field: not merely in the order of time
        assert "<expr>=?" in plan[0], plan


@pytest.mark.parametrize(
    "wanted",
    [
        Selection("checkout.session").where(status="open").due("expires_at", 1),
        Selection("subscription").where(status="active").due("pause_collection__resumes_at", 1),
    ],
    ids=["lapsed", "rested"],
)
def test_each_round_looks_at_what_is_due_alone(rig: Rig, wanted: Selection) -> None:
    """By state and time together: not at everything that is open or active."""
    first, *_ = plan_of(rig, wanted)
    assert first.endswith("(<expr>=? AND <expr><?)"), first


def test_unknown_field_without_an_index_is_read_through(rig: Rig) -> None:
    """The control: the plan tells the difference."""
    assert "(<expr>" not in plan_of(rig, Selection("charge").where(description="x"))[0]


def plan_of(rig: Rig, wanted: Selection) -> list[str]:
    query, values = wanted.query(10)
    with sqlite3.connect(rig.settings.database) as file:
        return [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {query}", values)]
