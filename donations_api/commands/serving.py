"""``serve`` and ``migrate``: the portal as a long-lived server, and the shape of its database."""

import argparse
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, Thread
from types import FrameType
from typing import NoReturn, Self
from wsgiref.types import WSGIApplication

from waitress.server import (  # type: ignore[import-untyped]  # it brings no types along
    BaseWSGIServer,
    create_server,
)

from donations_api.app import LARGEST_BODY, create_app, drain, utc_now
from donations_api.commands import DONE, ready_ledger
from donations_api.console import say, text
from donations_api.errors import Explained
from donations_api.ledger import Ledger
from donations_api.settings import Settings
from donations_api.stripe_gateway import LINES
from donations_api.traces import trace

log = logging.getLogger(__name__)

_DRAIN_EVERY = 60  # seconds; mail that was delayed comes due without anybody calling


def serve_words(parser: argparse.ArgumentParser) -> None:
    host, port = os.environ.get("HOST"), os.environ.get("PORT")
    parser.add_argument("--host", default=host or "127.0.0.1", help=text("cli.host"))
    parser.add_argument("--port", default=port or "9000", type=port_number, help=text("cli.port"))


def serve(settings: Settings, options: argparse.Namespace) -> int:
    """The portal as a long-lived server, which sends its mail by itself."""
    ready_ledger(settings)
    postman = Postman(settings)
    server = listen(create_app(settings, on_queued=postman.wake), options.host, options.port)
    with until_stopped(), postman:
        say("cli.listening", address=f"http://{options.host}:{options.port}")
        server.run()
    server.close()
    return DONE


def migrate(settings: Settings, _options: argparse.Namespace) -> int:
    Ledger(settings.database_url).migrate()
    say("cli.migrated")
    return DONE


class Postman:
    """Drains the outbox beside the server: each minute, and when something was queued.

    No answer waits for it, however slow the mail server is. Were it to die, the next start or the
    schedule sends: what is to be sent is in the outbox. ``clock`` tells UTC.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._called, self._stopping = Event(), Event()

    def __enter__(self) -> Self:
        # A daemon: who stops the server does not wait for a mail server that hangs.
        Thread(target=self._go_round, name="postman", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._called.set()

    def wake(self) -> None:
        """Something was queued."""
        self._called.set()

    def _go_round(self) -> None:
        while not self._stopping.is_set():
            self._called.clear()
            try:
                drain(self._settings, self._clock())
            except Exception as error:  # noqa: BLE001  # the next round tries again
                log.error("the outbox could not be drained: %s", trace(error))
            self._called.wait(_DRAIN_EVERY)


def port_number(typed: str) -> int:
    """A port as argparse reads it. Raises ValueError for one that no server can have."""
    if not 0 < (port := int(typed)) < 2**16:
        raise ValueError(port)
    return port


def listen(
    app: WSGIApplication, host: str, port: int, *, largest_body: int = LARGEST_BODY
) -> BaseWSGIServer:
    """A server bound to its address. Raises Explained when it cannot be.

    ``largest_body`` is what ``app`` takes, in bytes: what is a little larger it still gets, to
    refuse it in words of its own.
    """
    try:
        return create_server(
            app, host=host, port=port, threads=2 * LINES, max_request_body_size=2 * largest_body
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
