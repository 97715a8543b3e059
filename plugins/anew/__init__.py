"""Rule C7: the one way in which a picture is made anew, when it is taken in and when it goes out.

Photos are made from their pixels (``pixels``), drawings from what they draw (``drawings``); what AI
made keeps the label that it came with, or gets the one that its sidecar declares.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plugins import hidden_data
from plugins.anew import drawings, pixels
from plugins.hidden_data import ai_label
from plugins.hidden_data.ai_label import Label
from plugins.pictures import FORMATS
from plugins.problems import Problem


class Refused(Exception):
    """A picture that cannot be made anew; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Form:
    """What a photo is made into: a format (``AVIF``), a width in pixels, a quality of 100."""

    kind: str
    width: int
    quality: int


@dataclass(frozen=True, slots=True)
class Original:
    """A picture as it came: its bytes, its format, and its own word that AI made it."""

    data: bytes
    kind: str
    label: Label | None

    @property
    def longest_side(self) -> int:
        """Of a photo as it came, in pixels."""
        return pixels.longest_side(self.data, self.kind)

    @property
    def see_through(self) -> bool:
        """Of a photo that could be read: whether the page shows through it."""
        return pixels.of(self.data, self.kind).mode == "RGBA"

    def size(self, place: str) -> tuple[int, int]:
        """Width and height of what is made of it, in pixels. Raises Refused."""
        with _refusing(place):
            if self.kind == "SVG":
                return drawings.size(drawings.cleaned(self.data, None))
            return pixels.of(self.data, self.kind).size

    def taken_in(self, place: str, *, ai_generated: bool, quality: int) -> bytes:
        """The picture anew, in its own format and no smaller than pages need. Raises Refused."""
        form = Form(self.kind, pixels.LONGEST_SIDE, quality)
        return self.made(place, [form], ai_generated=ai_generated)[0]

    def made(self, place: str, forms: Sequence[Form], *, ai_generated: bool) -> list[bytes]:
        """The picture anew in each form; a drawing has but its own. Raises Refused."""
        label = (self.label or ai_label.DECLARED) if ai_generated else None
        with _refusing(place):
            if self.kind == "SVG":
                return [drawings.cleaned(self.data, label)] * len(forms)
            whole = pixels.of(self.data, self.kind)
            return [
                pixels.written(pixels.narrowed(whole, one.width), one.kind, label, one.quality)
                for one in forms
            ]


def read(file: Path, place: str) -> Original:
    """The picture in ``file``, told of as ``place``. Raises Refused."""
    kind = FORMATS[file.suffix.lower()]
    with _refusing(place):
        data = file.read_bytes()
        return Original(data, kind, hidden_data.look(data, kind).label)


@contextmanager
def _refusing(place: str) -> Iterator[None]:
    """Turn whatever a picture is refused for into a problem at its place."""
    try:
        yield
    except pixels.TooLarge:
        raise Refused(Problem("C7.too_large", place)) from None
    except pixels.Moving:
        raise Refused(Problem("C7.moving", place)) from None
    except (hidden_data.Unreadable, OSError) as error:
        params = {"reason": str(error)}
        raise Refused(Problem("C7.unreadable", place, params=params)) from None
