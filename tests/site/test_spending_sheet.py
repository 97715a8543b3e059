"""D14: the sheet of spending, cell by cell: what is taken, and what is told with row and column."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from donations_api.frame import Frame, load_frame
from donations_api.giving import Giving, load_giving
from donations_api.money import Money
from plugins.books import spending
from plugins.books.spending import Spent
from plugins.problems import Problem
from tests.site.tiny_site import BASE, ROOT

TODAY = date(2026, 11, 26)
HEADER = "日期,项目,币种,金额,用途.zh,用途.en,单据号"
ROW = "2026-11-03,roof,CNY,40.50,瓦片示例,Sample tiles,S-1"
BEFORE: Giving = load_giving(BASE / "content")
GIVING = replace(BEFORE, funds=(*BEFORE.funds, replace(BEFORE.funds[0], key="lamp")))
FRAME: Frame = load_frame(BASE / "content", ROOT / "theme")
TILES = Spent(
    date(2026, 11, 3),
    "roof",
    Money(40_50, "CNY"),
    {"zh": "瓦片示例", "en": "Sample tiles"},
    "S-1",
)


def read(folder: Path, *rows: str, encoding: str = "utf-8") -> tuple[list[Spent], list[Problem]]:
    (folder / "spending.csv").write_bytes("\n".join((HEADER, *rows)).encode(encoding))
    return look(folder)


def look(folder: Path) -> tuple[list[Spent], list[Problem]]:
    return spending.read(folder, GIVING, FRAME, TODAY)


def told(problems: list[Problem]) -> list[tuple[str, str, int, dict[str, str]]]:
    return [(one.code, Path(one.file).name, one.line, dict(one.params)) for one in problems]


def test_without_a_sheet_nothing_was_spent(tmp_path: Path) -> None:
    """And nothing is wrong; nor with one that has its header alone."""
    assert look(tmp_path) == ([], [])
    assert read(tmp_path) == ([], [])


def test_each_row_is_a_payment(tmp_path: Path) -> None:
    """The first one first, whatever their order; empty rows are none."""
    later = ROW.replace("11-03", "11-26").replace("S-1", "S-2")
    spent, problems = read(tmp_path, later, "", ",,,,,,", f" {ROW} ")
    assert problems == []
    assert [one.document for one in spent] == ["S-1", "S-2"]
    assert spent[0] == TILES
    assert TILES.month == "2026-11"
    assert list(spending.sums(spent)) == [(("2026-11", "roof", "CNY"), 40_50)] * 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_comes_as_programs_save_it(tmp_path: Path, encoding: str) -> None:
    """In UTF-8 with a mark or without, and as Excel has it in China; cells may be quoted."""
    quoted = ROW.replace("Sample tiles", '"Sample tiles"')
    assert read(tmp_path, quoted, encoding=encoding) == ([TILES], [])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_the_program_ends_them(tmp_path: Path, end: str) -> None:
    """On each system in its own way."""
    (tmp_path / "spending.csv").write_bytes(f"{HEADER}{end}{ROW}{end}".encode())
    assert look(tmp_path) == ([TILES], [])


def test_a_quoted_cell_may_have_lines(tmp_path: Path) -> None:
    """Its line's end is its own."""
    (tmp_path / "spending.csv").write_bytes(
        f"{HEADER}\r\n{ROW}\r\n".replace("Sample tiles", '"Sample\r\ntiles"').encode()
    )
    ((one,), problems) = look(tmp_path)
    assert problems == []
    assert one.purpose["en"] == "Sample\r\ntiles"


def test_the_header_is_read_in_either_language_and_order(tmp_path: Path) -> None:
    """Blanks and capitals do not count; what nobody needs may stand there too."""
    header = " DATE , Fund,Note,currency,Amount,Purpose.ZH,purpose . en,Document "
    row = "2026-11-03,roof,x,CNY,40.50,瓦片示例,Sample tiles,S-1"
    (tmp_path / "spending.csv").write_text(f"{header}\n{row}", "utf-8")
    assert look(tmp_path) == ([TILES], [])


