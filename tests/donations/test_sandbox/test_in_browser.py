"""The hosted page in a real browser, on a telephone and on a desk."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.donations.test_sandbox.rig import Rig


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
    assert page.locator("[role=alert]").is_visible()
    assert page.locator("#number").get_attribute("aria-invalid") == "true"
    page.locator("button[value=pay]").click()
    page.wait_for_url(f"{rig.webhook.url}thanks?session={session.id}")

    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert rig.client().v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_cut_off(rig: Rig, browser: Browser, language: str) -> None:
    """At 320 pixels no page of the sandbox scrolls sideways, and the error has the focus."""
    paid, waiting = rig.create(), rig.create()
    rig.press(paid.id)
    rig.deliveries.deliver_due()
    page = browser.new_page(viewport={"width": 320, "height": 640})
    try:
        for address in (waiting.url, f"{rig.url}/pay/{paid.id}", f"{rig.url}/"):
            page.goto(f"{address}?language={language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.goto(f"{waiting.url}?language={language}")
        page.locator("button[value=decline]").click()
        page.wait_for_selector("[role=alert]:focus")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    finally:
        page.close()
