"""Rule C10 in a built site: nothing of what was withdrawn is left, whatever it is called now.

Needs the folder and the list alone, so that it can also be asked when nothing else is in order.
"""

from collections.abc import Iterator
from pathlib import Path

from plugins.people.withdrawals import Withdrawals
from plugins.pictures import FOLDER, FORMATS
from plugins.problems import Problem

TEXTS = {".html", ".xml", ".txt"}


def left(folder: Path, withdrawn: Withdrawals) -> Iterator[Problem]:
    """Withdrawn pictures and what shows them, stories that still tell, and lists that name them."""
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        path = f"/{file.relative_to(folder).as_posix()}"
        if file.suffix.lower() in FORMATS:
            if file.name in withdrawn.pictures or withdrawn.covers(file):
                yield Problem("C10.shown", path)
        elif file.suffix in TEXTS and _tells(file, withdrawn):
            yield Problem("C10.shown", path.removesuffix("index.html"))
    for key in sorted(withdrawn.stories):
        for page in pages(folder, key):
            if "data-gone" not in text_of(page):
                path = page.parent.relative_to(folder).as_posix()
                yield Problem("C10.shown", f"/{path}/")


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
