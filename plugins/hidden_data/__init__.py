"""Rule C7: what a file carries beside what it shows. One answer for staff, build and verify.

Each format is read by itself, without the libraries that write it, and by a list of what is known
to be harmless: what is not on the list is hidden data, whatever it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plugins.hidden_data import ai_label, boxes, drawings, papers, rasters
from plugins.hidden_data.ai_label import Label
from plugins.hidden_data.parts import MOVING, Part, Unreadable

__all__ = ["Carried", "Unreadable", "look"]

_FORMATS: dict[str, tuple[Callable[[bytes], bool], Callable[[bytes], Iterator[Part]]]] = {
    "JPEG": (lambda data: data.startswith(b"\xff\xd8\xff"), rasters.jpeg),
    "PNG": (lambda data: data.startswith(rasters.PNG), rasters.png),
    "WEBP": (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", rasters.webp),
    "AVIF": (lambda data: data[4:12] in (b"ftypavif", b"ftypavis"), boxes.avif),
    "SVG": (lambda data: b"<svg" in data, drawings.svg),
    "PDF": (lambda data: data.startswith(b"%PDF-"), papers.pdf),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """``hidden``: what there is, by name. ``label``: what the file says of AI; None is nothing.

    ``moving``: it is a film, of which only the first picture would be looked at.
    """

    hidden: tuple[str, ...]
    label: Label | None
    moving: bool


def look(data: bytes, kind: str) -> Carried:
    """What a file of that kind (``JPEG``, ``PDF``) carries. Raises Unreadable."""
    begins, read = _FORMATS[kind]
    if not begins(data):
        raise Unreadable(f"not {kind}")
    hidden: list[str] = []
    label: Label | None = None
    for part in read(data):
        if part.name == "XMP" and not label and (label := ai_label.of_packet(part.data)):
            continue  # the one thing that has to stay
        if kind == "PDF" and part.name == "JPEG":
            hidden += look(part.data, "JPEG").hidden
            continue
        hidden.append(part.name)
        label = label or ai_label.found_in(part.data)
    return Carried(tuple(dict.fromkeys(hidden)), label, MOVING in hidden)
