"""What the treasurer, cron and a long-lived host run: one module for each kind of work.

Exit codes: 0 all is well, 1 something is for a person to look at, 2 a wrong setting or word,
3 Stripe or the database is away (try again later).
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from donations_api.errors import Explained
from donations_api.ledger import Ledger
from donations_api.settings import Settings

DONE, FOUND, WRONG, LATER = range(4)


def _nothing(_: argparse.ArgumentParser) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Command:
    """``run`` gives the exit code; ``arguments`` declares what may be said behind the word."""

    run: Callable[[Settings, argparse.Namespace], int]
    arguments: Callable[[argparse.ArgumentParser], None] = _nothing


def read_file(file: Path) -> bytes:
    """What is in a file that somebody named. Raises Explained."""
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise Explained("cli.unreadable", file=str(file), reason=reason) from None


def ready_ledger(settings: Settings) -> Ledger:
    """The ledger in this version's shape. Raises Explained."""
    ledger = Ledger(settings.database_url)
    if not ledger.ready():
        raise Explained("cli.not_migrated")
    return ledger
