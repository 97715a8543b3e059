"""Marks in English text: no Chinese ones between Latin letters, one space, real dashes.

Straight quotation marks are left alone: many editors write them, and none can be told from a foot.
"""

import re
from collections.abc import Iterator

from plugins.marks.change import HAN, LATIN, Change, narrowed, replaced

_NARROW = dict(zip("，。；：？！、", ",.;:?!,", strict=True))
_SPACE = r"[ \t]*"

_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]+|(?<=[0-9０-９])．(?=[0-9０-９])")
_MARK = re.compile(
    rf"(?<=[{LATIN}%)\]\"'”’]){_SPACE}([，。；：？！、]){_SPACE}(?![{HAN}，。；：？！、（《“ \t])"
)
_BRACKETED = re.compile(rf"(?<![{HAN}])([ \t]*)（([^（）{HAN}]*)）([ \t]*)(?![{HAN} \t])")
_DASH = re.compile(rf"(?<=[{LATIN},.)”’\"'])---?(?=[{LATIN}“‘\"'(])")
_RANGE = re.compile(r"(?<=\d)--(?=\d)")
_SPACED_DASH = re.compile(r"(?<=\S) ---? (?=\S)")
_DOUBLED_DASH = re.compile(rf"(?<![{HAN}—])——(?![{HAN}—])")
_DOUBLED_DOTS = re.compile(rf"(?<![{HAN}…])……(?![{HAN}…])")
_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")


def changes(text: str) -> Iterator[Change]:
    """What to change in a paragraph; where two overlap, the earlier one counts."""
    yield from narrowed(_FULL_WIDTH, text)
    for match in _MARK.finditer(text):
        follows = text[match.end() :][:1]
        space = "" if not follows or re.match(r"[\s)\]\"'”’.,;:?!]", follows) else " "
        yield Change(*match.span(), _NARROW[match[1]] + space)
    for match in _BRACKETED.finditer(text):
        yield from _brackets(text, match)
    yield from replaced(_RANGE, text, "–")
    yield from replaced(_DASH, text, "—")
    yield from replaced(_SPACED_DASH, text, " – ")
    yield from replaced(_DOUBLED_DASH, text, "—")
    yield from replaced(_DOUBLED_DOTS, text, "…")
    yield from replaced(_SPACES, text, " ")


def _brackets(text: str, match: re.Match[str]) -> Iterator[Change]:
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    begin, end = match.end(1), match.start(3)
    yield Change(match.start(), begin + 1, " (" if before.strip("\n([“‘\"'") else "(")
    yield Change(end - 1, match.end(), ") " if re.match(rf"[{LATIN}(“]", after) else ")")
