"""The commands as people and cron run them: real processes, exit codes, words in both languages."""

import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
from babel.messages.pofile import read_po

from donations_api.console import CATALOGS, Sheet, show
from donations_api.settings import ROOT
from tests import warm_python
from tests.donations.recipients import content_that_is_late
from tests.donations.running import CONTENT, Rig, rig, until

ENVIRONMENT = {
    "STRIPE_API_KEY": "sk_test_cli",
    "STRIPE_WEBHOOK_SECRET": "whsec_cli",
    "SECRET_KEY": "0123456789abcdef",
    "SITE_URL": "http://127.0.0.1:9",
    "MAIL_FROM": "gifts@example.org",
}


class Portal:
    """Runs ``python -m donations_api`` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "donations.db"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "CONTENT": str(CONTENT),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SMTP_URL": f"file:{folder / 'mail'}",
            **ENVIRONMENT,
        }

    def _environment(self, changed: dict[str, str | None]) -> dict[str, str]:
        given = self.environment | changed
        return {name: value for name, value in given.items() if value is not None}

    def start(self, *words: str, **changed: str | None) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "donations_api", *words],
            env=self._environment(changed),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *words: str, **changed: str | None) -> tuple[int, str, str]:
        done = warm_python.run("donations_api", *words, cwd=ROOT, env=self._environment(changed))
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in out + err
        return done.returncode, out, err


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    return Portal(tmp_path)


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_setting_is_one_line_in_both_languages(portal: Portal, name: str) -> None:
    """Exit 2 and its name: no trace, no guess."""
    code, out, err = portal.run("check", **{name: None})
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.count(name) == 2
    assert "缺少设置" in err
    assert "is missing" in err


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"STRIPE_API_KEY": "pk_test_x"}, "STRIPE_API_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_a,nonsense"}, "STRIPE_WEBHOOK_SECRET"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"SITE_URL": "example.org"}, "SITE_URL"),
        ({"SMTP_URL": "gopher://x"}, "SMTP_URL"),
        ({"STRIPE_API_BASE": "https://stripe.example.org"}, "STRIPE_API_BASE"),
        ({"STRIPE_API_KEY": "sk_live_x"}, "SITE_URL"),
        (
            {"STRIPE_API_KEY": "sk_live_x", "SITE_URL": "https://example.org"},
            "SMTP_URL",
        ),
        (
            {"STRIPE_API_KEY": "sk_live_x", "STRIPE_API_BASE": "http://127.0.0.1:9"},
            "STRIPE_API_BASE",
        ),
        (
            {
                "STRIPE_API_KEY": "sk_live_x",
                "STRIPE_TEST_KEY": "sk_test_x",
                "SITE_URL": "https://example.org",
                "SMTP_URL": "smtp://mail.example.org",
            },
            "STRIPE_TEST_KEY",
        ),
    ],
)
def test_a_contradiction_is_told_by_name(
    portal: Portal, changed: dict[str, str], named: str
) -> None:
    """A wrong setting, or live beside test: exit 2, and which one."""
    code, _, err = portal.run("check", **changed)
    assert code == 2
    assert named in err
    assert len(err.splitlines()) == 1


def test_the_commands_are_listed_in_both_languages(portal: Portal) -> None:
    """--help needs no settings."""
    code, out, _ = portal.run("--help", **dict.fromkeys(ENVIRONMENT))
    assert code == 0
    for command in ("serve", "send", "check", "migrate"):
        assert command in out
    assert "核对账目" in out


@pytest.mark.parametrize("command", ["serve", "send", "check"])
def test_without_a_database_the_next_step_is_told(portal: Portal, command: str) -> None:
    """Exit 1 and "run migrate first"; nothing is made on the side."""
    code, _, err = portal.run(command)
    assert code == 1
    assert "python -m donations_api migrate" in err
    assert not portal.database.exists()


def test_an_empty_database_is_made_and_found_sound(portal: Portal) -> None:
    """migrate, twice; then check and send have nothing to say against it."""
    for _ in range(2):
        assert portal.run("migrate")[0] == 0
    code, out, _ = portal.run("check")
    assert code == 0
    assert "The books are sound" in out
    code, out, _ = portal.run("send")
    assert code == 0
    assert "sent: 0" in out


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_the_server_answers_until_it_is_stopped(portal: Portal, name: str) -> None:
    """serve says where it is, answers, and ends quietly on Ctrl-C or when the host stops it."""
    portal.run("migrate")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    process = portal.start("serve", "--port", port)
    assert process.stdout
    assert f"http://127.0.0.1:{port}" in process.stdout.readline()
    assert requests.get(f"http://127.0.0.1:{port}/ready", timeout=10).text == "ready\n"
    process.send_signal(getattr(signal, name))
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_a_port_that_is_taken_is_told(portal: Portal) -> None:
    """Exit 1 and one line."""
    portal.run("migrate")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, err = portal.run("serve", PORT=port)
    assert code == 1
    assert f"127.0.0.1:{port}" in err
    assert len(err.splitlines()) == 1


@pytest.fixture
def booked(tmp_path: Path) -> Rig:
    """A gift that was paid and booked; its mail could not go."""
    with rig(tmp_path) as both:
        Path(both.settings.smtp_url.removeprefix("file:")).write_text("in the way")
        both.pay(both.give().headers["Location"])
        both.deliveries.deliver_due()
        database = both.settings.database_url.removeprefix("sqlite:///")
        tried = "SELECT 1 FROM outbox WHERE reason IS NOT NULL"
        # On a busy computer the letter is still being written when the folder is made room for.
        until(lambda: sqlite3.connect(database).execute(tried).fetchone())
        return both


def test_check_lists_what_has_to_be_published(portal: Portal, tmp_path: Path) -> None:
    """In words, and for machines; the books are as sound as before."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    content = str(content_that_is_late(tmp_path, today))
    portal.run("migrate")
    code, out, _ = portal.run("check", COLUMNS="200", CONTENT=content)
    assert code == 0
    assert "要向公众公布的 / To be published" in out
    assert "财务会计报告 / accounts" in out
    duties = json.loads(portal.run("check", "--json", CONTENT=content)[1])["duties"]
    late, recipient = today.year - 2, duties[0].pop("recipient")
    assert recipient
    due = {"about": f"{late}", "due": f"{late + 1}-05-31", "standing": "overdue"}
    assert duties[0] == {"what": "accounts"} | due
    assert {"what": "annual", "recipient": recipient} | due not in duties
    assert ("final", "roof", "near") in [
        (one["what"], one["about"], one["standing"]) for one in duties
    ]


