"""Rules C1, C7, E5 in the built site: only declared pictures, nothing hidden, all described."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from plugins.pictures import FORMATS
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Site

# What Pillow tells of any file of these formats, and what says nothing about where it comes from.
_HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
_HARMLESS |= {"dpi", "loop", "background", "timestamp", "duration", "transparency", "srgb", "gamma"}


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Pictures that nobody declared or that still carry data, and images without their words."""
    for path in sorted(site.files):
        if PurePosixPath(path).suffix.lower() not in FORMATS:
            continue
        if path not in expected.pictures:
            yield Problem("C1.stray", path)
        if hidden := _hidden_data(site.folder / path.removeprefix("/")):
            yield Problem("C7.hidden_data", path, params={"found": ", ".join(hidden)})
    for page in site.pages:
        for element in page.elements:
            for address in _shown(element):
                if address not in expected.pictures:
                    # A picture can be written into an address whole; a line of it is enough.
                    yield page.problem("C1.elsewhere", address, address=address[:80])
        for image in page.all("img"):
            if not all(image[name].strip() for name in ("alt", "width", "height")):
                yield page.problem("E5.image", image["src"], address=image["src"])


def _shown(element: Element) -> Iterator[str]:
    """What the element shows a picture from, in any of the ways that browsers know."""
    if element.tag == "script":  # shows none; rule W2 looks at it
        return
    for name in ("src", "srcset", "poster", "data", "background"):
        if name in element.attributes:
            yield element[name]
    if element.tag in ("image", "use", "feimage"):
        yield from (element[name] for name in ("href", "xlink:href") if element[name])


def _hidden_data(file: Path) -> list[str]:
    try:
        with Image.open(file) as picture:
            found = set(picture.info) - _HARMLESS
            if picture.getexif():
                found.add("exif")
            return sorted(map(str, found))
    except (OSError, UnidentifiedImageError):
        return ["?"]
