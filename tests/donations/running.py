"""Real servers for tests: any WSGI app on a free port, and the portal beside its Stripe."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

import requests
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from donations_api.app import create_app
from donations_api.commands.serving import Postman
from donations_api.frame import translate
from donations_api.gift import Gift
from donations_api.ledger import Ledger
from donations_api.sandbox import Deliveries, SandboxSettings, create_sandbox
from donations_api.settings import ROOT, Settings
from tests.donations.guards import Rows

API_KEY = "sk_test_rig"
WEBHOOK_SECRET = "whsec_rig"
CONTENT = ROOT / "tests" / "sites" / "giving" / "content"  # of a charity that does not exist
PATIENCE = 15  # seconds until a test gives up waiting

FORM = {
    "amount": "200",
    "currency": "CNY",
    "frequency": "once",
    "fund": "most-needed",
    "recipient": "house",
    "name": "张伟",
    "email": "zhang@example.org",
    "anonymous": "yes",
    "message": "愿孩子们平安",
    "consent_version": "2026-11.3",
    "language": "zh",
}


def settings_for(folder: Path, **changed: Any) -> Settings:
    """Settings of a portal that keeps everything in ``folder``."""
    settings = Settings.from_environ(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'donations.db'}",
            "STRIPE_API_KEY": API_KEY,
            "STRIPE_API_BASE": "http://127.0.0.1:9",
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "SECRET_KEY": "a secret of the tests",
            "SITE_URL": "http://127.0.0.1:9",
            "SMTP_URL": f"file:{folder / 'mail'}",
            "MAIL_FROM": "gifts@example.org",
            "CONTENT": str(CONTENT),
        }
    )
    return replace(settings, **changed)


def make_books(settings: Settings) -> Ledger:
    """The ledger of ``settings``, made if it is not there; a file is the copy of an empty one."""
    ledger = Ledger(settings.database_url)
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database_url.startswith("sqlite:///") and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_empty_books())
    else:
        ledger.migrate()
    return ledger


@cache
def _empty_books() -> bytes:
    """A SQLite file in this version's shape: hundreds of tests want one, each step takes time."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "donations.db"
        Ledger(f"sqlite:///{file}").migrate()
        return file.read_bytes()


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as an operator gives them to a process."""
    return os.environ | {
        "DATABASE_URL": settings.database_url,
        "STRIPE_API_KEY": settings.stripe_api_key,
        "STRIPE_API_BASE": settings.stripe_api_base,
        "STRIPE_WEBHOOK_SECRET": settings.webhook_secrets[0],
        "SECRET_KEY": settings.secret_key,
        "SITE_URL": settings.site_url,
        "SMTP_URL": settings.smtp_url,
        "MAIL_FROM": settings.mail_from,
        "CONTENT": str(settings.content),
    }


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The portal as its operator starts it, a process of its own; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "donations_api", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment_of(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: process.poll() is not None or _answers(address))
        assert process.poll() is None, "the portal did not start"
        yield address
    finally:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/ready", timeout=5).ok
    except requests.ConnectionError:
        return False


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _closed(app: WSGIApplication) -> WSGIApplication:
    """``app``, whose answers are closed here.

    Werkzeug's server, unlike the one that ``serve`` starts, forgets it when the client has gone
    before it looks; then the postman is not told that a mail was queued.
    """

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        start_response(status, headers.to_wsgi_list())
        return body

    return answer


@contextmanager
def listening(app: WSGIApplication) -> Iterator[str]:
    """``app`` behind real HTTP on a free port; its address."""
    server: BaseWSGIServer = make_server(
        "127.0.0.1", 0, _closed(app), threaded=True, request_handler=_Quiet
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Later:
    """A WSGI app that is known only after its server's address is."""

    app: WSGIApplication

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


@dataclass
class Rig:
    """A portal and its Stripe, both over HTTP."""

    settings: Settings
    portal: str
    stripe: str
    app: Flask
    deliveries: Deliveries
    sandbox_database: Path
    donor: requests.Session = field(default_factory=requests.Session)
    donors: Iterator[int] = field(default_factory=count)

    def give(self, **changed: str | None) -> requests.Response:
        """Send the form, some fields changed or (None) left out; redirects are not followed."""
        someone = {"email": f"donor{next(self.donors)}@example.org"}
        sent = {name: text for name, text in (FORM | someone | changed).items() if text is not None}
        return self.donor.post(f"{self.portal}/donations", sent, allow_redirects=False, timeout=20)

    def pay(self, page: str, outcome: str = "pay") -> requests.Response:
        """Fill in Stripe's page; where it leads is not followed."""
        card = {"number": "4242424242424242", "expiry": "12 / 40", "cvc": "123"}
        return self.donor.post(
            page,
            card | {"outcome": outcome},
            headers={"Origin": self.stripe},
            allow_redirects=False,
            timeout=20,
        )

    def paid(self, **changed: str) -> str:
        """A gift that was paid; the address at which the donor comes back."""
        answer = self.pay(self.give(**changed).headers["Location"])
        assert answer.status_code == 303
        return answer.headers["Location"]

    def mails(self) -> list[Path]:
        return list(Path(self.settings.smtp_url.removeprefix("file:")).glob("*.eml"))

    def gifts(self) -> list[Gift]:
        rows = Rows(self.settings.database_url)
        ids = [gift_id for (gift_id,) in rows("SELECT id FROM gifts ORDER BY created_at")]
        with Ledger(self.settings.database_url).books() as books:
            return [gift for one in ids if (gift := books.gift(one))]


@contextmanager
def rig(folder: Path, **changed: Any) -> Iterator[Rig]:
    """A portal with an empty ledger beside a sandbox.

    ``changed`` are settings, create_app's ``clock``, and the sandbox's ``settles_in``.
    """
    options = {name: changed.pop(name) for name in ("clock",) if name in changed}
    settles_in: tuple[str, ...] = changed.pop("settles_in", ())
    with ExitStack() as stack:
        portal, stripe = Later(), Later()
        portal_address = stack.enter_context(listening(portal))
        stripe_address = stack.enter_context(listening(stripe))
        settings = settings_for(
            folder, **({"site_url": portal_address, "stripe_api_base": stripe_address} | changed)
        )
        sandbox = SandboxSettings(
            public_url=stripe_address,
            api_key=API_KEY,
            webhook_secret=WEBHOOK_SECRET,
            webhook_url=f"{portal_address}/webhooks/stripe",
            database=folder / "sandbox.db",
            settles_in=settles_in,
        )
        make_books(settings)
        postman = stack.enter_context(Postman(settings, **options))
        portal.app = app = create_app(settings, on_queued=postman.wake, **options)
        stripe.app = create_sandbox(sandbox)
        yield Rig(
            settings, portal_address, stripe_address, app, Deliveries(sandbox), sandbox.database
        )


def until(something: Callable[[], Any]) -> Any:
    """Poll until ``something`` is true, and give it back; fail after a while."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := something():
            return found
        time.sleep(0.05)  # between two looks, never instead of one
    raise AssertionError("it did not happen in time")


def says(answer: requests.Response, message: str, language: str = "zh", **values: str) -> bool:
    """Whether a page says ``message`` of the theme's catalog."""
    text = translate((ROOT / "theme" / "locale",), language, message) % values
    return text in unescape(answer.text)
