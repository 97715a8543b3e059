"""What in a text tells who or where a child is (rules C5, C6, L6): decided here and nowhere else.

    text ──passages──▶ plain ──▶ numbers, contacts, places, birthdays, names ──▶ findings

Build, check and verify look through a ``Detector``; ``veiled`` is for whatever is said aloud.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

from plugins.identifying import birthdays, contacts, names, numbers, places
from plugins.identifying.finding import Finding
from plugins.identifying.names import ListUnusable, Names
from plugins.identifying.plain import plain, views
from plugins.identifying.sentences import Sentences

__all__ = ["Detector", "Finding", "ListUnusable", "all_veiled", "veiled"]

_BREAK = re.compile(r"\n[ \t]*\n")


class Detector:
    """Looks through texts for what identifies people.

    ``names``: the listed names; ``known``: how the organisation is reached (``contacts.own``);
    ``today`` decides who is a minor. Frames of pages are many times the same: each passage is
    looked at once.
    """

    def __init__(self, listed: Names, known: str, today: date) -> None:
        self._names, self._known, self._today = listed, known, today
        self._clear: set[str] = set()

    @classmethod
    def of(cls, facts: Mapping[str, Any], today: date) -> "Detector":
        """For the site of an organisation. Raises ListUnusable."""
        return cls.of_site(facts, names.from_environment(), today)

    @classmethod
    def of_site(cls, facts: Mapping[str, Any], listed: Names, today: date) -> "Detector":
        """For the site of an organisation whose names list is already read."""
        return cls(listed, contacts.own(facts), today)

    @property
    def knows_names(self) -> bool:
        return self._names is not names.NOBODY

    def find(self, text: str) -> list[tuple[int, Finding]]:
        """What is in ``text``, each with its line, from 1 on."""
        found: dict[tuple[str, str, int], tuple[int, Finding]] = {}
        line, begin = 1, 0
        for end in [*(one.end() for one in _BREAK.finditer(text)), len(text)]:
            passage = text[begin:end]
            if passage not in self._clear:
                there = list(self._in_passage(passage, line))
                for at, one in there:
                    found.setdefault((one.code, one.text, at), (at, one))
                if not there:
                    self._clear.add(passage)
            line, begin = line + passage.count("\n"), end
        return list(found.values())

    def look(self, text: str) -> list[Finding]:
        """What is in a plain text, in the order of its places; what lies in another is left"
        " out."""
        sentences, in_digits = Sentences(text), numbers.in_digits(text)
        found = [*self._names.find(text), *numbers.find(in_digits)]
        found += contacts.find(in_digits, sentences, self._known)
        found += self._places(text, sentences)
        for said, start, end, certain in birthdays.find(text, sentences, self._today):
            found.append(Finding("C6.birthday", said, start, end, certain))
        found.sort(key=lambda one: (one.start, not one.certain, -one.end))
        kept: list[Finding] = []
        for one in found:
            if not any(o.start <= one.start and one.end <= o.end for o in kept):
                kept.append(one)
        return kept

    def _in_passage(self, passage: str, line: int) -> Iterator[tuple[int, Finding]]:
        text = plain(passage)
        for view in views(text):
            for one in self.look(view):
                place = one.start if view is text else max(0, text.find(one.text))
                yield line + text[:place].count("\n"), one

    def _places(self, text: str, sentences: Sentences) -> Iterator[Finding]:
        for said, start, end in places.find(text):
            sentence = sentences.at(start)
            near = any(one.has_age for one in sentences.beside(start))
            if sentence.has_age:
                yield Finding("C6.place", said, start, end)
            elif (sentence.has_one or near) and not sentence.has_adult:
                yield Finding("C6.place", said, start, end, False)


@lru_cache(4096)
def veiled(text: str) -> str:
    """``text`` with what identifies anybody masked; nothing is excepted from that."""
    read = plain(text)
    # A message is short: where tags hide something, none of them is needed to understand it.
    views_of_it = [view for view in views(read) if _watchman().look(view)]
    if not views_of_it:
        return text
    return " ".join(_masked(view) for view in views_of_it)


def all_veiled(texts: Mapping[str, str]) -> dict[str, str]:
    """Several texts that are said together: what one of them gives away no other repeats.

    A date by itself is no child's; beside a line that says who was born on it, it is.
    """
    shown = {name: veiled(text) for name, text in texts.items()}
    for text in texts.values():
        for one in _watchman().look(plain(text)):
            shown = {key: said.replace(one.text, one.masked) for key, said in shown.items()}
    return shown


def _masked(text: str) -> str:
    pieces, begin = [], 0
    # They may overlap; none lies in another, so each ends behind the one before.
    for one in _watchman().look(text):
        pieces += [text[begin : one.start], one.masked]
        begin = one.end
    return "".join((*pieces, text[begin:]))


@cache
def _watchman() -> Detector:
    try:
        listed = names.from_environment()
    except ListUnusable:  # told by the checks
        listed = names.NOBODY
    # On its day everybody is a minor.
    return Detector(listed, "", date.min)
