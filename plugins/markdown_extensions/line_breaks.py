"""A line break inside Chinese text must not show as a space: the lines are joined.

CSS Text 3, "Segment Break Transformation Rules"; browsers leave it undone. A Markdown extension.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import BLOCK_LEVEL_ELEMENTS

_VERBATIM = {"br", "code", "img"}
# Marks that Chinese and Latin text share: they join where the other side is Chinese.
_SHARED_MARKS = frozenset("“”‘’…—·")
# Tags that somebody wrote as HTML, for which Markdown has a sign until the end, do not part a text.
_TAGS = "(?:\x02wzxhzdk:\\d+\x03)*"
_BREAK = re.compile(rf"(?<=(.)){_TAGS}[ \t]*\n[ \t]*{_TAGS}(?=(.))")
_SPACE = re.compile(r"[ \t\n]")
# No text has these: the end of a run of text, and a character that is left out of it.
_END, _DROPPED = "\x00", "\x01"


class LineBreaks(Extension):
    """The extension; it has no options."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  Markdown's own name
        # After the inline patterns (20), before the tree is made pretty with line breaks (10).
        md.treeprocessors.register(_Joiner(md), "line_breaks", 15)


class _Joiner(Treeprocessor):
    def run(self, root: Element) -> None:
        for block in [root, *(one for one in root.iter() if one.tag in BLOCK_LEVEL_ELEMENTS)]:
            pieces = list(_pieces(block))
            texts = [_END if piece is None else getattr(*piece) or "" for piece in pieces]
            rest = _BREAK.sub(_mark, "".join(texts))
            for piece, text in zip(pieces, texts, strict=True):
                kept, rest = rest[: len(text)], rest[len(text) :]
                if piece and kept != text:
                    setattr(*piece, kept.replace(_DROPPED, ""))


def _pieces(block: Element) -> Iterator[tuple[Element, str] | None]:
    """The texts of a block in reading order, as (element, attribute); None: something else."""
    yield block, "text"
    for child in block:
        if child.tag in BLOCK_LEVEL_ELEMENTS or child.tag in _VERBATIM:
            yield None
        else:
            yield from _pieces(child)
        yield child, "tail"


def _mark(match: re.Match[str]) -> str:
    left, right = match[1], match[2]
    chinese = _is_wide(left) or _is_wide(right)
    closed = all(_is_wide(mark) or mark in _SHARED_MARKS for mark in (left, right))
    return _SPACE.sub(_DROPPED, match[0]) if chinese and closed else match[0]


def _is_wide(character: str) -> bool:
    hangul = "HANGUL" in unicodedata.name(character, "")
    return unicodedata.east_asian_width(character) in "FW" and not hangul


def makeExtension(**options: Any) -> LineBreaks:  # noqa: N802  the name that Markdown looks for
    """Markdown's entry point."""
    return LineBreaks(**options)
