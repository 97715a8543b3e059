"""Rule D14: the bars and the dots of the drawings against the figures, each within a pixel.

How high or how long one is has to be the same multiple of its figure in all of a drawing, or of
the part of it that is about one thing. What it is about its ``data-drawn`` says.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from plugins.problems import Problem
from plugins.verify.pages import Element, Page

_PIXEL = Decimal(1)
_WIDEST = 6  # pixels of a hundredth of a drawing's width, where the window is wide

Drawn = dict[str, Decimal]


def problems(page: Page, figures: Mapping[str, Decimal], undrawn: set[str]) -> Iterator[Problem]:
    """What is drawn otherwise than it is; ``undrawn`` loses what is drawn."""
    for bars, dots in _drawings(page.elements):
        undrawn.difference_update(bars)
        for name in [*bars, *dots]:
            if name not in figures:
                yield page.problem("D14.figure", name=name, shown=name, right="-")
        yield from _measured(page, figures, bars, _of_bars(figures, bars))
        yield from _measured(page, figures, dots, _of_dots(figures, dots))


def _drawings(elements: Iterable[Element]) -> Iterator[tuple[Drawn, Drawn]]:
    """The lengths of the bars in pixels, and how high the dots are, of each drawing."""
    bars: Drawn = {}
    dots: Drawn = {}
    across = False
    for one in elements:
        if one.tag == "svg":
            yield bars, dots
            bars, dots, across = {}, {}, "across" in one["class"].split()
        elif one.tag == "rect" and one["data-drawn"]:
            wide, high = Decimal(one["width"].removesuffix("%")) * _WIDEST, Decimal(one["height"])
            bars[one["data-drawn"]] = wide if across else high
        elif one.tag == "circle" and one["data-drawn"]:
            dots[one["data-drawn"]] = -Decimal(one["cy"])
    yield bars, dots


def _of_bars(figures: Mapping[str, Decimal], bars: Drawn) -> Drawn:
    """How long each bar should be, by the longest."""
    known = {name: abs(figures[name]) for name in bars if name in figures}
    if not any(known.values()):
        return {}
    longest = max(known, key=known.__getitem__)
    return {name: bars[longest] * one / known[longest] for name, one in known.items()}


def _of_dots(figures: Mapping[str, Decimal], dots: Drawn) -> Drawn:
    """How high each dot should be, by the lowest and the highest."""
    known = {name: figures[name] for name in dots if name in figures}
    if not known:
        return {}
    low, high = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
    span = known[high] - known[low] or 1
    rise = dots[high] - dots[low]
    return {name: dots[low] + rise * (one - known[low]) / span for name, one in known.items()}


def _measured(
    page: Page, figures: Mapping[str, Decimal], drawn: Drawn, right: Drawn
) -> Iterator[Problem]:
    for name, length in right.items():
        if abs(drawn[name] - length) > _PIXEL:
            shown = f"{drawn[name]} px / {length:.1f} px"
            yield page.problem("D14.figure", name=name, shown=shown, right=f"{figures[name]}")
