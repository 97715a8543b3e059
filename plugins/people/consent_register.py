"""The consent register: a private table outside the project, of which the site reads codes only.

Staff keep it in Excel, as a workbook or as CSV (UTF-8 or GBK), with headings in Chinese or English.
It is read whole or refused whole: one row that cannot be understood may be the one that says no.
What stands in a cell is never repeated in a message, since it might be a name in a wrong place.
"""

import csv
import io
import os
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from plugins.problems import Problem, text

VARIABLE = "CONSENT_REGISTER"
COLUMNS = (
    *("consent_id", "subject_code", "minor", "child_assent", "guardian", "scope"),
    *("languages", "given", "expires", "status", "approved_by"),
)
MOST_MONTHS = 24
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "minor": ("yes", "no"),
    "child_assent": ("yes", "no"),
    "guardian": ("parent", "legal", "civil-affairs", "none"),
    "scope": ("web", "print", "fundraising"),
    "status": ("active", "withdrawn"),
}
_READERS = ("zh", "en")  # whose words the headings and the choices may be
# A code has a figure in it, and so is no name in letters.
CODE = re.compile(r"(?=[A-Za-z0-9-]*\d)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]+)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_BETWEEN = re.compile(r"[\s,;，；、]+")

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent. ``scope`` and ``languages`` (as spoken) are what it covers; days count whole."""

    consent_id: str
    subject_code: str
    minor: bool
    child_assent: bool
    guardian: str
    scope: frozenset[str]
    languages: frozenset[str]
    given: date
    expires: date
    status: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Register:
    """All consents, by their codes."""

    consents: Mapping[str, Consent]

    def get(self, consent_id: str) -> Consent | None:
        return self.consents.get(consent_id)

    def of_subject(self, subject_code: str) -> list[Consent]:
        """What that person has agreed to, the latest first."""
        found = [one for one in self.consents.values() if one.subject_code == subject_code]
        return sorted(found, key=lambda one: one.given, reverse=True)


class RegisterRefused(Exception):
    """The register cannot be used; ``problems`` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__([one.code for one in problems])
        self.problems = problems


def declared() -> Register:
    """The register that the environment names. Raises RegisterRefused."""
    return load(path())


def path() -> Path:
    """Where the environment says that the register is. Raises RegisterRefused."""
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        raise RegisterRefused([Problem("C1.register_unnamed", VARIABLE)])
    file = Path(named)
    if Path.cwd().resolve() in file.resolve().parents:
        raise RegisterRefused([Problem("C1.register_inside", file.as_posix())])
    return file


def load(path: Path) -> Register:
    """Read a register (``.csv`` or ``.xlsx``). Raises RegisterRefused."""
    rows = read_rows(path)
    columns = _columns(rows[0] if rows else (), rows, path)
    problems: list[Problem] = []
    consents: dict[str, Consent] = {}
    met, spelled = set[str](), dict[str, str]()  # to people c-17 is C-17
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        read, wrong = _read(cells, path.name, number)
        problems += wrong
        if not read:
            continue
        if read.consent_id.casefold() in met:
            problems.append(Problem("C1.register_twice", path.name, number))
        subject = read.subject_code
        if spelled.setdefault(subject.casefold(), subject) != subject:
            problems.append(Problem("C1.register_spelled", path.name, number))
        met.add(read.consent_id.casefold())
        consents[read.consent_id] = read
    if problems:
        raise RegisterRefused(problems)
    return Register(consents)


def read_rows(path: Path) -> list[Row]:
    """All rows as texts, the headings first. Raises RegisterRefused."""
    try:
        if path.suffix.lower() == ".xlsx":
            return _workbook(path)
        return list(csv.reader(io.StringIO(decoded(path.read_bytes())[0], newline=""), strict=True))
    except (OSError, ValueError, csv.Error, _Broken) as error:
        # Not the error's own words where they could repeat a cell.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
        reason = reason or type(error).__name__
        problem = Problem("C1.register_unreadable", path.name, params={"reason": reason})
        raise RegisterRefused([problem]) from None


def decoded(data: bytes) -> tuple[str, str]:
    """A CSV's text, and its encoding, as Excel writes them. Raises UnicodeDecodeError."""
    try:
        return data.decode("utf-8-sig"), "utf-8-sig" if data[:3] == b"\xef\xbb\xbf" else "utf-8"
    except UnicodeDecodeError:
        return data.decode("gb18030"), "gb18030"


def column(heading: str) -> str | None:
    """The column that a heading names, in either language."""
    return _words("column", COLUMNS).get(_plain(heading))


def choices(name: str) -> Mapping[str, str]:
    """What a cell of that column may say, in either language, and what each means."""
    return _words(f"value.{name}", _CHOICES[name])


class _Broken(Exception):
    """A workbook that no program can open, or one with more sheets than the register."""


def _workbook(path: Path) -> list[Row]:
    from python_calamine import CalamineError, load_workbook  # no build without people needs it

    path.stat()  # calamine says of a missing file what it says of a broken one
    try:
        book = load_workbook(str(path))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except (CalamineError, OSError) as error:
        raise _Broken from error
    filled = [rows for rows in sheets if any(any(row) for row in rows)]
    if len(filled) > 1:  # the other one might say whose code is whose
        raise _Broken
    return [[_as_text(cell) for cell in row] for row in (filled or [[]])[0]]


def _as_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _columns(headings: Row, rows: Sequence[Row], path: Path) -> dict[str, int]:
    """Where each column is. Raises RegisterRefused, also for one that the site may not know."""
    found: dict[str, int] = {}
    problems = []
    for at in range(max(map(len, (headings, *rows)))):
        heading = headings[at] if at < len(headings) else ""
        name = column(heading)
        used = heading.strip() or any(at < len(row) and row[at].strip() for row in rows)
        if name and name not in found:
            found[name] = at
        elif used:
            problems.append(
                Problem("C1.register_column", path.name, 1, {"column": chr(ord("A") + at % 26)})
            )
    if missing := [name for name in COLUMNS if name not in found]:
        params = {"columns": ", ".join(missing)}
        problems.append(Problem("C1.register_columns", path.name, 1, params))
    if problems:
        raise RegisterRefused(problems)
    return found


def _read(cells: Mapping[str, str], file: str, row: int) -> tuple[Consent | None, list[Problem]]:
    values: dict[str, Any] = {name: _value(name, cell) for name, cell in cells.items()}
    if wrong := [name for name in COLUMNS if values[name] in (None, "", frozenset())]:
        return None, [Problem("C1.register_cell", file, row, {"column": name}) for name in wrong]
    consent = Consent(**values)
    if consent.expires < consent.given:
        return None, [Problem("C1.register_cell", file, row, {"column": "expires"})]
    if consent.expires > latest(consent.given):
        months = {"months": str(MOST_MONTHS)}
        return None, [Problem("C9.too_long", file, row, months)]
    return consent, []


def latest(given: date) -> date:
    """The last day on which a consent that was given then can hold."""
    year, month = divmod(given.year * 12 + given.month - 1 + MOST_MONTHS, 12)
    _, days = monthrange(year, month + 1)
    return date(year, month + 1, min(given.day, days))


def _value(name: str, cell: str) -> Any:
    """What a cell says; None for what cannot be understood."""
    if name in ("consent_id", "subject_code"):
        return cell if CODE.fullmatch(cell) else None
    if name in ("given", "expires"):
        return _day(cell)
    if name == "languages":
        codes = [one.lower() for one in _BETWEEN.split(cell) if one]
        return frozenset(map(spoken, codes)) if all(map(_LANGUAGE.fullmatch, codes)) else None
    if name == "approved_by":
        return cell
    known = choices(name)
    if name == "scope":
        found = {known.get(_plain(one)) for one in _BETWEEN.split(cell) if one}
        return None if None in found else frozenset(found)
    said = known.get(_plain(cell))
    return said == "yes" if said in ("yes", "no") else said


def _day(cell: str) -> date | None:
    found = _DAY.fullmatch(cell)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _words(kind: str, names: Sequence[str]) -> dict[str, str]:
    words = {_plain(name): name for name in names}
    for language in _READERS:
        words |= {_plain(text(f"register.{kind}.{name}", language)): name for name in names}
    return words


def _plain(said: str) -> str:
    return unicodedata.normalize("NFKC", said).strip().casefold()


def spoken(language: str) -> str:
    """The code of a language as it is spoken: people agree to Chinese, not to a script of it."""
    return language.partition("-")[0]


def rows_with_status(rows: list[Row], consent_id: str, status: str) -> Iterator[Row]:
    """The rows of a register, with another status in the row of one consent."""
    names = [column(heading) for heading in rows[0]]
    for number, row in enumerate(rows):
        cells = list(row)
        at = names.index("consent_id")
        if number and at < len(cells) and cells[at].strip() == consent_id:
            cells[names.index("status")] = status
        yield cells
