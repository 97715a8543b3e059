"""What is told of pledges, refunds and disputes: late, lost, doubled, or about something else."""

import json
from typing import Any

import pytest

from donations_api.clerk import Outcome
from donations_api.entry import Kind
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.pledge import PledgeState
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.stripe_events import (
    NOW,
    a_dispute,
    a_gift,
    a_pledge,
    a_refund,
    a_session,
    a_subscription,
    an_event,
    an_invoice,
    an_invoice_payment,
    kept,
    kept_monthly,
)

UPDATED, DELETED = "customer.subscription.updated", "customer.subscription.deleted"


def kinds(rows: Rows, table: str) -> list[str]:
    return [kind for (kind,) in rows(f"SELECT kind FROM {table} ORDER BY rowid")]


def test_a_renewal_before_the_first_event_is_booked_all_the_same(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """The second month's invoice comes first: a gift of its own, under the pledge's names."""
    pledge, first = kept_monthly(ledger, name="Li Na", language="en", dedication="Grandma")
    invoice = an_invoice(pledge, first, 2, amount_paid=30000)
    assert deliver(an_event(invoice, "invoice.paid")) == Outcome.BOOKED
    with ledger.books() as books:
        renewal = books.gift_of_invoice(invoice["id"])
        begun = books.pledge(pledge.id)
        assert books.gift(first.id) == first
    assert renewal
    assert begun
    assert renewal.id != first.id
    assert (renewal.name, renewal.language, renewal.message) == ("Li Na", "en", "")
    assert (renewal.dedication, renewal.amount.minor) == ("Grandma", 30000)
    assert (begun.state, begun.subscription_id) == (PledgeState.ACTIVE, f"sub_{first.id}")
    assert kinds(rows, "receipts") == ["cn"]


def test_a_months_money_is_booked_from_its_invoice_alone(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """The session says "paid" too; were it booked as well, each order would end differently."""
    pledge, gift = kept_monthly(ledger)
    session = a_session(gift, mode="subscription", subscription="sub_1")
    for type_ in ("checkout.session.completed", "checkout.session.async_payment_succeeded"):
        assert deliver(an_event(session, type_)) in (Outcome.NOTED, Outcome.KEPT)
    assert kinds(rows, "entries") == []
    assert deliver(an_event(an_invoice(pledge, gift), "invoice.paid")) == Outcome.BOOKED


def test_a_pledge_that_the_books_have_lost_is_made_anew(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """From the invoice alone, with its first gift; later months find it again."""
    lost = a_pledge(language="en", name="Li Na", email="li@example.org")
    first = a_gift(pledge_id=lost.id)
    told = an_event(an_invoice(lost, first, 1), "invoice.paid")
    assert deliver(told) == Outcome.GIFT_MADE_ANEW
    assert deliver(an_event(an_invoice(lost, first, 2), "invoice.paid")) == Outcome.BOOKED
    with ledger.books() as books:
        pledge, gift = books.pledge(lost.id), books.gift(first.id)
    assert pledge
    assert gift
    assert (pledge.name, pledge.email, pledge.language) == ("Li Na", "li@example.org", "en")
    assert (gift.state, gift.pledge_id, gift.anonymous) == (State.RECEIVED, lost.id, True)
    assert len(kinds(rows, "outbox")) == 2


def test_old_news_of_a_subscription_undoes_nothing(ledger: Ledger, deliver: Deliver) -> None:
    """Paused after it had failed: the older event comes last, and changes nothing."""
    pledge, gift = kept_monthly(ledger)
    paused = a_subscription(pledge, gift, pause_collection={"behavior": "void"})
    failing = a_subscription(pledge, gift, status="past_due")
    now = int(NOW.timestamp())
    deliver(an_event(paused, UPDATED, created=now))
    deliver(an_event(failing, UPDATED, created=now - 60))
    with ledger.books() as books:
        found = books.pledge(pledge.id)
    assert found
    assert found.state is PledgeState.PAUSED


@pytest.mark.parametrize(
    ("reason", "said"),
    [("cancellation_requested", "asked"), ("payment_failed", "unpaid"), (None, "other")],
)
def test_an_end_is_an_end_and_is_thanked_for_once(
    ledger: Ledger, deliver: Deliver, rows: Rows, reason: str | None, said: str
) -> None:
    """Whatever news comes after it, and however often it is told."""
    pledge, gift = kept_monthly(ledger)
    over = a_subscription(pledge, gift, status="canceled", cancellation_details={"reason": reason})
    for _ in range(2):
        deliver(an_event(over, DELETED))
    later = an_event(a_subscription(pledge, gift), UPDATED, created=int(NOW.timestamp()) + 99)
    deliver(later)
    with ledger.books() as books:
        found = books.pledge(pledge.id)
    assert found
    assert found.state is PledgeState.ENDED
    ((letter,),) = rows("SELECT said FROM outbox WHERE kind = 'pledge_ended'")
    assert json.loads(letter)["reason"] == said


def test_a_month_that_fails_is_written_about_once(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """However often Stripe tries; not about the first month, nor one that was paid meanwhile."""
    pledge, gift = kept_monthly(ledger)
    failed = "invoice.payment_failed"
    deliver(an_event(an_invoice(pledge, gift, 1), failed))
    for attempt in (1, 2):
        invoice = an_invoice(pledge, gift, 2, next_payment_attempt=int(NOW.timestamp()) + attempt)
        deliver(an_event(invoice, failed))
    deliver(an_event(an_invoice(pledge, gift, 3), "invoice.paid"))
    deliver(an_event(an_invoice(pledge, gift, 3), failed))
    ((cause,),) = rows("SELECT cause FROM outbox WHERE kind = 'renewal_failed'")
    assert cause == f"in_{gift.id}_2"


def test_a_refund_of_a_second_payment_cancels_no_receipt(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """A gift paid twice by mistake has one receipt; it stands when the other payment goes back."""
    gift = kept(ledger)
    deliver(an_event(a_session(gift)))
    deliver(an_event(a_session(gift, payment_intent="pi_again")))
    deliver(an_event(a_refund("pi_again", 20000), "refund.created"))
    assert kinds(rows, "receipts") == ["cn"]
    assert kinds(rows, "entries") == ["gift", "gift", "refund"]
    deliver(an_event(a_refund(f"pi_{gift.id}", 20000), "refund.created"))
    assert kinds(rows, "receipts") == ["cn", "cancellation"]


def test_what_remains_of_a_receipt_is_reckoned_from_its_documents(
    ledger: Ledger, deliver: Deliver
) -> None:
    """Two parts, of which one comes back: each document says what stands after it."""
    gift = kept(ledger)
    payment = f"pi_{gift.id}"
    deliver(an_event(a_session(gift)))
    deliver(an_event(a_refund(payment, 5000, "a"), "refund.created"))
    deliver(an_event(a_refund(payment, 3000, "b"), "refund.created"))
    deliver(an_event(a_refund(payment, 5000, "a", status="failed"), "refund.failed"))
    deliver(an_event(a_refund(payment, 17000, "c"), "refund.created"))
    with ledger.books() as books:
        documents = books.receipts_of(gift.id)
    remaining = [one.snapshot["remaining"] for one in documents if one.kind == "cancellation"]
    assert remaining == [15000, 12000, 0]
    assert [one.serial for one in documents] == [1, 2, 3, 4, 5]


def test_an_event_waits_in_sight_until_its_parent_comes(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """Refund before link before invoice: each waits for the next, and all are booked at once."""
    pledge, gift = kept_monthly(ledger)
    refund = a_refund(f"pi_{gift.id}_1", 5000)
    undone = refund | {"status": "failed"}
    told: list[tuple[dict[str, Any], str]] = [
        (undone, "refund.failed"),
        (refund, "refund.created"),
        (an_invoice_payment(gift), "invoice_payment.paid"),
    ]
    for about, type_ in told:
        assert deliver(an_event(about, type_)) == Outcome.WAITING
    with ledger.books() as books:
        waiting = {one.type: one.waits_for for one in books.events_with("waiting")}
    assert waiting == {
        "refund.failed": refund["id"],
        "refund.created": f"pi_{gift.id}_1",
        "invoice_payment.paid": f"in_{gift.id}_1",
    }
    assert deliver(an_event(an_invoice(pledge, gift), "invoice.paid")) == Outcome.BOOKED
    assert kinds(rows, "entries") == [Kind.GIFT, Kind.REFUND, Kind.REFUND_FAILED]
    assert rows("SELECT count(*) FROM events WHERE outcome = 'waiting'") == [(0,)]


def test_one_that_waited_and_cannot_be_booked_stops_nobody(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """The payment that came is booked; the other waits on, and staff are told why."""
    gift = kept(ledger)
    # Larger than the database can hold: the entry itself is refused.
    huge = a_refund(f"pi_{gift.id}", 2**70)
    assert deliver(an_event(huge, "refund.created")) == Outcome.WAITING
    assert deliver(an_event(a_session(gift))) == Outcome.BOOKED
    assert kinds(rows, "entries") == ["gift"]
    with ledger.books() as books:
        (failure,) = books.failures()
        (waiting,) = books.events_with("waiting")
    assert failure.event_id == waiting.id


def test_more_refunded_than_came_is_a_broken_invariant(ledger: Ledger, deliver: Deliver) -> None:
    """Stripe refuses it; should it be told all the same, it is booked, and `check` says so."""
    gift = kept(ledger)
    deliver(an_event(a_session(gift)))
    for name in ("a", "b"):
        deliver(an_event(a_refund(f"pi_{gift.id}", 15000, name), "refund.created"))
    with ledger.books() as books:
        assert books.broken("more_went_back_than_came") == [gift.id]


def test_an_open_dispute_is_shown_until_it_is_decided(ledger: Ledger, deliver: Deliver) -> None:
    """A late word of it does not open it again."""
    gift = kept(ledger)
    payment = f"pi_{gift.id}"
    deliver(an_event(a_session(gift)))
    deliver(an_event(a_dispute(payment, 20000), "charge.dispute.created"))
    with ledger.books() as books:
        assert [one.gift_id for one in books.open_disputes()] == [gift.id]
    deliver(an_event(a_dispute(payment, 20000, status="won"), "charge.dispute.closed"))
    deliver(an_event(a_dispute(payment, 20000), "charge.dispute.updated"))
    with ledger.books() as books:
        assert books.open_disputes() == []


@pytest.mark.parametrize("type_", ["invoice.paid", UPDATED, DELETED])
def test_a_subscription_of_somebody_else_is_kept_as_such(
    deliver: Deliver, rows: Rows, type_: str
) -> None:
    """The Stripe account may sell a magazine too."""
    pledge, gift = a_pledge(), a_gift()
    about = (
        an_invoice(pledge, gift, parent=None)
        if type_ == "invoice.paid"
        else a_subscription(pledge, gift, metadata={})
    )
    assert deliver(an_event(about, type_)) == Outcome.NOT_OURS
    assert rows("SELECT * FROM pledges") == rows("SELECT * FROM entries") == []
