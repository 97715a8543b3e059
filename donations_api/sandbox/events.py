"""What the webhook is told, and the signature that it can check."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from donations_api.sandbox import objects
from donations_api.sandbox.schemas import Shapes
from donations_api.sandbox.store import Records


@dataclass(frozen=True, slots=True)
class Cause:
    """The API request that led to an event; both are None when the donor or time itself did."""

    request_id: str | None = None
    idempotency_key: str | None = None


def announce(
    records: Records,
    shapes: Shapes,
    kind: str,
    session: dict[str, Any],
    cause: Cause,
    now: float,
) -> None:
    """Queue an event of type ``kind`` about the session, in the transaction that changes it."""
    request = {"id": cause.request_id, "idempotency_key": cause.idempotency_key}
    event = objects.event(kind, shapes.fit(session), request, int(now))
    records.save(shapes.fit(event))
    records.queue(event, session["id"], now)


def payload(event: dict[str, Any]) -> bytes:
    """The event as it is posted: JSON, indented as Stripe's is, in UTF-8."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The ``Stripe-Signature`` header: HMAC-SHA256 over ``timestamp.body``, scheme v1."""
    signed = str(timestamp).encode() + b"." + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
