"""Receipts: what they say, in both languages, for ever; and what they never say."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from donations_api import letters
from donations_api.frame import Frame
from donations_api.gift import Receipt
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.mailer import Letter, build
from donations_api.money import Money
from donations_api.settings import Settings
from donations_api.webhook import receive
from tests.conftest import CHROMIUM, QUIET
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.stripe_events import NOW, a_session, an_event, body_of, kept, signed

Issue = Callable[..., Receipt]


@pytest.fixture
def issue(ledger: Ledger, giving: Giving, settings: Settings) -> Issue:
    """Book a gift and take its receipt out of the books again."""

    def issued(*, using: Giving = giving, live: bool = False, **changed: Any) -> Receipt:
        gift = kept(ledger, **changed)
        portal = replace(settings, stripe_api_key="sk_live_1") if live else settings
        body = body_of(an_event(a_session(gift), livemode=live))
        receive(ledger, using, portal, body, signed(body), NOW)
        with ledger.books() as books:
            receipt = books.receipt_of(gift.id)
        assert receipt
        return receipt

    return issued


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:  # no style, which nobody reads
            self.text += data


def words(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    return " ".join(parser.text.split())


def written(frame: Frame, receipt: Receipt) -> Letter:
    """The letter that brings a receipt, without the links of its donor."""
    return letters.compose(frame, letters.Addresses(), "receipt", receipt.snapshot)


def both_parts(letter: Letter) -> list[str]:
    return [" ".join(letter.text.split()), words(letter.html)]


def test_the_chinese_receipt(issue: Issue, frame: Frame) -> None:
    """All that it must say is in the text part, and again in the HTML part."""
    letter = written(frame, issue(live=True))
    assert letter.subject == "捐赠确认函 XX-2026-000001 · 示例之家"
    assert (letter.sender, letter.language) == ("示例之家", "zh-Hans")
    for part in both_parts(letter):
        for said in (
            "尊敬的张伟：",
            "XX-2026-000001",
            "¥200.00（CNY）",
            "单次捐款",
            "最需要的地方",
            "2026年11月23日（中国标准时间）",
            "示例之家儿童援助",
            "请保存本邮件",
            "不是财政部门监制的“公益事业捐赠统一票据”",
            "请在“我的捐款”页面填写抬头",
            "此致 敬礼",
        ):
            assert said in part, said


def test_the_english_receipt(issue: Issue, frame: Frame) -> None:
    receipt = issue(live=True, language="en", name="Li Na", amount=Money(3000, "JPY"))
    letter = written(frame, receipt)
    assert letter.subject == "Donation acknowledgement XX-2026-000001 · Example House"
    assert (letter.sender, letter.language) == ("Example House", "en")
    for part in both_parts(letter):
        for said in (
            "Dear Li Na,",
            "XX-2026-000001",
            "JP¥3,000 (JPY)",
            "Once",
            "Where it is needed most",
            "23 November 2026 (China Standard Time)",
            "Example House Aid for Children",
            "keep this email",
            "not the official donation receipt of mainland China’s finance authorities",
            "ask for it on the page “My gift”",
        ):
            assert said in part, said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_demo_says_so_and_real_money_does_not(issue: Issue, frame: Frame, language: str) -> None:
    """In the sandbox the subject and both parts say that no money moved."""
    demo = written(frame, issue(language=language))
    live = written(frame, issue(live=True, language=language))
    mark, said = (
        ("【演示】", "没有任何款项往来") if language == "zh" else ("[DEMO]", "no money moved")
    )
    assert demo.subject.startswith(mark)
    assert not live.subject.startswith(mark)
    for part in both_parts(demo):
        assert said in part
    for part in both_parts(live):
        assert said not in part


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_plain_acknowledgement_speaks_of_no_ticket(
    issue: Issue, frame: Frame, giving: Giving, language: str
) -> None:
    """Only a recipient in mainland China has the finance ministry's ticket to speak of."""
    (recipient,) = giving.recipients
    abroad = replace(
        giving, recipients=(replace(recipient, receipt="acknowledgement", country="GB"),)
    )
    receipt = issue(using=abroad, language=language)
    assert receipt.kind == "acknowledgement"
    for part in both_parts(written(frame, receipt)):
        assert "票据" not in part
        assert "official donation receipt" not in part


def test_the_legal_name_stands_where_it_is_known(
    issue: Issue, frame: Frame, giving: Giving
) -> None:
    (recipient,) = giving.recipients
    named = replace(recipient, legal_name={"zh": "某市某某服务中心", "en": "Some Centre"})
    letter = written(frame, issue(using=replace(giving, recipients=(named,))))
    for part in both_parts(letter):
        assert re.search("接收机构：? ?某市某某服务中心", part)


