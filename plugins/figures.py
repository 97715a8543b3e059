"""Rule E3: the figures of a page's translation are those of its source.

Each version's numbers, dates, amounts and percentages are read (``plugins.numerals``) and held
against each other, however they are written: 380万 is 3.8 million. A translation may move a figure
into another paragraph; it may not lose one, add one or change one. ``figures_differ: "why"`` in the
head of either version lets the page pass, and is told at each build.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from donations_api.frame import Frame
from plugins import numerals, prose, sources
from plugins.numerals.figure import NUMBER, PERCENT, Figure
from plugins.problems import Problem, Severity, collected

EXCUSE = "figures_differ"
_SHOWN = 40  # characters of a line on either side of the figure
# “一、” and “1.” before a heading or an item count the headings, and nothing else.
_ENUMERATOR = re.compile(
    r"\s*(?:\d{1,2}[.、)）](?!\d)|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])"
    r"|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）])"
)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A figure of a page: the block it stands in, and how it is written there."""

    key: tuple[str, Fraction]
    sure: bool
    block: str
    offset: int
    written: str


@dataclass(frozen=True, slots=True)
class Version:
    """A page in one language: its file, its text, and its blocks by a name of each."""

    file: str
    text: str
    language: str
    blocks: dict[str, prose.Block]

    @classmethod
    def of_file(cls, file: Path, language: str) -> "Version":
        """Read a file; what is no UTF-8 in it is told by another check."""
        text = file.read_bytes().decode("utf-8", errors="replace")
        named: dict[str, prose.Block] = {}
        for block in prose.blocks(text):
            named[block.name or str(len([name for name in named if name.isdigit()]))] = block
        return cls(file.as_posix(), text, language, named)

    @property
    def length(self) -> int:
        """How many blocks the body has."""
        return len([name for name in self.blocks if name.isdigit()])

    def figures(self, *, plainly: bool) -> Iterator[Found]:
        """The page's figures.

        ``plainly``, for a language whose words are not understood: what is not in plain digits is
        not sure, and no matter how often a figure stands there, it counts once.
        """
        told: set[tuple[str, Fraction]] = set()
        for name, block in self.blocks.items():
            enumerator = _ENUMERATOR.match(block.text)
            begin = enumerator.end() if enumerator else 0
            for one in numerals.read(prose.HIDDEN * begin + block.text[begin:], self.language):
                key, sure = _plainly(one) if plainly else (one.key, one.sure)
                if sure and plainly:
                    sure = key not in told
                    told.add(key)
                offset = block.characters[one.start].offset
                yield Found(key, sure, name, offset, block.text[one.start : one.end].strip())


def _plainly(one: Figure) -> tuple[tuple[str, Fraction], bool]:
    kind = one.kind if one.kind == PERCENT else NUMBER
    return (kind, one.value), one.sure and one.in_digits


def compare(source: Version, translation: Version) -> Iterator[Problem]:
    """A problem for each block, or pair of blocks, whose figures the other version lacks."""
    # Texts of the head have names; those of the body fit when there are as many of them.
    shared = {
        name
        for name in source.blocks.keys() & translation.blocks.keys()
        if not name.isdigit() or source.length == translation.length
    }
    plainly = not all(numerals.has_reader(one.language) for one in (source, translation))
    here, there = differing(
        list(translation.figures(plainly=plainly)), list(source.figures(plainly=plainly)), shared
    )
    for ours, theirs in _side_by_side(here, there, shared):
        line, shown = _line(translation, ours, theirs, shared)
        other_line, other_shown = _line(source, theirs, ours, shared)
        params = {
            "here": _list(ours),
            "there": _list(theirs),
            "line": shown,
            "other": source.file + (f":{other_line}" if other_line else ""),
            "other_line": other_shown,
        }
        yield Problem("E3.figures", translation.file, line, params)


def differing(
    ours: list[Found], theirs: list[Found], shared: set[str]
) -> tuple[list[Found], list[Found]]:
    """What is on one side only. Figures that are sure find each other first, in one block first."""
    for one_sure, other_sure in ((True, True), (True, False), (False, True)):
        for together in (True, False):
            for one in [figure for figure in ours if figure.sure is one_sure]:
                for other in theirs:
                    fits = other.key == one.key and other.sure is other_sure
                    if fits and (not together or one.block == other.block in shared):
                        ours.remove(one)
                        theirs.remove(other)
                        break
    return [one for one in ours if one.sure], [one for one in theirs if one.sure]


def _side_by_side(
    here: list[Found], there: list[Found], shared: set[str]
) -> Iterator[tuple[list[Found], list[Found]]]:
    ours, theirs = _by_block(here), _by_block(there)
    for block in dict.fromkeys((*ours, *theirs)):
        if block in shared:
            yield ours.pop(block, []), theirs.pop(block, [])
    yield from zip_longest(ours.values(), theirs.values(), fillvalue=[])


def _by_block(figures: Iterable[Found]) -> dict[str, list[Found]]:
    grouped: dict[str, list[Found]] = {}
    for one in figures:
        grouped.setdefault(one.block, []).append(one)
    return grouped


def _line(
    version: Version, own: list[Found], other: list[Found], shared: set[str]
) -> tuple[int, str]:
    """Where a difference is to be seen in a version: its line (0: nobody knows), and the text."""
    name = own[0].block if own else other[0].block
    if not own and name not in shared:
        return 0, "—"
    block = version.blocks[name]
    offset = own[0].offset if own else block.characters[0].offset
    at = next(n for n, one in enumerate(block.characters) if one.offset == offset)
    text = block.text.replace("\n", " ")
    begin, end = max(0, at - _SHOWN), at + _SHOWN
    shown = f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
    return prose.place(version.text, offset)[0], shown.replace(prose.HIDDEN, "·")


def _list(figures: list[Found]) -> str:
    # A date is three figures, each of which is written as the whole of it.
    written = dict.fromkeys(" ".join(one.written.split()) for one in figures)
    return " · ".join(written) or "—"


def check(content: Path, frame: Frame) -> Iterator[Problem]:
    """Each translation that a person has written against its source."""
    default = frame.default.code
    for file in sources.files(content):
        if not file.name.endswith(f".{default}.md"):
            continue
        source = Version.of_file(file, default)
        for language in frame.languages[1:]:
            other = file.with_name(f"{file.name.removesuffix(f'{default}.md')}{language.code}.md")
            if other.exists():
                translation = Version.of_file(other, language.code)
                problems = list(compare(source, translation))
                yield from (problems and list(_excused(source, translation))) or problems


def _excused(*versions: Version) -> Iterator[Problem]:
    for version in versions:
        if (found := prose.head_text(version.text, EXCUSE)) and found[0]:
            line = prose.place(version.text, found[1])[0]
            params = {"reason": found[0]}
            yield Problem("E3.excused", version.file, line, params, Severity.NOTICE)


def check_figures(pelican: Pelican) -> None:
    """Collect what is wrong."""
    content = Path(os.path.relpath(pelican.settings["PATH"]))
    collected(pelican.settings).extend(check(content, pelican.settings["FRAME"]))


def register() -> None:
    signals.initialized.connect(check_figures)
