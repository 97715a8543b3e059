"""The open books as the pages show them: the portal's two files and the spending, added up.

``ledger.json`` and ``donors.json`` are as ``python -m donations_api publish-ledger`` writes them;
anything else is refused, and so is a row that does not add up (rule D14). What was spent is taken
off what the ledger says is left:

    opening + received - returned - disputed - fees + exchanged + corrected - spent = balance
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from donations_api.frame import Frame
from donations_api.giving import Giving
from donations_api.money import Money
from plugins.books import spending
from plugins.books.spending import Spent
from plugins.problems import Problem, Severity

DEMO = Path("var", "demo-data")  # what the demo's own donors gave; never published
FIGURES = ("received", "returned", "disputed", "fees", "exchanged", "corrected", "spent")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
# Which figures are told as above zero when money went.
_WENT = {"returned", "disputed", "fees", "spent"}
_OF_LEDGER = tuple(figure for figure in FIGURES if figure != "spent")

Cell = tuple[str, str, str]  # a month, a fund, a currency


@dataclass(frozen=True, slots=True)
class Statement:
    """A fund in a currency in a month. All figures are minor units.

    ``gifts`` is None where their number is not told; ``fund`` is empty for what belongs to none.
    """

    month: str
    fund: str
    currency: str
    gifts: int | None
    opening: int
    figures: Mapping[str, int]
    balance: int

    def money(self, figure: str) -> Money:
        """A figure, or ``opening`` or ``balance``, as it moves the balance: below zero, it went."""
        if figure in ("opening", "balance"):
            return Money(getattr(self, figure), self.currency)
        sign = -1 if figure in _WENT else 1
        return Money(sign * self.figures[figure], self.currency)

    @property
    def came(self) -> Money:
        return Money(sum(max(0, self.money(one).minor) for one in FIGURES), self.currency)

    @property
    def went(self) -> Money:
        return Money(sum(max(0, -self.money(one).minor) for one in FIGURES), self.currency)


@dataclass(frozen=True, slots=True)
class Donor:
    """A gift whose donor asked to be named."""

    month: str
    fund: str
    amount: Money
    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Unnamed:
    """The other gifts of a month, a fund and a currency; ``gifts`` is None for one or two."""

    month: str
    fund: str
    currency: str
    gifts: int | None


@dataclass(frozen=True, slots=True)
class Books:
    """All that is open. ``as_of`` is the day of the ledger, None where none was published."""

    as_of: date | None
    statements: tuple[Statement, ...]
    spent: tuple[Spent, ...]
    donors: tuple[Donor, ...]
    unnamed: tuple[Unnamed, ...]

    @property
    def months(self) -> list[str]:
        """The newest first."""
        return sorted({one.month for one in self.statements}, reverse=True)

    @property
    def donor_months(self) -> list[str]:
        named, others = (one.month for one in self.donors), (one.month for one in self.unnamed)
        return sorted({*named, *others}, reverse=True)


class NotAsWritten(ValueError):
    """The file is not as the portal writes it; the message says where."""


def folder(content: Path, *, demo: bool) -> Path:
    """Where the files lie: those of the demo beside the demo, and in no content."""
    return DEMO if demo else content / "data"


def read(
    place: Path, giving: Giving, frame: Frame, today: date, *, demo: bool
) -> tuple[Books, list[Problem]]:
    """The books in the folder ``place``, and what is wrong with them."""
    spent, problems = spending.read(place, giving, frame, today)
    read_files: dict[str, Any] = {}
    for name, taken in (("ledger.json", _ledger), ("donors.json", _donors)):
        file = place / name
        try:
            told = json.loads(file.read_bytes()) if file.exists() else None
            if told is None:
                continue
            if _get(told, "demo", bool) != demo:
                problems.append(Problem("D14.demo", file.as_posix()))
            read_files[name] = _day(told), *taken(told)
        except (OSError, ValueError) as error:  # no JSON, no Unicode, not as the portal writes it
            problems.append(Problem("D14.file", file.as_posix(), params={"where": str(error)}))
    as_of, rows = read_files.get("ledger.json", (None, {}))
    _, donors, unnamed = read_files.get("donors.json", (None, (), ()))
    statements: list[Statement] = []
    for one in _statements(rows, spent, as_of):
        statements.append(one)
        if one.opening + sum(one.money(figure).minor for figure in FIGURES) != one.balance:
            params = {"month": one.month, "fund": one.fund or "-", "currency": one.currency}
            problems.append(Problem("D14.sum", (place / "ledger.json").as_posix(), params=params))
    problems += _overspent(statements, place)
    return Books(as_of, tuple(statements), tuple(spent), donors, unnamed), problems


def _overspent(statements: Iterable[Statement], place: Path) -> Iterator[Problem]:
    """A warning for each fund of which more was spent than came in."""
    last: dict[tuple[str, str], Statement] = {}
    for one in statements:
        last[one.fund, one.currency] = one
    for one in last.values():
        if one.balance < 0:
            params = {"fund": one.fund or "-", "currency": one.currency}
            file = (place / "ledger.json").as_posix()
            yield Problem("D14.overspent", file, params=params, severity=Severity.WARNING)


def _statements(
    rows: Mapping[Cell, Mapping[str, Any]], spent: Sequence[Spent], as_of: date | None
) -> Iterator[Statement]:
    """Each month in which something moved or was left, by month, fund and currency."""
    costs: Counter[Cell] = Counter()
    for cell, minor in spending.sums(spent):
        costs[cell] += minor
    months = sorted({cell[0] for cell in (*rows, *costs)})
    funds = sorted({cell[1:] for cell in (*rows, *costs)})
    left = dict.fromkeys(funds, 0)  # by the ledger
    gone: Counter[tuple[str, str]] = Counter()
    for month in months:
        for fund, currency in funds:
            cell = month, fund, currency
            key = fund, currency
            opening = left[key] - gone[key]
            row = rows.get(cell)
            # After the ledger's last day it says nothing; before, that there was nothing.
            known = as_of and month <= f"{as_of:%Y-%m}"
            left[key] = row["balance"] if row else (0 if known else left[key])
            gone[key] += costs[cell]
            balance = left[key] - gone[key]
            if row or costs[cell] or opening or balance:
                figures = {one: row[one] if row else 0 for one in _OF_LEDGER}
                figures["spent"] = costs[cell]
                gifts = row["gifts"] if row else 0
                yield Statement(month, fund, currency, gifts, opening, figures, balance)


def _ledger(told: Any) -> tuple[dict[Cell, Mapping[str, Any]]]:
    rows: dict[Cell, Mapping[str, Any]] = {}
    for number, row in enumerate(_get(told, "months", list)):
        where = f"months[{number}]"
        for figure in (*_OF_LEDGER, "balance"):
            _get(row, figure, int, where)
        _count(row, where)
        cell = _cell(row, where)
        if cell in rows:
            raise NotAsWritten(where)
        rows[cell] = row
    return (rows,)


def _donors(told: Any) -> tuple[tuple[Donor, ...], tuple[Unnamed, ...]]:
    donors, unnamed = [], []
    for number, row in enumerate(_get(told, "donors", list)):
        where = f"donors[{number}]"
        month, fund, currency = _cell(row, where)
        amount = Money(_get(row, "amount", int, where), currency)
        name, message = _get(row, "name", str, where), _get(row, "message", str, where)
        donors.append(Donor(month, fund, amount, name, message))
    for number, row in enumerate(_get(told, "unnamed", list)):
        where = f"unnamed[{number}]"
        unnamed.append(Unnamed(*_cell(row, where), _count(row, where)))
    return tuple(donors), tuple(unnamed)


def _cell(row: Any, where: str) -> Cell:
    month, fund, currency = (_get(row, one, str, where) for one in ("month", "fund", "currency"))
    if not _MONTH.fullmatch(month) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise NotAsWritten(f"{where}: {month} {currency}")
    return month, fund, currency


def _count(row: Any, where: str) -> int | None:
    if "gifts" in row and row["gifts"] is None:
        return None
    gifts: int = _get(row, "gifts", int, where)
    return gifts


def _day(told: Any) -> date:
    return date.fromisoformat(_get(told, "as_of", str))


def _get(row: Any, key: str, kind: type, where: str = "") -> Any:
    if not isinstance(row, dict) or type(row.get(key)) is not kind:
        raise NotAsWritten(f"{where}.{key}".removeprefix("."))
    return row[key]
