"""The Markdown files that the site is made of: pages and news, and where the file of each lies.

A page's key is the name of its file without language and ending; that of a news item begins with
``news/``, so that it is its address too.
"""

import os
import re
from pathlib import Path

PAGES, NEWS = "pages", "news"
FOLDERS = (PAGES, NEWS)
THUMBNAILS = "thumbs.db"  # small copies of a folder's pictures
_OF_WINDOWS = (THUMBNAILS, "desktop.ini")
# What lies below /news/ beside the items: further pages of the list, years, months.
_LIST = re.compile(r"(?:p\d+|\d{4}(?:/.*)?)")


def files(content: Path) -> list[Path]:
    """All of them, in a lasting order."""
    return [file for folder in FOLDERS for file in sorted((content / folder).glob("*.md"))]


def somebodys(file: Path) -> bool:
    """Whether somebody put the file there: it is not hidden, nor what Office keeps beside a file
    that is open (``~$spending.xlsx``, gone when it is closed), nor what Windows keeps in a folder.
    """
    return not file.name.startswith((".", "~$")) and file.name.lower() not in _OF_WINDOWS


def is_news(key: str) -> bool:
    """Whether the page of that key is a news item."""
    return key.startswith(f"{NEWS}/") and not names_list(key.removeprefix(f"{NEWS}/"))


def names_list(name: str) -> bool:
    """Whether a page of that name below ``/news/`` is a part of the list, and so no item's."""
    return bool(_LIST.fullmatch(name))


def named(path: str) -> tuple[str, str]:
    """The key and the language's code of the page whose file has that path within the content."""
    key, _, code = path.strip("/").removeprefix(f"{PAGES}/").removesuffix(".md").rpartition(".")
    return key, code


def source(content: Path, key: str, language: str) -> Path:
    """Where the file of a page lies, or would; ``language`` is a code."""
    folder = content if key.startswith(f"{NEWS}/") else content / PAGES
    return folder / f"{key}.{language}.md"


def relative(content: str) -> Path:
    """The folder ``content`` as the writer knows it: from where the command was given."""
    return Path(os.path.relpath(content))
