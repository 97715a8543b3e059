"""The treasurer's commands for the bank's statement and for things, beside a portal's Stripe."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from donations_api.cli import main
from donations_api.ledger import Ledger
from tests.donations.bank import a_file, a_line
from tests.donations.guards import Rows
from tests.donations.running import Rig, environment_of, rig

Run = Callable[..., tuple[int, str, str]]
ANNOUNCE = ("announce-transfer", "--currency", "CNY")
SIGNED = ("--by", "王芳", "--why", "on the bank statement")


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as both:
        yield both


@pytest.fixture
def run(both: Rig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command as it is typed: exit code, out, err."""
    for name, value in environment_of(both.settings).items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return run


def open_ids(run: Run) -> list[str]:
    return [row["line"] for row in json.loads(run("bank-lines", "--json")[1])["bank_lines"]]


def test_a_statement_goes_from_the_file_to_the_last_open_line(
    both: Rig, run: Run, tmp_path: Path
) -> None:
    """Announced, previewed, imported; then each open line is decided, and the ledger is the same
    when it is made anew.
    """
    donor = ("--name", "张伟", "--email", "zhang@example.org")
    code, out, _ = run(*ANNOUNCE, "--amount", "100", *donor, *SIGNED)
    assert code == 0
    transfer_code = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", out)[0]
    run(*ANNOUNCE, "--amount", "60", *donor, *SIGNED)
    rows = Rows(both.settings.database_url)
    ((awaited,),) = rows("SELECT id FROM gifts WHERE amount = 6000")

    file = tmp_path / "november.csv"
    bad = a_line(day="昨天")
    lines = [a_line(remark=transfer_code), a_line(payer="赵敏"), a_line(credit="60"), bad]
    file.write_bytes(a_file(*lines, a_line(remark="利息", credit="0.37")))
    bring = ("import-statement", str(file), "--account", "sample-zh", *SIGNED)
    code, out, _ = run(*bring, "--look-only", "--json")
    seen = json.loads(out)
    assert code == 1
    assert {row["what"]: row["all"] for row in seen["statement"]} == {
        "matched": 1,
        "no_match": 3,
        "duplicate": 0,
        "outgoing": 0,
        "bad": 1,
    }
    (unread,) = seen["statement_bad"]
    assert (unread["row"], unread["column"], unread["value"]) == (5, "交易日期", "昨天")
    assert rows("SELECT count(*) FROM bank_lines") == [(0,)]

    code, out, _ = run(*bring)
    assert code == 1
    assert "昨天" in out
    assert "登记过的转账" in out
    code, out, _ = run(*bring, "--json")
    assert {row["what"]: row["all"] for row in json.loads(out)["statement"]}["duplicate"] == 4

    gift, transfer, interest = open_ids(run)
    assert run("book-line", gift, "--email", "zhao@example.org", *SIGNED)[0] == 0
    assert run("match-line", transfer, "--gift", awaited, *SIGNED)[0] == 0
    assert run("set-aside-line", interest, *SIGNED)[0] == 0
    assert run("open-line", interest, *SIGNED)[0] == 0
    assert open_ids(run) == [interest]
    assert run("set-aside-line", interest, *SIGNED)[0] == 0
    assert run("bank-lines")[0] == 0
    assert run("check")[0] == 0
    assert run("rebuild")[0] == 0
    assert rows("SELECT count(*) FROM receipts") == [(3,)]


def test_things_are_entered_by_a_command(both: Rig, run: Run) -> None:
    """With a receipt's number; once; and neither check nor rebuild stumble over them."""
    things = ("--what", "冬衣40件", "--reference", "goods 1", "--date", "2026-11-25")
    words = ("in-kind-gift", *things, "--name", "赵敏", *SIGNED)
    code, out, _ = run(*words)
    assert code == 0
    assert "XX-2026-000001" in out
    code, _, err = run(*words)
    assert code == 1
    assert "goods 1" in err
    assert run("check")[0] == 0
    assert run("rebuild")[0] == 0
    with Ledger(both.settings.database_url).reading() as books:
        assert books.entries() == []


def test_a_word_that_cannot_be_used_is_told(run: Run, tmp_path: Path) -> None:
    """Exit 1, and what is wrong: the file, its kind, the account, the line, the fund."""
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"PK\x03\x04")
    bring = ("import-statement", str(book), *SIGNED)
    for words, told in (
        ((*bring, "--account", "sample-zh"), "CSV UTF-8"),
        ((*bring, "--account", "nowhere"), "sample-en"),
        (("import-statement", str(tmp_path / "none"), "--account", "sample-zh", *SIGNED), "none"),
        (("book-line", "bankline_none", *SIGNED), "bankline_none"),
        (
            (*ANNOUNCE, "--amount", "1", "--name", "x", "--fund", "nothing", *SIGNED),
            "nothing",
        ),
    ):
        code, _, err = run(*words)
        assert code == 1, words
        assert told in err
        assert len(err.splitlines()) == 1
