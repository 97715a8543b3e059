"""What each month brings a subscription, played from the console."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import stripe

from donations_api.sandbox.months import month_after
from tests.donations.test_sandbox.rig import Rig, monthly

UPDATED = "customer.subscription.updated"
FAILS_LATER = "4000 0000 0000 0341"


def test_renewal_is_a_new_invoice_for_the_next_month(rig: Rig) -> None:
    """It is paid, linked, told in order, and the period moves on."""
    before = rig.subscribe()
    (old,) = before["items"]["data"]

    assert rig.act(f"subscriptions/{before.id}", "renew") == 303

    invoice, link, updated = rig.news()
    assert [invoice["type"], link["type"], updated["type"]] == [
        "invoice.paid",
        "invoice_payment.paid",
        UPDATED,
    ]
    paid = invoice["data"]["object"]
    assert (paid["billing_reason"], paid["attempt_count"]) == ("subscription_cycle", 1)
    assert paid["parent"]["subscription_details"]["metadata"]["pledge_id"] == "p1"
    (line,) = paid["lines"]["data"]
    assert line["period"]["start"] == old["current_period_end"]
    (item,) = updated["data"]["object"]["items"]["data"]
    assert item["current_period_start"] == old["current_period_end"]
    assert updated["data"]["object"]["latest_invoice"] == paid["id"] != before.latest_invoice
    assert "items" in updated["data"]["previous_attributes"]


def test_metadata_of_an_invoice_is_a_snapshot(rig: Rig) -> None:
    """A later change of the subscription's metadata reaches the next invoice, not the last."""
    subscription = rig.subscribe()
    v1 = rig.client().v1
    v1.subscriptions.update(subscription.id, {"metadata": {"gift_id": "g2"}})
    rig.act(f"subscriptions/{subscription.id}", "renew")

    first, second = subscription.latest_invoice, v1.subscriptions.retrieve(subscription.id)
    assert [gift_of(rig, one) for one in (first, second.latest_invoice)] == ["g1", "g2"]


def test_failed_renewal_is_tried_four_times_and_ends_the_subscription(rig: Rig) -> None:
    """Each failure is told with the next try; after the fourth the subscription is cancelled."""
    subscription = rig.subscribe()
    page = f"subscriptions/{subscription.id}"

    assert rig.act(page, "fail_renewal") == 303
    failed, updated = rig.news()
    invoice = failed["data"]["object"]
    assert (failed["type"], invoice["status"]) == ("invoice.payment_failed", "open")
    assert invoice["attempt_count"] == 1
    assert invoice["next_payment_attempt"] > invoice["created"]
    assert (updated["type"], updated["data"]["object"]["status"]) == (UPDATED, "past_due")
    assert rig.act(page, "renew") == 409  # the month that is open comes first
    for attempt in (2, 3):
        assert rig.act(page, "retry_fail") == 303
        (failed,) = rig.news()
        assert failed["data"]["object"]["attempt_count"] == attempt
    assert rig.act(page, "retry_fail") == 303

    failed, deleted = rig.news()
    assert failed["data"]["object"]["attempt_count"] == 4
    assert failed["data"]["object"]["next_payment_attempt"] is None
    assert deleted["type"] == "customer.subscription.deleted"
    assert deleted["data"]["object"]["status"] == "canceled"
    assert deleted["data"]["object"]["cancellation_details"]["reason"] == "payment_failed"
    assert rig.act(page, "retry_ok") == 409


def test_retry_with_success_pays_the_open_invoice(rig: Rig) -> None:
    """One invoice and one intent, two charges: the failed one and the paid one."""
    subscription = rig.subscribe()
    page = f"subscriptions/{subscription.id}"
    rig.act(page, "fail_renewal")
    failed = rig.news()[0]["data"]["object"]["id"]

    assert rig.act(page, "retry_ok") == 303

    paid, link, updated = rig.news()
    assert (paid["type"], paid["data"]["object"]["id"]) == ("invoice.paid", failed)
    assert updated["data"]["object"]["status"] == "active"
    intent = link["data"]["object"]["payment"]["payment_intent"]
    charges = rig.client().v1.charges.list({"payment_intent": intent})
    assert [charge.status for charge in charges.data] == ["succeeded", "failed"]


