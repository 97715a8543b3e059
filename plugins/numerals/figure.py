"""A figure that stands in a text, and how a language's rules are run over it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

NUMBER, PERCENT, MONTH, TIME = "number", "percent", "month", "time"
_TAKEN = "\ufffc"  # stands for what a rule has read already


@dataclass(frozen=True, slots=True)
class Figure:
    """What a stretch of text says, whichever way it is written.

    ``kind`` is NUMBER (also an ordinal, a year, a day), PERCENT, MONTH (1 to 12), TIME (minutes
    since midnight) or a currency's code. A figure that is not ``sure`` may be none at all (“a”,
    “one of them”): it can vouch for one of another language, but it needs none there.
    ``in_digits``: written in digits alone, so that any language's reader understands it.
    """

    kind: str
    value: Fraction
    start: int
    end: int
    sure: bool = True
    in_digits: bool = False

    @property
    def key(self) -> tuple[str, Fraction]:
        return self.kind, self.value


class Meaning(NamedTuple):
    """What a rule makes of its match."""

    kind: str
    value: Fraction | int
    sure: bool = True


class Rule(NamedTuple):
    """A way to write figures. A match without meaning is an idiom, and hides its numerals."""

    pattern: re.Pattern[str]
    meanings: Callable[[re.Match[str]], Iterable[Meaning]]


def idiom(_match: re.Match[str]) -> Iterable[Meaning]:
    """The meaning of what only looks like a figure: none."""
    return ()


def scan(text: str, rules: Sequence[Rule]) -> list[Figure]:
    """Run the rules in their order; what one has matched is hidden from the later ones."""
    found: list[Figure] = []
    for pattern, meanings in rules:
        for match in list(pattern.finditer(text)):
            begin, end = match.span()
            in_digits = re.fullmatch(r"[\d.,]+\s?[%％]?", match[0]) is not None
            found += [
                Figure(one.kind, Fraction(one.value), begin, end, one.sure, in_digits)
                for one in meanings(match)
            ]
            text = text[:begin] + _TAKEN * (end - begin) + text[end:]
    return found


def decimal(digits: str) -> Fraction:
    """``1,000`` and ``3.8`` as numbers."""
    return Fraction(digits.replace(",", ""))
