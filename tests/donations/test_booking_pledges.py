"""Booking for pledges: months that Stripe charges, reminders that begin, debits that fail."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from donations_api.clerk import Outcome
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.pledge import Pledge, PledgeState
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.stripe_events import (
    COMPLETED,
    EXPIRED,
    NOW,
    a_gift,
    a_pledge,
    a_session,
    an_event,
    an_invoice,
    an_invoice_payment,
    kept,
    kept_monthly,
)

FAILED = "checkout.session.async_payment_failed"


def pledged(ledger: Ledger, pledge: Pledge) -> Pledge:
    """How a pledge stands in the books."""
    with ledger.books() as books:
        found = books.pledge(pledge.id)
    assert found
    return found


def promised(ledger: Ledger, **changed: object) -> Pledge:
    """A pledge by reminder that is in the ledger."""
    pledge = a_pledge(frequency="reminder", **changed)
    with ledger.books() as books:
        books.add_pledge(pledge)
        books.commit()
    return pledge


def test_the_first_gift_of_a_reminder_begins_it(ledger: Ledger, deliver: Deliver) -> None:
    """The next mail is due a month after the money came, by the recipient's calendar.

    It came on the 31st of January there, when it was still the 30th in UTC.
    """
    pledge = promised(ledger)
    gift = kept(ledger, frequency="reminder", pledge_id=pledge.id)
    came = datetime(2026, 1, 30, 17, 0, tzinfo=UTC)
    event = an_event(a_session(gift), created=int(came.timestamp()))
    assert deliver(event, now=came + timedelta(hours=5)) == Outcome.BOOKED
    due_at = datetime(2026, 2, 27, 17, 0, tzinfo=UTC)
    assert pledged(ledger, pledge) == replace(pledge, state=PledgeState.ACTIVE, due_at=due_at)


@pytest.mark.parametrize("state", [one for one in PledgeState if one != PledgeState.PENDING])
def test_a_later_gift_of_a_reminder_moves_nothing(
    ledger: Ledger, deliver: Deliver, state: PledgeState
) -> None:
    """Neither does a paused or an ended pledge begin again, nor is the next mail put off."""
    pledge = promised(ledger, state=state, due_at=NOW + timedelta(days=3))
    gift = kept(ledger, frequency="reminder", pledge_id=pledge.id)
    assert deliver(an_event(a_session(gift))) == Outcome.BOOKED
    assert pledged(ledger, pledge) == pledge


def test_a_lost_pledge_comes_back_with_any_month(ledger: Ledger, deliver: Deliver) -> None:
    """Also with a later one; what Stripe never heard of is left empty, and nobody is named."""
    lost = a_pledge(fee_cover=600, language="en", name="Li Na", email="li@example.org")
    invoice = an_invoice(lost, a_gift(pledge_id=lost.id), 2)
    assert deliver(an_event(invoice, "invoice.paid")) == Outcome.GIFT_MADE_ANEW
    assert pledged(ledger, lost) == replace(
        lost,
        state=PledgeState.ACTIVE,
        message="",
        consent_version="",
        subscription_id=invoice["parent"]["subscription_details"]["subscription"],
    )
    with ledger.books() as books:
        gift = books.gift_of_invoice(invoice["id"])
    assert gift
    assert (gift.pledge_id, gift.fee_cover, gift.anonymous) == (lost.id, 600, True)


def test_a_lost_pledge_whose_first_gift_is_known_is_booked_for_it(
    ledger: Ledger, deliver: Deliver
) -> None:
    """Nothing had to be made anew for the donor: it is no case for staff."""
    lost = a_pledge()
    gift = kept(ledger, frequency="monthly")
    assert deliver(an_event(an_invoice(lost, gift), "invoice.paid")) == Outcome.BOOKED


def test_a_month_is_booked_once_whatever_tells_of_it(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """A second event of the same invoice makes no second gift, of the first month or a later."""
    pledge, first = kept_monthly(ledger)
    for number in (1, 2):
        invoice = an_invoice(pledge, first, number)
        told = [deliver(an_event(invoice, "invoice.paid")) for _ in range(2)]
        assert told == [Outcome.BOOKED, Outcome.ALREADY_BOOKED]
    assert rows("SELECT count(*) FROM gifts") == rows("SELECT count(*) FROM entries") == [(2,)]


def test_the_first_months_receipt_says_what_the_donor_said(
    ledger: Ledger, deliver: Deliver
) -> None:
    """The gift of the form is the one that came, not one made anew from the invoice."""
    pledge, gift = kept_monthly(ledger)
    invoice = an_invoice(pledge, gift, customer_name="Name on the card")
    assert deliver(an_event(invoice, "invoice.paid")) == Outcome.BOOKED
    with ledger.books() as books:
        receipt = books.receipt_of(gift.id)
        assert books.gift(gift.id) == replace(gift, state=State.RECEIVED)
    assert receipt
    assert receipt.snapshot["donor"] == gift.name


def test_what_covers_the_fee_is_the_invoices_word(ledger: Ledger, deliver: Deliver) -> None:
    """The donor has changed the amount since; this month was charged as it was asked."""
    pledge, first = kept_monthly(ledger)
    invoice = an_invoice(replace(pledge, fee_cover=600), first, 2)
    deliver(an_event(invoice, "invoice.paid"))
    with ledger.books() as books:
        renewal = books.gift_of_invoice(invoice["id"])
    assert renewal
    assert (renewal.fee_cover, pledged(ledger, pledge).fee_cover) == (600, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PledgeState.PENDING, PledgeState.ACTIVE),
        (PledgeState.PAUSED, PledgeState.PAUSED),
        (PledgeState.FAILING, PledgeState.FAILING),
        (PledgeState.ENDED, PledgeState.ENDED),
    ],
)
def test_money_begins_a_pledge_and_does_not_revive_one(
    ledger: Ledger, deliver: Deliver, before: PledgeState, after: PledgeState
) -> None:
    """Whether it goes on is the subscription's news, which may have come before the invoice."""
    pledge, first = kept_monthly(ledger, state=before)
    deliver(an_event(an_invoice(pledge, first, 2), "invoice.paid"))
    assert pledged(ledger, pledge).state == after


