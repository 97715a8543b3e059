"""What giving.js adds to the form: the total, what fits, what was typed kept, a code copied."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from donations_api.giving import load_giving
from donations_api.money import AmountUnreadable, Money, parse_amount
from tests.browser.conftest import ROOT, Demo, until
from tests.browser.reach import Visit
from tests.browser.test_gift import choose, fill
from tests.donations.running import CONTENT, Rig, rig
from tests.donations.test_transfers import content_with

CURRENCIES = load_giving(CONTENT).currencies
LOCALES = ("zh-Hans-CN", "en-GB", "zh-Hant-HK")
SIGNS = "00123456789.,' ’元¥￥£$€-+aＡ２"
WRITTEN = [
    "20",
    "２００",
    "1,234.50",
    "1 000",
    "10.000",
    "0.5",
    "0",
    "1000000",
    "1,00",
    " 7 元",
    "12.340",
]
# The script's own functions, on all cases at once.
ASK = """async ({ read, covered, shown }) => {
  const ours = await import(document.querySelector("script[src*=giving]").src);
  const currency = (code) => {
    const { dataset } = document.getElementById(`currency-${code}`);
    const numbers = Object.fromEntries(["digits", "points", "fixed"].map((n) => [n, +dataset[n]]));
    return { code, marks: dataset.marks.split(" "), ...numbers };
  };
  return {
    read: read.map(([typed, code]) => ours.parse(typed, currency(code)) ?? null),
    covered: covered.map(([gift, code]) => ours.cover(gift, currency(code))),
    shown: shown.map(([minor, code, locale]) => ours.money(minor, currency(code), locale)),
  };
}"""


def as_read(typed: str, currency: str) -> int | None:
    try:
        return parse_amount(typed, currency).minor
    except AmountUnreadable:
        return None


@pytest.fixture
def page(visitor: Callable[..., Visit]) -> Iterator[Page]:
    """The Chinese form on a small phone; the browser has nothing to complain about."""
    visit = visitor(width=320)
    visit.page.goto("/donate/")
    yield visit.page
    assert [said for said in visit.complaints if "DISCONNECTED" not in said] == []


def test_it_counts_as_the_portal_does(page: Page) -> None:
    """In minor units, in every currency. What it cannot read it says nothing about."""
    chance = random.Random(20)  # noqa: S311 (the same cases at each run)
    plain = [
        (f"{beside}{typed}", one)
        for one in CURRENCIES
        for typed in WRITTEN
        for beside in ("", *one.marks.split()[:3])
    ]
    odd = [
        ("".join(chance.choices(SIGNS, k=chance.randint(1, 7))), one)
        for one in CURRENCIES
        for _ in range(400)
    ]
    covered = [
        (chance.randint(1, 10 ** chance.randint(2, 8)), one)
        for one in CURRENCIES
        for _ in range(250)
    ]
    shown = [(minor, one, locale) for minor, one in covered[::10] for locale in LOCALES]
    told = page.evaluate(
        ASK,
        {
            "read": [(typed, one.code) for typed, one in (*plain, *odd)],
            "covered": [(gift, one.code) for gift, one in covered],
            "shown": [(minor, one.code, locale) for minor, one, locale in shown],
        },
    )
    read = dict(
        zip(((typed, one.code) for typed, one in (*plain, *odd)), told["read"], strict=True)
    )
    assert read == {key: as_read(*key) for key in read}
    assert 300 < sum(minor is not None for minor in read.values()) < len(read) - 300
    assert told["covered"] == [one.fee_cover(Money(gift, one.code)).minor for gift, one in covered]
    assert [re.sub(r"\s", " ", one) for one in told["shown"]] == [
        re.sub(r"\s", " ", Money(minor, one.code).display(locale.replace("-", "_")))
        for minor, one, locale in shown
    ]


def test_the_total_is_said_as_it_is_chosen_and_agreed_to_on_the_form(page: Page) -> None:
    """Beside the button and on it, once what is typed has settled; then no page asks again."""
    total, button = page.locator("#total"), page.locator(".send button")
    expect(total).to_have_text("共付¥200.00")
    expect(button).to_have_text("下一步：付款¥200.00")
    page.evaluate(
        "window.said = []; new MutationObserver(() => said.push(total.textContent))"
        ".observe(total, { childList: true })"
    )
    page.locator("#amount").press_sequentially("123.4")
    expect(total).to_have_text("共付¥123.40")
    expect(page.locator(".choices input:checked:visible")).to_have_count(0)
    page.fill("#amount", "元元")
    expect(total).to_have_text("")
    expect(button).to_have_text("下一步：付款")
    page.fill("#amount", "9")
    page.locator("label[for=amount-CNY-3]").click()
    expect(page.locator("#amount")).to_have_value("")
    expect(total).to_have_text("共付¥500.00")
    assert page.evaluate("said") == ["共付¥123.40", "", "共付¥500.00"]
    expect(total).to_have_attribute("role", "status")

    page.check("#cover_fee")
    page.locator("label[for=frequency-monthly]").click()
    expect(total).to_have_text("每月付¥516.99（捐款¥500.00＋手续费¥16.99）")
    fill(page, currency="JPY", amount="3000", email="agreed@example.com")
    expect(page.locator("details.currency")).not_to_have_attribute("open", "")
    expect(total).to_have_text("每月付JP¥3,112（捐款JP¥3,000＋手续费JP¥112）")
    expect(button).to_have_text("下一步：付款JP¥3,112")
    button.click()
    expect(page).to_have_url(re.compile("/sandbox/pay/"))
    expect(page.get_by_text("JP¥3,112").first).to_be_visible()


def test_only_what_fits_is_shown(page: Page, browser: Browser, demo: Demo) -> None:
    """The ways to pay follow currency and frequency; in WeChat's browser the note stands open."""
    means = page.locator(".means p:visible")
    expect(means).to_have_count(1)
    expect(means).to_contain_text("支付宝")
    page.locator("label[for=frequency-monthly]").click()
    expect(means).to_have_count(1)
    expect(means).to_contain_text("每月自动")
    choose(page, "GBP")
    expect(means).to_contain_text("Bacs")
    page.locator("label[for=frequency-reminder]").click()
    expect(means).to_contain_text("支付宝")
    expect(page.locator(".wallets")).not_to_have_attribute("open", "")
    phone = browser.new_page(user_agent="Mozilla/5.0 (Linux; Android 11) MicroMessenger/8.0.50")
    phone.goto(f"{demo.url}/donate/")
    expect(phone.locator(".wallets")).to_have_attribute("open", "")
    phone.close()


