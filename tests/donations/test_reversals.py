"""Money that goes back: its entries, and the documents that say what stands of a receipt."""

from datetime import timedelta

import pytest

from donations_api.clerk import Outcome
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.gift import Gift, Receipt
from donations_api.ledger import Ledger
from donations_api.money import Money
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.stripe_events import (
    NOW,
    a_dispute,
    a_refund,
    a_session,
    an_event,
    kept,
)

LATER = NOW + timedelta(days=40)  # next year at the recipient's


@pytest.fixture
def gift(ledger: Ledger, deliver: Deliver) -> Gift:
    """A gift whose money came, with its receipt."""
    gift = kept(ledger)
    assert deliver(an_event(a_session(gift))) == Outcome.BOOKED
    return gift


def paid_by(gift: Gift) -> str:
    return f"pi_{gift.id}"


def documents(ledger: Ledger, gift: Gift) -> list[Receipt]:
    with ledger.books() as books:
        return books.receipts_of(gift.id)


def entries(ledger: Ledger, gift: Gift) -> list[Entry]:
    """The gift's entries beside its own."""
    with ledger.books() as books:
        return [one for one in books.entries_of(gift.id) if one.kind is not Kind.GIFT]


def test_a_cancellation_says_what_it_cancels_and_why(
    ledger: Ledger, deliver: Deliver, gift: Gift
) -> None:
    """A document of its own: numbered when it is made, and about the receipt that it names."""
    deliver(an_event(a_refund(paid_by(gift), 5000), "refund.created"), now=LATER)
    receipt, cancellation = documents(ledger, gift)
    assert cancellation.snapshot == dict(receipt.snapshot) | {
        "kind": "cancellation",
        "number": "XX-2027-000001",
        "issued_at": LATER.isoformat(),
        "amount": 5000,
        "cancels": receipt.number,
        "gift_amount": 20000,
        "remaining": 15000,
        "reason": "refund",
    }
    assert (cancellation.kind, cancellation.cause) == ("cancellation", f"re_{paid_by(gift)}_1")
    assert (cancellation.number, cancellation.issued_at) == ("XX-2027-000001", LATER)


def test_a_restoration_says_what_stands_again(
    ledger: Ledger, deliver: Deliver, gift: Gift, rows: Rows
) -> None:
    """And the donor gets a letter of each document."""
    refund = a_refund(paid_by(gift), 5000)
    deliver(an_event(refund, "refund.created"))
    deliver(an_event(refund | {"status": "failed"}, "refund.failed"))
    receipt, _, restoration = documents(ledger, gift)
    assert restoration.snapshot == dict(receipt.snapshot) | {
        "kind": "restoration",
        "number": "XX-2026-000003",
        "amount": 5000,
        "restores": receipt.number,
    }
    assert (restoration.kind, restoration.cause) == ("restoration", refund["id"])
    mails = rows("SELECT kind, cause, receipt_id FROM outbox ORDER BY rowid")
    assert mails == [
        (kind, one.cause, one.id)
        for kind, one in zip(
            ("receipt", "cancellation", "restoration"), documents(ledger, gift), strict=True
        )
    ]


def test_documents_speak_of_what_was_paid_not_of_what_was_asked(
    ledger: Ledger, deliver: Deliver
) -> None:
    """Stripe charged yen where yuan were asked for; yen go back, and the day is the payment's."""
    gift = kept(ledger)
    came = int(NOW.timestamp()) - 86400
    deliver(an_event(a_session(gift, amount_total=3000, currency="jpy"), created=came))
    refund = a_refund(paid_by(gift), 1000, currency="jpy")
    deliver(an_event(refund, "refund.created"))
    deliver(an_event(refund | {"status": "failed"}, "refund.failed"))
    _, cancellation, restoration = documents(ledger, gift)
    for one in (cancellation, restoration):
        assert one.amount == Money(1000, "JPY")
        assert one.snapshot["received_at"] == (NOW - timedelta(days=1)).isoformat()
    assert cancellation.snapshot["gift_amount"] == 3000
    assert cancellation.snapshot["remaining"] == 2000


def test_what_stands_again_can_be_cancelled_again(
    ledger: Ledger, deliver: Deliver, gift: Gift
) -> None:
    """What came back counts in what remains; and no document speaks of less than nothing."""
    first = a_refund(paid_by(gift), 15000, "a")
    deliver(an_event(first, "refund.created"))
    deliver(an_event(first | {"status": "failed"}, "refund.failed"))
    for name, minor in (("b", 8000), ("c", 11999), ("d", 1), ("e", 1)):
        deliver(an_event(a_refund(paid_by(gift), minor, name), "refund.created"))
    cancelled = [one for one in documents(ledger, gift) if one.kind == "cancellation"]
    assert [one.snapshot["remaining"] for one in cancelled] == [5000, 12000, 1, 0, 0]


def test_a_refund_is_one_entry_and_so_is_its_failure(
    ledger: Ledger, deliver: Deliver, gift: Gift, rows: Rows
) -> None:
    """Each with the time and the event that told of it; told again, nothing is added."""
    refund = a_refund(paid_by(gift), 5000)
    made = an_event(refund, "refund.created", created=int(NOW.timestamp()) - 60)
    failed = an_event(refund | {"status": "failed"}, "refund.failed")
    for event in (made, failed):
        assert deliver(event, now=LATER) == Outcome.BOOKED
        again = event | {"id": event["id"] + "_again"}
        assert deliver(again, now=LATER) == Outcome.ALREADY_BOOKED
    about = gift.fund, gift.recipient, refund["id"]
    money, before = Money(5000, "CNY"), NOW - timedelta(seconds=60)
    assert entries(ledger, gift) == [
        Entry(kind, gift.id, *ROUTES[kind], money, *about, event["id"], at, LATER)
        for kind, event, at in (
            (Kind.REFUND, made, before),
            (Kind.REFUND_FAILED, failed, NOW),
        )
    ]
    assert len(documents(ledger, gift)) == 3
    assert rows("SELECT DISTINCT gift_id FROM events") == [(gift.id,)]


