"""Rules L1 and L2: the filings that a site in mainland China shows in the footer of every page."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.plugins import signals

from plugins.pictures import Picture
from plugins.problems import Problem, collected

_FILING = ("number", "code")  # what a public-security filing has; its badge is a picture of ours


def check(facts: Mapping[str, Any], pictures: Sequence[Picture], file: Path) -> Iterator[Problem]:
    """What is missing of the filings in ``facts``, which is ``file`` as it stands."""
    if "CN" in facts.get("countries", []) and not facts.get("icp_number"):
        yield Problem("L1.unknown", file.as_posix())
    filing = facts.get("public_security_filing")
    if not filing:
        return
    if not isinstance(filing, dict) or not all(
        isinstance(filing.get(one), str) and filing[one] for one in _FILING
    ):
        yield Problem("L2.incomplete", file.as_posix())
    elif (badge := filing.get("badge")) and f"/images/{badge}" not in [
        one.path for one in pictures
    ]:
        yield Problem("L2.badge", file.as_posix(), params={"badge": str(badge)})


def look(pelican: Pelican) -> None:
    """Look at what organisation.toml says of the filings."""
    settings = pelican.settings
    file = Path(os.path.relpath(settings["PATH"]), "organisation.toml")
    facts = settings["GIVING"].organisation.facts
    collected(settings).extend(check(facts, settings["PICTURES"], file))


def register() -> None:
    signals.initialized.connect(look)
