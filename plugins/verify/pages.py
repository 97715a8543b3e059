"""The built site as it lies in the folder: its files, and each page's elements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from donations_api.frame import Frame, Language
from plugins import sources
from plugins.problems import Problem
from plugins.terms import Term

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
_VOID |= {"param", "source", "track", "wbr"}
_NO_LANGUAGE = {"script", "style", "code", "pre", "kbd", "samp"}
_TOPIC = re.compile(r"(?:/[a-z-]+)?/topics/[^/]+/")


@dataclass(slots=True)
class Element:
    """A start tag: its attributes, the text inside it, and the names of the elements around it.

    ``lang`` is the language that it is in by its own mark or by that of an element around it.
    """

    tag: str
    attributes: dict[str, str]
    around: frozenset[str]
    lang: str
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def is_data(self) -> bool:
        """A block of JSON-LD in the head, which no browser runs."""
        data = self.attributes == {"type": "application/ld+json"}
        return self.tag == "script" and data and "head" in self.around

    @property
    def is_feed(self) -> bool:
        """The link to a feed: an alternate of the page in a format of its own."""
        return self["rel"] == "alternate" and self["type"] == "application/atom+xml"


@dataclass(frozen=True)
class Page:
    """An HTML file of the site. ``path`` is what visitors see (``/en/about/``).

    ``texts``: what its main part says, piece by piece, by the language that it is marked with.
    Code is in no language, and the notice on a page that shows another's text is none of it.
    """

    path: str
    key: str
    language: Language
    html: str
    source: Path
    elements: list[Element] = field(repr=False)
    texts: dict[str, list[str]] = field(repr=False)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def meta(self, name: str) -> str | None:
        """The content of ``<meta name=…>``; None where there is none."""
        found = (one for one in self.all("meta") if one["name"] == name)
        return next((one["content"] for one in found), None)

    @property
    def indexed(self) -> bool:
        return "noindex" not in (self.meta("robots") or "")

    @cached_property
    def gone(self) -> bool:
        """Whether it only says that what was here is here no more."""
        return any("data-gone" in one.attributes for one in self.elements)

    @cached_property
    def written_in(self) -> str:
        """The tag of the language whose text the page shows instead of its own; mostly empty."""
        marks = (one["data-written-in"] for one in self.elements)
        return next(filter(None, marks), "")

    def links(self, rel: str) -> list[tuple[str, str]]:
        """The pairs of hreflang and address in ``<link rel=…>``, but for feeds."""
        links = (link for link in self.all("link") if link["rel"] == rel and not link.is_feed)
        return [(link["hreflang"], link["href"]) for link in links]

    @cached_property
    def ids(self) -> set[str]:
        return {element["id"] for element in self.elements if element["id"]}

    def problem(self, code: str, sought: str = "", **params: str) -> Problem:
        """A problem of this page, at the line of its Markdown file that has ``sought`` in it."""
        if not self.source.exists():
            return Problem(code, self.path, params=params)
        lines = self.source.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        numbers = (number for number, line in enumerate(lines, start=1) if sought in line)
        line = next(numbers, 0) if sought else 0
        return Problem(code, self.source.as_posix(), line, params)


@dataclass(frozen=True)
class Site:
    """A built site. ``files`` are all paths in it, as they stand in an address."""

    folder: Path
    files: frozenset[str]
    pages: tuple[Page, ...]

    @cached_property
    def by_path(self) -> dict[str, Page]:
        return {page.path: page for page in self.pages}

    @cached_property
    def by_key(self) -> dict[str, list[Page]]:
        """The pages that are one page in several languages, by their key."""
        sisters: dict[str, list[Page]] = {}
        for page in self.pages:
            sisters.setdefault(page.key, []).append(page)
        return sisters

    @cached_property
    def has_gone(self) -> bool:
        """Whether a story is here no more; lists may have gone with it."""
        return any(page.gone for page in self.pages)

    def read(self, path: str) -> str:
        return (self.folder / path.removeprefix("/")).read_text(encoding="utf-8")


def read_site(
    folder: Path,
    frame: Frame,
    content: Path,
    terms: Mapping[str, Term],
    old: Mapping[str, str],
) -> Site:
    """Read the pages in ``folder``; ``old`` tells the language of those at old addresses."""
    files = frozenset(
        f"/{file.relative_to(folder).as_posix()}" for file in folder.rglob("*") if file.is_file()
    )
    html = sorted(path for path in files if path.endswith((".html", ".htm")))
    topics = {
        term.address(language): f"topics/{term.key}"
        for term in terms.values()
        for language in frame.languages
    }
    pages = (_read_page(folder, path, frame, content, topics, old) for path in html)
    return Site(folder, files, tuple(pages))


def _read_page(
    folder: Path,
    path: str,
    frame: Frame,
    content: Path,
    topics: Mapping[str, str],
    old: Mapping[str, str],
) -> Page:
    html = (folder / path.removeprefix("/")).read_text(encoding="utf-8")
    within = (one for one in frame.languages if one.folder and path.startswith(one.root))
    language = next(within, frame.default)
    seen = path.removesuffix("index.html")
    key = seen.removeprefix(language.root).removesuffix(".html").strip("/") or "home"
    first = _TOPIC.match(seen)
    if first and first[0] in topics:  # whose word there may differ between the languages
        key = f"{topics[first[0]]}/{seen.removeprefix(first[0])}".rstrip("/")
    if seen in old:  # it may lie anywhere, and is the sister of no page
        language, key = frame.language(old[seen]), seen
    reader = _Reader()
    reader.feed(html)
    reader.close()
    source = sources.source(content, key, language.code)
    if not source.exists():
        source = sources.source(content, key, language.source)
    return Page(seen, key, language, html, source, reader.elements, reader.texts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[Element] = []
        # The names around what is inside each open element, made once for all that is in it.
        self._around: list[frozenset[str]] = [frozenset()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Of an attribute that is there twice, browsers take the first.
        attributes = {name: value or "" for name, value in reversed(attrs)}
        inherited = self._open[-1].lang if self._open else ""
        element = Element(tag, attributes, self._around[-1], attributes.get("lang", inherited))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)
            self._around.append(element.around | {tag})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].tag == tag:
                del self._open[place:], self._around[place + 1 :]
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
        around = {element.tag for element in self._open}
        noticed = any("data-written-in" in element.attributes for element in self._open)
        if "main" in around and not noticed and not around & _NO_LANGUAGE:
            self.texts.setdefault(self._open[-1].lang, []).append(data)
