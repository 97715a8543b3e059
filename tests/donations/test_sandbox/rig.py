"""The sandbox on a real port, a webhook to tell, and a clock that tests can put forward."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import requests
import stripe
from stripe.params.checkout import SessionCreateParams
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from donations_api.sandbox import Deliveries, SandboxSettings, create_sandbox

API_KEY = "sk_test_rig"
SECRET = "whsec_rig"
NOT_HERE = "http://127.0.0.1:9/"  # nothing listens on the discard port


class Clock:
    """Seconds since the epoch, UTC; ``forward`` skips time."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self._ahead

    def forward(self, seconds: float) -> None:
        self._ahead += seconds


@dataclass
class Webhook:
    """Keeps what it is told. ``answers`` are the statuses to come; after them all is well (200)."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: Event | None = None

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.told]


@contextmanager
def listening() -> Iterator[Webhook]:
    webhook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhook.told.append((dict(self.headers.items()), body))
            if webhook.hold:
                webhook.hold.wait(10)
            status = webhook.answers.pop(0) if webhook.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", webhook.url + "elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            """The charity's own pages, to which the donor comes back."""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>back</title>")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    webhook.url = f"http://127.0.0.1:{server.server_port}/"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield webhook
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Rig:
    """A running sandbox and what a test needs to talk to it."""

    settings: SandboxSettings
    clock: Clock
    webhook: Webhook
    deliveries: Deliveries

    @property
    def url(self) -> str:
        return self.settings.public_url

    def client(self, key: str = API_KEY, version: str = stripe.api_version) -> stripe.StripeClient:
        return stripe.StripeClient(
            key,
            base_addresses={"api": self.url},
            stripe_version=version,
            max_network_retries=0,
        )

    def create(self, **changes: Any) -> stripe.checkout.Session:
        return self.client().v1.checkout.sessions.create(self.request(**changes))

    def request(self, **changes: Any) -> SessionCreateParams:
        """The parameters of a gift of ¥200; a change to None leaves a parameter out."""
        gift: dict[str, Any] = {
            "mode": "payment",
            "line_items": [line_item("cny", 20000)],
            "customer_email": "donor@example.org",
            "success_url": self.webhook.url + "thanks?session={CHECKOUT_SESSION_ID}",
            "cancel_url": self.webhook.url + "donate",
            **changes,
        }
        params: Any = {name: value for name, value in gift.items() if value is not None}
        made: SessionCreateParams = params
        return made

    def post(self, path: str, data: dict[str, str], **headers: str) -> requests.Response:
        """A raw call of the API, as the library would never make it."""
        common = {"Authorization": f"Bearer {API_KEY}", "Stripe-Version": stripe.api_version}
        return requests.post(
            self.url + path,
            data=data,
            headers=common | {name.replace("_", "-"): text for name, text in headers.items()},
            timeout=20,
        )

    def press(
        self, session: str, outcome: str = "pay", origin: str | None = None, **typed: str
    ) -> requests.Response:
        """Press a button of the hosted page, as a browser does; redirects are not followed."""
        card = {"number": "4242 4242 4242 4242", "expiry": "12 / 40", "cvc": "123"}
        own = "/".join(self.url.split("/")[:3])
        return requests.post(
            f"{self.url}/pay/{session}?language=en",
            data={**card, **typed, "outcome": outcome},
            headers={"Origin": own if origin is None else origin},
            allow_redirects=False,
            timeout=20,
        )

    def act(self, page: str, act: str, origin: str | None = None, **data: str) -> int:
        """Press a button of the console's ``page`` (``charges/ch_…``); the status of the answer."""
        own = "/".join(self.url.split("/")[:3])
        return requests.post(
            f"{self.url}/{page}?language=en",
            data={**data, "act": act},
            headers={"Origin": own if origin is None else origin},
            allow_redirects=False,
            timeout=20,
        ).status_code

    def look(self, page: str = "", language: str = "en") -> str:
        """What a reader of a page of the console sees."""
        joint = "&" if "?" in page else "?"
        answer = requests.get(f"{self.url}/{page}{joint}language={language}", timeout=20)
        assert answer.status_code == 200
        return text_of(answer)

    def news(self) -> list[dict[str, Any]]:
        """The events told since the last look."""
        while self.deliveries.deliver_due():
            pass
        events = [json.loads(body) for _, body in self.webhook.told]
        self.webhook.told.clear()
        return events

    def types(self) -> list[str]:
        return [event["type"] for event in self.news()]

    def pay(self, currency: str = "gbp", amount: int = 2500, **typed: str) -> stripe.Charge:
        """The charge of a gift that a donor has just paid or authorised; its news are told."""
        session = self.create(line_items=[line_item(currency, amount)])
        assert self.press(session.id, **typed).status_code == 303
        self.news()
        return self.charge_of(self.client().v1.checkout.sessions.retrieve(session.id))

    def charge_of(self, session: stripe.checkout.Session) -> stripe.Charge:
        v1 = self.client().v1
        assert isinstance(session.payment_intent, str)
        charge = v1.payment_intents.retrieve(session.payment_intent).latest_charge
        assert isinstance(charge, str)
        return v1.charges.retrieve(charge)

    def subscribe(self, **typed: str) -> stripe.Subscription:
        """A subscription that a donor has just begun; its news are told."""
        session = self.create(
            mode="subscription",
            submit_type="donate",
            line_items=[monthly()],
            subscription_data={"metadata": {"gift_id": "g1", "pledge_id": "p1"}},
        )
        assert self.press(session.id, **typed).status_code == 303
        self.news()
        begun = self.client().v1.checkout.sessions.retrieve(session.id)
        assert isinstance(begun.subscription, str)
        return self.client().v1.subscriptions.retrieve(begun.subscription)


@contextmanager
def running(
    database: Path, webhook: Webhook, prefix: str = "/sandbox", **changes: Any
) -> Iterator[Rig]:
    clock = Clock()
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    settings = SandboxSettings(
        **{
            "public_url": f"http://127.0.0.1:{server.port}{prefix}",
            "api_key": API_KEY,
            "webhook_secret": SECRET,
            "webhook_url": webhook.url,
            "database": database,
            "clock": clock,
            "retry_after": (10, 100),
            **changes,
        }
    )
    app = create_sandbox(settings)
    server.app = DispatcherMiddleware(lambda *_: [], {prefix: app}) if prefix else app
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Rig(settings, clock, webhook, Deliveries(settings))
    finally:
        server.shutdown()
        server.server_close()


def line_item(currency: str, unit_amount: int, quantity: int = 1) -> dict[str, Any]:
    return {
        "price_data": {
            "currency": currency,
            "unit_amount": unit_amount,
            "product_data": {"name": "Where it is needed most"},
        },
        "quantity": quantity,
    }


def monthly(currency: str = "gbp", unit_amount: int = 2500) -> dict[str, Any]:
    item = line_item(currency, unit_amount)
    item["price_data"]["recurring"] = {"interval": "month"}
    return item


def text_of(page: requests.Response) -> str:
    """What a reader sees, roughly: the page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
