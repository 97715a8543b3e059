"""Refuses the build when a check found an error: before Pelican reads, and again before it writes.

Stands behind all checks in ``PLUGINS``, since handlers run in that order. Nothing has been written
when it refuses; what it leaves is the report, from which the staff's commands tell what is wrong.
"""

from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from plugins.problems import collected, errors_among, write_report


class SiteRefused(Exception):
    """The content breaks a rule; the report says which."""

    exitcode = 1


def before_reading(pelican: Pelican) -> None:
    """Pelican would drop a file that it cannot read, or stumble over it without saying where."""
    refuse(pelican.settings)


def before_writing(generators: list[Generator]) -> None:
    """What shows only when all pages are known is refused here."""
    refuse(generators[0].settings)


def refuse(settings: dict[str, Any]) -> None:
    """Leave the report; raise SiteRefused when there is an error in it."""
    problems = collected(settings)
    if settings["PROBLEMS_FILE"]:
        write_report(Path(settings["PROBLEMS_FILE"]), settings["PLUGINS"], problems)
    if wrong := errors_among(problems):
        told = (f"{one.place} [{one.code}] {one.what('en')} {one.how('en')}" for one in wrong)
        raise SiteRefused("\n".join(told))


def register() -> None:
    signals.get_generators.connect(before_reading)
    signals.all_generators_finalized.connect(before_writing)
