"""Rule C10 in a built site: nothing of what was withdrawn is left, whatever it is called now.

Needs the folder and the list alone, so that it can also be asked when nothing else is in order.
"""

from collections.abc import Iterator
from pathlib import Path

from plugins.people.withdrawals import Withdrawals
from plugins.pictures import FOLDER, FORMATS, original_of
from plugins.problems import Problem

TEXTS = {".html", ".xml", ".txt"}


def left(folder: Path, withdrawn: Withdrawals) -> Iterator[Problem]:
    """Withdrawn pictures and what shows them, stories that still tell, and lists that name them."""
    for file in shown_in(folder):
        if original_of(file.name) in withdrawn.pictures or withdrawn.covers(file):
            yield _shown(folder, file)
    for file in documents(folder):
        if withdrawn.shown_in(file):
            yield _shown(folder, file)
    for file in sorted(one for one in folder.rglob("*") if one.suffix in TEXTS):
        if file.is_file() and _tells(file, withdrawn):
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
    return sorted([*folder.glob(f"{key}/index.html"), *folder.glob(f"*/{key}/index.html")])


def _tells(file: Path, withdrawn: Withdrawals) -> bool:
    text = text_of(file)
    if any(f"/{FOLDER}/{name}" in text for name in withdrawn.pictures):
        return True
    return file.suffix == ".xml" and any(f"/{key}/" in text for key in withdrawn.stories)


def text_of(file: Path) -> str:
    """What a file of the site says, also where it is no UTF-8."""
    return file.read_text(encoding="utf-8", errors="replace")
