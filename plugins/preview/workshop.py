"""Where the preview builds: two folders in turn, so that what is shown is never being changed."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from plugins.problems import Problem, errors_among, read_report

_TRACE = "var/error.log"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the latest build left: what it found, and another ``version`` than any before it."""

    problems: tuple[Problem, ...]
    version: str

    @property
    def good(self) -> bool:
        return not errors_among(self.problems)


@dataclass(slots=True)
class Workshop:
    """Builds the site for ``address`` below ``folder``; the server's threads read the rest.

    ``site`` is the latest folder with a whole site, None before the first; ``outcome`` is None
    until a build has ended.
    """

    folder: Path
    address: str
    site: Path | None = field(default=None, init=False)
    outcome: Outcome | None = field(default=None, init=False)

    def build(self) -> None:
        """Build as ``make build`` does, drafts included, in a process of its own."""
        first, second = self.folder / "one", self.folder / "two"
        target = second if self.site == first else first
        report = self.folder / "report.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "plugins.staff", "build", "--drafts"]
        command += ["--site-url", self.address, "--into", str(target), "--report", str(report)]
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONUTF8": "1"},
            check=False,
        )
        told = read_report(report)
        # No report: the build itself broke, has said so in this terminal, and left its trace.
        problems = told[1] if told else [Problem("pelican", _TRACE, params={"log": _TRACE})]
        outcome = Outcome(tuple(problems), str(time.time_ns()))
        if outcome.good:
            self.site = target
        self.outcome = outcome
