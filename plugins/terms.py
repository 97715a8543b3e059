"""``content/terms.toml``: the topics, with a name and the word of an address in each language.

A page names its topics by their keys (``topics: [projects]``), which are the same in all languages.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from donations_api.errors import not_toml
from donations_api.frame import Frame, Language
from plugins.problems import Problem

FILE = "terms.toml"
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Term:
    """A topic. ``slug`` is its part of an address; where a language gives none, the key is."""

    key: str
    name: Mapping[str, str]
    slug: Mapping[str, str] = field(default_factory=dict)

    def address(self, language: Language) -> str:
        """The path of the page that gathers the topic: ``/en/topics/projects/``."""
        own = self.slug.get(language.code) or self.slug.get(language.made_from)
        return language.page(f"topics/{own or self.key}")


def load_terms(content: Path) -> dict[str, Term]:
    """The topics by their keys, in their order; none where there is no file. Raises FileWrong."""
    file = content / FILE
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8-sig"))["topic"]
        return {term.key: term for term in (Term(**table) for table in tables)}
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, KeyError) as error:
        raise not_toml(file, error) from None


def check(terms: Mapping[str, Term], frame: Frame, content: Path) -> Iterator[Problem]:
    """What is wrong with the topics: no name in a language, no address that one can type."""
    file = (content / FILE).as_posix()
    for term in terms.values():
        if not _WORD.fullmatch(term.key):
            yield Problem("topic.word", file, params={"topic": term.key, "word": term.key})
        for language in frame.languages:
            of_term = {"topic": term.key, "language": language.code}
            if not language.made_from and not term.name.get(language.code, "").strip():
                yield Problem("topic.name", file, params=of_term)
        for word in term.slug.values():
            if not _WORD.fullmatch(word):
                yield Problem("topic.word", file, params={"topic": term.key, "word": word})
    for language in frame.languages:
        taken: dict[str, Term] = {}
        for term in terms.values():
            other = taken.setdefault(term.address(language), term)
            if other is not term:
                params = {"topic": term.key, "other": other.key, "language": language.code}
                yield Problem("topic.same_address", file, params=params)


def nearest(word: str, terms: Mapping[str, Term]) -> str:
    """The key that is most like ``word``; empty when there are no topics."""
    return next(iter(get_close_matches(word.lower(), terms, n=1, cutoff=0)), "")
