"""Every way to give, as a donor meets it: in a browser without script, in both languages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, until
from tests.browser.reach import Visit
from tests.browser.test_gift import choose

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Donor:
    """A donor in front of a browser, and the charity's own people at the sandbox's console."""

    demo: Demo
    page: Page
    language: str
    email: str

    def give(self, frequency: str, currency: str, amount: str, *, cover: bool = False) -> None:
        """Fill in the form and send it."""
        self.page.goto("/donate/" if self.language == "zh" else "/en/donate/")
        choose(self.page, currency)
        self.page.locator(f"label[for=frequency-{frequency}]").click()
        self.page.fill("#amount", amount)
        self.page.fill("#name", "张伟")
        self.page.fill("#email", self.email)
        if cover:
            self.page.check("#cover_fee")
        self.page.check("#consent_version")
        self.page.locator("form.give .send button").click()

    def pay(self, method: str = "card", outcome: str = "pay") -> None:
        """Choose a way to pay on the payment page, and finish there."""
        expect(self.page).to_have_url(re.compile("/sandbox/pay/"))
        if method != "card":
            self.page.goto(f"{self.page.url.split('?')[0]}?method={method}")
        self.page.locator(f"button[value={outcome}]").click()

    def act(self, family: str, what: str, amount: str = "") -> None:
        """Press a button of the console, on the newest subscription or charge."""
        self.page.goto(f"/sandbox/?show={family}&language=en")
        self.page.locator(f"main a[href*='/{family}/']").first.click()
        if amount:
            self.page.fill("input[name=amount]", amount)
        self.page.locator(f"button[value={what}]").first.click()
        expect(self.page.get_by_role("alert")).to_have_count(0)

    def mails(self, count: int) -> list[EmailMessage]:
        """The donor's mails by subject, once there are so many."""
        found = until(
            lambda: mine if len(mine := self._mine()) >= count else None,
            f"not {count} mails to {self.email}",
        )
        assert len(found) == count
        return found

    def _mine(self) -> list[EmailMessage]:
        mine = [mail for mail in self.demo.mails() if mail["To"] == self.email]
        return sorted(mine, key=lambda mail: str(mail["Subject"]))

    def follow(self, mail: EmailMessage, part: str) -> None:
        """Open a link of a mail."""
        text = mail.get_body(("plain",))
        assert text is not None
        link = re.search(rf"http\S+{part}\S+", text.get_content())
        assert link
        self.page.goto(link[0])

    def standing(self, expected: str) -> None:
        """Wait until the gift's page says where it stands."""
        until(
            lambda: (
                self.page.reload() and (self.page.locator(f".standing-{expected}").count() or None)
            ),
            f"the gift is not {expected}",
        )


@pytest.fixture
def donor(
    demo: Demo, visitor: Callable[..., Visit], request: pytest.FixtureRequest
) -> Callable[[str], Donor]:
    def one(language: str) -> Donor:
        name = re.sub(r"\W+", "-", request.node.name).strip("-").lower()
        page = visitor(script=False).page
        return Donor(demo, page, language, f"{name}@example.com")

    return one


def subjects(mails: list[EmailMessage]) -> str:
    return " ".join(str(mail["Subject"]) for mail in mails)


