"""D14: where each bar, line, dot and word of the drawings stands, to the hundredth."""

from donations_api.money import Money
from plugins.books import bars, charts, scale
from plugins.books.charts import Chart, Label
from tests.site.test_drawings import flows


def told(chart: Chart) -> list[str]:
    """A drawing, a line for each thing in it."""
    return [
        f"{chart.way}, {chart.height} high{', with a legend' if chart.legend else ''}",
        *(
            f"{one.kind} {one.name}: {one.x} {one.y}, {one.width} x {one.height}"
            for one in chart.bars
        ),
        *(f"{one.kind}: {one.x1} {one.y1} - {one.x2} {one.y2}" for one in chart.lines),
        *(f"{one.name}: {one.x} {one.y}" for one in chart.dots),
        *(words(chart)),
    ]


def words(chart: Chart) -> list[str]:
    return [f"{said(one)}: {one.x} {one.y} {one.anchor} {one.dx:+}" for one in chart.labels]


def said(label: Label) -> str:
    what, share = label.what, "" if label.share is None else f" ({label.share})"
    text = f"{what.minor} {what.currency}" if isinstance(what, Money) else what
    return f"{label.kind} {text}{share}"


THREE_MONTHS = """
up, 314 high, with a legend
came 2025-11/CNY/came: 3.17 10.0, 10.33 x 94.1
went 2025-11/CNY/went: 3.17 104.1, 10.33 x 37.6
came 2026-02/CNY/came: 53.16 85.3, 10.33 x 18.8
went 2026-02/CNY/went: 53.16 104.1, 10.33 x 65.9
went 2026-03/CNY/went: 69.83 104.1, 10.33 x 1.0
grid: 0 141.7 - 100 141.7
zero: 0 104.1 - 100 104.1
grid: 0 66.5 - 100 66.5
grid: 0 28.8 - 100 28.8
grid: 0 255.7 - 100 255.7
zero: 0 219.1 - 100 219.1
balance: 8.33 274.0 - 58.33 210.0
balance: 58.33 210.0 - 75.0 219.1
turn: 33.33 10 - 33.33 274
2025-11/CNY/balance: 8.33 274.0
2026-02/CNY/balance: 58.33 210.0
2026-03/CNY/balance: 75.0 219.1
axis 20000 CNY: 0 145.7 end -8
axis 0 CNY: 0 108.1 end -8
axis 20000 CNY: 0 70.5 end -8
axis 40000 CNY: 0 32.8 end -8
series left: 0 196 start +0
axis -20000 CNY: 0 259.7 end -8
axis 0 CNY: 0 223.1 end -8
month 2025-11: 8.33 292 middle +0
month 2025-12: 25.0 292 middle +0
month 2026-01: 41.67 292 middle +0
month 2026-02: 58.33 292 middle +0
month 2026-03: 75.0 292 middle +0
year 2026: 33.33 309 start +4
"""
TWO_YEARS = """
up, 314 high, with a legend
came 2024/JPY/came: 4.75 10.0, 15.5 x 106.7
went 2025/JPY/went: 29.75 116.7, 15.5 x 53.3
grid: 0 170.0 - 100 170.0
zero: 0 116.7 - 100 116.7
grid: 0 63.4 - 100 63.4
grid: 0 10.0 - 100 10.0
zero: 0 274.0 - 100 274.0
grid: 0 242.0 - 100 242.0
grid: 0 210.0 - 100 210.0
balance: 12.5 210.0 - 37.5 242.0
2024/JPY/balance: 12.5 210.0
2025/JPY/balance: 37.5 242.0
axis 2 JPY: 0 174.0 end -8
axis 0 JPY: 0 120.7 end -8
axis 2 JPY: 0 67.4 end -8
axis 4 JPY: 0 14.0 end -8
series left: 0 196 start +0
axis 0 JPY: 0 278.0 end -8
axis 2 JPY: 0 246.0 end -8
axis 4 JPY: 0 214.0 end -8
year 2024: 12.5 292 middle +0
year 2025: 37.5 292 middle +0
"""
NOTHING = """
up, 314 high, with a legend
zero: 0 10.0 - 100 10.0
zero: 0 210.0 - 100 210.0
2026-01/CNY/balance: 8.33 210.0
axis 0 CNY: 0 14.0 end -8
series left: 0 196 start +0
axis 0 CNY: 0 214.0 end -8
month 2026-01: 8.33 292 middle +0
year 2026: 0.0 309 start +4
"""
MONTH = """
across, 102 high
came 2026-01/CNY/came: 28.57 6, 42.86 x 18
went 2026-01/CNY/went: 28.57 40, 71.43 x 18
balance 2026-01/CNY/balance: 0.0 74, 28.57 x 18
zero: 28.57 0 - 28.57 102
series came: 0 20 end -10
amount 30000 CNY: 71.43 20 start +8
series went: 0 54 end -10
amount 50000 CNY: 100.0 54 start +8
series balance: 0 88 end -10
amount -20000 CNY: 28.57 88 start +8
"""
EMPTY_MONTH = """
across, 102 high
zero: 0.0 0 - 0.0 102
series came: 0 20 end -10
amount 0 CNY: 0.0 20 start +8
series went: 0 54 end -10
amount 0 CNY: 0.0 54 start +8
series balance: 0 88 end -10
amount 0 CNY: 0.0 88 start +8
"""
PLAIN_MONTH = """
across, 102 high
came 2026-01/JPY/came: 0.0 6, 100.0 x 18
went 2026-01/JPY/went: 0.0 40, 25.0 x 18
balance 2026-01/JPY/balance: 0.0 74, 75.0 x 18
zero: 0.0 0 - 0.0 102
series came: 0 20 end -10
amount 4 JPY: 100.0 20 start +8
series went: 0 54 end -10
amount 1 JPY: 25.0 54 start +8
series balance: 0 88 end -10
amount 3 JPY: 75.0 88 start +8
"""
FUNDS = """
across funds, 198 high, with a legend
came */a/CNY/came: 0 20, 100.0 x 14
came */b/CNY/came: 0 86, 33.33 x 14
went */b/CNY/went: 0 106, 16.67 x 14
zero: 0 17 - 0 57
zero: 0 83 - 0 123
zero: 0 149 - 0 189
name 灯灯灯灯灯灯灯灯灯灯灯灯灯灯灯灯灯灯灯灯…: 0 14 start +0
amount 300 CNY (0.75): 100.0 32 start +8
amount 0 CNY: 0.0 52 start +8
name b: 0 80 start +0
amount 100 CNY (0.25): 33.33 98 start +8
amount 50 CNY (1.0): 16.67 118 start +8
name c: 0 146 start +0
amount 0 CNY: 0.0 164 start +8
amount 0 CNY: 0.0 184 start +8
"""
LONG = """
turn: 38.46 10 - 38.46 274
turn: 84.62 10 - 84.62 274
month 2024-03: 1.92 292 middle +0
month 2024-08: 21.15 292 middle +0
month 2025-01: 40.38 292 middle +0
month 2025-06: 59.62 292 middle +0
month 2025-11: 78.85 292 middle +0
month 2026-04: 98.08 292 middle +0
year 2024: 0.0 309 start +4
year 2025: 38.46 309 start +4
year 2026: 84.62 309 start +4
"""


