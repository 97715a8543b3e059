"""The index of the search: of the marked pages, with no text that is not on them.

Its parts are read as browsers read them: JSON, gzipped, behind a mark of pagefind's.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from donations_api.frame import SEARCH
from plugins import sources
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Page, Site

_FOLDER = "/pagefind/"
_PARTS = re.compile(
    r"pagefind\.js|pagefind-entry\.json|variants\.json|wasm\.[a-z]+\.pagefind"
    r"|pagefind\.[\w-]+\.pf_meta|index/[\w-]+\.pf_index|fragment/[\w-]+\.pf_fragment"
)
_PART_ENDINGS = (".pf_index", ".pf_fragment")
_MAGIC = b"pagefind_dcd"
_SENTENCE = re.compile(r"[.。!！?？]+")


def is_part(path: str) -> bool:
    """Whether the search needs this file beside the pages."""
    within = path.removeprefix(_FOLDER)
    return within != path and bool(_PARTS.fullmatch(within))


def asks(page: Page, form: Element) -> bool:
    """Whether the form is the one that asks for words, in which nothing is given."""
    searches = form["role"] == "search" and form["method"] == "get"
    return page.key == SEARCH and searches and form["action"] == page.path


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Marks where none may be or none is, and an index that is not one of the marked pages."""
    open_ones = [page for page in site.pages if page.indexed]
    marked = {page.path: found[0] for page in open_ones if (found := _marked(page))}
    for page in open_ones:
        if page.path in marked and page.all("form"):
            yield page.problem("search.marked")
        is_item = sources.is_news(page.key) and page.source.exists()
        if is_item and page.path not in marked:
            yield page.problem("search.unmarked")
    if not expected.frame.searched:
        yield from (Problem("stray", path) for path in site.files if path.startswith(_FOLDER))
        return
    try:
        for what in sorted(_wrong(site, marked)):
            yield Problem("search.index", _FOLDER, params={"what": what})
    except (OSError, ValueError, LookupError, TypeError) as error:  # not as pagefind writes it
        yield Problem("search.index", _FOLDER, params={"what": repr(error)})


def _marked(page: Page) -> list[Element]:
    return [element for element in page.elements if "data-pagefind-body" in element.attributes]


def _wrong(site: Site, marked: dict[str, Element]) -> Iterator[str]:
    told = json.loads(site.read(f"{_FOLDER}pagefind-entry.json"))["languages"]
    counted = {tag: language["page_count"] for tag, language in told.items()}
    wanted = Counter(site.by_path[path].language.tag.lower() for path in marked)
    if counted != wanted:
        yield f"{counted} != {dict(wanted)}"
    programs = {f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in told.values()}
    wanted_files = {f"{_FOLDER}{name}" for name in ("pagefind.js", "variants.json", *programs)}
    yield from wanted_files - site.files
    named = {name for tag, language in told.items() for name in _named(site, tag, language["hash"])}
    parts = {path: _read(site, path) for path in site.files if path.endswith(_PART_ENDINGS)}
    yield from named ^ {PurePosixPath(path).stem for path in parts}
    texts = (data for path, data in parts.items() if path.endswith(".pf_fragment"))
    fragments: list[dict[str, Any]] = [json.loads(data) for data in texts]
    yield from {fragment["url"] for fragment in fragments} ^ set(marked)
    for fragment in fragments:
        body = marked.get(fragment["url"])
        shown = _letters(body.text) if body else ""
        sentences = map(_letters, _SENTENCE.split(fragment["content"]))
        yield from (f"{fragment['url']} {one[:40]}" for one in sentences if one not in shown)


def _named(site: Site, tag: str, digest: str) -> set[str]:
    """The parts of a language's index, as its list names them: those of pages, those of words."""
    listed = _read(site, f"{_FOLDER}pagefind.{digest}.pf_meta")
    return {name.decode() for name in re.findall(rf"{tag}_[0-9a-f]{{7}}".encode(), listed)}


def _read(site: Site, path: str) -> bytes:
    data = gzip.decompress((site.folder / path.removeprefix("/")).read_bytes())
    return data.removeprefix(_MAGIC)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)