@pytest.mark.parametrize("language", LANGUAGES)
def test_monthly_giving_from_the_form_to_its_end(
    donor: Callable[[str], Donor], language: str
) -> None:
    """The fee covered, the total agreed; renewed, changed, paused, failed, mended, ended."""
    one = donor(language)
    one.give("monthly", "GBP", "25", cover=True)
    expect(one.page.locator(".whole")).to_contain_text("£25.95")
    one.page.locator("form.wish button").first.click()
    expect(one.page.get_by_text("£25.95").first).to_be_visible()
    one.pay()
    (receipt,) = one.mails(1)
    text = receipt.get_body(("plain",))
    assert text is not None
    assert "£25.95" in text.get_content()
    assert "£0.95" in text.get_content()

    one.follow(receipt, "/pledges/")
    pledge = one.page.url
    one.page.fill("#amount", "40")
    one.page.locator("form:has(input[value=amount]) button").click()
    expect(one.page.locator("p.sum")).to_contain_text("£41.40")
    one.act("subscriptions", "renew")
    renewed = one.mails(3)
    assert any("£41.40" in mail.get_content() for mail in map(plain, renewed))

    one.page.goto(pledge)
    one.page.locator("form:has(input[value=pause]) button").click()
    expect(one.page.locator("form:has(input[value=resume])")).to_be_visible()
    one.act("subscriptions", "renew")
    one.page.goto(pledge)
    one.page.locator("form:has(input[value=resume]) button").click()
    one.mails(5)

    one.act("subscriptions", "fail_renewal")
    one.mails(6)
    one.page.goto(pledge)
    one.page.locator("form:has(input[value=card]) button").click()
    expect(one.page).to_have_url(re.compile("/sandbox/portal/"))
    one.page.locator("main form button").first.click()
    expect(one.page).to_have_url(re.compile("/pledges/"))
    one.mails(7)

    one.page.locator("form:has(input[value=end]) button").click()
    expect(one.page.locator("form.wish")).to_have_count(0)
    one.mails(8)


def plain(mail: EmailMessage) -> MIMEPart:
    part = mail.get_body(("plain",))
    assert part is not None
    return part


