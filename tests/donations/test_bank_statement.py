"""The bank's statement comes into the books: what each line ends as, and that nothing is lost."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from donations_api.bank_file import StatementFile
from donations_api.bank_statement import import_statement
from donations_api.entry import Account
from donations_api.errors import Explained
from donations_api.gift import State
from donations_api.giving import Giving, load_giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.offline import announce
from donations_api.records import Payout, Signed
from donations_api.settings import Settings
from tests.donations.bank import HEADER, Bank, a_line, came_to
from tests.donations.guards import Rows
from tests.donations.running import settings_for
from tests.donations.stripe_events import a_gift


@pytest.fixture
def bank(ledger: Ledger, giving: Giving, settings: Settings) -> Bank:
    return Bank(ledger, giving, settings)


def test_a_code_books_the_announced_gift(bank: Bank, rows: Rows) -> None:
    """However it was typed: received, at the bank, entry by a person, receipt, mail; and sound."""
    gift = bank.announced()
    typed = f"捐款{(gift.transfer_code or '').replace('-', '　').lower()}张伟"
    assert came_to(bank.bring(a_line(remark=typed))) == [("matched", "announced")]
    with bank.ledger.reading() as books:
        found = books.gift(gift.id)
        (entry,) = books.entries_of(gift.id)
        (receipt,) = books.receipts_of(gift.id)
    assert found
    assert found.state is State.RECEIVED
    # Noon in Shanghai, so that it is the bank's day there and in UTC.
    assert found.settled_at == found.paid_out_at == datetime(2026, 11, 25, 4, tzinfo=UTC)
    assert (entry.put_into, entry.source, entry.entered_by) == ("bank", "person", "王芳")
    assert (receipt.number, receipt.amount) == ("XX-2026-000001", Money(10000, "CNY"))
    kinds = [kind for (kind,) in rows("SELECT kind FROM outbox ORDER BY kind")]
    assert kinds == ["receipt", "transfer"]
    assert rows("SELECT state, gift_id FROM bank_lines") == [("gift", gift.id)]
    assert bank.broken() == []


def test_what_a_program_filled_a_column_up_with_is_nothing(bank: Bank, rows: Rows) -> None:
    """NUL, which PostgreSQL takes in no text: the line is kept without, and so are the others."""
    padded = a_line(payer="李娜\0\0\0", remark="房租\0", reference="\0L1\0")
    assert came_to(bank.bring(padded, a_line(reference="L2"))) == [("no_match", "")] * 2
    kept = rows("SELECT payer, remark, bank_reference FROM bank_lines ORDER BY bank_reference")
    assert kept == [("李娜", "转账 房租", "L1"), ("李娜", "转账", "L2")]


def test_another_amount_is_booked_as_it_came_and_flagged(bank: Bank) -> None:
    """The receipt is about the money, whatever was announced."""
    gift = bank.announced()
    report = bank.bring(a_line(remark=gift.transfer_code or "", credit="80.00"))
    assert came_to(report) == [("matched", "other_amount")]
    with bank.ledger.reading() as books:
        receipt = books.receipt_of(gift.id)
    assert receipt
    assert receipt.amount == Money(8000, "CNY")


def test_a_code_that_is_used_again_is_a_further_gift(bank: Bank) -> None:
    """Within one file and in a later one: of the same donor, with entry and receipt of its own."""
    gift = bank.announced(email="zhang@example.org", message="只说一次")
    code = gift.transfer_code or ""
    report = bank.bring(a_line(remark=code), a_line(remark=code, credit="30"))
    assert came_to(report) == [("matched", "announced"), ("matched", "further")]
    later = bank.bring(a_line(remark=code, day="2026-11-26"))
    assert came_to(later) == [("matched", "further")]
    with bank.ledger.reading() as books:
        gifts = books.gifts_of("zhang@example.org")
        assert [len(books.entries_of(one.id)) for one in gifts] == [1, 1, 1]
        assert all(books.receipt_of(one.id) for one in gifts)
    assert sorted(one.amount.minor for one in gifts) == [3000, 10000, 10000]
    assert [one.message for one in gifts].count("只说一次") == 1
    assert bank.broken() == []


def test_a_slip_or_somebody_elses_account_is_left_for_a_person(bank: Bank, rows: Rows) -> None:
    """A wrong code, no code, a code of another recipient's, two codes: nothing is guessed."""
    one, other = bank.announced(), bank.announced()
    rows("UPDATE gifts SET recipient = 'elsewhere' WHERE id = ?", other.id)
    codes = [one.transfer_code or "", other.transfer_code or ""]
    third = bank.announced().transfer_code
    wrong = codes[0][:-1] + ("2" if codes[0][-1] != "2" else "3")
    report = bank.bring(
        a_line(remark=wrong),
        a_line(remark="祝好"),
        a_line(remark=codes[1]),
        a_line(remark=f"{codes[0]}、{third}"),
    )
    assert came_to(report) == [
        ("no_match", ""),
        ("no_match", ""),
        ("no_match", "other_recipient"),
        ("no_match", ""),
    ]
    assert rows("SELECT count(*) FROM entries") == [(0,)]
    assert rows("SELECT count(*) FROM bank_lines WHERE state = 'open'") == [(4,)]


