"""The books: what is committed lasts, what is not never was, and what is booked never changes."""

import json
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import UndefinedColumn

from donations_api.books import Books
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.errors import Explained, LedgerUnavailable
from donations_api.gift import Receipt, State
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.records import Act, Event, Message
from donations_api.settings import ROOT
from tests.donations.guards import Rows
from tests.donations.stripe_events import NOW, a_gift, kept

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)


def an_entry(gift_id: str, reference: str = "pi_1") -> Entry:
    kind, money = Kind.GIFT, Money(20000, "CNY")
    meant = "most-needed", "house"
    return Entry(kind, gift_id, *ROUTES[kind], money, *meant, reference, "evt_1", NOW, NOW)


def a_receipt(
    gift_id: str,
    serial: int = 1,
    kind: str = "cn",
    id_: str = "receipt_1",
    cause: str = "pi_1",
) -> Receipt:
    number, said = f"XX-2026-{serial:06}", {"donor": "张伟", "demo": True}
    return Receipt(id_, kind, cause, gift_id, "house", 2026, serial, number, NOW, said)


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


def test_without_commit_nothing_was_written(ledger: Ledger, rows: Rows) -> None:
    """Leaving the books without ``commit()``, or by an error, takes everything back."""
    first, second = a_gift(), a_gift()
    with ledger.books() as books:
        books.add_gift(first)

    def fail() -> None:
        with ledger.books() as books:
            assert books.add_gift(second)
            books._connection.execute("SELECT nonsense")

    with pytest.raises(LedgerUnavailable if rows.on_sqlite else UndefinedColumn):
        fail()
    with ledger.books() as books:
        assert books.gift(first.id) is None
        assert books.gift(second.id) is None


def test_a_part_is_taken_back_alone(ledger: Ledger) -> None:
    """A number that was taken for nothing goes back; the rest of the transaction stands."""
    gift = a_gift()
    with ledger.books() as books:
        books.add_gift(gift)
        assert books.next_serial("house", 2026) == 1
        with books.tentatively() as take_back:
            assert books.next_serial("house", 2026) == 2
            take_back()
        assert books.next_serial("house", 2026) == 2
        books.commit()
    with ledger.books() as books:
        assert books.gift(gift.id) == gift


def test_a_part_is_taken_back_with_the_parts_in_it(ledger: Ledger) -> None:
    """Also with one that an error has left: nothing of what came before the error stays."""
    gift = a_gift()
    with ledger.books() as books:
        with books.tentatively() as take_back:
            books.add_gift(gift)
            with suppress(LookupError), books.tentatively():
                raise LookupError
            take_back()
        books.commit()
    with ledger.books() as books:
        assert books.gift(gift.id) is None


def test_gifts_are_counted_by_address_and_in_all(ledger: Ledger) -> None:
    """Only gifts since the moment count, the moment's own included."""
    kept(ledger, created_at=NOW - timedelta(seconds=1))
    kept(ledger, created_at=NOW)
    kept(ledger, created_at=NOW, email="li@example.org")
    with ledger.books() as books:
        asked = books.gifts_since(NOW, "zhang@example.org")
    assert (asked.by_address, asked.in_all) == (1, 2)


def test_what_no_donor_asked_for_is_not_counted(ledger: Ledger) -> None:
    """On the day of a campaign hundreds of renewals and bank transfers may come at once."""
    kept(ledger, created_at=NOW, consent_version="")
    renewed, first = kept(ledger, created_at=NOW), kept(ledger, created_at=NOW)
    with ledger.books() as books:
        books.note_invoice(renewed.id, "in_1")
        books.note_session(first.id, "cs_1")
        books.note_invoice(first.id, "in_2")
        asked = books.gifts_since(NOW, "zhang@example.org")
    assert (asked.by_address, asked.in_all) == (1, 1)


