"""Booking under pressure: many processes at the same moment, roll-backs, and kills."""

import signal
import subprocess
import sys
import textwrap
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
import requests

from donations_api.clerk import Outcome
from donations_api.gift import Receipt
from donations_api.ledger import Ledger
from donations_api.settings import ROOT, Settings
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.processes import FORKS, PROCESSES, run_all
from tests.donations.running import served, until
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


def post_all(address: str, events: list[dict[str, Any]], together: Barrier) -> None:
    """One of many processes: post each event at the same moment as the others do."""
    for event in events:
        body = body_of(event)
        together.wait(timeout=60)
        header = {"Stripe-Signature": signed(body, at=datetime.now(UTC))}
        answer = requests.post(f"{address}/webhooks/stripe", body, headers=header, timeout=60)
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
        portals = [stack.enter_context(served(settings)) for _ in range(2)]
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


def number_some(database_url: str, worker: int, counted: bool, together: Barrier) -> None:
    """Take numbers in transactions of which every third one is rolled back.

    ``counted`` False takes each number in a transaction of its own, as a sequence would.
    """
    ledger = Ledger(database_url)
    together.wait(timeout=60)
    for turn in range(6):
        with ledger.books() as books:
            serial = books.next_serial("house", 2026)
            if not counted:
                books.commit()
        with ledger.books() as books:
            if counted:
                serial = books.next_serial("house", 2026)
            kind, name = "cn", f"{worker}_{turn}"
            number = f"XX-2026-{serial:06}"
            books.add_receipt(
                Receipt(
                    f"receipt_{name}",
                    kind,
                    name,
                    f"gift_{name}",
                    "house",
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
