"""The month of the treasurer's guide, walked at the desk in both languages.

``PICTURES=1`` keeps what is seen on the way as the pictures of the guide, in ``docs/pictures/``.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from python_calamine import load_workbook

from donations_api.frame import translate
from donations_api.giving import load_giving
from donations_api.settings import ROOT
from tests.donations.at_the_desk import desk_of
from tests.donations.busy_books import BusyBooks
from tests.donations.running import CONTENT, make_books, settings_for

PICTURES = ROOT / "docs" / "pictures"
CATALOGS = (ROOT / "theme" / "locale", ROOT / "donations_api" / "locale")
STATEMENT = """账户：演示
交易日期,收入金额,支出金额,对方户名,对方账号,摘要,附言,交易流水号
{day},300.00,,李雷,6217000000000003,转账,捐款{code},A0001
{day},100.00,,张伟,6217000000000001,转账,,A0002
{day},100.00,,王芳,6217000000000002,转账,,A0003
{day},,35.00,银行,,手续费,,A0004
{day},12.34,,,,结息,,A0005
"""


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The project's content, to which the open books are written."""
    return shutil.copytree(CONTENT, tmp_path / "content")


@pytest.fixture
def page(browser: Browser, tmp_path: Path, content: Path, language: str) -> Iterator[Page]:
    """The desk over the books of a busy month, with somebody at it."""
    settings = settings_for(tmp_path, content=content)
    ledger = make_books(settings)
    BusyBooks(ledger, load_giving(content), settings, datetime.now(UTC)).fill()
    with desk_of(settings) as treasurer:
        context = browser.new_context(
            base_url=treasurer.url,
            locale={"zh": "zh-CN", "en": "en-GB"}[language],
            viewport={"width": 1280, "height": 860},
        )
        page = context.new_page()
        page.goto(treasurer.door.address_once())
        page.fill("#person", "林会计")
        page.keyboard.press("Enter")
        expect(page.locator(".who")).to_be_visible()
        page.goto(f"/?language={language}")
        yield page
        context.close()


def keep(page: Page, language: str, name: str) -> None:
    """A picture for the guide, in few colours."""
    if os.environ.get("PICTURES"):
        shot = Image.open(BytesIO(page.screenshot()))
        few = shot.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        few.save(PICTURES / f"desk-{name}.{language}.png", optimize=True)


def test_the_month_of_the_guide(page: Page, content: Path, language: str, tmp_path: Path) -> None:
    """Each step of the guide does what it says, and leaves who did it and why."""
    say = partial(translate, CATALOGS, language)
    shot = partial(keep, page, language)
    main = page.get_by_role("main")
    today = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"

    def go(menu: str) -> None:
        page.get_by_role("navigation").first.get_by_role(
            "link", name=say(f"desk.menu.{menu}"), exact=True
        ).click()

    def press(message: str, within: str = "main") -> None:
        page.locator(within).get_by_role("button", name=say(message), exact=True).click()

    def told(notice: str) -> None:
        expect(page.get_by_role("status").first).to_contain_text(say(f"desk.notice.{notice}"))

    # What waits, and who gave.
    expect(main).to_contain_text(say("desk.waits.dead_letters"))
    shot("waits")
    go("finding")
    page.fill("#q", "zhangwei")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="张伟").click()
    shot("story")

    # A gift in cash, things, and a transfer that is to come.
    go("entering")
    for field, typed in {
        "amount": "500",
        "reference": "cash book 17",
        "name": "赵敏",
        "date": today,
        "email": "zhao@example.org",
    }.items():
        page.fill(f"#{field}", typed)
    page.select_option("#currency", "CNY")
    page.select_option("#account", "cash")
    press("desk.enter.look")
    shot("review")
    press("desk.enter.book")
    told("entered")
    expect(page.locator(".told li").first).to_contain_text(say("desk.story.noted"))
    go("entering")
    page.get_by_role("link", name=say("desk.ways_in.past_stripe.things")).click()
    for field, typed in {"what": "棉衣12件", "reference": "things 3", "name": "孙丽"}.items():
        page.fill(f"#{field}", typed)
    press("desk.things.do")
    expect(main).to_contain_text("棉衣12件")
    go("entering")
    page.get_by_role("link", name=say("desk.ways_in.past_stripe.transfer")).click()
    for field, typed in {"amount": "300", "name": "李雷", "email": "lilei@example.org"}.items():
        page.fill(f"#{field}", typed)
    page.select_option("#currency", "CNY")
    press("desk.promised.do")
    told("announced")
    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", main.inner_text())
    assert found

    # The bank's statement: first looked at, then imported; what is left open is decided.
    statement = tmp_path / "statement.csv"
    statement.write_bytes(STATEMENT.format(day=today, code=found[0]).encode("gb18030"))
    go("bank")
    page.set_input_files("#file", statement)
    press("desk.bank.look")
    expect(page.locator(".count-matched")).to_contain_text("1")
    expect(page.locator(".count-no_match")).to_contain_text("3")
    shot("statement")
    press("desk.bank.take_in")
    expect(main).to_contain_text(say("desk.bank.report.done"))
    for payer in ("张伟", "王芳"):
        go("bank")
        page.locator("tr", has_text=payer).get_by_role("link").click()
        press("desk.bank.book.do")
        told("entered")
    go("bank")
    page.locator("tr", has_text="结息").get_by_role("link").click()
    page.fill("#why_aside", "interest")
    press("desk.bank.aside.do")
    told("set_aside")
    expect(main).to_contain_text(say("desk.bank.nothing"))
    page.set_input_files("#file", statement)
    press("desk.bank.look")
    expect(page.locator(".count-duplicate")).to_contain_text("4")

    # A donor has not got the letter, wants it in the other language, and wants the ticket.
    go("finding")
    page.fill("#q", "wangfang")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="王芳").first.click()
    number = page.locator(".code").first.inner_text()
    page.get_by_role("link", name=say("desk.offer.documents.show")).click()
    page.fill("#email", "wang.fang@example.net")
    press("desk.documents.again.do")
    told("resent")
    page.get_by_role("link", name=say("desk.offer.documents.show")).click()
    page.select_option("#language", "en")
    press("desk.documents.copy.do")
    told("copied")
    page.get_by_role("link", name=say("desk.offer.tickets.of_gift")).click()
    page.fill("#why", "told on the telephone")
    press("desk.ticket.do")
    told("ticket_noted")
    go("tickets")
    with page.expect_download() as wanted:
        page.get_by_role("link", name=say("desk.tickets.list")).click()
    assert number in wanted.value.path().read_text("utf-8-sig")
    issued = tmp_path / "tickets.csv"
    issued.write_text(f"确认函编号,票据号码,开具日期\n{number},6100012345,{today}\n", "utf-8")
    page.set_input_files("#file", issued)
    press("desk.tickets.do")
    expect(main).to_contain_text(say("ticket.imported"))

    # The month is closed.
    go("months")
    shot("month")
    with page.expect_download() as book:
        page.get_by_role("link", name=re.compile("^XLSX")).first.click()
    rows = load_workbook(book.value.path()).get_sheet_by_index(0).to_python()
    assert {"赵敏", "孙丽", "李雷"} <= {str(row[2]) for row in rows}
    press("desk.months.publish.do")
    expect(main).to_contain_text(say("desk.months.published"))
    published = json.loads((content / "data" / "ledger.json").read_text("utf-8"))
    assert published["demo"]
    assert published["months"]
    go("journal")
    expect(main).to_contain_text("interest")
    expect(main).to_contain_text("林会计")
