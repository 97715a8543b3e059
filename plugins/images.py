"""Rule C7: pictures are made anew, with nothing hidden in them; originals are never copied.

What a camera writes beside the picture (place, time, a thumbnail from before a face was cut off)
is left behind, because only the pixels go into the copy.
"""

import re
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals
from PIL import Image, ImageOps, UnidentifiedImageError

from donations_api.frame import Frame
from plugins.bilingual import pages_of
from plugins.pictures import FORMATS, Picture
from plugins.problems import Problem, collected

LONGEST_SIDE = 1600  # pixels
MOST_PIXELS = 50_000_000  # a file of some kilobytes can unfold into gigabytes
_SHOWN = re.compile(r"<img\b[^>]*?\bsrc=\"/?(?P<path>images/[^\"]+)\"[^>]*>")
_QUALITY = {"JPEG": {"quality": 82, "optimize": True, "progressive": True}, "WEBP": {"quality": 80}}


def check_originals(pelican: Pelican) -> None:
    """Every picture has to open; its size in the site is known from here on."""
    settings = pelican.settings
    settings["PICTURE_SIZES"] = {}
    for picture in settings["PICTURES"]:
        try:
            settings["PICTURE_SIZES"][picture.path] = _open(picture.original).size
        except (OSError, UnidentifiedImageError, ValueError, SyntaxError) as error:
            params = {"reason": str(error)}
            found = Problem("C7.unreadable", picture.original.as_posix(), params=params)
            collected(settings).append(found)
        except Image.DecompressionBombError:
            found = Problem("C7.too_large", picture.original.as_posix())
            collected(settings).append(found)


def describe(generators: list[Generator]) -> None:
    """Give each picture on a page its address, its size, and its words in the page's language."""
    settings = generators[0].settings
    known = {picture.path: picture for picture in settings["PICTURES"]}
    frame: Frame = settings["FRAME"]
    for page in pages_of(generators):

        def tag(match: re.Match[str], language: str = page.lang) -> str:
            picture = known[f"/{match['path']}"]
            alt = frame.text(picture.alt, frame.language(language))
            return _tag(picture, alt, settings["PICTURE_SIZES"][picture.path])

        page._content = _SHOWN.sub(tag, page._content)


def publish(pelican: Pelican) -> None:
    """Write the copies into the new site."""
    settings: dict[str, Any] = pelican.settings
    for picture in settings["PICTURES"]:
        copy = Path(settings["OUTPUT_PATH"], picture.path.removeprefix("/"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        kind = _kind(picture.original)
        _open(picture.original).save(copy, format=kind, **_QUALITY.get(kind, {}))


def _open(original: Path) -> Image.Image:
    """The pixels alone, upright and no larger than they are shown."""
    with Image.open(original, formats=list(set(FORMATS.values()))) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        see_through = upright.has_transparency_data and _kind(original) != "JPEG"
        pixels = upright.convert("RGBA" if see_through else "RGB")
    # A new picture has nothing but pixels; the opened one carries what it was read with.
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    return bare


def _kind(original: Path) -> str:
    return FORMATS[original.suffix.lower()]


def _tag(picture: Picture, alt: str, size: tuple[int, int]) -> str:
    return Markup('<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">').format(
        picture.path, alt, *size
    )


def register() -> None:
    signals.initialized.connect(check_originals)
    signals.all_generators_finalized.connect(describe)
    signals.finalized.connect(publish)
