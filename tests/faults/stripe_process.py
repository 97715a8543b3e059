"""The stand-in for Stripe as a process of its own, with moods, and the sender of its webhooks.

``python -m tests.faults.stripe_process <folder> <port> <webhook>``: each line on standard input is
the mood from now on; when the input ends, so does it. Each request that came upon a mood is told
with a line.
"""

import os
import socket
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server

from donations_api.sandbox import Deliveries, SandboxSettings, create_sandbox
from donations_api.sandbox.delivery_queue import Delivery
from tests.donations.running import API_KEY, WEBHOOK_SECRET

WELL = "well"
MOODS = ("times_out", "429", "500", "breaks_the_line")

# A refused event comes again soon, and is given up within a minute instead of three days.
RETRY_AFTER = (0.2, 0.5, 1, 1, 2, 2, 3, 3, 5, 5, 8, 8)  # seconds
_SENDERS = 6
ANSWER_WITHIN = 3  # seconds; the portal's answer may well come after it
_LONGER_THAN_ANYBODY_WAITS = 4.5  # seconds

Environ = dict[str, Any]


class Moody:
    """The sandbox, whose API is now and then as Stripe's is on a bad day."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.mood = WELL

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        mood = self.mood if environ["PATH_INFO"].startswith("/v1/") else WELL
        if mood != WELL:
            _tell("met")
        match mood:
            case "times_out":
                time.sleep(_LONGER_THAN_ANYBODY_WAITS)
                return _refuse(start_response, "504 Gateway Timeout")
            case "429":
                return _refuse(start_response, "429 Too Many Requests")
            case "500":
                return _refuse(start_response, "500 Internal Server Error")
            case "breaks_the_line":
                # What was asked for is done, and nobody hears of it.
                b"".join(self._app(environ, start_response))
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                return []
        return self._app(environ, start_response)


def _tell(word: str) -> None:
    os.write(1, f"{word}\n".encode())


class ManyAtOnce(Deliveries):
    """Sends several events at the same time, as Stripe does: one that hangs holds no other up."""

    def __init__(self, settings: SandboxSettings) -> None:
        super().__init__(settings)
        self._senders = ThreadPoolExecutor(_SENDERS)
        self._under_way: set[str] = set()

    def _attempt(self, delivery: Delivery) -> None:
        if delivery.event not in self._under_way:
            self._under_way.add(delivery.event)
            self._senders.submit(self._send, delivery)

    def _send(self, delivery: Delivery) -> None:
        try:
            super()._attempt(delivery)
        finally:
            self._under_way.discard(delivery.event)


def _refuse(start_response: Any, status: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json")])
    return [b'{"error": {"type": "api_error", "message": "A bad day."}}']


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def main(folder: Path, port: int, webhook: str) -> None:
    settings = SandboxSettings(
        public_url=f"http://127.0.0.1:{port}",
        api_key=API_KEY,
        webhook_secret=WEBHOOK_SECRET,
        webhook_url=webhook,
        database=folder / "stripe.db",
        retry_after=RETRY_AFTER,
        answer_within=ANSWER_WITHIN,
    )
    app = Moody(create_sandbox(settings))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    ManyAtOnce(settings).start()
    _tell("ready")
    for line in sys.stdin:
        app.mood = line.strip()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
