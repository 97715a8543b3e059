"""Pictures of money that are drawn at build, as SVG: ``theme/templates/chart.html`` writes them.

Across, a place is told in hundredths of the drawing's width, so that a picture is as wide as there
is room and its letters keep their size; down, in pixels. Each bar and each dot bears the name that
its figure has in the table beside it, and ``plugins/verify/drawings.py`` measures them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

from donations_api.money import Money
from plugins.books import scale
from plugins.books.flows import Flow

_TOP, _FLOW, _GAP, _LEFT, _FOOT = 10, 160, 40, 64, 40  # what stands above what, pixels
_LINES, _LINES_LEFT = 5, 2  # no more steps between lines than these
_FEWEST, _FEWEST_YEARS = 6, 4  # columns; with fewer they do not get wider
_FILLED = 0.62  # of a column
_LABELS, _ROOM = 6, 3  # months that are named, at most; columns that a year's number needs
_LEAST = 1.0  # pixels, of what is little but not nothing


@dataclass(frozen=True, slots=True)
class Bar:
    """``kind`` is ``came``, ``went`` or ``balance``; ``name`` is that of its figure."""

    kind: str
    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """``kind``: ``grid``, ``zero``, ``balance``, or ``turn`` where a year begins."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Dot:
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text. ``kind`` says what ``what`` is: ``axis``, ``amount``, ``month``, ``year``, …

    ``share`` is the part of the whole that an amount is, from 0 to 1. ``dx`` is in pixels.
    """

    kind: str
    what: Money | str
    x: float
    y: float
    anchor: str = "start"
    dx: int = 0
    share: float | None = None


@dataclass(slots=True)
class Chart:
    """A drawing ``height`` pixels high. ``way``: its bars go ``up``, or ``across``, of ``funds``.

    ``legend``: it has to be said which bars are what came, and which what went.
    """

    way: str
    height: int
    legend: bool = True
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


def columns(flows: Sequence[Flow]) -> Chart:
    """What came above a line, what went below it, and what was left on a line of its own.

    ``flows`` are months or years, the first one first; a month in between that is not among them
    is an empty column.
    """
    chart = Chart("up", _TOP + _FLOW + _GAP + _LEFT + _FOOT)
    places = _places(flows)
    _draw_flow(chart, flows, places)
    _draw_balance(chart, flows, places)
    _name_columns(chart, places)
    return chart


def _places(flows: Sequence[Flow]) -> dict[str, float]:
    """Where the middle of each column is, by its key; those between two months too."""
    keys = [one.key for one in flows]
    if _is_month(keys[0]):
        keys = [*_months(keys[0], keys[-1])]
    wide = _wide(keys)
    return {key: part(wide * (number + 0.5)) for number, key in enumerate(keys)}


def _wide(keys: Collection[str]) -> float:
    """How wide a column is."""
    return 100 / max(len(keys), _FEWEST if any(map(_is_month, keys)) else _FEWEST_YEARS)


def _is_month(key: str) -> bool:
    return "-" in key


def _months(first: str, last: str) -> Iterator[str]:
    (year, month), (until, end) = (map(int, one.split("-")) for one in (first, last))
    while (year, month) <= (until, end):
        yield f"{year}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _draw_flow(chart: Chart, flows: Sequence[Flow], places: dict[str, float]) -> None:
    currency = flows[0].came.currency
    above = max(one.came.minor for one in flows)
    below = max(one.went.minor for one in flows)
    a_unit = _FLOW / max(1, above + below)
    zero = _pixels(_TOP + above * a_unit)
    for tick in scale.ticks(-below, above, _LINES):
        y = _pixels(zero - tick * a_unit)
        _rule(chart, y, Money(abs(tick), currency), zero=tick == 0)
    wide = part(_wide(places) * _FILLED)
    for one in flows:
        x = part(places[one.key] - wide / 2)
        name = f"{one.key}/{currency}"
        for kind, money in (("came", one.came), ("went", one.went)):
            if money.minor:
                high = _pixels(max(_LEAST, money.minor * a_unit))
                top = _pixels(zero - high) if kind == "came" else zero
                chart.bars.append(Bar(kind, f"{name}/{kind}", x, top, wide, high))


def _draw_balance(chart: Chart, flows: Sequence[Flow], places: dict[str, float]) -> None:
    currency, top = flows[0].came.currency, _TOP + _FLOW + _GAP
    lowest = min(0, *(one.balance.minor for one in flows))
    highest = max(0, *(one.balance.minor for one in flows))
    a_unit = _LEFT / max(1, highest - lowest)
    chart.labels.append(Label("series", "left", 0, top - 14))
    for tick in scale.ticks(lowest, highest, _LINES_LEFT):
        y = _pixels(top + (highest - tick) * a_unit)
        _rule(chart, y, Money(tick, currency), zero=tick == 0)
    for one in flows:
        y = _pixels(top + (highest - one.balance.minor) * a_unit)
        chart.dots.append(Dot(f"{one.key}/{currency}/balance", places[one.key], y))
    for dot, after in pairwise(chart.dots):
        chart.lines.append(Line("balance", dot.x, dot.y, after.x, after.y))


def _rule(chart: Chart, y: float, money: Money, *, zero: bool) -> None:
    chart.lines.append(Line("zero" if zero else "grid", 0, y, 100, y))
    chart.labels.append(Label("axis", money, 0, _pixels(y + 4), "end", -8))


def _name_columns(chart: Chart, places: dict[str, float]) -> None:
    """Columns from the last one back, as many as there is room for; a year where it begins."""
    keys, foot = [*places], chart.height - _FOOT
    every = ceil(len(keys) / _LABELS)
    for number, key in enumerate(keys):
        if (len(keys) - 1 - number) % every == 0:
            kind = "month" if _is_month(key) else "year"
            chart.labels.append(Label(kind, key, places[key], foot + 18, "middle"))
    if not _is_month(keys[0]):
        return
    begins = {number: part(_wide(keys) * number) for number in range(len(keys))}
    turns = [number for number in begins if keys[number].endswith("-01")]
    for number in turns:
        if number:
            chart.lines.append(Line("turn", begins[number], _TOP, begins[number], foot))
    # The number of a year that has few months here would touch that of the next one.
    for number in turns if turns and turns[0] < _ROOM else [0, *turns]:
        year = keys[number][:4]
        chart.labels.append(Label("year", year, begins[number], foot + 35, dx=4))


def part(of_width: float) -> float:
    """A place across, as exact as it is written."""
    return round(of_width, 2)


def _pixels(down: float) -> float:
    return round(down, 1)
