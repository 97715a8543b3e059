"""Rule E5 in the Markdown files: a link to another page names its file, and that file is there.

The link leads to that page in the reader's own language, whichever the file is named in, or else
to its text in the language that it has, and then says so. What leads to an address instead of a
file is looked at in the built site, by ``verify``.
"""

import os
import posixpath
import re
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from markupsafe import escape
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from donations_api.frame import Language
from plugins import sources
from plugins.bilingual import written_pages
from plugins.problems import Problem, collected

_TO_FILE = re.compile(r"\{(filename|static|attach)\}([^\s)\"'>#?]*)")
_FILE = r"\{filename\}(?P<file>[^\s\"'<>#?)]*)"
_LINK = re.compile(rf"(?P<before><[a-z][^<>]*?\s(?P<name>[a-z]+)=)\"{_FILE}(?P<rest>[^\"]*)\"")
_BARE = re.compile(_FILE)


def check(content: Path, gone: Container[str]) -> Iterator[Problem]:
    """What is wrong with the links of the Markdown files; ``gone`` are keys of stories (C10)."""
    for file in sources.files(content):
        for number, line in enumerate(_lines(file), start=1):
            for kind, target in _TO_FILE.findall(line):
                start = content if target.startswith("/") else file.parent
                there = (start / target.lstrip("/")).is_file() and target.endswith(".md")
                there = there or _key(start.relative_to(content), target) in gone
                if kind != "filename":
                    yield Problem("E5.link_kind", file.as_posix(), number, {"kind": kind})
                elif not there:
                    yield Problem("E5.link", file.as_posix(), number, {"target": target})


def _named(folder: Path, target: str) -> tuple[str, str]:
    """Key and language of the page that a link in ``folder`` (within the content) leads to."""
    return sources.named(posixpath.normpath(posixpath.join("/", folder.as_posix(), target)))


def _key(folder: Path, target: str) -> str:
    return _named(folder, target)[0]


def _lines(file: Path) -> list[str]:
    # A file in another encoding is a problem of its own; its links can be looked at all the same.
    return file.read_text(encoding="utf-8-sig", errors="replace").splitlines()


def check_links(pelican: Pelican) -> None:
    """Collect what is wrong."""
    content = Path(os.path.relpath(pelican.settings["PATH"]))
    collected(pelican.settings).extend(check(content, pelican.settings["GONE"]))


def resolve(generators: list[Generator]) -> None:
    """Put addresses into the text and the head of each page, by the one table of them.

    Pelican would lead to the file that was named, in whatever language, and would leave the heads
    of translations as they are.
    """
    for page in written_pages(generators):
        page._content = _in_html(page._content, page)
        for name, value in page.metadata.items():
            page.metadata[name] = found = _in_head(value, page)
            if found != value:
                # Pelican writes a summary back into the head from where it keeps it.
                setattr(page, "_summary" if name == "summary" else name, found)


def _in_head(value: Any, page: Any) -> Any:
    """The same value of a head, in which texts may lie at any depth."""
    if isinstance(value, str) and "{filename}" in value:
        return _BARE.sub(lambda match: _target(match["file"], page)[0], _in_html(value, page))
    if isinstance(value, list):
        return [_in_head(one, page) for one in value]
    if isinstance(value, dict):
        return {name: _in_head(one, page) for name, one in value.items()}
    return value


def _in_html(text: str, page: Any) -> str:
    def link(match: re.Match[str]) -> str:
        path, text_in = _target(match["file"], page)
        written = f'{match["before"]}"{path}{match["rest"]}"'
        if text_in.code == page.lang or match["name"] != "href":
            return written
        return f'{written} hreflang="{escape(text_in.tag)}"'

    return _LINK.sub(link, text)


def _target(file: str, page: Any) -> tuple[str, Language]:
    """The path that a link to ``file`` leads to from ``page``, and the language of the text there.

    Told as a problem when the file makes no page of this build; the link then stays as it is.
    """
    settings, frame = page.settings, page.settings["FRAME"]
    key, named = _named(Path(page.relative_dir), unquote(file))
    paths = settings["ADDRESSES"].get(key, {})
    if page.lang in paths:
        return paths[page.lang], frame.language(page.lang)
    if page.lang in (stand_ins := settings["STAND_INS"].get(key, {})):
        return stand_ins[page.lang], frame.original(paths)
    if paths:
        language = frame.language(named) if named in paths else frame.original(paths)
        return paths[language.code], language
    place = Path(os.path.relpath(page.source_path)).as_posix()
    if (problem := Problem("E5.unpublished", place, params={"target": file})) not in collected(
        settings
    ):
        collected(settings).append(problem)
    return f"{{filename}}{file}", frame.language(page.lang)


def register() -> None:
    signals.initialized.connect(check_links)
    signals.all_generators_finalized.connect(resolve)
