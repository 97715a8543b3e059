"""A mail server and a Stripe that hang slow no webhook down."""

import socket
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import requests

from donations_api.ledger import Ledger
from donations_api.stripe_gateway import LINES
from tests.donations.mail_servers import Box, mail_server
from tests.donations.running import FORM, served, settings_for, until
from tests.donations.stripe_events import a_session, an_event, body_of, kept, signed

WEBHOOKS = 60
DONORS = 2 * LINES + 4


@contextmanager
def black_hole() -> Iterator[str]:
    """An address that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        held: list[socket.socket] = []

        def hold() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        Thread(target=hold, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        for one in held:
            one.close()


def webhook_times(address: str, ledger: Ledger) -> list[float]:
    """How long each of many webhooks of different gifts waits for its 200, in seconds."""
    times = []
    for _ in range(WEBHOOKS):
        body = body_of(an_event(a_session(kept(ledger))))
        header = {"Stripe-Signature": signed(body, at=datetime.now(UTC))}
        began = time.monotonic()
        answer = requests.post(f"{address}/webhooks/stripe", body, headers=header, timeout=30)
        times.append(time.monotonic() - began)
        assert answer.status_code == 200
    return times


@contextmanager
def donors_who_wait(address: str) -> Iterator[None]:
    """More donors than there are lines to Stripe, who try again and again."""
    stop, statuses = Event(), []

    def donor(number: int) -> None:
        form = FORM | {"email": f"donor{number}@example.org"}
        while not stop.is_set():
            answer = requests.post(f"{address}/donations", form, timeout=60)
            statuses.append(answer.status_code)
            stop.wait(4)  # as people who read what the page says

    with ThreadPoolExecutor(DONORS) as donors:
        for number in range(DONORS):
            donors.submit(donor, number)
        try:
            # For whom there is no line, there is an answer; the others wait.
            until(lambda: len(statuses) >= DONORS - LINES)
            yield
        finally:
            stop.set()
    assert set(statuses) <= {503, 429}


def test_webhooks_are_answered_as_fast_while_mail_and_stripe_hang(tmp_path: Path) -> None:
    """Sixty webhooks with everything well, and sixty while each mail hangs and more donors than
    there are lines wait for Stripe: the same time, but for what a busy machine adds. The donors
    beyond the lines are asked at once to try again.
    """
    times = {}
    for hanging in (False, True):
        folder = tmp_path / str(hanging)
        folder.mkdir()
        settings = settings_for(folder)
        ledger = Ledger(settings.database_url)
        ledger.migrate()
        with ExitStack() as stack:
            if hanging:
                hole = stack.enter_context(black_hole())
                settings = replace(
                    settings, smtp_url=f"smtp://{hole}", stripe_api_base=f"http://{hole}"
                )
            else:
                server = stack.enter_context(mail_server(Box()))
                settings = replace(settings, smtp_url=f"smtp://{server}")
            address = stack.enter_context(served(settings))
            if hanging:
                stack.enter_context(donors_who_wait(address))
            times[hanging] = webhook_times(address, ledger)
    well, ill = (statistics.median(times[hanging]) for hanging in (False, True))
    assert ill < 2 * well + 0.05, (well, ill)
    assert max(times[True]) < 2
