"""``make fix``: does what the typographic check would have changed (W3), in all pages or in some.

``python -m plugins.staff fix [FILE…] [--dry-run]``, or ``make fix ARGS="--dry-run"``. A file is
there whole at every moment, with the line ends and the byte order mark that it had.
"""

import argparse
import os
import re
import shlex
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from plugins import prose, sources
from plugins.problems import Problem
from plugins.staff.making import CONTENT
from plugins.staff.printing import say, show, show_change
from plugins.typography import language_of, mended
from plugins.whole_files import write_whole


def main(words: list[str]) -> int:
    """Mend and show what was mended; 1 when a file is no page that can be read."""
    options = _parse([*words, *shlex.split(os.environ.get("ARGS", ""))])
    number = files = 0
    problems: list[Problem] = []
    for file in options.files or sources.files(CONTENT):
        if problem := _unreadable(file):
            problems.append(problem)
            continue
        old = file.read_bytes().decode("utf-8")
        new, changes = mended(old, language_of(file))
        if not changes:
            continue
        for line, shown in _differences(old, new):
            show_change(f"{file.as_posix()}:{line}", shown)
        if not options.dry_run:
            write_whole(file, new.encode("utf-8"))
        number, files = number + changes, files + 1
    show(problems)
    message = "fix.nothing" if not files else "fix.would" if options.dry_run else "fix.done"
    say(message, "bold green", **({"number": str(number), "files": str(files)} if files else {}))
    return 1 if problems else 0


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fix", description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--dry-run", action="store_true")
    return parser.parse_args(words)


def _unreadable(file: Path) -> Problem | None:
    if not file.is_file() or file.suffix != ".md" or not language_of(file):
        return Problem("fix.no_page", file.as_posix())
    data = file.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Problem("encoding", file.as_posix(), data[: error.start].count(b"\n") + 1)
    # Without its two lines of --- nobody knows where the head ends and the text begins.
    return None if prose.has_head(text) else Problem("head.none", file.as_posix(), 1)


def _differences(old: str, new: str) -> Iterator[tuple[int, list[tuple[str, str, str]]]]:
    """The changed lines: their numbers, and their parts as (the same, removed, added)."""
    lines = (re.split(r"\r\n|\r|\n", text) for text in (old, new))
    # No change makes a line or joins two.
    for number, (before, after) in enumerate(zip(*lines, strict=True), start=1):
        if before != after:
            matcher = SequenceMatcher(None, before, after, autojunk=False)
            yield (
                number,
                [
                    (before[a:b], "", "") if kind == "equal" else ("", before[a:b], after[c:d])
                    for kind, a, b, c, d in matcher.get_opcodes()
                ],
            )
