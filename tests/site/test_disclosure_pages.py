"""D14, L4, L6: the pages of the open books as a build makes them, decided in its own process."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.contents import Page
from pelican.plugins import signals
from pelican.settings import read_settings

from donations_api.frame import load_frame
from donations_api.giving import load_giving
from donations_api.money import Money
from plugins import disclosure
from plugins.books import charts
from plugins.books.open_books import Unnamed
from plugins.disclosure import Flow, Turn
from plugins.documents import Document
from plugins.lists import Link
from plugins.made_pages import Maker
from plugins.problems import Problem
from tests.site.test_open_books_sums import CELL, HEADER, ROW
from tests.site.test_safeguarding_pages import generators
from tests.site.tiny_site import TinySite, make_site

TODAY = date(2026, 12, 1)
FILES = Path("content/data")
PLACE = "content/reports.toml"
NOTHING = dict.fromkeys(("received", "returned", "disputed", "fees", "exchanged", "corrected"), 0)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory, with the page that shows the books; two lines are many."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    monkeypatch.setattr(disclosure, "PER_PAGE", 2)
    monkeypatch.setattr(disclosure, "SHOWN", 2)
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


REPORT = """
[[report]]
covers = ["annual", "accounts"]
year = 2026
title = { zh = "示例年报", en = "A sample report" }
"""


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
            "months": [],
            "recipients_duties": [(recipient, recipient.duties.open(TODAY))],
            "today": TODAY,
            "reports": [],
            "donors": None,
        }
    }
    assert recipient.duties.open(TODAY) != recipient.duties.open(date(2030, 1, 1))
    organisation = Path("content/organisation.toml")
    said = organisation.read_text(encoding="utf-8").replace("reports_from = 2026\n", "")
    organisation.write_text(said, encoding="utf-8")
    settings = read()
    make(settings, "en")
    assert settings["AROUND"]["transparency", "en"]["recipients_duties"] == []


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


LEFT = {"GBP": 300, "EUR": 200, "AUD": 100}
MONTHS = {
    "zh": {"2026-09": "2026年9月", "2026-10": "2026年10月", "2026-11": "2026年11月"},
    "en": {"2026-09": "September 2026", "2026-10": "October 2026", "2026-11": "November 2026"},
}


def month_of(number: str, code: str) -> Link:
    root = "/en/" if code == "en" else "/"
    return Link(MONTHS[code][number], f"{root}transparency/{number}/")


def cny(*minor: int) -> list[Money]:
    return [Money(one, "CNY") for one in minor]


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_the_first_page_shows_the_last_months(code: str) -> None:
    """D14: in the order of donations.toml, then what is not taken any more; the newest first."""
    the_books()
    settings = read()
    assert settings["PROBLEMS"] == []
    make(settings, code)
    around = settings["AROUND"]["transparency", code]
    assert around["books"] is settings["BOOKS"]
    assert around["months"] == [month_of(one, code) for one in ("2026-11", "2026-10", "2026-09")]
    assert [one for one, _, _ in around["currencies"]] == ["CNY", "GBP", "AUD", "EUR"]
    _, drawn, flows = around["currencies"][0]
    assert flows == [
        Flow(month_of("2026-11", code), "2026-11", *cny(10, 50, 760)),
        Flow(month_of("2026-10", code), "2026-10", *cny(500, 700, 800)),
    ]
    columns = [(one.key, one.came, one.went) for one in reversed(flows)]
    assert drawn == charts.columns(columns)
    (_, _, pounds), (_, _, euros) = around["currencies"][1], around["currencies"][3]
    assert [(one.came.minor, one.balance.minor) for one in pounds] == [(0, 300), (300, 300)]
    assert [one.went.minor for one in euros] == [0, 0]
    assert around["donors"] is None


@pytest.mark.usefixtures("here")
def test_a_currency_of_older_months_alone_is_not_on_the_first_page() -> None:
    """D14: there would be nothing to draw; its months have pages of their own."""
    write(
        {"month": "2026-09", "currency": "GBP", "received": 300, "returned": 300, "balance": 0},
        {"received": 5, "balance": 5},
        {"month": "2026-11", "balance": 5},
    )
    settings = read()
    assert "transparency/2026-09" in make(settings, "zh")
    assert [one for one, _, _ in settings["AROUND"]["transparency", "zh"]["currencies"]] == ["CNY"]


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_each_month_has_a_page(code: str) -> None:
    """D14: its figures, its payments on as many pages as they need, and the ways from there."""
    the_books()
    settings = read()
    pages = make(settings, code)
    root = "/en/" if code == "en" else "/"
    keys = [f"transparency/{one}" for one in ("2026-11", "2026-10", "2026-10/p2", "2026-09")]
    assert list(pages) == keys
    assert [one.url for one in pages.values()] == [f"{root}{key}/" for key in keys]
    assert settings["ADDRESSES"] == {key: {code: f"{root}{key}/"} for key in keys}
    assert {(one.template, one.lang) for one in pages.values()} == {("ledger_month", code)}
    month = MONTHS[code]["2026-10"]
    say = Maker(generators(settings)[1], settings["FRAME"].language(code), "x").say
    first, second = pages[keys[1]], pages[keys[2]]
    assert first.title == say("books.month.title", month=month)
    assert described(first) == say("books.month.description", month=month)
    assert described(first) in described(second)
    around = {key: settings["AROUND"][key, code] for key in keys}
    told = around[keys[1]]
    books = settings["BOOKS"]
    own = [one for one in books.statements if one.month == "2026-10"]
    assert told["month"] == "2026-10"
    assert [(one, [statement for statement, _ in rows]) for one, _, rows in told["currencies"]] == [
        (one, [statement for statement in own if statement.currency == one])
        for one in ("CNY", "GBP", "AUD", "EUR")
    ]
    assert told["currencies"][0][1] == charts.lying(*cny(500, 700, 800))
    assert [money for _, money in told["currencies"][0][2][0][1]] == cny(1000, 500, -100, -600, 800)
    assert told["currencies"][0][2][0][1][0][0] == "opening"
    euros = [(name, money.minor) for name, money in told["currencies"][3][2][0][1]]
    assert euros == [
        *(("opening", 0), ("received", 0), ("exchanged", 200), ("spent", 0), ("balance", 200)),
    ]
    november = around[keys[0]]["currencies"][0]
    assert november[1] == charts.lying(*cny(10, 50, 760))
    assert [one.fund for one, _ in november[2]] == ["lamp", "roof"]
    assert told["payments"] == list(books.spent[:2])
    assert around[keys[2]]["payments"] == list(books.spent[2:])
    assert around[keys[2]]["currencies"] == told["currencies"]
    assert around[keys[0]]["payments"] == around[keys[3]]["payments"] == []
    there = f"{root}transparency/2026-10/"
    assert [one["turn"] for one in around.values()] == [
        Turn(1, 1, "", ""),
        Turn(1, 2, "", f"{there}p2/"),
        Turn(2, 2, there, ""),
        Turn(1, 1, "", ""),
    ]
    way = Link(f"Open {code}", "/t/")
    assert [one["trail"] for one in around.values()] == [
        *[(way,), (way,), (way, month_of("2026-10", code)), (way,)],
    ]
    later, middle, earlier = (month_of(one, code) for one in ("2026-11", "2026-10", "2026-09"))
    assert [(one["newer"], one["older"]) for one in around.values()] == [
        *[(None, middle), (later, earlier), (later, earlier), (middle, None)],
    ]


def gift(month: str, name: str) -> dict[str, Any]:
    return CELL | {"month": month, "amount": 500, "name": name, "message": ""}


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_donors_have_pages_by_month_and_by_name(code: str) -> None:
    """L6: those who are named, and on the last page of a month how many others there were."""
    named = [gift("2026-11", "赵"), *(gift("2026-10", one) for one in ("钱", "安", "赵", "赵"))]
    others = [CELL | {"gifts": 3}, CELL | {"month": "2026-09", "gifts": None}]
    write(donors=named, unnamed=others)
    settings = read()
    assert settings["PROBLEMS"] == []
    pages = make(settings, code)
    base, by_name, root = (
        "transparency/donors",
        "transparency/donors/names",
        {"zh": "/", "en": "/en/"}[code],
    )
    keys = [base, *(f"{base}/{one}" for one in ("2026-11", "2026-10", "2026-10/p2", "2026-09"))]
    keys += [by_name, f"{by_name}/p2"]
    assert list(pages) == keys
    assert [one.url for one in pages.values()] == [f"{root}{key}/" for key in keys]
    assert {(one.template, one.lang) for one in pages.values()} == {("donors", code)}
    index = settings["AROUND"]["transparency", code]["donors"]
    assert index == Link(pages[base].title, f"{root}{base}/")
    months = [
        Link(MONTHS[code][one], f"{root}{base}/{one}/") for one in ("2026-11", "2026-10", "2026-09")
    ]
    way = (Link(f"Open {code}", "/t/"),)
    names = Link(pages[by_name].title, f"{root}{by_name}/")
    around = {key: settings["AROUND"][key, code] for key in keys}
    assert around[base] == {"months": months, "names": names, "trail": way}
    books = settings["BOOKS"]
    there = f"{root}{base}/2026-10/"
    assert [around[key] for key in keys[1:5]] == [
        {"named": one, "unnamed": list(other), "turn": turn, "trail": (*way, index)}
        for one, other, turn in (
            ([books.donors[0]], (), Turn(1, 1, "", "")),
            (list(books.donors[1:3]), (), Turn(1, 2, "", f"{there}p2/")),
            (list(books.donors[3:]), books.unnamed[:1], Turn(2, 2, there, "")),
            ([], books.unnamed[1:], Turn(1, 1, "", "")),
        )
    ]
    assert books.unnamed[1] == Unnamed("2026-09", "roof", "CNY", None)
    # By their sounds: An, Qian, Zhao; a month once, however much was given in it.
    first = [("安", [months[1]]), ("钱", [months[1]])]
    assert around[by_name] == {
        "by_name": first,
        "turn": Turn(1, 2, "", f"{root}{by_name}/p2/"),
        "trail": (*way, index),
    }
    assert around[f"{by_name}/p2"]["by_name"] == [("赵", [months[0], months[1]])]
    texts = [text for one in keys[:2] for text in (pages[one].title, described(pages[one]))]
    texts += [pages[by_name].title, described(pages[by_name])]
    say = Maker(generators(settings)[1], settings["FRAME"].language(code), "x").say
    month = {"month": MONTHS[code]["2026-11"]}
    assert texts == [
        *(say("donors.title"), say("donors.description")),
        *(say("donors.month.title", **month), say("donors.month.description", **month)),
        *(say("donors.names.title"), say("donors.names.description")),
    ]


def described(page: Page) -> str:
    return str(page.metadata["description"])


@pytest.mark.usefixtures("here")
def test_where_nobody_is_named_there_is_no_list_of_names() -> None:
    """L6: the months alone."""
    write(donors=[], unnamed=[CELL | {"gifts": 3}])
    settings = read()
    assert list(make(settings, "zh")) == ["transparency/donors", "transparency/donors/2026-10"]
    assert settings["AROUND"]["transparency/donors", "zh"]["names"] is None


def test_reports_lead_to_what_was_published(here: TinySite) -> None:
    """L4: the newest first, none before its day; in another language where there is no own."""
    here.write(
        PLACE,
        f'{REPORT}page = "about"\npublished = 2026-11-20\n'
        f'{REPORT}file = {{ zh = "a.pdf", en = "b.pdf" }}\npublished = 2026-12-01\n'
        f'{REPORT}page = "work"\npublished = 2026-10-01\n'
        f'{REPORT}page = "about"\npublished = 2026-12-02\n',
    )
    settings = read()
    zh, en = (settings["FRAME"].language(one) for one in ("zh", "en"))
    papers = [Document(Path(f"content/documents/{one}.pdf"), b"x" * 2048) for one in "ab"]
    settings["DOCUMENTS"] = {one.path: one for one in papers}
    settings["ADDRESSES"] = {
        "about": {"zh": "/about/", "en": "/en/about/"},
        "work": {"en": "/en/work/"},
    }
    make(settings, "zh", "en")
    for code, own in (("zh", ("/about/", zh)), ("en", ("/en/about/", en))):
        first, second, third = settings["AROUND"]["transparency", code]["reports"]
        assert first["report"].published == date(2026, 12, 1)
        assert first["links"] == [
            ("/documents/a.pdf", zh, "2 KB"),
            ("/documents/b.pdf", en, "2 KB"),
        ]
        assert third["links"] == [("/en/work/", en, "")]
        assert second["report"].published == date(2026, 11, 20)
        assert second["links"] == [(*own, "")]
    assert settings["PROBLEMS"] == []


def test_a_report_that_is_not_there_is_told_once(here: TinySite) -> None:
    """L4: whatever the number of languages; what is there is shown."""
    here.write(
        PLACE,
        f'{REPORT}file = {{ zh = "a.pdf", en = "b.pdf" }}\npublished = 2026-11-21\n'
        f'{REPORT}page = "abuot"\npublished = 2026-11-20\n',
    )
    settings = read()
    settings["DOCUMENTS"] = {"/documents/b.pdf": Document(Path("b.pdf"), b"x")}
    make(settings, "zh", "en")
    lacks = [
        Problem("L4.file", PLACE, params={"name": "a.pdf"}),
        Problem("L4.page", PLACE, params={"page": "abuot"}),
    ]
    assert settings["PROBLEMS"] == lacks
    first, second = settings["AROUND"]["transparency", "en"]["reports"]
    assert ([one[0] for one in first["links"]], second["links"]) == (["/documents/b.pdf"], [])
    del settings["DOCUMENTS"]
    make(settings, "zh")
    assert settings["PROBLEMS"][2:] == [Problem("L4.file", PLACE, params={"name": "b.pdf"})]


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
