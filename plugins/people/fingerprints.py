"""What a picture looks like, in 64 bits: the same after it was renamed, resized or saved anew.

A difference hash: each bit says whether a spot is brighter than its neighbour on the right. It
tells nothing of who is in the picture, so that of a withdrawn one may be kept.
"""

import warnings
from collections.abc import Collection, Iterator
from pathlib import Path

from PIL import Image, ImageOps
from pypdf import PdfReader

_WIDE, _HIGH = 8, 8
# Of 64 bits. The same picture saved at a fifth of its size and lowest quality differs in 3 at
# most; other pictures differ in 32, give or take 12.
_NEAR = 8
_NOISE = 2  # steps of grey that saving anew may make where there is no difference
_MOST_PIXELS = 50_000_000
_SMALLEST = 64  # pixels of a side; in documents, what is smaller is an ornament


def of(file: Path) -> str | None:
    """16 hexadecimal digits; None for what cannot be opened, which the build refuses anyway."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file) as opened:
                opened.draft("L", (32 * _WIDE, 32 * _HIGH))  # a JPEG is read at a fraction
                return None if _is_huge(opened) else _of(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def in_document(file: Path) -> Iterator[str]:
    """The same of each picture on the pages of a PDF; of what cannot be opened, nothing."""
    try:
        pages = list(PdfReader(file).pages)
    except Exception:  # noqa: BLE001  # a broken PDF fails in any way there is; the build refuses it
        return
    for page in pages:
        for name in page.images.keys():  # noqa: SIM118  # it is none of Python's tables
            try:
                shown = page.images[name].image
            except Exception:  # noqa: BLE001, S112  # so does a picture in one
                continue
            if shown and min(shown.size) >= _SMALLEST and not _is_huge(shown):
                yield _of(shown)


def shown_in(document: Path, looks: Collection[str]) -> bool:
    """Whether a picture of one of these fingerprints is on the pages of a PDF."""
    # To open a PDF takes long, and mostly nothing is looked for.
    there = in_document(document) if looks else ()
    return any(alike(one, other) for one in there for other in looks)


def _is_huge(picture: Image.Image) -> bool:
    return picture.width * picture.height > _MOST_PIXELS


def _of(picture: Image.Image) -> str:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    ground = Image.new("RGBA", upright.size, "white")
    grey = Image.alpha_composite(ground, upright).convert("L")
    spots = grey.resize((_WIDE + 1, _HIGH), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_HIGH):
        for column in range(_WIDE):
            at = row * (_WIDE + 1) + column
            bits = bits << 1 | (spots[at] - spots[at + 1] > _NOISE)
    return f"{bits:016x}"


def alike(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same picture."""
    return (int(one, 16) ^ int(other, 16)).bit_count() <= _NEAR