def test_a_receipt_never_changes_with_the_content(
    issue: Issue, frame: Frame, ledger: Ledger, rows: Rows
) -> None:
    """The snapshot alone is what is rendered: names, fund and zone as they were on the day."""
    receipt = issue()
    before = written(frame, receipt)
    rows("UPDATE gifts SET name = '别人', fund = 'other', amount = 1, language = 'en'")
    with ledger.books() as books:
        again = books.receipt(receipt.id)
    assert again == receipt
    assert written(frame, again) == before
    assert set(receipt.snapshot) == {
        "number", "kind", "demo", "language", "donor", "amount", "currency", "frequency", "fund",
        "recipient", "legal_name", "organisation", "organisation_short", "received_at",
        "issued_at", "time_zone", "fee_cover", "dedication", "registration", "country", "mark",
    }  # fmt: skip
    assert (receipt.snapshot["received_at"], receipt.snapshot["time_zone"]) == (
        "2026-11-23T08:00:00+00:00",
        "Asia/Shanghai",
    )


def test_a_fund_that_is_gone_keeps_its_key(issue: Issue, frame: Frame) -> None:
    """A gift for a fund that was renamed meanwhile is booked, not lost."""
    for language in ("zh", "en"):
        letter = written(frame, issue(fund="winter-coats", language=language))
        assert "winter-coats" in letter.text


def test_without_a_name_the_donor_is_greeted_all_the_same(issue: Issue, frame: Frame) -> None:
    assert "尊敬的捐赠人：" in written(frame, issue(name="")).text
    assert "Dear donor," in written(frame, issue(name="", language="en")).text


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=https://x.example/a.png onerror=alert(1)>',
    "{{ 7 * 7 }} %(number)s %s </p>",
    "Jo =?UTF-8?Q?=0ABcc:_e=40x?= é",
    'Ann <b>Lee</b> & "Co" &amp; 张伟',
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_donors_text_is_text(issue: Issue, frame: Frame, name: str, language: str) -> None:
    """It is shown as it was typed, makes no tag, and never comes near a header."""
    receipt = issue(name=name, language=language)
    letter = written(frame, receipt)
    assert name in letter.text
    assert name in words(letter.html)
    parser = _Words()
    parser.feed(letter.html)
    assert not {"script", "img"} & set(parser.tags)
    mail = build(letter, "gifts@example.org", "jo@example.org", "<1@example.org>", NOW)
    head = mail.partition(b"\r\n\r\n")[0]
    assert b"Bcc" not in head
    assert head.count(b"\r\nTo: ") == 1
    assert name not in letter.subject


def test_escaping_is_what_holds_it(
    issue: Issue, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the same name would be a tag."""
    receipt = issue(name=HOSTILE[0])
    unguarded = letters._environment("html").overlay(autoescape=False)
    monkeypatch.setattr(letters, "_environment", lambda _: unguarded)
    parser = _Words()
    parser.feed(written(frame, receipt).html)
    assert "script" in parser.tags


def look_at(address: str, width: int) -> tuple[int, list[str]]:
    """How wide the page is on a screen of ``width`` pixels, and what it asked for."""
    asked: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": 700})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        shown: int = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    return shown, asked


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_letter_fetches_nothing_and_fits_a_phone(
    issue: Issue, frame: Frame, tmp_path: Path, language: str
) -> None:
    """In a real browser: no request to anywhere, nothing wider than the screen at 320 pixels, the
    language marked also where a mail program drops the head.
    """
    letter = written(
        frame,
        issue(
            language=language, name="欧阳娜娜·古丽巴哈尔·买买提江", amount=Money(99999999, "GBP")
        ),
    )
    assert not re.search(r"https?:|src=|url\(|@import|<img|<link|<script", letter.html)
    tag = "zh-Hans" if language == "zh" else "en"
    assert letter.html.count(f'lang="{tag}"') == 2
    file = tmp_path / "letter.html"
    file.write_text(letter.html, "utf-8")
    # In a thread of its own, since other tests may keep a browser open in this one.
    with ThreadPoolExecutor(1) as pool:
        width, asked = pool.submit(look_at, file.as_uri(), 320).result()
    assert width == 320
    assert asked == [file.as_uri()]


def test_every_text_of_a_letter_is_in_both_catalogs() -> None:
    """No id without words in either language, and none that no template asks for."""
    folder = Path(letters.__file__).parent
    files = (folder / "templates" / "letters").rglob("*.jinja")
    templates = "".join(file.read_text("utf-8") for file in files)
    asked = set(re.findall(r'"((?:receipt|letter)\.[a-z._]+)"', templates))
    for language in ("zh", "en"):
        catalog = (folder / "locale" / f"{language}.po").read_text("utf-8")
        known = set(re.findall(r'msgid "((?:receipt|letter)\.[a-z._]+)"', catalog))
        # A template may put the end of an id together: "letter.pledge_ended." ~ reason.
        begun = tuple(one for one in asked if one.endswith("."))
        assert {one for one in asked if not one.endswith(".")} <= known
        assert {one for one in known - asked if not one.startswith(begun)} == set()


def test_delivered_events_need_no_second_look(deliver: Deliver, ledger: Ledger) -> None:
    """The number on the letter is the one in the books."""
    gift = kept(ledger)
    deliver(an_event(a_session(gift)))
    with ledger.books() as books:
        receipt = books.receipt_of(gift.id)
    assert receipt
    assert receipt.snapshot["number"] == receipt.number == "XX-2026-000001"
    assert (receipt.year, receipt.serial) == (2026, 1)
