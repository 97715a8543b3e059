"""Rules C5, C6, L6: no text of the content tells who or where a child is, nor how to reach anybody.

Every file is looked at, drafts and what is never shown too, and its name: what lies in the folder
is copied, mailed and kept. ``plugins.identifying`` decides; errors refuse the build.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.plugins import signals

from plugins import exceptions, sources
from plugins.exceptions import Exceptions
from plugins.identifying import Detector, ListUnusable, files, names
from plugins.identifying.plain import plain
from plugins.problems import Problem, Severity, collected


def check(content: Path, detector: Detector, excepted: Exceptions) -> Iterator[Problem]:
    """What must not be in the files below ``content``, each once a line."""
    for file in sorted(content.rglob("*")):
        within = file.relative_to(content)
        hidden = any(part.startswith(".") for part in within.parts)
        if hidden or not file.is_file() or not sources.somebodys(file):
            continue
        place = file.as_posix()
        for one in detector.look(plain(within.as_posix())):
            yield exceptions.told(one, place, excepted)
        try:
            text = files.said(file)
        except files.Unreadable as error:
            yield Problem("C6.unreadable", place, params={"reason": str(error)})
            continue
        for line, one in detector.find(text):
            if within.as_posix() == exceptions.FILE and excepted.covering(one, ""):
                continue
            yield exceptions.told(one, place, excepted, line)


def check_content(pelican: Pelican) -> None:
    """Collect what is found, and what is wrong with the exceptions."""
    settings = pelican.settings
    content = sources.relative(settings["PATH"])
    collected(settings).extend(_problems(content, settings))


def _problems(content: Path, settings: dict[str, Any]) -> Iterator[Problem]:
    facts, today = settings["GIVING"].organisation.facts, settings.get("TODAY", date.min)
    try:
        detector = Detector.of(facts, today)
    except ListUnusable as error:
        yield Problem("C6.names_list", names.LIST, params={"reason": str(error)})
        return
    if not detector.knows_names:
        yield Problem("C6.no_names_list", names.LIST, severity=Severity.NOTICE)
    excepted, wrong = exceptions.load(content, today)
    yield from wrong
    yield from check(content, detector, excepted)
    yield from excepted.unused()


def register() -> None:
    signals.initialized.connect(check_content)
