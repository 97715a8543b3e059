"""The icons in the built site: each is there, of its size, and shows the mark that content/ has."""

import json
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

_DRAWING, _OF_TABS = "/favicon.svg", "/favicon.ico"
_SIZES = {  # in pixels; all that a file holds
    _OF_TABS: {(16, 16), (32, 32), (48, 48)},
    "/apple-touch-icon.png": {(180, 180)},
    "/icon-192.png": {(192, 192)},
    "/icon-512.png": {(512, 512)},
}
_LINKED = {"icon", "apple-touch-icon", "manifest"}


def is_one(path: str, expected: Expectations) -> bool:
    """Whether an icon, or a list of icons, may lie at ``path``."""
    return bool(expected.facts["mark"]) and path in {_DRAWING, *_SIZES, *_manifests(expected)}


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Icons that are missing, of another size or of another mark, and pages that name others."""
    if not expected.facts["mark"]:
        return
    for path in (_DRAWING, *_SIZES, *_manifests(expected)):
        file = site.folder / path.removeprefix("/")
        if not file.is_file() or not _is_right(path, file, expected):
            yield Problem("icon.wrong", path, params={"path": path})
    for page in site.pages:
        named = {link["href"] for link in page.all("link") if link["rel"] in _LINKED}
        if named != _named(page, expected):
            yield page.problem("icon.unnamed")


def _manifests(expected: Expectations) -> list[str]:
    return [f"{language.root}site.webmanifest" for language in expected.frame.languages]


def _is_right(path: str, file: Path, expected: Expectations) -> bool:
    if path == _DRAWING:
        return f'd="{expected.facts["mark"]["path"]}"' in file.read_text(encoding="utf-8")
    if path in _SIZES:
        return _sizes(file) == _SIZES[path]
    try:
        icons = json.loads(file.read_bytes())["icons"]
        return all(f"/{one['src'].split('?')[0].lstrip('/')}" in _SIZES for one in icons)
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def _sizes(file: Path) -> set[tuple[int, int]]:
    try:
        with Image.open(file) as opened:
            return set(opened.info.get("sizes", {opened.size}))
    except (OSError, UnidentifiedImageError):
        return set()


def _named(page: Page, expected: Expectations) -> set[str]:
    version = expected.facts["mark"]["version"]
    icons = {f"{path}?{version}" for path in (_DRAWING, _OF_TABS, "/apple-touch-icon.png")}
    return icons | {f"{page.language.root}site.webmanifest"}