def test_columns_stand_where_their_months_are() -> None:
    """Above a line and below it, to one scale; what was left on a line of its own below them."""
    story = {"2025-11": (500_00, 200_00, -300_00), "2026-02": (100_00, 350_00, 50_00)}
    three = charts.columns(flows(story | {"2026-03": (0, 1, 0)}))
    assert told(three) == THREE_MONTHS.split("\n")[1:-1]
    assert told(charts.columns(flows({"2026-01": (0, 0, 0)}))) == NOTHING.split("\n")[1:-1]
    least = charts.columns(flows({"2026-01": (1, 0, 1)}))
    assert (least.bars[0].height, least.dots[0].y) == (160, 210)
    assert [one.y1 for one in least.lines if one.kind == "zero"] == [170, 274]


def test_years_stand_wider() -> None:
    """And are named below themselves, not between them."""
    years = charts.columns(flows({"2024": (4, 0, 4), "2025": (0, 2, 2)}, "JPY"))
    assert told(years) == TWO_YEARS.split("\n")[1:-1]
    five = charts.columns(flows({str(year): (1, 1, 1) for year in range(2021, 2026)}))
    assert [one.x for one in five.dots] == [10, 30, 50, 70, 90]
    seven = charts.columns(flows({str(year): (1, 1, 1) for year in range(2020, 2027)}))
    named = [one.what for one in seven.labels if one.kind == "year"]
    assert named == ["2020", "2022", "2024", "2026"]


