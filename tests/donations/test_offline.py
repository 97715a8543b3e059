"""Gifts past Stripe that a person enters: announced transfers, and gifts in kind."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from donations_api.entry import Account, Standing, standing
from donations_api.errors import Explained
from donations_api.extracts import Place, Wanted
from donations_api.gift import Gift, State
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.month_end import month_end
from donations_api.offline import Correction, GiftInKind, announce, correct, enter_in_kind
from donations_api.periods import days_of, month_of
from donations_api.records import Signed
from donations_api.settings import Settings
from tests.donations.bank import SIGNED, TODAY, Bank
from tests.donations.guards import Rows
from tests.donations.stripe_events import a_gift

COATS = GiftInKind(
    description="冬衣  40件，\n全新",
    reference="goods 17",
    name="赵敏",
    email="zhao@example.org",
    language="zh",
    fund="most-needed",
    recipient="house",
    received_at=datetime(2026, 11, 25, 4, 0, tzinfo=UTC),
)


@pytest.fixture
def bank(ledger: Ledger, giving: Giving, settings: Settings) -> Bank:
    return Bank(ledger, giving, settings)


def test_an_announced_transfer_waits_and_nothing_is_booked(bank: Bank, rows: Rows) -> None:
    """However long: it has its code and its letter, and the books are sound."""
    gift = bank.announced()
    with bank.ledger.reading() as books:
        found = books.gift(gift.id)
    assert found == gift
    assert found.state is State.PENDING
    assert standing(found, []) is Standing.AWAITING_TRANSFER
    assert standing(a_gift(), []) is Standing.PENDING
    ((kind, said),) = rows("SELECT kind, said FROM outbox")
    assert kind == "transfer"
    assert gift.transfer_code in said
    assert rows("SELECT count(*) FROM entries") == rows("SELECT count(*) FROM acts") == [(0,)]
    assert bank.broken() == []


def test_who_announces_for_a_donor_says_who_and_why(bank: Bank, rows: Rows) -> None:
    gift = bank.do(announce, a_gift(), SIGNED)
    assert rows("SELECT kind, about, entered_by FROM acts") == [
        ("announce_transfer", gift.id, "王芳")
    ]
    with pytest.raises(Explained, match="who_and_why"):
        bank.do(announce, a_gift(), Signed("", ""))
    assert rows("SELECT count(*) FROM gifts") == [(1,)]


def test_a_gift_in_kind_is_described_and_not_valued(bank: Bank, rows: Rows) -> None:
    """Received, with a numbered receipt, a mail and an act; no money moves."""
    gift: Gift = bank.do(enter_in_kind, COATS, SIGNED)
    assert (gift.state, gift.amount) == (State.RECEIVED, Money(0, "XXX"))
    assert gift.in_kind == "冬衣 40件， 全新"
    with bank.ledger.reading() as books:
        (receipt,) = books.receipts_of(gift.id)
        assert books.entries() == []
        assert books.balances() == []
        assert standing(gift, books.entries_of(gift.id)) is Standing.RECEIVED
    assert (receipt.kind, receipt.number, receipt.cause) == ("cn", "XX-2026-000001", gift.id)
    assert receipt.snapshot["in_kind"] == "冬衣 40件， 全新"
    assert receipt.snapshot["received_at"] == "2026-11-25T04:00:00+00:00"
    assert rows("SELECT kind, about, gift_id FROM acts") == [("gift_in_kind", "goods 17", gift.id)]
    assert rows("SELECT kind, address FROM outbox") == [("receipt", "zhao@example.org")]
    assert bank.broken() == []


def test_a_gift_in_kind_is_entered_once(bank: Bank, rows: Rows) -> None:
    """By its reference; nor without a description, a known fund, who and why."""
    bank.do(enter_in_kind, COATS, SIGNED)
    for things, signed, message in (
        (COATS, SIGNED, "there_already"),
        (replace(COATS, reference="18", description=" \n"), SIGNED, "in_kind_empty"),
        (replace(COATS, reference="18", fund="nothing"), SIGNED, "offline.fund"),
        (replace(COATS, reference="18"), Signed("王芳", ""), "who_and_why"),
    ):
        with pytest.raises(Explained, match=message):
            bank.do(enter_in_kind, things, signed)
    bank.do(enter_in_kind, replace(COATS, reference="18"), SIGNED)
    assert rows("SELECT count(*) FROM gifts") == [(2,)]


def test_the_check_finds_what_is_wrong_with_a_gift_in_kind(bank: Bank, rows: Rows) -> None:
    """Without a receipt, with money, or as a receipt that is about nothing."""
    gift: Gift = bank.do(enter_in_kind, COATS, SIGNED)
    paid = bank.enter()
    rows.drop_triggers()
    rows("UPDATE entries SET gift_id = ?", gift.id)
    assert bank.broken() == [
        ("received_without_entry", paid.id),
        ("entries_of_gifts_in_kind", gift.id),
        ("receipts_without_entry", "XX-2026-000002"),
    ]
    rows("UPDATE entries SET gift_id = ?", paid.id)
    assert bank.broken() == []
    rows("UPDATE receipts SET cause = ? WHERE gift_id = ?", paid.id, gift.id)
    assert bank.broken() == [("receipts_without_entry", "XX-2026-000001")]
    rows(
        "UPDATE receipts SET gift_id = ?, kind = 'cancellation' WHERE gift_id = ?", paid.id, gift.id
    )
    assert ("entries_without_receipt", gift.id) in bank.broken()


def test_a_gift_has_either_an_amount_or_a_description(bank: Bank, rows: Rows) -> None:
    """The database refuses a value for things, and money without an amount."""
    gift: Gift = bank.do(enter_in_kind, COATS, SIGNED)
    for change in ("in_kind = ''", "amount = 100", "currency = 'CNY'"):
        with pytest.raises(Exception, match="gifts_amount_check"):
            rows(f"UPDATE gifts SET {change} WHERE id = ?", gift.id)


def test_a_gift_that_is_given_back_past_stripe_cancels_its_receipt(bank: Bank, rows: Rows) -> None:
    """So much of it, with a letter; every sum counts it as returned, and no more goes back."""
    gift = bank.enter()

    def back(minor: int, reference: str, currency: str = "CNY") -> Correction:
        amount = Money(minor, currency)
        way = (Account.BANK, Account.DONORS)
        return Correction(amount, *way, reference, gift.id, "王芳", "sent to the wrong charity")

    month = month_of("2026-11", bank.form().recipient.time_zone)
    wanted = Wanted(days_of("", "", month.zone))
    for minor, reference, stands in (
        (4000, "back 1", Standing.PARTLY_REFUNDED),
        (6000, "back 2", Standing.REFUNDED),
    ):
        bank.do(correct, back(minor, reference))
        with bank.ledger.reading() as books:
            assert standing(gift, books.entries_of(gift.id)) is stands
            ((_, given),) = books.extracts.gifts(wanted, TODAY, Place(), 9)
        assert given.standing is stands
    assert given.returned == Money(10000, "CNY")
    with bank.ledger.reading() as books:
        _, *cancelled = books.receipts_of(gift.id)
        (fund,) = month_end(books.extracts, month).funds
        totals = books.overview.totals(month.begins, month.begins)
    assert [one.snapshot["remaining"] for one in cancelled] == [6000, 0]
    assert {one.snapshot["reason"] for one in cancelled} == {"correction"}
    assert (fund.received, fund.returned, fund.corrected, fund.closing) == (10000, 10000, 0, 0)
    assert [one.month for one in totals] == [Money(0, "CNY")]
    assert rows("SELECT count(*) FROM outbox WHERE kind = 'cancellation'") == [(2,)]
    for wrong in (back(1, "back 3"), back(1, "back 4", "GBP")):
        with pytest.raises(Explained, match="more_than_stands"):
            bank.do(correct, wrong)
    assert rows("SELECT count(*) FROM entries") == [(3,)]
    assert bank.broken() == []
