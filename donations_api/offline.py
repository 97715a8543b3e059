"""What no event tells and a person enters: gifts by bank transfer or in cash, and corrections.

Each is an entry with who entered it and why, in the caller's transaction; nothing that was booked
is edited.
"""

from dataclasses import dataclass
from datetime import datetime

from donations_api import receipts
from donations_api.clerk import Clerk
from donations_api.entry import Account, Entry, Kind
from donations_api.errors import Explained
from donations_api.gift import Gift, State, new_gift_id
from donations_api.money import Money

PERSON = "person"  # the source of such an entry


@dataclass(frozen=True, slots=True)
class OfflineGift:
    """A gift that came past Stripe. ``reference``: the bank's number, or that of the cash book.

    ``account``: where it is now, the bank or the cash box. ``received_at`` is UTC; ``email`` may be
    empty, and then no receipt can be mailed.
    """

    amount: Money
    account: Account
    reference: str
    name: str
    email: str
    language: str
    fund: str
    recipient: str
    received_at: datetime
    entered_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Money that is moved to the account where it belongs.

    ``reference``: what it puts right, by the name of an entry or of a line of Stripe's statement;
    each is corrected once. ``gift_id`` may be None.
    """

    amount: Money
    taken_from: Account
    put_into: Account
    reference: str
    gift_id: str | None
    entered_by: str
    reason: str


def enter_gift(clerk: Clerk, offline: OfflineGift) -> Gift:
    """Book the gift, number its receipt and queue the mail.

    Raises Explained for a fund or recipient nobody declared, and for a reference that is there.
    """
    if not clerk.giving.fund(offline.fund):
        raise Explained("offline.fund", fund=offline.fund)
    gift = Gift(
        id=new_gift_id(),
        state=State.RECEIVED,
        amount=offline.amount,
        fee_cover=0,
        frequency="once",
        fund=offline.fund,
        recipient=offline.recipient,
        language=offline.language,
        name=offline.name,
        email=offline.email,
        anonymous=True,  # nobody has asked the donor
        message="",
        dedication="",
        consent_version="",
        created_at=offline.received_at,
        settled_at=offline.received_at,
        paid_out_at=offline.received_at if offline.account is Account.BANK else None,
    )
    recipient = clerk.recipient_of(gift)
    clerk.books.add_gift(gift)
    entry = Entry(
        kind=Kind.OFFLINE_GIFT,
        gift_id=gift.id,
        taken_from=Account.DONORS,
        put_into=offline.account,
        amount=offline.amount,
        fund=gift.fund,
        recipient=gift.recipient,
        reference=offline.reference,
        source=PERSON,
        received_at=offline.received_at,
        booked_at=clerk.now,
        entered_by=offline.entered_by,
        reason=offline.reason,
    )
    if not clerk.books.post(entry):
        raise Explained("offline.there_already", reference=offline.reference)
    receipts.issue(clerk, recipient, gift, entry)
    return gift


def correct(clerk: Clerk, correction: Correction) -> None:
    """Post a correction. Raises Explained for a gift that is unknown, or a second correction."""
    gift = clerk.books.gift(correction.gift_id) if correction.gift_id else None
    if correction.gift_id and not gift:
        raise Explained("offline.gift_unknown", gift=correction.gift_id)
    entry = Entry(
        kind=Kind.CORRECTION,
        gift_id=correction.gift_id,
        taken_from=correction.taken_from,
        put_into=correction.put_into,
        amount=correction.amount,
        fund=gift.fund if gift else "",
        recipient=gift.recipient if gift else "",
        reference=correction.reference,
        source=PERSON,
        received_at=clerk.now,
        booked_at=clerk.now,
        entered_by=correction.entered_by,
        reason=correction.reason,
    )
    if not clerk.books.post(entry):
        raise Explained("offline.there_already", reference=correction.reference)