def test_what_a_person_entered_is_not_booked_again(bank: Bank, rows: Rows) -> None:
    """The same payer, amount and account within three days, or the bank's own number."""
    bank.enter()
    bank.enter(reference="N7", name="Li Na", amount=Money(5000, "CNY"))
    report = bank.bring(
        a_line(day="2026-11-28", payer="李　娜".replace("　", "")),
        a_line(credit="50", payer="李娜", reference="N7"),
    )
    assert came_to(report) == [("matched", "entered"), ("matched", "entered")]
    assert rows("SELECT count(*) FROM entries") == [(2,)]
    again = bank.bring(a_line(day="2026-11-27"))
    assert came_to(again) == [("no_match", "")]  # each is the money of one line


@pytest.mark.parametrize(
    ("entered", "line"),
    [
        ({}, {"day": "2026-11-29"}),
        ({}, {"credit": "100.01"}),
        ({}, {"payer": "李妮"}),
        ({"name": ""}, {"payer": ""}),
        ({"account": "cash"}, {}),
    ],
)
def test_what_differs_is_not_taken_for_what_was_entered(
    bank: Bank, entered: dict[str, str], line: dict[str, str]
) -> None:
    """Four days, a cent, another sign of the name, no name at all, the cash box."""
    changed = {"account": Account(entered["account"])} if "account" in entered else entered
    bank.enter(**changed)
    assert came_to(bank.bring(a_line(**line))) == [("no_match", "")]


def test_a_number_is_kept_for_its_own_line(bank: Bank) -> None:
    """An equal gift of the same donor does not take what was entered with another line's number."""
    bank.enter(reference="N2")
    report = bank.bring(a_line(reference="N1"), a_line(reference="N2"))
    assert came_to(report) == [("no_match", ""), ("matched", "entered")]


def test_a_line_without_a_code_has_the_better_right_to_what_was_entered(bank: Bank) -> None:
    """So that the announced gift is booked by its own code, whichever line comes first."""
    bank.enter(name="张伟")
    gift = bank.announced()
    report = bank.bring(a_line(payer="张伟", remark=gift.transfer_code or ""), a_line(payer="张伟"))
    assert came_to(report) == [("matched", "announced"), ("matched", "entered")]


def test_a_number_that_the_statement_brought_is_not_entered_again(bank: Bank) -> None:
    gift = bank.announced()
    bank.bring(a_line(remark=gift.transfer_code or "", reference="N1"))
    with pytest.raises(Explained, match="there_already"):
        bank.enter(reference="N1")


