"""The demo as a visitor and a member of staff meet it: one process, one address, until Ctrl-C."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

from donations_api.demo.__main__ import main
from donations_api.gift import State
from donations_api.settings import ROOT
from tests.donations.running import CONTENT, FORM, make_books, settings_for, until
from tests.donations.stripe_events import kept
from tests.donations.test_exports import book

PAGE = "<!doctype html><title>{}</title>"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A built site in small."""
    return make_site(tmp_path / "site")


def make_site(folder: Path) -> Path:
    for path, title in {
        "index.html": "首页",
        "404.html": "找不到",
        "donate/index.html": "捐赠",
        "en/index.html": "Home",
        "en/404.html": "Not found",
        "en/about/index.html": "About",
        "theme/site.css": "body{}",
        "notes.txt": "说明",
        "sitemap.xml": "<x/>",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(PAGE.format(title), "utf-8")
    form = '<form method="post" action="/donations"><button>'
    (folder / "donate" / "index.html").write_text(form, "utf-8")
    (folder.parent / "outside.html").write_text("a secret")
    return folder


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def start(site: Path, state: Path, port: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "donations_api.demo"),
            *("--port", str(port), "--site", str(site), "--state", str(state)),
        ],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "CONTENT": str(CONTENT),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@contextmanager
def demo(
    site: Path, state: Path, port: int, stop: signal.Signals = signal.SIGINT
) -> Iterator[tuple[str, list[str]]]:
    """The running demo: its address and what it printed. It must end quietly."""
    process = start(site, state, port)
    assert process.stdout
    assert process.stderr
    printed: list[str] = []
    try:
        while "Ctrl-C" not in "".join(printed[-1:]):
            line = process.stdout.readline()
            assert line, process.stderr.read()
            printed.append(line)
        yield f"http://127.0.0.1:{port}", printed
    finally:
        process.send_signal(stop)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert str(state) in out


@pytest.fixture
def running(site: Path, tmp_path: Path) -> Iterator[str]:
    with demo(site, tmp_path / "state", free_port()) as (address, _):
        yield address


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same for all who only look at the site."""
    folder = tmp_path_factory.mktemp("shown")
    with demo(make_site(folder / "site"), folder / "state", free_port()) as (address, _):
        yield address


def give_and_pay(address: str) -> str:
    """A visitor's gift by forms alone; where the visitor comes back to."""
    answer = requests.post(f"{address}/donations", FORM, allow_redirects=False, timeout=20)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert page.startswith(f"{address}/sandbox/pay/")
    answer = requests.post(
        page,
        {"outcome": "pay", "number": "4242424242424242", "expiry": "12 / 40", "cvc": "123"},
        headers={"Origin": address},
        allow_redirects=False,
        timeout=20,
    )
    assert answer.status_code == 303
    return answer.headers["Location"]


def arrived(thanks: str) -> bool:
    return "XX-" in requests.get(thanks, timeout=10).text


def mails(address: str) -> list[str]:
    page = requests.get(f"{address}/mailbox/?language=zh", timeout=10)
    assert page.status_code == 200
    return re.findall(r'href="(/mailbox/[^"?]+)\?', page.text)


def test_a_gift_by_forms_alone_brings_a_mail_and_outlives_the_night(
    site: Path, tmp_path: Path
) -> None:
    """Form, payment page, webhook, thanks, mail; after Ctrl-C and a second start all is there."""
    state, port = tmp_path / "state", free_port()
    with demo(site, state, port) as (address, _):
        thanks = give_and_pay(address)
        until(lambda: arrived(thanks))
        before = until(lambda: mails(address))
        assert len(before) == 1
    with demo(site, state, port, signal.SIGTERM) as (address, _):
        assert arrived(thanks)
        assert mails(address) == before
        assert requests.get(f"{address}/sandbox/", timeout=10).status_code == 200


def test_the_demo_s_own_books_are_written_for_its_pages(tmp_path: Path) -> None:
    """Rule D14: as those of a demo; where nobody ever gave there is nothing to write."""
    state, books = tmp_path / "state", tmp_path / "books"
    assert main(["--publish", str(books), "--state", str(state)]) == 0
    assert not books.exists()
    ledger = make_books(settings_for(state))
    book(ledger, kept(ledger, state=State.RECEIVED))
    assert main(["--publish", str(books), "--state", str(state)]) == 0
    told = json.loads((books / "ledger.json").read_text("utf-8"))
    assert told["demo"] is True
    assert {one["received"] for one in told["months"] if one["gifts"] != 0} == {20000}


def test_a_gift_in_a_real_browser_without_script(running: str, browser: Browser) -> None:
    """Our own policy does not stand in the form's way: mend it, pay, and be thanked in the end."""
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{running}/donate/")
    page.click("button")
    assert page.locator(".summary li").count() > 2
    for field in ("name", "email"):
        page.fill(f"#{field}", FORM[field])
    page.check("#consent_version")
    page.click(".send button")
    page.wait_for_url(f"{running}/sandbox/pay/**")
    page.click("button[value=pay]")
    page.wait_for_url(f"{running}/donations/thanks**")
    page.get_by_text("XX-").wait_for(timeout=15000)
    page.context.close()


