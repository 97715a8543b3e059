"""Rule W3: marks and spaces of the pages' texts, as a careful editor would set them.

What is found is told as a warning with what it would become; ``make fix`` does it. Only what a
reader reads is looked at (``plugins.prose``): no address, code, tag or key can change.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from plugins import marks, prose, sources
from plugins.problems import Problem, Severity, collected

FIXABLE = "W3."  # how the codes of the problems begin that ``make fix`` mends
_AROUND = 6  # characters shown on either side
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters at ``offsets`` of a file should be ``new``.

    ``found`` and ``mended`` show how it reads around them, before and after.
    """

    offsets: tuple[int, ...]
    new: str
    found: str
    mended: str


def edits(text: str, language: str) -> Iterator[Edit]:
    """What to change in a page's file."""
    for block in prose.blocks(text):
        line = block.text
        for start, end, new in marks.changes(line, language):
            characters = block.characters[start:end]
            # In the head “: ” would mean something to YAML.
            if any(one.fixed for one in characters) or (block.name and ":" in new):
                continue
            before, after = line[max(0, start - _AROUND) : start], line[end : end + _AROUND]
            yield Edit(
                tuple(one.offset for one in characters),
                new,
                _shown(before + line[start:end] + after),
                _shown(before + new + after),
            )


def mended(text: str, language: str) -> tuple[str, int]:
    """The text with all of it done, and how many changes that took.

    One change can make room for another, so it is looked at until there is nothing left to do.
    """
    done = 0
    for _ in range(_MOST_ROUNDS):
        found = list(edits(text, language))
        if not found:
            break
        characters = list(text)
        for edit in found:
            # Marks of Markdown may stand between the characters; so each takes its own place.
            for position, offset in enumerate(edit.offsets):
                characters[offset] = edit.new[position : position + 1]
            characters[edit.offsets[-1]] += edit.new[len(edit.offsets) :]
        text, done = "".join(characters), done + len(found)
    return text, done


def language_of(file: Path) -> str:
    """The code in the name of a page's file; empty where there is none."""
    return file.suffixes[-2].removeprefix(".") if len(file.suffixes) > 1 else ""


def check(content: Path) -> Iterator[Problem]:
    """What to change in the pages; what is no UTF-8 in them is told by another check."""
    for file in sources.files(content):
        text = file.read_bytes().decode("utf-8", errors="replace")
        for edit in edits(text, language_of(file)):
            line, column = prose.place(text, edit.offsets[0])
            params = {"column": str(column), "found": edit.found, "mended": edit.mended}
            yield Problem("W3.marks", file.as_posix(), line, params, Severity.WARNING)


def _shown(text: str) -> str:
    return text.replace("\n", " ").replace(prose.HIDDEN, "▪").strip()


def check_typography(pelican: Pelican) -> None:
    """Collect what could be better."""
    content = Path(os.path.relpath(pelican.settings["PATH"]))
    collected(pelican.settings).extend(check(content))


def register() -> None:
    signals.initialized.connect(check_typography)
