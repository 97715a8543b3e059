"""The file of the consent register, read in one process: as Excel writes it, broken, misplaced."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from plugins.people import consent_register
from plugins.people.consent_register import VARIABLE, Register, RegisterRefused, decoded, read_rows
from plugins.problems import Problem, text
from tests.site.people import ROW, written
from tests.site.test_register import CONSENT

HEADINGS = {name: text(f"register.column.{name}", "zh") for name in ROW}
CHINESE = {
    "minor": "是",
    "child_assent": "是",
    "guardian": "父母",
    "scope": "网站、募款",
    "languages": "zh，en",
    "given": "2026/1/10",
    "expires": "2027年12月31日",
    "status": "有效",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "xlsx"])
def test_a_register_is_read_as_excel_writes_it(tmp_path: Path, encoding: str) -> None:
    """C1: with Chinese headings and words, and days as they are typed in China."""
    file = tmp_path / ("REGISTER.XLSX" if encoding == "xlsx" else "register.csv")
    if encoding == "xlsx":
        workbook(file, [[*HEADINGS.values()], [*(ROW | CHINESE).values()]])
    else:
        file.write_bytes(written(CHINESE, headings=HEADINGS).encode(encoding))
    meant = replace(CONSENT, scope=frozenset({"web", "fundraising"}))
    assert consent_register.load(file) == Register({"C-17": meant})


def workbook(file: Path, *sheets: list[list[Any]]) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)


def test_a_workbook_has_one_sheet_that_says_something(tmp_path: Path) -> None:
    """C1: another might say whose code is whose. Numbers and yes and no are cells as well."""
    file = tmp_path / "register.xlsx"
    rows: list[list[Any]] = [["a", "b"], [True, False], [17, 17.5], ["", "x"]]
    texts = [["a", "b"], ["yes", "no"], ["17", "17.5"], ["", "x"]]
    workbook(file, [], rows, [])
    assert read_rows(file) == texts
    workbook(file, [], [])
    assert read_rows(file) == []
    others: list[list[list[Any]]] = [[["x"]], [["", ""], ["", "x"]]]
    for other in others:
        workbook(file, rows, other, [])
        assert unreadable(file) == "_Broken"
    file.write_bytes(b"no workbook")
    assert unreadable(file) == "_Broken"
    file.unlink()
    assert unreadable(file) == "No such file or directory"


def unreadable(file: Path) -> str:
    """Why a file cannot be read, and that nothing else is told of it."""
    with pytest.raises(RegisterRefused) as told:
        read_rows(file)
    (problem,) = told.value.problems
    reason = problem.params["reason"]
    assert problem == Problem("C1.register_unreadable", file.name, 0, {"reason": reason})
    assert told.value.__cause__ is None
    return reason


def test_a_csv_is_read_as_it_was_written(file: Path) -> None:
    """C1: whatever ends its lines, and stands within quotes; one that is broken is refused."""
    for ends in (b"\n", b"\r\n", b"\r"):
        file.write_bytes(ends.join([b"a,b", b'"c\r\nd",', b""]))
        assert read_rows(file) == [["a", "b"], ["c\r\nd", ""]]
    file.write_bytes(b'"a"b,c\n')
    assert unreadable(file) == "Error"
    file.write_bytes(b"\xff\xff")
    assert unreadable(file) == "UnicodeDecodeError"
    assert unreadable(file.with_name("none.csv")) == "No such file or directory"


def test_the_encoding_is_known_so_that_it_can_be_written_again() -> None:
    """C10: a register stays as Excel wrote it."""
    assert decoded("甲".encode()) == ("甲", "utf-8")
    assert decoded("甲".encode("utf-8-sig")) == ("甲", "utf-8-sig")
    assert decoded("甲乙".encode("gbk")) == ("甲乙", "gb18030")
    assert decoded(b"") == ("", "utf-8")


def test_the_environment_names_it(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C1: outside of the project, wherever the command was given."""
    monkeypatch.chdir(tmp_path)
    file.write_text(written({}), encoding="utf-8")
    monkeypatch.delenv(VARIABLE, raising=False)
    assert problems_of_path() == [Problem("C1.register_unnamed", VARIABLE)]
    monkeypatch.setenv(VARIABLE, "  ")
    assert problems_of_path() == [Problem("C1.register_unnamed", VARIABLE)]
    for inside in (file, Path("register.csv"), Path("deep/../deeper/register.csv")):
        monkeypatch.setenv(VARIABLE, str(inside))
        assert problems_of_path() == [Problem("C1.register_inside", inside.as_posix())]
    (tmp_path / "project").mkdir()
    monkeypatch.chdir("project")
    for outside in (file, Path("../register.csv")):
        monkeypatch.setenv(VARIABLE, f" {outside} ")
        assert consent_register.path() == outside
        assert consent_register.declared() == Register({"C-17": CONSENT})


def problems_of_path() -> list[Problem]:
    with pytest.raises(RegisterRefused) as told:
        consent_register.path()
    return told.value.problems
