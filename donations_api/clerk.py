"""The clerk: the open books of one transaction, and what is needed to write in them.

Also the letters: every mail to a donor is queued here, with a snapshot of what it will say, so that
a mail sent next week, or sent again, says what was true when it was due.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from typing import Any

from donations_api.books import Books, new_id
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.errors import EventRefused, Explained
from donations_api.gift import Gift, Receipt
from donations_api.giving import Giving, Recipient
from donations_api.money import Money
from donations_api.pledge import Pledge
from donations_api.records import Act, Message, Signed
from donations_api.settings import Settings


class Outcome(StrEnum):
    """What became of an event.

    ``booked``: the money is in the books. ``gift_made_anew``: so is the gift, which the books did
    not know (they were restored from a copy). ``already_booked``: another event brought this
    payment before. ``paid_twice``: a second payment of one gift; it is booked, staff must look.
    ``noted``: a gift, a pledge or a dispute moved on. ``repeated``: this very event came before.
    ``waiting``: what it is about has not come yet. ``kept``: nothing of ours depends on it.
    ``not_ours``: a payment page or subscription that this portal did not make.
    ``not_understood``: about something of ours, but without a figure or name that it should have.
    """

    BOOKED = "booked"
    GIFT_MADE_ANEW = "gift_made_anew"
    ALREADY_BOOKED = "already_booked"
    PAID_TWICE = "paid_twice"
    NOTED = "noted"
    REPEATED = "repeated"
    WAITING = "waiting"
    KEPT = "kept"
    NOT_OURS = "not_ours"
    NOT_UNDERSTOOD = "not_understood"


FOR_STAFF = (
    Outcome.PAID_TWICE,
    Outcome.NOT_UNDERSTOOD,
    Outcome.GIFT_MADE_ANEW,
    Outcome.NOT_OURS,
    Outcome.WAITING,
)


class Waits(Exception):
    """An event is about something that has not come yet, which Stripe calls ``key``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of an event: of which gift it was, and what is ``known`` now by Stripe's names.

    Events that waited for one of these names are taken up next.
    """

    outcome: Outcome
    gift_id: str | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who writes in the books during one transaction. ``now`` is UTC."""

    books: Books
    giving: Giving
    settings: Settings
    now: datetime

    def recipient_of(self, gift: Gift) -> Recipient:
        """Who issues the gift's receipts. Raises EventRefused when nobody declared it."""
        recipient = self.giving.recipient(gift.recipient)
        if not recipient:
            raise EventRefused("webhook.recipient_unknown", recipient=gift.recipient)
        return recipient

    def facts(self, about: Gift | Pledge) -> dict[str, Any]:
        """What every letter says, as plain JSON values; the site's own texts in all languages."""
        organisation = self.giving.organisation
        fund, recipient = self.giving.fund(about.fund), self.giving.recipient(about.recipient)
        return {
            "demo": not self.settings.live,
            "language": about.language,
            "donor": about.name,
            "amount": about.amount.minor,
            "currency": about.amount.currency,
            "fee_cover": about.fee_cover,
            "frequency": about.frequency,
            "dedication": about.dedication,
            # A fund that has been taken out of donations.toml keeps its key as its name.
            "fund": dict(fund.name if fund else dict.fromkeys(organisation.name, about.fund)),
            "organisation": dict(organisation.name),
            "organisation_short": dict(organisation.short_name),
            "time_zone": recipient.time_zone.key if recipient else "UTC",
        }

    def post(
        self, kind: Kind, gift: Gift, amount: Money, reference: str, source: str, at: datetime
    ) -> Entry | None:
        """Post an entry of ``gift`` along the route of its kind; None when it is there already.

        ``source``: the event or the balance transaction that told of it. ``at`` is UTC.
        """
        taken_from, put_into = ROUTES[kind]
        entry = Entry(
            kind=kind,
            gift_id=gift.id,
            taken_from=taken_from,
            put_into=put_into,
            amount=amount,
            fund=gift.fund,
            recipient=gift.recipient,
            reference=reference,
            source=source,
            received_at=at,
            booked_at=self.now,
        )
        return entry if self.books.post(entry) else None

    def act(
        self, kind: str, about: str, signed: Signed, gift_id: str | None = None, **said: Any
    ) -> Act:
        """Note what a person does, in the same transaction. Raises Explained without who and why.

        ``said``: plain JSON values, and never a donor's name or address.
        """
        by, why = signed.by.strip(), signed.why.strip()
        if not by or not why:
            raise Explained("act.who_and_why")
        act = Act(new_id("act"), kind, gift_id, about, said, by, why, self.now)
        self.books.add_act(act)
        return act

    def write(self, kind: str, cause: str, about: Gift | Pledge, said: Mapping[str, Any]) -> None:
        """Queue the letter ``kind`` to the donor, once for each ``cause``."""
        is_gift = isinstance(about, Gift)
        self._queue(
            kind,
            cause,
            about.email,
            said={**self.facts(about), **said},
            gift_id=about.id if is_gift else None,
            pledge_id=about.pledge_id if isinstance(about, Gift) else about.id,
        )

    def send_receipt(self, kind: str, receipt: Receipt, gift: Gift) -> None:
        """Queue the letter that brings a receipt, a cancellation or a restoration."""
        self._queue(
            kind,
            receipt.cause,
            gift.email,
            receipt_id=receipt.id,
            gift_id=gift.id,
            pledge_id=gift.pledge_id,
        )

    def send_again(
        self, kind: str, receipt: Receipt, gift: Gift, act: Act, said: Mapping[str, Any]
    ) -> str:
        """Queue a letter about a receipt once more, as ``act`` asks for; the mail's id.

        It has a Message-ID of its own: mail programs drop what they believe to have already.
        """
        mail_id = new_id("mail")
        self._queue(
            kind,
            act.id,
            gift.email,
            said=said,
            receipt_id=receipt.id,
            gift_id=gift.id,
            pledge_id=gift.pledge_id,
            mail_id=mail_id,
        )
        return mail_id

    def _queue(
        self,
        kind: str,
        cause: str,
        address: str,
        *,
        said: Mapping[str, Any] | None = None,
        receipt_id: str | None = None,
        gift_id: str | None = None,
        pledge_id: str | None = None,
        mail_id: str = "",
    ) -> None:
        if not address:
            return  # made anew from what Stripe knows, which may be no address
        identifier, domain = (
            mail_id or new_id("mail"),
            parseaddr(self.settings.mail_from)[1].rpartition("@")[2],
        )
        message = Message(
            id=identifier,
            kind=kind,
            cause=cause,
            receipt_id=receipt_id,
            gift_id=gift_id,
            pledge_id=pledge_id,
            said=said or {},
            address=address,
            message_id=f"<{mail_id or receipt_id or identifier}@{domain}>",
        )
        self.books.queue(message, self.now)
