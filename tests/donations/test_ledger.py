"""The books: what is committed lasts, what is not never was, and what is booked never changes."""

import sqlite3
import subprocess
import sys
import textwrap
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from donations_api.books import Books
from donations_api.errors import Explained
from donations_api.gift import Entry, Kind, Receipt, State
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.records import Event, Message
from donations_api.settings import ROOT
from tests.donations.conftest import Rows
from tests.donations.stripe_events import NOW, a_gift, kept


def an_entry(gift_id: str, reference: str = "pi_1") -> Entry:
    money = Money(20000, "CNY")
    return Entry(Kind.GIFT, gift_id, money, "most-needed", "xinxing", reference, "evt_1", NOW, NOW)


def a_receipt(
    gift_id: str,
    serial: int = 1,
    kind: str = "cn",
    id_: str = "receipt_1",
    cause: str = "pi_1",
) -> Receipt:
    number, said = f"XX-2026-{serial:06}", {"donor": "张伟", "demo": True}
    return Receipt(id_, kind, cause, gift_id, "xinxing", 2026, serial, number, NOW, said)


def a_mail(id_: str) -> Message:
    to = "zhang@example.org"
    return Message(id_, "receipt", "pi_1", "receipt_1", None, None, {}, to, f"<{id_}@example.org>")


def test_what_goes_in_comes_out_the_same(ledger: Ledger) -> None:
    """Gifts, entries and receipts keep every field: states, money, flags, times in UTC."""
    elsewhere = NOW.astimezone(timezone(timedelta(hours=8)))
    gift = a_gift(state=State.CONFIRMING, anonymous=False, created_at=elsewhere)
    with ledger.books() as books:
        assert books.add_gift(gift)
        assert books.post(an_entry(gift.id))
        assert books.add_receipt(a_receipt(gift.id))
        books.commit()
    with ledger.books() as books:
        assert books.gift(gift.id) == gift
        assert books.entries() == [an_entry(gift.id)]
        assert books.receipt_of(gift.id) == books.receipt("receipt_1") == a_receipt(gift.id)
        assert books.gift("gift_unknown") is None
        assert books.receipt_of("gift_unknown") is None


def test_without_commit_nothing_was_written(ledger: Ledger) -> None:
    """Leaving the books without ``commit()``, or by an error, takes everything back."""
    first, second = a_gift(), a_gift()
    with ledger.books() as books:
        books.add_gift(first)

    def fail() -> None:
        with ledger.books() as books:
            assert books.add_gift(second)
            books._connection.execute("SELECT nonsense")

    with pytest.raises(sqlite3.OperationalError):
        fail()
    with ledger.books() as books:
        assert books.gift(first.id) is None
        assert books.gift(second.id) is None


def test_a_part_is_taken_back_alone(ledger: Ledger) -> None:
    """A number that was taken for nothing goes back; the rest of the transaction stands."""
    gift = a_gift()
    with ledger.books() as books:
        books.add_gift(gift)
        assert books.next_serial("xinxing", 2026) == 1
        with books.tentatively() as take_back:
            assert books.next_serial("xinxing", 2026) == 2
            take_back()
        assert books.next_serial("xinxing", 2026) == 2
        books.commit()
    with ledger.books() as books:
        assert books.gift(gift.id) == gift


def test_gifts_are_counted_by_address_and_in_all(ledger: Ledger) -> None:
    """Only gifts since the moment count, the moment's own included."""
    kept(ledger, created_at=NOW - timedelta(seconds=1))
    kept(ledger, created_at=NOW)
    kept(ledger, created_at=NOW, email="li@example.org")
    with ledger.books() as books:
        asked = books.gifts_since(NOW, "zhang@example.org")
    assert (asked.by_address, asked.in_all) == (1, 2)


