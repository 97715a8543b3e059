"""A change of marks in a text."""

import unicodedata
from collections.abc import Iterator
from re import Pattern
from typing import NamedTuple

# Chinese characters; letters and digits of the Latin script.
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = r"0-9A-Za-z\u00c0-\u024f"


class Change(NamedTuple):
    """The characters from ``start`` to ``end`` should be ``new``."""

    start: int
    end: int
    new: str


def replaced(pattern: Pattern[str], text: str, new: str) -> Iterator[Change]:
    """Each match of a pattern should be ``new``."""
    for match in pattern.finditer(text):
        if match[0] != new:
            yield Change(*match.span(), new)


def narrowed(pattern: Pattern[str], text: str) -> Iterator[Change]:
    """Full-width characters should be the usual ones."""
    for match in pattern.finditer(text):
        yield Change(*match.span(), unicodedata.normalize("NFKC", match[0]))
