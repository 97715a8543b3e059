"""What the treasurer, cron and a long-lived host run: ``python -m donations_api <command>``.

Every line is in Chinese and in English, since either may be the reader's language.
"""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO
from wsgiref.types import WSGIApplication

from rich.console import Console
from rich.table import Table
from rich.text import Text
from waitress.server import (  # type: ignore[import-untyped]  # it brings no types along
    BaseWSGIServer,
    create_server,
)

from donations_api import reconciliation
from donations_api.app import LARGEST_BODY, create_app, drain, portal_for, utc_now
from donations_api.books import INVARIANTS
from donations_api.clerk import FOR_STAFF
from donations_api.errors import Explained, FileWrong, SettingWrong, StripeUnavailable
from donations_api.frame import translate
from donations_api.ledger import Ledger
from donations_api.records import KeptEvent, Unsent
from donations_api.settings import Settings

CATALOGS = (Path(__file__).parent / "locale",)


def main(words: list[str]) -> int:
    """Run one command; its exit code: 1 for broken books or a fault, 2 for a wrong setting."""
    parser = argparse.ArgumentParser("donations_api", description=text("cli.description"))
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=text(f"cli.{name}"), description=text(f"cli.{name}"))
        one.set_defaults(run=command)
        if command is serve:
            host, port = os.environ.get("HOST"), os.environ.get("PORT")
            one.add_argument("--host", default=host or "127.0.0.1", help=text("cli.host"))
            one.add_argument(
                "--port", default=port or "9000", type=port_number, help=text("cli.port")
            )
    options = parser.parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    return explaining(lambda: int(options.run(Settings.from_environ(os.environ), options)))


def serve(settings: Settings, options: argparse.Namespace) -> int:
    """The portal as a long-lived server. Mail goes out at the start and after each webhook."""
    _ready_ledger(settings)
    server = listen(create_app(settings, drain_after_answer=True), options.host, options.port)
    with until_stopped():
        say("cli.listening", address=f"http://{options.host}:{options.port}")
        drain(settings, utc_now())
        server.run()
    server.close()
    return 0


def send(settings: Settings, _options: argparse.Namespace) -> int:
    """Send the mail that waits, once."""
    _ready_ledger(settings)
    say("cli.sent", number=str(drain(settings, utc_now())))
    return 0


def settle(settings: Settings, _options: argparse.Namespace) -> int:
    """Ask Stripe which gifts' money is at the charity's disposal by now."""
    _ready_ledger(settings)
    say("cli.settled", number=str(reconciliation.settle(portal_for(settings))))
    return 0


def migrate(settings: Settings, _options: argparse.Namespace) -> int:
    Ledger(settings.database_url).migrate()
    say("cli.migrated")
    return 0


def check(settings: Settings, _options: argparse.Namespace) -> int:
    """List what waits for a person; 1 when an invariant of the books is broken."""
    with _ready_ledger(settings).books() as books:
        broken = {invariant: books.broken(invariant) for invariant in INVARIANTS}
        events = [
            (one.event_id, one.type, one.failed_at, _why(one.reason))
            for one in books.failures()
            if one.outcome is None
        ] + [
            (one.id, one.type, one.received_at, _outcome(one))
            for outcome in FOR_STAFF
            for one in books.events_with(outcome)
        ]
        disputes = [
            (one.id, one.gift_id, one.opened_at, one.amount.display("en_GB"))
            for one in books.open_disputes()
        ]
        mails = [
            (one.number, one.address, one.due_at, str(one.attempts), _mail_state(one))
            for one in books.unsent()
        ]
    _table("events", ("which", "type", "when", "why"), events)
    _table("disputes", ("which", "gift", "when", "amount"), disputes)
    _table("mails", ("which", "to", "when", "tries", "why"), mails)
    faults = [(text(f"cli.check.{what}"), one) for what, found in broken.items() for one in found]
    _table("broken", ("what", "which"), faults)
    if not faults:
        say("cli.sound")
    return 1 if faults else 0


COMMANDS = {"serve": serve, "send": send, "settle": settle, "check": check, "migrate": migrate}


def port_number(typed: str) -> int:
    """A port as argparse reads it. Raises ValueError for one that no server can have."""
    if not 0 < (port := int(typed)) < 2**16:
        raise ValueError(port)
    return port


def listen(app: WSGIApplication, host: str, port: int) -> BaseWSGIServer:
    """A server bound to its address. Raises Explained when it cannot be."""
    try:
        return create_server(
            app, host=host, port=port, threads=8, max_request_body_size=2 * LARGEST_BODY
        )
    except (OSError, ValueError) as error:  # a host's name that nobody knows is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise Explained("cli.cannot_listen", address=f"{host}:{port}", reason=reason) from None


@contextmanager
def until_stopped() -> Iterator[None]:
    """Ctrl-C and SIGTERM end what is done within, and are no error."""

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    # Ctrl-C too: a shell that starts a program in the background lets it ignore the signal.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    with suppress(KeyboardInterrupt):
        yield


def _ready_ledger(settings: Settings) -> Ledger:
    ledger = Ledger(settings.database_url)
    if not ledger.ready():
        raise Explained("cli.not_migrated")
    return ledger


def _table(title: str, columns: Sequence[str], rows: Sequence[tuple[str | datetime, ...]]) -> None:
    """A table on the terminal; nothing when it would be empty."""
    if not rows:
        return
    table = Table(*(text(f"cli.check.{one}") for one in columns), title=text(f"cli.check.{title}"))
    for row in rows:
        table.add_row(*(Text(cell if isinstance(cell, str) else f"{cell:%F %T}") for cell in row))
    Console().print(table)


def _outcome(event: KeptEvent) -> str:
    return text(f"cli.event.{event.outcome}", waits_for=event.waits_for or "")


def _mail_state(mail: Unsent) -> str:
    if mail.dead and mail.reason:
        return text("cli.check.given_up", reason=_why(mail.reason))
    return _why(mail.reason) if mail.reason else text("cli.check.waiting")


def _why(reason: Explained) -> str:
    return text(reason.message, **reason.values)


def explaining(command: Callable[[], int]) -> int:
    """The exit code of ``command``; what goes wrong is a line of words, never a trace."""
    try:
        return command()
    except (SettingWrong, FileWrong) as error:
        say(error.message, sys.stderr, **error.values)
        return 2
    except Explained as error:
        say(error.message, sys.stderr, **error.values)
    except StripeUnavailable:
        say("cli.stripe_away", sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def text(message: str, **values: str) -> str:
    """A text of the catalogs in both languages, on one line."""
    return " / ".join(translate(CATALOGS, code, message) % values for code in ("zh", "en"))


def say(message: str, stream: TextIO | None = None, **values: str) -> None:
    """Print a text in both languages."""
    write_line(text(message, **values), stream)


def write_line(line: str, stream: TextIO | None = None) -> None:
    """Print a line; a sign that the terminal does not have becomes ``?``."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()
