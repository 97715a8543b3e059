"""What the gifts were spent on: the sheet that staff keep, ``spending.csv`` or ``spending.xlsx``.

A row a payment. The words of the header are in the catalogs (``spending.date``, …), in either
language; a purpose has a column for each language that people write (``purpose.en``). Each cell
that cannot be used is told by its row and its column.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from donations_api.frame import Frame
from donations_api.giving import Giving
from donations_api.money import AmountUnreadable, Money, parse_amount
from plugins.problems import Problem, text

NAMES = ("spending.csv", "spending.xlsx")
_COLUMNS = ("date", "fund", "currency", "amount", "document")
_WORDS = ("zh", "en")  # the languages in which the header may be
# As people and spreadsheets write a day; the year comes first, so that none is mistaken.
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")

Row = Mapping[str, str]


class SheetUnreadable(ValueError):
    """The file is no sheet of its kind."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A payment. ``purpose`` by the code of the language; ``document`` is its voucher's number."""

    day: date
    fund: str
    amount: Money
    purpose: Mapping[str, str]
    document: str

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"


def read(
    folder: Path, giving: Giving, frame: Frame, today: date
) -> tuple[list[Spent], list[Problem]]:
    """The payments in ``folder``, the first one first, and what is wrong with the sheet."""
    files = [folder / name for name in NAMES if (folder / name).exists()]
    if not files:
        return [], []
    file, place = files[0], files[0].as_posix()
    if len(files) > 1:
        return [], [Problem("D14.two_sheets", place, params={"other": files[1].name})]
    try:
        rows = _rows(file)
    except (SheetUnreadable, OSError, csv.Error, CalamineError) as error:
        return [], [Problem("D14.sheet", place, params={"reason": str(error)})]
    languages = [one.code for one in frame.written]
    columns = _columns(rows[0] if rows else [], languages)
    if missing := [_header(key) for key, at in columns.items() if at is None]:
        return [], [Problem("D14.header", place, 1, {"missing": ", ".join(missing)})]
    spent: list[Spent] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        cells = {
            key: row[at] if at < len(row) else "" for key, at in columns.items() if at is not None
        }
        reading = _Reading(cells, giving, today, place, number)
        if one := reading.spent(languages):
            spent.append(one)
        problems += reading.problems
    return sorted(spent, key=lambda one: one.day), problems


class _Reading:
    """Reads one row, and keeps what is wrong with it."""

    def __init__(self, cells: Row, giving: Giving, today: date, place: str, number: int) -> None:
        self._cells, self._giving, self._today = cells, giving, today
        self._at = place, number
        self.problems: list[Problem] = []

    def spent(self, languages: Sequence[str]) -> Spent | None:
        for key, cell in self._cells.items():
            if not cell:
                self.problems.append(Problem("D14.empty", *self._at, self._named(key)))
        day, fund, amount = self._day(), self._fund(), self._amount()
        if self.problems or not (day and amount):
            return None
        purpose = {code: self._cells[f"purpose.{code}"] for code in languages}
        return Spent(day, fund, amount, purpose, self._cells["document"])

    def _day(self) -> date | None:
        typed = self._cells["date"]
        day = _day_of(typed)
        if typed and not day:
            self.problems.append(Problem("D14.date", *self._at, self._named("date")))
        elif day and day > self._today:
            self.problems.append(Problem("D14.future", *self._at, self._named("date")))
        return day

    def _fund(self) -> str:
        fund = self._cells["fund"]
        known = ", ".join(one.key for one in self._giving.funds)
        if fund and not self._giving.fund(fund):
            params = self._named("fund") | {"known": known}
            self.problems.append(Problem("D14.fund", *self._at, params))
        return fund

    def _amount(self) -> Money | None:
        code, typed = self._cells["currency"].upper(), self._cells["amount"]
        known = ", ".join(one.code for one in self._giving.currencies)
        if code and not self._giving.currency(code):
            params = self._named("currency") | {"known": known}
            self.problems.append(Problem("D14.currency", *self._at, params))
        elif code and typed:
            try:
                return parse_amount(typed, code)
            except AmountUnreadable:
                params = self._named("amount") | {"currency": code}
                self.problems.append(Problem("D14.amount", *self._at, params))
        return None

    def _named(self, key: str) -> dict[str, str]:
        return {"column": _header(key), "value": self._cells[key]}


def _day_of(typed: str) -> date | None:
    """The day that somebody typed; None where it is none."""
    found = _DAY.fullmatch(typed)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _columns(header: Sequence[str], languages: Sequence[str]) -> dict[str, int | None]:
    """Where each column stands, counted from 0; None for one that is not there."""
    there = [cell.lower().replace(" ", "") for cell in header]
    wanted = {key: [text(f"spending.{key}", one) for one in _WORDS] for key in _COLUMNS}
    for code in languages:
        words = [text("spending.purpose", one) for one in _WORDS]
        wanted[f"purpose.{code}"] = [f"{word}.{code}" for word in words]
    return {
        key: next((there.index(word) for word in words if word in there), None)
        for key, words in wanted.items()
    }


def _header(key: str) -> str:
    """What a column is called, in both languages."""
    name, _, code = key.partition(".")
    words = (text(f"spending.{name}", one) for one in _WORDS)
    return " / ".join(f"{word}.{code}" if code else word for word in words)


def _rows(file: Path) -> list[list[str]]:
    if file.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(0)
        return [[_shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    data = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):  # the second is how Excel saves it in China
        try:
            stream = StringIO(data.decode(encoding), newline="")
        except UnicodeDecodeError:
            continue
        return [[cell.strip() for cell in row] for row in csv.reader(stream, strict=True)]
    raise SheetUnreadable("UTF-8, GB18030")


def _shown(cell: Any) -> str:
    """A cell as the spreadsheet shows it."""
    match cell:
        case datetime() | date():
            return f"{cell:%Y-%m-%d}"
        case float():
            return f"{cell:.15g}"  # as many digits as a spreadsheet holds to be true
    return str(cell).strip()


def sums(spent: Sequence[Spent]) -> Iterator[tuple[tuple[str, str, str], int]]:
    """What each payment adds to the spending of its month, fund and currency, in minor units."""
    for one in spent:
        yield (one.month, one.fund, one.amount.currency), one.amount.minor