def test_a_paused_month_is_waived(rig: Rig) -> None:
    """Its invoice is void and nobody is charged; the pause ends with its time."""
    subscription = rig.subscribe()
    v1 = rig.client().v1
    (item,) = subscription["items"]["data"]
    until = item["current_period_end"] + 86400
    pause: Any = {"pause_collection": {"behavior": "void", "resumes_at": until}}
    v1.subscriptions.update(subscription.id, pause)
    rig.news()

    assert rig.act(f"subscriptions/{subscription.id}", "renew") == 303
    assert rig.types() == [UPDATED]
    now = v1.subscriptions.retrieve(subscription.id)
    assert isinstance(now.latest_invoice, str)
    assert v1.invoices.retrieve(now.latest_invoice).status == "void"
    assert now["items"]["data"][0]["current_period_start"] == item["current_period_end"]

    rig.act(f"subscriptions/{subscription.id}", "renew")  # the month in which the pause is over
    assert rig.types() == [UPDATED, "invoice.paid", "invoice_payment.paid", UPDATED]


def test_what_was_to_end_with_the_month_ends(rig: Rig) -> None:
    """``cancel_at_period_end``: the renewal is the end, and nobody is charged."""
    subscription = rig.subscribe()
    rig.client().v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    rig.news()

    rig.act(f"subscriptions/{subscription.id}", "renew")

    (event,) = rig.news()
    assert event["type"] == "customer.subscription.deleted"
    reason = event["data"]["object"]["cancellation_details"]["reason"]
    assert reason == "cancellation_requested"


def test_new_card_pays_what_is_open_and_later_months(rig: Rig) -> None:
    """The billing portal leads to a page where the card is replaced, and back."""
    subscription = rig.subscribe(number=FAILS_LATER)
    page = f"subscriptions/{subscription.id}"
    rig.act(page, "renew")
    assert rig.types() == ["invoice.payment_failed", UPDATED]
    assert isinstance(subscription.customer, str)
    portal = rig.client().v1.billing_portal.sessions.create(
        {
            "customer": subscription.customer,
            "return_url": rig.webhook.url + "pledge",
            "flow_data": {"type": "payment_method_update"},
        }
    )

    refused = type_card(rig, portal.url, number="4000 0000 0000 0002")
    assert refused.status_code == 422
    assert "declined" in refused.text
    assert rig.types() == []
    done = type_card(rig, portal.url)

    assert (done.status_code, done.headers["Location"]) == (303, rig.webhook.url + "pledge")
    events = rig.news()
    assert [event["type"] for event in events] == [
        UPDATED,
        "invoice.paid",
        "invoice_payment.paid",
        UPDATED,
    ]
    assert events[-1]["data"]["object"]["status"] == "active"
    rig.act(page, "renew")
    assert rig.types() == ["invoice.paid", "invoice_payment.paid", UPDATED]


def test_page_of_an_open_invoice_pays_it(rig: Rig) -> None:
    """``hosted_invoice_url`` leads to a page on which the donor pays what is open."""
    subscription = rig.subscribe()
    rig.act(f"subscriptions/{subscription.id}", "fail_renewal")
    invoice = rig.news()[0]["data"]["object"]
    assert "£25.00" in requests.get(invoice["hosted_invoice_url"], timeout=20).text

    assert type_card(rig, invoice["hosted_invoice_url"]).status_code == 200

    assert "invoice.paid" in rig.types()
    assert "Already paid" in requests.get(invoice["hosted_invoice_url"], timeout=20).text


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"customer": "cus_none"}, "customer"),
        ({"return_url": "/pledge"}, "return_url"),
        ({"flow_data": {"type": "subscription_pause"}}, "flow_data[type]=subscription_pause"),
    ],
)
def test_unfit_portal_sessions_are_refused(rig: Rig, changes: dict[str, Any], param: str) -> None:
    """An unknown customer, no way back, another flow: refused by name."""
    asked: Any = {
        "customer": rig.subscribe().customer,
        "return_url": rig.webhook.url,
        "flow_data": {"type": "payment_method_update"},
        **changes,
    }
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        rig.client().v1.billing_portal.sessions.create(asked)
    assert refusal.value.param == param


