"""Makes the whole site in a folder of its own and looks at it again, for build and check."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from donations_api.errors import FileWrong
from donations_api.frame import load_frame
from donations_api.giving import load_giving
from plugins import arrangement, required, terms, verify
from plugins.problems import Problem, errors_among, read_report
from plugins.staff import taking_in

CONTENT, THEME = Path("content"), Path("theme")
LOCAL_ADDRESS = "http://127.0.0.1:8000"
LOG = Path("var", "build.log")


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: all problems, and what was measured of a site that has no errors."""

    problems: list[Problem]
    seconds: float = 0
    weights: verify.Weights = field(default_factory=verify.Weights)

    @property
    def good(self) -> bool:
        return not errors_among(self.problems)


def make(folder: Path, site_url: str, *, demo: bool, drafts: bool = False) -> Made:
    """Make the site in ``folder``, which must be empty.

    ``site_url`` is where it will be seen. A demo asks for gifts for undeclared recipients too,
    and says on each page that it is one. ``drafts`` shows what is not for today too.
    """
    begun = time.monotonic()
    taking_in.finish(CONTENT)  # what a kill interrupted
    problems, weights = _problems_of_address(site_url), verify.Weights()
    if not problems:
        problems = _problems_of_files()
    if not errors_among(problems):
        problems += _run_pelican(folder, site_url, demo=demo, drafts=drafts)
    if not errors_among(problems):
        expected = verify.Expectations.of_content(
            CONTENT, THEME, site_url, demo=demo, drafts=drafts
        )
        found, weights = verify.verify(folder, expected)
        problems += found
    return Made(problems, time.monotonic() - begun, weights)


def _problems_of_address(site_url: str) -> list[Problem]:
    whole = re.fullmatch(r"(https?)://(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", site_url)
    if whole and (whole[1] == "https" or is_local(site_url)):
        return []
    return [Problem("address", "SITE_URL", params={"address": site_url})]


def _problems_of_files() -> list[Problem]:
    problems: list[Problem] = []
    frame, giving = None, None
    try:
        frame = load_frame(CONTENT, THEME)
        problems += arrangement.check(frame, CONTENT)
        problems += terms.check(terms.load_terms(CONTENT), frame, CONTENT)
    except FileWrong as wrong:
        problems.append(Problem.of_content_file(wrong))
    try:
        giving = load_giving(CONTENT)
    except FileWrong as wrong:
        problems.append(Problem.of_content_file(wrong))
    if frame and giving:
        problems += arrangement.check_texts(frame, giving, CONTENT)
    return problems


def _run_pelican(folder: Path, site_url: str, *, demo: bool, drafts: bool) -> list[Problem]:
    # In a process of its own: Pelican keeps signals and caches for as long as the process lives.
    conf = "pelicanconf.py" if demo or is_local(site_url) else "publishconf.py"
    LOG.parent.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch, LOG.open("wb") as log:
        report = Path(scratch, "report.json")
        environment = os.environ | {
            "SITE_URL": site_url,
            "DEMO": "yes" if demo else "",
            "DRAFTS": "yes" if drafts else "",
            "PROBLEMS_FILE": str(report),
            "PYTHONUTF8": "1",
        }
        command = [sys.executable, "-m", "pelican", "--settings", conf, "--output", str(folder)]
        ended = subprocess.run(
            [*command, "--fatal", "errors", "--log-handler", "plain"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
        )
        told = read_report(report)
    if told is None:
        return [Problem("pelican", conf, params={"log": LOG.as_posix()})]
    plugins, problems = told
    problems += [one for one in required.missing(plugins) if one not in problems]
    if ended.returncode and not errors_among(problems):
        problems.append(Problem("pelican", conf, params={"log": LOG.as_posix()}))
    return problems


def is_local(site_url: str) -> bool:
    """Whether the site is made for this computer alone."""
    host = urlsplit(site_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
