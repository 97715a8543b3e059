"""Who may come in to the desk: each check of the door bites alone."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from donations_api.desk.door import Door
from donations_api.ledger import Ledger
from donations_api.settings import ROOT, Settings
from tests.donations.at_the_desk import Treasurer, desk_of, rows_of
from tests.donations.bank import a_file, a_line
from tests.donations.running import environment_of, settings_for


@pytest.fixture
def settings(tmp_path: Path, empty_file: Path) -> Settings:
    """On SQLite alone: the door knows no database."""
    (tmp_path / "donations.db").write_bytes(empty_file.read_bytes())
    return settings_for(tmp_path)


@pytest.fixture
def treasurer(settings: Settings) -> Iterator[Treasurer]:
    with desk_of(settings) as treasurer:
        yield treasurer


def test_without_the_key_nobody_sees_anything(treasurer: Treasurer) -> None:
    """Another person on this computer reads how to open the desk, and no more."""
    for path in ("/", "/gifts", "/?key=", "/?key=guessed", "/gifts/x", "/nothing"):
        answer = requests.get(f"{treasurer.url}{path}", timeout=20)
        assert answer.status_code == 403
        assert "<nav" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_the_key_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(
    treasurer: Treasurer,
) -> None:
    """The address that stays in the browser's history opens nothing."""
    answer = treasurer.browser.get(treasurer.door.address(), allow_redirects=False, timeout=20)
    assert answer.status_code == 303
    assert "key" not in answer.headers["Location"]
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert treasurer.look("/person").status_code == 200


def test_the_address_that_starts_the_browser_opens_once(treasurer: Treasurer) -> None:
    """Others on this computer can read with what words a program was started."""
    once = treasurer.door.address_once()
    assert requests.get(once, timeout=20).status_code == 200
    assert requests.get(once, timeout=20).status_code == 403


def test_a_name_that_was_made_to_lead_here_is_refused(treasurer: Treasurer) -> None:
    """A foreign site cannot become the desk's own by changing its address (DNS rebinding)."""
    treasurer.sit_down()
    port = treasurer.url.rpartition(":")[2]
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1:1",
        "127.0.0.1",
        f"0.0.0.0:{port}",
    ):
        answer = treasurer.browser.get(treasurer.url, headers={"Host": host}, timeout=20)
        assert answer.status_code == 421, host
    named = {"Host": f"localhost:{port}"}
    assert requests.get(treasurer.url, headers=named, timeout=20).status_code == 403


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "http://127.0.0.1:1"}, True),
        ({"Origin": "ours", "Sec-Fetch-Site": "cross-site"}, True),
        ({"Origin": "ours", "Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "ours", "Sec-Fetch-Site": "same-origin"}, False),
    ],
)
def test_a_form_that_is_not_the_desks_does_nothing(
    treasurer: Treasurer, headers: dict[str, str], token: bool
) -> None:
    """Where it comes from and the token in it are checked, each for itself."""
    treasurer.sit_down("林会计")
    sent = {name: treasurer.url if text == "ours" else text for name, text in headers.items()}
    forged = {} if token else {"token": "forged"}
    answer = treasurer.send("/person", sent, person="别人", **forged)
    assert answer.status_code == 403
    assert "林会计" in treasurer.look("/").text


def test_who_sits_here_is_asked_first(treasurer: Treasurer) -> None:
    """Then the page comes that was wanted, and never one of another site."""
    treasurer.open()
    answer = treasurer.browser.get(f"{treasurer.url}/journal", allow_redirects=False, timeout=20)
    assert answer.headers["Location"].startswith("/person?onward=/journal")
    assert treasurer.send("/person", person=" ").status_code == 422
    sent = treasurer.send("/person", person="林会计", onward="/journal?page=2")
    assert sent.headers["Location"] == "/journal?page=2"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = treasurer.send("/person", person="林会计", onward=elsewhere)
        assert answer.headers["Location"] == "/"


