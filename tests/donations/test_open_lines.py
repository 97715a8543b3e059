"""What a person says about open lines of the bank's statement."""

from datetime import UTC, datetime

import pytest

from donations_api.bank_lines import BankLine
from donations_api.entry import Account
from donations_api.errors import Explained
from donations_api.gift import State
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.open_lines import Giver, book_line, match_line, open_again, set_aside
from donations_api.records import Payout, Signed
from donations_api.settings import Settings
from tests.donations.bank import SIGNED, Bank, a_line
from tests.donations.guards import Rows
from tests.donations.stripe_events import kept

GIVER = Giver("", "lina@example.org", "zh", "most-needed")


@pytest.fixture
def bank(ledger: Ledger, giving: Giving, settings: Settings) -> Bank:
    return Bank(ledger, giving, settings)


def opened(bank: Bank, **changed: str) -> BankLine:
    """An open line that the statement brought."""
    (told,) = bank.bring(a_line(**changed)).told
    with bank.ledger.reading() as books:
        line = books.bank_lines.line(told.line_id)
    assert line
    assert line.state == "open"
    return line


def state_of(bank: Bank, line: BankLine) -> str:
    with bank.ledger.reading() as books:
        found = books.bank_lines.line(line.id)
    assert found
    return found.state


def test_a_line_becomes_a_gift_of_its_payer(bank: Bank, rows: Rows) -> None:
    """With entry, receipt, mail and act; the line is not open any more, nor twice a gift."""
    line = opened(bank)
    gift = bank.do(book_line, line.id, GIVER, SIGNED)
    assert (gift.name, gift.amount, gift.recipient) == ("李娜", Money(10000, "CNY"), "house")
    assert gift.paid_out_at == datetime(2026, 11, 25, 4, tzinfo=UTC)
    assert rows("SELECT kind, about, gift_id FROM acts WHERE kind = 'book_line'") == [
        ("book_line", line.id, gift.id)
    ]
    assert rows("SELECT count(*) FROM receipts") == rows("SELECT count(*) FROM outbox") == [(1,)]
    with pytest.raises(Explained, match="decided"):
        bank.do(book_line, line.id, GIVER, SIGNED)
    with bank.ledger.reading() as books:
        assert books.bank_lines.open() == []
    assert bank.broken() == []


def test_a_payer_who_gave_before_is_proposed(bank: Bank) -> None:
    """By the same name and the same account only, and the latest gift."""
    bank.do(book_line, opened(bank, day="2026-11-01").id, GIVER, SIGNED)
    later = Giver("李娜女士", "new@example.org", "zh", "most-needed")
    bank.do(book_line, opened(bank, day="2026-11-02").id, later, SIGNED)
    unnumbered = opened(bank, payer_account="", day="2026-11-03")
    bank.do(book_line, unnumbered.id, GIVER, SIGNED)
    same = opened(bank)
    others = [
        opened(bank, payer="李妮"),
        opened(bank, payer_account="6222020200999"),
        opened(bank, payer_account=""),
    ]
    with bank.ledger.reading() as books:
        givers = books.bank_lines.givers()
        assert books.bank_lines.givers(same.id) == givers
        assert books.bank_lines.givers(others[0].id) == {}
    assert givers.keys() == {same.id}
    assert givers[same.id].email == "new@example.org"
    assert others


def test_a_line_is_matched_to_an_announced_gift(bank: Bank) -> None:
    """Whatever amount came: what came is booked."""
    gift, line = bank.announced(), opened(bank, credit="80")
    bank.do(match_line, line.id, gift.id, SIGNED)
    with bank.ledger.reading() as books:
        found, (entry,) = books.gift(gift.id), books.entries_of(gift.id)
    assert found
    assert found.state is State.RECEIVED
    assert entry.amount == Money(8000, "CNY")
    assert state_of(bank, line) == "gift"
    assert bank.broken() == []


def test_a_line_is_matched_to_what_was_entered_and_not_booked_again(bank: Bank, rows: Rows) -> None:
    gift, line = bank.enter(name="Li Na"), opened(bank)
    bank.do(match_line, line.id, gift.id, SIGNED)
    assert rows("SELECT count(*) FROM entries") == [(1,)]
    with pytest.raises(Explained, match="no_match"):  # it has its line
        bank.do(match_line, opened(bank, day="2026-11-24").id, gift.id, SIGNED)


