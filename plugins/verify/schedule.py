"""What the files hold back is not in the built site: drafts, what waits for its day, what is over.

The files are read anew here, without a word of those who left the pages out.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from plugins import sources
from plugins.problems import Problem
from plugins.verify import heads
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Site

_TELLING = re.compile(r"^(?:draft|expires|date)\s*:", re.MULTILINE | re.IGNORECASE)


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
    head = heads.text(file)
    if not _TELLING.search(head):  # few have to be read whole
        return False
    told = heads.parsed(head)
    begins, ends = told.get("date", today), told.get("expires", today)
    days = isinstance(begins, date) and isinstance(ends, date)
    return bool(told.get("draft")) or (days and (begins > today or ends < today))
