"""A photo made anew from its pixels: upright, in sRGB, no larger than it is shown, nothing beside.

What a camera writes into the file (place, time, a thumbnail from before a face was cut off) is left
behind, because only the pixels go into the new one.
"""

import struct
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from plugins.hidden_data import Unreadable, ai_label
from plugins.hidden_data.ai_label import Label

LONGEST_SIDE = 1600  # pixels
MOST_PIXELS = 50_000_000  # a file of some kilobytes can unfold into gigabytes
# What Pillow's readers raise for files that are none, or broken off.
_BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, RuntimeError),
    *(LookupError, TypeError, ArithmeticError, struct.error),
)
_SRGB = ImageCms.createProfile("sRGB")
_QUALITY: dict[str, dict[str, Any]] = {
    "JPEG": {"optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"method": 4},
    "AVIF": {"speed": 8, "max_threads": 1},  # threads would make no two copies alike
}


class TooLarge(Exception):
    """The picture unfolds into more than MOST_PIXELS."""


class Moving(Exception):
    """The picture is a film; nobody would look at all of it."""


def of(data: bytes, kind: str) -> Image.Image:
    """The pixels of a picture of that kind (``JPEG``). Raises Unreadable, TooLarge, Moving."""
    try:
        with Image.open(BytesIO(data), formats=[kind]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise TooLarge
            # A telephone puts further pictures behind its JPEG; the first is the photo.
            if kind != "JPEG" and getattr(opened, "n_frames", 1) > 1:
                raise Moving
            return _bare(_in_srgb(_eight_bits(opened)))
    except Image.DecompressionBombError:
        raise TooLarge from None
    except UnidentifiedImageError:  # which says no more than where in memory the bytes were
        raise Unreadable(f"not {kind}") from None
    except _BROKEN as error:
        raise Unreadable(str(error)) from None


def longest_side(data: bytes, kind: str) -> int:
    """Of a picture that could be read, as it came."""
    with Image.open(BytesIO(data), formats=[kind]) as opened:
        return max(opened.size)


def narrowed(pixels: Image.Image, width: int) -> Image.Image:
    """The pixels no wider than ``width``."""
    if pixels.width <= width:
        return pixels
    height = max(1, round(pixels.height * width / pixels.width))
    return pixels.resize((width, height), Image.Resampling.LANCZOS)


def written(pixels: Image.Image, kind: str, label: Label | None, quality: int) -> bytes:
    """A file of that kind with the pixels and, of what AI made, its label.

    ``quality``: 0-100; a PNG is as good as it was, whatever it is.
    """
    options: dict[str, Any] = {**_QUALITY[kind], "quality": quality}
    if label and kind == "PNG":
        options["pnginfo"] = info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", ai_label.packet(label).decode())
    elif label:
        options["xmp"] = ai_label.packet(label)
    file = BytesIO()
    pixels.save(file, kind, **options)
    return file.getvalue()


def _eight_bits(opened: Image.Image) -> Image.Image:
    # Pillow would show whatever is brighter than 255 of 65,535 as white.
    if opened.mode.startswith("I"):
        return opened.point(lambda value: value / 257).convert("L")
    opened.load()
    return opened


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The colours as browsers take them without a profile, so that none is needed."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    try:
        read = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        turned = ImageCms.profileToProfile(picture, read, _SRGB, outputMode=mode)
    except (OSError, ImageCms.PyCMSError):
        return picture  # no profile for these colours; it is left behind all the same
    return turned or picture


def _bare(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    # A new picture has nothing but pixels; the opened one carries what it was read with.
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    return bare
