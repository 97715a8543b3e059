"""Tables as files that spreadsheets open right: CSV and XLSX, a row at a time.

A cell is what its type says. What donors typed can begin with a sign that a spreadsheet takes for a
formula; in neither kind of file it becomes one.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Protocol, TextIO

from donations_api.errors import WordWrong
from donations_api.money import Money

# A day in the reader's own zone, never a moment. Nothing at all is an empty text.
Cell = str | int | Money | date

KINDS = (".csv", ".xlsx")

# What a spreadsheet takes for a formula when a text begins with it; the wide forms too, which
# East Asian keyboards write.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_MARK = "\ufeff"  # at the beginning, it tells Excel that it is UTF-8
_MOST_ROWS = 1_048_576  # that a sheet of Excel's has
_WIDTH = 18


class Table(Protocol):
    def add(self, cells: Sequence[Cell]) -> None:
        """Add a row."""
        ...


class CsvTable:
    """``stream`` keeps line ends as they are written, and is encoded in UTF-8."""

    def __init__(self, stream: TextIO) -> None:
        stream.write(_MARK)
        self._writer = csv.writer(stream, lineterminator="\r\n")

    def add(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow([_plain(cell) for cell in cells])


class XlsxTable:
    """A sheet in ``workbook`` (xlsxwriter's) whose first row stays in sight."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._sheet = workbook.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._formats: dict[str, Any] = {}
        self._rows = 0

    def add(self, cells: Sequence[Cell]) -> None:
        """Raises WordWrong when the sheet is full."""
        if self._rows == _MOST_ROWS:
            raise WordWrong("spreadsheet.full", rows=str(_MOST_ROWS))
        if not self._rows:
            self._sheet.set_column(0, len(cells) - 1, _WIDTH)
        for column, cell in enumerate(cells):
            self._write(column, cell)
        self._rows += 1

    def _write(self, column: int, cell: Cell) -> None:
        sheet, row = self._sheet, self._rows
        match cell:
            case Money():
                digits = max(0, -int(cell.decimal.as_tuple().exponent))
                form = self._format("0." + "0" * digits if digits else "0")
                sheet.write_number(row, column, cell.decimal, form)
            case int():
                sheet.write_number(row, column, cell)
            case date():
                sheet.write_datetime(row, column, cell, self._format("yyyy-mm-dd"))
            case _:
                sheet.write_string(row, column, cell)

    def _format(self, number: str) -> Any:
        if number not in self._formats:
            self._formats[number] = self._workbook.add_format({"num_format": number})
        return self._formats[number]


@contextmanager
def table_in(file: Path, kind: str) -> Iterator[Table]:
    """A table that is written to ``file``; ``kind`` is one of ``KINDS``."""
    if kind == ".csv":
        with file.open("w", encoding="utf-8", newline="") as stream:
            yield CsvTable(stream)
    else:
        import xlsxwriter  # slow to load, and no request needs it

        # Each row goes to the disk when the next one begins.
        with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as workbook:
            yield XlsxTable(workbook)


def written_as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A short table as the bytes of a CSV."""
    stream = StringIO(newline="")
    table = CsvTable(stream)
    for row in rows:
        table.add(row)
    return stream.getvalue().encode()


def _plain(cell: Cell) -> str:
    match cell:
        case Money():
            return f"{cell.decimal:f}"
        case int():
            return str(cell)
        case date():
            return cell.isoformat()
    return f"'{cell}" if cell.startswith(FORMULA) else cell
