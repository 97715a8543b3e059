"""The portal as a process that is started again at once whenever it dies, as a supervisor would.

``python -m tests.faults.launcher <port> <orders> <log>``: it has loaded everything once, and each
life of the portal is a fork of it that runs ``donations_api serve``, with the environment's
settings. Commands come a line each on standard input, reports (``reports``) go to standard output;
when its input ends, so does it, and the portal with it.
"""

import ctypes
import os
import resource
import select
import signal
import sys
import time
from contextlib import redirect_stdout, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import NoReturn

from donations_api import checkout, cli, mailer, outbox
from donations_api.app import create_app
from donations_api.commands import serving
from donations_api.ledger import Ledger
from donations_api.settings import Settings
from tests.faults.orders import Orders
from tests.faults.points import POINTS, lay_points
from tests.faults.reports import lay_reports, report

# So that an hour's outage of the mail server takes a minute. A claim still outlasts whatever one
# mail can take: a dozen answers of a second and a half each would be a failed try long before.
CLAIMED_FOR = timedelta(seconds=30)
MAIL_ANSWERS_WITHIN = 1.5  # seconds
DRAIN_EVERY = 1.0  # seconds
MAIL_WAITS = tuple(wait / 60 for wait in outbox.WAITS)
# The brake against card thieves counts a town's gifts in ten minutes; here they come in one.
PAGES = 10**9

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_BREATH = 0.1  # seconds before the next start of a portal that ended by itself


class Launcher:
    """Told by commands: by how many seconds the next lives' clock is off, and how many bytes a
    file of the portal's may have.
    """

    def __init__(self, port: int, orders: Orders, log: Path) -> None:
        self._port, self._orders, self._log = port, orders, log
        self._reports = os.dup(1)
        self._pid, self._clock, self._limit = 0, 0.0, resource.RLIM_INFINITY
        self._begun = b""

    def run(self) -> None:
        """Keep the portal alive until the input ends."""
        while True:
            began = time.monotonic()
            self._pid = os.fork() or self._live()
            self._tell("born", "")
            self._set_limit()
            ended, status = self._watch()
            by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            self._tell("died", by)
            if ended:
                return
            if not by and time.monotonic() - began < 1:
                time.sleep(_BREATH)  # what is ordered meanwhile is for the next life

    def _watch(self) -> tuple[bool, int]:
        """Until the portal dies: whether the input has ended too, and how the portal did."""
        life, ended = os.pidfd_open(self._pid), False
        try:
            while True:
                ready, _, _ = select.select([life] if ended else [life, 0], [], [])
                if 0 in ready and self._commands():
                    ended = True
                    os.kill(self._pid, signal.SIGKILL)
                if life in ready:
                    return ended, os.waitpid(self._pid, 0)[1]
        finally:
            os.close(life)

    def _commands(self) -> bool:
        """Do what has been ordered; True when the input ended."""
        read = os.read(0, 4096)
        *lines, self._begun = (self._begun + read).split(b"\n")
        for line in lines:
            self._obey(*line.decode().split())
        return not read

    def _obey(self, word: str, value: str = "0") -> None:
        match word:
            case "kill" | "stop" | "continue":
                # Its process is not waited for yet, so that the number is nobody else's.
                os.kill(self._pid, _SIGNALS[word])
            case "clock":
                self._clock = float(value)
            case "limit":
                self._limit = int(value)
                self._set_limit()

    def _set_limit(self) -> None:
        with suppress(ProcessLookupError):  # it has ended just now
            _, most = resource.prlimit(self._pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (self._limit, most))

    def _tell(self, word: str, about: object) -> None:
        report(self._reports, self._pid, word, about)

    def _live(self) -> NoReturn:
        """One life of the portal, in the process of its own."""
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(self._log, _APPEND, 0o600)
        for number, file in enumerate((nothing, log, log)):
            os.dup2(file, number)
        lay_reports(self._reports)
        lay_points(self._orders)
        _hurry(timedelta(seconds=self._clock))
        os._exit(cli.main(["serve", "--port", str(self._port)]))


_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP, "continue": signal.SIGCONT}
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def _hurry(off: timedelta) -> None:
    """Let this process's waits be short, and its clock be ``off``."""
    outbox.WAITS, outbox.CLAIMED_FOR = MAIL_WAITS, CLAIMED_FOR
    mailer.TIME_OUT = MAIL_ANSWERS_WITHIN  # type: ignore[assignment]  # seconds, a part of one too
    checkout.PAGES_IN_ALL = checkout.PAGES_PER_ADDRESS = PAGES

    def clock() -> datetime:
        return datetime.now(UTC) + off

    changed = {
        "create_app": partial(create_app, clock=clock),
        "Postman": partial(serving.Postman, clock=clock),
        "_DRAIN_EVERY": DRAIN_EVERY,
    }
    assert changed.keys() <= vars(serving).keys()
    vars(serving).update(changed)


def load_everything() -> None:
    """Load what the portal loads when it first needs it, so that each life has it already."""
    import smtplib  # noqa: F401

    import stripe  # noqa: F401

    with suppress(SystemExit), redirect_stdout(StringIO()):
        cli.main(["serve", "--help"])  # the catalogs
    settings = Settings.from_environ(os.environ)
    create_app(settings)
    with Ledger(settings.database_url).books():  # the driver, and the queries
        pass


if __name__ == "__main__":
    load_everything()
    port, orders, log = sys.argv[1:]
    Launcher(int(port), Orders(Path(orders), POINTS), Path(log)).run()
