"""One transaction on the stage: what is written in it, at what time, and who is told.

Every step of every object runs on a Scene, so that it is kept together with its events, or not at
all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from donations_api.sandbox.errors import no_such
from donations_api.sandbox.objects.event import new_event
from donations_api.sandbox.schemas import Shapes, shapes
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.store import Records, Store

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cause:
    """The API request that led to an event; both are None when the donor or time itself did."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """``clock``: seconds since the epoch, UTC. ``url``: the sandbox's own public address.

    ``settles_in``: as in the settings.
    """

    records: Records
    shapes: Shapes
    clock: float
    url: str
    cause: Cause
    settles_in: tuple[str, ...]

    @property
    def now(self) -> int:
        return int(self.clock)

    def find(self, kind: str, identifier: str, param: str = "id") -> Made:
        """Raises ApiError ``resource_missing``."""
        made = self.records.find(kind, identifier)
        if not made:
            raise no_such(kind, identifier, param)
        return made

    def save(self, made: Made) -> Made:
        """Raises ObjectMalformed."""
        return self.records.save(self.shapes.fit(made))

    def tell(self, kind: str, about: Made, before: Made | None = None) -> None:
        """Queue an event of type ``kind``. ``before``: the object before it changed."""
        request = {"id": self.cause.request_id, "idempotency_key": self.cause.idempotency_key}
        event = new_event(kind, self.shapes.fit(about), before, request, self.now)
        self.save(event)
        self.records.queue.add(event, about["id"], self.clock)


class Stage:
    """Opens scenes on the file that the settings name."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.store = Store(settings.database)

    @contextmanager
    def scene(self) -> Iterator[Scene]:
        with self.store.transaction() as records:
            yield self.within(records)

    def within(self, records: Records, cause: Cause | None = None) -> Scene:
        """A scene of a transaction that is open already."""
        return Scene(
            records,
            shapes(),
            self.settings.clock(),
            self.settings.public_url.rstrip("/"),
            cause or Cause(),
            self.settings.settles_in,
        )
