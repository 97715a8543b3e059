"""``python -m plugins.verify FOLDER [--site-url URL] [--demo]``: look at a built site again.

With ``--live URL`` in the place of a folder ``plugins.verify.live`` asks the site that is online.
"""

import argparse
import sys
from pathlib import Path

from plugins.problems import errors_among
from plugins.staff.printing import say, show
from plugins.verify import Expectations, live, verify


def main(words: list[str]) -> int:
    """1 when there are errors."""
    parser = argparse.ArgumentParser(prog="python -m plugins.verify", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--live", default="")
    parser.add_argument("--site-url", default="http://127.0.0.1:8000")
    parser.add_argument("--demo", action="store_true")
    given = parser.parse_args(words)
    expected = Expectations.of_content(
        Path("content"), Path("theme"), given.site_url.rstrip("/"), demo=given.demo
    )
    if given.live:
        found = list(live.problems(given.live.rstrip("/"), expected))
        show(found)
        say("verify.live", address=given.live, number=str(len(found)))
        return 1 if errors_among(found) else 0
    if not given.folder:
        parser.error("FOLDER / --live")
    found, weights = verify(given.folder, expected)
    show(found)
    say("verify.done", pages=str(weights.pages), number=str(len(found)))
    return 1 if errors_among(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
