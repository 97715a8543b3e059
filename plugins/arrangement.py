"""``content/site.toml`` against what is there: its languages can be built, its menu leads to pages.

Looked at before Pelican starts, which could not name the file that is to be mended.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError

from donations_api import catalogs, errors
from donations_api.frame import EN, Frame, Language
from donations_api.giving import Giving
from plugins import sources
from plugins.people import withdrawals
from plugins.problems import Problem, Severity

MAILS = Path(errors.__file__).parent / "locale"  # the words of the portal's mails and papers
_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]+)*")
_FOLDER = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?")
_SHOWN = 5  # so many missing messages are named


def check(frame: Frame, content: Path) -> Iterator[Problem]:
    """What is wrong with the languages, the menu and the foot."""
    file = (content / "site.toml").as_posix()
    withdrawn, _ = withdrawals.read(content)  # what is wrong with it others tell
    for number, language in enumerate(frame.languages):
        yield from _check_language(language, frame.languages[:number], frame.words, file)
    for entry in (*frame.menu, *frame.footer):
        written = {
            path.name.split(".")[1] for path in (content / "pages").glob(f"{entry.page}.*.md")
        }
        params = {"page": entry.page}
        if not written and entry.page in withdrawn.stories:
            # A page says so there; a refusal would keep it online.
            yield Problem("menu.gone", file, params=params, severity=Severity.WARNING)
        elif not written:
            yield Problem("menu.page", file, params=params)
        for language in frame.written:
            params = {"page": entry.page, "language": language.code}
            if not entry.label.get(language.code):
                yield Problem("menu.label", file, params=params)
            there = {language.code, language.made_from} & written
            if written and not there and sources.PAGES not in frame.fallback:
                yield Problem("menu.untranslated", file, params=params)


def check_texts(frame: Frame, giving: Giving, content: Path) -> Iterator[Problem]:
    """A notice for each text of the TOML files that a language shows in another's words."""
    organisation = giving.organisation
    texts = {
        ("organisation.toml", "name"): organisation.name,
        ("organisation.toml", "short_name"): organisation.short_name,
        ("donations.toml", "default_currency"): giving.default_currency,
    }
    for recipient in giving.recipients:
        texts["organisation.toml", f"recipient.{recipient.key}.legal_name"] = recipient.legal_name
    for fund in giving.funds:
        texts["donations.toml", f"fund.{fund.key}.name"] = fund.name
    for (file, where), said in texts.items():
        shown = next((one for one in frame.languages if said.get(one.code)), None)
        for language in frame.languages if shown else ():
            if shown and not said.get(language.code) and not language.made_from:
                params = {"where": where, "language": language.code, "shown": shown.code}
                place = (content / file).as_posix()
                yield Problem("language.text", place, params=params, severity=Severity.NOTICE)


def _check_language(
    language: Language, earlier: tuple[Language, ...], words: tuple[Path, ...], file: str
) -> Iterator[Problem]:
    of_language = {"language": language.code}
    codes, folders = {one.code for one in earlier}, {one.folder for one in earlier}
    if language.code in codes or not _CODE.fullmatch(language.code):
        yield Problem("language.code", file, params=of_language)
    elif language.made_from:
        yield from _check_made(language, earlier, file)
    else:
        yield from _check_words(language, words, file)
    if language.folder in folders or not _FOLDER.fullmatch(language.folder):
        yield Problem("language.folder", file, params=of_language)
    try:
        Locale.parse(language.locale)
    except (UnknownLocaleError, ValueError, TypeError):
        yield Problem("language.locale", file, params=of_language | {"locale": language.locale})


def _check_words(language: Language, words: tuple[Path, ...], file: str) -> Iterator[Problem]:
    """A word that is missing is shown in English; a newer theme, which has more, stops nobody."""
    there = [one for folder in words if (one := folder / f"{language.code}.po").exists()]
    known = {message for file in there for message in catalogs.read(file, language.code).texts}
    wanted = catalogs.read(words[0] / f"{EN.code}.po", EN.code).texts
    if not there:
        yield Problem("language.catalog", (words[-1] / f"{language.code}.po").as_posix())
    elif missing := sorted(wanted.keys() - known):
        named = ", ".join(missing[:_SHOWN]) + (" …" if missing[_SHOWN:] else "")
        params = {"language": language.name, "missing": named}
        place = there[-1].as_posix()
        yield Problem("language.messages", place, params=params, severity=Severity.WARNING)
    if not (MAILS / f"{language.code}.po").exists():
        params = {"language": language.name, "code": language.code}
        yield Problem("language.mails", file, params=params, severity=Severity.NOTICE)


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
