"""What holds for every page of the desk; and its months, its donors, and what passes Stripe by."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import requests
from python_calamine import CalamineWorkbook

from donations_api.desk.app import create_desk
from donations_api.desk.door import Door
from donations_api.gift import Gift, Receipt
from donations_api.money import Money
from tests.donations.at_the_desk import Office, rows_of
from tests.donations.recipients import given, given_in_china
from tests.donations.stripe_events import a_pledge, kept

WHY = {"why": "测试"}
THINGS = {
    "what": "棉衣20件",
    "date": f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}",
    "reference": "登记1",
    "name": "仁济医院",
    "email": "",
    "language": "zh",
    "fund": "most-needed",
    "recipient": "house",
} | WHY
PROMISED = THINGS | {"amount": "300", "currency": "CNY", "name": "许诺者"}


@pytest.fixture(scope="module")
def gift(office: Office) -> tuple[Gift, Receipt]:
    """A gift about which there is a page of each kind."""
    when = office.busy.now - timedelta(days=1)
    about = {"recipient": "uk", "amount": Money(2500, "GBP"), "message": "Well done"}
    gift = office.busy.given(when, **about)
    with office.ledger.reading() as books:
        receipt = books.receipt_of(gift.id)
    assert receipt
    return gift, receipt


def routes(office: Office, about: tuple[Gift, Receipt], method: str) -> list[str]:
    """The addresses of the desk that take ``method``; what is not about the gift is not there."""
    adapter = create_desk(office.settings, Door(1)).url_map.bind("desk.example")
    named = {"gift_id": about[0].id, "number": about[1].number}
    named |= {"name": "desk", "what": "gifts", "kind": "csv"}
    return [
        adapter.build(rule.endpoint, {one: named.get(one, "none") for one in rule.arguments})
        for rule in adapter.map.iter_rules()
        if method in (rule.methods or ())
    ]


def test_nothing_is_done_without_the_forms_own_token(
    office: Office, gift: tuple[Gift, Receipt]
) -> None:
    """Nor from another site, nor by an address that is opened; whatever the page."""
    treasurer, paths = office.treasurer, routes(office, gift, "POST")
    assert len(paths) > 20
    for path in paths:
        for origin, token in ((treasurer.url, "guessed"), ("http://evil.example", "")):
            sent = {"token": token or treasurer.token(), "why": "x"}
            headers = {"Origin": origin}
            answer = treasurer.browser.post(
                f"{treasurer.url}{path}", sent, headers=headers, allow_redirects=False, timeout=20
            )
            assert answer.status_code == 403, (path, origin)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_page_answers_in_both_languages(
    office: Office, gift: tuple[Gift, Receipt], language: str
) -> None:
    """Or says that there is no such thing; never that it is broken."""
    for path in routes(office, gift, "GET"):
        answer = office.treasurer.look(path, language)
        assert answer.status_code in (200, 404), (path, answer.status_code)
        assert ("none" in path) == (answer.status_code == 404), path
        if "<html" in answer.text:
            tag = {"zh": "zh-Hans", "en": "en"}[language]
            assert f'<html lang="{tag}"' in answer.text, path


def test_an_empty_form_is_told_what_it_lacks(office: Office, gift: tuple[Gift, Receipt]) -> None:
    """Each form of the desk, with nothing filled in: never a broken page."""
    for path in routes(office, gift, "POST"):
        answer = office.treasurer.send(path)
        assert answer.status_code in (303, 404, 422, 503), (path, answer.status_code)


def test_a_gift_in_kind_is_entered(office: Office) -> None:
    """All that is wrong at once; the same reference twice is a double."""
    wrong = office.treasurer.send("/enter/things", language="zh")
    assert wrong.status_code == 422
    for field in ("what", "date", "reference", "name", "fund", "recipient", "why"):
        assert f'href="#{field}"' in wrong.text, field
    done = office.treasurer.send("/enter/things", **THINGS)
    assert done.status_code == 303
    story = office.treasurer.look(done.headers["Location"].partition("?")[0]).text
    assert "棉衣20件" in story
    twice = office.treasurer.send("/enter/things", **THINGS)
    assert (twice.status_code, 'href="#reference"' in twice.text) == (422, True)


def test_a_promised_transfer_gets_its_code(office: Office) -> None:
    """Which its story shows."""
    wrong = office.treasurer.send("/enter/transfer", **(PROMISED | {"amount": "很多", "why": ""}))
    assert wrong.status_code == 422
    assert 'href="#amount"' in wrong.text
    assert 'value="很多"' in wrong.text
    unknown = office.treasurer.send("/enter/transfer", **(PROMISED | {"currency": "XXX"}))
    assert 'href="#currency"' in unknown.text
    done = office.treasurer.send("/enter/transfer", **PROMISED)
    assert done.status_code == 303
    with office.ledger.reading() as books:
        (gift,) = [one for one in books.announced() if one.name == "许诺者"]
    assert gift.transfer_code
    assert gift.transfer_code in office.treasurer.look(f"/gifts/{gift.id}").text


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/months?month=1999-01", 200, "没有任何款项"),
        ("/months?month=2099-12", 200, ""),
        ("/months?month=13", 422, "请写成 2026-11"),
        ("/months?month=2026-13", 422, "请写成 2026-11"),
        ("/months/year?year=1999", 200, "没有任何款项"),
        ("/months/year?year=x", 422, "请写成 2026"),
        ("/months/gifts.csv?from=2026-02-30", 422, "不是日期"),
        ("/months/gifts.csv?month=%0a2026-11%0a", 200, ""),
        ("/months/entries.xlsx?from=2026-03-01&to=2026-02-01", 422, "请对调"),
        ("/months/donors.csv", 404, ""),
        ("/months/gifts.pdf", 404, ""),
    ],
)
def test_a_month_that_is_none_is_told_of(office: Office, path: str, status: int, says: str) -> None:
    """A month without anything says so."""
    answer = office.treasurer.look(path)
    assert answer.status_code == status
    assert says in answer.text


def test_exports_hold_what_donors_wrote_and_no_formula(office: Office) -> None:
    """In both kinds of file."""
    name = '=HYPERLINK("http://evil.example")'
    when = datetime(2019, 5, 5, tzinfo=UTC)
    with office.clerk() as clerk:
        given_in_china(clerk, name=name, received_at=when)
    lines = office.treasurer.look("/months/gifts.csv", month="2019-05")
    assert "gifts-2019-05.csv" in lines.headers["Content-Disposition"]
    assert "'=HYPERLINK" in lines.content.decode("utf-8-sig")
    book = office.treasurer.look("/months/gifts.xlsx", month="2019-05")
    rows = CalamineWorkbook.from_filelike(BytesIO(book.content))
    assert name in rows.get_sheet_by_index(0).to_python()[1]


def test_the_open_books_withhold_what_leads_to_a_person(office: Office) -> None:
    """A telephone number in a message that may be read, the day it is published."""
    gift = office.busy.given(
        office.busy.now - timedelta(days=40),
        name="吴刚",
        anonymous=False,
        message="请打13900139000",
    )
    published = {"verdict": "message_published", "why": "没看出来"}
    assert office.treasurer.send(f"/gifts/{gift.id}/message", **published).status_code == 303
    assert 'href="#why"' in office.treasurer.send("/months/publish", why="").text
    data = office.settings.content / "data"
    assert not data.exists()
    done = office.treasurer.send("/months/publish", why="月末公布")
    assert done.status_code == 200
    assert gift.id in done.text
    assert "13900139000" not in (data / "donors.json").read_text(encoding="utf-8")
    assert "月末公布" in office.treasurer.look("/journal").text


def test_comparing_waits_for_stripe(office: Office) -> None:
    """While Stripe is away the page says so, and the months are still there."""
    answer = office.treasurer.send("/months/compare")
    assert answer.status_code == 503
    assert "联系不上Stripe" in answer.text
    assert "<table" in answer.text


def data_of(answer: requests.Response) -> str:
    return json.dumps(json.loads(answer.text), ensure_ascii=False)


def test_a_donor_is_handed_what_is_held_and_erased_after_a_look(office: Office) -> None:
    """A look erases nothing; who was erased is not found any more."""
    with office.clerk() as clerk:
        gift, _ = given(clerk, name="Ivy Moss", email="ivy@example.org")
    path = f"/gifts/{gift.id}/donor"
    assert "ivy@example.org" in data_of(office.treasurer.look(f"{path}/data.json"))
    assert len(rows_of(office.treasurer.look("/gifts", q="Ivy Moss"))) == 1
    assert 'href="#why"' in office.treasurer.send(path, step="erase", why="").text
    named = office.treasurer.send(path, step="erase", why="ivy@example.org wrote")
    assert (named.status_code, "不要写捐赠人的邮箱" in named.text) == (422, True)
    looked = office.treasurer.send(path, step="look", why="本人要求")
    assert looked.status_code == 200
    assert "现在还什么都没有清除" in looked.text
    assert len(rows_of(office.treasurer.look("/gifts", q="Ivy Moss"))) == 1
    assert "已清除" in office.treasurer.send(path, step="erase", why="本人要求").text
    for words in ("Ivy Moss", "ivy@example.org"):
        assert rows_of(office.treasurer.look("/gifts", q=words)) == []
    assert "Ivy" not in office.treasurer.look(f"/gifts/{gift.id}").text
    assert office.treasurer.look("/gifts/none/donor").status_code == 404
    assert office.treasurer.send("/gifts/none/donor", why="x").status_code == 404


def test_a_donor_whose_gifts_go_on_is_not_erased(office: Office) -> None:
    """A pledge that goes on needs its donor."""
    pledge = a_pledge(email="on@example.org", state="active")
    with office.ledger.books() as books:
        books.add_pledge(pledge)
        books.commit()
    gift = kept(office.ledger, email="on@example.org", pledge_id=pledge.id, frequency="monthly")
    answer = office.treasurer.send(f"/gifts/{gift.id}/donor", step="erase", why="本人要求")
    assert (answer.status_code, "还在进行" in answer.text) == (422, True)
