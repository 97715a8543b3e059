"""The lists of ``words.toml``."""

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """The words of one list."""
    return frozenset(_LISTS[name].split())


def one_of(name: str) -> str:
    """Any word of one list, for a regular expression; of two that begin alike the longer one."""
    return "|".join(sorted(words(name), key=lambda word: (-len(word), word)))
