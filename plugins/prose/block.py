"""A stretch of text as a reader sees it, which remembers where it comes from."""

from dataclasses import dataclass
from typing import NamedTuple

HIDDEN = "\ufffc"  # stands where readers see something that is no text of the writer's: code, a tag


class Character(NamedTuple):
    """A character, its offset in the file, and whether it must stay as it is."""

    shown: str
    offset: int
    fixed: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, a list item, a cell, or a text of the head.

    ``name`` is where it stands in the head (``figures.0``), and empty in the body.
    """

    name: str
    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        return "".join(one.shown for one in self.characters)