def kept_in(page: Page) -> Any:
    return page.evaluate("JSON.parse(sessionStorage.getItem('gift'))")


def test_what_was_typed_outlives_a_reload_and_the_other_language_but_not_the_gift(
    page: Page,
) -> None:
    """In the tab alone; the consent is given anew, and after the gift nothing is left."""
    fill(page, currency="CAD", amount="41.50", email="kept@example.com", name="王芳")
    page.locator(".more summary").click()
    page.fill("#message", "加油\n孩子们")
    page.locator("label[for=frequency-reminder]").click()
    page.check("#cover_fee")
    page.reload()
    page.get_by_role("banner").get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for field, value in {"amount": "41.50", "name": "王芳", "email": "kept@example.com"}.items():
        expect(page.locator(f"#{field}")).to_have_value(value)
    expect(page.locator("#message")).to_have_value("加油\n孩子们")
    expect(page.locator("#message")).to_be_visible()
    for chosen in ("currency-CAD", "frequency-reminder", "cover_fee"):
        expect(page.locator(f"#{chosen}")).to_be_checked()
    expect(page.locator("#consent_version")).not_to_be_checked()
    assert "consent_version" not in kept_in(page)

    page.check("#consent_version")
    expect(page.locator("#total")).to_contain_text("CA$43.05")
    page.locator(".send button").click()
    page.locator("button[value=pay]").click()
    expect(page).to_have_url(re.compile("/donations/thanks"))
    until(lambda: kept_in(page) is None or None, "what was typed is still kept")
    page.goto("/donate/")
    expect(page.locator("#name")).to_have_value("")


