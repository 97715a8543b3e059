"""The hosted page in a real browser, on a telephone and on a desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.donations.test_sandbox.rig import Rig, line_item

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(params=[360, 1280])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(
        viewport={"width": request.param, "height": 800}, java_script_enabled=False
    )
    yield page
    page.close()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_donor_pays_without_script_and_comes_back(rig: Rig, page: Page, locale: str) -> None:
    """Decline shows the error, Pay leads back to the charity: the page's own policy allows it."""
    session = rig.create(locale=locale)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(session.url or "")
    page.locator("button[value=decline]").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator("#number")).to_have_attribute("aria-invalid", "true")
    page.locator("button[value=pay]").click()
    page.wait_for_url(f"{rig.webhook.url}thanks?session={session.id}")

    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert rig.client().v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_pages_fit_a_phone_and_everybody(
    rig: Rig, browser: Browser, language: str, scheme: Literal["light", "dark"]
) -> None:
    """At 320 pixels no page of the sandbox scrolls sideways; axe finds nothing wrong anywhere, by
    day or by night.
    """
    waiting, *pages = every_page(rig)
    page = browser.new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    try:
        for address in (waiting, *pages):
            joint = "&" if "?" in address else "?"
            page.goto(f"{address}{joint}language={language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run().then(result => result.violations)")
            assert found == [], address
        page.goto(f"{waiting}?language={language}")
        page.locator("button[value=decline]").click()
        page.wait_for_selector("[role=alert]:focus")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    finally:
        page.close()


def every_page(rig: Rig) -> list[str]:
    """A page of each sort, with every sort of thing on them; the first waits for a card."""
    rig.pay()
    rig.clock.forward(7 * 86400)
    rig.act("payouts", "pay_out")
    (payout,) = rig.client().v1.payouts.list().data
    waiting = rig.create(line_items=[line_item("gbp", 2500)]).url or ""
    subscription, charge, debit = rig.subscribe(), rig.pay(), rig.pay(method="bacs_debit")
    rig.act(f"subscriptions/{subscription.id}", "fail_renewal")
    (failed, _) = rig.news()
    rig.act(f"charges/{charge.id}", "refund", amount="5")
    rig.act(f"charges/{charge.id}", "dispute")
    rig.webhook.answers = [500]
    rig.deliveries.deliver_due()
    rig.act("events", "hold")
    rig.press(rig.create(line_items=[line_item("gbp", 2500)]).id)
    portal = rig.client().v1.billing_portal.sessions.create(
        {
            "customer": str(subscription.customer),
            "return_url": rig.webhook.url,
            "flow_data": {"type": "payment_method_update"},
        }
    )
    shown = ("sessions", "subscriptions", "charges", "payouts", "events")
    return [
        waiting,
        *(f"{waiting}?method={method}" for method in ("alipay", "wechat_pay", "bacs_debit")),
        *(f"{rig.url}/?show={kind}" for kind in shown),
        f"{rig.url}/sessions/{waiting.rsplit('/', 1)[1]}",
        f"{rig.url}/subscriptions/{subscription.id}",
        *(f"{rig.url}/charges/{one.id}" for one in (charge, debit)),
        f"{rig.url}/payouts/{payout.id}",
        portal.url,
        failed["data"]["object"]["hosted_invoice_url"],
    ]


def test_buttons_of_the_console_work_without_script(rig: Rig, page: Page) -> None:
    """From the list to a charge, part of it refunded, and the event put off."""
    charge = rig.pay()
    page.goto(f"{rig.url}/?show=charges&language=en")
    page.get_by_role("link", name=charge.id).click()
    page.get_by_label("Amount to refund").fill("5")
    page.locator("button[value=refund]").click()
    page.wait_for_url(f"**/charges/{charge.id}?language=en")
    assert rig.client().v1.charges.retrieve(charge.id).amount_refunded == 500
    page.locator("li", has_text="refund.created").locator("button[value=late]").click()
    expect(page.get_by_text("put off until")).to_be_visible()
    assert rig.types() == []
