"""The treasurer's file of issued tickets, row by row."""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from donations_api.errors import Explained
from donations_api.spreadsheets import FORMULA

# How each column may be headed, in lower case.
_HEADERS = {
    "receipt": ("确认函编号", "receipt", "receipt number"),
    "ticket": ("票据号码", "ticket", "ticket number"),
    "date": ("开具日期", "date"),
}
# No point and no plus: 1.23E+09 is what Excel makes of a long number.
_NUMBER = re.compile(r"[0-9A-Za-z-]{4,40}")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket that was issued: its number and day, and for which receipt."""

    receipt: str
    number: str
    day: date


def read_tickets(content: bytes) -> list[TicketRow]:
    """The rows of a CSV in UTF-8 or GBK. Raises Explained, with the row, for what is unclear."""
    rows = _table(content)
    if not rows:
        raise Explained("tickets.no_rows")
    (_, head), *tickets = rows
    places = _places(head)
    return [_ticket(row, cells, places) for row, cells in tickets]


def _places(head: Sequence[str]) -> dict[str, int]:
    """In which column what stands."""
    found = [cell.strip().lower() for cell in head]
    places = {}
    for name, headers in _HEADERS.items():
        place = next((at for at, cell in enumerate(found) if cell in headers), None)
        if place is None:
            raise Explained("tickets.no_column", column=" / ".join(headers[:2]))
        places[name] = place
    return places


def _ticket(row: int, cells: Sequence[str], places: dict[str, int]) -> TicketRow:
    said = {name: _cell(row, cells, name, place) for name, place in places.items()}
    if not _NUMBER.fullmatch(said["ticket"]):
        raise Explained("tickets.number", row=str(row), value=said["ticket"])
    try:
        if not (found := _DAY.fullmatch(said["date"])):
            raise ValueError(said["date"])
        day = date(*map(int, filter(None, found.groups())))
    except ValueError:
        raise Explained("tickets.date", row=str(row), value=said["date"]) from None
    return TicketRow(said["receipt"], said["ticket"], day)


def _cell(row: int, cells: Sequence[str], name: str, place: int) -> str:
    cell = cells[place] if place < len(cells) else ""
    value = unicodedata.normalize("NFKC", cell).strip()
    where = {"row": str(row), "column": " / ".join(_HEADERS[name][:2])}
    if not value:
        raise Explained("tickets.empty", **where)
    if value.startswith(FORMULA):
        raise Explained("tickets.formula", **where, value=value)
    return value


def _table(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with its line in the file, from UTF-8 or GBK.

    Raises Explained for what is neither, or no table at all.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Explained("spreadsheet.encoding")
    if "\0" in text:
        raise Explained("spreadsheet.no_table")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error:
        raise Explained("spreadsheet.row", row=str(reader.line_num)) from None
