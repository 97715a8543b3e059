"""Booking under pressure: many processes at the same moment, roll-backs, and kills."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import requests

from donations_api.books import INVARIANTS, Books
from donations_api.clerk import Outcome
from donations_api.databases import PostgreSQL
from donations_api.errors import LedgerUnavailable
from donations_api.gift import Receipt, State
from donations_api.giving import load_giving
from donations_api.ledger import Ledger
from donations_api.settings import ROOT, Settings
from donations_api.webhook import receive
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.running import settings_for, until
from tests.donations.stripe_events import (
    EXPIRED,
    NOW,
    a_gift,
    a_session,
    an_event,
    body_of,
    kept,
    signed,
)
from tests.postgres import Server, pooler

FAILED = "checkout.session.async_payment_failed"
# Its processes are forks of one that has loaded all this already.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
PROCESSES = 16


@contextmanager
def portal(settings: Settings) -> Iterator[str]:
    """The portal as its operator starts it, a process of its own; its webhook's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "STRIPE_API_KEY": settings.stripe_api_key,
        "STRIPE_API_BASE": settings.stripe_api_base,
        "STRIPE_WEBHOOK_SECRET": settings.webhook_secrets[0],
        "SECRET_KEY": settings.secret_key,
        "SITE_URL": settings.site_url,
        "SMTP_URL": settings.smtp_url,
        "MAIL_FROM": settings.mail_from,
    }
    command = [sys.executable, "-m", "donations_api", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: process.poll() is not None or _answers(address))
        assert process.poll() is None, "the portal did not start"
        yield f"{address}/webhooks/stripe"
    finally:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/ready", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def post_all(address: str, events: list[dict[str, Any]], together: Barrier) -> None:
    """One of many processes: post each event at the same moment as the others do."""
    for event in events:
        body = body_of(event)
        together.wait(timeout=60)
        header = {"Stripe-Signature": signed(body, at=datetime.now(UTC))}
        answer = requests.post(address, body, headers=header, timeout=60)
        assert answer.status_code == 200, answer.text


def race(addresses: list[str], lists: list[list[dict[str, Any]]]) -> None:
    """A process for each list of events, spread over the portals."""
    together = FORKS.Barrier(len(lists))
    run_all(
        post_all,
        [(addresses[n % len(addresses)], events, together) for n, events in enumerate(lists)],
    )


