"""D14: the second look at drawings, each bar and dot by the pixel."""

from decimal import Decimal
from pathlib import Path

from donations_api.frame import Language
from plugins.problems import Problem
from plugins.verify import drawings
from plugins.verify.pages import Element, Page

EN = Language("en", "en", "English", "en", "en")
FIGURES = {"a": Decimal(10), "b": Decimal("-5.00"), "c": Decimal("2.5"), "none": Decimal()}


def svg(way: str = "up") -> Element:
    return Element("svg", {"class": f"chart {way}"}, frozenset(), "en")


def bar(name: str, width: str, height: str) -> Element:
    told = {"data-drawn": name, "width": width, "height": height}
    return Element("rect", told, frozenset(), "en")


def dot(name: str, down: str) -> Element:
    return Element("circle", {"data-drawn": name, "cy": down}, frozenset(), "en")


def look(*elements: Element, undrawn: set[str] | None = None) -> list[Problem]:
    page = Page("/x/", "x", EN, "", Path("no"), [*elements], {})
    return [*drawings.problems(page, FIGURES, set() if undrawn is None else undrawn)]


def wrong(name: str, shown: str, right: str) -> Problem:
    return Problem("D14.figure", "/x/", params={"name": name, "shown": shown, "right": right})


def test_columns_are_as_high_as_their_figures() -> None:
    """Within a pixel, whatever is above or below; how wide they are says nothing."""
    highest = bar("a", "1%", "100")
    for high in ("49", "50", "51"):
        assert look(svg(), highest, bar("b", "9%", high)) == []
    assert look(svg(), highest, bar("b", "1%", "48.9")) == [
        wrong("b", "48.9 px / 50.0 px", "-5.00")
    ]
    assert look(svg(), bar("c", "1%", "26.1"), highest) == [wrong("c", "26.1 px / 25.0 px", "2.5")]
    both = look(svg(), bar("c", "1%", "1"), highest, bar("b", "1%", "1"))
    assert both == [wrong("c", "1 px / 25.0 px", "2.5"), wrong("b", "1 px / 50.0 px", "-5.00")]
    # Of nothing but nothing there is no scale.
    assert look(svg(), bar("none", "1%", "7")) == []
    assert look(svg(), highest, bar("none", "1%", "2")) == [wrong("none", "2 px / 0.0 px", "0")]


def test_bars_that_lie_are_as_long_as_their_figures() -> None:
    """In hundredths of a drawing that is 600 pixels wide at the most."""
    longest = bar("a", "50%", "1")
    for long in ("24.84%", "25.16%"):
        assert look(svg("across"), longest, bar("b", long, "9")) == []
    short = look(svg("across funds"), longest, bar("b", "24.83%", "1"))
    assert short == [wrong("b", "148.98 px / 150.0 px", "-5.00")]


def test_each_drawing_has_a_scale_of_its_own() -> None:
    """And what is no part of a drawing of money is not measured."""
    first, second = bar("a", "1%", "100"), bar("b", "50%", "1")
    assert look(svg(), first, svg("across"), second, bar("c", "25%", "1")) == []
    assert look(svg("across"), second, svg(), first) == []
    stray = look(bar("a", "1%", "100"), bar("b", "9%", "48"), svg())
    assert stray == [wrong("b", "48 px / 50.0 px", "-5.00")]
    other = Element("path", {"data-drawn": "x", "width": "1%", "height": "1"}, frozenset(), "en")
    plain = Element("rect", {"width": "1%", "height": "1"}, frozenset(), "en")
    round_one = Element("circle", {"cy": "1"}, frozenset(), "en")
    assert look(svg(), first, other, plain, round_one) == []


def test_dots_rise_with_what_was_left() -> None:
    """By the lowest and the highest of them; down is less."""
    low, high = dot("b", "90"), dot("a", "30")
    assert look(svg(), high, dot("c", "59"), low) == []
    assert look(svg(), low, dot("c", "61"), high) == []
    assert look(svg(), low, dot("c", "61.1"), high) == [wrong("c", "-61.1 px / -60.0 px", "2.5")]
    assert look(svg(), low, high, dot("c", "58.9")) == [wrong("c", "-58.9 px / -60.0 px", "2.5")]
    alone = [dot("none", "50"), dot("none", "50")]
    assert look(svg(), *alone) == []
    assert look(svg(), bar("a", "1%", "100"), bar("b", "1%", "50"), low, high) == []


def test_what_is_drawn_has_a_figure() -> None:
    """A name that nobody knows is told, and the others are measured all the same."""
    unknown = [wrong("x", "x", "-")]
    assert (
        look(svg(), bar("x", "1%", "400"), bar("a", "1%", "100"), bar("b", "1%", "50")) == unknown
    )
    assert look(svg(), dot("x", "5"), dot("a", "30"), dot("b", "90")) == unknown
    assert look(svg(), dot("x", "5")) == unknown
    assert look(svg(), bar("x", "1%", "400")) == unknown


def test_what_is_drawn_lacks_no_more() -> None:
    """Bars, wherever they are; a dot is no bar."""
    undrawn = {"a", "b", "c", "d"}
    look(
        bar("d", "1%", "1"),
        svg(),
        bar("a", "1%", "100"),
        dot("c", "1"),
        svg(),
        bar("b", "1%", "1"),
        undrawn=undrawn,
    )
    assert undrawn == {"c"}
