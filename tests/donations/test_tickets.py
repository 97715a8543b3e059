"""The finance ministry's tickets: who wants one, and the numbers that come later."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from donations_api.errors import Explained, FormRefused
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.receipts import cancel
from donations_api.settings import Settings
from donations_api.ticket_file import read_tickets
from donations_api.tickets import Imported, Wish, read_wish, take_in, wish
from tests.donations.guards import Rows
from tests.donations.recipients import (
    SIGNED,
    Desk,
    content_with_both,
    desk_over,
    give_back,
    given,
    given_in_china,
)
from tests.donations.stripe_events import a_gift

WANTED = Wish("requested", "张伟")
HEAD = "确认函编号,票据号码,开具日期\r\n"
# Two that add up; the second ends in a digit.
CODES = ("91100000100003962T", "914403001922038216")


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, content=content_with_both(tmp_path))


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return desk_over(settings)


def imported(desk: Desk, text: str, encoding: str = "utf-8") -> list[Imported]:
    with desk() as clerk:
        return take_in(clerk, "tickets.csv", read_tickets(text.encode(encoding)), SIGNED)


@pytest.mark.parametrize(
    "code", [*CODES, " 91100000-100003962t ", "９１４４０３００１９２２０３８２１６"]
)
def test_an_organisations_code_is_taken_however_it_is_typed(code: str) -> None:
    """With blanks, in small letters, in full-width digits."""
    typed = {"ticket_for": "organisation", "ticket_title": "示例公司", "tax_number": code}
    assert read_wish(typed).tax_number in CODES


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("", "empty"),
        ("9110000010000396", "length"),
        ("91100000100003962I", "signs"),
        ("91100000100003963T", "checksum"),
        ("19100000100003962T", "checksum"),
    ],
)
def test_a_slip_in_an_organisations_code_is_found(code: str, wrong: str) -> None:
    """One digit wrong, two changed round, a letter that no code has."""
    typed = {"ticket_for": "organisation", "ticket_title": "", "tax_number": code}
    with pytest.raises(FormRefused) as refused:
        read_wish(typed)
    assert [one.message for one in refused.value.errors] == [
        "error.ticket_title.empty",
        f"error.tax_number.{wrong}",
    ]


def test_a_wish_changes_until_there_is_a_number(desk: Desk, rows: Rows, ledger: Ledger) -> None:
    """Then it is refused; what was entered for a donor is an act without the donor's name."""
    with desk() as clerk:
        gift, receipt = given_in_china(clerk)
        wish(clerk, gift, WANTED)
        wish(clerk, gift, Wish("waived"), SIGNED)
        wish(clerk, gift, WANTED, SIGNED)
    assert imported(desk, f"{HEAD}{receipt.number},6100012345,2026-11-25\r\n") == ["imported"]
    with desk() as clerk, pytest.raises(Explained, match=r"ticket\.issued"):
        wish(clerk, gift, Wish("waived"))
    with ledger.reading() as books:
        ticket = books.wishes.ticket(gift.id)
    assert ticket
    assert (ticket.wish, ticket.title, ticket.number) == ("requested", "张伟", "6100012345")
    assert ticket.issued_on == "2026-11-25"
    acts = rows("SELECT said, entered_by FROM acts WHERE kind = 'ticket_wished' ORDER BY rowid")
    assert [json.loads(said) for said, _ in acts] == [{"wish": "waived"}, {"wish": "requested"}]
    ((said,),) = rows("SELECT said FROM outbox WHERE kind = 'ticket'")
    assert json.loads(said)["ticket_number"] == "6100012345"
    with desk() as clerk, pytest.raises(Explained, match="wrong_recipient"):
        wish(clerk, given(clerk)[0], WANTED)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_every_row_of_the_file_has_its_outcome(desk: Desk, rows: Rows, encoding: str) -> None:
    """Imported again, nothing is new and nobody gets a second letter."""
    with desk() as clerk:
        one, other, waived, numbered = (given_in_china(clerk) for _ in range(4))
        wish(clerk, waived[0], Wish("waived"))
        abroad = given(clerk)[1].number
        cancellation = cancel(clerk, *one, 100, cause="refund of a yuan", reason="refund")
        assert cancellation
    first = f"{HEAD}{numbered[1].number},6100000009,20261124\r\n"
    assert imported(desk, first) == ["imported"]
    lines = [
        (one[1].number, "6100000001", "2026年11月5日"),
        (other[1].number, "6100000001", "2026/11/5"),
        (waived[1].number, "6100000002", "2026-11-25"),
        (numbered[1].number, "6100000003", "2026-11-25"),
        (abroad, "6100000004", "2026-11-25"),
        ("XX-2026-999999", "6100000005", "2026-11-25"),
        (cancellation.number, "6100000006", "2026-11-25"),
    ]
    text = HEAD + "".join(f"{','.join(line)}\r\n" for line in lines)
    rest = ["number_elsewhere", "waived", "other_number", "not_cn"]
    rest += ["unknown_receipt"] * 2
    assert imported(desk, text, encoding) == ["imported", *rest]
    assert imported(desk, text, encoding) == ["there_already", *rest]
    assert rows("SELECT count(*) FROM outbox WHERE kind = 'ticket'") == [(2,)]
    assert rows("SELECT count(*) FROM acts WHERE kind = 'tickets_imported'") == [(3,)]


