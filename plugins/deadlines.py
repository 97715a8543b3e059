"""Rule L4 told to staff: what is to be published soon, and what is overdue.

``Giving`` decides from the same files whether the site and the portal may ask. Nothing here ever
refuses a build: whoever is late has to be able to publish.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from donations_api.giving import Giving
from plugins import sources
from plugins.problems import Problem, Severity, collected

FILE = "reports.toml"


def check(giving: Giving, content: Path, today: date) -> Iterator[Problem]:
    """A warning for what is overdue, a notice for what is near."""
    place = (content / FILE).as_posix()
    for recipient in giving.recipients:
        for one in recipient.duties.open(today):
            params = {
                "kind": one.kind,
                "about": one.about,
                "day": one.due.isoformat(),
                "recipient": recipient.key,
            }
            state = one.state(today)
            if state == "overdue":
                yield Problem("L4.overdue", place, params=params, severity=Severity.WARNING)
            elif state == "near":
                yield Problem("L4.near", place, params=params, severity=Severity.NOTICE)
        for report in recipient.duties.reports:
            if "annual" in report.covers and not report.platform:
                of_year = {"year": str(report.year)}
                yield Problem("L4.platform", place, params=of_year, severity=Severity.NOTICE)


def tell(pelican: Pelican) -> None:
    """Collect what is due."""
    settings = pelican.settings
    content = sources.relative(settings["PATH"])
    collected(settings).extend(check(settings["GIVING"], content, settings["TODAY"]))


def register() -> None:
    signals.initialized.connect(tell)
