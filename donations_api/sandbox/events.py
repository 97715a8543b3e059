"""An event as it is read and as it is posted, and the signature that the webhook can check."""

import hashlib
import hmac
import json
from typing import Any

from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def current(scene: Scene, event: Made) -> Made:
    """The event, and whether the webhook is still to accept it."""
    delivery = scene.records.queue.of(event["id"])
    waiting = delivery is None or delivery.state != "delivered"
    return event | {"pending_webhooks": int(waiting)}


def payload(event: Made) -> bytes:
    """The event as it is posted: JSON, indented as Stripe's is, in UTF-8."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The ``Stripe-Signature`` header: HMAC-SHA256 over ``timestamp.body``, scheme v1."""
    signed = str(timestamp).encode() + b"." + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