def test_of_many_months_some_are_named() -> None:
    """From the last one back; a year where it begins, if three of its months are there."""
    months = {f"{2024 + at // 12}-{at % 12 + 1:02}": (1, 1, 1) for at in range(36)}
    own = [*months.items()]
    long = told(charts.columns(flows(dict(own[2:28]))))
    begins = ("turn", "month", "year")
    assert [one for one in long if one.startswith(begins)] == LONG.split("\n")[1:-1]
    for first, years in ((9, ["2024", "2025", "2026"]), (10, ["2025", "2026"])):
        some = charts.columns(flows(dict(own[first:25])))
        assert [one.what for one in some.labels if one.kind == "year"] == years
    assert [one.what for one in some.labels if one.kind == "month"] == [
        "2025-01",
        "2025-04",
        "2025-07",
        "2025-10",
        "2026-01",
    ]
    january = charts.columns(flows(dict(own[:12])))
    assert [one.what for one in january.labels if one.kind == "year"] == ["2024"]
    assert [one for one in january.lines if one.kind == "turn"] == []


def test_a_months_bars_lie_below_each_other() -> None:
    """To one scale, as wide as there is room, on either side of nothing."""
    (month,) = flows({"2026-01": (300_00, 500_00, -200_00)})
    assert told(bars.of_month(month)) == MONTH.split("\n")[1:-1]
    (month,) = flows({"2026-01": (0, 0, 0)})
    assert told(bars.of_month(month)) == EMPTY_MONTH.split("\n")[1:-1]
    (month,) = flows({"2026-01": (4, 1, 3)}, "JPY")
    assert told(bars.of_month(month)) == PLAIN_MONTH.split("\n")[1:-1]
    (month,) = flows({"2026-01": (1, 0, 1)})
    assert [one.width for one in bars.of_month(month).bars] == [100, 100]
    assert bars.of_month(month).legend is False


def test_a_funds_bars_lie_below_its_name() -> None:
    """To the scale of the longest of all; the parts are those of all that came, or went."""
    funds = flows({"a": (300, 0, 300), "b": (100, 50, 50), "c": (0, 0, 0)})
    drawn = bars.of_funds(funds, {"a": "灯" * 22, "b": "b", "c": "c"})
    assert told(drawn) == FUNDS.split("\n")[1:-1]
    none = flows({"a": (0, 0, 0), "b": (0, 0, 0)})
    assert bars.of_funds(none, {"a": "a", "b": "b"}).bars == []
    least = bars.of_funds(flows({"a": (1, 0, 0)}), {"a": "a"})
    assert [one.width for one in least.bars] == [100]


def test_a_name_is_cut_by_its_width() -> None:
    """A letter takes a little more than half of the room of a character."""
    for name, shown in (
        ("灯" * 21, "灯" * 21),
        ("灯" * 22, "灯" * 20 + "…"),
        ("a" * 37, "a" * 37),
        ("a" * 38, "a" * 36 + "…"),
        ("a" * 35 + " bc", "a" * 35 + "…"),
        ("灯" * 19 + "\u2e80\u2e80a", "灯" * 19 + "\u2e80…"),
        ("灯" * 19 + "\u2e7f\u2e7fa", "灯" * 19 + "\u2e7f\u2e7fa"),
        ("", ""),
    ):
        assert bars.shortened(name) == shown


def test_lines_stand_at_round_amounts() -> None:
    """The smallest step that fits; between two amounts, both of them among it."""
    steps = [scale.step(span, 1) for span in (0, 1, 2, 3, 5, 6, 10, 11, 20, 50, 51, 100, 101)]
    assert steps == [1, 1, 2, 5, 5, 10, 10, 20, 20, 50, 100, 100, 200]
    assert [scale.step(span, 4) for span in (4, 5, 8, 9, 20, 21)] == [1, 2, 2, 5, 5, 10]
    assert [*scale.ticks(-10, 10, 4)] == [-10, -5, 0, 5, 10]
    assert [*scale.ticks(-9, 11, 4)] == [-5, 0, 5, 10]
    assert [*scale.ticks(0, 0, 4)] == [0]
