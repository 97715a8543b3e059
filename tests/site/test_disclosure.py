"""The open books of a tiny site: what its pages say, what is refused, and the clock (rule L4)."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from donations_api.frame import load_frame
from donations_api.giving import load_giving
from plugins.books import open_books
from plugins.problems import Problem
from plugins.verify import Expectations, books, verify
from plugins.verify.pages import read_site
from tests.open_site import a_site, prove
from tests.site.test_good_site import read
from tests.site.tiny_site import QUALIFIED, ROOT, Run, TinySite, contents

DAY = "2026-11-26"
ADDRESS = "http://127.0.0.1:8000"
HEADER = "日期,项目,币种,金额,用途.zh,用途.en,单据号\n"
SHEET = HEADER + "2026-11-03,roof,CNY,40.50,瓦片示例,Sample tiles,S-1\n"
ROW = {
    "month": "2026-11",
    "fund": "roof",
    "currency": "CNY",
    "gifts": 3,
    "received": 100_00,
    "returned": 10_00,
    "disputed": 0,
    "fees": 2_95,
    "exchanged": 0,
    "corrected": 0,
    "balance": 87_05,
}
DONOR = {
    "month": "2026-11",
    "fund": "roof",
    "currency": "CNY",
    "name": "示例人甲",
    "amount": 50_00,
    "message": "A sample of a message",
}
REPORTS = """
[[report]]
covers = ["annual", "accounts"]
year = 2026
title = { zh = "示例年报", en = "A sample report" }
page = "about"
published = 2026-11-20
platform = "https://platform.example/1"
"""


def fill(site: TinySite, *, demo: bool = False, **changed: Any) -> None:
    """Books of a month: one donor who is named, one payment."""
    about = {"demo": demo, "as_of": DAY, "time_zone": "Asia/Shanghai"}
    ledger = about | {"months": [ROW | changed]}
    donors = about | {"donors": [DONOR], "unnamed": [{**_cell(), "gifts": None}]}
    for name, told in {"ledger": ledger, "donors": donors}.items():
        site.write(f"content/data/{name}.json", json.dumps(told, ensure_ascii=False))
    site.write("content/data/spending.csv", SHEET)
    site.write("content/reports.toml", REPORTS)


def _cell() -> dict[str, str]:
    return {name: str(ROW[name]) for name in ("month", "fund", "currency")}


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with books, built once."""
    site = a_site(tmp_path_factory.mktemp("open") / "site")
    fill(site)
    run = site.run("build", SITE_DAY=DAY)
    assert run.code == 0, run.said
    return site


@pytest.fixture
def mine(tmp_path: Path) -> TinySite:
    """A site of one's own, and what is served of it."""
    site = a_site(tmp_path / "site")
    site.write("output/index.html", "last year's home page")
    site.write("output/sitemap.xml", "last year's map")
    return site


@pytest.mark.parametrize(
    ("root", "title", "tiles", "received"),
    [
        ("", "2026年11月收支", "瓦片示例", "收到捐款"),
        ("en/", "November 2026", "Sample tiles", "Gifts"),
    ],
)
def test_a_month_says_what_came_what_went_and_what_is_left(
    open_site: TinySite, root: str, title: str, tiles: str, received: str
) -> None:
    """In each language: figures, payments, a picture with words, the way back; nothing else."""
    month = read(open_site, f"{root}transparency/2026-11/index.html")
    found = dict(
        re.findall(r'data-sum="2026-11/roof/CNY/(\w+)">([^<]+)<', month),
    )
    assert found == {
        "opening": "0.00",
        "received": "100.00",
        "returned": "−10.00",
        "fees": "−2.95",
        "spent": "−40.50",
        "balance": "46.55",
    }
    for text in (
        title,
        tiles,
        received,
        "S-1",
        'role="img"',
        "<desc id=",
        f'"/{root}transparency/"',
    ):
        assert text in month, text
    first = read(open_site, f"{root}transparency/index.html")
    for figure, text in {"came": "100.00", "went": "53.45", "balance": "46.55"}.items():
        assert f'data-sum="2026-11/CNY/{figure}">{text}<' in first
    assert f'<a href="/{root}about/"' in first
    assert "https://platform.example/1" in first


