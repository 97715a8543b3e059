"""The donation page in each fundraising mode (rule L3), in a browser and before the Nu checker."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.nu import nu
from tests.browser.reach import overflow, violations
from tests.browser.static_host import static_host
from tests.site.tiny_site import PARTNER, PLATFORMS, QUALIFIED, TinySite, make_site

MODES = {"qualified": QUALIFIED, "partner": PARTNER, "info-only": ""}


def shown_in(site: TinySite, mode: str) -> Path:
    """The folder of the site as it is in that mode; what the page asks for is declared."""
    file = site.folder / "content" / "organisation.toml"
    before = file.read_text(encoding="utf-8")
    declared = f'mode = "{mode}"\n{MODES[mode]}'
    file.write_text(before.replace('mode = "undeclared"\n', declared), encoding="utf-8")
    run = site.run("build", "--into", mode)
    file.write_text(before, encoding="utf-8")
    assert run.code == 0, run.said
    return site.folder / mode


def test_the_donation_page_is_finished_in_each_mode(tmp_path: Path, browser: Browser) -> None:
    """Axe, a small phone's width, and the Nu checker, in both languages."""
    site = make_site(tmp_path / "site")
    site.write("content/platforms.toml", PLATFORMS)
    page = browser.new_page(viewport={"width": 320, "height": 800})
    files = []
    for mode in MODES:
        folder = shown_in(site, mode)
        with static_host(folder) as address:
            for path in ("donate", "en/donate"):
                page.goto(f"{address}/{path}/")
                assert violations(page) == [], (mode, path)
                assert overflow(page) <= 0, (mode, path)
                files.append(folder / path / "index.html")
    page.close()
    assert nu(*files) == []
