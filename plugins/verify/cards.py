"""Rules C1, C10, W6: the picture that chats show of a page is drawn for it, or may leave the site.

Drawn ones are known by the night sky at their edges, in the colours that the stylesheet has; what
they look like is held against what was withdrawn, as that of all pictures.
"""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from plugins.pictures import declared_path
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

SIZE = (1200, 630)  # pixels
HEAVIEST = 120 * 1024  # bytes; some chats take no more
_CARD = re.compile(r"/share/(?P<language>[a-z-]+)/(?P<key>[^.]+)\.[0-9a-f]{10}\.jpg")
_COLOUR = re.compile(r"--(?P<name>night|dusk):\s*#(?P<code>[0-9a-f]{6});")
_NEARLY = 12  # of 255: what saving as JPEG may change


def is_one(path: str, site: Site) -> bool:
    """Whether a picture may be drawn at ``path``: there is the page that it is about."""
    card = _CARD.fullmatch(path)
    pages = site.by_key.get(card["key"], []) if card else []
    return any(card and one.language.code == card["language"] and not one.gone for one in pages)


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Cards that nobody drew, or too heavy, and previews with a picture that may not be there."""
    cards = sorted(one for one in site.files if one.startswith("/share/"))
    sky = _sky(site) if cards else ()
    for path in cards:
        file = site.folder / path.removeprefix("/")
        data = file.read_bytes()
        if not is_one(path, site) or not _is_drawn(data, sky):
            yield Problem("C1.stray", path)
        elif len(data) > HEAVIEST:
            yield Problem("W6.card_heavy", path, params={"most": str(HEAVIEST // 1024)})
    for page in site.pages:
        if page.indexed and page.meta("description"):
            yield from _preview_problems(page, site, expected)


def _preview_problems(page: Page, site: Site, expected: Expectations) -> Iterator[Problem]:
    told = {one["property"]: one["content"] for one in page.all("meta") if one["property"]}
    address = told.get("og:image", "")
    path = address.removeprefix(expected.site_url)
    card, picture = _CARD.fullmatch(path), declared_path(path)
    if card:
        may_be = card["language"] == page.language.code
    else:
        may_be = picture in expected.pictures - expected.kept_here
    if path not in site.files or not may_be:
        yield page.problem("C1.elsewhere", address=address)
        return
    size = [told.get(f"og:image:{name}", "") for name in ("width", "height")]
    if size != list(map(str, _size(site.folder / path.removeprefix("/")))):
        yield page.problem("W6.preview", name="og:image:width")


def _sky(site: Site) -> tuple[tuple[int, ...], ...]:
    """The colours of the sky from top to bottom, as the stylesheet has them."""
    # Those in the light come first; the dark has its own further down.
    found = reversed(_COLOUR.findall(site.read("/theme/site.css")))
    night, dusk = (
        tuple(bytes.fromhex(code)) for _, code in sorted(dict(found).items(), reverse=True)
    )
    middle = SIZE[1] // 2
    parts = [max(0, (at - middle) / middle) for at in range(SIZE[1])]
    return tuple(
        tuple(round(one + (other - one) * part) for one, other in zip(night, dusk, strict=True))
        for part in parts
    )


@cache
def _is_drawn(data: bytes, sky: tuple[tuple[int, ...], ...]) -> bool:
    """Whether a picture has that sky at its edges."""
    try:
        with Image.open(BytesIO(data)) as opened:
            pixels = opened.convert("RGB")
    except (OSError, UnidentifiedImageError):
        return False
    if pixels.size != SIZE:
        return False
    for at in range(0, SIZE[1], 7):
        for x in (2, 14, SIZE[0] - 15, SIZE[0] - 3):
            seen = pixels.getpixel((x, at))
            seen = seen if isinstance(seen, tuple) else ()
            if max(abs(one - other) for one, other in zip(seen, sky[at], strict=True)) > _NEARLY:
                return False
    return True


def _size(file: Path) -> tuple[int, int]:
    try:
        with Image.open(file) as opened:
            return opened.size
    except (OSError, UnidentifiedImageError):
        return 0, 0
