"""Lists, topics and the way around a news item, in a browser: usable by all, valid, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.big_site import fill
from tests.browser.nu import nu
from tests.browser.reach import overflow, violations
from tests.browser.static_host import static_host
from tests.site.tiny_site import make_site

PAGES = (
    "/news/",
    "/news/p2/",
    "/topics/3/",
    "/en/topics/thanks/",
    "/en/news/2020/",
    "/en/news/item-0004/",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A site with a page and a half of news, on a plain static host: its address, its folder."""
    site = make_site(tmp_path_factory.mktemp("lists") / "site")
    fill(site, 18)
    site.edit("content/pages/about.en.md", "---\ntitle", "---\ntopics: [thanks]\ntitle")
    run = site.run("build")
    assert run.code == 0, run.said
    with static_host(site.output) as address:
        yield address, site.output


def test_lists_are_usable_by_all_and_valid(address: tuple[str, Path], browser: Browser) -> None:
    """By axe on a phone and on a desk, and by the Nu checker."""
    url, folder = address
    assert nu(*(folder / f"{path[1:]}index.html" for path in PAGES)) == []
    page = browser.new_page()
    try:
        for path in PAGES:
            page.goto(url + path)
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                assert overflow(page) == 0, (path, width)
            assert violations(page) == [], path
    finally:
        page.close()


def test_a_reader_walks_the_lists(address: tuple[str, Path], browser: Browser) -> None:
    """From the news to older ones, to an item, to its topic, and by the switch to the other."""
    page = browser.new_page(java_script_enabled=False, locale="en-GB")
    try:
        page.goto(f"{address[0]}/en/news/")
        page.get_by_role("navigation", name="Pages of this list").get_by_text("Older").click()
        expect(page).to_have_url(f"{address[0]}/en/news/p2/")
        page.get_by_role("link", name="Item 2: the roof").click()
        page.get_by_role("link", name="Roof", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Topic: Roof")
        page.get_by_role("banner").get_by_role("link", name="简体中文").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("主题：主题1")
    finally:
        page.close()
