"""Only what a text needs gets from Markdown into a page: an allow-list of HTML (rule W2).

Raw HTML, attribute lists and links are all doors, so what is cleaned is what Markdown made of a
file and not what stands in it. nh3 reads HTML as browsers do; what it left out is told, by line.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nh3
from pelican.contents import Content
from pelican.plugins import signals

from plugins.markdown_extensions import anchors
from plugins.problems import Problem, Severity, collected

_TAGS = """
    a abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small
    span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr
"""
# Of these the text goes too: it is code, or browsers read it by other rules than the rest.
_WITH_TEXT = """
    iframe math noembed noframes noscript object plaintext script style svg template textarea title
    xmp
"""
# With what our own plugins write, so that a page that they made passes a second time.
_ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir", "title", "translate"},
    "a": {"href", "hreflang", "aria-label"},
    "del": {"datetime"},
    "details": {"open"},
    "div": {"aria-label"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
}
_OF_WIDE_TABLES = {"div": {"role": {"region"}, "tabindex": {"0"}}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLASSES = {"footnote", "footnote-ref", "footnote-backref", "toc", "wide", "right", "centre"}
_CODE_CLASS = re.compile(r"language-[\w+#-]+")
_OUR_PICTURE = re.compile(r"/?images/[A-Za-z0-9_-]+\.[A-Za-z]+")
# What word processors and old pages leave behind: it goes, and nothing is wrong with the rest.
_LEFT_BEHIND = """
    align bgcolor border cellpadding cellspacing center class clear color face font height nowrap
    o:p rel size type valign width
"""
_HARMLESS = set(_LEFT_BEHIND.split())


@dataclass(frozen=True, slots=True)
class Removed:
    """What was left out. ``near``: texts that may stand in its line of the file, best first."""

    found: str
    near: tuple[str, ...]
    harmless: bool


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: list[tuple[str, str]]
    before: str  # the text in front of it


def clean(html: str, taken: frozenset[str]) -> tuple[str, list[Removed]]:
    """HTML that is safe to show, and what is not in it any more; ``taken``: ids of the theme."""
    cleaner = _cleaner(taken)
    # Twice: what is left once something was taken out may be read as something else (mutation XSS).
    cleaned: str = cleaner.clean(cleaner.clean(html))
    was, became = _Reader(html), _Reader(cleaned)
    removed = list(_missing(was.elements, became.elements))
    if not removed and was.text != became.text:
        # Two readers of the same HTML that see different texts: what hides there is anybody's guess
        removed.append(Removed("<…>", ("<",), harmless=False))
    return cleaned, removed


@cache
def _cleaner(taken: frozenset[str]) -> nh3.Cleaner:
    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "class":
            words = [one for one in value.split() if one in _CLASSES or _CODE_CLASS.fullmatch(one)]
            return " ".join(words) or None
        wrong = (name == "id" and value in taken) or (
            (tag, name) == ("img", "src") and not _OUR_PICTURE.fullmatch(value)
        )
        return None if wrong else value

    return nh3.Cleaner(
        tags=set(_TAGS.split()),
        clean_content_tags=set(_WITH_TEXT.split()),
        attributes=_ATTRIBUTES,
        tag_attribute_values=_OF_WIDE_TABLES,
        attribute_filter=kept,
        url_schemes=_SCHEMES,
        link_rel=None,  # no link opens a window, and no page of ours tells where visitors came from
    )


def _missing(was: list[_Element], became: list[_Element]) -> Iterator[Removed]:
    tags = Counter(one.tag for one in became)
    attributes = Counter((one.tag, *pair) for one in became for pair in one.attributes)
    for element in was:
        if not tags[element.tag]:
            names = {element.tag, *(name for name, _ in element.attributes)}
            start = f"<{element.tag}"
            yield Removed(f"{start}>", (start, element.before), names <= _HARMLESS)
            continue
        tags[element.tag] -= 1
        for name, value in element.attributes:
            if attributes[element.tag, name, value]:
                attributes[element.tag, name, value] -= 1
            else:
                # As HTML, as an attribute list, as a link; else at least what was read just before.
                written = f'{name}="{value}"', f"{name}={value}", f"#{value}", value, f"{name}="
                near = (*written, *(f".{word}" for word in value.split()), element.before)
                yield Removed(f'{name}="{value[:60]}"', near, name in _HARMLESS)


class _Reader(HTMLParser):
    """The start tags of some HTML, and its text without spaces."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[_Element] = []
        self.text = self._last = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pairs = [(name, value or "") for name, value in attrs]
        self.elements.append(_Element(tag, pairs, self._last))

    def handle_data(self, data: str) -> None:
        self.text += "".join(data.split())
        self._last = next((one for one in reversed(data.splitlines()) if one.strip()), self._last)


def sanitise(content: Content) -> None:
    """Clean a page as soon as Pelican has read it, before anything else sees it."""
    settings, source = content.settings, content.source_path
    taken = anchors.ids_of(Path(settings["THEME"]))
    content._content, removed = clean(content._content, taken)
    lines = Path(source).read_text(encoding="utf-8-sig").splitlines() if removed else []
    place = Path(os.path.relpath(source)).as_posix() if removed else ""
    for one in removed:
        line, params = _line(lines, one.near), {"found": one.found}
        if one.harmless:
            problem = Problem("W2.removed", place, line, params, Severity.WARNING)
        else:
            problem = Problem("W2.active", place, line, params)
        if problem not in collected(settings):
            collected(settings).append(problem)


def _line(lines: list[str], near: tuple[str, ...]) -> int:
    for sought in (one.strip().lower() for one in near):
        for number, line in enumerate(lines, start=1):
            if sought and sought in line.lower():
                return number
    return 0


def register() -> None:
    signals.content_object_init.connect(sanitise)
