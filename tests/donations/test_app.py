"""Every answer of the portal: strict headers, words instead of traces, a log without donors."""

import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from donations_api.app import create_app
from donations_api.errors import FileWrong
from donations_api.ledger import Ledger
from donations_api.settings import ROOT
from tests.donations.guards import Rows
from tests.donations.running import Rig, listening, rig, says, settings_for


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as both:
        yield both


PAGES = [
    "/donations/thanks",
    "/no/such/page",
    "/health",
    "/ready",
    "/webhooks/stripe",
    "/donations",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_strict_headers(both: Rig, path: str) -> None:
    """No script, no other host, no frame around it, no cache, no address told to anyone."""
    answer = requests.get(both.portal + path, allow_redirects=False, timeout=10)
    policy = answer.headers["Content-Security-Policy"]
    for part in (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "form-action 'self' https://checkout.stripe.com",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Permissions-Policy" in answer.headers


@pytest.mark.parametrize(
    ("path", "header", "tag"),
    [
        ("/nowhere", "", "zh-Hans"),
        ("/en/nowhere", "zh-CN", "en"),
        ("/nowhere", "en-GB", "en"),
        ("/nowhere?language=en", "zh-CN", "en"),
        ("//", "", "zh-Hans"),
    ],
)
def test_a_page_that_is_not_there_says_so_in_the_readers_language(
    both: Rig, path: str, header: str, tag: str
) -> None:
    """By the address, the path, or the browser."""
    page = requests.get(both.portal + path, headers={"Accept-Language": header}, timeout=10)
    assert page.status_code == 404
    assert f'<html lang="{tag}"' in page.text


def test_thousands_of_languages_are_not_looked_up(both: Rig) -> None:
    """A header of eight kilobytes took seconds of a processor; now the first few count."""
    letters = "abcdfghijklm"
    made_up = [f"q{one}{other}" for one in letters for other in letters]
    page = requests.get(
        f"{both.portal}/nowhere",
        headers={"Accept-Language": ",".join([*made_up, "en"])},
        timeout=10,
    )
    assert '<html lang="zh-Hans"' in page.text
    usual = ",".join([*made_up[:10], "en"])
    page = requests.get(f"{both.portal}/nowhere", headers={"Accept-Language": usual}, timeout=10)
    assert '<html lang="en"' in page.text


def test_a_wrong_method_names_the_right_ones(both: Rig) -> None:
    """405 with Allow, as HTTP asks."""
    answer = requests.get(f"{both.portal}/webhooks/stripe", timeout=10)
    assert answer.status_code == 405
    answer = requests.delete(f"{both.portal}/donations", timeout=10)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_an_unexpected_fault_is_a_page_of_words(
    both: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug meets a donor: 500 with words; the trace is in the log alone."""
    rows = Rows(both.settings.database_url)
    rows("CREATE TRIGGER bug BEFORE INSERT ON gifts BEGIN SELECT RAISE(ABORT, 'a bug'); END")
    answer = both.give()
    assert answer.status_code == 500
    assert says(answer, "problem.broken.title")
    assert "Traceback" not in answer.text
    assert "sqlite" not in answer.text
    assert "unexpected at POST /donations" in caplog.text


def test_a_database_that_is_away_is_a_page_that_asks_to_come_again(
    both: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """The books are gone while a donor gives: 503 with words, a line in the log, no trace."""
    Path(both.settings.database_url.removeprefix("sqlite:///")).unlink()
    answer = both.give()
    assert answer.status_code == 503
    assert says(answer, "problem.broken.title")
    assert "sqlite" not in answer.text
    assert "at POST /donations the database" in caplog.text
    assert "Traceback" not in "".join(
        record.getMessage() for record in caplog.records if record.name.endswith("app")
    )


def test_the_log_has_a_line_a_request_and_no_donor(
    both: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    """Method, route, status, time; no query, no name, no address, no path that was made up."""
    with caplog.at_level(logging.INFO, "donations_api"):
        thanks = both.paid(name="王小明", email="wang@example.org")
        requests.get(thanks, timeout=10)
        requests.get(f"{both.portal}/wang@example.org", timeout=10)
    lines = [record.getMessage() for record in caplog.records if record.name.endswith(".app")]
    assert [line.rsplit(" ", 2)[0] for line in lines] == [
        "POST /donations 303",
        "GET /donations/thanks 200",
        "GET (no such page) 404",
    ]
    for private in ("王小明", "wang@", "gift_", thanks.split("gift=")[1][:20]):
        assert private not in caplog.text


def test_health_and_ready(tmp_path: Path) -> None:
    """Alive as soon as it runs; ready once the database is there and migrated."""
    settings = settings_for(tmp_path)
    with listening(create_app(settings)) as address:
        assert requests.get(f"{address}/health", timeout=10).status_code == 200
        assert requests.get(f"{address}/ready", timeout=10).status_code == 503
        Ledger(settings.database_url).migrate()
        assert requests.get(f"{address}/ready", timeout=10).status_code == 200
        with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as database:
            database.execute("DELETE FROM _yoyo_migration")
        assert requests.get(f"{address}/ready", timeout=10).status_code == 503


def test_a_content_file_with_a_mistake_stops_the_start(tmp_path: Path) -> None:
    """Better no portal than one that asks for the wrong thing."""
    (tmp_path / "organisation.toml").write_text("name = 5")
    with pytest.raises(FileWrong):
        create_app(settings_for(tmp_path, content=tmp_path))


def test_a_webhook_is_answered_without_loading_stripe(tmp_path: Path) -> None:
    """A cold start with a webhook: stripe, requests, yoyo and rich are not loaded for it."""
    program = """
import sys
from donations_api.handler import application
seen = []
def start(status, headers, exc_info=None): seen.append(status)
import io
environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/webhooks/stripe", "SERVER_NAME": "x",
           "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(b"{}"),
           "CONTENT_LENGTH": "2", "HTTP_STRIPE_SIGNATURE": "t=1,v1=00", "SCRIPT_NAME": ""}
list(application(environ, start))
heavy = {"stripe", "requests", "yoyo", "rich", "waitress", "jsonschema_rs"} & set(sys.modules)
print(seen[0], sorted(heavy))
"""
    environ = {
        "STRIPE_API_KEY": "sk_test_x",
        "STRIPE_WEBHOOK_SECRET": "whsec_x",
        "SECRET_KEY": "0123456789abcdef",
        "SITE_URL": "https://example.org",
        "MAIL_FROM": "a@example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "400 BAD REQUEST []"
