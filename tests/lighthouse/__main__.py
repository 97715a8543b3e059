"""``python -m tests.lighthouse <runs> <folder>``: pages of the published site, each so many times.

How far it is goes to standard error; the figures, as a list in JSON, to standard output. Reports
are kept in the folder. The exit code is 1 when a figure is not as it has to be, 2 without a site.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.lighthouse.good_host import good_host
from tests.lighthouse.measuring import measure
from tests.lighthouse.published import publish

PAGES = ("/", "/news/lamp/", "/donate/", "/transparency/")


def main(runs: int, reports: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        site, built = publish(Path(folder) / "site")
        if built.code:
            _say(built.said)
            return 2
        measured = []
        with good_host(site.output) as address:
            for path in (f"{root}{page}" for page in PAGES for root in ("", "/en")):
                _say(path)
                measured.append(measure(address, path, runs, reports))
    json.dump([one.told() for one in measured], sys.stdout, indent=2)
    return 0 if all(one.good for one in measured) else 1


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))
