"""A change of marks in a text."""

import unicodedata
from collections.abc import Iterator
from re import Match, Pattern
from typing import NamedTuple

# Chinese characters; letters and digits of the Latin script.
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = r"0-9A-Za-z\u00c0-\u024f"


class Change(NamedTuple):
    """The characters from ``start`` to ``end`` should be ``new``."""

    start: int
    end: int
    new: str


def replaced(pattern: Pattern[str], text: str, new: str, group: int = 0) -> Iterator[Change]:
    """Each match of a pattern, or one group of it, should be ``new``."""
    for match in pattern.finditer(text):
        if match[group] != new:
            yield Change(*match.span(group), new)


def narrowed(pattern: Pattern[str], text: str) -> Iterator[Change]:
    """Full-width characters should be the usual ones."""
    for match in pattern.finditer(text):
        if not _begins_list(match):
            yield Change(*match.span(), unicodedata.normalize("NFKC", match[0]))


def _begins_list(match: Match[str]) -> bool:
    # “１. ” at a line's begin would become an item of a list.
    begins_line = not match.string[: match.start()].rpartition("\n")[2].strip()
    return begins_line and match.string[match.end() :].startswith((".", "．"))
