"""Books of an earlier version are brought to this one's shape with all that is in them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yoyo

from donations_api.books import INVARIANTS
from donations_api.databases import database_at
from donations_api.entry import Account, Kind
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.money import Money
from tests.donations.guards import Rows
from tests.postgres import Server

WHEN = "2026-11-23T08:00:00.000000+00:00"
SAID = {"number": "XX-2026-000001", "amount": 20000, "currency": "CNY", "language": "zh"}

# The last step of each version that was released.
RELEASED = ("0002.kept_for_ever", "0004.every_way_to_give", "0005.balanced", "0006.statement")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'donations.db'}"
    else:
        server: Server = request.getfixturevalue("server")
        yield server.url(server.new_database())


def bring_to(url: str, last: str) -> None:
    """Apply the steps up to ``last``, as that version did."""
    database = database_at(url)
    with yoyo.get_backend(database.address) as backend:
        found = yoyo.read_migrations(*map(str, database.migrations))
        wanted = yoyo.migrations.MigrationList(one for one in found if one.id <= last)
        backend.apply_migrations(backend.to_apply(wanted))


def fill_the_first_version(rows: Rows) -> None:
    """A gift that came, its receipt sent; one that came, whose mail waits; one that waits."""
    gift = (
        "once",
        "most-needed",
        "house",
        "zh",
        "张伟",
        "zhang@example.org",
        True,
        "愿",
        "2026-11",
    )
    said = json.dumps(SAID, ensure_ascii=False)
    for name, state in (("gift_1", "received"), ("gift_2", "pending"), ("gift_3", "received")):
        rows(
            "INSERT INTO gifts VALUES (?, ?, 20000, 'CNY', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            *(name, state, *gift, WHEN),
        )
    for number, name in ((1, "gift_1"), (2, "gift_3")):
        rows(
            "INSERT INTO entries VALUES (?, 'gift', ?, 20000, 'CNY', 'most-needed', 'house',"
            " ?, 'evt_1', ?, ?)",
            *(f"entry_{number}", name, f"pi_{number}", WHEN, WHEN),
        )
        rows(
            "INSERT INTO receipts VALUES (?, 'cn', ?, 'house', 2026, ?, ?, ?, ?)",
            *(f"receipt_{number}", name, number, f"XX-2026-{number:06}", WHEN, said),
        )
        rows(
            "INSERT INTO outbox VALUES (?, 'receipt', ?, 'zhang@example.org', ?, ?, 1, ?, NULL,"
            " NULL)",
            *(f"mail_{number}", f"receipt_{number}", f"<{number}@example.org>", WHEN),
            WHEN if number == 1 else None,
        )
    rows("INSERT INTO receipt_numbers VALUES ('house', 2026, 2)")
    rows(
        "INSERT INTO events VALUES ('evt_1', 't', ?, ?, ?, '{}', 'booked', 'gift_1')",
        *(WHEN, WHEN, False),
    )


def add_what_the_second_version_knew(rows: Rows) -> None:
    """A refund with its cancellation, a dispute whose money came again, and an event that waits."""
    for kind, minor, reference in (
        ("refund", -5000, "re_1"),
        ("dispute_withdrawn", -20000, "dp_1"),
        ("dispute_reinstated", 20000, "dp_1"),
    ):
        rows(
            "INSERT INTO entries (id, kind, gift_id, amount, currency, fund, recipient, reference,"
            " source, received_at, booked_at)"
            " VALUES (?, ?, 'gift_3', ?, 'CNY', 'most-needed', 'house', ?, 'evt_2', ?, ?)",
            *(f"entry_{kind}", kind, minor, reference, WHEN, WHEN),
        )
    rows(
        "INSERT INTO receipts (id, kind, cause, gift_id, recipient, year, serial, number,"
        " issued_at, snapshot) VALUES ('receipt_3', 'cancellation', 're_1', 'gift_3', 'house',"
        " 2026, 3, 'XX-2026-000003', ?, ?)",
        *(WHEN, json.dumps({"amount": 5000, "currency": "CNY"})),
    )
    rows(
        "INSERT INTO outbox (id, kind, cause, receipt_id, gift_id, said, address, message_id,"
        " due_at, attempts, sent_at) VALUES ('mail_3', 'cancellation', 're_1', 'receipt_3',"
        " 'gift_3', '{}', 'zhang@example.org', '<3@example.org>', ?, 1, ?)",
        *(WHEN, WHEN),
    )
    rows("UPDATE receipt_numbers SET serial = 3")
    rows(
        "INSERT INTO events (id, type, created_at, received_at, livemode, payload, outcome,"
        " waits_for) VALUES ('evt_9', 'refund.failed', ?, ?, ?, '{}', 'waiting', 're_9')",
        *(WHEN, WHEN, False),
    )


@pytest.mark.parametrize("released", RELEASED)
def test_nothing_is_lost_on_the_way_to_this_version(url: str, released: str) -> None:
    """Gifts, entries, receipts, numbers, waiting mail are as they were; refunds find their gift,
    and amounts that were below zero say now from where to where they went.
    """
    rows, ledger = Rows(url), Ledger(url)
    bring_to(url, RELEASED[0])
    fill_the_first_version(rows)
    if released > RELEASED[0]:
        bring_to(url, RELEASED[1])
        add_what_the_second_version_knew(rows)
    bring_to(url, released)
    assert not ledger.ready()
    ledger.migrate()
    assert ledger.ready()
    with ledger.books() as books:
        assert [row for one in INVARIANTS for row in books.broken(one)] == []
        gift, waiting = books.gift("gift_1"), books.gift("gift_2")
        receipt, first = books.receipt_of("gift_1"), books.entry(Kind.GIFT, "pi_1")
        (mail,) = books.unsent()
        paid = books.payment("pi_2")
        assert gift
        assert waiting
        assert receipt
        assert paid
        assert first
        assert (gift.state, waiting.state) == (State.RECEIVED, State.PENDING)
        assert (gift.name, gift.message, gift.fee_cover, gift.dedication) == ("张伟", "愿", 0, "")
        assert (first.taken_from, first.put_into) == (Account.DONORS, Account.STRIPE)
        assert first.amount == Money(20000, "CNY")
        assert (receipt.cause, dict(receipt.snapshot)) == ("pi_1", SAID)
        assert (mail.number, mail.attempts) == ("XX-2026-000002", 1)
        assert (paid.gift_id, paid.reference) == ("gift_3", "pi_2")
        if released > RELEASED[0]:
            assert {
                (one.kind.value, one.amount.minor, one.given.minor)
                for one in books.entries_of("gift_3")
            } == {
                ("gift", 20000, 20000),
                ("refund", 5000, -5000),
                ("dispute_withdrawn", 20000, -20000),
                ("dispute_reinstated", 20000, 20000),
            }
            assert [one.waits_for for one in books.events_with("waiting")] == ["re_9"]
        last = 3 if released > RELEASED[0] else 2
        assert books.next_serial("house", 2026) == last + 1
    with pytest.raises(Exception, match="entries are never"):
        rows("DELETE FROM entries")


def test_both_databases_have_the_same_shape(tmp_path: Path, server: Server) -> None:
    """Every table has the same columns, and the same unique keys, on SQLite and on PostgreSQL."""
    lite, post = f"sqlite:///{tmp_path}/donations.db", server.url(server.new_database())
    for url in (lite, post):
        Ledger(url).migrate()
    tables = Rows(post)(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema ="
        " 'public'"
    )
    found = {(table, column) for table, column in tables if "yoyo" not in table}
    rows = Rows(lite)
    names = [
        name
        for (name,) in rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        if "yoyo" not in name and not name.startswith("sqlite_")
    ]
    assert found == {
        (table, column)
        for table in names
        for (column,) in rows("SELECT name FROM pragma_table_info(?)", table)
    }
    assert sorted(rows.keys()) == sorted(Rows(post).keys())
