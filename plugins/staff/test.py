"""``make test``: brings what the tests need, runs every check and then the tests."""

import os
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

from plugins.staff.messages import text, write_line
from plugins.staff.steps import ROOT

MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
ROOM = 4 * 1024**3  # bytes; a run leaves about half of it behind until its end

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
