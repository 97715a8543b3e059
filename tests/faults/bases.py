"""The database of a run, and what can go wrong with it: locked, full, pulled from under us."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psycopg

from donations_api.ledger import Ledger
from donations_api.settings import ROOT
from tests.faults.plan import POSTGRESQL, SQLITE
from tests.postgres import Server, postgresql

# Holds the books' own lock until its input ends.
_HOLD = """
import sys
from donations_api.databases import database_at
database = database_at(sys.argv[1])
connection = database.connect()
database.begin(connection)
print("held", flush=True)
sys.stdin.read()
"""


class Limited(Protocol):
    """A process whose files can be forbidden to grow past so many bytes."""

    def limit(self, size: int) -> None: ...


class OnSQLite:
    """A file. The program itself writes it, so that it is the portal whose files may not grow."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'donations.db'}"

    def fill_disk(self, portal: Limited, size: int) -> None:
        """From now on no file may grow past ``size`` bytes."""
        portal.limit(size)

    def empty_disk(self, portal: Limited) -> None:
        """There is room again."""
        portal.limit(resource.RLIM_INFINITY)

    def restart(self) -> None:
        """There is no server."""


class OnPostgreSQL:
    """A server, whose first process hands its limit on to each that it starts for a connection."""

    def __init__(self, server: Server) -> None:
        self.url = server.url(server.new_database())
        self._server = server

    def fill_disk(self, _portal: Limited, size: int) -> None:
        self._limit(size)

    def empty_disk(self, _portal: Limited) -> None:
        """There is room again; a server that ended for lack of it is started by its operator."""
        with suppress(OSError, ValueError, subprocess.CalledProcessError):
            self._limit("unlimited")
        if not self._answers():
            self.restart()

    def restart(self) -> None:
        """As after a power cut."""
        try:
            self._server.restart_at_once()
        except RuntimeError:  # there was none to be stopped
            self._server.start()

    def _limit(self, size: int | str) -> None:
        # As its own user: who may start it as another one may still not limit what it may do.
        subprocess.run(
            ["prlimit", "--pid", str(self._server.pid), f"--fsize={size}:"],
            user="postgres" if os.geteuid() == 0 else None,
            check=True,
            capture_output=True,
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def base_for(database: str, folder: Path) -> Iterator[OnSQLite | OnPostgreSQL]:
    """An empty ledger in this version's shape; on PostgreSQL with a server that syncs its log."""
    if database == SQLITE:
        base: OnSQLite | OnPostgreSQL = OnSQLite(folder)
        Ledger(base.url).migrate()
        yield base
        return
    assert database == POSTGRESQL
    with postgresql({}, segment=1) as server:
        base = OnPostgreSQL(server)
        Ledger(base.url).migrate()
        yield base


def lock(url: str, seconds: float) -> None:
    """Let another process hold the books' lock for so long."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert holder.stdout
        holder.stdout.readline()
        time.sleep(seconds)  # that long it lasts
    finally:
        holder.communicate()
