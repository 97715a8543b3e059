"""D14: the portal's files and the spending, added up: each figure, each way to be wrong."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from donations_api.frame import Frame, load_frame
from donations_api.giving import Giving, load_giving
from donations_api.money import Money
from plugins.books import open_books
from plugins.books.open_books import FIGURES, Books, Statement
from plugins.problems import Problem, Severity
from tests.site.tiny_site import BASE, ROOT

TODAY = date(2026, 12, 31)
GIVING: Giving = load_giving(BASE / "content")
FRAME: Frame = load_frame(BASE / "content", ROOT / "theme")
HEADER = "日期,项目,币种,金额,用途.zh,用途.en,单据号\n"
ABOUT = {"demo": False, "as_of": "2026-11-26", "time_zone": "Asia/Shanghai"}
CELL = {"month": "2026-10", "fund": "roof", "currency": "CNY"}
ROW: dict[str, Any] = CELL | {
    "gifts": 3,
    "received": 1000,
    "returned": 100,
    "disputed": 50,
    "fees": 20,
    "exchanged": 7,
    "corrected": -3,
    "balance": 834,
}


def write(folder: Path, **files: Any) -> None:
    """``ledger`` and ``donors`` as JSON, ``spending`` as rows of the sheet."""
    for name, told in files.items():
        if name == "spending":
            text = HEADER + "".join(f"{row},甲,a,S\n" for row in told)
            (folder / "spending.csv").write_text(text, "utf-8")
        else:
            text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
            (folder / f"{name}.json").write_text(text, "utf-8")


def ledger(*rows: Mapping[str, Any], **about: Any) -> dict[str, Any]:
    return ABOUT | {"months": list(rows)} | about


def donors(*named: Mapping[str, Any], unnamed: Any = (), **about: Any) -> dict[str, Any]:
    return ABOUT | {"donors": list(named), "unnamed": list(unnamed)} | about


def read(folder: Path, *, demo: bool = False, **files: Any) -> tuple[Books, list[Problem]]:
    write(folder, **files)
    return open_books.read(folder, GIVING, FRAME, TODAY, demo=demo)


def sums(books: Books) -> list[tuple[str, str, str, int, int, int]]:
    """Month, fund, currency, what was there, what was spent, what is left."""
    return [
        (one.month, one.fund, one.currency, one.opening, one.figures["spent"], one.balance)
        for one in books.statements
    ]


def test_without_files_nothing_is_open(tmp_path: Path) -> None:
    """And nothing is wrong."""
    assert read(tmp_path) == (Books(None, (), (), (), ()), [])


def test_a_row_of_the_ledger_is_a_statement(tmp_path: Path) -> None:
    """As it is written; with nothing spent the balances are the ledger's."""
    books, problems = read(tmp_path, ledger=ledger(ROW))
    assert problems == []
    assert books.as_of == date(2026, 11, 26)
    figures = {one: ROW.get(one, 0) for one in FIGURES}
    assert books.statements == (Statement("2026-10", "roof", "CNY", 3, 0, figures, 834),)
    (one,) = books.statements
    assert {name: one.money(name).minor for name in (*FIGURES, "opening", "balance")} == {
        "received": 1000,
        "returned": -100,
        "disputed": -50,
        "fees": -20,
        "exchanged": 7,
        "corrected": -3,
        "spent": 0,
        "opening": 0,
        "balance": 834,
    }
    assert one.money("balance") == Money(834, "CNY")
    assert one.money("fees") == Money(-20, "CNY")
    assert (one.came, one.went) == (Money(1007, "CNY"), Money(173, "CNY"))
    untold, _ = read(tmp_path, ledger=ledger(ROW | {"gifts": None}))
    assert untold.statements[0].gifts is None
    none, _ = read(tmp_path, ledger=ledger({k: v for k, v in ROW.items() if k != "gifts"}))
    assert none.statements == ()


def test_spending_is_taken_off_what_is_left(tmp_path: Path) -> None:
    """In its month and in all after it; also where the ledger has no row."""
    later = ROW | {"month": "2026-12", "balance": 834 + 834}
    books, problems = read(
        tmp_path,
        ledger=ledger(ROW, later, as_of="2026-12-05"),
        spending=["2026-10-05,roof,CNY,1.00", "2026-10-06,roof,CNY,0.50", "2026-12-06,roof,CNY,2"],
    )
    assert problems == []
    assert sums(books) == [
        ("2026-10", "roof", "CNY", 0, 150, 684),
        ("2026-12", "roof", "CNY", 684, 200, 1318),
    ]
    assert len(books.spent) == 3


def test_each_fund_and_currency_is_kept_by_itself(tmp_path: Path) -> None:
    """In the order of months, funds and currencies; what belongs to no fund too."""
    pounds = ROW | {"currency": "GBP"}
    none = ROW | {"fund": "", "month": "2026-11"}
    after = ROW | {"month": "2026-11", "balance": 1668}
    books, problems = read(tmp_path, ledger=ledger(after, none, pounds, ROW))
    assert sums(books) == [
        ("2026-10", "roof", "CNY", 0, 0, 834),
        ("2026-10", "roof", "GBP", 0, 0, 834),
        ("2026-11", "", "CNY", 0, 0, 834),
        ("2026-11", "roof", "CNY", 834, 0, 1668),
        ("2026-11", "roof", "GBP", 834, 0, 0),
    ]
    assert [(one.code, dict(one.params)) for one in problems] == [
        ("D14.sum", {"month": "2026-11", "fund": "roof", "currency": "GBP"})
    ]
    assert books.months == ["2026-11", "2026-10"]


