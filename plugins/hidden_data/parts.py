"""What a file holds beside what it shows, as the readers of this package tell it."""

from dataclasses import dataclass

MOVING = "animation"


class Unreadable(Exception):
    """The file is not what its beginning says, or is broken off; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file that is no pixel: what it is called (``EXIF``), and its bytes."""

    name: str
    data: bytes = b""
