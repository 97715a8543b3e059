"""The steps of a set-up: each runs a program and shows how far it is.

On a terminal there is one line that fills; elsewhere each step prints a line. What the programs say
goes to a log, whose open file is also the lock that keeps two set-ups apart: the programs inherit
it, so a killed set-up whose installer still runs holds the next one back.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from plugins.staff.messages import Refusal, say, text, write_line

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "var" / "setup.log"

_BAR = 20
_DISK_FULL = re.compile(r"No space left on device|\[Errno 28\]|WinError 112|ENOSPC")
_TOO_FULL = 4 * 1024 * 1024  # bytes left: pip cannot even write why it failed
_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Read timed out|Connection refused"
    r"|Connection broken|ProxyError|Temporary failure (?:in name resolution|resolving)"
    r"|Name or service not known|getaddrinfo|Network is unreachable|Could not connect"
    r"|from versions: none"  # pip found no version at all of a package that we pinned
    r"|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET"
)
_COMPLAINT = re.compile(r"^(?:ERROR|Error|E|npm error|npm ERR!)[: ].*$", re.MULTILINE)


class Steps:
    """Use as a context: ``with Steps() as steps: steps.run("setup.packages", [...])``."""

    def __init__(self, log: Path = LOG) -> None:
        log.parent.mkdir(exist_ok=True)
        self._place = log
        self._log = log.open("ab", buffering=0)
        self._begun = time.monotonic()
        self._on_terminal = sys.stdout.isatty()

    def __enter__(self) -> Self:
        self._wait_for_other()
        self._log.truncate(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._on_terminal:
            self._draw("")
            sys.stdout.write("\r")
        self._log.close()
        if not error:
            say("setup.ready", elapsed=self._elapsed())

    def run(
        self,
        message_id: str,
        command: Sequence[str | Path],
        *,
        done: Callable[[str], int] | None = None,
        total: int = 0,
        **details: object,
    ) -> None:
        """Run ``command`` to its end; ``message_id`` says what it does.

        ``done`` tells from the program's output so far how many of ``total`` parts are ready.
        Raises Refusal with the reason when the program fails.
        """
        label = " · ".join(text(message_id, language, **details) for language in ("zh", "en"))
        if not self._on_terminal:
            write_line(label)
        start = self._log.seek(0, 2)
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=True,  # so that what the program starts can be stopped with it
        )
        try:
            while (code := _exit_code(process, seconds=0.2)) is None:
                if self._on_terminal:
                    ready = min(done(self._read_from(start)), total) if done else 0
                    self._draw(self._line(label, ready, total))
        finally:
            _stop(process)
        if code != 0:
            raise _reason(self._read_from(start), self._place)

    def _read_from(self, start: int) -> str:
        with self._place.open("rb") as log:
            log.seek(start)
            return log.read().decode(errors="replace")

    def _wait_for_other(self) -> None:
        if sys.platform == "win32":  # has no such lock; two set-ups at once are not held apart
            return
        try:
            fcntl.flock(self._log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("setup.waiting")
            fcntl.flock(self._log, fcntl.LOCK_EX)

    def _line(self, label: str, ready: int, total: int) -> str:
        if not total:
            return f"{self._elapsed()}  {label}"
        filled = _BAR * ready // total
        return f"[{'#' * filled}{'.' * (_BAR - filled)}] {ready}/{total} {self._elapsed()}  {label}"

    def _elapsed(self) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self._begun), 60)
        return f"{minutes}:{seconds:02}"

    def _draw(self, line: str) -> None:
        columns = shutil.get_terminal_size().columns - 1
        shown, width = "", 0
        for character in line:
            wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if width + wide > columns:
                break
            shown, width = shown + character, width + wide
        encoding = sys.stdout.encoding
        shown = (shown + " " * (columns - width)).encode(encoding, "replace").decode(encoding)
        sys.stdout.write("\r" + shown)
        sys.stdout.flush()


def _exit_code(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.terminate()
    else:
        with contextlib.suppress(PermissionError):  # apt under sudo is root's: it may finish
            os.killpg(process.pid, signal.SIGTERM)
            if _exit_code(process, seconds=5) is None:
                os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _reason(output: str, place: Path) -> Refusal:
    if _DISK_FULL.search(output) or shutil.disk_usage(ROOT).free < _TOO_FULL:
        return Refusal("disk_full", place=ROOT)
    log = place.relative_to(ROOT).as_posix()
    if _NO_NETWORK.search(output):
        return Refusal("setup.no_network", log=log)
    complaints = _COMPLAINT.findall(output) or output.split("\n")
    reason = next((line.strip() for line in reversed(complaints) if line.strip()), "?")
    return Refusal("setup.step_failed", reason=reason.rstrip("."), log=log)
