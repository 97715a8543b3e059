"""How the site is arranged: its languages, its menu, and the catalogs in which its words are."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from babel import Locale

from donations_api import catalogs
from donations_api.catalogs import Words
from donations_api.errors import FileWrong, not_toml
from donations_api.traditional_text import NO_GLOSSARY, Glossary, read_glossaries, traditional

SEARCH = "search"  # the key of the page that searches the site
DONATE = "donate"  # that of the page that asks
SECTIONS = {"pages": True, "news": False}  # which show the source where a translation is missing
_WITHOUT_SPACES = frozenset({"zh", "ja"})  # languages that part their sentences by marks alone


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site: ``code`` inside, ``tag`` in HTML, ``locale`` for Babel.

    ``made_from`` is the code of the language from whose texts its own are made; empty for one
    that people write. ``glossary`` says how.
    """

    code: str
    tag: str
    name: str
    folder: str
    locale: str
    made_from: str = ""
    glossary: Glossary = NO_GLOSSARY

    @property
    def root(self) -> str:
        """The path of this language's home page: ``/`` or ``/en/``."""
        return f"/{self.folder}/" if self.folder else "/"

    @property
    def territorial(self) -> str:
        """Language and territory as Open Graph writes them: ``zh_CN``."""
        locale = Locale.parse(self.locale)
        return "_".join(filter(None, (locale.language, locale.territory)))

    @property
    def direction(self) -> str:
        return Locale.parse(self.locale).text_direction

    @property
    def gap(self) -> str:
        """What stands between two sentences: nothing where the full stop brings its own room."""
        return "" if Locale.parse(self.locale).language in _WITHOUT_SPACES else " "

    @property
    def source(self) -> str:
        """The code of the language in which people write what stands in this one."""
        return self.made_from or self.code

    def write(self, text: str) -> str:
        """A text of its ``source``, as this language writes it."""
        return traditional(text, self.locale, self.glossary) if self.made_from else text

    def page(self, key: str) -> str:
        """The path of the page ``key``: ``/en/about/``."""
        return self.root if key == "home" else f"{self.root}{key}/"


# In which the program always has all its words.
EN = Language("en", "en", "English", "en", "en_GB")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link of the menu or the foot: a page's key and its label in each language."""

    page: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """How the site is arranged, from ``content/site.toml``. The first language is the default.

    ``words``: the folders of the pages' catalogs, of which a later one adds to those before it.
    ``fallback``: the sections whose pages show the source's text where a translation is missing.
    ``searched``: there is a page that searches the site, to which each page links.
    """

    languages: tuple[Language, ...]
    menu: tuple[MenuEntry, ...]
    footer: tuple[MenuEntry, ...]
    searched: bool
    theme: Path
    words: tuple[Path, ...]
    fallback: frozenset[str]

    @property
    def default(self) -> Language:
        return self.languages[0]

    @property
    def written(self) -> tuple[Language, ...]:
        """The languages that people write; the others are made from these."""
        return tuple(one for one in self.languages if not one.made_from)

    def language(self, code: str | None) -> Language:
        """The language named by its ``code``; the default one for a name that is not known."""
        return next((one for one in self.languages if one.code == code), self.default)

    def spoken(self, code: str, words: Path) -> Language:
        """The language for a reader of ``code`` of what only ``words`` has the words for.

        A whole letter in English rather than one of two languages, half of each.
        """
        language = self.language(code)
        known = (words / f"{language.source}.po").exists()
        return language if known else next((one for one in self.languages if one.code == "en"), EN)

    def original(self, paths: Mapping[str, str]) -> Language:
        """The first language among the codes of ``paths``: others are translated from it."""
        return next(one for one in self.languages if one.code in paths)

    def text(self, texts: Mapping[str, str], language: Language) -> str:
        """A text of the content files in this language, else in the first one that has it."""
        if not texts.get(language.code) and texts.get(language.made_from):
            return language.write(texts[language.made_from])
        return self.declared(texts, language)

    def declared(self, texts: Mapping[str, str], language: Language) -> str:
        """As ``text``, but never made: for what a bank compares letter by letter."""
        wanted = (language.code, language.source, *(one.code for one in self.languages))
        return next(texts[code] for code in wanted if texts.get(code))

    def static(self, name: str) -> str:
        """A theme file's address; it changes with the text, so no browser keeps an old one."""
        digest = hashlib.sha256((self.theme / "static" / name).read_bytes()).hexdigest()
        return f"/theme/{name}?{digest[:10]}"


def load_frame(content: Path, theme: Path) -> Frame:
    """Read ``content/site.toml``, and see which pages are there. Raises FileWrong."""
    file = content / "site.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        languages = [Language(**entry) for entry in table["language"]]
        made = tuple(one.code for one in languages if one.made_from)
        glossaries = read_glossaries(content, made)
        return Frame(
            languages=tuple(
                replace(one, glossary=glossaries.get(one.code, NO_GLOSSARY)) for one in languages
            ),
            menu=tuple(MenuEntry(**entry) for entry in table.get("menu", [])),
            footer=tuple(MenuEntry(**entry) for entry in table.get("footer", [])),
            searched=any((content / "pages").glob(f"{SEARCH}.*.md")),
            theme=theme,
            words=(theme / "locale", content / "locale"),
            fallback=_sections(table.get("fallback", {})),
        )
    except FileNotFoundError:
        raise FileWrong("file.missing", file=str(file)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, KeyError) as error:
        raise not_toml(file, error) from None


def _sections(chosen: Mapping[str, bool]) -> frozenset[str]:
    if wrong := [name for name, on in chosen.items() if name not in SECTIONS or on not in (0, 1)]:
        raise TypeError(f"[fallback] {', '.join(wrong)}")
    return frozenset(name for name, on in (SECTIONS | dict(chosen)).items() if on)


def translate(folders: tuple[Path, ...], language: Language | str, message: str) -> str:
    """The text of ``message``, in English where the language has none (``make check`` tells).

    A ``language`` that is only named by its code has catalogs of its own; a Language may be made.
    An id that no catalog has is an error, not a text to be shown.
    """
    for one in (language, EN.code):
        if text := catalog(folders, one).text(message):
            return text
    raise LookupError(f"{message!r} is in no catalog for {language!r}")


@cache
def catalog(folders: tuple[Path, ...], language: Language | str) -> Words:
    """The words of ``<folder>/<language>.po`` of all folders.

    Those of a language that is made are made from its source's; where it has a file too, what
    stands there counts more.
    """
    merged = Words({}, lambda _: 0)
    for words in (one for folder in folders for one in _read(folder, language)):
        merged = Words(merged.texts | words.texts, words.form)
    return merged


def _read(folder: Path, language: Language | str) -> Iterator[Words]:
    if isinstance(language, str):
        yield from _read_file(folder / f"{language}.po", language)
        return
    if language.made_from:
        for words in _read_file(folder / f"{language.source}.po", language.source):
            yield words.written(language.write)
    yield from _read_file(folder / f"{language.code}.po", language.source)


def _read_file(file: Path, code: str) -> Iterator[Words]:
    if file.exists():
        yield catalogs.read(file, code)