@pytest.mark.parametrize("table", ["entries", "receipts", "acts"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = 'other'", "DELETE FROM {}"])
def test_entries_and_receipts_never_change(
    ledger: Ledger, rows: Rows, table: str, change: str
) -> None:
    """The database itself refuses it, whoever asks; without the triggers it would not."""
    gift = kept(ledger)
    with ledger.books() as books:
        books.post(an_entry(gift.id))
        books.add_receipt(a_receipt(gift.id))
        books.add_act(Act("act_1", "note", gift.id, "", {}, "王芳", "why", NOW))
        books.commit()
    with pytest.raises(REFUSED, match=f"{table} are never"):
        rows(change.format(table))

    rows.drop_triggers()
    rows(change.format(table))


def test_no_row_is_replaced_or_emptied_away(ledger: Ledger, rows: Rows) -> None:
    """What deletes without saying DELETE is refused as well: REPLACE here, TRUNCATE there."""
    gift = kept(ledger)
    with ledger.books() as books:
        books.post(an_entry(gift.id))
        books.commit()
    change = "INSERT OR REPLACE INTO entries SELECT * FROM entries"
    if not rows.on_sqlite:
        change = "TRUNCATE entries"
    with pytest.raises(REFUSED, match="entries are never"):
        rows(change)
    assert len(rows("SELECT id FROM entries")) == 1


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
        except REFUSED:
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

    # The keys of tickets, of transfers and of the bank's lines are held by the tests of these.
    names = rows.keys()
    keys = [key for key in names if not key.startswith(("ticket_", "transfer_", "bank_"))]
    assert len(keys) == 7
    for key in keys:
        assert not second(key), key
        rows(f"DROP INDEX {key}")
        assert second(key), key


def test_a_reference_leads_to_a_row(ledger: Ledger) -> None:
    with ledger.books() as books, pytest.raises(REFUSED, match=r"(?i)foreign key"):
        books.post(an_entry("gift_unknown"))


def test_the_file_is_kept_safe(tmp_path: Path) -> None:
    """No WAL (SQLite before 3.51.3 may corrupt it), synced to the disk, references enforced."""
    ledger = Ledger(f"sqlite:///{tmp_path}/donations.db")
    ledger.migrate()
    with ledger.books() as books:
        connection = books._connection
        found = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["delete", 3, 1, 5000]


def test_a_second_writer_waits_from_the_start(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens the books holds the lock at once, before the first write; the next one waits for a
    while, and is then told that the database is busy.
    """
    monkeypatch.setattr("donations_api.databases._WAIT", 0.2)
    with (
        ledger.books(),
        pytest.raises(LedgerUnavailable, match=r"locked|lock timeout"),
        ledger.books(),
    ):
        pass


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
    with pytest.raises(LedgerUnavailable), Ledger(f"sqlite:///{tmp_path}/x.db").books():
        pass
    assert list(tmp_path.iterdir()) == []


def test_ready_means_the_shape_of_this_version(ledger: Ledger, rows: Rows) -> None:
    """A database that lacks a migration is not ready; migrating mends it and loses nothing."""
    gift = kept(ledger)
    assert ledger.ready()
    for table in ("acts", "tickets", "declarations", "bank_lines", "search_words"):
        rows(f"DROP TABLE {table}")
    rows("DROP INDEX entries_by_time")
    rows("DELETE FROM _yoyo_migration WHERE migration_id = '0007.desk'")
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


def test_whoever_migrates_is_told_which_database_and_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that was left, a file in the folder's place, a file that is none of the database's."""
    import yoyo

    monkeypatch.setattr("donations_api.ledger._MIGRATED_WITHIN", 0.1)
    address = f"sqlite:///{tmp_path}/locked.db"
    with yoyo.get_backend(address) as backend:
        backend._insert_lock_row(1, 1)
    with pytest.raises(Explained) as locked:
        Ledger(address).migrate()
    assert (locked.value.message, locked.value.values) == (
        "ledger.migration_locked",
        {"address": address},
    )

    (tmp_path / "letter.txt").write_text("no database, although it is long enough to be one" * 9)
    for place, reason in (("letter.txt/d.db", "letter.txt"), ("letter.txt", "not a database")):
        with pytest.raises(LedgerUnavailable) as caught:
            Ledger(f"sqlite:///{tmp_path}/{place}").migrate()
        assert caught.value.message == "ledger.unavailable"
        assert reason in caught.value.values["reason"]


def test_the_reason_is_one_line(tmp_path: Path) -> None:
    """Its first: below it a database quotes rows, which are donors' (rule L8)."""
    ledger = Ledger(f"sqlite:///{tmp_path}/d.db")
    ledger.migrate()
    with pytest.raises(LedgerUnavailable) as caught, ledger.books() as books:
        books._connection.execute("SELECT [no \n such]")
    assert caught.value.message == "ledger.unavailable"
    assert caught.value.values == {"reason": "no such column: no"}


def test_an_error_without_words_is_told_by_its_kind(tmp_path: Path) -> None:
    """Whoever looks after the books has something to search for."""
    ledger = Ledger(f"sqlite:///{tmp_path}/d.db")
    ledger.migrate()
    with pytest.raises(LedgerUnavailable) as caught, ledger.books():
        raise sqlite3.OperationalError
    assert caught.value.values == {"reason": "OperationalError"}


def test_who_migrates_is_told_what_stands_in_the_way(tmp_path: Path) -> None:
    """A folder that cannot be made, and a file that is no database: the system's own reason."""
    (tmp_path / "file").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    for path, told in (("file/d.db", "exists"), ("file", "not a database")):
        with pytest.raises(LedgerUnavailable) as caught:
            Ledger(f"sqlite:///{tmp_path / path}").migrate()
        assert told in caught.value.values["reason"]


def test_who_only_reads_cannot_write_and_sees_one_moment(ledger: Ledger, rows: Rows) -> None:
    """What is read to the end is of one moment; on PostgreSQL others write meanwhile."""
    gift = kept(ledger)
    with ledger.reading() as books:
        assert books.gift(gift.id) == gift
        if not rows.on_sqlite:
            other = kept(ledger)
            assert books.gift(other.id) is None
    with ledger.reading() as books, pytest.raises(Exception, match=r"(?i)read.?only"):
        books.add_gift(replace(gift, id="gift_another"))


def test_who_reads_first_after_a_writer_was_killed_finds_the_books(tmp_path: Path) -> None:
    """SQLite has a journal then, which no reader can roll back; what was committed is there."""
    file = tmp_path / "donations.db"
    ledger = Ledger(f"sqlite:///{file}")
    ledger.migrate()
    gifts = [kept(ledger) for _ in range(100)]
    killed = f"""
        import os, signal, sqlite3
        writer = sqlite3.connect({str(file)!r})
        writer.execute("PRAGMA cache_size = 2")
        writer.execute("UPDATE gifts SET message = 'never committed'")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(killed)], check=False)
    assert (tmp_path / "donations.db-journal").exists()
    with ledger.reading() as books:
        assert books.gift(gifts[0].id) == gifts[0]


@pytest.mark.parametrize("change", ["number = 'XX-2026-000009'", "snapshot = '{}'"])
def test_only_the_donor_can_leave_a_receipt(ledger: Ledger, rows: Rows, change: str) -> None:
    """The name and the dedication may be emptied, when the law needs them no longer; no more."""
    gift = kept(ledger)
    with ledger.books() as books:
        books.add_receipt(a_receipt(gift.id))
        books.commit()
    ((before,),) = rows("SELECT snapshot FROM receipts")
    without = json.dumps(json.loads(before) | {"donor": "", "dedication": ""}, ensure_ascii=False)
    with pytest.raises(REFUSED, match="receipts are never"):
        rows(f"UPDATE receipts SET {change}")
    with pytest.raises(REFUSED, match="receipts are never"):
        rows("UPDATE receipts SET snapshot = ?, number = 'XX'", without)
    rows("UPDATE receipts SET snapshot = ?", without)
    assert rows("SELECT snapshot FROM receipts") == [(without,)]
