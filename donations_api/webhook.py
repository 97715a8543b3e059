"""The webhook: an event of Stripe's is proven, kept and booked, all in one transaction.

The signature is checked with hmac alone: loading the stripe library would double a cold start, and
it lets a header that is not ASCII, or a time stamp of next year, through.
"""

import hashlib
import hmac
import re
from datetime import datetime

from donations_api.clerk import Clerk, Outcome
from donations_api.errors import EventForged, LedgerUnavailable
from donations_api.giving import Giving
from donations_api.inbox import event_from, reason_of, refuse_other_set_up, take
from donations_api.ledger import Ledger
from donations_api.settings import Settings

LARGEST_EVENT = 512 * 1024  # bytes; Stripe's are a few thousand
TOLERANCE = 300  # seconds between Stripe's clock and ours, either way

_TIME = re.compile(r"\d{1,12}", re.ASCII)


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
    event = event_from(body, now)
    try:
        refuse_other_set_up(event, settings)
        with ledger.books() as books:
            outcome = take(Clerk(books, giving, settings, now), event)
            books.commit()
    except LedgerUnavailable:
        raise  # nothing can be kept, and Stripe brings the event again
    except Exception as error:
        # In a transaction of its own, since the one above was rolled back.
        with ledger.books() as books:
            books.keep_failure(event, reason_of(error), now)
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
