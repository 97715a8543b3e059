"""D14: the drawings of the open books, held against the figures that they are drawn from."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from donations_api.frame import Language
from donations_api.money import Money
from plugins.books import bars, charts, scale
from plugins.books.charts import Chart
from plugins.books.flows import Flow
from plugins.verify import drawings
from plugins.verify.pages import Element, Page

ZH = Language("zh", "zh-Hans", "简体中文", "", "zh_Hans_CN")
# What came, what went and what was left, in minor units, by month or year.
STORIES: dict[str, dict[str, tuple[int, int, int]]] = {
    "ordinary": {"2026-01": (500_00, 200_00, 300_00), "2026-02": (100_00, 350_00, 50_00)},
    "below zero": {"2025-11": (0, 700_00, -700_00), "2025-12": (50_00, 0, -650_00)},
    "nothing at all": {"2026-01": (0, 0, 0), "2026-02": (0, 0, 0)},
    "nothing went": {"2026-01": (5, 0, 5), "2026-03": (6, 0, 11)},
    "months without any": {"2025-09": (1, 2, 3), "2026-02": (4, 5, 6)},
    "little beside much": {"2026-01": (1, 1, 0), "2026-02": (9_999_999_99, 1, 9_999_999_98)},
    "years": {str(year): (year, 2100 - year, year - 2010) for year in range(2016, 2027)},
    "three years of months": {
        f"{2024 + number // 12}-{number % 12 + 1:02}": (number * 1000, 7000, number * 10)
        for number in range(36)
    },
}


def flows(story: Mapping[str, tuple[int, int, int]], currency: str = "CNY") -> list[Flow]:
    return [Flow(key, *(Money(one, currency) for one in told)) for key, told in story.items()]


def figures(told: list[Flow], prefix: str = "") -> dict[str, Decimal]:
    """As the second look counts them."""
    return {
        f"{prefix}{one.key}/{one.came.currency}/{way}": getattr(one, way).decimal
        for one in told
        for way in ("came", "went", "balance")
    }


def page_of(chart: Chart) -> Page:
    """A page with nothing but the drawing."""
    elements = [Element("svg", {"class": f"chart {chart.way}"}, frozenset(), "zh")]
    for bar in chart.bars:
        told = {"data-drawn": bar.name, "width": f"{bar.width}%", "height": f"{bar.height}"}
        elements.append(Element("rect", told, frozenset(), "zh"))
    for dot in chart.dots:
        told = {"data-drawn": dot.name, "cy": f"{dot.y}"}
        elements.append(Element("circle", told, frozenset(), "zh"))
    return Page("/transparency/", "transparency", ZH, "", Path("no"), elements, {})


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("currency", ["CNY", "JPY"])
def test_each_bar_is_as_long_as_its_figure(story: str, currency: str) -> None:
    """Within a pixel, and whatever is not nothing can be seen; the second look agrees."""
    told = flows(STORIES[story], currency)
    chart = charts.columns(told)
    right = figures(told)
    undrawn = {name for name, one in right.items() if one and not name.endswith("balance")}
    assert list(drawings.problems(page_of(chart), right, undrawn)) == []
    assert undrawn == set()
    assert all(bar.height >= 1 for bar in chart.bars)
    (zero, _) = (one.y1 for one in chart.lines if one.kind == "zero")
    for bar in chart.bars:
        assert bar.y + bar.height == pytest.approx(zero) or bar.kind == "went"
        assert bar.y == pytest.approx(zero) or bar.kind == "came"
    everything = [*(one.y for one in chart.dots), *(one.y + one.height for one in chart.bars)]
    assert all(0 <= y <= chart.height for y in everything)


@pytest.mark.parametrize("story", STORIES)
def test_lines_stand_at_round_amounts_and_labels_apart(story: str) -> None:
    """1, 2 or 5 and noughts, six at most and 14 pixels apart; months and years as there is room."""
    chart = charts.columns(flows(STORIES[story]))
    axis = [one for one in chart.labels if one.kind == "axis"]
    amounts = {abs(one.what.minor) for one in axis if isinstance(one.what, Money)} - {0}
    assert f"{min(amounts, default=1)}".rstrip("0") in {"1", "2", "5"}
    heights = sorted(one.y for one in axis)
    assert len(axis) <= 10
    assert all(below - above >= 14 for above, below in pairwise(heights))
    named = sorted(one.x for one in chart.labels if one.kind in ("month", "year") and not one.dx)
    apart = [right - left for left, right in pairwise(named)]
    assert len(named) <= 6
    assert all(one >= 14 for one in apart)  # of hundredths: 38 pixels on the smallest phone
    years = sorted(one.x for one in chart.labels if one.kind == "year")
    assert all(right - left >= 8 for left, right in pairwise(years))


def test_a_month_that_nothing_happened_in_has_its_place() -> None:
    """The way from month to month is the same everywhere."""
    chart = charts.columns(flows(STORIES["months without any"]))
    first, last = chart.dots
    assert last.x - first.x == pytest.approx(5 * 100 / 6, abs=0.02)
    assert [one.what for one in chart.labels if one.kind == "month"] == [
        *("2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02")
    ]


def test_a_balance_below_zero_lies_on_the_other_side() -> None:
    """Of a month's three bars; together they are as long as there is room."""
    (told,) = flows({"2026-01": (300_00, 500_00, -200_00)})
    chart = bars.of_month(told)
    came, went, balance = chart.bars
    assert balance.x == 0
    assert balance.width == pytest.approx(100 * 2 / 7, abs=0.01)
    assert came.x == went.x == balance.width
    assert list(drawings.problems(page_of(chart), figures([told]), set())) == []
    assert bars.of_month(flows({"2026-01": (0, 0, 0)})[0]).bars == []


