"""The icons of the site, from the mark alone: for tabs, home screens, and what installs the site.

They lie where browsers look for them without being told. The frame names them with the mark's
version behind, so that they can be kept for long.
"""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.plugins import signals
from PIL import Image

from donations_api.colours import read_colours
from donations_api.frame import Frame, Language
from donations_api.typesetting import mark_drawn
from plugins import drawing
from plugins.kept import ICONS, MONTH, Shelf, digest

DRAWING, OF_TABS, MANIFEST = "/favicon.svg", "/favicon.ico", "site.webmanifest"
TAB_SIZES = (16, 32, 48)  # pixels, as are all sizes here
INSTALLED = {"/icon-192.png": 192, "/icon-512.png": 512}
SIZES = {"/apple-touch-icon.png": 180, **INSTALLED}
# Of a home screen's icon: what a system that cuts it round leaves, with some sky around the mark.
_PART = 0.56


def write(pelican: Pelican) -> None:
    """Write them into the new site, of an organisation that has a mark."""
    settings = pelican.settings
    mark = settings["GIVING"].organisation.facts["mark"]
    if not mark:
        return
    output, theme = Path(settings["OUTPUT_PATH"]), Path(settings["THEME"])
    colours, frame = read_colours(theme).day, settings["FRAME"]
    svg = mark_drawn(mark, colours["gold"])
    _at(output, DRAWING).write_bytes(svg.encode())
    for path, data in _drawn(svg, colours["night"]).items():
        _at(output, path).write_bytes(data)
    for language in frame.languages:
        file = _at(output, f"{language.root}{MANIFEST}")
        file.write_bytes(_manifest(settings, language, colours["night"]).encode())


def _drawn(svg: str, night: str) -> dict[str, bytes]:
    """The icons of pixels, by their addresses."""
    shelf = Shelf(ICONS)
    pages: list[dict[str, Any]] = [
        {"size": size, "ground": "", "mark": svg, "part": 1} for size in TAB_SIZES
    ]
    pages += [
        {"size": size, "ground": night, "mark": svg, "part": _PART} for size in SIZES.values()
    ]
    made_of = digest(drawing.recipe("icon"), pages)
    names = {path: f"{made_of}-{path.removeprefix('/')}" for path in (OF_TABS, *SIZES)}
    kept = {path: shelf.take(name) for path, name in names.items()}
    if None in kept.values():
        pictures = [Image.open(BytesIO(data)) for data in drawing.draw("icon", pages)]
        tabs, others = pictures[: len(TAB_SIZES)], pictures[len(TAB_SIZES) :]
        kept = {OF_TABS: _ico(tabs), **dict(zip(SIZES, map(_png, others), strict=True))}
        shelf.put({names[path]: data for path, data in kept.items() if data})
    shelf.clear(after=MONTH)
    return {path: data for path, data in kept.items() if data}


def _png(picture: Image.Image) -> bytes:
    bare, file = picture.convert("RGB"), BytesIO()
    bare.info.clear()
    bare.save(file, "PNG", optimize=True)
    return file.getvalue()


def _ico(pictures: Sequence[Image.Image]) -> bytes:
    file, sizes = BytesIO(), [one.size for one in pictures]
    pictures[-1].save(file, "ICO", sizes=sizes, append_images=list(pictures[:-1]))
    return file.getvalue()


def _manifest(settings: dict[str, Any], language: Language, night: str) -> str:
    frame: Frame = settings["FRAME"]
    organisation = settings["GIVING"].organisation
    version = organisation.facts["mark"]["version"]
    told = {
        "name": frame.text(organisation.name, language),
        "short_name": frame.text(organisation.short_name, language),
        "lang": language.tag,
        "dir": language.direction,
        "start_url": language.root,
        "scope": "/",
        "display": "browser",
        "background_color": night,
        "theme_color": night,
        "icons": [
            {
                "src": f"{path}?{version}",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for path, size in INSTALLED.items()
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _at(output: Path, path: str) -> Path:
    return output / path.removeprefix("/")


def register() -> None:
    signals.finalized.connect(write)
