"""Posts events to the webhook until it accepts them: at least once, for up to three days."""

import logging
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from donations_api.sandbox import events, sessions, subscriptions
from donations_api.sandbox.delivery_queue import Delivery
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.stage import Stage
from donations_api.sandbox.store import Records

_LOOK_EVERY = 0.2  # seconds
_log = logging.getLogger(__name__)


class Deliveries:
    """The sending side of the webhook; what is undelivered waits in the file for the next start.

    ``start()`` sends in the background until ``stop()``; ``deliver_due()`` sends what is due now.
    """

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings
        self._stage = Stage(settings)
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
        """Try each event that is due, once; how many. What time brings by itself happens first."""
        with self._one_round:
            with self._stage.scene() as scene:
                sessions.expire_lapsed(scene)
                subscriptions.wake_all(scene)
                due = scene.records.queue.due(self._settings.clock())
            for delivery in due:
                self._attempt(delivery)
            return len(due)

    def redeliver(self, event: str) -> None:
        """Send an event again at the next round, delivered or not. Raises LookupError."""
        with self._stage.store.transaction() as records:
            send_again(records, event, self._settings.clock())

    def _keep_delivering(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY):
            try:
                self.deliver_due()
            except Exception:  # noqa: BLE001 one bad round must not silence the later ones
                _log.exception("The sandbox could not deliver its events; it will try again.")

    def _attempt(self, delivery: Delivery) -> None:
        with self._stage.store.transaction() as records:
            body = events.payload(records.get(delivery.event))
        # Nothing is locked while the webhook takes its time.
        answer, accepted = self._post(body)
        attempts = delivery.attempts + 1
        waits = self._settings.retry_after
        state = "delivered" if accepted else "pending"
        if not accepted and attempts > len(waits):
            state = "given_up"
        wait = waits[attempts - 1] if state == "pending" else 0
        due = self._settings.clock() + wait
        with self._stage.store.transaction() as records:
            records.queue.note(delivery.event, state, attempts, due, answer)

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
    _put(records, event, "pending", now)


def send_late(records: Records, event: str, due: float) -> None:
    """Make an event due at a later moment. Raises LookupError."""
    _put(records, event, "pending", due)


def drop(records: Records, event: str) -> None:
    """Never send an event, unless somebody sends it by hand. Raises LookupError."""
    _put(records, event, "dropped", 0)


def _put(records: Records, event: str, state: str, due: float) -> None:
    known = records.queue.of(event)
    if not known:
        raise LookupError(event)
    records.queue.note(event, state, 0, due, known.answer)
