"""One idempotency key, one effect: a repeated request gets the first one's answer.

The answer is kept in the transaction of the effect itself, so a crash leaves both or neither.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.store import KeptAnswer, Records, Store

_KEPT_FOR = 24 * 60 * 60  # seconds, Stripe's least
_LONGEST_KEY = 255

Answer = tuple[int, dict[str, Any]]


class Idempotency:
    """``clock``: seconds since the epoch, UTC."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._under_way: set[str] = set()
        self._lock = Lock()

    def once(
        self, key: str | None, fingerprint: str, act: Callable[[Records], Answer]
    ) -> tuple[Answer, bool]:
        """The answer of ``act``, and whether it is a replay. ``fingerprint`` tells requests apart.

        Raises ApiError: a key that is too long, in use at this moment, or used for another request.
        """
        if not key:
            with self._store.transaction() as records:
                return act(records), False
        if len(key) > _LONGEST_KEY:
            message = f"Idempotency keys can be up to {_LONGEST_KEY} characters long."
            raise ApiError(message)
        with self._alone(key), self._store.transaction() as records:
            now = self._clock()
            records.forget_answers_before(now - _KEPT_FOR)
            if kept := records.kept_answer(key):
                if kept.fingerprint != fingerprint:
                    raise ApiError(
                        "Keys for idempotent requests can only be used with the same parameters"
                        f" they were first used with. Try using a key other than '{key}' if you"
                        " meant to execute a different request.",
                        type="idempotency_error",
                    )
                return (kept.status, kept.body), True
            status, body = act(records)
            records.keep_answer(key, KeptAnswer(fingerprint, status, body), now)
            return (status, body), False

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        with self._lock:
            if key in self._under_way:
                raise ApiError(
                    "There is currently another in-progress request using this idempotency key:"
                    f" {key}. Please try again later.",
                    code="idempotency_key_in_use",
                    status=409,
                    type="idempotency_error",
                )
            self._under_way.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard(key)
