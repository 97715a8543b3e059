"""The bank's statement at the desk: looked at, imported, and each open line decided."""

import re
from itertools import count

import pytest
import requests

from donations_api.bank_lines import BankLine
from donations_api.money import Money
from donations_api.offline import announce
from tests.donations.at_the_desk import Office, desk_of, rows_of
from tests.donations.bank import a_file, a_line
from tests.donations.stripe_events import a_gift

WHY = {"why": "十一月流水"}
TYPED = {"account": "sample-zh"} | WHY
_references = count(1)


def opened(office: Office, **changed: str) -> BankLine:
    """A line that an import leaves open."""
    own = {"reference": f"B{next(_references)}", "payer": f"付款人{next(_references)}"} | changed
    assert take_in(office, a_file(a_line(**own))).status_code == 200
    with office.ledger.reading() as books:
        return next(one for one in books.bank_lines.open() if one.payer == own["payer"])


def take_in(office: Office, content: bytes) -> requests.Response:
    looked = office.treasurer.bring("/bank/look", "november.csv", content, **TYPED)
    assert looked.status_code == 200
    key = re.search(r'name="key" value="([^"]+)"', looked.text)
    assert key
    return office.treasurer.send("/bank/import", key=key[1], **WHY)


def promised(office: Office, name: str, minor: int = 10000) -> str:
    with office.clerk() as clerk:
        return announce(clerk, a_gift(name=name, amount=Money(minor, "CNY"))).id


