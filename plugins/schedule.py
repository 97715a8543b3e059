"""What is shown today: drafts wait, what is dated ahead waits for its day, what is over goes.

Days are those of the organisation's time zone (``time_zone`` in organisation.toml), where the site
is made once a day at least. With ``DRAFTS`` set, as in the staff's preview, everything is shown.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from plugins import calendar, sources
from plugins.problems import Problem, Severity, collected

_LINK = re.compile(r"\{filename\}([^\s)\"'>#?]+)")


def begin(pelican: Pelican) -> None:
    """Find out which day it is where the organisation is."""
    settings = pelican.settings
    facts = settings["GIVING"].organisation.facts
    zone = facts.get("time_zone", "UTC")
    settings["WITHHELD"], settings["TODAY"] = {}, date.min
    try:
        settings["TODAY"] = calendar.today(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        file = sources.relative(settings["PATH"]) / "organisation.toml"
        collected(settings).append(
            Problem("time_zone", file.as_posix(), params={"zone": str(zone)})
        )


def decide(generator: Generator, metadata: dict[str, Any]) -> None:
    """Have Pelican leave out what is not for today, and tell staff that it does."""
    settings = generator.settings
    content = sources.relative(settings["PATH"])
    file = sources.source(content, metadata["translation_key"], metadata["lang"])
    if told := _not_today(metadata, settings["TODAY"], file.as_posix()):
        collected(settings).append(told)
        metadata["withheld"] = True  # so that a preview says that it shows more than the site
        if not settings["DRAFTS"]:
            metadata["status"] = "skip"
            settings["WITHHELD"][file] = told.code


def _not_today(head: Mapping[str, Any], today: date, file: str) -> Problem | None:
    if head.get("draft"):
        return Problem("schedule.draft", file, severity=Severity.NOTICE)
    if "date" in head and head["date"].date() > today:
        day = {"day": head["date"].date().isoformat()}
        return Problem("schedule.later", file, params=day, severity=Severity.NOTICE)
    if "expires" in head and head["expires"] < today:
        day = {"day": head["expires"].isoformat()}
        return Problem("schedule.over", file, params=day, severity=Severity.NOTICE)
    return None


def check_links(generators: list[Generator]) -> None:
    """Refuse a link from a page that is shown to one that is not: it would lead nowhere."""
    settings = generators[0].settings
    if settings["WITHHELD"]:
        content = sources.relative(settings["PATH"])
        collected(settings).extend(_links_to(settings["WITHHELD"], content))


def _links_to(withheld: Mapping[Path, str], content: Path) -> Iterator[Problem]:
    for file in sources.files(content):
        if file in withheld:
            continue
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        for number, line in enumerate(lines, start=1):
            for target in _LINK.findall(line):
                start = content if target.startswith("/") else file.parent
                if start / target.lstrip("/") in withheld:
                    yield Problem("schedule.link", file.as_posix(), number, {"target": target})


def register() -> None:
    signals.initialized.connect(begin)
    signals.page_generator_context.connect(decide)
    signals.article_generator_context.connect(decide)
    signals.all_generators_finalized.connect(check_links)
