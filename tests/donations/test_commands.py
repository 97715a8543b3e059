"""The treasurer's commands, run as they are typed, beside a portal and its Stripe."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from donations_api.cli import COMMANDS, main
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.settings import ROOT, STRIPE_API_VERSION
from tests import warm_python
from tests.donations.guards import Rows
from tests.donations.running import Rig, environment_of, rig, until

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as both:
        yield both


@pytest.fixture
def run(both: Rig) -> Run:
    """``python -m donations_api …`` with the portal's own settings: exit code, out, err."""
    environment = environment_of(both.settings)

    def run(*words: str, typed: bytes = b"", **changed: str) -> tuple[int, str, str]:
        done = warm_python.run(
            "donations_api", *words, cwd=ROOT, env=environment | changed, typed=typed
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in out + err
        return done.returncode, out, err

    return run


def lose_events(both: Rig) -> None:
    fields, own = {"act": "lose"}, {"Origin": both.stripe}
    requests.post(f"{both.stripe}/events", fields, headers=own, timeout=20).raise_for_status()


OFFLINE = (
    *("offline-gift", "--amount", "500", "--currency", "CNY", "--reference", "bank 20261125-17"),
    *("--date", "2026-11-25", "--name", "张伟", "--email", "zhang@example.org"),
    *("--by", "Wang Fang", "--why", "on the bank statement"),
)
CORRECT = (
    *("correct", "--reference", "txn_1ABC", "--amount", "12.50", "--currency", "GBP"),
    *("--from", "stripe", "--to", "fees", "--by", "Wang Fang", "--why", "a charge of Stripe's"),
)


def test_each_command_helps_in_both_languages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it does and every word behind it; and the operator's guide names each command."""
    guide = (ROOT / "docs" / "operator.md").read_text()
    monkeypatch.setenv("COLUMNS", "300")
    for name in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        out = capsys.readouterr().out
        assert re.search("[一-鿿]", out), name
        options = re.split(r"\n  (?=--)", out.split("options:")[1])[1:]
        assert all(" / " in one for one in options), name
        assert f"`{name}`" in guide


def test_reconcile_mends_what_was_lost_and_says_what_it_did(both: Rig, run: Run) -> None:
    """As a table, and as JSON; then nothing is new, and rebuilt the ledger is the same."""
    lose_events(both)
    both.paid()
    code, out, _ = run("reconcile", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["equal"] is True
    assert told["differences"] == []
    assert {row["what"]: row["new"] for row in told["counts"]} == {
        "lines": 1,
        "entries": 2,
        "settled": 0,
        "paid_out": 0,
    }
    (gift,) = both.gifts()
    assert gift.state is State.RECEIVED
    code, out, err = run("reconcile")
    assert (code, err) == (0, "")
    assert "The ledger and Stripe agree" in out
    code, out, _ = run("rebuild")
    assert code == 0
    assert run("rebuild", "--json")[1].strip().startswith('{"equal": true')


def test_reconcile_lists_what_differs(both: Rig, run: Run) -> None:
    """Exit 1, and a line with Stripe's name and both amounts; looking alone books nothing."""
    lose_events(both)
    both.paid()
    code, out, _ = run("reconcile", "--look-only")
    assert code == 1
    assert re.search(r"at Stripe, not in the ledger.*txn_.*200\.00 CNY", out)
    assert both.gifts()[0].state is State.PENDING


def test_without_stripe_try_again_later(run: Run) -> None:
    """Exit 3 and a line, and what the ledger has is untouched."""
    code, _, err = run("reconcile", STRIPE_API_BASE="http://127.0.0.1:9")
    assert code == 3
    assert "Stripe cannot be reached" in err
    assert run("check")[0] == 0


def test_without_the_database_try_again_later(run: Run) -> None:
    """PostgreSQL is away: exit 3 and a line, whatever is asked; nobody is told to migrate first."""
    for command in ("migrate", "send", "check", "serve"):
        code, _, err = run(command, DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
        assert code == 3, command
        assert "DATABASE_URL" in err
        assert len(err.splitlines()) == 1


def test_an_offline_gift_has_entry_receipt_and_mail(both: Rig, run: Run) -> None:
    """Booked once with who and why; the second time it is refused; the money is at the bank."""
    code, out, _ = run(*OFFLINE)
    assert code == 0
    assert "XX-2026-000001" in out
    code, _, err = run(*OFFLINE)
    assert code == 1
    assert "bank 20261125-17" in err
    (entry,) = entries(both)
    assert (entry.kind.value, entry.put_into.value, entry.amount.minor) == (
        "offline_gift",
        "bank",
        50000,
    )
    assert (entry.source, entry.entered_by) == ("person", "Wang Fang")
    assert entry.reason == "on the bank statement"
    assert run("send")[0] == 0
    (mail,) = until(both.mails)
    assert message_from_bytes(mail.read_bytes())["To"] == "zhang@example.org"
    assert run("check")[0] == 0
    assert run("rebuild")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--amount", "5,00"), "5,00"),
        (("--fund", "nothing"), "nothing"),
        (("--recipient", "nobody"), "nobody"),
        (("--email", "no address"), "no address"),
        (("--language", "xx"), "xx"),
        (("--currency", "RMB"), "RMB"),
        (("--date", "2199-11-25"), "2199-11-25"),
    ],
)
def test_a_word_that_cannot_be_used_is_told(
    both: Rig, run: Run, words: tuple[str, str], told: str
) -> None:
    """Exit 1, what is wrong, and nothing is booked."""
    code, _, err = run(*OFFLINE, *words)
    assert code == 1
    assert told in err
    assert entries(both) == []


def test_a_correction_is_a_further_entry(both: Rig, run: Run) -> None:
    """Refused without who and why, between the same accounts, and the second time."""
    assert run(*CORRECT)[0] == 0
    assert run(*CORRECT)[0] == 1
    assert run(*CORRECT[:-2])[0] == 2
    assert run(*CORRECT, "--to", "stripe")[0] == 1
    assert run(*CORRECT, "--gift", "gift_unknown", "--reference", "other")[0] == 1
    assert run(*CORRECT, "--currency", "RMB", "--reference", "other")[0] == 1
    (entry,) = entries(both)
    assert (entry.kind.value, entry.amount.minor, entry.reason) == (
        "correction",
        1250,
        "a charge of Stripe's",
    )
    told = json.loads(run("balance", "--json")[1])["balances"]
    assert [row["amount"] for row in told if row["currency"] == "GBP"] == ["12.50", "-12.50"]


def entries(both: Rig) -> list[Any]:
    with Ledger(both.settings.database_url).books() as books:
        return books.entries()


def report_of(message_id: str, action: str = "failed") -> bytes:
    """A delivery report as Postfix writes it."""
    report = EmailMessage()
    report["From"], report["To"] = "MAILER-DAEMON@example.org", "gifts@example.org"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.set_content("I'm sorry to have to inform you …")
    text = report.as_bytes().decode()
    body = text.split("\n\n", 1)[1]
    return (
        "From: MAILER-DAEMON@example.org\nTo: gifts@example.org\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{body}\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mail.example.org\n\n"
        f"Final-Recipient: rfc822; zhang@example.org\nAction: {action}\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        "--b\nContent-Type: message/rfc822\n\n"
        f"Message-ID: {message_id}\nFrom: gifts@example.org\nSubject: x\n\ntext\n--b--\n"
    ).encode()


def test_a_mail_that_came_back_is_noted_and_shown(both: Rig, run: Run, tmp_path: Path) -> None:
    """From a file or the input; the server's reason stands in `check`; a report of a mere delay, or
    about a stranger's mail, is not ours.
    """
    both.paid()
    both.deliveries.deliver_due()
    until(both.mails)
    rows = Rows(both.settings.database_url)
    ((message_id,),) = rows("SELECT message_id FROM outbox")
    assert run("bounced", typed=report_of(message_id, "delayed"))[0] == 1
    assert run("bounced", typed=report_of("<other@example.org>"))[0] == 1
    assert run("bounced", typed=b"\x00 no mail at all")[0] == 1
    # A stranger's mail may be written wrong, and is nobody's all the same.
    for odd in ("<", "<a@[b", "<\0@example.org>"):
        assert run("bounced", typed=report_of(odd))[0] == 1
    code, _, error = run("bounced", str(tmp_path / "none.eml"))
    assert (code, "none.eml" in error) == (1, True)
    assert "no such user" not in run("check")[1]
    file = tmp_path / "report.eml"
    file.write_bytes(report_of(message_id))
    assert run("bounced", str(file))[0] == 0
    assert run("bounced", typed=report_of(message_id, "Failed"))[0] == 0
    code, out, _ = run("check", "--json")
    (shown,) = json.loads(out)["bounced"]
    assert code == 0
    assert "no such user" in shown["why"]


def test_dead_letters_go_again_when_asked(both: Rig, run: Run) -> None:
    """Given up, they wait for a person; `send --again` sends them, under the same Message-ID."""
    both.paid()
    both.deliveries.deliver_due()
    (mail,) = until(both.mails)
    name = mail.name
    mail.unlink()
    rows = Rows(both.settings.database_url)
    dead = datetime.now(UTC).isoformat()
    until(lambda: rows("SELECT 1 FROM outbox WHERE sent_at IS NOT NULL"))  # noted after the mail
    rows("UPDATE outbox SET sent_at = NULL, dead_at = ?, attempts = 8, reason = ?", dead, REASON)
    assert "sent: 0" in run("send")[1]
    assert "sent: 1" in run("send", "--again")[1]
    assert [one.name for one in both.mails()] == [name]


REASON = json.dumps(["mail.refused_by_server", {"answer": "550 no"}])


def test_the_schedule_of_a_host_reconciles(both: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """``handler.reconcile_scheduled``: how many differences there are."""
    from donations_api import handler

    lose_events(both)
    both.paid()
    monkeypatch.setattr(handler, "_settings", lambda: both.settings)
    assert handler.reconcile_scheduled({}, None) == 0
    assert both.gifts()[0].state is State.RECEIVED


def test_an_event_of_another_version_is_kept_for_staff_when_recovered(
    both: Rig, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recovering refuses what the webhook refuses; the money is booked from the statement."""
    lose_events(both)
    both.paid()
    monkeypatch.setattr("donations_api.inbox.STRIPE_API_VERSION", "2020-01-01")
    from donations_api.app import portal_for
    from donations_api.reconciliation import reconcile

    assert reconcile(portal_for(both.settings)).differences == []
    assert both.gifts()[0].state is State.RECEIVED
    told = json.loads(run("check", "--json")[1])
    assert all(STRIPE_API_VERSION in row["why"] for row in told["events"])
    assert told["events"]
    assert datetime.now(UTC) - timedelta(minutes=5) < both.gifts()[0].created_at
