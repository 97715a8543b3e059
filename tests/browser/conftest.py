"""A whole demo for the browser: site, portal, sandbox and mailbox, as `make demo` starts them.

And the site as it is shipped, whose charity the tests know nothing of.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.reach import Visit, visit
from tests.browser.sample import DAY, make_sample
from tests.browser.static_host import static_host

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, and the folders of its built site and of its state."""

    url: str
    site: Path
    state: Path

    @property
    def log(self) -> Path:
        """What its terminal shows; the desk's address too, which is a secret."""
        return self.site.parent / "demo.log"

    def mails(self) -> list[EmailMessage]:
        return [
            message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in sorted((self.state / "mail").glob("*.eml"))
        ]

    def mail_to(self, address: str) -> EmailMessage:
        """The mail to this address, as soon as it is there."""
        return until(
            lambda: next((mail for mail in self.mails() if mail["To"] == address), None),
            f"no mail to {address}",
        )


def until(look: Callable[[], T | None], otherwise: str, seconds: float = 20) -> T:
    """What ``look`` finds, as soon as it finds something; a failure after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.05)  # between two looks, never instead of one
    raise AssertionError(f"{otherwise} within {seconds} s")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """That of a charity that does not exist, with every way to give and a page of each kind."""
    with a_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@contextmanager
def a_demo(folder: Path, *, traditional: bool = False) -> Iterator[Demo]:
    """A demo in which nobody has given yet, until the block ends."""
    port = free_port()
    running = Demo(f"http://127.0.0.1:{port}", folder / "site", folder / "state")
    charity = make_sample(folder / "charity", traditional=traditional)
    words = ("build", "--demo", "--site-url", running.url, "--into", str(running.site))
    built = charity.run(*words, SITE_DAY=DAY)
    assert built.code == 0, built.said
    serve = [sys.executable, "-m", "donations_api.demo", "--port", str(port)]
    with running.log.open("wb") as log:
        server = subprocess.Popen(
            [*serve, "--site", str(running.site), "--state", str(running.state)],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "CONTENT": str(charity.folder / "content")},
        )
        try:
            until(
                lambda: _answers(f"{running.url}/ready"),
                f"the demo does not answer: {running.log}",
            )
            yield running
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=20) == 0, running.log.read_text()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The site as it is shipped: not the demo, on a plain static host."""
    folder = tmp_path_factory.mktemp("published")
    build = [sys.executable, "-m", "plugins.staff", "build", "--into", str(folder / "site")]
    subprocess.run(build, cwd=ROOT, check=True)
    with static_host(folder / "site") as address:
        yield Demo(address, folder / "site", folder)


def _answers(url: str) -> bool | None:
    try:
        with urlopen(url, timeout=2) as answer:
            return answer.status == 200 or None
    except (URLError, OSError):
        return None


@pytest.fixture
def visitor(browser: Browser, demo: Demo) -> Iterator[Callable[..., Visit]]:
    """Open windows as a visitor has them; none of them may have asked another host."""
    opened: list[tuple[BrowserContext, Visit]] = []

    def open_window(*, width: int = 1280, script: bool = True, locale: str = "zh-CN") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            locale=locale,
            base_url=demo.url,
        )
        opened.append((context, visit(context, demo.url)))
        return opened[-1][1]

    yield open_window
    for context, one in opened:
        context.close()
        assert one.foreign == [], "a page asked another host"
