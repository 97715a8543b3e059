"""Booking: every order and every repetition of one gift's events ends in the same books."""

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from donations_api.clerk import Outcome
from donations_api.errors import EventRefused
from donations_api.gift import State
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.settings import Settings
from donations_api.webhook import receive
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.stripe_events import (
    COMPLETED,
    EXPIRED,
    NOW,
    a_gift,
    a_session,
    an_event,
    kept,
    signed,
)


def counts(rows: Rows) -> list[int]:
    """How many entries, receipts and mails there are."""
    return [rows(f"SELECT count(*) FROM {one}")[0][0] for one in ("entries", "receipts", "outbox")]


def test_money_that_came_is_booked_with_receipt_and_mail(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """One entry, one numbered receipt, one mail to the donor; the gift has come."""
    gift = kept(ledger)
    event = an_event(a_session(gift), created=int(NOW.timestamp()) - 60)
    assert deliver(event) == Outcome.BOOKED
    with ledger.books() as books:
        booked, receipt, (entry,) = books.gift(gift.id), books.receipt_of(gift.id), books.entries()
    assert booked == replace(gift, state=State.RECEIVED)
    assert (entry.gift_id, entry.amount, entry.fund) == (gift.id, gift.amount, gift.fund)
    assert (entry.reference, entry.source) == (f"pi_{gift.id}", event["id"])
    assert (entry.received_at, entry.booked_at) == (NOW - timedelta(seconds=60), NOW)
    assert receipt
    assert receipt.number == "XX-2026-000001"
    ((address, message_id, due),) = rows("SELECT address, message_id, due_at FROM outbox")
    assert address == gift.email
    assert message_id == f"<{receipt.id}@example.org>"
    assert due == "2026-11-23T08:00:00.000000+00:00"


def test_every_order_of_the_events_ends_in_the_same_books(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """Unpaid, paid and expired, each twice and in any order: the money came, once."""
    orders = set(itertools.permutations([0, 0, 1, 1, 2, 2]))
    assert len(orders) == 90
    for number, order in enumerate(sorted(orders), start=1):
        gift = kept(ledger)
        events = [
            an_event(a_session(gift, payment_status="unpaid")),
            an_event(a_session(gift)),
            an_event(a_session(gift, payment_status="unpaid", status="expired"), EXPIRED),
        ]
        for which in order:
            deliver(events[which])
        with ledger.books() as books:
            ended, receipt = books.gift(gift.id), books.receipt_of(gift.id)
        assert ended
        assert receipt
        assert (ended.state, receipt.serial) == (State.RECEIVED, number), order
        assert counts(rows) == [number] * 3, order


@pytest.mark.parametrize(
    ("types", "state"),
    [
        (["unpaid"], State.CONFIRMING),
        (["expired"], State.EXPIRED),
        (["unpaid", "expired"], State.CONFIRMING),
        (["expired", "unpaid"], State.CONFIRMING),
    ],
)
def test_news_without_money_books_nothing(
    ledger: Ledger, deliver: Deliver, rows: Rows, types: list[str], state: State
) -> None:
    gift = kept(ledger)
    for one in types:
        session = a_session(gift, payment_status="unpaid")
        assert (
            deliver(an_event(session, EXPIRED if one == "expired" else COMPLETED)) == Outcome.NOTED
        )
    with ledger.books() as books:
        found = books.gift(gift.id)
    assert found
    assert found.state == state
    assert counts(rows) == [0, 0, 0]


def test_the_same_event_again_changes_nothing(ledger: Ledger, deliver: Deliver, rows: Rows) -> None:
    event = an_event(a_session(kept(ledger)))
    assert [deliver(event) for _ in range(3)] == ["booked", "repeated", "repeated"]
    assert counts(rows) == [1, 1, 1]


def test_another_event_of_the_same_payment_books_nothing(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """The payment's own key decides; with it dropped, the money would be booked twice."""
    session = a_session(kept(ledger))
    assert deliver(an_event(session)) == Outcome.BOOKED
    assert deliver(an_event(session)) == Outcome.ALREADY_BOOKED
    assert counts(rows) == [1, 1, 1]

    rows("DROP INDEX entries_once")
    deliver(an_event(session))
    assert counts(rows)[0] == 2


def test_a_gift_paid_twice_is_booked_twice_and_shown_to_staff(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """Two payments are two entries, but a gift has one receipt, and no number is lost over it.

    With the receipt's key dropped there would be a second one.
    """
    gift = kept(ledger)
    assert deliver(an_event(a_session(gift))) == Outcome.BOOKED
    assert deliver(an_event(a_session(gift, payment_intent="pi_2"))) == Outcome.PAID_TWICE
    assert counts(rows) == [2, 1, 1]
    other = kept(ledger)
    deliver(an_event(a_session(other)))
    with ledger.books() as books:
        receipt = books.receipt_of(other.id)
        assert receipt
        assert receipt.serial == 2
        assert books.broken("broken_numbering") == []
        assert [one.gift_id for one in books.events_with("paid_twice")] == [gift.id]

    rows("DROP INDEX receipts_once")
    deliver(an_event(a_session(gift, payment_intent="pi_3")))
    assert counts(rows) == [4, 3, 3]


def test_what_was_paid_is_booked_and_what_was_asked_stays(ledger: Ledger, deliver: Deliver) -> None:
    """Stripe's word on the amount counts in the books and on the receipt."""
    gift = kept(ledger)
    deliver(an_event(a_session(gift, amount_total=3000, currency="jpy")))
    with ledger.books() as books:
        (entry,), asked, receipt = books.entries(), books.gift(gift.id), books.receipt_of(gift.id)
    assert asked
    assert receipt
    assert entry.amount == Money(3000, "JPY")
    assert asked.amount == gift.amount
    assert (receipt.snapshot["amount"], receipt.snapshot["currency"]) == (3000, "JPY")


def test_a_gift_that_the_books_have_lost_is_made_anew(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """Yesterday's copy was restored: today's payment still gets its gift, receipt and mail."""
    lost = a_gift(language="en", name="Li Na", email="li@example.org")
    assert deliver(an_event(a_session(lost))) == Outcome.GIFT_MADE_ANEW
    with ledger.books() as books:
        made, receipt = books.gift(lost.id), books.receipt_of(lost.id)
    # What Stripe never heard of cannot come back, and nobody is named without having said yes.
    assert made == replace(
        lost, state=State.RECEIVED, message="", anonymous=True, consent_version=""
    )
    assert receipt
    assert receipt.snapshot["donor"] == "Li Na"
    assert counts(rows) == [1, 1, 1]
    assert deliver(an_event(a_session(lost))) == Outcome.ALREADY_BOOKED


@pytest.mark.parametrize("details", [None, {}, [1], {"email": None, "name": None}])
def test_a_lost_gift_without_name_and_address_is_booked_too(
    deliver: Deliver, rows: Rows, details: Any
) -> None:
    """There is nobody to write to, yet the money and its receipt are in the books."""
    session = a_session(a_gift(), customer_details=details, customer_email=None)
    assert deliver(an_event(session)) == Outcome.GIFT_MADE_ANEW
    assert counts(rows) == [1, 1, 0]


def test_a_lost_gift_takes_no_signs_that_are_no_text(
    ledger: Ledger, giving: Giving, settings: Settings
) -> None:
    """Halves of characters and control signs cannot break the books or the mail."""
    lost = a_gift()
    details = {"name": "Li\u202e\x00\ud800 Na\r\nBcc: x@example.org", "email": lost.email}
    # Halves of characters travel as escapes.
    body = json.dumps(an_event(a_session(lost, customer_details=details))).encode()
    assert receive(ledger, giving, settings, body, signed(body), NOW) == Outcome.GIFT_MADE_ANEW
    with ledger.books() as books:
        made = books.gift(lost.id)
    assert made
    assert made.name == "Li NaBcc: x@example.org"


def test_an_expired_page_of_an_unknown_gift_is_only_kept(deliver: Deliver, rows: Rows) -> None:
    """No money, no gift: there is nothing to make anew."""
    session = a_session(a_gift(), payment_status="unpaid")
    assert deliver(an_event(session, EXPIRED)) == Outcome.KEPT
    assert rows("SELECT * FROM gifts") == []


def test_money_for_a_recipient_nobody_declared_waits_for_the_operator(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """Who issues its receipt is unknown: evidence is kept, and the retry is booked once mended."""
    gift = kept(ledger, recipient="gone")
    with pytest.raises(EventRefused) as caught:
        deliver(an_event(a_session(gift)))
    assert (caught.value.message, caught.value.values) == (
        "webhook.recipient_unknown",
        {"recipient": "gone"},
    )
    assert counts(rows) == [0, 0, 0]
    assert len(rows("SELECT * FROM event_failures")) == 1


@pytest.mark.parametrize(
    ("zone", "moment", "number"),
    [
        ("Asia/Shanghai", datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "XX-2026-000001"),
        ("Asia/Shanghai", datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), "XX-2027-000001"),
        ("UTC", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "XX-2026-000001"),
        ("UTC", datetime(2027, 1, 1, 0, 0, 0, tzinfo=UTC), "XX-2027-000001"),
        ("America/New_York", datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC), "XX-2026-000001"),
    ],
)
def test_the_year_is_the_recipients(
    ledger: Ledger, deliver: Deliver, giving: Giving, zone: str, moment: datetime, number: str
) -> None:
    """New year comes when it comes at the recipient's, whatever the server's clock says."""
    (recipient,) = giving.recipients
    there = replace(giving, recipients=(replace(recipient, time_zone=ZoneInfo(zone)),))
    gift = kept(ledger)
    deliver(an_event(a_session(gift)), now=moment, using=there)
    with ledger.books() as books:
        receipt = books.receipt_of(gift.id)
    assert receipt
    assert receipt.number == number


def test_each_year_begins_with_one(ledger: Ledger, deliver: Deliver) -> None:
    numbers = []
    for moment in (NOW, NOW, NOW + timedelta(days=60), NOW + timedelta(days=60)):
        gift = kept(ledger)
        deliver(an_event(a_session(gift)), now=moment)
        with ledger.books() as books:
            receipt = books.receipt_of(gift.id)
        assert receipt
        numbers.append(receipt.number)
    assert numbers == ["XX-2026-000001", "XX-2026-000002", "XX-2027-000001", "XX-2027-000002"]
