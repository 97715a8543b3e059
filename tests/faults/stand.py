"""Everything of a run that is a process or a server: portal, Stripe, mail server, database."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

import requests

from donations_api.settings import ROOT
from tests.donations.mail_servers import mail_server
from tests.donations.running import API_KEY, CONTENT, WEBHOOK_SECRET, until
from tests.faults.bases import OnPostgreSQL, OnSQLite, base_for
from tests.faults.orders import Orders
from tests.faults.points import POINTS
from tests.faults.post_office import PostOffice
from tests.faults.reports import Reports
from tests.faults.statement import Statement


class Portal:
    """The portal behind its launcher; ``reports`` is what its lives have told so far."""

    def __init__(self, address: str, process: "subprocess.Popen[str]", orders: Orders) -> None:
        self.address, self.orders, self.reports = address, orders, Reports()
        self._process = process
        assert process.stdout
        self._reader = Thread(target=self.reports.read, args=(process.stdout,), daemon=True)
        self._reader.start()

    def kill(self) -> None:
        self._order("kill")

    def stop(self) -> None:
        self._order("stop")

    def go_on(self) -> None:
        self._order("continue")

    def limit(self, size: int) -> None:
        self._order(f"limit {size}")

    def set_clock(self, off: float) -> None:
        """Be killed, and live on with a clock that is so many seconds off."""
        self._order(f"clock {off}")
        self.kill()

    def kills(self) -> int:
        """How many of its lives were ended by a kill."""
        return sum(life.by == signal.SIGKILL for life in self.reports.lives)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/ready", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def end(self) -> None:
        """End it for good."""
        self._input.close()
        self._process.wait()
        self._reader.join()

    def _order(self, line: str) -> None:
        self._input.write(f"{line}\n")
        self._input.flush()

    @property
    def _input(self) -> IO[str]:
        assert self._process.stdin
        return self._process.stdin


class Stripe:
    """The stand-in for Stripe. ``statement`` reads its own books."""

    def __init__(self, address: str, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.address = address
        self.statement = Statement(folder / "stripe.db")
        self.met = 0  # requests that came upon a mood
        self._process = process
        Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        assert self._process.stdout
        for _ in self._process.stdout:
            self.met += 1

    def set_mood(self, mood: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{mood}\n")
        self._process.stdin.flush()

    def press(self, page: str, **form: str) -> None:
        """Press a button of the console at ``page`` (``/charges/<id>``)."""
        answer = requests.post(
            f"{self.address}{page}",
            form,
            headers={"Origin": self.address},
            allow_redirects=False,
            timeout=30,
        )
        if answer.status_code != 303:
            raise AssertionError(f"{page} {form}: {answer.status_code}")


@dataclass(frozen=True)
class Stand:
    """``settings`` is the environment of the operator's commands."""

    folder: Path
    portal: Portal
    stripe: Stripe
    post: PostOffice
    base: OnSQLite | OnPostgreSQL
    settings: dict[str, str]


@contextmanager
def stand_for(database: str, folder: Path) -> Iterator[Stand]:
    """Everything up and well, with an empty ledger; all of it has ended afterwards."""
    post = PostOffice()
    portal_port, stripe_port = _free_ports(2)
    address, stripe_address = (f"http://127.0.0.1:{port}" for port in (portal_port, stripe_port))
    with base_for(database, folder) as base, mail_server(post) as mail_address:
        settings = {
            "DATABASE_URL": base.url,
            "STRIPE_API_KEY": API_KEY,
            "STRIPE_API_BASE": stripe_address,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "SECRET_KEY": "a secret of the tests",
            "SITE_URL": address,
            "SMTP_URL": f"smtp://{mail_address}",
            "MAIL_FROM": "gifts@example.org",
            "CONTENT": str(CONTENT),
        }
        webhook = f"{address}/webhooks/stripe"
        stripe = _start("stripe_process", folder, folder, stripe_port, webhook)
        orders = folder / "orders"
        Orders(orders, POINTS)
        launcher = _start(
            "launcher", folder, portal_port, orders, folder / "portal.log", **settings
        )
        portal = Portal(address, launcher, Orders(orders, POINTS))
        try:
            assert stripe.stdout
            assert stripe.stdout.readline() == "ready\n", "Stripe did not start"
            until(portal.answers)
            yield Stand(
                folder, portal, Stripe(stripe_address, stripe, folder), post, base, settings
            )
        finally:
            portal.end()
            stripe.communicate()


def _start(module: str, folder: Path, *words: object, **settings: str) -> "subprocess.Popen[str]":
    with (folder / f"{module}.log").open("w") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"tests.faults.{module}", *map(str, words)],
            cwd=ROOT,
            env=os.environ | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def _free_ports(number: int) -> list[int]:
    """Ports that were free a moment ago, each another one."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