def test_donors_are_named_as_they_wished_and_offered_to_no_search(open_site: TinySite) -> None:
    """L6: by month and by name; what they wrote is marked as theirs and stays as it is."""
    for root in ("", "en/"):
        month = read(open_site, f"{root}transparency/donors/2026-11/index.html")
        assert '<span lang="" translate="no">示例人甲</span>' in month
        assert '<small lang="" translate="no">A sample of a message</small>' in month
        names = read(open_site, f"{root}transparency/donors/names/index.html")
        assert f'<a href="/{root}transparency/donors/2026-11/">' in names
        for page in (month, names, read(open_site, f"{root}transparency/donors/index.html")):
            assert '<meta name="robots" content="noindex">' in page
            assert "data-pagefind-body" not in page
    assert "donors" not in read(open_site, "sitemap.xml")
    assert "/transparency/2026-11/" in read(open_site, "sitemap.xml")


def test_without_books_the_page_is_true_and_says_what_is_due(mine: TinySite) -> None:
    """L4: nothing is invented, and the first deadline stands there with its state in words."""
    run = mine.run("build", SITE_DAY=DAY)
    assert run.code == 0, run.said
    page = read(mine, "en/transparency/index.html")
    assert "Nothing has been published yet." in page
    assert "No report has been published yet." in page
    due = page[page.index("Annual report for 2026</strong>") :]
    assert '<span class="state">Not due yet</span>' in due
    assert '<time datetime="2027-05-31">' in due
    assert "data-drawn" not in page
    assert "data-sum" not in page
    assert sorted(one.name for one in (mine.output / "transparency").iterdir()) == ["index.html"]


def refuse(site: TinySite) -> Run:
    """Build, which must be refused with nothing of what is served changed."""
    before = contents(site.output)
    run = site.run("build", SITE_DAY=DAY)
    assert run.code == 1, run.said
    assert contents(site.output) == before
    return run


def test_books_that_cannot_be_true_are_refused(mine: TinySite) -> None:
    """D14 and L4: each mistake with its row and column, all at once, in both languages."""
    fill(mine, balance=87_06)
    donors = json.loads((mine.folder / "content/data/donors.json").read_text("utf-8"))
    mine.write("content/data/donors.json", json.dumps(donors | {"demo": True}))
    mine.write(
        "content/data/spending.csv",
        HEADER
        + "03/11/2026,roof,CNY,1,甲,a,S\n"
        + "2026-11-27,roof,CNY,1,甲,a,S\n"
        + "2026-11-03,cellar,CNY,1,甲,a,S\n"
        + "2026-11-03,roof,XXX,1,甲,a,S\n"
        + "2026-11-03,roof,JPY,1.50,甲,a,S\n"
        + "\n"
        + "2026-11-03,roof,CNY,1,,a,S\n",
    )
    wrong = REPORTS.replace('page = "about"', 'page = "abuot"')
    mine.write("content/reports.toml", wrong)
    run = refuse(mine)
    sheet = "content/data/spending.csv"
    run.tells("D14.date", f"{sheet}:2")
    run.tells("D14.future", f"{sheet}:3")
    run.tells("D14.fund", f"{sheet}:4")
    run.tells("D14.currency", f"{sheet}:5")
    run.tells("D14.amount", f"{sheet}:6")
    run.tells("D14.empty", f"{sheet}:8")
    run.tells("D14.sum", "content/data/ledger.json")
    run.tells("D14.demo", "content/data/donors.json")


