"""``make build``: the site, made anew in a folder beside the served one, which it then replaces.

With ``SITE_URL`` (or ``--site-url``) of ``https://…`` the site is made to be published, on
``publishconf.py``. With none it is made for this computer, ``http://127.0.0.1:8000``, and says so.
"""

import argparse
import os
from pathlib import Path

from plugins import facts
from plugins.problems import Problem, write_report
from plugins.staff.making import CONTENT, LOCAL_ADDRESS, Made, is_local, make
from plugins.staff.printing import say, show
from plugins.staff.switching import NotOurs, fresh_beside, put_in_place


def main(words: list[str]) -> int:
    """Build; 0 when the new site is in place, 1 when it was refused and the old one stays."""
    options = _parse(words)
    site_url = options.site_url.rstrip("/")
    if not site_url:
        site_url = LOCAL_ADDRESS
        say("build.local", address=site_url)
    made = _make(options, site_url)
    show(made.problems)
    if options.report:
        write_report(options.report, [], made.problems)
    if not made.good:
        say("build.refused", "bold red", folder=str(options.into))
        return 1
    _sum_up(made, options.into)
    if not options.demo and not is_local(site_url) and (open_still := facts.undeclared(CONTENT)):
        say("build.declare", "bold")
        show(open_still)
    return 0


def _make(options: argparse.Namespace, site_url: str) -> Made:
    """Make the site and put it in place, when nothing is wrong with it."""
    try:
        with fresh_beside(options.into) as fresh:
            made = make(fresh, site_url, demo=options.demo, drafts=options.drafts)
            if made.good:
                put_in_place(fresh, options.into)
            return made
    except NotOurs:
        problem = Problem("not_ours", str(options.into))
    except OSError as error:
        problem = Problem("system", str(options.into), params={"reason": str(error)})
    return Made([problem])


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make build", description=__doc__)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--site-url", default=os.environ.get("SITE_URL", "").strip())
    parser.add_argument("--drafts", action="store_true")
    parser.add_argument("--report", type=Path)  # the problems, for whoever started this
    parser.add_argument("--into", type=Path, default=Path("output"))
    return parser.parse_args(words)


def _sum_up(made: Made, folder: Path) -> None:
    biggest, size = made.weights.biggest
    say(
        "build.done",
        "bold green",
        folder=str(folder),
        pages=str(made.weights.pages),
        languages=str(made.weights.languages),
        seconds=f"{made.seconds:.1f}",
        page=biggest,
        size=f"{size / 1024:.1f}",
    )
