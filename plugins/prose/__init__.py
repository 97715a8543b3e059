"""What readers read of a Markdown file, with the place of each character in it.

Addresses, code, HTML tags, the marks of Markdown and the keys of the head are left out, so that who
looks for figures or at marks need not know about them, and who changes text cannot change those.
"""

import re

from plugins.prose.block import HIDDEN, Block
from plugins.prose.body import pieces
from plugins.prose.head import entry, texts
from plugins.prose.inline import readable

__all__ = ["HIDDEN", "Block", "blocks", "has_head", "head_text", "place"]

_HEAD = re.compile(
    r"(?:\ufeff|\s*^)---[ ]*\n(?P<head>.*?)^(?:---|\.\.\.)[ ]*$", re.MULTILINE | re.DOTALL
)


def blocks(text: str) -> list[Block]:
    """The blocks of a file, in their order. What YAML cannot read of a head is left out."""
    text = _with_plain_lines(text)
    head = _HEAD.match(text)
    found = list(texts(text, *head.span("head"))) if head else []
    found += [
        Block("", tuple(readable(text, spans))) for spans in pieces(text, head.end() if head else 0)
    ]
    return [block for block in found if re.sub(rf"[\s{HIDDEN}]", "", block.text)]


def has_head(text: str) -> bool:
    """Whether the file begins with entries between two lines of ``---``."""
    return bool(_HEAD.match(_with_plain_lines(text)))


def head_text(text: str, key: str) -> tuple[str, int] | None:
    """A text of the head, shown or not, and the offset of its key; None where there is none."""
    text = _with_plain_lines(text)
    head = _HEAD.match(text)
    return entry(text, *head.span("head"), key) if head else None


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, whatever the line ends are."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(before), len(before[-1].removeprefix("\ufeff")) + 1


def _with_plain_lines(text: str) -> str:
    # Offsets stay true: a carriage return becomes a space at the line's end, where none counts.
    return text.replace("\r\n", " \n").replace("\r", "\n")
