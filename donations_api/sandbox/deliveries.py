"""Posts events to the webhook until it accepts them: at least once, for up to three days."""

import logging
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from donations_api.sandbox import events
from donations_api.sandbox.schemas import Shapes
from donations_api.sandbox.sessions import Sessions
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.store import Delivery, Records, Store

_LOOK_EVERY = 0.2  # seconds
_log = logging.getLogger(__name__)


class Deliveries:
    """The sending side of the webhook; what is undelivered waits in the file for the next start.

    ``start()`` sends in the background until ``stop()``; ``deliver_due()`` sends what is due now.
    """

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings
        self._store = Store(settings.database)
        self._sessions = Sessions(settings, Shapes())
        self._one_round = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = Thread(target=self._keep_delivering, name="sandbox-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread has ended; a post under way has its time to be answered."""
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def deliver_due(self) -> int:
        """Try each event that is due, once; sessions past their time expire first. How many."""
        with self._one_round:
            with self._store.transaction() as records:
                self._sessions.expire_lapsed(records)
                due = records.deliveries_due(self._settings.clock())
            for delivery in due:
                self._attempt(delivery)
            return len(due)

    def redeliver(self, event: str) -> None:
        """Send an event again at the next round, delivered or not. Raises LookupError."""
        with self._store.transaction() as records:
            send_again(records, event, self._settings.clock())

    def _keep_delivering(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY):
            try:
                self.deliver_due()
            except Exception:  # noqa: BLE001 one bad round must not silence the later ones
                _log.exception("The sandbox could not deliver its events; it will try again.")

    def _attempt(self, delivery: Delivery) -> None:
        with self._store.transaction() as records:
            body = events.payload(records.event(delivery.event))
        # Nothing is locked while the webhook takes its time.
        answer, accepted = self._post(body)
        attempts = delivery.attempts + 1
        waits = self._settings.retry_after
        state = "delivered" if accepted else "pending"
        if not accepted and attempts > len(waits):
            state = "given_up"
        wait = waits[attempts - 1] if state == "pending" else 0
        due = self._settings.clock() + wait
        with self._store.transaction() as records:
            records.note(delivery.event, state, attempts, due, answer)

    def _post(self, body: bytes) -> tuple[str, bool]:
        """What the webhook answered, and whether that is a yes.

        http.client follows no redirect and knows no proxy, as the sender of webhooks must not.
        """
        url = urlsplit(self._settings.webhook_url)
        now = int(self._settings.clock())
        connection = HTTPConnection(
            url.hostname or "", url.port, timeout=self._settings.answer_within
        )
        try:
            connection.request(
                "POST",
                (url.path or "/") + (f"?{url.query}" if url.query else ""),
                body,
                {
                    "Content-Type": "application/json; charset=utf-8",
                    "User-Agent": "Stripe/1.0 (sandbox)",
                    "Stripe-Signature": events.signature(body, self._settings.webhook_secret, now),
                },
            )
            status = connection.getresponse().status
        except (OSError, HTTPException) as problem:
            return type(problem).__name__, False
        finally:
            connection.close()
        return str(status), 200 <= status < 300


def send_again(records: Records, event: str, now: float) -> None:
    """Make an event due now, as if it had never been tried. Raises LookupError."""
    known = records.delivery(event)
    if not known:
        raise LookupError(event)
    records.note(event, "pending", 0, now, known.answer)
