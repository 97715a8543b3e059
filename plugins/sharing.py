"""Rule W6: what a chat shows of a page: words that have room there, and a picture.

The first picture of the page's own that may leave the site, else one that is drawn: its title under
the mark, in a night sky of the theme's colours. Chats keep copies that no withdrawal reaches, so a
picture on which a child can be recognised is none of these.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from babel import Locale
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals
from PIL import Image

from donations_api.colours import read_colours
from donations_api.frame import Frame, Language
from donations_api.typesetting import mark_drawn
from plugins import bilingual, drawing, sources
from plugins.kept import CARDS, MONTH, Shelf, digest
from plugins.problems import Problem, Severity, collected

FOLDER = "share"
WIDTH, HEIGHT = 1200, 630  # pixels
SMALLEST = 300  # pixels on each side, of a picture that WeChat shows
# What a chat has room for, in characters of Chinese; of Latin letters twice as many.
MOST = {"title": 30, "description": 80}
_QUALITY = 86  # of 100
_AT_ONCE = 60  # pictures whose pixels are held in memory
# From Hebrew to Greek's last additions: the font has none of these scripts.
_UNKNOWN = re.compile("[\u0590-\u1fff]")


@dataclass(frozen=True, slots=True)
class Shared:
    """The picture that chats show of a page: its ``path``, its size in pixels, its words.

    The path of one that is drawn changes with what is on it: chats keep what they have seen once.
    """

    path: str
    width: int
    height: int
    alt: str


def begin(pelican: Pelican) -> None:
    """Lay out the tables: what each page shows (for templates), and what is drawn for it."""
    pelican.settings["SHARED"] = {}
    pelican.settings["CARDS"] = {}


def choose(generators: list[Generator]) -> None:
    """Choose the picture of each page, and look at its words."""
    settings = generators[0].settings
    pages = bilingual.pages_of(generators)
    colours = read_colours(Path(settings["THEME"])).day
    written = {language.code for language in settings["FRAME"].written}
    for page in pages:
        place = page.translation_key, page.lang
        if page.source_path and page.translation_key != bilingual.NOT_FOUND:
            settings["SHARED"][place] = _own(page) or _drawn(page, colours)
            if page.lang in written:
                collected(settings).extend(_long(page))
    for page in pages:
        place = page.translation_key, page.lang
        if not page.source_path and (above := _above(settings, *place)):
            settings["SHARED"][place] = above


def _above(settings: dict[str, Any], key: str, code: str) -> Shared | None:
    """Of a page without a file that of the page it stands below, or of the home page."""
    keys = *map(str, PurePosixPath(key).parents), "home"
    found = (settings["SHARED"].get((one, code)) for one in keys)
    return next(filter(None, found), None)


def _own(page: Any) -> Shared | None:
    frame: Frame = page.settings["FRAME"]
    for picture, copy in page.settings["ON_PAGE"][page.translation_key, page.lang]:
        if picture.may_travel and copy.kind != "SVG" and min(copy.size) >= SMALLEST:
            alt = frame.text(picture.alt, frame.language(page.lang))
            return Shared(copy.path, copy.width, copy.height, alt)
    return None


def _drawn(page: Any, colours: Mapping[str, str]) -> Shared:
    settings = page.settings
    language: Language = settings["FRAME"].language(page.lang)
    organisation = settings["GIVING"].organisation
    name, locale = settings["FRAME"].text(organisation.name, language), language.locale
    mark, told = organisation.facts["mark"], Locale.parse(locale)
    title = "\n".join(page.metadata.get("headline", [str(page.title)]))
    card = {
        "title": "" if _UNKNOWN.search(title) else title,
        "name": "" if _UNKNOWN.search(name) else name,
        "mark": mark_drawn(mark, colours["gold"]),
        "language": told.language,
        "region": (told.territory or "001").lower()[:2],
        "ink": colours["on_night"],
        "soft": colours["on_night_soft"],
        **{one: colours[one] for one in ("night", "dusk", "gold")},
    }
    version = digest(drawing.recipe("card"), card)[:10]
    path = f"/{FOLDER}/{page.lang}/{page.translation_key}.{version}.jpg"
    settings["CARDS"][path] = card
    return Shared(path, WIDTH, HEIGHT, page.title)


def _long(page: Any) -> Iterator[Problem]:
    file = sources.relative(page.source_path)
    for name, most in MOST.items():
        if (length := _length(str(page.metadata[name]))) > most:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
            named = (at for at, one in enumerate(lines, 1) if one.lower().startswith(f"{name}:"))
            params = {"length": f"{length:g}", "most": str(most), "twice": str(2 * most)}
            place, line = file.as_posix(), next(named, 0)
            params |= {"name": name}
            yield Problem("W6.long", place, line, params, Severity.WARNING)


def _length(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(one) in "FWA" else 0.5 for one in text)


def publish(pelican: Pelican) -> None:
    """Write what is drawn into the new site; drawn anew is only what was not drawn before."""
    cards: dict[str, dict[str, str]] = pelican.settings["CARDS"]
    shelf, recipe = Shelf(CARDS), drawing.recipe("card")
    # By the page's key, so that the title of a withdrawn story can be forgotten.
    names = {
        path: f"{path.removeprefix(f'/{FOLDER}/').replace('/', '_')}.{digest(recipe, card)}"
        for path, card in cards.items()
    }
    kept = ((path, shelf.take(name)) for path, name in names.items())
    drawn = {path: data for path, data in kept if data is not None}
    missing = [path for path in cards if path not in drawn]
    for at in range(0, len(missing), _AT_ONCE):
        some = missing[at : at + _AT_ONCE]
        pictures = drawing.draw("card", [cards[path] for path in some])
        drawn |= zip(some, map(_jpeg, pictures), strict=True)
        shelf.put({names[path]: drawn[path] for path in some})
    shelf.clear(after=MONTH)
    for path, data in drawn.items():
        file = Path(pelican.settings["OUTPUT_PATH"], path.removeprefix("/"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _jpeg(png: bytes) -> bytes:
    bare, file = Image.open(BytesIO(png)).convert("RGB"), BytesIO()
    bare.info.clear()
    bare.save(file, "JPEG", quality=_QUALITY, progressive=True)
    return file.getvalue()


def register() -> None:
    signals.initialized.connect(begin)
    signals.all_generators_finalized.connect(choose)
    signals.finalized.connect(publish)