@pytest.mark.parametrize("arrives", [True, False])
def test_first_month_by_debit_is_decided_later(rig: Rig, arrives: bool) -> None:
    """The session completes unpaid and the invoice stays open until the bank has spoken."""
    session = rig.create(mode="subscription", line_items=[monthly()])
    rig.press(session.id, method="bacs_debit")

    created, completed = rig.news()
    assert created["data"]["object"]["status"] == "active"
    assert completed["data"]["object"]["payment_status"] == "unpaid"
    v1 = rig.client().v1
    invoice = v1.invoices.retrieve(completed["data"]["object"]["invoice"])
    assert (invoice.status, invoice.next_payment_attempt) == ("open", None)
    subscription = completed["data"]["object"]["subscription"]
    assert rig.act(f"subscriptions/{subscription}", "retry_ok") == 409  # one is on its way
    (charge,) = v1.charges.list().data

    assert rig.act(f"charges/{charge.id}", "settle" if arrives else "fail_debit") == 303

    assert rig.types() == (
        ["invoice.paid", "invoice_payment.paid", "checkout.session.async_payment_succeeded"]
        if arrives
        else ["checkout.session.async_payment_failed", "invoice.payment_failed", UPDATED]
    )


def test_other_sites_cannot_replace_the_card(rig: Rig) -> None:
    """A form on another page is refused with 403, on the portal and on an invoice's page."""
    subscription = rig.subscribe()
    rig.act(f"subscriptions/{subscription.id}", "fail_renewal")
    invoice = rig.news()[0]["data"]["object"]["hosted_invoice_url"]
    portal = rig.client().v1.billing_portal.sessions.create(
        {
            "customer": str(subscription.customer),
            "return_url": rig.webhook.url,
            "flow_data": {"type": "payment_method_update"},
        }
    )
    for url in (portal.url, invoice):
        assert type_card(rig, url, origin="https://example.org").status_code == 403
    assert rig.types() == []


def test_renewal_by_debit_is_decided_later(rig: Rig) -> None:
    """Nothing but the moved period is told until the debit has arrived."""
    subscription = rig.subscribe(method="bacs_debit")
    v1 = rig.client().v1
    rig.act(f"charges/{v1.charges.list().data[0].id}", "settle")
    rig.news()

    rig.act(f"subscriptions/{subscription.id}", "renew")
    assert rig.types() == [UPDATED]
    rig.act(f"charges/{v1.charges.list().data[0].id}", "settle")
    assert rig.types() == ["invoice.paid", "invoice_payment.paid"]


def test_months_keep_their_day() -> None:
    """The 31st of January, the last of February, the 31st of March."""

    def at(year: int, month: int, day: int) -> int:
        return int(datetime(year, month, day, 12, 30, tzinfo=UTC).timestamp())

    january = at(2027, 1, 31)
    february = month_after(january, january)
    assert february == at(2027, 2, 28)
    assert month_after(february, january) == at(2027, 3, 31)
    assert month_after(at(2026, 12, 5), at(2026, 11, 5)) == at(2027, 1, 5)


def gift_of(rig: Rig, invoice: Any) -> str:
    details = rig.client().v1.invoices.retrieve(invoice).to_dict()["parent"]
    gift: str = details["subscription_details"]["metadata"]["gift_id"]
    return gift


def type_card(
    rig: Rig, url: str, number: str = "4242 4242 4242 4242", origin: str | None = None
) -> requests.Response:
    return requests.post(
        url + "?language=en",
        data={"number": number, "expiry": "12/40", "cvc": "123"},
        headers={"Origin": origin or "/".join(rig.url.split("/")[:3])},
        allow_redirects=False,
        timeout=20,
    )
