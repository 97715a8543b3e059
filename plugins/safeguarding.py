"""Rule C1: no picture without its declaration, and none that a page takes from somewhere else."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from plugins import pictures, sources
from plugins.problems import Problem, collected

# Markdown's ![…](address) and ![…][name], [name]: address, and HTML's own ways to show something.
_MARKDOWN = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]*)")
_BY_NAME = re.compile(r"!\[[^\]]*\]\s?\[")
_HTML = re.compile(
    r"<(?:img|picture|source|video|audio|object|embed|iframe|svg|image)\b", re.IGNORECASE
)


def check(content: Path, shown: set[str]) -> Iterator[Problem]:
    """Pictures in the Markdown files that are none of ``shown``, by their paths."""
    for file in sources.files(content):
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            for address in _MARKDOWN.findall(line):
                if f"/{address.lstrip('/')}" not in shown:
                    yield Problem("C1.elsewhere", file.as_posix(), number, {"address": address})
            if _BY_NAME.search(line) or _HTML.search(line):
                yield Problem("C1.html", file.as_posix(), number)


def check_pictures(pelican: Pelican) -> None:
    """Collect what is wrong; the pictures that may be shown go on to ``plugins.images``."""
    settings = pelican.settings
    content = Path(os.path.relpath(settings["PATH"]))
    languages = tuple(language.code for language in settings["FRAME"].written)
    settings["PICTURES"], problems = pictures.read(content, languages)
    shown = {picture.path for picture in settings["PICTURES"]}
    found = collected(settings)
    found += problems
    # A refused picture is told once, not at every page that shows it.
    refused = {f"/{pictures.FOLDER}/{Path(problem.file).name}" for problem in problems}
    refused |= {path.removesuffix(".toml") for path in refused}
    found += check(content, shown | refused)


def register() -> None:
    signals.initialized.connect(check_pictures)
