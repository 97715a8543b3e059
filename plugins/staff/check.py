"""``make check``: everything that a build looks at, and what only the organisation can supply."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from donations_api.errors import FileWrong
from plugins import facts
from plugins.problems import Problem, Severity
from plugins.staff.making import CONTENT, LOCAL_ADDRESS, make
from plugins.staff.printing import say, show
from plugins.typography import FIXABLE


def main(_words: list[str]) -> int:
    """Check without touching the built site; 1 only when there are errors."""
    with TemporaryDirectory() as folder:
        site_url = os.environ.get("SITE_URL", "").strip().rstrip("/") or LOCAL_ADDRESS
        made = make(Path(folder), site_url, demo=False)
    for severity in Severity:
        found = [problem for problem in made.problems if problem.severity is severity]
        if found:
            say(f"check.{severity}", "bold", number=str(len(found)))
            show(found)
    if fixable := [one for one in made.problems if one.code.startswith(FIXABLE)]:
        say("check.fixable", "bold", number=str(len(fixable)))
    if missing := _unknown():
        say("check.facts", "bold", number=str(len(missing)))
        show(missing)
    say("check.good" if made.good else "check.bad", "bold green" if made.good else "bold red")
    return 0 if made.good else 1


def _unknown() -> list[Problem]:
    try:
        return facts.unknown(CONTENT)
    except FileWrong:  # told already, as an error
        return []
