"""The Markdown files that the site is made of: pages and news, and where the file of each lies.

A page's key is the name of its file without language and ending; that of a news item begins with
``news/``, so that it is its address too.
"""

from pathlib import Path

PAGES, NEWS = "pages", "news"
FOLDERS = (PAGES, NEWS)


def files(content: Path) -> list[Path]:
    """All of them, in a lasting order."""
    return [file for folder in FOLDERS for file in sorted((content / folder).glob("*.md"))]


def is_news(key: str) -> bool:
    """Whether the page of that key is a news item."""
    return key.startswith(f"{NEWS}/")


def named(path: str) -> tuple[str, str]:
    """The key and the language's code of the page whose file has that path within the content."""
    key, _, code = path.strip("/").removeprefix(f"{PAGES}/").removesuffix(".md").rpartition(".")
    return key, code


def source(content: Path, key: str, language: str) -> Path:
    """Where the file of a page lies, or would; ``language`` is a code."""
    folder = content if is_news(key) else content / PAGES
    return folder / f"{key}.{language}.md"