def test_each_fund_has_its_share() -> None:
    """Of what came and of what went, of eight funds; a long name is cut, by its width."""
    told = flows({f"fund{number}": (number * 100, 700, 0) for number in range(8)})
    names = {one.key: one.key for one in told} | {"fund7": "最需要的地方" * 5, "fund6": "a" * 60}
    chart = bars.of_funds(told, names)
    shares = [one.share for one in chart.labels if one.kind == "amount"]
    assert sum(one or 0 for one in shares[::2]) == pytest.approx(1)
    assert sum(one or 0 for one in shares[1::2]) == pytest.approx(1)
    assert shares[0] is None
    assert list(drawings.problems(page_of(chart), figures(told, "*/"), set())) == []
    shown = [one.what for one in chart.labels if one.kind == "name"]
    assert shown[7] == f"{names['fund7'][:20]}…"
    assert shown[6] == f"{'a' * 36}…"


def test_round_amounts() -> None:
    """The smallest step of 1, 2 or 5 that is no more often in a span than is wanted."""
    assert [scale.step(span, 5) for span in (0, 5, 6, 11, 26, 1000, 1001)] == [
        *(1, 1, 2, 5, 10, 200, 500)
    ]
    assert list(scale.ticks(-7, 12, 5)) == [-5, 0, 5, 10]


def test_a_drawing_that_says_something_else_is_noticed() -> None:
    """A bar too long or too short by more than a pixel, a dot too high, a figure nobody knows."""
    told = flows(STORIES["ordinary"])
    right = figures(told)
    for number, pixels in ((0, 4), (2, 1.2), (3, -1.2)):  # the first is the longest
        page = page_of(charts.columns(told))
        rect = [one for one in page.elements if one.tag == "rect"][number]
        rect.attributes["height"] = f"{float(rect['height']) + pixels}"
        assert [one.code for one in drawings.problems(page, right, set())] != []
    three = flows(STORIES["ordinary"] | {"2026-03": (1, 1, 170_00)})
    page = page_of(charts.columns(three))
    dot = [one for one in page.elements if one.tag == "circle"][2]
    dot.attributes["cy"] = f"{float(dot['cy']) + 1.2}"
    assert len(list(drawings.problems(page, figures(three), set()))) == 1
    del right["2026-01/CNY/came"]
    page = page_of(charts.columns(told))
    assert {one.params["name"] for one in drawings.problems(page, right, set())} == {
        "2026-01/CNY/came"
    }