@pytest.mark.parametrize(
    ("name", "content", "typed", "field", "says"),
    [
        ("", b"", TYPED, "file", "请选择一个文件"),
        ("a.csv", a_file(a_line()), WHY, "account", "请从列表里选一项"),
        ("a.csv", a_file(a_line()), TYPED | {"account": "none"}, "account", "请从列表里选一项"),
        ("a.csv", a_file(a_line()), {"account": "sample-zh", "why": ""}, "why", "请写明理由"),
        ("a.csv", a_file(a_line()), TYPED | {"account": "sample-en"}, "file", "sample-en"),
        ("a.xlsx", b"PK\x03\x04 a workbook", TYPED, "file", "另存为"),
        ("a.csv", b"nothing of a statement", TYPED, "file", "交易日期"),
    ],
)
def test_a_statement_that_cannot_be_read_is_told_of(
    office: Office, name: str, content: bytes, typed: dict[str, str], field: str, says: str
) -> None:
    """At its field, with the account and the reason kept; nothing is written."""
    answer = office.treasurer.bring("/bank/look", name, content, **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert says in answer.text
    if typed.get("why"):
        assert f'value="{typed["why"]}"' in answer.text


def test_a_look_writes_nothing_and_an_import_counts_once(office: Office) -> None:
    """The same file twice: the second time all its lines are known."""
    lines = a_file(a_line(payer="甲一", reference="L1"), a_line(payer="甲二", reference="L2"))
    looked = office.treasurer.bring("/bank/look", "november.csv", lines, **TYPED)
    assert "甲一" in looked.text
    assert "甲一" not in office.treasurer.look("/bank").text
    assert "甲一" in take_in(office, lines).text
    assert "甲一" in office.treasurer.look("/bank").text
    assert len(rows_of(take_in(office, lines))) == 0
    assert office.treasurer.look("/bank").text.count("<td>甲一</td>") == 1


def test_what_was_looked_at_before_a_restart_is_chosen_again(office: Office) -> None:
    """The file lies in memory alone; a key of before is told of, not broken."""
    looked = office.treasurer.bring("/bank/look", "a.csv", a_file(a_line(payer="重启")), **TYPED)
    key = re.search(r'name="key" value="([^"]+)"', looked.text)
    assert key
    with desk_of(office.settings) as anew:
        answer = anew.sit_down().send("/bank/import", key=key[1], **WHY)
    assert answer.status_code == 422
    assert "要重新选一次" in answer.text
    assert "重启" not in office.treasurer.look("/bank").text


def test_a_line_is_booked_as_a_gift(office: Office) -> None:
    """Of a new donor; with something wrong it is told at its field, and what was typed stays."""
    line = opened(office)
    path = f"/bank/lines/{line.id}"
    assert line.payer in office.treasurer.look(path).text
    typed = {"name": "黎明", "email": "li@", "language": "zh", "fund": "most-needed"} | WHY
    wrong = office.treasurer.send(f"{path}/book", **typed)
    assert (wrong.status_code, 'href="#email"' in wrong.text) == (422, True)
    assert 'value="黎明"' in wrong.text
    fund = office.treasurer.send(f"{path}/book", **(typed | {"fund": "no", "email": ""}))
    assert 'href="#fund"' in fund.text
    booked = office.treasurer.send(f"{path}/book", **(typed | {"email": "li@example.org"}))
    assert booked.status_code == 303
    story = office.treasurer.look(booked.headers["Location"].partition("?")[0]).text
    assert "黎明" in story
    assert "¥100.00" in story
    decided = office.treasurer.look(path).text
    assert "<form" not in decided
    assert booked.headers["Location"].partition("?")[0] in decided
    again = office.treasurer.send(f"{path}/book", **(typed | {"email": ""}))
    assert again.status_code == 422


def test_a_line_is_matched_with_a_promise(office: Office) -> None:
    """Which gift, and why, must be said; one that does not fit is refused."""
    line, gift_id = opened(office), promised(office, "许诺")
    path = f"/bank/lines/{line.id}/match"
    assert "许诺" in office.treasurer.look(f"/bank/lines/{line.id}").text
    nothing = office.treasurer.send(path, why="")
    assert nothing.status_code == 422
    assert 'href="#gift"' in nothing.text
    assert 'href="#why_match"' in nothing.text
    assert line.payer in nothing.text
    unknown = office.treasurer.send(path, gift="gift_none", **WHY)
    assert (unknown.status_code, "gift_none" in unknown.text) == (422, True)
    paid = office.treasurer.send(path, gift=office.busy.gifts[0].id, **WHY)
    assert paid.status_code == 422
    assert office.treasurer.send(path, gift=gift_id, **WHY).status_code == 303
    assert ("match_line", "林会计", "十一月流水") in office.acts(gift_id)


def test_a_line_is_set_aside_and_opened_again(office: Office) -> None:
    """Each with a reason; what is open cannot be opened."""
    path = f"/bank/lines/{opened(office, payer='利息').id}"
    assert 'href="#why_aside"' in office.treasurer.send(f"{path}/aside", why="").text
    assert office.treasurer.send(f"{path}/open", why="早了").status_code == 422
    assert office.treasurer.send(f"{path}/aside", why="存款利息").status_code == 303
    assert "利息" not in office.treasurer.look("/bank").text
    assert office.treasurer.send(f"{path}/aside", why="再来").status_code == 422
    assert 'href="#why_again"' in office.treasurer.send(f"{path}/open", why="").text
    assert office.treasurer.send(f"{path}/open", why="看错了").status_code == 303
    assert "利息" in office.treasurer.look("/bank").text
    assert office.treasurer.look("/bank/lines/none").status_code == 404
    assert office.treasurer.send("/bank/lines/none/aside", why="无").status_code == 404


def test_all_open_lines_can_be_reached(office: Office) -> None:
    """More than a page holds are on a second one."""
    take_in(office, a_file(*(a_line(payer=f"户{at}", reference=f"P{at}") for at in range(51))))
    first, second = (office.treasurer.look("/bank", page=page) for page in "12")
    assert len(rows_of(first)) >= 50
    assert "page=2" in first.text
    assert "page=3" not in second.text
    assert all(f"<td>户{at}</td>" in first.text + second.text for at in range(51))
