"""Texts as they are read: measure, emphasis and fonts of Chinese, tables on a phone."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.a_folder import HOST, serve
from tests.browser.nu import nu
from tests.browser.reach import overflow, violations
from tests.site.test_text import NAMES, write_texts
from tests.site.tiny_site import TinySite, make_site

PAGES = ["/", "/about/", "/donate/", "/en/news/notes/", *(f"/news/{name}/" for name in NAMES)]
# Of each text of the page, but for what is set as a title: how many of its own characters a line
# holds, and how high a line is.
LINES = """() => [...document.querySelectorAll('main :is(p, li, dd, td, blockquote):lang(zh)')]
  .filter(one => !one.closest('.figures, .closing') && one.textContent.trim()).map(one => {
    const style = getComputedStyle(one), size = parseFloat(style.fontSize);
    const sides = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    return [one.textContent.slice(0, 20), (one.clientWidth - sides) / size,
            parseFloat(style.lineHeight) / size];
  })"""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with all that a text may have."""
    site = make_site(tmp_path_factory.mktemp("reading") / "site")
    write_texts(site)
    return site


def opened(browser: Browser, site: TinySite, path: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    serve(page, site.output)
    page.goto(f"{HOST}{path}")
    return page


def test_chinese_is_set_to_be_read(browser: Browser, texts: TinySite) -> None:
    """CLREQ: 40 characters a line at most, lines 1.7 times as high as the characters, at least."""
    wrong = []
    page = opened(browser, texts, "/", 1280)
    for path in PAGES:
        page.goto(f"{HOST}{path}")
        wrong += [
            (path, *line) for line in page.evaluate(LINES) if line[1] > 40.01 or line[2] < 1.69
        ]
    page.close()
    assert wrong == []


def test_emphasis_is_no_slanted_type(browser: Browser, texts: TinySite) -> None:
    """Dots in Chinese, italics in English; hyphens in English alone."""
    page = opened(browser, texts, "/news/long/", 1280)
    looks = "one => { const s = getComputedStyle(one); return [s.fontStyle, s.textEmphasisStyle]; }"
    assert page.locator("main em").evaluate(looks) == ["normal", "dot"]
    hyphens = "getComputedStyle(document.querySelector('main article p')).hyphens"
    assert page.evaluate(hyphens) == "manual"
    page.evaluate("document.documentElement.lang = 'en'")
    assert page.locator("main em").evaluate(looks) == ["italic", "none"]
    assert page.evaluate(hyphens) == "auto"
    page.close()


def test_each_script_has_its_fonts(browser: Browser, texts: TinySite) -> None:
    """Traditional Chinese is not shown with the shapes of Simplified, nor the other way round."""
    page = opened(browser, texts, "/", 1280)
    fonts = "getComputedStyle(document.body).getPropertyValue('--text')"
    font = "getComputedStyle(document.documentElement).fontFamily"
    found = {}
    for tag in ("zh-Hans", "zh-Hant", "en"):
        page.evaluate(f"document.documentElement.lang = {json.dumps(tag)}")
        found[tag] = page.evaluate(font)
        assert page.evaluate(fonts).strip() == page.evaluate(font).replace("'", '"')
    page.close()
    assert "PingFang SC" in found["zh-Hans"]
    assert "SC" not in found["zh-Hant"]
    assert "PingFang TC" in found["zh-Hant"]
    assert "PingFang" not in found["en"]


def test_a_wide_table_fits_a_phone(browser: Browser, texts: TinySite) -> None:
    """The page does not scroll sideways; the table does, also by the keyboard."""
    page = opened(browser, texts, "/news/table/", 320)
    assert overflow(page) == 0
    box = page.get_by_role("region", name="表格，可以左右滑动")
    box.focus()
    expect(box).to_be_focused()
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")
    page.keyboard.press("ArrowRight")
    box.evaluate(
        "one => new Promise(done => { const look = () => one.scrollLeft > 0 ? done()"
        " : requestAnimationFrame(look); look(); })"
    )
    page.close()


def test_headings_and_notes_work_by_keyboard_and_without_script(
    browser: Browser, texts: TinySite
) -> None:
    """A heading is a link to itself; a note leads down and back, each link with a name."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    serve(page, texts.output)
    page.goto(f"{HOST}/news/headings/")
    page.get_by_role("heading").get_by_role("link", name="一个24小时开放的中心").focus()
    page.keyboard.press("Enter")
    expect(page.locator(":target")).to_have_text("一个24小时开放的中心")
    page.goto(f"{HOST}/news/notes/")
    page.get_by_role("link", name="注释2", exact=True).press("Enter")
    expect(page.locator(":target")).to_contain_text("另一条")
    page.get_by_role("link", name="返回正文（注释2）").press("Enter")
    expect(page.locator(":target")).to_have_text("2")
    context.close()


def test_all_of_it_is_valid_and_usable_by_all(browser: Browser, texts: TinySite) -> None:
    """axe and the Nu HTML Checker find nothing, on a phone and on a desk."""
    page = opened(browser, texts, "/", 320)
    wrong: dict[str, object] = {}
    for path in (one for one in PAGES if "news" in one):
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{HOST}{path}")
            if found := violations(page):
                wrong[f"{path} at {width}"] = found
            assert overflow(page) == 0, path
    page.close()
    assert wrong == {}
    # Not the one that is long because it says the same character 1,200 times: no language does.
    assert nu(*(texts.output / f"news/{one}/index.html" for one in NAMES if one != "long")) == []
