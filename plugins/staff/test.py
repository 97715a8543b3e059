"""``make test``: brings what the tests need, runs every check and then the tests."""

import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from plugins.staff import system_parts
from plugins.staff.messages import text, write_line
from plugins.staff.steps import ROOT, Steps

NPM_LOCK = ROOT / "package-lock.json"
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
ROOM = 4 * 1024**3  # bytes; a run leaves about half of it behind until its end
NPM_STAMP = ROOT / "node_modules" / "made-from"

CHECKS = {
    "ruff check": [sys.executable, "-m", "ruff", "check", "--quiet"],
    "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "--quiet"],
    "mypy": [sys.executable, "-m", "mypy"],
    "lint-imports": [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
}
# Three for two cores: browsers, servers and set-ups are waited for as often as worked with.
# A file's tests stay together, so that its servers and browser are started once. In their order:
# xdist would keep the files with few tests for the end, which are those that take minutes.
PYTEST = [
    *(sys.executable, "-m", "pytest", "-n", "3", "--dist", "loadfile"),
    "--no-loadscope-reorder",
]


class Result(NamedTuple):
    """How one check ended; ``said`` is empty where it was seen at once."""

    name: str
    good: bool
    seconds: float
    said: str


def main(words: list[str]) -> int:
    """Run everything, even after a failure, and return 1 then.

    ``words`` and the environment's ``ARGS`` go to pytest.
    """
    _bring_what_is_missing()
    # Taken away: the commands that the tests start read it too, and it is not meant for them.
    words = [*words, *shlex.split(os.environ.pop("ARGS", ""))]
    # Containers set it. Thousands of Pythons are started, and each would compile what we wrote.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with _in_memory(), ThreadPoolExecutor() as beside:
        # Beside the tests: mypy alone would leave the other processors idle for half a minute.
        checks = [beside.submit(_run, *check, quiet=True) for check in CHECKS.items()]
        tests = _run("pytest", [*PYTEST, *words], quiet=False)
    results = [*(check.result() for check in checks), tests]
    for result in results:
        if not result.good and result.said:
            write_line(f"── {result.name} ──\n{result.said}")
    _print_table(results)
    failed = [result.name for result in results if not result.good]
    verdict, names = ("test.some_bad", ", ".join(failed)) if failed else ("test.all_good", "")
    write_line(" · ".join(text(verdict, language, names=names) for language in ("zh", "en")))
    return 1 if failed else 0


@contextmanager
def _in_memory() -> Iterator[None]:
    """Let the tests put their hundreds of databases into memory, where there is enough of it.

    They play no power cut, and waiting for a disk takes longer than all the rest.
    """
    if not _has_room(MEMORY):
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="tests-", dir=MEMORY))
    folder.chmod(0o755)  # PostgreSQL's server runs as a user of its own
    os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_room(folder: Path) -> bool:
    """Whether programs can be started in ``folder``, and it is large enough."""
    if not folder.is_dir() or "TMPDIR" in os.environ:
        return False
    there = os.statvfs(folder)
    return not there.f_flag & os.ST_NOEXEC and there.f_bavail * there.f_frsize >= ROOM


def _bring_what_is_missing() -> None:
    packages = [package for package, there in _system_packages().items() if not there]
    digest = hashlib.sha256(NPM_LOCK.read_bytes()).hexdigest()
    npm_is_good = NPM_STAMP.exists() and NPM_STAMP.read_text() == digest
    if not packages and npm_is_good:
        return
    with Steps() as steps:
        if packages:
            system_parts.install(packages, steps)
        if not npm_is_good:
            steps.run("setup.npm_packages", [shutil.which("npm") or "npm", "ci"])
            NPM_STAMP.write_text(digest)


def _system_packages() -> dict[str, bool]:
    """Debian package names, and whether what the tests want of each is on this computer."""
    return {
        _chromium(): any(map(shutil.which, ("chromium-headless-shell", "chromium"))),
        "libatomic1": _playwright_starts(),
        "fontconfig": bool(shutil.which("fc-list")),
        "fonts-noto-cjk": _has_chinese_font(),
        "postgresql": bool(shutil.which("pg_ctl") or list(Path("/usr/lib/postgresql").glob("*"))),
        "poppler-utils": bool(shutil.which("pdftotext")),
        "libimage-exiftool-perl": bool(shutil.which("exiftool")),
        "pgbouncer": bool(shutil.which("pgbouncer") or Path("/usr/sbin/pgbouncer").exists()),
        "nodejs": bool(shutil.which("node")),
        "npm": bool(shutil.which("npm")),
        "default-jre-headless": bool(shutil.which("java")),
    }


def _chromium() -> str:
    """Debian has the browser without windows and buttons of its own as well, which suffices."""
    name = platform.freedesktop_os_release().get("ID") if sys.platform == "linux" else ""
    return "chromium-headless-shell" if name == "debian" else "chromium"


def _playwright_starts() -> bool:
    # It brings a Node.js of its own, which needs this one library that a bare Debian lacks.
    started = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True)
    return started.returncode == 0


def _has_chinese_font() -> bool:
    if not (fc_list := shutil.which("fc-list")):
        return False
    fonts = subprocess.run([fc_list, ":lang=zh-cn"], capture_output=True, check=False)
    return bool(fonts.stdout.strip())


def _run(name: str, command: list[str], *, quiet: bool) -> Result:
    begun = time.monotonic()
    ran = subprocess.run(command, cwd=ROOT, capture_output=quiet, encoding="utf-8", check=False)
    said = f"{ran.stdout}{ran.stderr}" if quiet else ""
    return Result(name, ran.returncode == 0, time.monotonic() - begun, said)


def _print_table(results: list[Result]) -> None:
    def both(message_id: str) -> str:
        return " · ".join(text(message_id, language) for language in ("zh", "en"))

    table = Table(both("test.step"), both("test.result"), both("test.seconds"))
    for result in results:
        mark = (
            "[green]✓[/] " + both("test.good") if result.good else "[red]✗[/] " + both("test.bad")
        )
        table.add_row(result.name, mark, f"{result.seconds:.1f}")
    Console().print(table)
