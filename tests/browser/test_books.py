"""The open books as they are seen: on a phone, on a desk, on paper, and in colours of one's own."""

import json
from collections.abc import Iterator
from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PageObject, PdfReader

from tests.browser.a_folder import HOST, serve
from tests.browser.nu import nu
from tests.browser.reach import overflow, violations
from tests.open_site import a_site
from tests.site.test_disclosure import REPORTS
from tests.site.tiny_site import TinySite

MONTHS = [f"{2025 + (number + 8) // 12}-{(number + 8) % 12 + 1:02}" for number in range(15)]
FIRST, MONTH, POUNDS = "transparency/", "transparency/2026-11/", "transparency/gbp/"
WRITTEN = [f"/{root}{path}" for root in ("", "en/") for path in (FIRST, MONTH, POUNDS)]
# Of each drawing: the boxes of its texts, how high their letters are, and whether any reaches out
# of the window.
TEXTS = """() => [...document.querySelectorAll('.drawing svg.chart:not(.key)')].map(chart =>
  [...chart.querySelectorAll('text')].map(text => {
    const box = text.getBoundingClientRect();
    return {said: text.textContent, left: box.left, right: box.right, top: box.top + 3,
            bottom: box.bottom - 3, size: parseFloat(getComputedStyle(text).fontSize)};
  }))"""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Fifteen months in two currencies for two funds, some months without any, some below zero."""
    site = a_site(tmp_path_factory.mktemp("books") / "site")
    left: dict[tuple[str, str], int] = {}
    rows = []
    for number, month in enumerate(MONTHS):
        for cell in (("roof", "CNY"), ("lamp", "CNY"), ("roof", "GBP")):
            came = number * 1_234_567 % 9_000_000 * (number % 4 > 0)
            went = number * 7_654_321 % 8_000_000 if cell[0] == "roof" else 99
            left[cell] = left.get(cell, 0) + came - went
            row = dict.fromkeys(("returned", "disputed", "exchanged", "corrected"), 0)
            told = {"month": month, "fund": cell[0], "currency": cell[1], "gifts": 3}
            rows.append(told | row | {"received": came, "fees": went, "balance": left[cell]})
    about = {"demo": False, "as_of": "2026-11-26", "time_zone": "Asia/Shanghai"}
    site.write("content/data/ledger.json", json.dumps(about | {"months": rows}))
    site.write("content/reports.toml", REPORTS)
    run = site.run("build", SITE_DAY="2026-11-26")
    assert run.code == 0, run.said
    return site


@pytest.fixture(scope="module")
def page(browser: Browser, books: TinySite) -> Iterator[Page]:
    page = browser.new_page()
    serve(page, books.output)
    yield page
    page.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pictures_are_read_at_each_width(page: Page, width: int) -> None:
    """Letters are 12 to 16 pixels high whatever the width, and none lies on another or outside."""
    page.set_viewport_size({"width": width, "height": 900})
    for path in WRITTEN:
        page.goto(f"{HOST}{path}")
        assert overflow(page) == 0, path
        charts = page.evaluate(TEXTS)
        assert len(charts) >= 1
        for texts in charts:
            for one in texts:
                assert 12 <= one["size"] <= 16, one
                assert one["left"] >= 0, (path, one)
                assert one["right"] <= width, (path, one)
            for first in texts:
                for other in texts:
                    assert first is other or not _meet(first, other), (path, first, other)


def _meet(one: dict[str, float], other: dict[str, float]) -> bool:
    across = one["left"] < other["right"] and other["left"] < one["right"]
    return across and one["top"] < other["bottom"] and other["top"] < one["bottom"]


def test_all_of_it_is_valid_and_usable_by_all(page: Page, books: TinySite) -> None:
    """axe and the Nu HTML Checker find nothing; forced colours hide no bar."""
    page.set_viewport_size({"width": 320, "height": 900})
    wrong: dict[str, object] = {}
    for dark, path in ((True, FIRST), (False, MONTH), (False, FIRST)):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.goto(f"{HOST}/{path}")
        if found := violations(page):
            wrong[f"{path} {dark}"] = found
    assert wrong == {}
    page.emulate_media(color_scheme="light", forced_colors="active")
    drawn = "one => [getComputedStyle(one).fill, getComputedStyle(one).stroke]"
    assert page.locator("rect.came").first.evaluate(drawn)[0] == "rgb(0, 0, 0)"
    assert page.locator("svg:not(.key) rect.went").first.evaluate(drawn)[1] == "rgb(0, 0, 0)"
    page.emulate_media(forced_colors="none")
    assert nu(*(books.output / path.lstrip("/") / "index.html" for path in WRITTEN)) == []


def test_on_paper_they_are_black_on_white(page: Page) -> None:
    """As many pages as there is to read, title, sums and address on them, no menu; and the same
    to the stroke whether the screen is light or dark.
    """
    for path, pages, texts in (
        (FIRST, 3, ("账目公开示例", "现有余额", "每月收支")),
        (MONTH, 2, ("2026年11月收支", "月末余额", "屋顶")),
        ("en/about/", 1, ("About", "Example House")),
    ):
        page.goto(f"{HOST}/{path}")
        printed = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            printed.append(PdfReader(BytesIO(page.pdf(format="A4"))))
        light, dark = printed
        assert len(light.pages) == pages, path
        # Some fonts say of a character that it is the radical that looks like it.
        said = normalize("NFKC", "".join(one.extract_text() for one in light.pages))
        said = said.replace(" ", "")
        for text in (*texts, f"/{path}"):
            assert text.replace(" ", "") in said, (path, text)
        assert "关于示例" not in said
        for one, other in zip(light.pages, dark.pages, strict=True):
            assert _strokes(one) == _strokes(other), path
    page.emulate_media(color_scheme="light")


def _strokes(page: PageObject) -> bytes:
    contents = page.get_contents()
    assert contents is not None
    return contents.get_data()
