"""/gifts/<id>: everything that is known of one gift, in the order in which it happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from donations_api.books import Books
from donations_api.desk.desk import Desk
from donations_api.entry import CAME, Entry, standing
from donations_api.errors import Explained
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.overview import Mail
from donations_api.records import VERDICTS


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened. ``at`` is UTC.

    ``about`` and ``name`` lead to its words (``<about>.<name>``); ``which`` is a number or a name;
    ``by`` and ``why`` are a person's.
    """

    at: datetime
    about: str
    name: str
    which: str = ""
    amount: Money | None = None
    by: str = ""
    why: str = ""
    reason: Explained | None = None


def pages(desk: Desk) -> Blueprint:
    story = Blueprint("story", __name__)

    @story.get("/gifts/<gift_id>")
    def show(gift_id: str) -> Response:
        with desk.portal.ledger.reading() as books:
            gift = books.gift(gift_id)
            if not gift:
                raise NotFound
            entries = books.entries_of(gift_id)
            told = sorted(_told(books, gift, entries), key=lambda one: one.at)
            receipt = books.receipt_of(gift_id)
            verdicts = [one for one in books.acts_of(gift_id) if one.kind in VERDICTS]
            pledge = books.pledge(gift.pledge_id) if gift.pledge_id else None
        giving = desk.portal.giving
        fund, recipient = giving.fund(gift.fund), giving.recipient(gift.recipient)
        return desk.page(
            "story.html",
            gift=gift,
            standing=standing(gift, entries),
            told=told,
            receipt=receipt,
            pledge=pledge,
            verdict=verdicts[-1].kind if verdicts else "",
            came=any(one.kind in CAME for one in entries),
            fund=fund.name if fund else dict.fromkeys(giving.organisation.name, gift.fund),
            recipient=(recipient and recipient.legal_name) or giving.organisation.name,
            fee_cover=Money(gift.fee_cover, gift.amount.currency),
            offers=[one for one in desk.offers if one.fits(gift, recipient)],
        )

    return story


def _told(books: Books, gift: Gift, entries: list[Entry]) -> Iterator[Told]:
    # Who fills in the form agrees to a version of its text; for whom others enter, there is none.
    by_donor = bool(gift.consent_version)
    yield Told(gift.created_at, "desk.story", "made" if by_donor else "noted", gift.id)
    for entry in entries:
        yield Told(
            entry.received_at,
            "desk.entry",
            entry.kind.value,
            entry.reference,
            entry.amount,
            entry.entered_by,
            entry.reason,
        )
    for receipt in books.receipts_of(gift.id):
        kind = receipt.kind if receipt.kind in ("cancellation", "restoration") else "receipt"
        amount = receipt.amount if receipt.amount.minor else None  # what came in kind has no value
        yield Told(receipt.issued_at, "document", kind, receipt.number, amount)
    for mail in books.overview.mails_of(gift.id):
        yield from _of_mail(mail)
    for act in books.acts_of(gift.id):
        yield Told(act.acted_at, "desk.act", act.kind, act.about, by=act.entered_by, why=act.reason)
    for dispute in books.overview.disputes_of(gift.id):
        name = f"dispute_{dispute.state}"
        yield Told(dispute.opened_at, "desk.story", name, dispute.id, dispute.amount)
    if gift.settled_at:
        yield Told(gift.settled_at, "desk.story", "settled")
    if gift.paid_out_at:
        yield Told(gift.paid_out_at, "desk.story", "paid_out")


def _of_mail(mail: Mail) -> Iterator[Told]:
    which = f"{mail.number} {mail.address}".strip()
    if mail.sent_at:
        yield Told(mail.sent_at, "desk.story", "mail_sent", which)
    elif mail.dead_at:
        yield Told(mail.dead_at, "desk.story", "mail_dead", which, reason=mail.reason)
    else:
        yield Told(mail.due_at, "desk.story", "mail_due", which, reason=mail.reason)
    if mail.bounced_at:
        yield Told(mail.bounced_at, "desk.story", "mail_bounced", which, reason=mail.reason)
