"""What was found in a text, and how it may be spoken of: no message repeats what it found."""

import re
from dataclasses import dataclass

_CHARACTER = re.compile(r"[^\x00-\u2fff]")  # Chinese and the like: one tells much


@dataclass(frozen=True, slots=True)
class Finding:
    """What tells who or where somebody is.

    ``code`` is the problem's, ``text`` what stands there from ``start`` to ``end`` of the plain
    text. ``certain``: it refuses the build; otherwise a person has to look. ``digest`` is how a
    listed name is spoken of where it may not be written.
    """

    code: str
    text: str
    start: int
    end: int
    certain: bool = True
    digest: str = ""

    @property
    def masked(self) -> str:
        return mask(self.text)


def mask(text: str) -> str:
    """Enough of it to find the place, too little to learn anything: 王**, 110***."""
    if text[:1].isdigit() or text[:1] == "+":
        return f"{text[:3]}***"
    return f"{text[:1]}**" if _CHARACTER.match(text) else f"{text[:1]}***"


def letters(text: str) -> str:
    """Letters and digits alone, to compare what is written in different ways."""
    return re.sub(r"[\W_]", "", text).casefold()
