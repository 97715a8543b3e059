"""The treasurer's desk in a real browser: found, read, judged, entered, by keyboard alone too."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from donations_api import gift_aid
from donations_api.gift_aid import read_declared
from donations_api.money import Money
from donations_api.offline import announce
from donations_api.sandbox import SandboxSettings, create_sandbox
from donations_api.settings import ROOT
from tests.browser.reach import overflow, violations
from tests.browser.test_pages import follow
from tests.donations.at_the_desk import Office, office_in
from tests.donations.bank import a_file, a_line
from tests.donations.recipients import given
from tests.donations.running import API_KEY, WEBHOOK_SECRET, Later, listening
from tests.donations.stripe_events import a_gift

# Chromium notes each answer of these kinds; and that somebody typed before the page had put the
# cursor where it would begin.
NO_FAULT = (
    "Failed to load resource: the server responded with a status of 422",
    "Failed to load resource: the server responded with a status of 404",
    "Autofocus processing was blocked because a document already has a focused element.",
)
# A gift as it is typed.
FORM = {
    "amount": "２００元",
    "reference": "20261123-7",
    "name": "赵敏",
    "email": "zhao@example.org",
    "why": "银行回单",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk over the books of a busy month, and a Stripe that knows nothing of it."""
    folder, stripe = tmp_path_factory.mktemp("desk"), Later()
    with listening(stripe) as address, office_in(folder, stripe_api_base=address) as office:
        stripe.app = create_sandbox(
            SandboxSettings(
                public_url=address,
                api_key=API_KEY,
                webhook_secret=WEBHOOK_SECRET,
                webhook_url=f"{address}/nobody",
                database=folder / "sandbox.db",
            )
        )
        yield office


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    """A window in which somebody sits at the desk; no page complains or runs a script."""
    treasurer = office.treasurer
    context = browser.new_context(
        base_url=treasurer.url, locale="zh-CN", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(treasurer.door.address_once())
    page.fill("#person", "林会计")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("待办事项")
    yield page
    context.close()
    assert [said for said in complaints if not said.startswith(NO_FAULT)] == []


def type_gift(page: Page, **changed: str) -> None:
    for field, text in (FORM | changed).items():
        page.fill(f"#{field}", text)
    page.fill("#date", f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}")


def test_a_gift_is_found_by_name_and_by_pinyin(page: Page) -> None:
    """And its story tells what came of it."""
    page.get_by_role("link", name="查找捐款").click()
    for typed in ("张伟", "zhangwei"):
        page.fill("#q", typed)
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text("张伟")
    page.get_by_role("link", name="张伟").click()
    told = page.locator(".told li")
    expect(told.first).to_contain_text("捐赠人提交")
    expect(page.get_by_role("main")).to_contain_text("¥200.00")
    expect(page.get_by_role("main")).to_contain_text("邮件寄不出去")


def test_a_message_is_judged(page: Page) -> None:
    """What may point to a child is marked, and the button that is meant for it comes first."""
    page.get_by_role("link", name="留言", exact=True).click()
    card = page.locator("article", has_text="育才小学")
    expect(card).to_contain_text("可能涉及孩子")
    card.get_by_role("button", name="不公开").click()
    expect(page.get_by_role("status")).to_contain_text("不会公开")
    expect(page.get_by_role("main")).not_to_contain_text("育才小学")


def test_a_gift_is_entered_by_keyboard_alone(page: Page) -> None:
    """Tab and Enter are enough, mistakes included; the amount is seen in figures before."""
    page.goto("/enter")

    def go_to(field: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == field:
                return
        raise AssertionError(f"the keyboard does not reach {field}")

    go_to("amount")
    page.keyboard.type("二百")
    go_to("reference")
    page.keyboard.type(FORM["reference"])
    go_to("name")
    page.keyboard.type(FORM["name"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#amount")).to_be_focused()
    expect(page.locator("#name")).to_have_value(FORM["name"])
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(FORM["amount"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对")
    expect(page.locator(".whole dd")).to_contain_text("¥200.00")
    while page.evaluate("document.activeElement.value") != "book":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已入账")
    expect(page).to_have_url(re.compile("/gifts/gift_"))


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_each_page_is_usable_by_all_and_fits_a_phone(
    page: Page, office: Office, language: str, scheme: Literal["light", "dark"]
) -> None:
    """axe finds nothing, by day and by night, at both ends of the widths; and nothing has to be
    pushed sideways.
    """
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/?language={language}")
    found: dict[str, object] = {}
    for name in visits(page, office):
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if wider := overflow(page):
                found[f"{name} at {width}"] = wider
        if broken := violations(page):
            found[name] = broken
    assert found == {}


def visits(page: Page, office: Office) -> Iterator[str]:
    """Open each page of the desk in turn; its name."""
    books = office.busy
    gift = f"/gifts/{books.gifts[2].id}"
    with office.clerk() as clerk:
        british, _ = given(clerk)
        declared, _ = given(clerk, name="Zoë O’Neill-Lee")
        paper = {"scope": "gift", "first_name": "Zoë", "last_name": "O’Neill-Lee"}
        paper |= {"house": "12B", "postcode": "SW1A 1AA", "agreed": "yes"}
        gift_aid.declare(clerk, declared, read_declared(paper), "I want to Gift Aid …", "en")
        announce(clerk, a_gift(name="吴刚", amount=Money(10000, "CNY")))
    paths = {
        "waiting": "/",
        "person": "/person",
        "gifts": "/gifts",
        "nothing-found": "/gifts?q=zzz",
        "story": f"/gifts/{books.gifts[2].id}",
        "messages": "/messages",
        "message": f"/gifts/{books.gifts[4].id}/message",
        "mails": "/mails",
        "events": "/events",
        "pledges": "/pledges",
        "journal": "/journal",
        "enter": "/enter",
        "things": "/enter/things",
        "promised": "/enter/transfer",
        "correct": "/correct",
        "bank": "/bank",
        "documents": f"{gift}/documents",
        "donor": f"{gift}/donor",
        "ticket": f"{gift}/ticket",
        "tickets": "/tickets",
        "gift-aid": "/gift-aid",
        "declaration": f"/gifts/{british.id}/gift-aid",
        "declared": f"/gifts/{declared.id}/gift-aid",
        "month": "/months",
        "month-without-anything": "/months?month=1999-01",
        "year": "/months/year",
        "no-such-page": "/nothing",
    }
    for name, path in paths.items():
        page.goto(path)
        yield name
    page.goto("/enter")
    follow(page.locator("button[value=look]"))
    yield "enter-mistakes"
    page.goto("/enter")
    about = {"name": books.gifts[0].name, "amount": "200"}
    type_gift(page, **about)
    page.fill("#date", f"{books.gifts[0].created_at + timedelta(hours=8):%Y-%m-%d}")
    page.locator("select#currency").select_option("CNY")
    follow(page.locator("button[value=look]"))
    yield "enter-review"
    yield from acts(page, gift)


def acts(page: Page, gift: str) -> Iterator[str]:
    """Pages that answer a form; what they are about is there from the first time on."""

    def press(path: str, button: str) -> None:
        page.goto(path)
        follow(page.locator(f'form[action="{button}"] button'))

    page.goto("/bank")
    lines = a_file(a_line(payer="李娜", reference="1"), a_line(day="昨天", reference="2"))
    file: Any = {"name": "november.csv", "mimeType": "text/csv", "buffer": lines}
    page.set_input_files("#file", file)
    follow(page.locator('form[action="/bank/look"] button'))
    yield "bank-looked-at"
    follow(page.locator('form[action="/bank/import"] button'))
    yield "bank-imported"
    page.goto("/bank")
    yield "bank-open"
    follow(page.locator("tbody a").first)
    expect(page.locator("input[name=gift]").first).to_be_visible()
    yield "bank-line"
    follow(page.locator('form[action$="/match"] button'))
    yield "bank-line-mistakes"
    press("/bank", "/bank/look")
    yield "bank-mistakes"
    page.goto(f"{gift}/documents")
    page.fill("#email", "nobody@")
    follow(page.locator('form[action$="/again"] button'))
    yield "documents-mistakes"
    press(f"{gift}/donor", f"{gift}/donor")
    yield "donor-looked-at"
    press("/months", "/months/compare")
    yield "compared"
    press("/months", "/months/publish")
    yield "published"


def test_the_desk_shows_no_sign_of_the_theme_missing(page: Page) -> None:
    """All styles are there: what is loaded from a wrong address looks broken and says nothing.
    And the desk's own names no colour: those of the site have a face for the night.
    """
    page.wait_for_load_state("load")  # a heading may be read before the last style has come
    sizes = page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length)")
    assert len(sizes) == 3
    assert all(sizes)
    own = (ROOT / "donations_api/templates/desk/desk.css").read_text("utf-8")
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", own) == []
