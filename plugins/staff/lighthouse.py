"""``make lighthouse``: what Lighthouse says of the site as it would be published, on a slow phone.

The measuring lives with the tests; here it is started, and its figures are shown. Each has to be
what it can be at best: four scores of 100, a first view after 1.5 seconds, nothing that blocks or
moves.
"""

import json
import os
import subprocess
import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plugins.staff import test_parts
from plugins.staff.messages import Refusal, say, text, write_line
from plugins.staff.steps import ROOT

REPORTS = ROOT / "var" / "lighthouse"
RUNS = 5
_SCORES = ("performance", "accessibility", "best-practices", "seo")
_FIGURES = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")

Measured = dict[str, Any]


def main(_words: list[str]) -> int:
    """Measure and print one table; 1 when a page misses something. ``RUNS`` is in the environment.

    Raises Refusal.
    """
    typed = os.environ.get("RUNS") or str(RUNS)
    if not typed.isdecimal() or int(typed) < 1:
        raise Refusal("lighthouse.runs_unreadable", value=typed)
    test_parts.bring(to_measure=True)
    say("lighthouse.measuring", runs=typed)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.lighthouse", typed, str(REPORTS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=False,
    )
    if not ran.stdout:
        raise Refusal("lighthouse.broke_off")
    pages: list[Measured] = json.loads(ran.stdout)
    Console().print(_table(pages))
    for page in pages:
        if page["missing"]:
            why = ", ".join(page["wrong"]) or "–"
            write_line(f"{page['path']}  {', '.join(page['missing'])}  ← {why}")
    say("lighthouse.bad" if ran.returncode else "lighthouse.good", folder=_shown(REPORTS))
    return ran.returncode


def _table(pages: list[Measured]) -> Table:
    table = Table(_both("lighthouse.page"))
    for name in (*_SCORES, *_FIGURES):
        table.add_column(_both(f"lighthouse.{name}"), justify="right")
    for page in pages:
        cells = [f"{page['scores'][name]:.0f}" for name in _SCORES]
        cells += [f"{page['figures'][name]:g}" for name in _FIGURES]
        bad = [name in page["missing"] for name in (*_SCORES, *_FIGURES)]
        styled = [
            Text(cell, "bold red" if is_bad else "green")
            for cell, is_bad in zip(cells, bad, strict=True)
        ]
        table.add_row(page["path"], *styled)
    return table


def _both(message_id: str) -> str:
    return "\n".join(text(message_id, language) for language in ("zh", "en"))


def _shown(folder: os.PathLike[str]) -> str:
    return os.path.relpath(folder, ROOT).replace(os.sep, "/")
