"""Books of an earlier version are brought to this one's shape with all that is in them."""

import json
import sqlite3
from pathlib import Path

import yoyo

from donations_api.entry import Kind
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.money import Money

MIGRATIONS = Path(__file__).resolve().parents[2] / "donations_api" / "migrations"
FIRST = ("0001.books", "0002.kept_for_ever")
WHEN = "2026-11-23T08:00:00.000000+00:00"
SAID = {"number": "XX-2026-000001", "amount": 20000, "currency": "CNY", "language": "zh"}


def books_of_the_first_version(file: Path) -> None:
    """A gift that came, its receipt sent; and one that waits, whose mail waits too."""
    with yoyo.get_backend(f"sqlite:///{file}") as backend:
        found = yoyo.read_migrations(str(MIGRATIONS), str(MIGRATIONS / "sqlite"))
        backend.apply_migrations(
            yoyo.migrations.MigrationList(one for one in found if one.id in FIRST)
        )
    gift = "once", "most-needed", "xinxing", "zh", "张伟", "zhang@example.org", 1, "愿", "2026-11"
    said = json.dumps(SAID, ensure_ascii=False)
    connection = sqlite3.connect(file)
    with connection:
        for name, state in (("gift_1", "received"), ("gift_2", "pending"), ("gift_3", "received")):
            connection.execute(
                "INSERT INTO gifts VALUES (?, ?, 20000, 'CNY', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                (name, state, *gift, WHEN),
            )
        for number, name in ((1, "gift_1"), (2, "gift_3")):
            connection.execute(
                "INSERT INTO entries VALUES (?, 'gift', ?, 20000, 'CNY', 'most-needed', 'xinxing',"
                " ?, 'evt_1', ?, ?)",
                (f"entry_{number}", name, f"pi_{number}", WHEN, WHEN),
            )
            connection.execute(
                "INSERT INTO receipts VALUES (?, 'cn', ?, 'xinxing', 2026, ?, ?, ?, ?)",
                (f"receipt_{number}", name, number, f"XX-2026-{number:06}", WHEN, said),
            )
            connection.execute(
                "INSERT INTO outbox VALUES (?, 'receipt', ?, 'zhang@example.org', ?, ?, 1, ?, NULL,"
                " NULL)",
                (
                    f"mail_{number}",
                    f"receipt_{number}",
                    f"<{number}@example.org>",
                    WHEN,
                    WHEN if number == 1 else None,
                ),
            )
        connection.execute("INSERT INTO receipt_numbers VALUES ('xinxing', 2026, 2)")
        connection.execute(
            "INSERT INTO events VALUES ('evt_1', 't', ?, ?, 0, '{}', 'booked', 'gift_1')",
            (WHEN, WHEN),
        )
    connection.close()


def test_nothing_is_lost_on_the_way_to_this_version(tmp_path: Path) -> None:
    """Gifts, entries, receipts, numbers, waiting mail are as they were; refunds find their gift."""
    file = tmp_path / "donations.db"
    books_of_the_first_version(file)
    ledger = Ledger(f"sqlite:///{file}")
    assert not ledger.ready()
    ledger.migrate()
    assert ledger.ready()
    with ledger.books() as books:
        gift, waiting, receipt = (
            books.gift("gift_1"),
            books.gift("gift_2"),
            books.receipt_of("gift_1"),
        )
        first, second = books.entries()
        (mail,) = books.unsent()
        paid = books.payment("pi_2")
        assert books.next_serial("xinxing", 2026) == 3
        assert gift
        assert waiting
        assert receipt
        assert paid
        assert (gift.state, waiting.state) == (State.RECEIVED, State.PENDING)
        assert (gift.name, gift.message, gift.fee_cover, gift.dedication) == ("张伟", "愿", 0, "")
        assert (first.kind, first.amount) == (Kind.GIFT, Money(20000, "CNY"))
        assert (receipt.cause, dict(receipt.snapshot)) == ("pi_1", SAID)
        assert (mail.number, mail.attempts) == ("XX-2026-000002", 1)
        assert (paid.gift_id, paid.reference) == (second.gift_id, "pi_2")
