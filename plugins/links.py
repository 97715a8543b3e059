"""Rule E5 in the Markdown files: a link to another page names its file, and that file is there.

What leads to an address instead of a file is looked at in the built site, by ``verify``.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from plugins import sources
from plugins.problems import Problem, collected

_TO_FILE = re.compile(r"\{(filename|static|attach)\}([^\s)\"'>#?]*)")


def check(content: Path) -> Iterator[Problem]:
    """What is wrong with the links of the Markdown files."""
    for file in sources.files(content):
        for number, line in enumerate(_lines(file), start=1):
            for kind, target in _TO_FILE.findall(line):
                start = content if target.startswith("/") else file.parent
                there = (start / target.lstrip("/")).is_file() and target.endswith(".md")
                if kind != "filename":
                    yield Problem("E5.link_kind", file.as_posix(), number, {"kind": kind})
                elif not there:
                    yield Problem("E5.link", file.as_posix(), number, {"target": target})


def _lines(file: Path) -> list[str]:
    # A file in another encoding is a problem of its own; its links can be looked at all the same.
    return file.read_text(encoding="utf-8-sig", errors="replace").splitlines()


def check_links(pelican: Pelican) -> None:
    """Collect what is wrong."""
    content = Path(os.path.relpath(pelican.settings["PATH"]))
    collected(pelican.settings).extend(check(content))


def register() -> None:
    signals.initialized.connect(check_links)
