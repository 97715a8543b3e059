"""When all is well again: what is still on its way arrives, and the operator's commands are run."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from donations_api.settings import ROOT
from tests.donations.guards import Rows
from tests.faults.stand import Stand

# What an operator runs after bad days, in this order; each has to end with 0.
COMMANDS = (("reconcile",), ("send", "--again"), ("check",), ("rebuild",))

_PATIENCE = 240  # seconds until what is on its way must have arrived
_LOOK_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that was run, how it ended, and the end of what it said."""

    command: str
    code: int
    said: str


def settle(stand: Stand) -> None:
    """Let every event arrive that was not lost for ever, and every mail that is under way."""
    stand.portal.set_clock(0)  # it is restarted
    _wait(stand.portal.answers, "a portal that does not start")
    statement, press = stand.stripe.statement, stand.stripe.press

    def everything_arrived() -> bool:
        for event in statement.events("given_up"):
            press(f"/events/{event}", act="again")
        return not statement.events("pending", "held", "given_up")

    _wait(everything_arrived, "events that do not arrive")
    _wait(lambda: not stand.portal.reports.sending(), "mails that are under way for ever")
    stand.portal.end()


def run_commands(stand: Stand) -> list[Ran]:
    """Run the operator's commands, as the clock has moved on past every wait of the outbox."""
    Rows(stand.settings["DATABASE_URL"])(
        "UPDATE outbox SET due_at = '2000-01-01T00:00:00.000000+00:00' WHERE sent_at IS NULL"
    )
    return [_run(stand, *words) for words in COMMANDS]


def _run(stand: Stand, *words: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "donations_api", *words],
        cwd=ROOT,
        env=os.environ | stand.settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(" ".join(words), done.returncode, done.stdout[-4000:])


def _wait(happened: Callable[[], bool], otherwise: str) -> None:
    give_up = time.monotonic() + _PATIENCE
    while not happened():
        if time.monotonic() > give_up:
            raise AssertionError(otherwise)
        time.sleep(_LOOK_EVERY)  # between two looks
