"""The text of a page as its translator meets it: paragraph by paragraph, and what changed in it.

First the texts of the head, each as ``title: …``, then ``---``, then the paragraphs of the body.
What nobody reads is left out or evened: line ends, trailing spaces, how many lines are blank,
Unicode's two ways to write é, and the names of the head that hold no text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import yaml
from pelican.plugins.yaml_metadata.yaml_metadata import HEADER_RE

MARK = "translates"  # the name in a translation's head under which it keeps what it translates
_NO_TEXT = {MARK, "template", "topics", "figures_differ"}  # dates, yes and no are none anyway
_NO_TEXT |= {"subjects", "place_level", "risk_flags", "author", "approved_by"}
_BODY = "---"
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it was built in
_HEADING = re.compile(r"#+(?= )")


class Unreadable(Exception):
    """The file is no page that can be read; ``front_matter`` says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph of the source as it was translated and as it is now, and its translation.

    Empty is what is not there: ``old`` of a new paragraph, ``new`` of a deleted one,
    ``translation`` where nobody can tell which it is.
    """

    old: str
    new: str
    translation: str


def read(file: Path) -> tuple[dict[str, Any], str]:
    """The head, its names in lower case, and the body. Raises Unreadable."""
    try:
        found = HEADER_RE.fullmatch(file.read_text(encoding="utf-8-sig"))
        head = yaml.load(found["metadata"], Loader=_FAST) if found else None  # noqa: S506  safe
    except (OSError, ValueError, yaml.YAMLError):
        raise Unreadable(file) from None
    if not found or not isinstance(head, dict):
        raise Unreadable(file)
    return {str(name).lower(): value for name, value in head.items()}, found["content"]


def of_file(file: Path) -> list[str]:
    """The paragraphs of a page. Raises Unreadable."""
    head, body = read(file)
    texts = {name: head[name] for name in sorted(head) if name not in _NO_TEXT}
    return [*map(_evened, _leaves(texts)), _BODY, *split(body)]


def split(text: str) -> list[str]:
    """The paragraphs of a text: what stands between blank lines."""
    lines = [line.rstrip() for line in _evened(text).splitlines()]
    return [one.strip("\n") for one in re.split(r"\n{2,}", "\n".join(lines)) if one.strip()]


def changes(old: list[str], new: list[str], translation: list[str]) -> list[Change]:
    """What became of ``old`` in ``new``, in order, beside the ``translation`` of ``old``."""
    translated = _aligned(old, translation)
    found = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if what == "equal":
            continue
        for was, is_now in zip_longest(range(old_from, old_to), range(new_from, new_to)):
            found.append(
                Change(
                    old="" if was is None else old[was],
                    new="" if is_now is None else new[is_now],
                    translation="" if was is None else translated.get(was, ""),
                )
            )
    return found


def _leaves(value: object, label: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{label} {name}".strip())
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(inner, f"{label} {number}")
    elif not isinstance(value, date | bool | None):
        yield f"{label}: {' '.join(str(value).split())}".rstrip()


def _evened(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _aligned(old: list[str], translation: list[str]) -> dict[int, str]:
    """By the place of a paragraph of ``old``: its translation, or that of the section around it.

    The texts of the head are told by their names. In the body the headings hold the two together;
    where these differ, nothing is said rather than something wrong.
    """
    named = {_label(one): one for one in _head(translation)}
    pairs = {place: named.get(_label(one), "") for place, one in enumerate(_head(old))}
    ours, theirs = _sections(old), _sections(translation)
    if [_level(old, one) for one in ours] != [_level(translation, one) for one in theirs]:
        return pairs
    for mine, other in zip(ours, theirs, strict=True):
        texts = [translation[place] for place in other]
        if len(mine) != len(other):
            texts = ["\n\n".join(texts)] * len(mine)
        pairs |= dict(zip(mine, texts, strict=True))
    return pairs


def _head(paragraphs: list[str]) -> list[str]:
    return paragraphs[: paragraphs.index(_BODY)]


def _label(paragraph: str) -> str:
    return paragraph.partition(":")[0]


def _sections(paragraphs: list[str]) -> list[range]:
    begin = paragraphs.index(_BODY)
    headings = [
        place for place in range(begin, len(paragraphs)) if _HEADING.match(paragraphs[place])
    ]
    edges = [begin, *headings, len(paragraphs)]
    return [range(start, end) for start, end in pairwise(edges)]


def _level(paragraphs: list[str], section: Iterable[int]) -> str:
    heading = _HEADING.match(paragraphs[next(iter(section))])
    return heading[0] if heading else ""