def test_a_line_is_not_matched_to_what_it_cannot_be(bank: Bank, rows: Rows) -> None:
    """Another amount or recipient, the cash box, a gift on the payment page, none at all."""
    line = opened(bank)
    wrong = [
        bank.enter(name="1", reference="1", amount=Money(10001, "CNY")).id,
        bank.enter(name="2", reference="2", account=Account.CASH).id,
        kept(bank.ledger).id,
    ]
    for gift_id in wrong:
        with pytest.raises(Explained, match="no_match"):
            bank.do(match_line, line.id, gift_id, SIGNED)
    elsewhere = bank.announced()
    rows("UPDATE gifts SET recipient = 'elsewhere' WHERE id = ?", elsewhere.id)
    with pytest.raises(Explained, match="other_recipient"):
        bank.do(match_line, line.id, elsewhere.id, SIGNED)
    with pytest.raises(Explained, match="gift_unknown"):
        bank.do(match_line, line.id, "gift_unknown", SIGNED)
    assert state_of(bank, line) == "open"


def test_a_line_is_set_aside_and_opened_again(bank: Bank, rows: Rows) -> None:
    """Interest is no gift; who was mistaken takes it back. Each is an act."""
    line = opened(bank, remark="利息")
    bank.do(set_aside, line.id, SIGNED)
    assert state_of(bank, line) == "no_gift"
    with pytest.raises(Explained, match="decided"):
        bank.do(set_aside, line.id, SIGNED)
    bank.do(open_again, line.id, SIGNED)
    with pytest.raises(Explained, match="not_set_aside"):
        bank.do(open_again, line.id, SIGNED)
    bank.do(book_line, line.id, GIVER, SIGNED)
    with pytest.raises(Explained, match="not_set_aside"):
        bank.do(open_again, line.id, SIGNED)
    kinds = rows("SELECT kind FROM acts WHERE about = ? ORDER BY kind", line.id)
    assert kinds == [("book_line",), ("open_line_again",), ("set_aside_line",)]


def test_what_was_taken_for_a_payout_is_opened_again(bank: Bank) -> None:
    """A donor gave just what Stripe paid out in these days."""
    arrived = datetime(2026, 11, 24, tzinfo=UTC)
    with bank.ledger.books() as books:
        payout = Payout("po_1", "paid", Money(10000, "CNY"), 10000, arrived, arrived)
        books.statement.keep_payout(payout, [])
        books.commit()
    (told,) = bank.bring(a_line()).told
    assert told.which == "po_1"
    bank.do(open_again, told.line_id, SIGNED)
    assert bank.do(book_line, told.line_id, GIVER, SIGNED).name == "李娜"


@pytest.mark.parametrize("signed", [Signed("", "why"), Signed("王芳", " ")])
def test_nothing_is_done_without_who_and_why(bank: Bank, signed: Signed, rows: Rows) -> None:
    line, gift = opened(bank), bank.announced()
    for act, given in ((book_line, (GIVER,)), (match_line, (gift.id,)), (set_aside, ())):
        with pytest.raises(Explained, match="who_and_why"):
            bank.do(act, line.id, *given, signed)
    assert state_of(bank, line) == "open"
    assert rows("SELECT count(*) FROM entries") == [(0,)]


def test_a_line_that_nobody_knows_is_told(bank: Bank) -> None:
    with pytest.raises(Explained, match="unknown"):
        bank.do(set_aside, "bankline_none", SIGNED)


@pytest.mark.parametrize("entered", [{"reference": "B 17", "name": "Li Na"}, {"reference": "x"}])
def test_what_was_entered_while_its_line_was_open_is_not_booked_again(
    bank: Bank, rows: Rows, entered: dict[str, str]
) -> None:
    """By the bank's number, or by payer and day; the line is matched to what was entered."""
    line = opened(bank, reference="B 17")
    gift = bank.enter(**entered)
    with pytest.raises(Explained, match=r"bank_line\.entered"):
        bank.do(book_line, line.id, GIVER, SIGNED)
    assert rows("SELECT count(*) FROM entries") == [(1,)]
    bank.do(match_line, line.id, gift.id, SIGNED)
    another = opened(bank, reference="B 18")
    bank.do(book_line, another.id, GIVER, SIGNED)
    assert rows("SELECT count(*) FROM entries") == [(2,)]
    assert bank.broken() == []
