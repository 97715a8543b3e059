"""Events as Stripe sends them, signed as Stripe signs them, and gifts for them to be about."""

import hashlib
import hmac
import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from donations_api.gift import Gift, State, new_gift_id
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.settings import STRIPE_API_VERSION
from tests.donations.running import WEBHOOK_SECRET

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
COMPLETED = "checkout.session.completed"
EXPIRED = "checkout.session.expired"

_counter = itertools.count(1)


def a_gift(**changed: Any) -> Gift:
    """A gift that waits for its donor on the payment page."""
    gift = Gift(
        id=new_gift_id(),
        state=State.PENDING,
        amount=Money(20000, "CNY"),
        frequency="once",
        fund="most-needed",
        recipient="xinxing",
        language="zh",
        name="张伟",
        email="zhang@example.org",
        anonymous=True,
        message="愿孩子们平安",
        consent_version="2026-11",
        created_at=NOW,
    )
    return replace(gift, **changed)


def kept(ledger: Ledger, **changed: Any) -> Gift:
    """A gift that is in the ledger."""
    gift = a_gift(**changed)
    with ledger.books() as books:
        assert books.add_gift(gift)
        books.commit()
    return gift


def a_session(gift: Gift, **changed: Any) -> dict[str, Any]:
    """The paid Checkout Session of a gift: what the webhook looks at, and a little more."""
    return {
        "id": f"cs_test_{gift.id}",
        "object": "checkout.session",
        "amount_total": gift.amount.minor,
        "currency": gift.amount.currency.lower(),
        "customer_details": {"email": gift.email, "name": gift.name},
        "customer_email": gift.email,
        "metadata": {
            "gift_id": gift.id,
            "fund": gift.fund,
            "language": gift.language,
            "recipient": gift.recipient,
        },
        "payment_intent": f"pi_{gift.id}",
        "payment_status": "paid",
        "status": "complete",
    } | changed


def an_event(about: dict[str, Any], type_: str = COMPLETED, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"evt_{next(_counter)}",
        "object": "event",
        "api_version": STRIPE_API_VERSION,
        "created": int(NOW.timestamp()),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": type_,
    } | changed


def body_of(event: object) -> bytes:
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def signed(
    body: bytes, *, secret: str = WEBHOOK_SECRET, at: datetime = NOW, scheme: str = "v1"
) -> str:
    """The header ``Stripe-Signature`` for ``body``."""
    stamp = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},{scheme}={digest}"
