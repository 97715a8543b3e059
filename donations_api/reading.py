"""From Stripe's objects, as the pinned version of its API has them, to the news in them. Pure.

Nothing is taken on trust but the signature: each figure and each name has its form, or the event is
not understood and waits for a person.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from donations_api.events import (
    CheckoutTold,
    DisputeStep,
    DisputeTold,
    InvoiceLinked,
    InvoicePaid,
    NotOurs,
    NotUnderstood,
    Payment,
    PledgeTold,
    RefundMade,
    RefundUndone,
    RenewalFailed,
    Told,
)
from donations_api.gift import News
from donations_api.money import Money
from donations_api.pledge import PledgeState

IDENTIFIER = re.compile(r"[\w.]{1,255}", re.ASCII)
_GIFT = re.compile(r"gift_[0-9a-f]{24}")
_PLEDGE = re.compile(r"pledge_[0-9a-f]{24}")
_CURRENCY = re.compile(r"[a-z]{3}")
_MINOR = re.compile(r"\d{1,9}", re.ASCII)
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Object = Mapping[str, Any]


Reader = Callable[[Told], object | None]


def read(told: Told) -> object | None:
    """The news of an event, as a record of ``events``; None when nothing of ours depends on it.

    Raises NotOurs and NotUnderstood.
    """
    reader = _READERS.get(told.type)
    return reader(told) if reader else None


def _checkout(told: Told) -> object | None:
    session, gift_id = told.about, _named(_metadata(told.about), "gift_id", _GIFT)
    if not gift_id:
        raise NotOurs
    if told.type == "checkout.session.expired":
        return CheckoutTold(gift_id, News.CHECKOUT_EXPIRED)
    if told.type == "checkout.session.async_payment_failed":
        return CheckoutTold(gift_id, News.PAYMENT_FAILED)
    finished = told.type == "checkout.session.completed"
    if session.get("mode") == "subscription":
        # Its money comes with the invoice, this month's as every later one's.
        return CheckoutTold(gift_id, News.CHECKOUT_FINISHED) if finished else None
    match session.get("payment_status"):
        case "paid":
            return _payment(told, gift_id)
        case "unpaid" if finished:
            return CheckoutTold(gift_id, News.CHECKOUT_FINISHED)
    raise NotUnderstood


def _payment(told: Told, gift_id: str) -> Payment:
    session = told.about
    donor = session.get("customer_details")
    donor = donor if isinstance(donor, Mapping) else {}
    return Payment(
        gift_id=gift_id,
        amount=_money(session, "amount_total"),
        payment_intent=_identifier(session.get("payment_intent")),
        source=told.source,
        received_at=told.at,
        name=_text(donor.get("name")),
        email=_text(donor.get("email") or session.get("customer_email")),
        **_meant(_metadata(session)),
    )


def _invoice_paid(told: Told) -> object | None:
    invoice = told.about
    subscription, metadata, pledge_id = _pledged(invoice)
    if invoice.get("amount_paid") == 0:
        return None  # a month that was waived
    return InvoicePaid(
        pledge_id=pledge_id,
        gift_id=_named(metadata, "gift_id", _GIFT),
        invoice_id=_identifier(invoice.get("id")),
        subscription_id=_identifier(subscription),
        first=_first(invoice, metadata),
        amount=_money(invoice, "amount_paid"),
        source=told.source,
        received_at=told.at,
        name=_text(invoice.get("customer_name")),
        email=_text(invoice.get("customer_email")),
        **_meant(metadata),
    )


def _invoice_failed(told: Told) -> object | None:
    invoice = told.about
    _, metadata, pledge_id = _pledged(invoice)
    next_try = invoice.get("next_payment_attempt")
    return RenewalFailed(
        pledge_id=pledge_id,
        invoice_id=_identifier(invoice.get("id")),
        first=_first(invoice, metadata),
        amount=_money(invoice, "amount_due"),
        next_try=datetime.fromtimestamp(next_try, UTC) if type(next_try) is int else None,
    )


def _invoice_linked(told: Told) -> object | None:
    payment = told.about.get("payment")
    payment = payment if isinstance(payment, Mapping) else {}
    if payment.get("type") != "payment_intent":
        return None
    return InvoiceLinked(
        invoice_id=_identifier(told.about.get("invoice")),
        payment_intent=_identifier(payment.get("payment_intent")),
    )


_STATES = {
    "active": PledgeState.ACTIVE,
    "trialing": PledgeState.ACTIVE,
    "paused": PledgeState.PAUSED,
    "past_due": PledgeState.FAILING,
    "unpaid": PledgeState.FAILING,
    "canceled": PledgeState.ENDED,
    "incomplete_expired": PledgeState.ENDED,
}
_ENDED_FOR = {"payment_failed": "unpaid", "cancellation_requested": "asked"}


def _subscription(told: Told) -> object | None:
    subscription, metadata = told.about, _metadata(told.about)
    pledge_id = _named(metadata, "pledge_id", _PLEDGE)
    if not pledge_id:
        raise NotOurs
    state = _STATES.get(subscription.get("status", ""))
    if not state:
        return None  # "incomplete": the donor is still on the payment page
    if state is PledgeState.ACTIVE and subscription.get("pause_collection"):
        state = PledgeState.PAUSED
    details = subscription.get("cancellation_details")
    reason = details.get("reason") if isinstance(details, Mapping) else None
    deleted = told.type == "customer.subscription.deleted"
    return PledgeTold(
        pledge_id=pledge_id,
        subscription_id=_identifier(subscription.get("id")),
        state=state,
        amount=_monthly_amount(subscription),
        fee_cover=_fee_cover(metadata),
        told=f"{int(told.at.timestamp()):012} {told.source}",
        ended_for=_ENDED_FOR.get(str(reason), "other") if deleted else "",
    )


def _refund(told: Told) -> object | None:
    refund, called_off = told.about, told.about.get("status") == "canceled"
    refund_id = _identifier(refund.get("id"))
    if told.type == "refund.created":
        return RefundMade(
            refund_id=refund_id,
            payment_intent=_identifier(refund.get("payment_intent")),
            amount=_money(refund, "amount"),
            source=told.source,
            at=told.at,
        )
    if told.type == "refund.failed" or called_off:
        return RefundUndone(refund_id, told.source, told.at)
    return None


_DISPUTE_STEPS = {
    "charge.dispute.created": DisputeStep.OPEN,
    "charge.dispute.updated": DisputeStep.OPEN,
    "charge.dispute.funds_withdrawn": DisputeStep.WITHDRAWN,
    "charge.dispute.funds_reinstated": DisputeStep.REINSTATED,
}
_VERDICTS = {"won": DisputeStep.WON, "lost": DisputeStep.LOST}


def _dispute(told: Told) -> object | None:
    dispute, opened = told.about, told.about.get("created")
    if type(opened) is not int:
        raise NotUnderstood
    verdict = _VERDICTS.get(str(dispute.get("status")), DisputeStep.CLOSED)
    return DisputeTold(
        dispute_id=_identifier(dispute.get("id")),
        payment_intent=_identifier(dispute.get("payment_intent")),
        step=_DISPUTE_STEPS.get(told.type, verdict),
        amount=_money(dispute, "amount"),
        opened_at=datetime.fromtimestamp(opened, UTC),
        source=told.source,
        at=told.at,
    )


_READERS: dict[str, Reader] = {
    "checkout.session.completed": _checkout,
    "checkout.session.expired": _checkout,
    "checkout.session.async_payment_succeeded": _checkout,
    "checkout.session.async_payment_failed": _checkout,
    "invoice.paid": _invoice_paid,
    "invoice.payment_failed": _invoice_failed,
    "invoice_payment.paid": _invoice_linked,
    "customer.subscription.updated": _subscription,
    "customer.subscription.deleted": _subscription,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    **dict.fromkeys([*_DISPUTE_STEPS, "charge.dispute.closed"], _dispute),
}
# What the webhook's endpoint at Stripe has to be set to.
EVENT_TYPES = tuple(_READERS)


def _pledged(invoice: Object) -> tuple[Any, Object, str]:
    """The subscription of an invoice, its metadata, and our pledge. Raises NotOurs."""
    parent = invoice.get("parent")
    details = parent.get("subscription_details") if isinstance(parent, Mapping) else None
    details = details if isinstance(details, Mapping) else {}
    metadata = _metadata(details)
    pledge_id = _named(metadata, "pledge_id", _PLEDGE)
    if not pledge_id:
        raise NotOurs
    return details.get("subscription"), metadata, pledge_id


def _first(invoice: Object, metadata: Object) -> bool:
    """Whether this is the month that began the pledge, whose gift is in the books already."""
    begun = invoice.get("billing_reason") == "subscription_create"
    return begun and bool(_named(metadata, "gift_id", _GIFT))


def _monthly_amount(subscription: Object) -> Money:
    try:
        (item,) = subscription["items"]["data"]
        minor = item["price"]["unit_amount"] * item["quantity"]
        return _money({"amount": minor, "currency": item["price"]["currency"]}, "amount")
    except (LookupError, TypeError, ValueError):
        raise NotUnderstood from None


def _money(about: Object, field: str) -> Money:
    minor, currency = about.get(field), about.get("currency")
    if type(minor) is not int or minor <= 0:
        raise NotUnderstood
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise NotUnderstood
    return Money(minor, currency.upper())


def _identifier(value: Any) -> str:
    """The id of an object, which webhooks never expand. Raises NotUnderstood."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise NotUnderstood
    return value


def _metadata(about: Object) -> Object:
    metadata = about.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def _named(metadata: Object, key: str, form: re.Pattern[str]) -> str:
    given = metadata.get(key)
    return given if isinstance(given, str) and form.fullmatch(given) else ""


def _fee_cover(metadata: Object) -> int:
    return int(_named(metadata, "fee_cover", _MINOR) or 0)


def _meant(metadata: Object) -> dict[str, Any]:
    """What a gift was meant for, as our own metadata tell."""
    return {
        "fee_cover": _fee_cover(metadata),
        "fund": _text(metadata.get("fund")),
        "recipient": _text(metadata.get("recipient")),
        "language": _text(metadata.get("language")),
    }


def _text(value: object) -> str:
    return _NOT_TEXT.sub("", value).strip()[:254] if isinstance(value, str) else ""
