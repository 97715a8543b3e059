"""The webhook: an event of Stripe's is proven, kept and booked, all in one transaction.

The signature is checked with hmac alone: loading the stripe library would double a cold start, and
it lets a header that is not ASCII, or a time stamp of next year, through.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from donations_api.booking import Outcome, Payment, book_news, book_payment
from donations_api.books import Books, Event
from donations_api.errors import EventForged, EventRefused, Explained
from donations_api.gift import News
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.settings import STRIPE_API_VERSION, Settings

LARGEST_EVENT = 512 * 1024  # bytes; Stripe's are a few thousand
TOLERANCE = 300  # seconds between Stripe's clock and ours, either way

_TIME = re.compile(r"\d{1,12}", re.ASCII)
_IDENTIFIER = re.compile(r"[\w.]{1,255}", re.ASCII)
_GIFT = re.compile(r"gift_[0-9a-f]{24}")
_CURRENCY = re.compile(r"[a-z]{3}")
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Told:
    """An event, and what of it we act upon."""

    event: Event
    api_version: object
    about: Mapping[str, Any]


def receive(
    ledger: Ledger,
    giving: Giving,
    settings: Settings,
    body: bytes,
    signature: str,
    now: datetime,
) -> Outcome:
    """Take one delivery. When this returns, it is committed; ``now`` is UTC.

    ``signature`` is the header ``Stripe-Signature``. Raises EventForged, of which nothing is kept.
    Whatever else is raised (EventRefused, or a fault of ours) leaves evidence for staff.
    """
    verify(body, signature, settings.webhook_secrets, now)
    told = _read(body, now)
    try:
        _refuse_other_set_up(told, settings)
        with ledger.books() as books:
            outcome = _take(books, giving, settings, told, now)
            books.commit()
    except Exception as error:
        # In a transaction of its own, since the one above was rolled back.
        with ledger.books() as books:
            books.keep_failure(told.event, _reason(error), now)
            books.commit()
        raise
    return outcome


def verify(body: bytes, signature: str, secrets: tuple[str, ...], now: datetime) -> None:
    """Prove that the bytes were signed with one of ``secrets`` just now. Raises EventForged.

    The scheme is Stripe's v1: HMAC-SHA256 over ``<t>.<body>``, several ``v1=`` while they rotate.
    """
    if len(body) > LARGEST_EVENT:
        raise EventForged("larger than any event")
    # compare_digest takes no other text than ASCII.
    if not signature.isascii():
        raise EventForged("the signature is not ASCII")
    parts = [part.strip().partition("=") for part in signature.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not _TIME.fullmatch(times[0]):
        raise EventForged("no time in the signature")
    if abs(now.timestamp() - int(times[0])) > TOLERANCE:
        raise EventForged("signed too long ago, or in the future")
    signed = times[0].encode() + b"." + body
    for secret in secrets:
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        if any(hmac.compare_digest(expected, one) for one in given):
            return
    raise EventForged("not signed with our secret")


def _read(body: bytes, now: datetime) -> _Told:
    """Read a proven body as an event. Raises EventForged for bytes that no event has."""
    try:
        event = json.loads(body.decode("utf-8"))
        about = event["data"]["object"]
        created = event["created"]
        if not (
            event["object"] == "event"
            and _IDENTIFIER.fullmatch(event["id"])
            and _IDENTIFIER.fullmatch(event["type"])
            and type(created) is int
            and type(event["livemode"]) is bool
            and isinstance(about, dict)
        ):
            raise EventForged("not an event")
        return _Told(
            event=Event(
                id=event["id"],
                type=event["type"],
                created_at=datetime.fromtimestamp(created, UTC),
                received_at=now,
                livemode=event["livemode"],
                payload=body.decode("utf-8"),
            ),
            api_version=event["api_version"],
            about=about,
        )
    except (ValueError, TypeError, LookupError, OverflowError, OSError, RecursionError) as error:
        raise EventForged("not an event") from error


def _refuse_other_set_up(told: _Told, settings: Settings) -> None:
    if told.api_version != STRIPE_API_VERSION:
        raise EventRefused(
            "webhook.api_version", version=str(told.api_version), wanted=STRIPE_API_VERSION
        )
    if told.event.livemode and not settings.live:
        raise EventRefused("webhook.live_event")
    if settings.live and not told.event.livemode:
        raise EventRefused("webhook.test_event")


def _take(books: Books, giving: Giving, settings: Settings, told: _Told, now: datetime) -> Outcome:
    """Put the event into the inbox and act upon it, unless it has been there before."""
    if not books.keep_event(told.event):
        return Outcome.REPEATED
    gift_id = _gift_id(told.about)
    match told.event.type, told.about.get("payment_status"):
        case "checkout.session.completed" | "checkout.session.expired", _ if not gift_id:
            outcome = Outcome.NOT_OURS
        case "checkout.session.completed", "paid":
            payment = _payment(told, gift_id)
            outcome = (
                book_payment(books, giving, settings, payment, now)
                if payment
                else Outcome.NOT_UNDERSTOOD
            )
        case "checkout.session.completed", "unpaid":
            outcome = book_news(books, gift_id, News.CHECKOUT_FINISHED)
        case "checkout.session.completed", _:
            outcome = Outcome.NOT_UNDERSTOOD
        case "checkout.session.expired", _:
            outcome = book_news(books, gift_id, News.CHECKOUT_EXPIRED)
        case _:
            outcome = Outcome.KEPT
    known = books.gift(gift_id) if gift_id else None
    books.note_outcome(told.event.id, outcome.value, known.id if known else None)
    return outcome


def _gift_id(session: Mapping[str, Any]) -> str:
    """The gift that a payment page was made for; empty for a page that is not ours."""
    metadata = session.get("metadata")
    given = metadata.get("gift_id") if isinstance(metadata, dict) else None
    return given if isinstance(given, str) and _GIFT.fullmatch(given) else ""


def _payment(told: _Told, gift_id: str) -> Payment | None:
    """The payment of a paid session; None when it does not say what was paid, and how."""
    session = told.about
    minor, currency = session.get("amount_total"), session.get("currency")
    reference = session.get("payment_intent")
    if not (
        type(minor) is int
        and minor > 0
        and isinstance(currency, str)
        and _CURRENCY.fullmatch(currency)
        and isinstance(reference, str)
        and _IDENTIFIER.fullmatch(reference)
    ):
        return None
    metadata, donor = session["metadata"], session.get("customer_details")
    donor = donor if isinstance(donor, dict) else {}
    return Payment(
        gift_id=gift_id,
        amount=Money(minor, currency.upper()),
        reference=reference,
        source=told.event.id,
        received_at=told.event.created_at,
        fund=_text(metadata.get("fund")),
        recipient=_text(metadata.get("recipient")),
        language=_text(metadata.get("language")),
        name=_text(donor.get("name")),
        email=_text(donor.get("email") or session.get("customer_email")),
    )


def _text(value: object) -> str:
    return _NOT_TEXT.sub("", value).strip()[:254] if isinstance(value, str) else ""


def _reason(error: Exception) -> Explained:
    if isinstance(error, Explained):
        return error
    return Explained("webhook.broken", error=f"{type(error).__name__}: {error}")
