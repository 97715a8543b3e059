"""A bank's statement as it was downloaded: from the bytes of a .csv file to lines. Pure.

Banks write junk above the header, tabs behind numbers, and each its own encoding, separator and
dates. A row that cannot be read is told of with its place, and takes no other one along.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from donations_api.bank_accounts import BankStatementForm
from donations_api.errors import Explained
from donations_api.money import AmountUnreadable, Money, parse_amount

_SEPARATORS = ",;\t"
_HEADER_WITHIN = 60  # lines; above the header banks write of the account, in a few
# How other kinds of file begin: Excel's old and new form, a page, and text in UTF-16.
_NOT_CSV = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"<", b"\xff\xfe", b"\xfe\xff")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[ T].*)?")
_DIGITS_ONLY = re.compile(r"(\d{4})(\d\d)(\d\d)(?: ?[\d:]{6,8})?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T].*)?")
# What a decoder makes of bytes in another encoding is seldom any of these.
_USUAL = re.compile(r"[\x00-\x7f\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef¥·]")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line of the statement. ``row`` counts the file's lines from 1.

    ``amount`` is above zero; ``outgoing``: it left the account. Texts are as the bank wrote them,
    but for what stands around them.
    """

    row: int
    booked_on: date
    amount: Money
    outgoing: bool
    payer: str
    payer_account: str
    remark: str
    reference: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: in which ``column``, what stands there, and how to mend it."""

    row: int
    column: str
    value: str
    reason: Explained


@dataclass(frozen=True, slots=True)
class StatementFile:
    """What a file holds. ``bad``: the rows that could not be read, all others are in ``rows``."""

    rows: tuple[StatementRow, ...]
    bad: tuple[BadRow, ...]


def read_statement(data: bytes, form: BankStatementForm, file: str) -> StatementFile:
    """Read a statement. ``file`` is its name, for errors.

    Raises Explained for what is no .csv file, or has no such header row.
    """
    if data.lstrip().startswith(_NOT_CSV):
        raise Explained("bank_file.not_csv", file=file)
    lines = _decoded(data, form.encoding).split("\n")
    above, separator, header = _header(lines, form, file)
    rows: list[StatementRow] = []
    bad: list[BadRow] = []
    for number, line in enumerate(lines[above + 1 :], start=above + 2):
        try:
            found = _cells(line, separator, header)
            # What has no word of the header's columns is blank, or ends the table.
            if any(found.get(_plain(name)) for name in form.columns.all):
                row = _row(number, found, form)
                rows += [row] if row else []
        except _Unreadable as error:
            bad.append(BadRow(number, error.column, error.value, error.reason))
    return StatementFile(tuple(rows), tuple(bad))


def alike(text: str) -> str:
    """``text`` for comparing: width and blanks do not count, and every other sign does."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


class _Unreadable(Exception):
    def __init__(self, column: str, value: str, message: str, **values: str) -> None:
        super().__init__(column, value)
        self.column, self.value = column, value
        self.reason = Explained(message, value=value, **values)


def _cells(line: str, separator: str, header: Sequence[str]) -> dict[str, str]:
    """The cells of one line by their header. A quote that stays open ends with its line."""
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        raise _Unreadable("", line, "bank_file.quotes") from None
    if any(map(_clean, cells[len(header) :])):
        # A separator within a remark has moved all that follows it.
        raise _Unreadable("", line, "bank_file.cells", separator=separator)
    return dict(zip(header, map(_clean, cells), strict=False))