def test_every_answer_is_strict(treasurer: Treasurer) -> None:
    """No script, no frame, no copy, no other host; and nobody else's page may read it."""
    treasurer.sit_down()
    for path in ("/", "/gifts", "/nothing", "/style/desk.css"):
        headers = treasurer.look(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self';" in policy
        assert headers["Cache-Control"] == "no-store"
        assert not [name for name in headers if name.startswith("Access-Control")]


def test_books_that_are_away_are_told_in_words(treasurer: Treasurer, settings: Settings) -> None:
    """Never a trace."""
    treasurer.sit_down()
    Path(settings.database_url.removeprefix("sqlite:///")).unlink()
    answer = treasurer.look("/")
    assert answer.status_code == 503
    assert "打不开账本" in answer.text
    assert "Traceback" not in answer.text


def other_address() -> str | None:
    """An address of this computer beside the loopback; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return None
        return str(probe.getsockname()[0])


@contextmanager
def started(settings: Settings) -> Iterator[str]:
    """The desk as a treasurer starts it; its address with the key. It ends quietly."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "donations_api", "desk", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment_of(settings) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        found = re.search(r"http://127\.0\.0\.1:\d+/\?key=[\w-]+", process.stdout.readline())
        assert found
        process.stdout.readline()
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_the_command_serves_this_computer_alone(settings: Settings) -> None:
    """It tells the address with its key, and cannot be reached from outside."""
    with started(settings) as address:
        assert requests.get(address, timeout=20).status_code == 200
        outside, port = other_address() or "127.0.0.2", urlsplit(address).port
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((outside, port), timeout=5)


def test_a_banks_statement_of_a_year_comes_in(settings: Settings) -> None:
    """Its megabytes pass the server that the command starts; what is too large is told in words."""
    with started(settings) as address:
        desk = Treasurer(address.partition("/?")[0], Door(0))
        desk.browser.get(address, timeout=20)
        desk.send("/person", person="林会计")
        typed = {"account": "sample-zh", "why": "全年流水"}
        rent = {"credit": "", "debit": "8.00", "remark": "付二〇二六年十一月房租、水电费"}
        lines = [a_line(reference=f"L{number}", **rent) for number in range(30_000)]
        year = a_file(*lines)
        assert len(year) > 2_500_000
        assert desk.bring("/bank/look", "2026.csv", year, **typed).status_code == 200
        too_large = desk.bring("/bank/look", "2026.csv", year * 9, **typed)
        assert (too_large.status_code, "<nav" in too_large.text) == (413, True)


def test_books_of_another_version_are_told_in_words(tmp_path: Path) -> None:
    """The command says what to run, and starts nothing."""
    settings = settings_for(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "donations_api", "desk", "--no-browser"],
        cwd=ROOT,
        env=environment_of(settings) | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "donations_api migrate" in done.stderr
    assert Ledger(settings.database_url).ready() is False


def test_whatever_is_typed_or_asked_for_gets_an_answer_in_words(treasurer: Treasurer) -> None:
    """No day, month, amount or empty field is too odd; what is told was written by us."""
    treasurer.sit_down()
    for path, asked in (
        ("/gifts", {"month": "9999-12"}),
        ("/gifts", {"q": "9999-12-31"}),
        ("/gifts", {"q": "0001-01"}),
        ("/journal", {"month": "0001-01"}),
        ("/", {"notice": "call-this-number"}),
    ):
        answer = treasurer.look(path, **asked)
        assert answer.status_code == 200
        assert "call-this-number" not in answer.text.partition("<main")[2]
    typed = {"amount": "5", "currency": "CNY", "account": "bank", "date": "2026-11-01"}
    for path, field, wrong in (
        ("/enter", "date", "99999999999999999999-1-1"),
        ("/enter", "date", "0001-01-01"),
        ("/enter", "amount", "9" * 30),
        ("/enter/things", "what", ""),
        ("/bank/look", "account", ""),
    ):
        answer = treasurer.send(path, **(typed | {field: wrong}))
        assert (answer.status_code, path) == (422, path)
        assert f'href="#{field}"' in answer.text


def test_what_could_not_be_written_is_not_noted_as_published(
    settings: Settings, tmp_path: Path
) -> None:
    """The journal tells what was done, and a file that stands in the way is said in words."""
    content = tmp_path / "content"
    shutil.copytree(settings.content, content)
    (content / "data" / "ledger.json").mkdir(parents=True)
    with desk_of(replace(settings, content=content)) as treasurer:
        treasurer.sit_down()
        assert treasurer.send("/months/publish", why="月底").status_code == 422
        assert rows_of(treasurer.look("/journal")) == []
        (content / "data" / "ledger.json").rmdir()
        assert treasurer.send("/months/publish", why="月底").status_code == 200
        assert len(rows_of(treasurer.look("/journal"))) == 1