def test_stripes_payout_is_no_gift(bank: Bank, rows: Rows) -> None:
    """Of the same amount and currency, near its day, each once; one that failed is none."""
    arrived = datetime(2026, 11, 23, tzinfo=UTC)
    with bank.ledger.books() as books:
        for name, state in (("po_1", "paid"), ("po_2", "failed")):
            payout = Payout(name, state, Money(97000, "CNY"), 97000, arrived, arrived)
            books.statement.keep_payout(payout, [])
        books.commit()
    line = a_line(credit="970.00", payer="STRIPE")
    report = bank.bring(line, line, a_line(credit="970", payer="STRIPE", day="2026-12-05"))
    assert came_to(report) == [("matched", "payout"), ("no_match", ""), ("no_match", "")]
    assert report.told[0].which == "po_1"
    with bank.ledger.books() as books:
        payout = Payout("po_3", "paid", Money(97000, "CNY"), 97000, arrived, arrived)
        books.statement.keep_payout(payout, [])
        books.commit()
    codes = f"{bank.announced().transfer_code}、{bank.announced().transfer_code}"
    report = bank.bring(a_line(credit="970.00", remark=codes))
    assert came_to(report) == [("no_match", "")]  # who wrote a code is a donor
    assert rows("SELECT count(*) FROM entries") == [(0,)]


def test_a_file_that_comes_twice_adds_nothing(bank: Bank, rows: Rows) -> None:
    """Nor do files that overlap. Two equal lines of one file are two; one number is one."""
    gift = bank.announced()
    lines = [
        a_line(remark=gift.transfer_code or ""),
        a_line(),
        a_line(),
        a_line(reference="N1"),
        a_line(reference="N1"),
        a_line(reference="N1", payer="赵敏"),
        a_line(credit="", debit="100"),
    ]
    first = bank.bring(*lines)
    assert first.counts == {"matched": 1, "no_match": 4, "duplicate": 1, "outgoing": 1, "bad": 0}
    before = rows("SELECT * FROM bank_lines"), rows("SELECT * FROM entries")
    again = bank.bring(*reversed(lines))
    assert again.counts == {"matched": 0, "no_match": 0, "duplicate": 6, "outgoing": 1, "bad": 0}
    more = bank.bring(*lines, a_line(day="2026-11-26"))
    assert more.counts["no_match"] == 1
    assert rows("SELECT * FROM bank_lines")[:5] == before[0]
    assert rows("SELECT * FROM entries") == before[1]


def test_the_bank_may_write_the_same_line_otherwise(bank: Bank) -> None:
    """Width, blanks, encoding and the order of the columns do not make it another line."""
    bank.bring(a_line(payer="ABC公司"))
    assert came_to(bank.bring(a_line(payer="ＡＢＣ公司 ", credit='"100.00"'))) == [
        ("duplicate", "")
    ]


def test_two_donors_of_one_day_and_amount_stay_two(bank: Bank, rows: Rows) -> None:
    """Chinese names are never normalised away."""
    report = bank.bring(
        a_line(payer="张伟", payer_account=""), a_line(payer="王芳", payer_account="")
    )
    assert came_to(report) == [("no_match", "")] * 2
    assert sorted(rows("SELECT payer FROM bank_lines")) == sorted([("张伟",), ("王芳",)])
    bank.enter(name="张伟", reference="1")
    bank.enter(name="王芳", reference="2")
    with pytest.raises(Explained, match="there_already"):
        bank.enter(name="王芳", reference="2")
    assert rows("SELECT count(*) FROM gifts") == [(2,)]


def test_a_preview_says_the_same_and_writes_nothing(bank: Bank, rows: Rows) -> None:
    gift = bank.announced()
    lines = [a_line(remark=gift.transfer_code or ""), a_line()]
    seen = bank.bring(*lines, look_only=True)
    assert rows("SELECT count(*) FROM bank_lines") == [(0,)]
    assert rows("SELECT kind FROM acts") == []
    done = bank.bring(*lines)
    assert (seen.told, seen.counts) == (done.told, done.counts)


def test_an_import_is_an_act_with_who_and_why(bank: Bank, rows: Rows) -> None:
    """Without them nothing is imported."""
    bank.bring(a_line())
    assert rows("SELECT kind, about, entered_by FROM acts") == [
        ("import_statement", "sample-zh", "王芳")
    ]
    with pytest.raises(Explained, match="who_and_why"):
        bank.do(import_statement, bank.form(), StatementFile((), ()), "x.csv", Signed("", "why"))