def test_a_report_that_is_not_there_is_refused(mine: TinySite) -> None:
    """L4: neither a page nor a document that nobody has counts as published."""
    gone = REPORTS.replace('page = "about"', 'file = { zh = "a.pdf" }').replace("2026-11-20", DAY)
    mine.write("content/reports.toml", REPORTS.replace('"about"', '"abuot"') + gone)
    run = refuse(mine)
    run.tells("L4.page", "content/reports.toml")
    run.tells("L4.file", "content/reports.toml")


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("spending.csv", "date,fund\n", "D14.header"),
        ("spending.csv", '"2026', "D14.sheet"),
        ("ledger.json", "{", "D14.file"),
        ("ledger.json", '{"demo": false, "as_of": "2026-11-26", "months": [{}]}', "D14.file"),
        ("donors.json", "[]", "D14.file"),
    ],
)
def test_a_file_that_cannot_be_read_is_no_empty_file(
    tmp_path: Path, open_site: TinySite, file: str, text: str, code: str
) -> None:
    """Fail closed: it is told, and never passed by."""
    (tmp_path / file).write_text(text, "utf-8")
    assert [one.code for one in books_in(tmp_path, open_site)[1]] == [code]


def books_in(folder: Path, site: TinySite) -> Any:
    content = site.folder / "content"
    frame, giving = load_frame(content, ROOT / "theme"), load_giving(content)
    return open_books.read(folder, giving, frame, date.fromisoformat(DAY), demo=False)


def test_a_spreadsheet_and_what_excel_saves_in_china_are_read_alike(
    tmp_path: Path, open_site: TinySite
) -> None:
    """XLSX with real dates and numbers, CSV in GB18030: the same; both at once: neither."""
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "spending.csv").write_bytes(SHEET.encode("gb18030"))
    (tmp_path / "xlsx").mkdir()
    with xlsxwriter.Workbook(tmp_path / "xlsx" / "spending.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER.strip().split(","))
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        sheet.write_datetime(1, 0, date(2026, 11, 3), day)
        sheet.write_row(1, 1, ["roof", "CNY", 40.5, "瓦片示例", "Sample tiles", "S-1"])
    found = [books_in(tmp_path / kind, open_site) for kind in ("csv", "xlsx")]
    assert found[0][0].spent == found[1][0].spent
    assert [one.amount.minor for one in found[0][0].spent] == [40_50]
    shutil.copy(tmp_path / "csv" / "spending.csv", tmp_path / "xlsx")
    assert "D14.two_sheets" in {one.code for one in books_in(tmp_path / "xlsx", open_site)[1]}


SPOILED = {
    "a figure": ("transparency/2026-11/index.html", ">100.00<", ">110.00<", "D14.figure"),
    "its value": ("transparency/index.html", 'value="46.55"', 'value="46.54"', "D14.figure"),
    "both alike": (
        "transparency/index.html",
        '"46.55" data-sum="2026-11/CNY/balance">46.55<',
        '"46.54" data-sum="2026-11/CNY/balance">46.54<',
        "D14.figure",
    ),
    "a figure left out": (
        "en/transparency/2026-11/index.html",
        '<data value="-2.95" data-sum="2026-11/roof/CNY/fees">−2.95</data>',
        "",
        "D14.figure",
    ),
    "a sum of the home page": (
        "en/index.html",
        '"100.00" data-sum="*/CNY/came">100.00<',
        '"110.00" data-sum="*/CNY/came">110.00<',
        "D14.figure",
    ),
    "the length of a bar": (
        "transparency/2026-11/index.html",
        'width="53.45%"',
        'width="54.45%"',
        "D14.figure",
    ),
    "a donor": (
        "transparency/donors/2026-11/index.html",
        'translate="no">示例人甲',
        'translate="no">示例人乙',
        "D14.donors",
    ),
    "a phone": (
        "transparency/donors/2026-11/index.html",
        "A sample of a message",
        "0917 123 4567",
        "L6.donor",
    ),
    "an address": (
        "en/transparency/donors/2026-11/index.html",
        "A sample of a message",
        "示例路12号",
        "L6.donor",
    ),
    "for search engines": (
        "transparency/donors/names/index.html",
        'content="noindex"',
        'content="index"',
        "L6.indexed",
    ),
}


@pytest.fixture
def look(open_site: TinySite, tmp_path: Path) -> tuple[Path, Callable[[], list[Problem]]]:
    """A copy of the built site, and the second look at it."""
    content = open_site.folder / "content"
    expected = Expectations.of_content(content, ROOT / "theme", ADDRESS, demo=False)
    expected = replace(expected, today=date.fromisoformat(DAY))
    copy = Path(shutil.copytree(open_site.output, tmp_path / "copy"))
    return copy, lambda: verify(copy, expected)[0]


def test_the_second_look_finds_nothing_in_a_site_as_built(look: Any) -> None:
    """The control of the test below."""
    assert look[1]() == []


@pytest.mark.parametrize("name", SPOILED)
def test_a_page_that_says_something_else_than_the_books_is_noticed(look: Any, name: str) -> None:
    """D14 and L6, by another way than the pages were made."""
    copy, problems = look
    file, old, new, code = SPOILED[name]
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), "utf-8")
    assert code in {one.code for one in problems()}