def test_only_the_cancelled_part_is_restored(ledger: Ledger, deliver: Deliver, gift: Gift) -> None:
    """Of two refunds one fails; and of a payment without a receipt there is nothing to restore."""
    one, other = (a_refund(paid_by(gift), minor, str(minor)) for minor in (3000, 5000))
    for refund in (one, other):
        deliver(an_event(refund, "refund.created"))
    deliver(an_event(other | {"status": "failed"}, "refund.failed"))
    restored = documents(ledger, gift)[-1]
    assert (restored.kind, restored.cause, restored.amount.minor) == (
        "restoration",
        other["id"],
        5000,
    )

    deliver(an_event(a_session(gift, payment_intent="pi_again")))
    second = a_refund("pi_again", 20000)
    deliver(an_event(second, "refund.created"))
    assert deliver(an_event(second | {"status": "failed"}, "refund.failed")) == Outcome.BOOKED
    assert documents(ledger, gift)[-1] == restored


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("charge.dispute.funds_withdrawn", Kind.DISPUTE_WITHDRAWN),
        ("charge.dispute.funds_reinstated", Kind.DISPUTE_REINSTATED),
    ],
)
def test_a_disputes_money_is_an_entry_each_way(
    ledger: Ledger, deliver: Deliver, gift: Gift, rows: Rows, type_: str, kind: Kind
) -> None:
    """The receipt stands meanwhile: nothing is decided yet."""
    dispute = a_dispute(paid_by(gift), 7000)
    event = an_event(dispute, type_, created=int(NOW.timestamp()) - 60)
    assert deliver(event) == Outcome.BOOKED
    assert deliver(event | {"id": "evt_again"}) == Outcome.ALREADY_BOOKED
    about = gift.fund, gift.recipient, dispute["id"], event["id"]
    money, before = Money(7000, "CNY"), NOW - timedelta(seconds=60)
    assert entries(ledger, gift) == [
        Entry(kind, gift.id, *ROUTES[kind], money, *about, before, NOW)
    ]
    assert len(documents(ledger, gift)) == 1
    assert rows("SELECT DISTINCT gift_id FROM events") == [(gift.id,)]


@pytest.mark.parametrize(
    ("status", "state"), [("won", "won"), ("lost", "lost"), ("warning_closed", "closed")]
)
def test_a_decided_dispute_is_kept_as_it_was_decided(
    ledger: Ledger, deliver: Deliver, gift: Gift, rows: Rows, status: str, state: str
) -> None:
    """Only one that was lost cancels the receipt, by as much as the bank gave back."""
    opened = {"created": int(NOW.timestamp()) - 86400}
    for told, type_ in ((opened, "created"), (opened | {"status": status}, "closed")):
        event = an_event(a_dispute(paid_by(gift), 7000, **told), f"charge.dispute.{type_}")
        assert deliver(event) == Outcome.NOTED
    kept_as = rows("SELECT id, gift_id, state, amount, currency, opened_at FROM disputes")
    opened_at = "2026-11-22T08:00:00.000000+00:00"
    assert kept_as == [(f"dp_{paid_by(gift)}", gift.id, state, 7000, "CNY", opened_at)]
    assert entries(ledger, gift) == []
    assert rows("SELECT DISTINCT gift_id FROM events") == [(gift.id,)]
    later = documents(ledger, gift)[1:]
    assert [one.cause for one in later] == [f"dp_{paid_by(gift)}"] * (status == "lost")
    for one in later:
        assert (one.kind, one.amount) == ("cancellation", Money(7000, "CNY"))
        assert (one.snapshot["reason"], one.snapshot["remaining"]) == ("dispute", 13000)


def test_a_dispute_of_a_second_payment_cancels_no_receipt(
    ledger: Ledger, deliver: Deliver, gift: Gift
) -> None:
    """Whoever paid twice has one receipt, for the payment that was not disputed."""
    deliver(an_event(a_session(gift, payment_intent="pi_again")))
    lost = a_dispute("pi_again", 20000, status="lost")
    assert deliver(an_event(lost, "charge.dispute.closed")) == Outcome.NOTED
    assert len(documents(ledger, gift)) == 1


def test_each_reversal_waits_for_what_it_reverses(ledger: Ledger, deliver: Deliver) -> None:
    """By the name under which that will come."""
    waiting = {
        "refund.created": a_refund("pi_1", 5000),
        "refund.failed": a_refund("pi_2", 5000, status="failed"),
        "charge.dispute.created": a_dispute("pi_3", 5000),
    }
    for type_, about in waiting.items():
        assert deliver(an_event(about, type_)) == Outcome.WAITING
    with ledger.books() as books:
        known = {one.type: one.waits_for for one in books.events_with("waiting")}
    assert known == {
        "refund.created": "pi_1",
        "refund.failed": "re_pi_2_1",
        "charge.dispute.created": "pi_3",
    }