def test_a_second_tap_sends_nothing_and_a_lost_line_loses_nothing(page: Page) -> None:
    """The button says that the next page comes; going back, it can be pressed again."""
    page.route("**/donations", lambda route: route.abort("internetdisconnected"))
    fill(page, currency="CNY", amount="66", email="twice@example.com")
    with page.expect_event("requestfailed"):
        told = page.evaluate(
            """() => {
              const button = document.querySelector(".send button"), sent = [];
              addEventListener("submit", (event) => sent.push(!event.defaultPrevented));
              button.click();
              button.click();
              const told = { sent, said: button.textContent, off: button.ariaDisabled };
              dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
              return { ...told, back: button.textContent, on: button.ariaDisabled };
            }"""
        )
    assert told["sent"] == [True, False]
    assert (told["said"], told["off"]) == ("正在打开下一页……", "true")
    assert (told["back"], told["on"]) == ("下一步：付款¥66.00", None)
    page.wait_for_url("chrome-error://**")
    page.goto("/donate/")
    expect(page.locator("#amount")).to_have_value("66")
    button = page.locator(".send button")
    expect(button).to_have_text("下一步：付款¥66.00")
    page.unroute("**/donations")
    page.check("#consent_version")
    button.click()
    expect(page).to_have_url(re.compile("/sandbox/pay/"))
    page.go_back()
    expect(button).to_have_text("下一步：付款¥66.00")
    expect(button).not_to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_language_of_a_form_with_mistakes_is_changed_with_all_that_was_typed(
    visitor: Callable[..., Visit], script: bool
) -> None:
    """What came back with the mistakes is kept by all browsers; what was typed since, by script."""
    page = visitor(width=320, script=script).page
    page.goto("/donate/")
    fill(page, currency="GBP", amount="33", email="nobody@", name="王芳")
    page.locator(".send button").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.fill("#name", "Wang Fang")
    page.locator("#email").press("End")
    page.get_by_role("banner").get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.title().startswith("Error:")
    expect(page.get_by_role("alert")).to_contain_text("Please check the form")
    expect(page.locator("#name")).to_have_value("Wang Fang" if script else "王芳")
    expect(page.locator("#amount")).to_have_value("33")
    expect(page.locator("#currency-GBP")).to_be_checked()
    page.fill("#email", "mended@example.com")
    page.locator("#email").press("Enter")
    expect(page).to_have_url(re.compile("/sandbox/pay/"))


@pytest.fixture
def transferring(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path, content=content_with(tmp_path)) as both:
        yield both


def test_code_and_account_are_copied_with_a_tap(transferring: Rig, browser: Browser) -> None:
    """By the browser's clipboard, and where a browser has none for pages, as WeChat's, without."""
    address = transferring.portal + transferring.give(way="transfer").headers["Location"]
    code = transferring.gifts()[0].transfer_code
    for able in (True, False):
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        # The portal serves no files of the theme; a host does.
        context.route(
            "**/theme/*",
            lambda route: route.fulfill(
                path=ROOT / "theme" / "static" / route.request.url.split("/")[-1].split("?")[0]
            ),
        )
        page = context.new_page()
        if not able:
            page.add_init_script(
                "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
            )
        page.add_init_script("sessionStorage.setItem('gift', '{}')")
        page.goto(address)
        assert kept_in(page) is None
        for name, copied in (("复制识别码", code), ("复制账号", "DEMO 0000 0000")):
            button = page.get_by_role("button", name=name)
            button.click()
            expect(button.locator("+ [role=status]")).to_have_text("已复制")
            page.evaluate("document.body.append(document.createElement('textarea'))")
            page.locator("textarea").last.focus()
            page.keyboard.press("Control+V")
            expect(page.locator("textarea").last).to_have_value(str(copied))
        context.close()