def test_each_event_leads_staff_to_its_gift(ledger: Ledger, deliver: Deliver, rows: Rows) -> None:
    """Money, its link, and news without money: the inbox names the gift that each was about."""
    pledge, gift = kept_monthly(ledger)
    unpaid, expired = (kept(ledger, name=name) for name in ("never came back", "closed the page"))
    about = {
        "money": (an_event(an_invoice(pledge, gift), "invoice.paid"), gift),
        "link": (an_event(an_invoice_payment(gift), "invoice_payment.paid"), gift),
        "unpaid": (an_event(a_session(unpaid, payment_status="unpaid"), COMPLETED), unpaid),
        "expired": (an_event(a_session(expired, payment_status="unpaid"), EXPIRED), expired),
    }
    for event, _ in about.values():
        deliver(event)
    assert dict(rows("SELECT id, gift_id FROM events")) == {
        event["id"]: gift.id for event, gift in about.values()
    }


def test_a_debit_that_fails_is_written_about_once(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """However often it is told, and in the words of this very gift."""
    gift = kept(ledger, state=State.CONFIRMING, dedication="Grandma")
    for _ in range(2):
        assert deliver(an_event(a_session(gift), FAILED)) == Outcome.NOTED
    assert rows("SELECT state FROM gifts") == [("failed",)]
    ((kind, cause, address, said),) = rows("SELECT kind, cause, address, said FROM outbox")
    assert (kind, cause, address) == ("debit_failed", gift.id, gift.email)
    assert json.loads(said)["dedication"] == "Grandma"


def test_no_debit_is_said_to_have_failed_when_money_came(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """A late word of a first try is no news, nor is it one that an expired page has not failed."""
    gift, other = kept(ledger), kept(ledger)
    deliver(an_event(a_session(gift)))
    deliver(an_event(a_session(gift), FAILED))
    deliver(an_event(a_session(other, payment_status="unpaid"), EXPIRED))
    assert rows("SELECT kind FROM outbox") == [("receipt",)]
