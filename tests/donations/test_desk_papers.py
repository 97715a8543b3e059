"""Documents and the finance ministry's tickets at the desk."""

import re

import pytest

from donations_api.gift import Gift
from donations_api.money import Money
from tests.donations.at_the_desk import Office, rows_of
from tests.donations.recipients import given, given_in_china

WHY = {"why": "捐赠人来电"}


def number_of(office: Office, gift: Gift) -> str:
    with office.ledger.reading() as books:
        receipt = books.receipt_of(gift.id)
    assert receipt
    return receipt.number


def mails_to(office: Office, gift: Gift) -> list[str]:
    """The addresses of all mails about a gift."""
    with office.ledger.reading() as books:
        return [one.address for one in books.overview.mails_of(gift.id)]


def test_a_letter_is_sent_again_to_a_corrected_address(office: Office) -> None:
    """An address that is none is told at its field; the right one is found by the search then."""
    gift, old = office.busy.gifts[6], office.busy.gifts[6].email
    path, number = f"/gifts/{gift.id}/documents", number_of(office, gift)
    assert old in office.treasurer.look(path).text
    wrong = office.treasurer.send(f"{path}/again", number=number, email="nobody@", **WHY)
    assert (wrong.status_code, 'href="#email"' in wrong.text) == (422, True)
    assert 'value="nobody@"' in wrong.text
    silent = office.treasurer.send(f"{path}/again", number=number, email="", why="")
    assert 'href="#why-again"' in silent.text
    assert mails_to(office, gift) == [old]
    assert office.treasurer.look("/gifts", q=old).status_code == 200
    assert (
        office.treasurer.send(
            f"{path}/again", number=number, email="jing@example.org", **WHY
        ).status_code
        == 303
    )
    assert "jing@example.org" in mails_to(office, gift)
    assert {one[0] for one in office.acts(gift.id)} == {"resent", "address_corrected"}
    assert len(rows_of(office.treasurer.look("/gifts", q="jing@example.org"))) == 1
    assert rows_of(office.treasurer.look("/gifts", q=old)) == []
    assert office.treasurer.send(f"{path}/again", number="XX-1", **WHY).status_code == 404
    assert office.treasurer.send(f"{path}/again", **WHY).status_code == 404


def test_a_copy_goes_out_in_another_language(office: Office) -> None:
    """In one that there is."""
    gift = office.busy.gifts[4]
    path, number = f"/gifts/{gift.id}/documents/copy", number_of(office, gift)
    wrong = office.treasurer.send(path, number=number, language="fr", **WHY)
    assert (wrong.status_code, 'href="#language"' in wrong.text) == (422, True)
    assert 'href="#why-copy"' in office.treasurer.send(path, language="en", why="").text
    assert office.treasurer.send(path, number=number, language="en", **WHY).status_code == 303
    assert ("reissued", "林会计", "捐赠人来电") in office.acts(gift.id)


def test_a_document_is_read_in_both_languages(office: Office) -> None:
    """As a PDF, and that of this gift alone."""
    gift, number = office.busy.gifts[3], number_of(office, office.busy.gifts[3])
    seen = [
        office.treasurer.look(f"/gifts/{gift.id}/documents/{number}.pdf", language)
        for language in ("zh", "en")
    ]
    assert all(one.content.startswith(b"%PDF") for one in seen)
    assert seen[0].content != seen[1].content
    other = f"/gifts/{office.busy.gifts[4].id}/documents/{number}.pdf"
    assert office.treasurer.look(other).status_code == 404


def test_a_year_is_sent_when_there_was_a_gift_in_it(office: Office) -> None:
    """A year without one, and what is no year, is told at its field."""
    gift = office.busy.gifts[7]
    path = f"/gifts/{gift.id}/documents/year"
    for year, says in (("2007", "2007年没有收到过的捐赠"), ("今年", "不是年份"), ("", "不是年份")):
        answer = office.treasurer.send(path, year=year, **WHY)
        assert (answer.status_code, 'href="#year"' in answer.text) == (422, True), year
        assert says in answer.text
    assert 'href="#why-year"' in office.treasurer.send(path, year="2026", why="").text
    year = str(gift.created_at.year)
    assert office.treasurer.send(path, year=year, **WHY).status_code == 303
    assert len(mails_to(office, gift)) == 2


def test_the_year_that_is_offered_is_that_of_the_gift(office: Office) -> None:
    """What came in December is often entered in January, with a number of the new year."""
    with office.clerk() as clerk:
        before = clerk.now.replace(year=clerk.now.year - 1, month=6, day=15)
        gift, _ = given_in_china(clerk, received_at=before)
    path = f"/gifts/{gift.id}/documents"
    offered = re.search(r'name="year"[^>]*value="(\d+)"', office.treasurer.look(path).text)
    assert offered
    assert int(offered[1]) == before.year
    assert office.treasurer.send(f"{path}/year", year=offered[1], **WHY).status_code == 303