@pytest.mark.parametrize("language", LANGUAGES)
def test_renewals_that_never_succeed_end_it(donor: Callable[[str], Donor], language: str) -> None:
    """One kind mail for the month, however often it is tried; then thanks, and an end."""
    one = donor(language)
    one.give("monthly", "USD", "30")
    one.pay()
    one.mails(1)
    one.act("subscriptions", "fail_renewal")
    for _ in range(3):
        one.act("subscriptions", "retry_fail")
    mails = one.mails(3)
    ended = "已经停止" if language == "zh" else "has ended"
    assert ended in subjects(mails)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refund_in_parts_of_which_one_fails(donor: Callable[[str], Donor], language: str) -> None:
    """Each step has its document and its mail, and the donor's page adds up."""
    one = donor(language)
    one.give("once", "HKD", "200")
    one.pay()
    (receipt,) = one.mails(1)
    one.act("charges", "refund", "50")
    one.mails(2)
    one.act("charges", "fail_refund")
    one.mails(3)
    one.act("charges", "refund_all")
    one.mails(4)
    one.follow(receipt, "/gifts/")
    one.standing("refunded")
    expect(one.page.locator(".history tbody tr")).to_have_count(4)
    documents = one.page.locator("main ul a")
    expect(documents).to_have_count(4)
    numbers = [documents.nth(n).locator(".number").inner_text() for n in range(4)]
    serials = [int(number.rsplit("-", 1)[1]) for number in numbers]
    assert serials == sorted(serials)
    table = one.page.request.get(
        one.demo.url + str(one.page.locator("a[download]").get_attribute("href"))
    )
    assert table.body().startswith(b"\xef\xbb\xbf")
    assert "200.00,HKD,200.00" in table.text()
    documents.nth(1).click()
    letter = one.page.frame_locator("iframe.letter")
    expect(letter.locator("body")).to_contain_text(numbers[0])
    expect(letter.locator("body")).to_contain_text("HK$50.00")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gift_is_settled_when_its_money_can_be_used(
    donor: Callable[[str], Donor], language: str
) -> None:
    """Received until Stripe holds the money no more; then settled."""
    one = donor(language)
    one.give("once", "CAD", "40")
    one.pay()
    (receipt,) = one.mails(1)
    one.follow(receipt, "/gifts/")
    one.standing("received")
    one.act("charges", "available")
    one.page.goto(f"/mailbox/?language={language}")
    one.page.locator("form button").click()
    one.follow(receipt, "/gifts/")
    one.standing("settled")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dispute_won_and_one_lost(donor: Callable[[str], Donor], language: str) -> None:
    """While the bank has the money the page says so; a lost one cancels the receipt."""
    one = donor(language)
    one.give("once", "USD", "60")
    one.pay()
    (receipt,) = one.mails(1)
    one.act("charges", "dispute")
    one.follow(receipt, "/gifts/")
    one.standing("disputed")
    one.act("charges", "evidence")
    one.act("charges", "win")
    one.follow(receipt, "/gifts/")
    one.standing("received")

    one.give("once", "AUD", "40")
    one.pay()
    one.mails(2)
    one.act("charges", "dispute")
    one.act("charges", "lose")
    one.mails(3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bank_debit_that_comes_late_and_one_that_never_does(
    donor: Callable[[str], Donor], language: str
) -> None:
    """Being confirmed until the bank has spoken; then a receipt, or a kind word."""
    one = donor(language)
    one.give("once", "GBP", "25")
    one.pay("bacs_debit")
    back = one.page.url
    waiting = "捐款正在确认" if language == "zh" else "We are confirming"
    expect(one.page.get_by_role("heading", level=1)).to_contain_text(waiting)
    one.act("charges", "settle")
    one.mails(1)
    one.page.goto(back)
    arrived = "捐款已收到" if language == "zh" else "has arrived"
    expect(one.page.get_by_role("heading", level=1)).to_contain_text(arrived)

    one.give("once", "EUR", "25")
    one.pay("sepa_debit")
    back = one.page.url
    one.act("charges", "fail_debit")
    one.mails(2)
    one.page.goto(back)
    failed = "扣款没有成功" if language == "zh" else "did not go through"
    expect(one.page.get_by_role("heading", level=1)).to_contain_text(failed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wallet_and_the_reminder_that_brings_the_next_gift(
    donor: Callable[[str], Donor], language: str
) -> None:
    """WeChat Pay now; next month one tap in a mail; the same tap again gives nothing twice; and
    one click of the mail program stops it.
    """
    one = donor(language)
    one.give("reminder", "CNY", "100")
    one.pay("wechat_pay")
    (receipt,) = one.mails(1)
    one.page.goto(f"/mailbox/?language={language}")
    one.page.locator("form button").click()
    reminder = next(mail for mail in one.mails(2) if mail["List-Unsubscribe"])
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one.follow(reminder, "/reminders/")
    one.pay("alipay")
    one.mails(3)
    one.follow(reminder, "/reminders/")
    expect(one.page).to_have_url(re.compile("/donations/thanks"))
    stopped = one.page.request.post(
        str(reminder["List-Unsubscribe"]).strip("<>"), form={"List-Unsubscribe": "One-Click"}
    )
    assert stopped.status == 200
    one.mails(4)
    one.follow(receipt, "/pledges/")
    expect(one.page.locator("form.wish")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_monthly_giving_does_not_offer_what_cannot_be_charged_again(
    donor: Callable[[str], Donor], language: str
) -> None:
    """The form says why the wallets are not there, and the payment page does not have them (D9).

    Without script it says so of each way to give, for the currency that is chosen.
    """
    one = donor(language)
    one.page.goto("/donate/" if language == "zh" else "/en/donate/")
    choose(one.page, "CNY")
    expect(one.page.locator(".means p:visible")).to_have_count(2)
    expect(one.page.locator(".means [data-often=once]:visible")).to_contain_text(
        "支付宝" if language == "zh" else "Alipay"
    )
    expect(one.page.locator(".means [data-often=monthly]:visible")).to_contain_text(
        "每月提醒" if language == "zh" else "Monthly reminder"
    )
    one.give("monthly", "CNY", "100")
    expect(one.page).to_have_url(re.compile("/sandbox/pay/"))
    expect(one.page.locator("a[href*=alipay], a[href*=wechat]")).to_have_count(0)
