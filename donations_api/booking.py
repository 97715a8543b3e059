"""The one way money enters the books: state, entry, receipt, mail, in the caller's transaction.

Whether a payment is new is not looked up first: the entry is tried, and its unique key decides.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum

from donations_api import receipts
from donations_api.books import Books
from donations_api.errors import EventRefused
from donations_api.gift import Entry, Gift, News, State, after
from donations_api.giving import Giving
from donations_api.money import Money
from donations_api.settings import Settings


class Outcome(StrEnum):
    """What became of an event.

    ``booked``: the money is in the books. ``gift_made_anew``: so is the gift, which the books did
    not know (they were restored from a copy). ``already_booked``: another event brought this
    payment before. ``paid_twice``: a second payment of one gift; it is booked, staff must look.
    ``noted``: the gift's state moved. ``repeated``: this very event came before. ``kept``: nothing
    of ours depends on it. ``not_ours``: a payment page that this portal did not make.
    ``not_understood``: a payment of ours that does not say how much; staff must look.
    """

    BOOKED = "booked"
    GIFT_MADE_ANEW = "gift_made_anew"
    ALREADY_BOOKED = "already_booked"
    PAID_TWICE = "paid_twice"
    NOTED = "noted"
    REPEATED = "repeated"
    KEPT = "kept"
    NOT_OURS = "not_ours"
    NOT_UNDERSTOOD = "not_understood"


FOR_STAFF = (Outcome.PAID_TWICE, Outcome.NOT_UNDERSTOOD, Outcome.GIFT_MADE_ANEW, Outcome.NOT_OURS)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came for a gift.

    ``amount`` is what was paid, ``reference`` Stripe's payment intent, ``source`` the event's id,
    ``received_at`` UTC. ``fund`` and what follows is what Stripe knows of the gift.
    """

    gift_id: str
    amount: Money
    reference: str
    source: str
    received_at: datetime
    fund: str
    recipient: str
    language: str
    name: str
    email: str


def book_payment(
    books: Books, giving: Giving, settings: Settings, payment: Payment, now: datetime
) -> Outcome:
    """Book money that came. ``now`` is UTC. Raises EventRefused for a recipient nobody declared."""
    known = books.gift(payment.gift_id)
    gift = known or _gift_anew(payment)
    if known:
        books.move_gift(gift.id, after(gift.state, News.MONEY_CAME))
    else:
        books.add_gift(gift)
    recipient = giving.recipient(gift.recipient)
    if not recipient:
        raise EventRefused("webhook.recipient_unknown", recipient=gift.recipient)
    entry = Entry(
        kind="gift",
        gift_id=gift.id,
        amount=payment.amount,
        fund=gift.fund,
        recipient=gift.recipient,
        reference=payment.reference,
        source=payment.source,
        received_at=payment.received_at,
        booked_at=now,
    )
    if not books.post(entry):
        return Outcome.ALREADY_BOOKED
    receipt = receipts.issue(books, giving, recipient, gift, entry, now, demo=not settings.live)
    if not receipt:
        return Outcome.PAID_TWICE
    if gift.email:
        domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
        books.queue(receipt.id, gift.email, f"<{receipt.id}@{domain}>", now)
    return Outcome.BOOKED if known else Outcome.GIFT_MADE_ANEW


def book_news(books: Books, gift_id: str, news: News) -> Outcome:
    """Move a gift for news that brings no money."""
    gift = books.gift(gift_id)
    if not gift:
        return Outcome.KEPT
    books.move_gift(gift.id, after(gift.state, news))
    return Outcome.NOTED


def _gift_anew(payment: Payment) -> Gift:
    """The gift of a payment that the books do not know, so that no money is without one.

    What Stripe was never told cannot come back: the message, and whether the name may be shown.
    """
    return Gift(
        id=payment.gift_id,
        state=State.RECEIVED,
        amount=payment.amount,
        frequency="once",
        fund=payment.fund,
        recipient=payment.recipient,
        language=payment.language,
        name=payment.name,
        email=payment.email,
        anonymous=True,
        message="",
        consent_version="",
        created_at=payment.received_at,
    )