def test_a_gift_without_an_address_gets_no_mail(office: Office) -> None:
    """The page asks for one, and offers nothing else that is mailed."""
    with office.clerk() as clerk:
        gift, receipt = given_in_china(clerk, email="")
    path = f"/gifts/{gift.id}/documents"
    page = office.treasurer.look(path).text
    assert "还没有邮箱" in page
    assert f"{path}/copy" not in page
    for word in ("again", "copy", "year"):
        year = {"year": f"{receipt.year}", "language": "zh", "number": receipt.number}
        assert office.treasurer.send(f"{path}/{word}", **year, **WHY).status_code == 422, word
    assert office.acts(gift.id) == []


def test_a_wish_for_a_ticket_is_entered(office: Office) -> None:
    """What is wrong is told at its field; only this gift's wish is kept."""
    with office.clerk() as clerk:
        gift, receipt = given_in_china(clerk, name="单位甲")
        other, _ = given_in_china(clerk, name="单位乙")
    path = f"/gifts/{gift.id}/ticket"
    firm = {"ticket_for": "organisation", "ticket_title": "单位甲", "tax_number": "123"}
    wrong = office.treasurer.send(path, **firm, why="")
    assert wrong.status_code == 422
    assert 'href="#tax_number"' in wrong.text
    assert 'href="#why"' in wrong.text
    assert 'value="123"' in wrong.text
    assert 'href="#ticket_for"' in office.treasurer.send(path, ticket_for="x", **WHY).text
    person = {"ticket_for": "person", "ticket_title": "单位甲"}
    assert office.treasurer.send(path, number="other", **person, **WHY).status_code == 303
    with office.ledger.reading() as books:
        assert books.wishes.ticket(gift.id)
        assert books.wishes.ticket(other.id) is None
    wanted = office.treasurer.look("/tickets")
    assert any(receipt.number in row for row in rows_of(wanted))
    listed = office.treasurer.look("/tickets/wanted.csv")
    assert receipt.number in listed.content.decode("utf-8-sig")
    assert office.treasurer.look("/gifts/none/ticket").status_code == 404
    assert office.treasurer.send("/gifts/none/ticket", **person, **WHY).status_code == 404


def test_a_recipient_elsewhere_has_no_tickets(office: Office) -> None:
    """Nothing is offered, and what is sent all the same is refused."""
    with office.clerk() as clerk:
        gift, _ = given(clerk, amount=Money(1000, "GBP"))
    path = f"/gifts/{gift.id}/ticket"
    assert path not in office.treasurer.look(f"/gifts/{gift.id}").text
    assert "没有财政票据" in office.treasurer.look(path).text
    assert office.treasurer.send(path, ticket_for="waived", **WHY).status_code == 422


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "文件是空的"),
        ("确认函编号,票据号码", "开具日期"),
        ("确认函编号,票据号码,开具日期\nX,1.23E+09,2026-11-25", "1.23E+09"),
        ("确认函编号,票据号码,开具日期\nX,0001,昨天", "昨天"),
        ("确认函编号,票据号码,开具日期\n=X,0001,2026-11-25", "公式"),
    ],
)
def test_a_file_of_tickets_that_is_wrong_is_told_of(
    office: Office, content: str, says: str
) -> None:
    """With the row, and nothing of it is taken in."""
    answer = office.treasurer.bring("/tickets", "tickets.csv", content.encode("gb18030"), **WHY)
    assert (answer.status_code, 'href="#file"' in answer.text) == (422, True)
    assert says in answer.text


def test_numbers_of_tickets_are_taken_in(office: Office) -> None:
    """Each row says what became of it; then the wish can no longer change."""
    with office.clerk() as clerk:
        gift, receipt = given_in_china(clerk)
    file = (
        f"确认函编号,票据号码,开具日期\n{receipt.number},00012345,2026-11-25\nCN-1,9999,2026-11-25"
    )
    assert office.treasurer.bring("/tickets", "", b"", why="").text.count('href="#') >= 2
    done = office.treasurer.bring("/tickets", "tickets.csv", file.encode(), **WHY)
    assert "已导入" in done.text
    assert "没有这份确认函" in done.text
    assert "00012345" in office.treasurer.look(f"/gifts/{gift.id}/ticket").text
    late = office.treasurer.send(f"/gifts/{gift.id}/ticket", ticket_for="waived", **WHY)
    assert late.status_code == 422
