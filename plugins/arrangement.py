"""``content/site.toml`` against what is there: its languages can be built, its menu leads to pages.

Looked at before Pelican starts, which could not name the file that is to be mended.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError

from donations_api.frame import Frame, Language
from plugins.problems import Problem

_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]+)*")
_FOLDER = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?")


def check(frame: Frame, content: Path) -> Iterator[Problem]:
    """What is wrong with the languages, the menu and the foot."""
    file = (content / "site.toml").as_posix()
    for number, language in enumerate(frame.languages):
        yield from _check_language(language, frame.languages[:number], frame.theme, file)
    for entry in (*frame.menu, *frame.footer):
        if not any((content / "pages").glob(f"{entry.page}.*.md")):
            yield Problem("menu.page", file, params={"page": entry.page})
        for language in frame.written:
            if not entry.label.get(language.code):
                params = {"page": entry.page, "language": language.code}
                yield Problem("menu.label", file, params=params)


def _check_language(
    language: Language, earlier: tuple[Language, ...], theme: Path, file: str
) -> Iterator[Problem]:
    of_language = {"language": language.code}
    codes, folders = {one.code for one in earlier}, {one.folder for one in earlier}
    if language.code in codes or not _CODE.fullmatch(language.code):
        yield Problem("language.code", file, params=of_language)
    elif language.made_from:
        yield from _check_made(language, earlier, file)
    elif not (theme / "locale" / f"{language.code}.po").exists():
        yield Problem("language.catalog", (theme / "locale" / f"{language.code}.po").as_posix())
    if language.folder in folders or not _FOLDER.fullmatch(language.folder):
        yield Problem("language.folder", file, params=of_language)
    try:
        Locale.parse(language.locale)
    except (UnknownLocaleError, ValueError, TypeError):
        yield Problem("language.locale", file, params=of_language | {"locale": language.locale})


def _check_made(language: Language, earlier: tuple[Language, ...], file: str) -> Iterator[Problem]:
    """Only Traditional Chinese is made, and only from Simplified that people write."""
    source = next((one for one in earlier if one.code == language.made_from), None)
    if not source or source.made_from or _script(source) != "Hans" or _script(language) != "Hant":
        params = {"language": language.code, "source": language.made_from}
        yield Problem("language.made_from", file, params=params)


def _script(language: Language) -> str:
    try:
        return Locale.parse(language.locale).script or ""
    except (UnknownLocaleError, ValueError, TypeError):
        return ""  # told as language.locale
