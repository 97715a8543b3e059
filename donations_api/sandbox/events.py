"""An event as it is posted, and the signature that the webhook can check."""

import hashlib
import hmac
import json
from typing import Any


def payload(event: dict[str, Any]) -> bytes:
    """The event as it is posted: JSON, indented as Stripe's is, in UTF-8."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """The ``Stripe-Signature`` header: HMAC-SHA256 over ``timestamp.body``, scheme v1."""
    signed = str(timestamp).encode() + b"." + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
