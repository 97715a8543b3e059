"""D14, L4: the pages of the open books as a build makes them, decided in its own process."""

from datetime import date
from pathlib import Path

import pytest
from pelican.plugins import signals

from plugins import disclosure
from plugins.books.currency import CurrencyBooks
from plugins.lists import Link
from plugins.problems import Problem
from tests.site.open_pages import (
    CODES,
    FILES,
    FUNDS,
    TODAY,
    described,
    flow,
    here,
    make,
    month_of,
    of_currency,
    read,
    say,
    the_books,
    write,
)
from tests.site.test_open_books_sums import ROW
from tests.site.test_reports_published import PLACE, REPORT
from tests.site.tiny_site import TinySite

__all__ = ["here"]  # the fixture


def test_books_need_a_page(here: TinySite) -> None:
    """D14: when there is anything in them; what is wrong in the files is told before."""
    assert read()["PROBLEMS"] == []
    for code in ("zh", "en"):
        (here.folder / f"content/pages/transparency.{code}.md").unlink()
    settings = read()
    assert settings["PROBLEMS"] == []
    assert settings["BOOKS"].statements == ()
    no_page = Problem("D14.no_page", "content/pages")
    write(ROW | {"balance": 1})
    assert [one.code for one in read()["PROBLEMS"]] == ["D14.sum", "D14.no_page"]
    write(ROW)
    settings = read()
    assert settings["PROBLEMS"] == [no_page]
    assert len(settings["BOOKS"].statements) == 1
    assert read(demo=True)["PROBLEMS"] == []
    write(ROW, demo=True, folder=Path("var/demo-data"))
    assert read(demo=True)["PROBLEMS"] == [no_page]
    here.write("content/pages/transparency.en.md", "---\ntitle: x\n---\n")
    assert read()["PROBLEMS"] == read(demo=True)["PROBLEMS"] == []
    (here.folder / "content/pages/transparency.en.md").rename("content/pages/transparency.md")
    assert read()["PROBLEMS"] == [no_page]
    (FILES / "ledger.json").unlink()
    assert read()["PROBLEMS"] == []
    here.write(PLACE, f'{REPORT}page = "about"\npublished = 2026-11-20\n')
    assert read()["PROBLEMS"] == [no_page]


@pytest.mark.usefixtures("here")
def test_without_books_the_page_says_what_is_due() -> None:
    """L4: nothing else is made, and only below that page."""
    settings = read()
    assert make(settings, "zh", key="work") == {}
    assert settings["AROUND"] == {}
    assert make(settings, "zh") == {}
    (recipient,) = settings["GIVING"].recipients
    assert settings["AROUND"] == {
        ("transparency", "zh"): {
            "books": settings["BOOKS"],
            "currencies": [],
            "currency": None,
            "calendar": {},
            "pages": {},
            "recipients_duties": [(recipient, recipient.duties.open(TODAY))],
            "today": TODAY,
            "reports": [],
            "donors": None,
            "months": {},
            "funds": {},
        }
    }
    assert recipient.duties.open(TODAY) != recipient.duties.open(date(2030, 1, 1))
    organisation = Path("content/organisation.toml")
    said = organisation.read_text(encoding="utf-8").replace("reports_from = 2026\n", "")
    organisation.write_text(said, encoding="utf-8")
    settings = read()
    make(settings, "en")
    assert settings["AROUND"]["transparency", "en"]["recipients_duties"] == []


NAMES = {
    "zh": ("人民币", "英镑", "澳大利亚元", "欧元"),
    "en": ("Chinese Yuan", "British Pound", "Australian Dollar", "Euro"),
}


def currency_pages(code: str) -> list[Link]:
    root = "/en/" if code == "en" else "/"
    paths = [f"{root}transparency/{one.lower()}/" for one in CODES]
    return [Link(*one) for one in zip(NAMES[code], paths, strict=True)]


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_the_first_page_shows_all_currencies(code: str) -> None:
    """D14: in the order of donations.toml, then what is not taken any more; the first in full."""
    the_books()
    settings = read()
    assert settings["PROBLEMS"] == []
    make(settings, code)
    months = ["2026-11", "2026-10", "2026-09"]
    first = [CurrencyBooks.of(of_currency(settings, one), months, FUNDS[code]) for one in CODES]
    (recipient,) = settings["GIVING"].recipients
    assert settings["AROUND"]["transparency", code] == {
        "books": settings["BOOKS"],
        "currencies": first,
        "currency": first[0],
        "calendar": {"2026": ["2026-09", "2026-10", "2026-11"]},
        "pages": dict(zip(CODES, currency_pages(code), strict=True)),
        "recipients_duties": [(recipient, recipient.duties.open(TODAY))],
        "today": TODAY,
        "reports": [],
        "donors": None,
        "months": {one: month_of(one, code) for one in months},
        "funds": FUNDS[code],
    }
    assert first[0].months == [flow("2026-10", 500, 700, 800), flow("2026-11", 10, 50, 760)]
    assert first[0].total == flow("*", 1510, 750, 760)


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_each_currency_has_a_page(code: str) -> None:
    """D14: with the way back, and the same months and names as the first page."""
    the_books()
    settings = read()
    pages = make(settings, code)
    keys = [f"transparency/{one.lower()}" for one in CODES]
    assert list(pages)[:4] == keys
    first = settings["AROUND"]["transparency", code]
    for key, link, shown in zip(keys, currency_pages(code), first["currencies"], strict=True):
        page = pages[key]
        assert (page.template, page.lang, page.url) == ("ledger_currency", code, link.path)
        assert settings["ADDRESSES"][key] == {code: link.path}
        assert page.title == say(settings, code, "books.currency.title", currency=link.text)
        told = say(settings, code, "books.currency.description", currency=link.text)
        assert described(page) == told
        assert settings["AROUND"][key, code] == {
            "books": settings["BOOKS"],
            "currency": shown,
            "trail": (Link(f"Open {code}", "/t/"),),
            "months": first["months"],
            "funds": FUNDS[code],
        }


@pytest.mark.usefixtures("here")
def test_what_belongs_to_no_fund_has_a_name_too() -> None:
    """D14: what is left to no fund is told in words."""
    write({"fund": "", "received": 5, "balance": 5})
    settings = read()
    make(settings, "zh", "en")
    named = [settings["AROUND"]["transparency", one]["funds"] for one in ("zh", "en")]
    assert named == [{"": say(settings, one, "books.no_fund")} for one in ("zh", "en")]


@pytest.mark.usefixtures("here")
def test_months_stand_in_the_calendar_by_their_year() -> None:
    """D14: the newest year first, in a year as the months follow each other."""
    months = ("2025-11", "2025-12", "2026-01", "2026-02")
    write(*({"month": one, "balance": 0} for one in months))
    settings = read()
    make(settings, "zh")
    calendar = settings["AROUND"]["transparency", "zh"]["calendar"]
    assert [*calendar.items()] == [("2026", [*months[2:]]), ("2025", [*months[:2]])]


def test_each_step_is_taken() -> None:
    """What Pelican does not call makes no page."""
    steps = (
        (signals.initialized, disclosure.read),
        (signals.all_generators_finalized, disclosure.make),
    )
    disclosure.register()
    try:
        for signal, step in steps:
            assert step in set(signal.receivers_for(None))
    finally:
        for signal, step in steps:
            signal.disconnect(step)
