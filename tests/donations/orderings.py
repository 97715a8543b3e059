"""Every order of one gift's events, each with a duplicate, brought to the webhook one by one."""

import hashlib
import itertools
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from donations_api.books import INVARIANTS
from donations_api.giving import load_giving
from donations_api.ledger import Ledger
from donations_api.webhook import receive
from tests.donations.running import make_books, settings_for
from tests.donations.stripe_events import NOW, signed

SEED = 20261125
# All orders take minutes and belong to the proofs; a seeded sixth of them to each run of the tests.
WHOLE = bool(os.environ.get("WHOLE"))
SHARE = 6

# Keeps a gift in the ledger and gives the events of its life, in the order in which they happened.
Life = Callable[[Ledger], tuple[str, list[dict[str, Any]]]]


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: tens of thousands of commits, and no disk to prove."""
    memory = Path("/dev/shm")  # noqa: S108  # a fresh folder is made in it
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def ends_of_all_orders(life: Life, first: int) -> dict[str, list[tuple[int, ...]]]:
    """The hashes in which the orders that begin with event ``first`` end, with their orders.

    Into each order one event is put a second time, at a place that ``SEED`` chooses.
    """
    ends: dict[str, list[tuple[int, ...]]] = {}
    with quick_folder() as folder:
        settings = settings_for(folder)
        giving, ledger = load_giving(settings.content), make_books(settings)
        count = len(life(ledger)[1])
        orders = [order for order in itertools.permutations(range(count)) if order[0] == first]
        if not WHOLE:
            chance = random.Random(f"{SEED} {first}")  # noqa: S311  # to be replayed
            orders = chance.sample(orders, len(orders) // SHARE)
        for order in orders:
            chance = random.Random(f"{SEED} {order}")  # noqa: S311  # to be replayed, not to be secret
            again = [*order]
            again.insert(chance.randint(0, count), chance.randrange(count))
            gift_id, events = life(ledger)
            for which in again:
                body = json.dumps(
                    events[which]
                ).encode()  # not indented, which takes ten times as long
                receive(ledger, giving, settings, body, signed(body), NOW)
            ends.setdefault(state_hash(ledger, gift_id), []).append(tuple(again))
        with ledger.books() as books:
            assert [row for one in INVARIANTS for row in books.broken(one)] == []
            assert books.events_with("waiting") == []
            assert books.failures() == []
    return ends


def state_hash(ledger: Ledger, gift_id: str) -> str:
    """One hash of all that is in the books about a gift and the pledge that it began.

    Gift states, entries with their sources, receipts' kinds and amounts, the pledge, the disputes;
    names that are made by chance, numbers and times of booking are left out.
    """
    with ledger.books() as books:
        ask = books._connection.execute
        of_pledge = "SELECT id FROM gifts WHERE id = :gift OR pledge_id = :pledge"
        gift = books.gift(gift_id)
        assert gift
        known = {"gift": gift.id, "pledge": gift.pledge_id or ""}
        found = {
            table: [tuple(row) for row in ask(f"{query} ({of_pledge}) ORDER BY 1, 2, 3, 4", known)]
            for table, query in {
                "gifts": "SELECT state, amount, coalesce(invoice_id, ''), frequency"
                " FROM gifts WHERE id IN",
                "entries": "SELECT kind, amount, reference, source FROM entries WHERE gift_id IN",
                "receipts": "SELECT kind, json_extract(snapshot, '$.amount'), cause, ''"
                " FROM receipts WHERE gift_id IN",
                "disputes": "SELECT state, amount, id, '' FROM disputes WHERE gift_id IN",
                "mails": "SELECT kind, cause, address, '' FROM outbox WHERE gift_id IN",
            }.items()
        }
        pledge = ask("SELECT state, amount FROM pledges WHERE id = :pledge", known).fetchall()
    told = json.dumps([found, [tuple(row) for row in pledge]]).replace(gift.id, "this")
    told = told.replace(gift.pledge_id or "this", "this")
    return hashlib.sha256(told.encode()).hexdigest()
