"""Pictures of money that are drawn at build, as SVG: ``theme/templates/chart.html`` writes them.

Lengths are of a drawing ``WIDTH`` wide. The figures themselves stand in the table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from donations_api.money import Money

WIDTH = 360
_TOP, _BASE, _FOOT = 22, 132, 150  # where columns reach to, where they stand, their months
_ROW, _THICK, _LONGEST = 30, 16, 190  # of bars that lie
_LEFT = 80  # where they begin


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; ``kind`` is what it shows: ``came``, ``went`` or ``balance``."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text of the drawing; ``what`` is money, a month's number, or a kind of bar."""

    what: Money | int | str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    height: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    base: int = 0


def columns(months: Sequence[tuple[str, Money, Money]]) -> Chart:
    """Two columns a month: what came and what went. ``months`` are in their order."""
    most = max(max(came.minor, went.minor) for _, came, went in months)
    step = WIDTH / max(len(months), 6)
    thick = min(12.0, step / 2 - 3)
    bars, labels = [], []
    if most:
        currency = months[0][1].currency
        labels.append(Label(Money(most, currency), 0, _TOP - 9, "start"))
    for number, (month, came, went) in enumerate(months):
        middle = step * (number + 0.5)
        for kind, money, x in (("came", came, middle - thick - 0.5), ("went", went, middle + 0.5)):
            high = (_BASE - _TOP) * money.minor / most if most else 0
            bars.append(
                Bar(kind, round(x, 1), round(_BASE - high, 1), round(thick, 1), round(high, 1))
            )
        labels.append(Label(int(month[5:]), round(middle, 1), _FOOT - 3, "middle"))
    return Chart(_FOOT, tuple(bars), tuple(labels), _BASE)


def lying(came: Money, went: Money, balance: Money) -> Chart:
    """Three bars of one month, one below the other. A balance below zero has no bar."""
    told = {"came": came, "went": went, "balance": balance}
    most = max(1, *(money.minor for money in told.values()))
    bars, labels = [], []
    for number, (kind, money) in enumerate(told.items()):
        y, long = _ROW * number + 6, _LONGEST * max(0, money.minor) / most
        bars.append(Bar(kind, _LEFT, y, round(long, 1), _THICK))
        labels.append(Label(kind, _LEFT - 8, y + 13, "end"))
        labels.append(Label(money, round(_LEFT + long + 6, 1), y + 13, "start"))
    return Chart(_ROW * len(told), tuple(bars), tuple(labels))
