"""Lighthouse's runs over a page, and what has to come of them."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.conftest import CHROMIUM, QUIET
from tests.site.tiny_site import ROOT

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LCP, TBT, CLS = "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"
LARGEST = {LCP: 1500.0, TBT: 0.0, CLS: 0.0}  # milliseconds, milliseconds, a share of the window
COMMAND = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"

Report = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """The medians of a page's runs: ``scores`` of 100, and ``wrong``, the audits that cost some."""

    path: str
    scores: dict[str, float]
    figures: dict[str, float]
    wrong: list[str]

    @property
    def good(self) -> bool:
        return not self.missing

    @property
    def missing(self) -> list[str]:
        """Names of the scores and figures that are not what they have to be."""
        low = [name for name, score in self.scores.items() if score < 100]
        return low + [name for name, figure in self.figures.items() if figure > LARGEST[name]]

    def told(self) -> dict[str, Any]:
        return asdict(self) | {"missing": self.missing}


def measure(address: str, path: str, runs: int, reports: Path) -> Measured:
    """Run Lighthouse ``runs`` times: a telephone, a slow 4G line, nothing in the browser's memory.

    The reports are kept in the folder ``reports``, as JSON and as HTML.
    """
    name = path.strip("/").replace("/", "-") or "home"
    return of_reports(
        path, [_run(address + path, reports / f"{name}-{one}") for one in range(1, runs + 1)]
    )


def of_reports(path: str, reports: Sequence[Report]) -> Measured:
    """What the reports say of a page together."""
    return Measured(
        path,
        {
            name: round(median(one["categories"][name]["score"] or 0 for one in reports) * 100)
            for name in CATEGORIES
        },
        {
            name: round(median(one["audits"][name]["numericValue"] for one in reports), 3)
            for name in LARGEST
        },
        sorted({wrong for report in reports for wrong in _wrong(report)}),
    )


def _wrong(report: Report) -> Iterator[str]:
    for category in report["categories"].values():
        for one in category["auditRefs"]:
            score = report["audits"][one["id"]]["score"]
            if one["weight"] and score is not None and score < 1:
                yield one["id"]


def _run(url: str, into: Path) -> Report:
    into.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            *(shutil.which("node") or "node", str(COMMAND), url, "--quiet"),
            *("--output=json", "--output=html", f"--output-path={into}"),
            f"--chrome-flags={' '.join(['--headless=new', *QUIET])}",
            f"--only-categories={','.join(CATEGORIES)}",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"CHROME_PATH": CHROMIUM or "chromium"},
    )
    report: Report = json.loads(Path(f"{into}.report.json").read_text(encoding="utf-8"))
    if error := report.get("runtimeError"):
        raise RuntimeError(f"{url}: {error['code']}")
    return report
