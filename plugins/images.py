"""Rule C7: pictures are made anew, with nothing hidden in them; originals are never copied.

What stands in ``content/`` was made anew when it was taken in (``make add-picture``). The copy for
the site is made anew once more: only pixels and, of what AI made, the label go into it, whatever
way a picture took. Such a picture says on the page too that AI made it.
"""

import re
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from donations_api.frame import Frame, translate
from plugins import anew, originals, sources
from plugins.anew import pixels
from plugins.bilingual import pages_of
from plugins.pictures import Picture
from plugins.problems import Problem, collected

QUALITY = 82  # of 100
_SHOWN = re.compile(r"<img\b[^>]*?\bsrc=\"/?(?P<path>images/[^\"]+)\"[^>]*>")


def check_originals(pelican: Pelican) -> None:
    """Every picture has to open; its size in the site is known from here on."""
    settings = pelican.settings
    settings["PICTURE_SIZES"] = {}
    found = list(originals.check(sources.relative(settings["PATH"])))
    told = {problem.file for problem in found}
    for picture in settings["PICTURES"]:
        if picture.original.as_posix() not in told:
            try:
                settings["PICTURE_SIZES"][picture.path] = _size(picture)
            except anew.Refused as refused:
                found.append(refused.problem)
    collected(settings).extend(found)


def _size(picture: Picture) -> tuple[int, int]:
    place = picture.original.as_posix()
    original = anew.read(picture.original, place)
    if original.label and not picture.ai_generated:
        raise anew.Refused(Problem("C7.ai_label", f"{place}.toml"))
    size = original.size(place)
    if original.kind != "SVG" and original.longest_side > pixels.LONGEST_SIDE:
        params = {"longest": str(pixels.LONGEST_SIDE), "file": place}
        raise anew.Refused(Problem("C7.oversized", place, params=params))
    return size


def describe(generators: list[Generator]) -> None:
    """Give each picture on a page its address, its size, and its words in the page's language."""
    settings = generators[0].settings
    known = {picture.path: picture for picture in settings["PICTURES"]}
    frame: Frame = settings["FRAME"]
    for page in pages_of(generators):

        def tag(match: re.Match[str], code: str = page.lang) -> str:
            picture, language = known[f"/{match['path']}"], frame.language(code)
            alt = frame.text(picture.alt, language)
            shown = _tag(picture, alt, settings["PICTURE_SIZES"][picture.path])
            if not picture.ai_generated:
                return shown
            words = translate(frame.words, language, "picture.ai_generated")
            return shown + Markup('<small class="by-ai">{}</small>').format(words)

        page._content = _SHOWN.sub(tag, page._content)


def publish(pelican: Pelican) -> None:
    """Write the copies into the new site."""
    settings: dict[str, Any] = pelican.settings
    for picture in settings["PICTURES"]:
        copy = Path(settings["OUTPUT_PATH"], picture.path.removeprefix("/"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        place = picture.original.as_posix()
        original = anew.read(picture.original, place)
        copy.write_bytes(original.made(place, ai_generated=picture.ai_generated, quality=QUALITY))


def _tag(picture: Picture, alt: str, size: tuple[int, int]) -> Markup:
    return Markup('<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">').format(
        picture.path, alt, *size
    )


def register() -> None:
    signals.initialized.connect(check_originals)
    signals.all_generators_finalized.connect(describe)
    signals.finalized.connect(publish)
