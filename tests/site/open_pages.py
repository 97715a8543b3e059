"""The open books of a site, read and made into pages in the process of a test."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.contents import Page
from pelican.settings import read_settings

from donations_api.frame import load_frame
from donations_api.giving import load_giving
from donations_api.money import Money
from plugins import disclosure
from plugins.books import currency
from plugins.books.flows import Flow
from plugins.books.open_books import Statement
from plugins.lists import Link
from plugins.made_pages import Maker
from tests.site.test_open_books_sums import CELL, HEADER
from tests.site.test_safeguarding_pages import generators
from tests.site.tiny_site import TinySite, make_site

TODAY = date(2026, 12, 1)
FILES = Path("content/data")
NOTHING = dict.fromkeys(("received", "returned", "disputed", "fees", "exchanged", "corrected"), 0)
MONTHS = {
    "zh": {"2026-09": "2026年9月", "2026-10": "2026年10月", "2026-11": "2026年11月"},
    "en": {"2026-09": "September 2026", "2026-10": "October 2026", "2026-11": "November 2026"},
}
LEFT = {"GBP": 300, "EUR": 200, "AUD": 100}
CODES = ("CNY", "GBP", "AUD", "EUR")  # in the order of donations.toml, then what is not there
FUNDS = {"zh": {"lamp": "lamp", "roof": "屋顶"}, "en": {"lamp": "lamp", "roof": "The roof"}}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory, with the page that shows the books.

    Two lines, and two months, are many.
    """
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    monkeypatch.setattr(disclosure, "PER_PAGE", 2)
    monkeypatch.setattr(currency, "SHOWN", 2)
    for code in ("zh", "en"):
        site.write(f"content/pages/transparency.{code}.md", "---\ntitle: x\n---\n")
    return site


def read(*, demo: bool = False, today: date = TODAY) -> dict[str, Any]:
    """The settings of a build, when the books are read."""
    content = Path("content")
    ours = {
        "PATH": "content",
        "THEME": "theme",
        "DEMO": demo,
        "FRAME": load_frame(content, Path("theme")),
        "GIVING": load_giving(content),
        "TODAY": today,
        "ADDRESSES": {},
        "AROUND": {},
    }
    settings: dict[str, Any] = read_settings(override=ours)
    disclosure.read(SimpleNamespace(settings=settings))
    return settings


def make(settings: dict[str, Any], *codes: str, key: str = "transparency") -> dict[str, Page]:
    """The pages that were made of a language's first one, by their keys."""
    articles, pages = generators(settings)
    for code in codes:
        metadata = {"title": f"Open {code}", "lang": code, "translation_key": key, "url": "/t/"}
        source = f"{Path('content').resolve()}/pages/{key}.{code}.md"
        pages.pages.append(Page("", metadata, settings, source, pages.context))
    disclosure.make([articles, pages])
    return {one.translation_key: one for one in pages.pages[len(codes) :]}


def write(*rows: dict[str, Any], demo: bool = False, folder: Path = FILES, **others: Any) -> None:
    """The ledger, and what else the portal wrote; ``spending`` are rows of the sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"demo": demo, "as_of": "2026-11-26", "time_zone": "Asia/Shanghai"}
    files = {"ledger": {"months": [CELL | {"gifts": 1} | NOTHING | row for row in rows]}}
    if spending := others.pop("spending", None):
        text = HEADER + "".join(f"{row},甲,a,S\n" for row in spending)
        (folder / "spending.csv").write_text(text, encoding="utf-8")
    if others:
        files["donors"] = others
    for name, told in files.items():
        text = json.dumps(about | told, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def say(settings: dict[str, Any], code: str, message: str, **details: str) -> str:
    """What the theme says."""
    maker = Maker(generators(settings)[1], settings["FRAME"].language(code), "x")
    return maker.say(message, **details)


def month_of(number: str, code: str) -> Link:
    root = "/en/" if code == "en" else "/"
    return Link(MONTHS[code][number], f"{root}transparency/{number}/")


def described(page: Page) -> str:
    return str(page.metadata["description"])


def the_books() -> None:
    """Three months, two funds, four currencies, three payments of one month."""
    write(
        {"month": "2026-09", "received": 1000, "balance": 1000},
        {"received": 500, "returned": 100, "balance": 1400},
        {"currency": "GBP", "received": 300, "balance": 300},
        {"currency": "EUR", "exchanged": 200, "balance": 200},
        {"currency": "AUD", "received": 100, "balance": 100},
        {"month": "2026-11", "fees": 50, "balance": 1350},
        {"month": "2026-11", "fund": "lamp", "received": 10, "gifts": None, "balance": 10},
        *({"month": "2026-11", "currency": one, "balance": left} for one, left in LEFT.items()),
        spending=[f"2026-10-0{day},roof,CNY,{day}" for day in (1, 2, 3)],
    )


def flow(key: str, *minor: int) -> Flow:
    return Flow(key, *(Money(one, "CNY") for one in minor))


def of_currency(settings: dict[str, Any], code: str, month: str = "") -> list[Statement]:
    every = settings["BOOKS"].statements
    return [one for one in every if one.currency == code and month in ("", one.month)]
