"""Rule C10 in a built site: nothing of what was withdrawn is left, whatever it is called now.

Needs the folder and the list alone, so that it can also be asked when nothing else is in order.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from plugins.people.withdrawals import Withdrawals
from plugins.pictures import FOLDER, FORMATS, original_of
from plugins.problems import Problem

TEXTS = {".html", ".xml", ".txt"}
_LANGUAGE = re.compile(r"<html lang=\"([^\"]+)\"")


def left(folder: Path, withdrawn: Withdrawals) -> Iterator[Problem]:
    """Withdrawn pictures and what shows them, stories that still tell, and lists that name them."""
    for file in shown_in(folder):
        if original_of(file.name) in withdrawn.pictures or withdrawn.covers(file):
            yield _shown(folder, file)
    for file in documents(folder):
        if withdrawn.shown_in(file):
            yield _shown(folder, file)
    others = {key: _namesakes(folder, key) for key in withdrawn.stories}
    for file in sorted(one for one in folder.rglob("*") if one.suffix in TEXTS):
        if file.is_file() and _tells(file, withdrawn, others):
            yield _shown(folder, file)
    for key in sorted(withdrawn.stories):
        for page in pages(folder, key):
            if "data-gone" not in text_of(page):
                yield _shown(folder, page)
        for card in cards(folder, key):
            yield _shown(folder, card)


def shown_in(folder: Path) -> list[Path]:
    """The pictures of a site, in a lasting order."""
    files = (one for one in folder.rglob("*") if one.suffix.lower() in FORMATS)
    return sorted(one for one in files if one.is_file())


def documents(folder: Path) -> list[Path]:
    """The PDFs of a site or of a content, in a lasting order."""
    return sorted(one for one in folder.rglob("*.pdf") if one.is_file())


def cards(folder: Path, key: str) -> list[Path]:
    """What chats show of a page, in all languages: its title is on it."""
    return sorted(folder.glob(f"share/*/{key}.*.jpg"))


def _shown(folder: Path, file: Path) -> Problem:
    path = file.relative_to(folder).as_posix()
    return Problem("C10.shown", f"/{path}".removesuffix("index.html"))


def pages(folder: Path, key: str) -> list[Path]:
    """The files at the addresses of a page, in all languages."""
    files = (root / key / "index.html" for root in _roots(folder))
    return sorted(file for file in files if file.is_file())


def tag_of(html: str) -> str:
    """The language that a page says it is in; empty where it says none."""
    found = _LANGUAGE.search(html)
    return found[1] if found else ""


def _roots(folder: Path) -> list[Path]:
    """What the paths of pages begin at in each language: the folder itself, ``en`` in it.

    A folder that has a page in the language of the home page is one of that language: what lies in
    it, a news item say, is another page than its namesake above.
    """
    own = _tag_at(folder)
    return [folder, *(one for one in folder.glob("*") if not own or _tag_at(one) != own)]


def _tag_at(folder: Path) -> str:
    """The language of a folder's own page; empty where it has none."""
    page = folder / "index.html"
    return tag_of(text_of(page)) if page.is_file() else ""


def _namesakes(folder: Path, key: str) -> list[str]:
    """The paths of other pages that end like that of the page ``key``."""
    own = pages(folder, key)
    found = (one for one in folder.rglob(f"{key}/index.html") if one not in own)
    return [f"/{one.parent.relative_to(folder).as_posix()}/" for one in found]


def _tells(file: Path, withdrawn: Withdrawals, others: Mapping[str, list[str]]) -> bool:
    text = text_of(file)
    if any(f"/{FOLDER}/{name}" in text for name in withdrawn.pictures):
        return True
    for key in withdrawn.stories if file.suffix == ".xml" else ():
        told = text
        for other in others[key]:
            told = told.replace(other, "")
        if f"/{key}/" in told:
            return True
    return False


def text_of(file: Path) -> str:
    """What a file of the site says, also where it is no UTF-8."""
    return file.read_text(encoding="utf-8", errors="replace")
