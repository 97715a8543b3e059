"""D14: the portal's two files as it writes them; whatever else they say is told with its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from donations_api.money import Money
from plugins.books import open_books
from plugins.books.open_books import Donor, Unnamed
from plugins.problems import Problem
from tests.site.test_open_books_sums import ABOUT, CELL, ROW, donors, ledger, read

GIFT: dict[str, Any] = CELL | {"amount": 500, "name": "示例人甲", "message": "加油"}


def test_donors_are_read_as_they_are_written(tmp_path: Path) -> None:
    """Those who are named and the others, by month; nothing of them is in the sums."""
    other = CELL | {"month": "2026-11", "gifts": 3}
    few = CELL | {"gifts": None}
    books, problems = read(tmp_path, donors=donors(GIFT, unnamed=[other, few]))
    assert problems == []
    assert books.donors == (Donor("2026-10", "roof", Money(500, "CNY"), "示例人甲", "加油"),)
    assert books.unnamed == (
        Unnamed("2026-11", "roof", "CNY", 3),
        Unnamed("2026-10", "roof", "CNY", None),
    )
    assert books.donor_months == ["2026-11", "2026-10"]
    assert (books.as_of, books.statements) == (None, ())


ONE = "months[0]"
UNREAD: dict[str, tuple[str, Any, str]] = {
    "no table": ("ledger", [], "demo"),
    "no demo": ("ledger", {}, "demo"),
    "a number for demo": ("ledger", ledger(demo=0), "demo"),
    "no day": ("ledger", ledger(as_of=None), "as_of"),
    "no such day": ("ledger", ledger(as_of="2026-02-30"), "day is out of range for month"),
    "no months": ("ledger", ledger(months=None), "months"),
    "no row": ("ledger", ledger(months=[5]), f"{ONE}.received"),
    "no figure": ("ledger", ledger(ROW | {"fees": None}), f"{ONE}.fees"),
    "a text for a figure": ("ledger", ledger(ROW | {"corrected": "1"}), f"{ONE}.corrected"),
    "a truth for a figure": ("ledger", ledger(ROW | {"balance": True}), f"{ONE}.balance"),
    "half a gift": ("ledger", ledger(ROW | {"gifts": 0.5}), f"{ONE}.gifts"),
    "no fund": ("ledger", ledger(ROW | {"fund": None}), f"{ONE}.fund"),
    "no month": ("ledger", ledger(ROW | {"month": 202610}), f"{ONE}.month"),
    "no such month": ("ledger", ledger(ROW | {"month": "2026-13"}), f"{ONE}: 2026-13 CNY"),
    "a day for a month": ("ledger", ledger(ROW | {"month": "2026-10-1"}), f"{ONE}: 2026-10-1 CNY"),
    "no currency": ("ledger", ledger(ROW | {"currency": None}), f"{ONE}.currency"),
    "a small currency": ("ledger", ledger(ROW | {"currency": "cny"}), f"{ONE}: 2026-10 cny"),
    "a long currency": ("ledger", ledger(ROW | {"currency": "CNYX"}), f"{ONE}: 2026-10 CNYX"),
    "the same twice": ("ledger", ledger(ROW, ROW), "months[1]"),
    "no donors": ("donors", ABOUT | {"unnamed": []}, "donors"),
    "no others": ("donors", ABOUT | {"donors": []}, "unnamed"),
    "no amount": ("donors", donors(GIFT | {"amount": None}), "donors[0].amount"),
    "no name": ("donors", donors(GIFT, GIFT | {"name": None}), "donors[1].name"),
    "no message": ("donors", donors(GIFT | {"message": 5}), "donors[0].message"),
    "no month of a donor": ("donors", donors(GIFT | {"month": None}), "donors[0].month"),
    "no others' number": (
        "donors",
        donors(unnamed=[CELL | {"gifts": "x"}]),
        "unnamed[0].gifts",
    ),
    "no others' month": ("donors", donors(unnamed=[{"gifts": 3}]), "unnamed[0].month"),
    "no JSON": ("donors", "{", "Expecting property name"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_file_that_is_not_as_the_portal_writes_it_says_where(tmp_path: Path, name: str) -> None:
    """Nothing of it counts; the other file does."""
    file, told, where = UNREAD[name]
    files = {"ledger": ledger(ROW), "donors": donors(GIFT)} | {file: told}
    books, (problem,) = read(tmp_path, **files)
    assert (problem.code, problem.line) == ("D14.file", 0)
    assert problem.file == (tmp_path / f"{file}.json").as_posix()
    assert problem.params["where"].startswith(where)
    if not name.startswith("no "):
        assert problem.params == {"where": where}
    assert len(books.statements) == (0 if file == "ledger" else 1)
    assert len(books.donors) == (0 if file == "donors" else 1)


def test_a_file_in_another_encoding_is_not_read(tmp_path: Path) -> None:
    """JSON is Unicode."""
    (tmp_path / "donors.json").write_bytes(
        json.dumps(donors(GIFT), ensure_ascii=False).encode("gbk")
    )
    books, (problem,) = read(tmp_path)
    assert problem.code == "D14.file"
    assert books.donors == ()


def test_null_is_as_if_nothing_was_published(tmp_path: Path) -> None:
    """And the file behind it is read."""
    books, problems = read(tmp_path, ledger="null", donors=donors(GIFT))
    assert problems == []
    assert len(books.donors) == 1


def test_what_the_demos_donors_gave_is_never_published(tmp_path: Path) -> None:
    """D14: neither file, nor the other way round in the demo."""
    files = {"ledger": ledger(ROW, demo=True), "donors": donors(GIFT)}
    for demo, file in ((False, "ledger"), (True, "donors")):
        books, (problem,) = read(tmp_path, demo=demo, **files)
        assert problem == Problem("D14.demo", (tmp_path / f"{file}.json").as_posix())
        assert len(books.statements) == len(books.donors) == 1


def test_what_is_wrong_with_the_sheet_is_told_first(tmp_path: Path) -> None:
    """And does not hide what is wrong with the files."""
    _, problems = read(tmp_path, ledger="{", spending=["x,roof,CNY,1"])
    assert [one.code for one in problems] == ["D14.date", "D14.file"]


def test_the_demos_files_lie_beside_the_demo() -> None:
    """Never in the content, which is published."""
    content = Path("content")
    assert open_books.folder(content, demo=True) == Path("var/demo-data")
    assert open_books.folder(content, demo=False) == Path("content/data")
