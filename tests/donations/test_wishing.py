"""The treasurer's commands about documents, as they are typed."""

import argparse
import csv
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from donations_api.app import portal_for
from donations_api.cli import COMMANDS, explaining
from donations_api.gift import Receipt
from donations_api.settings import Settings
from tests.donations.guards import Rows
from tests.donations.recipients import content_with_both, given, given_in_china

Run = Callable[..., int]
WHO = ("--by", "Wang Fang", "--why", "the donor wrote a mail")


@pytest.fixture
def settings(empty_file: Path, tmp_path: Path) -> Settings:
    from tests.donations.running import settings_for

    (tmp_path / "donations.db").write_bytes(empty_file.read_bytes())
    return settings_for(tmp_path, content=content_with_both(tmp_path))


@pytest.fixture
def run(settings: Settings) -> Run:
    """A command with the words behind it; its exit code."""

    def run(name: str, *words: str) -> int:
        parser = argparse.ArgumentParser()
        COMMANDS[name].arguments(parser)
        return explaining(lambda: COMMANDS[name].run(settings, parser.parse_args(words)))

    return run


@pytest.fixture
def receipts(settings: Settings) -> tuple[Receipt, Receipt]:
    """One of a gift to China, one of a gift to the UK."""
    portal = portal_for(settings)
    with portal.ledger.books() as books:
        clerk = portal.clerk(books)
        found = given_in_china(clerk)[1], given(clerk)[1]
        books.commit()
    return found


def test_from_the_wish_to_the_ticket(
    run: Run,
    receipts: tuple[Receipt, Receipt],
    rows: Rows,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The list is private and opens in Excel; an import that leaves something open says so."""
    chinese, _ = receipts
    wanted, issued = tmp_path / "wanted.csv", tmp_path / "issued.csv"
    title = ("--title", "=示例公司", "--tax-number", "914403001922038216")
    assert run("ticket-wish", "--number", chinese.number, *title, *WHO) == 0
    wanted.touch(mode=0o644)
    assert run("tickets-wanted", "--into", str(wanted)) == 0
    assert wanted.stat().st_mode & 0o077 == 0
    head, line = csv.reader(wanted.read_text(encoding="utf-8-sig").splitlines())
    assert "确认函编号 / receipt number" in head
    assert line[:6] == [
        *(chinese.number, "2026-11-23", "'=示例公司", "914403001922038216", "200.00", "CNY")
    ]
    issued.write_text(f"receipt,ticket,date\n{chinese.number},61000001,2026-11-25\n")
    assert run("import-tickets", str(issued), *WHO) == 0
    assert "Imported" in capsys.readouterr().out
    issued.write_text(f"receipt,ticket,date\n{chinese.number},61000002,2026-11-25\n")
    assert run("import-tickets", str(issued), *WHO) == 1
    assert "Another number" in capsys.readouterr().out
    assert rows("SELECT number FROM tickets") == [("61000001",)]
    assert run("ticket-wish", "--number", chinese.number, "--waive", *WHO) == 1
    assert run("import-tickets", str(tmp_path / "none.csv"), *WHO) == 1
    errors = capsys.readouterr().err
    assert "can no longer be changed" in errors
    assert "none.csv" in errors


def test_a_list_for_which_there_is_no_room_leaves_the_earlier_one(
    run: Run, receipts: tuple[Receipt, Receipt], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk that is full is told of, and nothing is half written."""
    assert run("ticket-wish", "--number", receipts[0].number, "--title", "张伟", *WHO) == 0
    wanted = tmp_path / "wanted.csv"
    wanted.write_text("the earlier one", encoding="utf-8")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, most))
    try:
        code = run("tickets-wanted", "--into", str(wanted))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert (code, str(wanted) in capsys.readouterr().err) == (2, True)
    assert wanted.read_text(encoding="utf-8") == "the earlier one"
    assert not list(tmp_path.glob("*.part"))


def test_a_mistake_in_a_wish_is_told_as_on_the_page(
    run: Run, receipts: tuple[Receipt, Receipt], capsys: pytest.CaptureFixture[str]
) -> None:
    """In both languages; nothing is noted."""
    words = ("--title", "示例公司", "--tax-number", "914403001922038217")
    assert run("ticket-wish", "--number", receipts[0].number, *words, *WHO) == 1
    error = capsys.readouterr().err
    assert "校验位" in error
    assert "does not add up" in error


def test_from_a_declaration_on_paper_to_the_claim(
    run: Run,
    receipts: tuple[Receipt, Receipt],
    rows: Rows,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Claimed with who and why; what cannot be written is not claimed."""
    _, british = receipts
    file = tmp_path / "schedule.csv"
    name = ("--first-name", "Ann", "--last-name", "Lee", "--house", "12B", "--postcode", "m11ae")
    assert run("declare-gift-aid", "--number", british.number, *name, *WHO) == 0
    assert "£25.00 to Friends of the Example" in rows("SELECT statement FROM declarations")[0][0]
    time = ("gift-aid-schedule", "--from", "2026-04-06", "--to", "2027-04-05", "--claim")
    assert run(*time, "--into", str(file)) == 1  # nobody signed
    assert run(*time, "--into", str(tmp_path / "none" / "x.csv"), *WHO) == 2
    assert run(*time, "--into", str(file), *WHO) == 0
    assert file.read_text(encoding="utf-8-sig").splitlines()[1:] == [
        ",Ann,Lee,12B,M1 1AE,,,23/11/26,25.00"
    ]
    assert "25.00 GBP" in capsys.readouterr().out
    assert run(*time, "--into", str(file), *WHO) == 0
    assert len(file.read_text().splitlines()) == 1
    assert "In an earlier schedule" in capsys.readouterr().out
    assert run("declare-gift-aid", "--number", british.number, "--cancel", *WHO) == 0
    assert rows("SELECT count(*) FROM declarations WHERE cancelled_at IS NULL") == [(0,)]
    assert run(*time, "--recipient", "nobody", "--into", str(file), *WHO) == 1


def test_a_letter_again_and_a_copy(
    run: Run,
    receipts: tuple[Receipt, Receipt],
    rows: Rows,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """To a corrected address, which stays; in another language."""
    number = receipts[0].number
    assert run("resend", "--number", number, "--email", "ann@right.example", *WHO) == 0
    assert run("reissue", "--number", number, "--language", "en", *WHO) == 0
    assert capsys.readouterr().out.count("ann@right.example") == 4
    kinds = rows("SELECT kind FROM outbox WHERE address = 'ann@right.example' ORDER BY rowid")
    assert kinds == [("receipt",), ("copy",)]
    assert run("resend", "--number", "XX-2026-000099", *WHO) == 1
