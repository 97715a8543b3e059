"""Traditional Chinese at build: the pages of the language that it is ``made_from``, converted.

A page that somebody wrote (``about.zh-hant.md``) is left alone, and so is one whose head says
``traditional: false``. Of a page its words are converted and nothing else: titles and all that its
head says, text, and the attributes that are read out. Addresses, ids and code stay as they are.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

from pelican.contents import Content
from pelican.generators import Generator
from pelican.plugins import signals

from donations_api.frame import Frame, Language
from plugins import bilingual
from plugins.versions import version

_VERBATIM = {"code", "kbd", "pre", "samp", "script", "style", "var"}
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
_READ_OUT = {"alt", "aria-description", "aria-label", "placeholder", "summary", "title"}
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")


def make(generators: list[Generator]) -> None:
    """Add the versions to the generators' pages, before anything looks at these."""
    frame: Frame = generators[0].settings["FRAME"]
    for language in frame.languages:
        if language.made_from:
            _make_all(generators, language)


def _make_all(generators: list[Generator], language: Language) -> None:
    pages = bilingual.pages_of(generators)
    there = {page.translation_key for page in pages if page.lang == language.code}
    made: list[Content] = []
    for generator in generators:
        for page in bilingual.pages_of([generator]):
            wanted = page.lang == language.made_from and page.metadata.get("traditional", True)
            if wanted and page.translation_key not in there:
                made.append(version(generator, page, language))
                generator.translations.append(made[-1])
    for page in made:
        _write(page, language)


def _write(page: Content, language: Language) -> None:
    """Put the page's words into ``language``."""
    for name, value in page.metadata.items():
        said = _said(value, language.write)
        if said != value:
            page.metadata[name] = said
            setattr(page, name, said)
    page._content = converted(page._content, language.write)


def _said(value: Any, write: Callable[[str], str]) -> Any:
    """What a head says, down to the texts in its lists and tables."""
    if isinstance(value, str):
        return write(value)
    if isinstance(value, list):
        return [_said(one, write) for one in value]
    if isinstance(value, dict):
        return {key: _said(one, write) for key, one in value.items()}
    return value


def converted(html: str, write: Callable[[str], str]) -> str:
    """``html`` with its words as ``write`` gives them, and every other byte as it was.

    Left alone: code, what says its own language (``lang``), what is not to be translated
    (``translate="no"``), with all that stands inside.
    """
    rewriter = _Rewriter(write)
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.pieces)


class _Rewriter(HTMLParser):
    def __init__(self, write: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._write = write
        self._open: list[tuple[str, bool]] = []

    @property
    def _left_alone(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, raw = dict(attrs), self.get_starttag_text() or ""
        alone = tag in _VERBATIM or "lang" in given or given.get("translate") == "no"
        alone = alone or self._left_alone
        self.pieces.append(raw if alone else _ATTRIBUTE.sub(self._attribute, raw))
        if tag not in _VOID:
            self._open.append((tag, alone))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(f"</{tag}>")
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.pieces.append(data if self._left_alone else self._write(data))

    def handle_entityref(self, name: str) -> None:
        self.pieces.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        raw = f"&#{name};"
        shown = unescape(raw)
        said = shown if self._left_alone else self._write(shown)
        self.pieces.append(raw if said == shown else escape(said))

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.pieces.append(f"<?{data}>")

    def handle_comment(self, data: str) -> None:
        self.pieces.append(f"<!--{data}-->")

    def _attribute(self, found: re.Match[str]) -> str:
        name, equals, value = found.groups()
        return f"{name}{equals}{self._write(value)}" if name.lower() in _READ_OUT else found[0]


def register() -> None:
    signals.all_generators_finalized.connect(make)
