"""What the files hold back is not in the built site: drafts, what waits for its day, what is over.

The files are read anew here, without a word of those who left the pages out.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from plugins import sources
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Site

_HEAD = re.compile(r"\s*---\s*\n(.*?)^(?:---|\.\.\.)\s*$", re.MULTILINE | re.DOTALL)
_TELLING = re.compile(r"^(?:draft|expires|date)\s*:", re.MULTILINE | re.IGNORECASE)
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it was built in


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Pages that are there although their file, or the file that they are made from, says no."""
    if expected.drafts:
        return
    held = {file for file in sources.files(expected.content) if _is_held(file, expected.today)}
    for page in site.pages:
        made_from = page.language.made_from or expected.frame.default.code
        original = sources.source(expected.content, page.key, made_from)
        if page.source in held or (original in held and not page.source.exists()):
            yield Problem("schedule.shown", page.path)


def _is_held(file: Path, today: date) -> bool:
    head = _HEAD.match(file.read_text(encoding="utf-8-sig", errors="replace"))
    if not head or not _TELLING.search(head[1]):
        return False
    try:
        read: Any = yaml.load(head[1], Loader=_FAST)  # noqa: S506  safe, as its name says
    except (yaml.YAMLError, ValueError):
        return False
    told = {str(name).lower(): value for name, value in read.items()}
    begins, ends = told.get("date", today), told.get("expires", today)
    days = isinstance(begins, date) and isinstance(ends, date)
    return bool(told.get("draft")) or (days and (begins > today or ends < today))
