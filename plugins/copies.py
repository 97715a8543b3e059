"""The copies of a picture that the site shows: up to three widths, each as AVIF and as WebP.

And one that every browser knows, which chats take too. A copy is never larger than its original.
Its name begins with the original's, so that a withdrawal finds it, and goes on with the widest that
it may be: ``door.jpg.960.avif``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from plugins import anew
from plugins.anew import Form, Original
from plugins.kept import Shelf, digest
from plugins.pictures import SMALLER, WIDTHS, Picture

# Of 100; what each encoder needs for the same look. A drawing has none.
QUALITY = {"AVIF": 60, "WEBP": 80, "JPEG": 82, "PNG": 82, "SVG": 0}
_NEARLY = 1.15  # an original hardly wider than a copy needs no copy of its own width


@dataclass(frozen=True, slots=True)
class Copy:
    """A file for the site: its ``path`` there, its format (``AVIF``), its size in pixels."""

    path: str
    kind: str
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Copies:
    """``usual`` is for every browser; ``smaller`` are the others by format, best first."""

    usual: Copy
    smaller: Mapping[str, tuple[Copy, ...]]

    def __iter__(self) -> Iterator[Copy]:
        yield self.usual
        for some in self.smaller.values():
            yield from some


def of(picture: Picture, original: Original) -> Copies:
    """What is to be made of a picture. Raises Refused."""
    width, height = original.size(picture.original.as_posix())
    if original.kind == "SVG":
        return Copies(Copy(picture.path, "SVG", width, height), {})
    smaller = {kind: tuple(_narrower(picture.path, kind, width, height)) for kind in SMALLER}
    return Copies(_usual(picture.path, original, width, height), smaller)


def _narrower(path: str, kind: str, width: int, height: int) -> Iterator[Copy]:
    for most in WIDTHS:
        wide = min(width, most)
        high = max(1, round(height * wide / width))
        yield Copy(f"{path}.{most}.{SMALLER[kind]}", kind, wide, high)
        if most * _NEARLY > width:
            return


def _usual(path: str, original: Original, width: int, height: int) -> Copy:
    if original.kind not in SMALLER:
        return Copy(path, original.kind, width, height)
    # A format that some browsers and most chats do not know.
    kind = "PNG" if original.see_through else "JPEG"
    ending = "png" if kind == "PNG" else "jpg"
    wide = min(width, WIDTHS[-1])
    high = max(1, round(height * wide / width))
    return Copy(f"{path}.{WIDTHS[-1]}.{ending}", kind, wide, high)


def made(picture: Picture, copies: Copies, shelf: Shelf) -> dict[str, bytes]:
    """The bytes of all copies by their paths: as they were kept, or made now. Raises Refused."""
    data = picture.original.read_bytes()
    made_of = digest(data, picture.ai_generated, QUALITY, version("pillow"))
    names = {copy.path: f"{Path(copy.path).name}.{made_of}" for copy in copies}
    found = {path: shelf.take(name) for path, name in names.items()}
    if None in found.values():
        place = picture.original.as_posix()
        forms = [Form(copy.kind, copy.width, QUALITY[copy.kind]) for copy in copies]
        original = anew.read(picture.original, place)
        new = original.made(place, forms, ai_generated=picture.ai_generated)
        found = dict(zip(names, new, strict=True))
        shelf.put({names[path]: new for path, new in found.items() if new})
    return {path: data for path, data in found.items() if data}
