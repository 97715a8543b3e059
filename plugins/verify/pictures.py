"""Rules C1, C7, E5 in the built site: only declared pictures, nothing hidden, all described."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from plugins import hidden_data
from plugins.pictures import FOLDER, FORMATS, declared_path, names_of
from plugins.problems import Problem
from plugins.verify import cards, icons
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Page, Site

_FORMATS = FORMATS | {".pdf": "PDF"}
_SAYS_SO = r'[^>]*>(?:</picture>)?\s*<small class="by-ai">[^<]*\w[^<]*</small>'


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Pictures that nobody declared or that still carry data, and images without their words."""
    for path in sorted(site.files):
        kind = _FORMATS.get(PurePosixPath(path).suffix.lower())
        if kind:
            yield from _file_problems(site, path, kind, expected)
    for page in site.pages:
        for element in page.elements:
            for address in _shown(element):
                there = address in site.files and declared_path(address) in expected.pictures
                if not there:
                    # A picture can be written into an address whole; a line of it is enough.
                    yield page.problem("C1.elsewhere", address, address=address[:80])
        for image in page.all("img"):
            if not all(image[name].strip() for name in ("alt", "width", "height")):
                yield page.problem("E5.image", image["src"], address=image["src"])
        for path in expected.made_by_ai:
            if not _says_so(page, path):
                yield page.problem("C7.ai_caption", path.removeprefix("/"), address=path)


def _file_problems(site: Site, path: str, kind: str, expected: Expectations) -> Iterator[Problem]:
    if kind == "PDF" and path not in expected.documents:
        return  # a stray file of any kind is told of already
    # A drawing of the theme's own shows nobody: it can hold no photo, which is looked at below.
    of_theme = path.startswith("/theme/") and kind == "SVG"
    drawn = of_theme or icons.is_one(path, expected) or cards.is_one(path, site)
    if declared_path(path) not in expected.pictures | expected.documents and not drawn:
        yield Problem("C1.stray", path)
    try:
        carried = hidden_data.look((site.folder / path.removeprefix("/")).read_bytes(), kind)
    except hidden_data.Unreadable as error:
        yield Problem("C7.hidden_data", path, params={"found": str(error)})
        return
    if carried.hidden:
        yield Problem("C7.hidden_data", path, params={"found": ", ".join(carried.hidden)})
    elif bool(carried.label) != (declared_path(path) in expected.made_by_ai):
        yield Problem("C7.ai_mark", path)


def _says_so(page: Page, path: str) -> bool:
    """Whether each image of that address is followed by the word that AI made it."""
    named = "|".join(map(re.escape, names_of(PurePosixPath(path).name)))
    shown = rf'<img src="/{FOLDER}/(?:{named})"'
    return len(re.findall(shown, page.html)) == len(re.findall(shown + _SAYS_SO, page.html))


def _shown(element: Element) -> Iterator[str]:
    """What the element shows a picture from, in any of the ways that browsers know."""
    if element.tag == "script":  # shows none; rule W2 looks at it
        return
    for name in ("src", "poster", "data", "background"):
        if name in element.attributes:
            yield element[name]
    if "srcset" in element.attributes:
        yield from (one.split()[0] for one in element["srcset"].split(",") if one.strip())
    if element.tag in ("image", "use", "feimage"):
        yield from (element[name] for name in ("href", "xlink:href") if element[name])
