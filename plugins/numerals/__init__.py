"""Reads figures out of text: numbers, percentages, months, times, money, as a language has them.

``figure`` says what a figure is, ``chinese`` and ``english`` read their language, in digits and in
words; ``plain`` reads what any language writes in digits.
"""

from collections.abc import Callable

from plugins.numerals import chinese, english, plain
from plugins.numerals.figure import Figure

_READERS: dict[str, Callable[[str], list[Figure]]] = {"zh": chinese.read, "en": english.read}


def has_reader(language: str) -> bool:
    """Whether the words of that language (a code such as ``zh-hant``) are understood."""
    return language.partition("-")[0] in _READERS


def read(text: str, language: str) -> list[Figure]:
    """The figures of a text, in the order in which they stand."""
    reader = _READERS.get(language.partition("-")[0], plain.read)
    return sorted(reader(text), key=lambda figure: (figure.start, figure.end))