def _row(number: int, found: dict[str, str], form: BankStatementForm) -> StatementRow | None:
    """None: a row in which no money moves."""
    columns = form.columns

    def cell(name: str) -> str:
        return found.get(_plain(name), "") if name else ""

    for name in columns.all:
        if "\ufffd" in cell(name):
            raise _Unreadable(name, cell(name), "bank_file.signs", encoding=form.encoding)
    booked_on = _date(columns.date, cell(columns.date), form.dates)
    signed = _amount(columns.amount, cell(columns.amount), form.currency)
    credit = _amount(columns.credit, cell(columns.credit), form.currency)
    debit = _amount(columns.debit, cell(columns.debit), form.currency)
    if credit and debit:
        raise _Unreadable(
            columns.credit, cell(columns.credit), "bank_file.both", other=columns.debit
        )
    if not any(map(cell, (columns.amount, columns.credit, columns.debit))):
        raise _Unreadable(columns.amount or columns.credit, "", "bank_file.no_amount")
    minor = signed + credit - debit
    if not minor:
        return None
    return StatementRow(
        row=number,
        booked_on=booked_on,
        amount=Money(abs(minor), form.currency),
        outgoing=minor < 0,
        payer=cell(columns.payer),
        payer_account=cell(columns.payer_account),
        remark=" ".join(filter(None, map(cell, columns.remark))),
        reference=cell(columns.reference),
    )


def _date(column: str, written: str, order: str) -> date:
    text = alike(written)
    if found := _YEAR_FIRST.fullmatch(text) or _DIGITS_ONLY.fullmatch(text):
        year, month, day = found.groups()
    elif (found := _YEAR_LAST.fullmatch(text)) and order != "year":
        first, second, year = found.groups()
        day, month = (first, second) if order == "day" else (second, first)
    else:
        raise _Unreadable(column, written, "bank_file.date")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _Unreadable(column, written, "bank_file.date") from None


def _amount(column: str, written: str, currency: str) -> int:
    """Minor units, below zero with a minus sign or in brackets; 0 where nothing stands."""
    text = alike(written)
    figure = text.strip("()+-−– ")
    if not figure.strip("0.,"):
        return 0
    less = text.startswith(("-", "−", "–", "(")) or text.endswith("-")
    try:
        minor = parse_amount(figure, currency).minor
    except AmountUnreadable as error:
        raise _Unreadable(
            column, written, "bank_file.amount", currency=currency, reason=error.reason
        ) from None
    return -minor if less else minor


def _header(lines: Sequence[str], form: BankStatementForm, file: str) -> tuple[int, str, list[str]]:
    """How many lines stand above the header row, the separator, and the header's words."""
    wanted = {_plain(name): name for name in form.columns.all}
    nearest: set[str] = set()
    for above, line in enumerate(lines[:_HEADER_WITHIN]):
        if len(line) > csv.field_size_limit():
            continue  # no header is as long, and no reader would take it
        for separator in _SEPARATORS:
            words = [_plain(word) for word in next(csv.reader([line], delimiter=separator), [])]
            there = wanted.keys() & set(words)
            if len(there) == len(wanted):
                return above, separator, words
            nearest = max(nearest, there, key=len)
    missing = ", ".join(name for plain, name in wanted.items() if plain not in nearest)
    raise Explained("bank_file.header", file=file, account=form.name, missing=missing)


def _plain(word: str) -> str:
    return alike(_clean(word))


def _clean(cell: str) -> str:
    """A cell without what keeps Excel from rounding numbers: ``="622…"``, ``'622…``, a tab.

    Nor with NUL, with which programs fill columns up.
    """
    cell = cell.replace("\0", " ").strip().removeprefix("\ufeff")
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    return cell.removeprefix("'").strip()


def _decoded(data: bytes, encoding: str) -> str:
    """The file's text; where it is no UTF-8 as a whole, each line by itself."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\n".join(_line(line, encoding) for line in data.split(b"\n"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(line: bytes, encoding: str) -> str:
    """The likelier of the two readings; unreadable signs become U+FFFD, to be told of."""
    readings = list(_readings(line, ("utf-8", encoding)))
    if not readings:
        return line.decode(encoding, "replace")
    return min(readings, key=lambda text: len(_USUAL.sub("", text)))


def _readings(line: bytes, encodings: Sequence[str]) -> Iterator[str]:
    for encoding in encodings:
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            continue