@pytest.mark.parametrize("table", ["entries", "receipts"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = 'other'", "DELETE FROM {}"])
def test_entries_and_receipts_never_change(
    ledger: Ledger, rows: Rows, table: str, change: str
) -> None:
    """The database itself refuses it, whoever asks; without the triggers it would not."""
    gift = kept(ledger)
    with ledger.books() as books:
        books.post(an_entry(gift.id))
        books.add_receipt(a_receipt(gift.id))
        books.commit()
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} are never"):
        rows(change.format(table))

    for (trigger,) in rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        rows(f"DROP TRIGGER {trigger}")
    rows(change.format(table))


def test_each_key_refuses_a_second_row(ledger: Ledger, rows: Rows) -> None:
    """An event, a payment, a gift's receipt, a number and a receipt's mail exist once.

    Each is refused by one named key alone: with that key dropped the second row goes in.
    """
    gift, other = kept(ledger), kept(ledger)
    event = Event("evt_1", "some.event", NOW, NOW, False, "{}")
    with ledger.books() as books:
        assert books.keep_event(event)
        assert books.post(an_entry(gift.id))
        assert books.add_receipt(a_receipt(gift.id))
        books.note_invoice(gift.id, "in_1")
        assert books.queue(a_mail("mail_1"), NOW)
        books.commit()

    def noted(books: Books, gift_id: str) -> bool:
        try:
            books.note_invoice(gift_id, "in_1")
        except sqlite3.IntegrityError:
            return False
        return True

    def second(key: str) -> bool:
        with ledger.books() as books:
            return {
                "events_once": lambda: books.keep_event(event),
                "entries_once": lambda: books.post(an_entry(other.id)),
                "receipts_once": lambda: books.add_receipt(
                    a_receipt(gift.id, 2, id_="receipt_2", cause="pi_2")
                ),
                "receipt_causes_once": lambda: books.add_receipt(
                    a_receipt(other.id, 3, id_="receipt_3")
                ),
                "receipt_numbers_once": lambda: books.add_receipt(
                    a_receipt(other.id, 1, id_="receipt_4", cause="pi_4")
                ),
                "outbox_once": lambda: books.queue(a_mail("mail_2"), NOW),
                "gift_invoices_once": lambda: noted(books, other.id),
            }[key]()

    keys = [
        name
        for (name,) in rows("SELECT name FROM sqlite_master WHERE name LIKE '%\\_once' ESCAPE '\\'")
    ]
    assert len(keys) == 7
    for key in keys:
        assert not second(key), key
        rows(f"DROP INDEX {key}")
        assert second(key), key


def test_the_file_is_kept_safe(ledger: Ledger) -> None:
    """No WAL (SQLite before 3.51.3 may corrupt it), synced to the disk, references enforced."""
    with ledger.books() as books:
        connection = books._connection
        found = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["delete", 3, 1, 5000]
    with ledger.books() as books, pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        books.post(an_entry("gift_unknown"))


def test_a_second_writer_waits_from_the_start(ledger: Ledger, settings_path: Path) -> None:
    """Who opens the books holds the lock at once, before the first write."""
    with ledger.books():
        other = sqlite3.connect(settings_path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.fixture
def settings_path(tmp_path: Path) -> Path:
    return tmp_path / "donations.db"


@pytest.mark.parametrize("name", ["donations.db", "new/folder/d.db", "捐赠 100%20 a?b#c/账 本.db"])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    """Folders are made; blanks, Chinese and signs that mean something in an address are kept."""
    ledger = Ledger(f"sqlite:///{tmp_path / name}")
    assert not ledger.ready()
    ledger.migrate()
    assert ledger.ready()
    kept(ledger)
    assert (tmp_path / name).is_file()


def test_a_relative_path_starts_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Ledger("sqlite:///var/donations.db").migrate()
    assert (tmp_path / "var" / "donations.db").is_file()


def test_a_wrong_path_makes_no_second_books(tmp_path: Path) -> None:
    """Opening books that are not there fails, and leaves no empty file behind."""
    with pytest.raises(sqlite3.OperationalError), Ledger(f"sqlite:///{tmp_path}/x.db").books():
        pass
    assert list(tmp_path.iterdir()) == []


def test_ready_means_the_shape_of_this_version(ledger: Ledger, rows: Rows) -> None:
    """A database that lacks a migration is not ready; migrating mends it and loses nothing."""
    gift = kept(ledger)
    assert ledger.ready()
    rows("DROP TABLE disputes")
    rows("DROP TABLE payments")
    rows("DROP TABLE pledges")
    rows("DROP INDEX events_waiting")
    rows("ALTER TABLE events DROP COLUMN waits_for")
    rows("DELETE FROM _yoyo_migration WHERE migration_id = '0003.every_way_to_give'")
    assert not ledger.ready()
    ledger.migrate()
    assert ledger.ready()
    with ledger.books() as books:
        assert books.gift(gift.id) == gift


def test_many_programs_may_migrate_at_once(tmp_path: Path) -> None:
    """Several workers start together on an empty disk; all of them find the books in shape."""
    url = f"sqlite:///{tmp_path / 'donations.db'}"
    script = f"from donations_api.ledger import Ledger; Ledger({url!r}).migrate()"
    workers = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for worker in workers:
        _, trouble = worker.communicate(timeout=60)
        assert worker.returncode == 0, trouble.decode()
    assert Ledger(url).ready()


def test_a_migration_that_was_stopped_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock of a program that died is not waited for without end; the operator is told."""
    import yoyo

    monkeypatch.setattr("donations_api.ledger._MIGRATED_WITHIN", 0.2)
    path = tmp_path / "donations.db"
    with yoyo.get_backend(f"sqlite:///{path}") as backend:
        backend._insert_lock_row(1, 1)
    began = time.monotonic()
    with pytest.raises(Explained) as caught:
        Ledger(f"sqlite:///{path}").migrate()
    assert caught.value.message == "ledger.migration_locked"
    assert time.monotonic() - began < 5


def test_times_sort_as_text(ledger: Ledger, rows: Rows) -> None:
    """A time of another zone is written in UTC, a whole second with as many digits as any other."""
    kept(ledger, created_at=datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))))
    assert rows("SELECT created_at FROM gifts") == [("2026-01-01T00:00:00.000000+00:00",)]


def test_nothing_is_loaded_or_opened_by_naming_a_ledger(tmp_path: Path) -> None:
    """A ledger costs nothing until it is used, and a request never loads the migration tool."""
    script = f"""
        import os, sys
        from donations_api.ledger import Ledger
        ledger = Ledger("sqlite:///{tmp_path}/x.db")
        assert not os.path.exists("{tmp_path}/x.db")
        assert "yoyo" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, check=True)
