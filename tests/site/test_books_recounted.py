"""D14, L6: the open books counted again in one process: each figure, each name, each way in."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from plugins.problems import Problem
from plugins.verify import books
from plugins.verify.expectations import Expectations
from plugins.verify.pages import read_site
from tests.site.tiny_site import ROOT, make_site

FIRST = "/transparency/"
NAMED = "transparency/donors/2026-11"
NONE = "no page"
FIGURES = ("received", "returned", "disputed", "fees", "exchanged", "corrected")
Look = Callable[..., list[Problem]]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Looks at pages, given by their paths; the first page of Chinese is there anyway."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    Path("data").mkdir()
    content = Path("content")
    told = Expectations.of_content(content, ROOT / "theme", "https://x.example", demo=False)
    expected = replace(told, books=Path("data"))

    def look(pages: dict[str, str] | None = None) -> list[Problem]:
        shutil.rmtree("output", ignore_errors=True)
        Path("output").mkdir()
        for path, main in ({"transparency": ""} | (pages or {})).items():
            if main != NONE:
                site.write(f"output/{path}/index.html", main)
        read = read_site(Path("output"), told.frame, content, told.terms, told.old_pages)
        return list(books.problems(read, expected))

    return look


def row(month: str = "2026-11", fund: str = "roof", currency: str = "CNY", **moved: int) -> Any:
    """A row of the ledger, with a balance that is wrong: nobody may rest on it."""
    of_month = {"month": month, "fund": fund, "currency": currency, "balance": 5}
    return of_month | dict.fromkeys(FIGURES, 0) | moved


def ledger(*rows: Any) -> None:
    Path("data/ledger.json").write_text(json.dumps({"months": rows}), encoding="utf-8")


def donors(*named: tuple[str, str]) -> None:
    told = {"donors": [{"month": month, "name": name} for month, name in named]}
    Path("data/donors.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def sheet(
    *lines: str, head: str = "date,fund,currency,amount", encoding: str = "utf-8-sig"
) -> None:
    Path("data/spending.csv").write_bytes("\n".join([head, *lines]).encode(encoding))


def wanted(found: list[Problem]) -> dict[str, str]:
    """The figures that a page without any lacks."""
    assert {(one.code, one.file, one.params["shown"]) for one in found} <= {
        ("D14.figure", FIRST, "-")
    }
    return {one.params["name"]: one.params["right"] for one in found}


def figures(of: str, **told: str) -> dict[str, str]:
    return {f"{of}/{name}": right for name, right in told.items()}


def test_without_books_nothing_is_wanted(look: Look) -> None:
    """And where no page shows them, nothing either."""
    assert look() == []
    ledger(row(received=100))
    assert look({"transparency": "<p data-written-in='en'></p>"}) == []
    assert len(look()) == 7
    assert look({"transparency": NONE}) == []


def test_each_figure_of_a_month_is_wanted(look: Look) -> None:
    """As it moves the balance; what is nothing is left out, but for the four that are always."""
    ledger(
        row(received=1000, returned=100, disputed=50, fees=20, exchanged=7, corrected=-3),
        row(fund="lamp", received=200, exchanged=-50),
        row(fund="lamp", currency="JPY", received=200),
    )
    sheet("2026-11-03,roof,CNY,0.40")
    assert wanted(look()) == {
        **figures("2026-11/roof/CNY", opening="0.00", received="10.00", returned="-1.00"),
        **figures("2026-11/roof/CNY", disputed="-0.50", fees="-0.20", exchanged="0.07"),
        **figures("2026-11/roof/CNY", corrected="-0.03", spent="-0.40", balance="7.94"),
        **figures("2026-11/lamp/CNY", opening="0.00", received="2.00", exchanged="-0.50"),
        **figures("2026-11/lamp/CNY", spent="0.00", balance="1.50"),
        **figures("2026-11/lamp/JPY", opening="0", received="200", spent="0", balance="200"),
        **figures("2026-11/CNY", came="12.07", went="2.63", balance="9.44"),
        **figures("2026-11/JPY", came="200", went="0", balance="200"),
    }


def test_a_month_begins_with_what_was_left(look: Look) -> None:
    """Also when nothing moved in it; once nothing is left, a fund is told of no more."""
    ledger(row("2026-09", received=100), row("2026-11", "lamp", received=5), row("2026-08", "lamp"))
    sheet("2026-11-01,roof,CNY,1", "2026-12-01,lamp,CNY,0.05", "2027-01-01,lamp,CNY,0.01")
    found = wanted(look())
    assert {name: right for name, right in found.items() if "roof" in name} == {
        **figures(
            "2026-09/roof/CNY", opening="0.00", received="1.00", spent="0.00", balance="1.00"
        ),
        **figures(
            "2026-11/roof/CNY", opening="1.00", received="0.00", spent="-1.00", balance="0.00"
        ),
    }
    # A month is one in which something moved somewhere.
    assert sorted({name[:7] for name in found}) == [
        *("2026-08", "2026-09", "2026-11", "2026-12", "2027-01"),
    ]
    assert {name: right for name, right in found.items() if name.startswith("2027")} == {
        **figures("2027-01/lamp/CNY", opening="0.00", received="0.00", spent="-0.01"),
        **figures("2027-01/lamp/CNY", balance="-0.01"),
        **figures("2027-01/CNY", came="0.00", went="0.01", balance="-0.01"),
    }
    assert found["2026-11/CNY/balance"] == "0.05"
    ledger(row("2026-09", received=100), row("2026-11", "lamp", received=5))
    Path("data/spending.csv").unlink()
    still = wanted(look())
    assert figures("2026-11/roof/CNY", opening="1.00", balance="1.00").items() <= still.items()
    assert still["2026-11/CNY/balance"] == "1.05"


def test_what_is_told_twice_counts_twice(look: Look) -> None:
    """A ledger that the build would refuse is no reason to count less."""
    ledger(row(received=1, fees=2), row(received=10, fees=20))
    found = wanted(look())
    assert (found["2026-11/roof/CNY/received"], found["2026-11/roof/CNY/fees"]) == ("0.11", "-0.22")


def test_the_first_page_shows_twelve_months(look: Look) -> None:
    """The last ones; the months before have pages of their own."""
    ledger(*(row(f"20{26 + at // 12}-{at % 12 + 1:02}", received=1) for at in range(13)))
    found = wanted(look())
    assert "2026-01/roof/CNY/balance" in found
    assert sorted(name[:7] for name in found if name.endswith("/CNY/came")) == [
        *(f"2026-{month:02}" for month in range(2, 13)),
        "2027-01",
    ]


SHEETS: dict[str, tuple[str, str, str]] = {
    "in English": ("Date, fund ,CURRENCY,amount", "2026-11-03, roof , cny ,4.5", "-4.50"),
    "in Chinese": ("日期,项目,币种,金额", "2026年11月3日,roof,CNY,￥4.5", "-4.50"),
    "in another order": (
        "amount,x,currency,date,fund",
        '"1,234.5",,CNY,2026/11/3,roof',
        "-1234.50",
    ),
    "with blank lines": ("date,fund,currency,amount", ",,,\n2026-11-03,roof,CNY,1\n , ,,", "-1.00"),
    "more than one": (
        "date,fund,currency,amount",
        "2026-11-03,roof,CNY,1\n2026-11-04,roof,CNY,2",
        "-3.00",
    ),
    "with a part of a cent": ("date,fund,currency,amount", "2026-11-03,roof,CNY,1.009", "-1.01"),
    "over two lines": ('date,"fund",currency,amount,x', '2026-11-03,roof,CNY,1,"a\nb"', "-1.00"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_what_was_spent_is_read(look: Look, name: str) -> None:
    """In each way that the sheet may be written."""
    head, lines, spent = SHEETS[name]
    for encoding in ("utf-8-sig", "utf-8", "gb18030"):
        sheet(lines, head=head, encoding=encoding)
        assert wanted(look())["2026-11/roof/CNY/spent"] == spent
    file = Path("data/spending.csv")
    if "two lines" not in name:
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r"))
        assert wanted(look())["2026-11/roof/CNY/spent"] == spent


def test_other_months_and_currencies_of_the_sheet(look: Look) -> None:
    """A month of one digit, a currency without cents, an empty sheet."""
    sheet("2026-1-3,roof,JPY,40")
    assert wanted(look())["2026-01/roof/JPY/spent"] == "-40"
    Path("data/spending.csv").write_bytes(b"")
    assert look() == []


def test_a_workbook_goes_before_a_table(look: Look) -> None:
    """Its first sheet, with dates and numbers as spreadsheets have them."""
    sheet("2026-11-03,roof,CNY,9")
    with xlsxwriter.Workbook("data/spending.xlsx") as workbook:
        one, other = workbook.add_worksheet(), workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        for page in (one, other):
            page.write_row(0, 0, ["date", "fund", "currency", "amount"])
            page.write_datetime(1, 0, date(2026, 11, 3), day)
        one.write_row(1, 1, ["roof", "CNY", 40.5])
        other.write_row(1, 1, ["roof", "CNY", 7])
    assert wanted(look())["2026-11/roof/CNY/spent"] == "-40.50"


def data(name: str, value: str, text: str = "") -> str:
    return f'<data data-sum="{name}" value="{value}">{text or value}</data>'


def shown(path: str, name: str, text: str, right: str) -> Problem:
    return Problem("D14.figure", path, params={"name": name, "shown": text, "right": right})


def test_each_figure_stands_once_and_is_right(look: Look) -> None:
    """On the pages of each language, its value and what one reads; wherever the page is."""
    ledger(row(received=123_456))
    month = {"opening": "0.00", "received": "1234.56", "spent": "0.00", "balance": "1234.56"}
    of_all = {"came": "1234.56", "went": "0.00", "balance": "1234.56"}
    first = "".join(data(f"2026-11/CNY/{name}", one) for name, one in of_all.items())
    own = "".join(data(f"2026-11/roof/CNY/{name}", one) for name, one in month.items())
    own = own.replace(">1234.56", ">1,234.56 元")
    pages = {"transparency": first, "transparency/2026-11": own}
    assert look(pages) == []
    english = {f"en/{path}": main for path, main in pages.items()}
    assert look(pages | english) == []
    for path in ("", "en/"):
        there, name = f"{path}transparency/2026-11", "2026-11/roof/CNY/received"
        for old, new, text in (
            ('value="1234.56">1,234.56', 'value="1234.57">1,234.57', "1,234.57 元 (1234.57)"),
            (">1,234.56", ">1,234.57", "1,234.57 元 (1234.56)"),
            (">1,234.56", ">-1,234.56", "-1,234.56 元 (1234.56)"),
        ):
            spoiled = (pages | english)[there].replace(old, new, 1)
            assert look(pages | english | {there: spoiled}) == [
                shown(f"/{there}/", name, text, "1234.56")
            ]
        twice = (pages | english)[there] + data(name, "1234.56")
        assert look(pages | english | {there: twice}) == [
            shown(f"/{there}/", name, "1234.56 (1234.56)", "None")
        ]
        lacks = (pages | english)[there].replace(name, "x")
        assert look(pages | english | {there: lacks}) == [
            shown(f"/{there}/", "x", "1,234.56 元 (1234.56)", "None"),
            shown(f"/{path}transparency/", name, "-", "1234.56"),
        ]
    # Of no other page.
    assert look(pages | {"transparency-2": data("x", "1"), "work": data("x", "1")}) == []


def named(*names: str) -> str:
    return "<meta name='robots' content='noindex'>" + "".join(
        f"<main><span translate='no'>{one}</span><b translate='no'>x</b><span>y</span></main>"
        for one in names
    )


def test_donors_are_those_of_the_file_each_as_often(look: Look) -> None:
    """By month, on as many pages as they need, in each language."""
    donors(("2026-11", "甲"), ("2026-11", "乙"), ("2026-11", "乙"), ("2026-10", "甲"))
    right = {
        NAMED: named("甲", "乙"),
        f"{NAMED}/p2": named("乙"),
        "transparency/donors/2026-10": named("甲"),
        "transparency/donors/names": named("丙"),
        "transparency/donors": named("丙"),
    }
    assert look(right) == []
    english = {f"en/{path}": main for path, main in right.items()}
    assert look(right | english | {"en/transparency": ""}) == []

    def differs(what: str, path: str = FIRST) -> Problem:
        return Problem("D14.donors", path, params={"what": what})

    assert look(right | {NAMED: named("甲")}) == [differs("2026-11 乙")]
    assert look(right | {NAMED: named("甲", "乙", "乙")}) == [differs("2026-11 乙")]
    assert look(right | {NAMED: named("甲", "丙")}) == [
        differs("2026-11 乙"),
        differs("2026-11 丙"),
    ]
    assert look(right | {f"{NAMED}/p12": named("丁")}) == [differs("2026-11 丁")]
    assert look(right | {"en/transparency": ""} | english | {f"en/{NAMED}": named("甲")}) == [
        differs("2026-11 乙", "/en/transparency/")
    ]
    Path("data/donors.json").write_text("{}", encoding="utf-8")
    assert look() == []
    Path("data/donors.json").unlink()
    assert look({NAMED: named("甲")}) == [differs("2026-11 甲")]


def test_donors_are_offered_to_no_search(look: Look) -> None:
    """L6: neither to those of the world, nor to the site's own."""
    hidden = "<meta name='robots' content='noindex'>"
    page = "transparency/donors/names"
    wrong = [Problem("L6.indexed", f"/{page}/")]
    assert look({page: hidden}) == []
    assert look({page: ""}) == wrong
    assert look({page: f"{hidden}<p></p><main data-pagefind-body></main>"}) == wrong
    assert look({f"en/{page}": ""}) == [Problem("L6.indexed", f"/en/{page}/")]
    assert look({"transparency/2026-11": ""}) == []


