"""Which marks and spaces of a text a careful editor would change, in Chinese and in English.

A module a language: rules that find stretches of a paragraph and say what should stand there. They
change marks, spaces and the width of characters alone, never a word.
"""

from collections.abc import Callable, Iterator

from plugins.marks import chinese, english
from plugins.marks.change import Change

_RULES: dict[str, Callable[[str], Iterator[Change]]] = {
    "zh": chinese.changes,
    "en": english.changes,
}


def changes(text: str, language: str) -> list[Change]:
    """What to change in a paragraph, in order, without overlaps; nothing in other languages."""
    rules = _RULES.get(language.partition("-")[0])
    taken: list[Change] = []
    for one in rules(text) if rules else ():
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken)
