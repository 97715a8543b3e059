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
from donations_api.pledge import Pledge, PledgeState, new_pledge_id
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
        fee_cover=0,
        frequency="once",
        fund="most-needed",
        recipient="house",
        language="zh",
        name="张伟",
        email="zhang@example.org",
        anonymous=True,
        message="愿孩子们平安",
        dedication="",
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


def a_pledge(**changed: Any) -> Pledge:
    """A promise of monthly giving whose first gift has not come."""
    pledge = Pledge(
        id=new_pledge_id(),
        state=PledgeState.PENDING,
        frequency="monthly",
        amount=Money(20000, "CNY"),
        fee_cover=0,
        fund="most-needed",
        recipient="house",
        language="zh",
        name="张伟",
        email="zhang@example.org",
        anonymous=True,
        message="愿孩子们平安",
        dedication="",
        consent_version="2026-11",
        created_at=NOW,
    )
    return replace(pledge, **changed)


def kept_monthly(ledger: Ledger, **changed: Any) -> tuple[Pledge, Gift]:
    """A pledge and its first gift, both in the ledger."""
    pledge = a_pledge(**changed)
    with ledger.books() as books:
        books.add_pledge(pledge)
        books.commit()
    about = {"language": pledge.language, "name": pledge.name, "email": pledge.email}
    money = {"amount": pledge.amount, "fee_cover": pledge.fee_cover}
    return pledge, kept(ledger, frequency="monthly", pledge_id=pledge.id, **about, **money)


def metadata_of(pledge: Pledge, gift: Gift) -> dict[str, str]:
    """What Stripe was told of a pledge: never a name, an address or a message."""
    told = {
        "gift_id": gift.id,
        "pledge_id": pledge.id,
        "fund": pledge.fund,
        "language": pledge.language,
        "recipient": pledge.recipient,
    }
    return told | ({"fee_cover": str(pledge.fee_cover)} if pledge.fee_cover else {})


def an_invoice(pledge: Pledge, gift: Gift, number: int = 1, **changed: Any) -> dict[str, Any]:
    """The paid invoice of a month; ``number`` 1 is the month that began the pledge."""
    return {
        "id": f"in_{gift.id}_{number}",
        "object": "invoice",
        "amount_due": pledge.amount.minor,
        "amount_paid": pledge.amount.minor,
        "billing_reason": "subscription_create" if number == 1 else "subscription_cycle",
        "currency": pledge.amount.currency.lower(),
        "customer_email": pledge.email,
        "customer_name": pledge.name,
        "next_payment_attempt": None,
        "parent": {
            "type": "subscription_details",
            "subscription_details": {
                "metadata": metadata_of(pledge, gift),
                "subscription": f"sub_{gift.id}",
            },
        },
        "status": "paid",
    } | changed


def an_invoice_payment(gift: Gift, number: int = 1) -> dict[str, Any]:
    """The link from an invoice to the payment intent by which it was paid."""
    payment = {"type": "payment_intent", "payment_intent": f"pi_{gift.id}_{number}"}
    return {
        "id": f"inpay_{gift.id}_{number}",
        "object": "invoice_payment",
        "invoice": f"in_{gift.id}_{number}",
        "payment": payment,
        "status": "paid",
    }


def a_subscription(pledge: Pledge, gift: Gift, **changed: Any) -> dict[str, Any]:
    currency, minor = pledge.amount.currency.lower(), pledge.amount.minor
    price = {"currency": currency, "unit_amount": minor, "product": "prod_1"}
    return {
        "id": f"sub_{gift.id}",
        "object": "subscription",
        "cancellation_details": {"reason": None},
        "currency": currency,
        "items": {"data": [{"id": "si_1", "price": price, "quantity": 1}]},
        "metadata": metadata_of(pledge, gift),
        "pause_collection": None,
        "status": "active",
    } | changed


def a_refund(payment_intent: str, minor: int, name: str = "1", **changed: Any) -> dict[str, Any]:
    """``name`` tells several refunds of one payment apart."""
    return {
        "id": f"re_{payment_intent}_{name}",
        "object": "refund",
        "amount": minor,
        "currency": "cny",
        "payment_intent": payment_intent,
        "status": "succeeded",
    } | changed


def a_dispute(payment_intent: str, minor: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"dp_{payment_intent}",
        "object": "dispute",
        "amount": minor,
        "created": int(NOW.timestamp()),
        "currency": "cny",
        "payment_intent": payment_intent,
        "status": "needs_response",
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