def test_a_donor_s_telephone_keeps_the_site_from_being_published(mine: TinySite) -> None:
    """L6: whoever put it into the file."""
    fill(mine)
    mine.edit("content/data/donors.json", "A sample of a message", "0917 123 4567")
    run = refuse(mine)
    assert "[L6.donor]" in run.said
    assert "0917 123 4567" not in run.said


def test_the_clock_turns_asking_off_and_never_publishing(mine: TinySite) -> None:
    """L4: near, past, published: on the page, to staff, and in what the site asks for."""
    mine.declare("qualified", QUALIFIED)
    place = "content/reports.toml"
    days = {
        "2027-04-30": "Not due yet",
        "2027-05-31": "Due within 30 days",
        "2027-06-01": "Overdue",
    }
    for day, state in days.items():
        run = mine.run("build", SITE_DAY=day)
        assert run.code == 0, run.said
        assert f'<span class="state">{state}</span>' in read(mine, "en/transparency/index.html"), (
            day
        )
        asks = "<form" in read(mine, "donate/index.html")
        assert asks is (state != "Overdue"), day
        assert ("[L4.near]" in run.said, "[L4.overdue]" in run.said) == (
            state.startswith("Due"),
            state == "Overdue",
        )
    run.tells("L4.overdue", place)
    told = json.loads(mine.run("status", "--json", SITE_DAY="2027-06-01").said)["deadlines"]
    assert {(one["about"], one["due"], one["state"]) for one in told} == {
        ("2026", "2027-05-31", "overdue"),
        ("2027", "2028-05-31", "fresh"),
    }
    mine.write(place, REPORTS.replace("2026-11-20", "2027-06-01"))
    assert mine.run("build", SITE_DAY="2027-06-01").code == 0
    assert "<form" in read(mine, "donate/index.html")


def test_each_figure_from_the_gift_to_the_page_is_that_of_the_database(tmp_path: Path) -> None:
    """D14: forty gifts in six currencies, as ``python -m tests.open_site`` gives thousands."""
    site, proof = prove(tmp_path, 40)
    assert proof.differ == []
    disputes = {"dispute_withdrawn", "dispute_reinstated"}
    assert proof.kinds == {"gift", "fee", "refund", "refund_failed"} | disputes
    assert proof.figures > 400
    assert proof.named > 3
    everything = "".join(file.read_text("utf-8") for file in site.output.rglob("*.html"))
    assert "wei@example.org" not in everything
    assert "人民路12号" not in everything
    assert spoiled_drawing(site) == {"D14.figure"}


def spoiled_drawing(site: TinySite) -> set[str]:
    """What is noticed when a bar of the first page is not drawn."""
    page, content = site.output / "transparency/index.html", site.folder / "content"
    text = page.read_text("utf-8")
    bar = re.search(r'<rect [^>]*data-drawn="2026-\d\d/CNY/came"[^>]*>', text)
    assert bar
    page.write_text(text.replace(bar[0], ""), "utf-8")
    expected = Expectations.of_content(content, ROOT / "theme", ADDRESS, demo=True)
    expected = replace(expected, books=site.folder / "var/demo-data")
    built = read_site(site.output, expected.frame, content, expected.terms, expected.old_pages)
    return {one.code for one in books.problems(built, expected)}
