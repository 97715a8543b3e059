"""Every page looks as it did when somebody last said that it is good.

``make looks ACCEPT=yes`` keeps how they look now, in ``tests/browser/looks/``; a failure writes the
new picture, the kept one and the difference side by side into ``var/looks``.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.conftest import ROOT, Demo, a_demo
from tests.browser.looks import compare, keep, look, looks, tell
from tests.browser.test_pages import follow, look_at, portal_pages

KEPT = ROOT / "tests" / "browser" / "looks"
TOLD = ROOT / "var" / "looks"
ACCEPTING = os.environ.get("ACCEPT") == "yes"
HOMES = {"zh": "/", "en": "/en/"}
PAGES = (
    *("", "about/", "work/", "news/", "news/lamp/", "donate/", "help/", "search/", "privacy/"),
    *("transparency/", "transparency/2026-11/", "transparency/donors/names/", "404.html"),
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of one's own: what others gave in theirs would stand on its pages."""
    with a_demo(tmp_path_factory.mktemp("looks"), traditional=True) as running:
        yield running


@pytest.fixture
def window(fresh: Demo, browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """A window that asks for less motion, with no script: what pages look like at the least."""
    context = browser.new_context(
        base_url=fresh.url, locale="zh-CN", reduced_motion="reduce", color_scheme="light"
    )
    page = context.new_page()
    yield page, context.new_cdp_session(page)
    context.close()


def desk(demo: Demo, page: Page) -> None:
    """The treasurer's first page."""
    found = re.search(r"http\S+/desk/\?key=\S+", demo.log.read_text(encoding="utf-8"))
    assert found
    page.goto(found[0])
    page.fill("#person", "林会计")
    follow(page.locator("main form button").first)


def ways(demo: Demo, page: Page) -> Iterator[tuple[str, Callable[[], object]]]:
    """The name of each page, and the way to it."""
    for language, home in HOMES.items():
        for path in PAGES:
            name = path.strip("/").replace("/", "-").removesuffix(".html") or "home"
            yield f"{language}/{name}", partial(page.goto, f"{home}{path}")
        for name, go in portal_pages(demo, page, language):
            yield f"{language}/{name.replace(' ', '-').replace(',', '')}", go
        yield (
            f"{language}/receipt-check",
            partial(look_at, page, f"/receipts/nothing?language={language}"),
        )
    yield "zh-hant/home", lambda: page.goto("/zh-hant/")
    yield "zh/desk", lambda: desk(demo, page)


def test_each_page_looks_as_it_did(fresh: Demo, window: tuple[Page, CDPSession]) -> None:
    """At three widths, by day and by night; each picture that is kept has its page."""
    page, session = window
    shutil.rmtree(TOLD, ignore_errors=True)
    if ACCEPTING:
        shutil.rmtree(KEPT, ignore_errors=True)
    seen, missing, other = set(), [], []
    for name, go in ways(fresh, page):
        page.set_viewport_size({"width": 1280, "height": 900})
        go()
        page.wait_for_load_state()
        for way, picture in looks(page, session):
            file = KEPT / f"{name}-{way}.webp"
            seen.add(file)
            if ACCEPTING:
                keep(file, picture)
            elif not file.exists():
                missing.append(f"{name}-{way}")
            else:
                kept = Image.open(file).convert("RGB")
                if (apart := compare(kept, picture)).is_another_look:
                    told = tell(TOLD, f"{name.replace('/', '-')}-{way}", kept, picture, apart)
                    other.append(f"{told.relative_to(ROOT)} ({apart.blocks}, {apart.over:.1f})")
    idle = sorted(str(file.relative_to(KEPT)) for file in set(KEPT.rglob("*.webp")) - seen)
    accept = "look at it; then: make looks ACCEPT=yes"
    assert other == [], f"another look than the kept one; {accept}"
    assert missing == [], f"no picture is kept; {accept}"
    assert idle == [], f"kept, but there is no such page; {accept}"


# What is done to a page, and whether it is another look then.
DONE = {
    "nothing": ("", False),
    "letters drawn a little otherwise": (
        "document.body.style.cssText = 'transform: translate(.4px); -webkit-text-stroke: .1px'",
        False,
    ),
    "a part that moved by 20 px": (
        "document.querySelector('.figures dl').style.cssText = 'position: relative; left: 20px'",
        True,
    ),
    "a heading that is gone": ("document.querySelector('h2').style.visibility = 'hidden'", True),
    "a button of another colour": (
        "document.querySelector('main .button').style.background = '#ff9a6c'",
        True,
    ),
    "another ground": (
        "document.body.style.background = '#f4f0e2'",
        True,
    ),
    "20 px more between two parts": (
        "document.querySelector('.figures').style.paddingBottom = '20px'",
        True,
    ),
}


def test_another_look_is_noticed_and_another_drawing_of_letters_is_not(
    window: tuple[Page, CDPSession], tmp_path: Path
) -> None:
    """The controls, held against a picture as it is kept, on a phone and on a desk."""
    page, session = window
    wrong = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/")
        keep(tmp_path / "kept.webp", look(page, session, width))
        kept = Image.open(tmp_path / "kept.webp").convert("RGB")
        for what, (done, expected) in DONE.items():
            page.reload()
            page.evaluate(done or "0")
            apart = compare(kept, look(page, session, width))
            if apart.is_another_look != expected:
                wrong[f"{what} at {width}"] = apart.blocks, round(apart.over, 2)
    assert wrong == {}


def test_what_differs_is_shown(tmp_path: Path) -> None:
    """The new picture, the kept one and the difference, side by side in one file."""
    kept, now = Image.new("RGB", (40, 60), "white"), Image.new("RGB", (40, 64), "white")
    now.paste("black", (8, 8, 32, 32))
    apart = compare(kept, now)
    assert apart.is_another_look
    assert Image.open(tell(tmp_path, "page", kept, now, apart)).size == (136, 64)
