"""A gift from the home page to the mail, in a real browser."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.reach import Visit

NUMBER = re.compile(r"[A-Z]{2}-20\d\d-\d{6}")


@dataclass(frozen=True)
class Words:
    """What a donor reads, where a test has to find it."""

    home: str
    donate: str
    send: str
    pay: re.Pattern[str]
    arrived: str
    summary: str
    cancelled: str


WORDS = {
    "zh": Words(
        home="/",
        donate="捐款",
        send="下一步：付款",
        pay=re.compile("^(捐赠|支付)"),
        arrived="谢谢您，捐款已收到",
        summary="请修改以下内容",
        cancelled="您没有完成付款",
    ),
    "en": Words(
        home="/en/",
        donate="Donate",
        send="Next: pay",
        pay=re.compile("^(Donate|Pay)"),
        arrived="Thank you. Your gift has arrived",
        summary="Please check the form",
        cancelled="You did not finish the payment",
    ),
}


def choose(page: Page, currency: str) -> None:
    """Take a currency from the list, as a donor does."""
    if not page.locator(f"label[for=currency-{currency}]").is_visible():
        page.locator("#currency").click()
    page.locator(f"label[for=currency-{currency}]").click()


def fill(page: Page, *, currency: str, amount: str, email: str, name: str = "张伟") -> None:
    """Fill in the form as a donor does: a currency, an amount, who they are, their consent."""
    choose(page, currency)
    page.fill("#amount", amount)
    page.fill("#name", name)
    page.fill("#email", email)
    page.check("#consent_version")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize(
    ("language", "currency", "amount", "shown"),
    [
        ("zh", "CNY", "２００", "¥200.00"),
        ("en", "GBP", "25", "£25.00"),
        ("zh", "JPY", "3,000", "JP¥3,000"),
        ("en", "CNY", "200元", "CN¥200.00"),
    ],
)
def test_a_gift_from_the_home_page_to_the_mail(
    demo: Demo,
    visitor: Callable[..., Visit],
    language: str,
    currency: str,
    amount: str,
    shown: str,
    script: bool,
) -> None:
    """A donor forgets the form's fields at first, then gives once by card, on a small phone; the
    thank-you page, the mailbox and a file know the gift.
    """
    words = WORDS[language]
    email = f"donor-{language}-{currency}-{script}@example.com".lower()
    visit = visitor(width=320, script=script)
    page = visit.page

    page.goto(words.home)
    page.get_by_role("banner").get_by_role("link", name=words.donate).click()
    page.get_by_role("button", name=words.send).click()
    expect(page.get_by_role("alert")).to_contain_text(words.summary)
    fill(page, currency=currency, amount=amount, email=email)
    page.get_by_role("button", name=words.send).click()

    expect(page).to_have_url(re.compile("/sandbox/"))
    expect(page.get_by_text(shown).first).to_be_visible()
    page.get_by_role("button", name=words.pay).click()

    expect(page).to_have_url(re.compile("/donations/thanks"))
    expect(page.get_by_role("heading", level=1)).to_have_text(words.arrived, timeout=20_000)
    expect(page.get_by_role("main")).to_contain_text(shown)
    number = NUMBER.search(page.get_by_role("main").inner_text())
    assert number

    mail = demo.mail_to(email)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    for part in (html, text):
        assert number[0] in part.get_content()
        assert shown in part.get_content()

    page.goto("/mailbox/")
    page.get_by_role("link", name=re.compile(re.escape(number[0]))).first.click()
    expect(page.get_by_role("main")).to_contain_text(email)


@pytest.mark.parametrize("language", WORDS)
def test_a_form_that_needs_mending_comes_back_with_what_was_typed(
    visitor: Callable[..., Visit], language: str
) -> None:
    """The summary has the focus and leads to the fields, and nothing that was typed is gone."""
    words = WORDS[language]
    page = visitor(width=360).page
    page.goto(f"{words.home}donate/")
    fill(page, currency="JPY", amount="abc", email="nobody@", name="王芳")
    page.locator("details.more summary").click()
    page.fill("#message", "加油\n孩子们")
    page.get_by_role("button", name=words.send).click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text(words.summary)
    expect(summary).to_be_focused()
    assert page.title().startswith(("有误：", "Error:"))
    links = summary.get_by_role("link")
    assert links.count() == 2
    for index, field in enumerate(["amount", "email"]):
        links.nth(index).click()
        expect(page.locator(f"#{field}")).to_be_focused()
        expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
        described = page.locator(f"#{field}").get_attribute("aria-describedby")
        assert f"{field}-mistake" in str(described).split()
        expect(page.locator(f"#{field}-mistake")).to_contain_text(links.nth(index).inner_text())
    expect(page.locator("#amount")).to_have_value("abc")
    expect(page.locator("#name")).to_have_value("王芳")
    expect(page.locator("#email")).to_have_value("nobody@")
    expect(page.locator("#message")).to_have_value("加油\n孩子们")
    expect(page.locator("#currency-JPY")).to_be_checked()
    expect(page.locator("#consent_version")).to_be_checked()


def test_who_comes_back_from_the_payment_page_finds_the_amount_as_typed(
    visitor: Callable[..., Visit],
) -> None:
    """Were it gone, the suggested amount would count at the next try, and nobody meant that one."""
    words = WORDS["en"]
    page = visitor().page
    page.goto(f"{words.home}donate/")
    fill(page, currency="GBP", amount="20", email="back-and-forth@example.com")
    for _ in range(2):
        page.get_by_role("button", name=words.send).click()
        expect(page).to_have_url(re.compile("/sandbox/"))
        expect(page.get_by_text("£20.00").first).to_be_visible()
        page.go_back()
        expect(page.locator("#amount")).to_have_value("20")


@pytest.mark.parametrize("language", WORDS)
def test_a_gift_by_keyboard_alone(demo: Demo, visitor: Callable[..., Visit], language: str) -> None:
    """Tab, arrows, space and Enter are enough on a small phone's screen, with a mistake mended on
    the way, and where the focus is can be seen.
    """
    words, email = WORDS[language], f"keyboard-{language}@example.com"
    page = visitor(width=320).page
    page.goto(f"{words.home}donate/")

    def tab_to(where: str) -> None:
        page.keyboard.press("Tab")
        expect(page.locator(where)).to_be_focused()

    def ringed(where: str) -> bool:
        style: str = page.locator(where).evaluate("e => getComputedStyle(e).outlineStyle")
        return style != "none"

    tab_to(".skip")
    page.keyboard.press("Enter")
    tab_to({"zh": "#currency-CNY", "en": "#currency-GBP"}[language])
    assert ringed("#currency")
    for _ in range({"zh": 7, "en": 3}[language]):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#currency-JPY")).to_be_checked()
    tab_to("#currency")
    tab_to("#amount-JPY-2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#amount-JPY-1")).to_be_checked()
    assert ringed("label[for=amount-JPY-1]")
    for expected in ("#amount", "#frequency-once", ".wallets summary", "#cover_fee", "#name"):
        tab_to(expected)
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    assert ringed(".summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Mary O’Neill")
    tab_to("#email")
    page.keyboard.type(email)
    tab_to(".more summary")
    page.keyboard.press("Enter")
    for expected in ("#dedication", "#message", "#anonymous-yes", ".consent a", "#consent_version"):
        tab_to(expected)
    page.keyboard.press("Space")
    expect(page.locator("#consent_version")).to_be_checked()
    tab_to(".send button")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/sandbox/"))
    pay = page.get_by_role("button", name=words.pay)
    for _ in range(30):
        if pay.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words.arrived, timeout=20_000)
    text = demo.mail_to(email).get_body(("plain",))
    assert text is not None
    assert "JP¥1,000" in text.get_content()


@pytest.mark.parametrize("language", WORDS)
def test_a_donor_who_turns_back_is_told_that_nothing_was_charged(
    demo: Demo, visitor: Callable[..., Visit], language: str
) -> None:
    """A declined card and a cancelled payment end without a gift and without a mail."""
    words = WORDS[language]
    email = f"turned-back-{language}@example.com"
    page = visitor(script=False).page
    page.goto(f"{words.home}donate/")
    fill(page, currency="CNY", amount="88", email=email)
    page.get_by_role("button", name=words.send).click()
    page.get_by_role("button", name=re.compile("被拒|[Dd]ecline")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name=re.compile("取消|Cancel|返回|Back")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words.cancelled)
    assert [mail for mail in demo.mails() if mail["To"] == email] == []