def test_after_the_ledgers_day_what_was_left_is_left(tmp_path: Path) -> None:
    """Before, a month without a row says that nothing is left there."""
    late = ["2026-12-06,roof,CNY,1"]
    books, problems = read(tmp_path, ledger=ledger(ROW), spending=late)
    assert problems == []
    assert sums(books) == [
        ("2026-10", "roof", "CNY", 0, 0, 834),
        ("2026-12", "roof", "CNY", 834, 100, 734),
    ]
    assert [one.gifts for one in books.statements] == [3, 0]
    same, problems = read(tmp_path, ledger=ledger(ROW, as_of="2026-12-01"), spending=late)
    assert [one.code for one in problems] == ["D14.sum", "D14.overspent"]
    assert sums(same)[1] == ("2026-12", "roof", "CNY", 834, 100, -100)


def test_a_month_in_which_nothing_moved_and_nothing_is_left_is_not_told(tmp_path: Path) -> None:
    """Of the two funds each has its own months."""
    gone = ROW | {"returned": 934, "balance": 0}
    pounds = ROW | {"currency": "GBP", "month": "2026-11"}
    books, problems = read(tmp_path, ledger=ledger(gone, pounds))
    assert problems == []
    assert sums(books) == [
        ("2026-10", "roof", "CNY", 0, 0, 0),
        ("2026-11", "roof", "GBP", 0, 0, 834),
    ]
    nothing = dict.fromkeys(("gifts", *FIGURES[:-1], "balance"), 0)
    zero, _ = read(tmp_path, ledger=ledger(CELL | nothing))
    assert sums(zero) == [("2026-10", "roof", "CNY", 0, 0, 0)]


def test_what_was_spent_to_the_end_and_is_gone_from_the_ledger_is_told(tmp_path: Path) -> None:
    """A month of which the ledger says that nothing is left, where nothing was left over."""
    pounds = ROW | {"currency": "GBP", "month": "2026-11"}
    books, problems = read(
        tmp_path, ledger=ledger(ROW, pounds), spending=["2026-10-05,roof,CNY,8.34"]
    )
    assert sums(books)[:2] == [
        ("2026-10", "roof", "CNY", 0, 834, 0),
        ("2026-11", "roof", "CNY", 0, 0, -834),
    ]
    assert [one.code for one in problems] == ["D14.sum", "D14.overspent"]


def test_spending_without_a_ledger_is_told_as_more_than_came(tmp_path: Path) -> None:
    """A warning for each fund and currency, by what is left in the end."""
    books, problems = read(
        tmp_path, spending=["2026-10-05,roof,CNY,1.00", "2026-11-05,roof,GBP,2.00"]
    )
    assert books.as_of is None
    assert sums(books) == [
        ("2026-10", "roof", "CNY", 0, 100, -100),
        ("2026-11", "roof", "CNY", -100, 0, -100),
        ("2026-11", "roof", "GBP", 0, 200, -200),
    ]
    for one in books.statements:
        assert not any(one.figures[figure] for figure in FIGURES if figure != "spent")
    place = (tmp_path / "ledger.json").as_posix()
    assert problems == [
        Problem("D14.overspent", place, 0, {"fund": "roof", "currency": code}, Severity.WARNING)
        for code in ("CNY", "GBP")
    ]


def test_what_is_exactly_spent_is_no_warning(tmp_path: Path) -> None:
    """One unit more is; what was short before and is not now is none either."""
    for amount, codes in (("8.34", []), ("8.35", ["D14.overspent"])):
        spent = [f"2026-10-05,roof,CNY,{amount}"]
        assert [one.code for one in read(tmp_path, ledger=ledger(ROW), spending=spent)[1]] == codes
    later = ROW | {"month": "2026-11", "balance": 834}
    early = ["2026-10-05,roof,CNY,8"]
    books, problems = read(tmp_path, ledger=ledger(later), spending=early)
    assert problems == []
    assert [one.balance for one in books.statements] == [-800, 34]


def test_a_warning_names_what_belongs_to_no_fund(tmp_path: Path) -> None:
    """By a dash, as the sum that is wrong does."""
    (tmp_path / "spending.csv").unlink(missing_ok=True)
    below = ROW | {"fund": "", "balance": -1}
    problems = read(tmp_path, ledger=ledger(below))[1]
    assert [(one.code, one.params["fund"], one.severity) for one in problems] == [
        ("D14.sum", "-", Severity.ERROR),
        ("D14.overspent", "-", Severity.WARNING),
    ]
    assert {one.file for one in problems} == {(tmp_path / "ledger.json").as_posix()}


@pytest.mark.parametrize("figure", [*FIGURES[:-1], "balance"])
def test_each_figure_counts_in_the_sum(tmp_path: Path, figure: str) -> None:
    """A unit more or less in any of them is refused."""
    for by in (1, -1):
        problems = read(tmp_path, ledger=ledger(ROW | {figure: ROW[figure] + by}))[1]
        assert [(one.code, one.severity) for one in problems] == [("D14.sum", Severity.ERROR)]
