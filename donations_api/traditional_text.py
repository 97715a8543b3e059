"""Traditional Chinese made from Simplified, by OpenCC and a glossary (``docs/adr/0020``).

Site and portal convert here, so both write alike. OpenCC loads its dictionaries when the first text
is converted: a process that meets none, such as a webhook's, pays nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale

from donations_api.tables import Table

if TYPE_CHECKING:
    from opencc import OpenCC

FILE = "glossary.toml"

# OpenCC's conversion for each territory, that of no territory last: which forms of characters, no
# other words. Its lists of words (s2twp) change what was meant too often to go unread.
_CONVERSIONS = {"HK": "s2hk", "MO": "s2hk", "TW": "s2tw"}
_ANYWHERE = "s2t"

# What OpenCC reads wrongly in such texts: 90天后 is no 天后, the queen of heaven; 并发到您的邮箱 no
# illness (併發), 回复本邮件 no copy (複本). A glossary's own words count more.
_MISREAD = {"天后": "天後", "并发到": "並發到", "回复": "回覆", "周岁": "周歲"}

# Traditional Chinese quotes with 「『』」; between Latin letters ’ is an apostrophe.
_QUOTATION_MARKS = {"“": "「", "”": "」", "‘": "『", "’": "』"}
_QUOTATION = re.compile("[“”‘]|(?<![A-Za-z])’|’(?![A-Za-z])")
_ADDRESS = r"https?://[^\s<>（），。；：、“”]+"  # may have characters in it


@dataclass(frozen=True, slots=True)
class Glossary:
    """What the conversion of one language must know beyond OpenCC.

    ``keep``: words that stay as they are. ``words``: words and how they are written. ``forms``:
    single characters of the result and how they are written instead.
    """

    keep: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()

    @property
    def own(self) -> dict[str, str]:
        """Every word that OpenCC is not asked for, and how it is written."""
        return _MISREAD | {word: word for word in self.keep} | dict(self.words)


NO_GLOSSARY = Glossary()


def read_glossaries(content: Path, codes: tuple[str, ...]) -> dict[str, Glossary]:
    """``content/glossary.toml``, a table for each language of ``codes``. Raises FileWrong.

    Without the file, or without a table, a language's glossary is empty.
    """
    if not (content / FILE).exists():
        return dict.fromkeys(codes, NO_GLOSSARY)
    file = Table.read(content / FILE)
    for code in file.values:
        if code not in codes:
            file.refuse(code, "file.glossary_language")
    return {code: _glossary(file, code) for code in codes}


def _glossary(file: Table, code: str) -> Glossary:
    values = file.values.get(code, {})
    if not isinstance(values, dict) or set(values) - {"keep", "words", "forms"}:
        file.refuse(code, "file.glossary")
    keep, words, forms = (values.get(name, {}) for name in ("keep", "words", "forms"))
    table = Table(file.file, code, values)
    if not all(isinstance(word, str) and word for word in keep):
        table.refuse("keep", "file.glossary")
    for name, pairs in (("words", words), ("forms", forms)):
        texts = isinstance(pairs, dict) and all(isinstance(one, str) for one in pairs.values())
        if not texts or "" in pairs:
            table.refuse(name, "file.glossary")
    if any(len(one) != 1 for pair in forms.items() for one in pair):
        table.refuse("forms", "file.glossary")
    return Glossary(tuple(keep), tuple(words.items()), tuple(forms.items()))


def traditional(text: str, locale: str, glossary: Glossary) -> str:
    """``text`` in the Traditional Chinese of ``locale`` (Babel's: ``zh_Hant_HK``)."""
    return "".join(_written(text, locale, glossary))


def _written(text: str, locale: str, glossary: Glossary) -> Iterator[str]:
    own, read_to = glossary.own, 0
    convert, forms = _converter(locale).convert, str.maketrans(dict(glossary.forms))
    for word in _set_aside(glossary).finditer(text):
        yield _quoted(convert(text[read_to : word.start()]).translate(forms))
        yield own.get(word[0], word[0])
        read_to = word.end()
    yield _quoted(convert(text[read_to:]).translate(forms))


@cache
def _converter(locale: str) -> "OpenCC":
    from opencc import OpenCC

    return OpenCC(_CONVERSIONS.get(Locale.parse(locale).territory or "", _ANYWHERE))


@cache
def _set_aside(glossary: Glossary) -> re.Pattern[str]:
    # Of two words that begin alike the longer one is meant.
    words = sorted(glossary.own, key=len, reverse=True)
    return re.compile("|".join((_ADDRESS, *map(re.escape, words))))


def _quoted(text: str) -> str:
    return _QUOTATION.sub(lambda mark: _QUOTATION_MARKS[mark[0]], text)