def test_check_lists_the_mail_that_waits(portal: Portal, booked: Rig) -> None:
    """A sound ledger is exit 0, also while a mail waits; who it is for is said, and why."""
    code, out, _ = portal.run("check", COLUMNS="200")
    assert code == 0
    assert "XX-" in out
    assert booked.gifts()[0].email in out


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("DELETE FROM entries", "gift received without a ledger entry"),
        ("DELETE FROM receipts", "ledger entry without a receipt"),
        ("UPDATE receipts SET cause = 'pi_other'", "receipt without its ledger entry"),
        ("DELETE FROM outbox", "receipt that was never queued to be mailed"),
        ("UPDATE receipt_numbers SET serial = 2", "receipt numbers with a gap"),
    ],
)
@pytest.mark.usefixtures("booked")
def test_check_finds_broken_books(portal: Portal, spoil: str, told: str) -> None:
    """Each invariant, when it is broken on purpose: exit 1, and which gift, entry or year."""
    with sqlite3.connect(portal.database) as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(spoil)
    code, out, _ = portal.run("check", COLUMNS="200")
    assert code == 1
    assert told in out


def test_send_sends_what_waits(portal: Portal, booked: Rig) -> None:
    """With the mail folder back and the wait over, the mail goes once and no more."""
    folder = Path(booked.settings.smtp_url.removeprefix("file:"))
    folder.unlink()
    with sqlite3.connect(portal.database) as database:
        database.execute("UPDATE outbox SET due_at = '2000-01-01T00:00:00.000000+00:00'")
    assert "sent: 1" in portal.run("send")[1]
    assert until(lambda: list(folder.glob("*.eml")))
    assert "sent: 0" in portal.run("send")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [(("--port", "99999"), "99999"), (("--port", "-1"), "-1"), (("--host", "no such"), "no such")],
)
def test_an_address_that_cannot_be_is_told(
    portal: Portal, words: tuple[str, str], told: str
) -> None:
    """A port beyond all ports is no other port in disguise, and a wrong host is no trace."""
    portal.run("migrate")
    code, _, err = portal.run("serve", *words)
    assert code in (1, 2)
    assert told in err


def test_a_folder_that_cannot_be_made_is_a_line(portal: Portal, tmp_path: Path) -> None:
    """The database's folder lies where a file is: words, never a trace."""
    (tmp_path / "file").touch()
    code, _, err = portal.run(
        "migrate", DATABASE_URL=f"sqlite:///{tmp_path}/file/folder/donations.db"
    )
    assert code == 3
    assert len(err.splitlines()) == 1


def test_a_database_that_cannot_be_read_is_a_line(portal: Portal) -> None:
    """A file that is no database: words, never a trace."""
    portal.database.write_bytes(b"no database at all, but long enough to be looked at" * 20)
    code, _, err = portal.run("migrate")
    assert code == 3
    assert len(err.splitlines()) == 1


def test_what_a_table_says_is_not_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    """However long: Chinese and numbers have no spaces to break at."""
    show([Sheet("broken", ("which", "what"), [("长" * 300, "0" * 300)])], as_json=False)
    told = capsys.readouterr().out
    assert (told.count("长"), told.count("0")) == (300, 300)


def test_both_catalogs_say_the_same_things() -> None:
    """Every message of the portal is there in Chinese and in English, and is filled in alike."""
    zh, en = (
        {
            entry.id: str(entry.string)
            for entry in read_po(io.BytesIO((CATALOGS[0] / f"{language}.po").read_bytes()))
        }
        for language in ("zh", "en")
    )
    assert set(zh) == set(en)
    for message in zh:
        if message:
            holes = [sorted(set(re.findall(r"%\((\w+)\)s", one[message]))) for one in (zh, en)]
            assert holes[0] == holes[1], message
