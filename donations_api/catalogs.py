"""Reads the catalogs: the words of one ``.po`` file, with nothing compiled beside it.

Each build, command and start of the portal reads several, which takes Babel's own reader, made to
write them as well, twenty times as long.
"""

import gettext
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural

# A text, or one for each form that the language has for numbers.
Text = str | tuple[str, ...]

_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])?\s*)?"(.*)"')
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}
_RULE = re.compile(r"^plural-forms:.*\bplural=([^;]+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Words:
    """``texts``: what is translated, by its id. ``form`` of a number: which of its texts fits."""

    texts: dict[str, Text]
    form: Callable[[int], int]

    def text(self, message: str, number: int = 1) -> str:
        """The text of ``message``, for ``number`` where it has one for each form; else empty."""
        found = self.texts.get(message, "")
        return found if isinstance(found, str) else found[self.form(number)]

    def written(self, write: Callable[[str], str]) -> "Words":
        """The same words, each text as ``write`` gives it back."""
        texts = {
            message: write(text) if isinstance(text, str) else tuple(map(write, text))
            for message, text in self.texts.items()
        }
        return Words(texts, self.form)


@dataclass(slots=True)
class _Entry:
    doubtful: bool = False
    parts: dict[str, list[str]] = field(default_factory=dict)


def read(file: Path, code: str) -> Words:
    """The words of a file in the language ``code``; what is empty or marked as doubtful is none.

    Raises OSError and UnicodeDecodeError.
    """
    found: dict[str, Text] = {}
    for entry in _entries(file.read_text(encoding="utf-8-sig")):
        parts = entry.parts
        if entry.doubtful or "msgctxt" in parts or not any(parts["msgstr"]):
            continue
        several = "msgid_plural" in parts
        found[parts["msgid"][0]] = tuple(parts["msgstr"]) if several else parts["msgstr"][0]
    head = found.pop("", "")
    said = _RULE.search(head) if isinstance(head, str) else None
    return Words(found, gettext.c2py(said[1] if said else _rule_of(code)))


def _rule_of(code: str) -> str:
    try:
        return get_plural(Locale.parse(code, sep="-")).plural_expr
    except (UnknownLocaleError, ValueError):  # such a code is told to whoever wrote it
        return "n != 1"


def _entries(text: str) -> Iterator[_Entry]:
    entry = _Entry()
    texts: list[str] = []
    for line in text.splitlines():
        if line.startswith("#") or not line:
            if "msgstr" in entry.parts:
                yield entry
                entry = _Entry()
            if line.startswith("#~"):  # a former entry, whose marks are its own
                entry.doubtful = False
            entry.doubtful |= line.startswith("#,") and "fuzzy" in line
        elif said := _LINE.match(line):
            keyword, more = said.groups()
            if "\\" in more:
                more = _ESCAPED.sub(lambda escaped: _MEANT.get(escaped[1], escaped[1]), more)
            if not keyword:
                texts[-1] += more
                continue
            if keyword in ("msgctxt", "msgid") and "msgstr" in entry.parts:
                yield entry
                entry = _Entry()
            texts = entry.parts.setdefault(keyword, [])
            texts.append(more)
    if "msgstr" in entry.parts:
        yield entry
