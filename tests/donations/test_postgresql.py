"""The lock in which PostgreSQL's writers queue; a pooler in between; a process that freezes."""

import os
import signal
from dataclasses import replace
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from donations_api.books import INVARIANTS, Books
from donations_api.databases import PostgreSQL
from donations_api.errors import LedgerUnavailable
from donations_api.gift import State
from donations_api.giving import load_giving
from donations_api.ledger import Ledger
from donations_api.webhook import receive
from tests.donations.processes import FORKS, PROCESSES, run_all
from tests.donations.running import settings_for, until
from tests.donations.stripe_events import (
    EXPIRED,
    NOW,
    a_session,
    an_event,
    body_of,
    kept,
    signed,
)
from tests.postgres import Server, pooler

FAILED = "checkout.session.async_payment_failed"


def begin_without_lock(_: PostgreSQL, connection: Any) -> None:
    connection.execute("BEGIN")


def move_slowly(books: Books, gift_id: str, state: State, move: Any = Books.move_gift) -> None:
    """Between what was read and what is written, who may come between does."""
    sleep(0.005)
    move(books, gift_id, state)


def bring(database_url: str, bodies: list[bytes], locked: bool, together: Barrier) -> None:
    """A process that takes events, each at the same moment as all the others.

    ``locked`` False takes the lock away in which PostgreSQL's writers queue.
    """
    if not locked:
        PostgreSQL.begin = begin_without_lock  # type: ignore[method-assign, assignment]
    Books.move_gift = move_slowly  # type: ignore[method-assign, assignment]
    settings = replace(settings_for(Path()), database_url=database_url)
    giving, ledger = load_giving(settings.content), Ledger(database_url)
    for body in bodies:
        together.wait(timeout=60)
        receive(ledger, giving, settings, body, signed(body), NOW)


@pytest.mark.parametrize("locked", [True, False], ids=["with the lock", "without the lock"])
def test_paid_and_expired_at_once_end_in_received(server: Server, locked: bool) -> None:
    """Sixteen processes on PostgreSQL bring "paid", "expired" and "failed" of the same gifts at the
    same moment. Without the lock one of them writes over what it has not read.
    """
    url = server.url(server.new_database())
    ledger = Ledger(url)
    ledger.migrate()
    gifts = [kept(ledger) for _ in range(12)]
    unpaid = {"payment_status": "unpaid", "status": "expired"}
    lists = [
        [
            body_of(
                an_event(a_session(gift))
                if n % 4 == 0
                else an_event(a_session(gift, **unpaid), EXPIRED if n % 4 == 1 else FAILED)
            )
            for gift in gifts
        ]
        for n in range(PROCESSES)
    ]
    together = FORKS.Barrier(PROCESSES)
    run_all(bring, [(url, bodies, locked, together) for bodies in lists])
    with ledger.books() as books:
        states = [gift.state for one in gifts if (gift := books.gift(one.id))]
        assert len(books.entries()) == len(gifts)
        assert [row for one in INVARIANTS for row in books.broken(one)] == []
    assert (set(states) == {State.RECEIVED}) is locked


def test_behind_a_pooler_in_transaction_mode_everything_works(server: Server) -> None:
    """Sixteen processes share three connections, which change under them with each transaction:
    the migration, the queue of writers and the books are as without a pooler.
    """
    database = server.new_database()
    with pooler(server, database, connections=3) as url:
        ledger = Ledger(url)
        ledger.migrate()
        assert ledger.ready()
        gifts = [kept(ledger) for _ in range(6)]
        bodies = [body_of(an_event(a_session(gift))) for gift in gifts]
        together = FORKS.Barrier(PROCESSES)
        run_all(bring, [(url, bodies, True, together) for _ in range(PROCESSES)])
        with ledger.books() as books:
            assert len(books.entries()) == len(gifts)
            assert [row for one in INVARIANTS for row in books.broken(one)] == []


def hold(database_url: str, ready: Event) -> None:
    """A process that opens the books and never goes on."""
    with Ledger(database_url).books():
        ready.set()
        sleep(120)  # the test kills it long before


def test_who_is_stopped_in_the_midst_of_it_does_not_stop_the_others(server: Server) -> None:
    """A process freezes while it holds PostgreSQL's lock: after ten seconds the server lets go."""
    url = server.url(server.new_database())
    ledger = Ledger(url)
    ledger.migrate()
    ready = FORKS.Event()
    frozen = FORKS.Process(target=hold, args=(url, ready))
    frozen.start()
    assert ready.wait(60)
    assert frozen.pid
    os.kill(frozen.pid, signal.SIGSTOP)
    try:
        with pytest.raises(LedgerUnavailable), ledger.books():
            pass
        until(lambda: _opens(ledger))
    finally:
        frozen.kill()
        frozen.join(10)


def _opens(ledger: Ledger) -> bool:
    try:
        with ledger.books():
            return True
    except LedgerUnavailable:
        return False
