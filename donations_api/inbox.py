"""The inbox: each event of Stripe's is kept, and acted upon once, in the caller's transaction.

Whoever brings it, the webhook or reconciliation, it is booked in the same way.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from donations_api.booking import book_checkout, book_invoice, book_payment, link_invoice
from donations_api.clerk import Booked, Clerk, Outcome, Waits
from donations_api.errors import EventForged, EventRefused, Explained
from donations_api.events import (
    CheckoutTold,
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
from donations_api.reading import IDENTIFIER, read
from donations_api.records import Event
from donations_api.renewals import note_failure, note_pledge
from donations_api.reversals import book_dispute, book_refund, undo_refund
from donations_api.settings import STRIPE_API_VERSION, Settings
from donations_api.traces import trace

log = logging.getLogger(__name__)


def event_from(body: bytes, now: datetime) -> Event:
    """Read a proven body as an event. Raises EventForged for bytes that no event has."""
    try:
        event = json.loads(body.decode("utf-8"))
        created = event["created"]
        if not (
            event["object"] == "event"
            and IDENTIFIER.fullmatch(event["id"])
            and IDENTIFIER.fullmatch(event["type"])
            and type(created) is int
            and type(event["livemode"]) is bool
            and isinstance(event["data"]["object"], dict)
            and "api_version" in event
        ):
            raise EventForged("not an event")
        return Event(
            id=event["id"],
            type=event["type"],
            created_at=datetime.fromtimestamp(created, UTC),
            received_at=now,
            livemode=event["livemode"],
            payload=body.decode("utf-8"),
        )
    except (ValueError, TypeError, LookupError, OverflowError, OSError, RecursionError) as error:
        raise EventForged("not an event") from error


def refuse_other_set_up(event: Event, settings: Settings) -> None:
    """Raises EventRefused for an event of another API version, and for live beside test."""
    version = json.loads(event.payload)["api_version"]
    if version != STRIPE_API_VERSION:
        raise EventRefused("webhook.api_version", version=str(version), wanted=STRIPE_API_VERSION)
    if event.livemode and not settings.live:
        raise EventRefused("webhook.live_event")
    if settings.live and not event.livemode:
        raise EventRefused("webhook.test_event")


def take(clerk: Clerk, event: Event) -> Outcome:
    """Put the event into the inbox and act upon it, unless it has been there before."""
    if not clerk.books.keep_event(event):
        return Outcome.REPEATED
    return _book_event(clerk, event)


def _book_event(clerk: Clerk, event: Event) -> Outcome:
    """Act upon an event of the inbox; then upon those that have waited for what it brought."""
    try:
        booked = _act(clerk, event)
    except Waits as wait:
        clerk.books.note_outcome(event.id, Outcome.WAITING.value, None, wait.key)
        return Outcome.WAITING
    clerk.books.note_outcome(event.id, booked.outcome.value, booked.gift_id)
    take_up_waiting(clerk, booked)
    return booked.outcome


def take_up_waiting(clerk: Clerk, booked: Booked) -> None:
    """Book the events that have waited for what was just booked."""
    for key in booked.known:
        for waiting in clerk.books.waiting_for(key):
            _take_up(clerk, waiting)


def _take_up(clerk: Clerk, waiting: Event) -> None:
    """Book an event that has waited. If it cannot be, it waits on, and the other one is booked."""
    with clerk.books.tentatively() as take_back:
        try:
            _book_event(clerk, waiting)
        except Exception as error:  # noqa: BLE001  # kept for staff; it must not stop the others
            take_back()
            log.error("event %s waits on: %s", waiting.id, trace(error))
            clerk.books.keep_failure(waiting, reason_of(error), clerk.now)


def _act(clerk: Clerk, event: Event) -> Booked:
    """Act upon what an event of the inbox says. Raises Waits."""
    about: Any = json.loads(event.payload)["data"]["object"]
    return tell(clerk, Told(event.id, event.type, event.created_at, about))


def tell(clerk: Clerk, told: Told) -> Booked:
    """Act upon what was told, by an event or by Stripe itself when asked. Raises Waits."""
    try:
        news = read(told)
    except NotOurs:
        return Booked(Outcome.NOT_OURS)
    except NotUnderstood:
        return Booked(Outcome.NOT_UNDERSTOOD)
    return book(clerk, news)


def book(clerk: Clerk, news: object | None) -> Booked:
    """Act upon news, in the clerk's transaction: each kind has its one place. Raises Waits."""
    match news:
        case Payment():
            return book_payment(clerk, news)
        case CheckoutTold():
            return book_checkout(clerk, news)
        case InvoicePaid():
            return book_invoice(clerk, news)
        case InvoiceLinked():
            return link_invoice(clerk, news)
        case RefundMade():
            return book_refund(clerk, news)
        case RefundUndone():
            return undo_refund(clerk, news)
        case DisputeTold():
            return book_dispute(clerk, news)
        case PledgeTold():
            return note_pledge(clerk, news)
        case RenewalFailed():
            return note_failure(clerk, news)
        case _:
            return Booked(Outcome.KEPT)


def reason_of(error: Exception) -> Explained:
    """Why an event could not be booked, in words for staff."""
    if isinstance(error, Explained):
        return error
    return Explained("webhook.broken", error=trace(error))