@pytest.mark.parametrize("guarded", [True, False], ids=["with the keys", "without the keys"])
def test_sixteen_senders_at_the_same_moment_book_once(
    ledger: Ledger, settings: Settings, rows: Rows, tmp_path: Path, guarded: bool
) -> None:
    """Paid and expired, in both orders, and other events of the same payment, to two portals:
    one gift, one entry, one receipt, one mail. With the unique keys dropped there are more.
    """
    if not guarded:
        rows.drop_keys()
    gift = kept(ledger)
    paid, other = an_event(a_session(gift)), an_event(a_session(gift))
    expired = an_event(a_session(gift, payment_status="unpaid", status="expired"), EXPIRED)
    orders = [[paid, expired], [expired, paid], [paid, other], [expired, other]]
    with ExitStack() as stack:
        portals = [stack.enter_context(portal(settings)) for _ in range(2)]
        race(portals, [orders[n % len(orders)] for n in range(PROCESSES)])
        until(lambda: rows("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [(0,)])
    found = {
        table: rows(f"SELECT count(*) FROM {table}")[0][0]
        for table in ("gifts", "entries", "receipts", "outbox")
    }
    mails = list((tmp_path / "mail").glob("*.eml"))
    with ledger.books() as books:
        ended = books.gift(gift.id)
    assert ended
    assert ended.state == "received"
    if guarded:
        assert found == {"gifts": 1, "entries": 1, "receipts": 1, "outbox": 1}
        assert len(mails) == 1
        assert rows("SELECT count(*) FROM events") == [(3,)]
    else:
        assert found["entries"] > 1
        assert len(mails) > 1


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


def run_all(work: Callable[..., None], arguments: list[tuple[Any, ...]]) -> None:
    """A process for each tuple of arguments; all of them end well."""
    workers = [FORKS.Process(target=work, args=given) for given in arguments]
    for one in workers:
        one.start()
    for one in workers:
        one.join(120)
    assert [one.exitcode for one in workers] == [0] * len(workers)


def number_some(database_url: str, worker: int, counted: bool, together: Barrier) -> None:
    """Take numbers in transactions of which every third one is rolled back.

    ``counted`` False takes each number in a transaction of its own, as a sequence would.
    """
    ledger = Ledger(database_url)
    together.wait(timeout=60)
    for turn in range(6):
        with ledger.books() as books:
            serial = books.next_serial("xinxing", 2026)
            if not counted:
                books.commit()
        with ledger.books() as books:
            if counted:
                serial = books.next_serial("xinxing", 2026)
            kind, name = "cn", f"{worker}_{turn}"
            number = f"XX-2026-{serial:06}"
            books.add_receipt(
                Receipt(
                    f"receipt_{name}",
                    kind,
                    name,
                    f"gift_{name}",
                    "xinxing",
                    2026,
                    serial,
                    number,
                    NOW,
                    {},
                )
            )
            if turn % 3:
                books.commit()


@pytest.mark.parametrize("counted", [True, False], ids=["from the row", "as from a sequence"])
def test_numbers_have_no_gap_although_some_are_rolled_back(
    ledger: Ledger, settings: Settings, rows: Rows, counted: bool
) -> None:
    """Sixteen processes take numbers at once and give some back: 1, 2, 3 … each of them once.

    A number that is taken in a transaction of its own leaves a gap.
    """
    with ledger.books() as books:
        for worker in range(PROCESSES):
            for turn in range(6):
                books.add_gift(a_gift(id=f"gift_{worker}_{turn}"))
        books.commit()
    together = FORKS.Barrier(PROCESSES)
    run_all(
        number_some,
        [(settings.database_url, n, counted, together) for n in range(PROCESSES)],
    )
    serials = [serial for (serial,) in rows("SELECT serial FROM receipts ORDER BY serial")]
    assert len(serials) == 4 * PROCESSES
    assert (serials == list(range(1, 4 * PROCESSES + 1))) is counted
    with ledger.books() as books:
        assert (books.broken("broken_numbering") == []) is counted


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


BOOK_AND_HANG = """
import sys, time
from datetime import datetime
from pathlib import Path
from donations_api import webhook
from donations_api.books import Books
from donations_api.giving import load_giving
from donations_api.clerk import Outcome
from donations_api.ledger import Ledger
from tests.donations.running import settings_for

def hang(self):
    print("booked, not committed", flush=True)
    time.sleep(60)  # the test kills it long before

commit = Books.commit
Books.commit = hang
settings = settings_for(Path(), database_url=sys.argv[1])
webhook.receive(
    Ledger(settings.database_url),
    load_giving(settings.content),
    settings,
    Path(sys.argv[2]).read_bytes(),
    sys.argv[3],
    datetime.fromisoformat(sys.argv[4]),
)
"""


def test_killed_between_booking_and_commit_nothing_is_booked(
    ledger: Ledger, settings: Settings, deliver: Deliver, rows: Rows, tmp_path: Path
) -> None:
    """The power goes at the worst moment: no half of it is there, and Stripe's retry books it all,
    with the number that the first try had taken.
    """
    event = an_event(a_session(kept(ledger)))
    body = tmp_path / "body.json"
    body.write_bytes(body_of(event))
    arguments = [settings.database_url, str(body), signed(body.read_bytes()), NOW.isoformat()]
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(BOOK_AND_HANG), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"booked, not committed\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    tables = ("events", "entries", "receipts", "receipt_numbers", "outbox", "event_failures")
    assert [rows(f"SELECT * FROM {table}") for table in tables] == [[]] * len(tables)
    assert deliver(event) == Outcome.BOOKED
    assert rows("SELECT number FROM receipts") == [("XX-2026-000001",)]