WAYS = {
    "an address for mail": ("a@b.example", "a@b"),
    "one in disguise": ("a ＠ b", "a ＠ b"),
    "a number": ("call 0917-123.45", "0917-123.45"),
    "a number set apart": ("1 2 3 4 5 6 7", "1 2 3 4 5 6 7"),
    "a short number": ("123 456", ""),
    "a day": ("2026年11月26日", ""),
    "two days": ("2026-11-26 2026/1/2", ""),
    "a day and a number": ("2026-11-26 1234567", "1234567"),
    "a link": ("see WWW.x.example", "WWW."),
    "a house": ("示例路12号", "路12号"),
    "a flat": ("3单元", "3单元"),
    "a street": ("at 12 Example Long Street", "12 Example Long Street"),
    "a street's beginning": ("12 rd for all", ""),
    "nothing": ("加油！", ""),
}


@pytest.mark.parametrize("name", WAYS)
def test_no_way_to_reach_a_donor_is_shown(look: Look, name: str) -> None:
    """L6: in what they wrote themselves, on each of their pages."""
    text, found = WAYS[name]
    page = "transparency/donors/names"
    hidden = "<meta name='robots' content='noindex'>"
    wrong = [Problem("L6.donor", f"/{page}/", params={"found": found})] if found else []
    assert look({page: f"{hidden}<main><p translate=no>{text}</p></main>"}) == wrong
    assert look({page: f"{hidden}<main><p>{text}</p></main><p translate=no>{text}</p>"}) == []
    assert look({"work": f"<main><p translate=no>{text}</p></main>"}) == []