def test_columns_that_lack_are_named_in_both_languages(tmp_path: Path) -> None:
    """All at once, at the first line."""
    (tmp_path / "spending.csv").write_text("日期,用途.en,项目,金额\n", "utf-8")
    spent, problems = look(tmp_path)
    assert spent == []
    missing = "币种 / currency, 单据号 / document, 用途.zh / purpose.zh"
    assert told(problems) == [("D14.header", "spending.csv", 1, {"missing": missing})]
    (tmp_path / "spending.csv").write_text("", "utf-8")
    (problem,) = look(tmp_path)[1]
    assert problem.params["missing"].count(" / ") == 7


DATE, FUND, CURRENCY = "日期 / date", "项目 / fund", "币种 / currency"
AMOUNT, DOCUMENT = "金额 / amount", "单据号 / document"
CURRENCIES = {"column": CURRENCY, "known": "CNY, GBP"}
CELLS: dict[str, tuple[str, str, list[tuple[str, dict[str, str]]]]] = {
    "another day": (
        "2026-11-03",
        "03/11/2026",
        [("date", {"column": DATE, "value": "03/11/2026"})],
    ),
    "no such day": (
        "2026-11-03",
        "2026-02-30",
        [("date", {"column": DATE, "value": "2026-02-30"})],
    ),
    "more than a day": (
        "2026-11-03",
        "2026-11-03 x",
        [("date", {"column": DATE, "value": "2026-11-03 x"})],
    ),
    "tomorrow": ("2026-11-03", "2026-11-27", [("future", {"column": DATE, "value": "2026-11-27"})]),
    "no day": ("2026-11-03", "", [("empty", {"column": DATE, "value": ""})]),
    "no fund": ("roof", " ", [("empty", {"column": FUND, "value": ""})]),
    "another fund": (
        "roof",
        "cellar",
        [("fund", {"column": FUND, "value": "cellar", "known": "roof, lamp"})],
    ),
    "no currency": ("CNY", "", [("empty", {"column": CURRENCY, "value": ""})]),
    "another currency": ("CNY", "xxx", [("currency", CURRENCIES | {"value": "xxx"})]),
    "no amount": ("40.50", "", [("empty", {"column": AMOUNT, "value": ""})]),
    "half a cent": (
        "40.50",
        "40.505",
        [("amount", {"column": AMOUNT, "value": "40.505", "currency": "CNY"})],
    ),
    "no number": (
        "40.50",
        "forty",
        [("amount", {"column": AMOUNT, "value": "forty", "currency": "CNY"})],
    ),
    "no purpose": ("瓦片示例", "", [("empty", {"column": "用途.zh / purpose.zh", "value": ""})]),
    "no document": ("S-1", "", [("empty", {"column": DOCUMENT, "value": ""})]),
    "a short row": (",S-1", "", [("empty", {"column": DOCUMENT, "value": ""})]),
    "much at once": (
        ROW,
        "x,cellar,XXX,y,甲,a,",
        [
            ("empty", {"column": DOCUMENT, "value": ""}),
            ("date", {"column": DATE, "value": "x"}),
            ("fund", {"column": FUND, "value": "cellar", "known": "roof, lamp"}),
            ("currency", CURRENCIES | {"value": "XXX"}),
        ],
    ),
    "no currency and no number": (
        ROW,
        "2026-11-03,roof,,y,甲,a,S",
        [("empty", {"column": CURRENCY, "value": ""})],
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_cannot_be_used_is_told(tmp_path: Path, name: str) -> None:
    """By its row, its column and what stands there; the other rows are read."""
    old, new, wanted = CELLS[name]
    assert old in ROW
    spent, problems = read(tmp_path, ROW.replace(old, new, 1), "", ROW)
    assert told(problems) == [(f"D14.{code}", "spending.csv", 2, params) for code, params in wanted]
    assert spent == [TILES]
    spent, problems = read(tmp_path, ROW, "", ROW.replace(old, new, 1))
    assert {one.line for one in problems} == {4}
    assert spent == [TILES]


@pytest.mark.parametrize("day", ["2026/11/3", "2026.11.03", "2026年11月3日", "2026-11-3"])
def test_a_day_comes_as_people_write_it(tmp_path: Path, day: str) -> None:
    """The year first, so that none is mistaken; today is no future."""
    assert read(tmp_path, ROW.replace("2026-11-03", day)) == ([TILES], [])
    today = read(tmp_path, ROW.replace("2026-11-03", "2026-11-26"))
    assert [one.day for one in today[0]] == [TODAY]


def test_a_currency_may_be_small_and_has_its_own_amounts(tmp_path: Path) -> None:
    """It is kept as its code."""
    spent, problems = read(tmp_path, ROW.replace("CNY,40.50", "gbp,7"))
    assert problems == []
    assert [one.amount for one in spent] == [Money(7_00, "GBP")]


def workbook(folder: Path, *rows: tuple[object, ...]) -> None:
    with xlsxwriter.Workbook(folder / "spending.xlsx") as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy/m/d"})
        moment = book.add_format({"num_format": "yyyy/m/d hh:mm"})
        for at, row in enumerate((tuple(HEADER.split(",")), *rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(at, column, cell, moment)
                elif isinstance(cell, date):
                    sheet.write_datetime(at, column, cell, day)
                else:
                    sheet.write(at, column, cell)


def test_a_spreadsheet_is_read_as_it_shows(tmp_path: Path) -> None:
    """Days as days, numbers without what floating point adds, rows where they stand."""
    end = ("roof", "CNY", 40.5, " 瓦片示例 ", "Sample tiles", "S-1")
    workbook(
        tmp_path,
        (date(2026, 11, 3), *end),
        (),
        (datetime(2026, 11, 3, 9, 30), *end),  # noqa: DTZ001  a spreadsheet knows no zone
        ("2026年11月3日", *end),
        ("2026-11-03", "roof", "CNY", 0.1 + 0.2, "甲", "a", 17),
        (date(2026, 11, 3), "roof", "CNY", 40.505, "甲", "a", "S"),
    )
    spent, problems = look(tmp_path)
    assert spent[:3] == [TILES] * 3
    assert (spent[3].amount, spent[3].document) == (Money(30, "CNY"), "17")
    assert told(problems) == [
        ("D14.amount", "spending.xlsx", 7, {"column": AMOUNT, "value": "40.505", "currency": "CNY"})
    ]


def test_an_empty_spreadsheet_has_no_header(tmp_path: Path) -> None:
    """Nor has one whose first row is empty: rows count as they are seen."""
    with xlsxwriter.Workbook(tmp_path / "spending.xlsx") as book:
        book.add_worksheet().write_row(1, 0, HEADER.split(","))
    assert [(one.code, one.line) for one in look(tmp_path)[1]] == [("D14.header", 1)]


def test_two_sheets_are_neither(tmp_path: Path) -> None:
    """Nobody can say which of them holds."""
    read(tmp_path, ROW)
    workbook(tmp_path)
    spent, problems = look(tmp_path)
    assert spent == []
    assert told(problems) == [("D14.two_sheets", "spending.csv", 0, {"other": "spending.xlsx"})]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("spending.csv", b"\xff\xff\xff", "UTF-8, GB18030"),
        ("spending.csv", b'"2026', "unexpected end of data"),
        ("spending.xlsx", b"no workbook", "invalid Zip"),
    ],
)
def test_a_file_that_is_no_sheet_says_why(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    """And nothing of it counts."""
    (tmp_path / name).write_bytes(data)
    spent, (problem,) = look(tmp_path)
    assert spent == []
    assert (problem.code, Path(problem.file).name, problem.line) == ("D14.sheet", name, 0)
    assert problem.file == (tmp_path / name).as_posix()
    assert problem.params["reason"].startswith(reason)