def test_a_number_stands_at_one_gift_whatever_the_program_does(desk: Desk, rows: Rows) -> None:
    """The unique key decides, not the code before it."""
    sql = "INSERT INTO tickets (gift_id, wish, title, tax_number, wished_at, number)"
    with desk() as clerk:
        gifts = [given_in_china(clerk)[0].id for _ in range(2)]
    values = " VALUES (?, 'requested', '', '', '', '6100000001')"
    rows(sql + values, gifts[0])
    with pytest.raises(Exception, match=r"(?i)unique"):
        rows(sql + values, gifts[1])


@pytest.mark.parametrize(
    ("text", "wrong", "row"),
    [
        (HEAD + "XX-1,6100000001,2026-11-25\n\n=A1,6100000002,2026-11-25\n", "formula", "4"),
        (HEAD + "XX-1,,2026-11-25\n", "empty", "2"),
        (HEAD + "XX-1\n", "empty", "2"),
        (HEAD + "XX-1,6.1E+09,2026-11-25\n", "number", "2"),
        (HEAD + "XX-1,6100000001,25/11/2026\n", "date", "2"),
        (HEAD + "XX-1,6100000001,2026-02-30\n", "date", "2"),
        ("receipt,date\nXX-1,2026-11-25\n", "no_column", None),
        ("", "no_rows", None),
    ],
)
def test_what_is_unclear_in_the_file_is_told_with_its_row(
    text: str, wrong: str, row: str | None
) -> None:
    """And nothing of the file is taken."""
    with pytest.raises(Explained) as refused:
        read_tickets(text.encode())
    assert refused.value.message == f"tickets.{wrong}"
    assert refused.value.values.get("row") == row


def test_a_file_that_is_no_table_is_refused() -> None:
    """A workbook, and bytes of no encoding."""
    for content in (b"PK\x03\x04\0\0", b"\xff\xfe\xff"):
        with pytest.raises(Explained, match="spreadsheet"):
            read_tickets(content)


def test_the_list_of_wanted_tickets(desk: Desk, ledger: Ledger) -> None:
    """Asked for, not issued, not returned in full; what went back in part is taken off."""
    with desk() as clerk:
        part, whole, waived, issued, _ = (given_in_china(clerk) for _ in range(5))
        for gift, _ in (part, whole, issued):
            wish(clerk, gift, WANTED)
        wish(clerk, waived[0], Wish("waived"))
        give_back(clerk, part[0], 5000)
        give_back(clerk, whole[0], 20000)
    imported(desk, f"{HEAD}{issued[1].number},6100000001,2026-11-25\r\n")
    with ledger.reading() as books:
        (wanted,) = books.wishes.tickets_wanted()
        assert books.overview.waiting()["tickets"] == 1
    assert (wanted.number, wanted.amount.minor, wanted.title) == (part[1].number, 15000, "张伟")


def test_a_gift_in_kind_is_among_the_wanted_tickets(desk: Desk, ledger: Ledger) -> None:
    """It has no entry, and its donor may need a ticket all the same."""
    with desk() as clerk:
        _, receipt = given_in_china(clerk)
        blankets = a_gift(amount=Money(0, "XXX"), in_kind="毛毯20条", state=State.RECEIVED)
        clerk.books.add_gift(blankets)
        document = replace(receipt, id="receipt_2", cause="blankets", gift_id=blankets.id)
        document = replace(document, serial=receipt.serial + 1, number="XX-2026-000002")
        assert clerk.books.add_receipt(document)
        wish(clerk, blankets, WANTED)
    with ledger.reading() as books:
        (wanted,) = books.wishes.tickets_wanted()
        assert books.overview.waiting()["tickets"] == 1
    assert (wanted.in_kind, wanted.amount) == ("毛毯20条", Money(0, "XXX"))