def test_the_addresses_are_printed_in_both_languages(site: Path, tmp_path: Path) -> None:
    """A line an address; each of them answers."""
    with demo(site, tmp_path / "state", free_port()) as (address, printed):
        found = [re.findall(r"http://[\d.:]+\S*", line)[0] for line in printed[:-1]]
        assert found[0] == f"{address}/"
        assert f"{address}/en/" in found
        assert f"{address}/donate/" in found
        assert f"{address}/mailbox/" in found
        assert f"{address}/sandbox/" in found
        not_built = {f"{address}/{path}" for path in ("en/donate/", "zh-hant/", "zh-hant/donate/")}
        for line in printed:
            assert " / " in line
        for one in set(found) - not_built:
            assert requests.get(one, timeout=10).status_code == 200


def test_a_mail_is_shown_locked_in(running: str) -> None:
    """Subject, addresses, text; the HTML part in a frame of its own that may do nothing."""
    give_and_pay(running)
    (mail,) = until(lambda: mails(running))
    page = requests.get(f"{running}{mail}?language=en", timeout=10)
    assert page.status_code == 200
    assert FORM["email"] in page.text
    assert f'<iframe src="{mail}/html" sandbox' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in unescape(page.text)
    html = requests.get(f"{running}{mail}/html", timeout=10)
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert "张伟" in html.text
    for other in ("/mailbox/nothing", "/mailbox/..%2f..%2fdemo", "/mailbox/nothing/html"):
        assert requests.get(running + other, timeout=10).status_code == 404


def test_the_site_is_shown_as_a_web_server_shows_it(shown: str) -> None:
    """Folders have their index, a missing slash is added, text says its encoding."""
    page = requests.get(f"{shown}/en/about", allow_redirects=False, timeout=10)
    assert page.status_code == 301
    assert page.headers["Location"].endswith("/en/about/")
    for path, title, kind in (
        ("/", "首页", "text/html; charset=utf-8"),
        ("/en/about/", "About", "text/html; charset=utf-8"),
        ("/notes.txt", "说明", "text/plain; charset=utf-8"),
        ("/theme/site.css?123", "body", "text/css; charset=utf-8"),
    ):
        page = requests.get(shown + path, timeout=10)
        page.encoding = "utf-8"
        assert page.status_code == 200
        assert title in page.text
        assert page.headers["Content-Type"] == kind


def test_a_file_is_sent_again_only_when_it_has_changed(running: str, site: Path) -> None:
    """No cache hides a new build; what has not changed costs nothing."""
    page = requests.get(f"{running}/", timeout=10)
    assert page.headers["Cache-Control"] == "no-cache"
    tag = {"If-None-Match": page.headers["ETag"]}
    assert requests.get(f"{running}/", headers=tag, timeout=10).status_code == 304
    (site / "index.html").write_text("new and longer than it was before", "utf-8")
    assert "new" in requests.get(f"{running}/", headers=tag, timeout=10).text


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/nowhere", "找不到"),
        ("/nowhere/at/all", "找不到"),
        ("/en/nowhere", "Not found"),
        ("/en/about/nowhere.html", "Not found"),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest_404(shown: str, path: str, title: str) -> None:
    """In the language of its folder, with the right status."""
    page = requests.get(shown + path, timeout=10)
    page.encoding = "utf-8"
    assert page.status_code == 404
    assert title in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.html",
        "/..%2foutside.html",
        "/%2e%2e/outside.html",
        "/en/../../outside.html",
        "/..%5coutside.html",
        "//outside.html",
        "/%00",
    ],
)
def test_nothing_outside_the_site_is_shown(shown: str, path: str) -> None:
    """Whatever the path says, sent as it is."""
    host, port = shown.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert b"a secret" not in answer
    assert not answer.startswith((b"HTTP/1.0 200", b"HTTP/1.0 5", b"HTTP/1.1 200", b"HTTP/1.1 5"))


@pytest.mark.parametrize("path", ["/", "/donations/thanks", "/mailbox/", "/nowhere", "/health"])
def test_the_demo_is_as_strict_as_a_host(shown: str, path: str) -> None:
    """The same security headers everywhere, so that what would break online breaks here."""
    answer = requests.get(shown + path, timeout=10)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "running"),
    [
        ("/search/", "; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval';"),
        ("/en/search/", "; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval';"),
        ("/donate/", "; connect-src 'self'; script-src 'self';"),
        ("/en/donate/", "; connect-src 'self'; script-src 'self';"),
    ],
)
def test_a_page_with_a_script_of_our_own_may_run_it(shown: str, path: str, running: str) -> None:
    """A header that allows less than the page itself would keep it from searching, or adding."""
    policy = requests.get(shown + path, timeout=10).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert running in policy


def test_a_port_that_is_taken_is_one_clear_line(site: Path, tmp_path: Path) -> None:
    """Exit 1, in both languages."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start(site, tmp_path / "state", taken.getsockname()[1])
        _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert len(err.splitlines()) == 1
    assert "Cannot listen" in err


def test_without_a_built_site_the_next_step_is_told(tmp_path: Path) -> None:
    """Exit 1 and "make build"; nothing is made on the side."""
    process = start(tmp_path / "none", tmp_path / "state", free_port())
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "make build" in err
    assert not (tmp_path / "state").exists()


def test_the_demos_secrets_are_its_own_and_for_its_owner_alone(site: Path, tmp_path: Path) -> None:
    """Random, kept for the next start, readable by nobody else."""
    state, port = tmp_path / "state", free_port()
    with demo(site, state, port):
        kept = (state / "demo.json").read_text("utf-8")
    assert (state / "demo.json").stat().st_mode & 0o077 == 0
    with demo(site, state, port):
        assert (state / "demo.json").read_text("utf-8") == kept
    with demo(site, tmp_path / "other", port):
        assert (tmp_path / "other" / "demo.json").read_text("utf-8") != kept