def test_each_key_of_the_lines_refuses_a_second_row(bank: Bank, rows: Rows) -> None:
    """A transfer code, a gift's line and a payout's line exist once."""
    one, other = bank.announced(), bank.announced()
    bank.bring(a_line(), a_line())
    first, second = (line for (line,) in rows("SELECT id FROM bank_lines ORDER BY id"))
    arrived = datetime(2026, 11, 1, tzinfo=UTC)
    with bank.ledger.books() as books:
        payout = Payout("po_1", "paid", Money(1, "CNY"), 1, arrived, arrived)
        books.statement.keep_payout(payout, [])
        books.commit()
    code = f"UPDATE gifts SET transfer_code = '{one.transfer_code}' WHERE id = ?"
    of_gift = f"UPDATE bank_lines SET state = 'gift', gift_id = '{one.id}' WHERE id = ?"
    of_payout = "UPDATE bank_lines SET state = 'payout', gift_id = NULL, payout_id = 'po_1'"
    for key, change, before, after in (
        ("transfer_codes_once", code, one.id, other.id),
        ("bank_lines_of_gifts_once", of_gift, first, second),
        ("bank_lines_of_payouts_once", f"{of_payout} WHERE id = ?", first, second),
    ):
        rows(change, before)
        with pytest.raises(Exception, match=r"(?i)unique"):
            rows(change, after)
        rows(f"DROP INDEX {key}")
        rows(change, after)


def test_a_code_that_is_taken_is_drawn_again(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the key: the second donor gets another code."""
    taken = bank.announced().transfer_code
    drawn = iter([taken, taken, "2222-222X"])
    monkeypatch.setattr("donations_api.offline.new_code", lambda: next(drawn))
    assert bank.announced().transfer_code == "2222-222X"


def test_five_thousand_lines_come_twice_and_nothing_is_lost(
    tmp_path: Path, empty_file: Path
) -> None:
    """4,500 with codes, 300 unknown, 200 of them twice, in three encodings: a few seconds."""
    (tmp_path / "donations.db").write_bytes(empty_file.read_bytes())
    settings = settings_for(tmp_path)
    giving = load_giving(settings.content)
    bank, rows = Bank(Ledger(settings.database_url), giving, settings), Rows(settings.database_url)
    with bank.ledger.books() as books:
        clerk = bank.clerk(books)
        gifts = [
            announce(clerk, a_gift(amount=Money(10000 + one, "CNY"), email=f"d{one}@example.org"))
            for one in range(4500)
        ]
        books.commit()
    known = [
        a_line(
            day=f"{datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=number % 50):%Y%m%d}",
            credit=str(gift.amount.decimal),
            payer=f"捐赠人{number}",
            remark=f"捐款{gift.transfer_code}",
            reference=f"N{number:05}",
        )
        for number, gift in enumerate(gifts)
    ]
    unknown = [a_line(payer=f"路人{number}", reference=f"U{number}") for number in range(300)]
    lines = known[:2000] + unknown + known[2000:] + known[:200]
    encodings = ("gb18030", "utf-8", "gbk")
    data = b"\r\n".join(
        [HEADER.encode("gbk")]
        + [line.encode(encodings[number % 3]) for number, line in enumerate(lines)]
    )
    began = time.process_time()  # what others do on this computer in the meantime does not count
    report = bank.bring(data=data)
    took = time.process_time() - began
    expected = {"matched": 4500, "no_match": 300, "duplicate": 200, "outgoing": 0, "bad": 0}
    assert report.counts == expected
    assert took < 10
    again = bank.bring(data=data)
    assert again.counts == dict.fromkeys(expected, 0) | {"duplicate": 5000}
    assert rows("SELECT count(*) FROM receipts") == [(4500,)]
    assert rows("SELECT count(*) FROM entries") == [(4500,)]
    assert rows("SELECT count(*) FROM outbox WHERE kind = 'receipt'") == [(4500,)]
    assert rows("SELECT count(*) FROM gifts WHERE state = 'received'") == [(4500,)]
    assert rows("SELECT count(*) FROM bank_lines") == [(4800,)]
    assert bank.broken() == []
