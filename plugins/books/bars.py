"""Bars that lie: a month's three, and what came and went for each fund; told as in ``charts``."""

from collections.abc import Mapping, Sequence
from math import copysign

from donations_api.money import Money
from plugins.books.charts import Bar, Chart, Label, Line, part
from plugins.books.flows import ALL, Flow

_ROW, _THICK, _FUND = 34, 18, 66  # pixels: a bar and its room, a bar, two bars below a name
_NAME, _BETWEEN = 20, 20  # pixels: the height of a name; from a bar to the next
_SLIM = 14
_LONGEST = 21.0  # characters of Chinese that stand beside each other on the smallest phone


def of_month(flow: Flow) -> Chart:
    """Three bars, one below the other. What is below zero lies on the other side of it."""
    currency = flow.came.currency
    told = {"came": flow.came, "went": flow.went, "balance": flow.balance}
    lowest = min(0, flow.balance.minor)
    a_unit = 100 / max(1, max(money.minor for money in told.values()) - lowest)
    zero = part(-lowest * a_unit)
    chart = Chart("across", _ROW * len(told), legend=False)
    for number, (kind, money) in enumerate(told.items()):
        y, long = _ROW * number + 6, part(abs(money.minor) * a_unit)
        end = part(zero + copysign(long, money.minor))
        if money.minor:
            name = f"{flow.key}/{currency}/{kind}"
            chart.bars.append(Bar(kind, name, min(zero, end), y, long, _THICK))
        chart.labels.append(Label("series", kind, 0, y + 14, "end", -10))
        chart.labels.append(Label("amount", money, max(zero, end), y + 14, dx=8))
    chart.lines.append(Line("zero", zero, 0, zero, chart.height))
    return chart


def of_funds(flows: Sequence[Flow], names: Mapping[str, str]) -> Chart:
    """Two bars a fund below its name, each with the part that it is of all that came or went.

    Over all months; ``names`` by the funds' keys.
    """
    ways = ("came", "went")
    most = max(1, *(getattr(one, way).minor for one in flows for way in ways))
    whole = {way: sum(getattr(one, way).minor for one in flows) for way in ways}
    chart = Chart("across funds", _FUND * len(flows))
    for number, one in enumerate(flows):
        top = _FUND * number
        chart.labels.append(Label("name", shortened(names[one.key]), 0, top + 14))
        foot = top + _NAME + _BETWEEN + _SLIM
        chart.lines.append(Line("zero", 0, top + _NAME - 3, 0, foot + 3))
        for place, way in enumerate(ways):
            money: Money = getattr(one, way)
            y, long = top + _NAME + _BETWEEN * place, part(100 * money.minor / most)
            name = f"{ALL}/{one.key}/{money.currency}/{way}"
            if money.minor:
                chart.bars.append(Bar(way, name, 0, y, long, _SLIM))
            share = money.minor / whole[way] if money.minor else None
            chart.labels.append(Label("amount", money, long, y + 12, dx=8, share=share))
    return chart


def shortened(name: str) -> str:
    """As much of a name as a phone has room for; the table below has the whole of it."""
    used = 0.0
    for number, letter in enumerate(name):
        used += 1 if ord(letter) > 0x2E7F else 0.56
        if used > _LONGEST:
            return f"{name[: number - 1].rstrip()}…"
    return name
