"""What no event tells and a person enters: gifts past Stripe, and corrections.

Transfers that are announced and come, cash, gifts in kind. Money is an entry with who entered it
and why, in the caller's transaction; nothing that was booked is edited.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from donations_api import receipts
from donations_api.clerk import Clerk
from donations_api.entry import Account, Entry, Kind
from donations_api.errors import Explained
from donations_api.gift import Gift, State, new_gift_id
from donations_api.giving import Recipient
from donations_api.money import Money
from donations_api.records import Signed
from donations_api.transfer_codes import new_code

PERSON = "person"  # the source of such an entry
_AT_HAND = (Account.BANK, Account.CASH)  # whence a person gives money back

# A gift in kind is not valued: nothing, of ISO's currency for none.
NOT_VALUED = Money(0, "XXX")


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
class GiftInKind:
    """Things that were given. ``description``: what, and how much of it; no value.

    ``reference``: its number in the book of such gifts. ``received_at`` is UTC; ``email`` may be
    empty.
    """

    description: str
    reference: str
    name: str
    email: str
    language: str
    fund: str
    recipient: str
    received_at: datetime


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


def noon(day: date, recipient: Recipient, now: datetime) -> datetime:
    """The middle of a recipient's day as UTC, which is that day wherever it is read; or ``now``."""
    return min(datetime.combine(day, time(12), tzinfo=recipient.time_zone).astimezone(UTC), now)


def promised(
    amount: Money, recipient: str, at: datetime, *, name: str, email: str, language: str, fund: str
) -> Gift:
    """A gift that somebody tells of for its donor, who filled in no form. ``at`` is UTC."""
    return Gift(
        id=new_gift_id(),
        state=State.PENDING,
        amount=amount,
        fee_cover=0,
        frequency="once",
        fund=fund,
        recipient=recipient,
        language=language,
        name=name,
        email=email,
        anonymous=True,  # nobody has asked the donor
        message="",
        dedication="",
        consent_version="",
        created_at=at,
    )


def announce(clerk: Clerk, gift: Gift, signed: Signed | None = None) -> Gift:
    """Keep a pending gift with a code of its own, and queue the letter with what the donor needs.

    ``signed``: by whom, when it was not the donor. The letter has the account's number only where
    the recipient may ask for money (rule L3).
    """
    recipient = clerk.recipient_of(gift)
    announced = replace(gift, transfer_code=new_code())
    while not clerk.books.add_gift(announced):
        announced = replace(gift, transfer_code=new_code())
    if signed:
        clerk.act("announce_transfer", announced.id, signed, announced.id)
    clerk.write(
        "transfer",
        announced.id,
        announced,
        {
            "transfer_code": announced.transfer_code,
            "bank": recipient.shown_bank(
                announced.language,
                sandbox=clerk.settings.sandbox,
                today=clerk.giving.day(clerk.now),
            ),
        },
    )
    return announced


def receive(
    clerk: Clerk, gift: Gift, amount: Money, reference: str, at: datetime, signed: Signed
) -> Entry:
    """Book what came for an announced gift, number its receipt and queue the mail.

    ``amount`` is what came, whatever was announced; ``at`` is UTC. Raises Explained for a reference
    that is there.
    """
    recipient = clerk.recipient_of(gift)
    entry = _post(
        clerk, Kind.OFFLINE_GIFT, gift, Account.DONORS, Account.BANK, amount, reference, at, signed
    )
    clerk.books.note_at_bank(gift.id, at)
    receipts.issue(clerk, recipient, gift, entry)
    return entry


def once_more(clerk: Clerk, announced: Gift, amount: Money, at: datetime) -> Gift:
    """Keep a further gift of a donor who used a code again; its money is for ``receive``."""
    gift = replace(
        announced, id=new_gift_id(), amount=amount, created_at=at, transfer_code=None, message=""
    )
    clerk.books.add_gift(gift)
    return gift


def enter_gift(clerk: Clerk, offline: OfflineGift) -> Gift:
    """Book the gift, number its receipt and queue the mail.

    Raises Explained for a fund or recipient nobody declared, and for a reference that is there.
    """
    gift = _came(clerk, offline, amount=offline.amount)
    if offline.account is Account.BANK:
        gift = replace(gift, paid_out_at=offline.received_at)
    recipient = clerk.recipient_of(gift)
    if clerk.books.bank_lines.has_gift_of(recipient.key, offline.reference):
        raise Explained("offline.there_already", reference=offline.reference)
    clerk.books.add_gift(gift)
    entry = _post(
        clerk,
        Kind.OFFLINE_GIFT,
        gift,
        Account.DONORS,
        offline.account,
        offline.amount,
        offline.reference,
        offline.received_at,
        Signed(offline.entered_by, offline.reason),
    )
    receipts.issue(clerk, recipient, gift, entry)
    return gift


def enter_in_kind(clerk: Clerk, things: GiftInKind, signed: Signed) -> Gift:
    """Keep a gift in kind, number its receipt and queue the mail; no money is booked.

    Raises Explained for a fund or recipient nobody declared, for no description, for a reference
    that is there, and without who and why.
    """
    description = " ".join(things.description.split())
    if not description:
        raise Explained("offline.in_kind_empty")
    if clerk.books.acts_about("gift_in_kind", things.reference):
        raise Explained("offline.there_already", reference=things.reference)
    gift = replace(_came(clerk, things, amount=NOT_VALUED), in_kind=description)
    recipient = clerk.recipient_of(gift)
    clerk.books.add_gift(gift)
    clerk.act("gift_in_kind", things.reference, signed, gift.id)
    receipts.acknowledge(clerk, recipient, gift)
    return gift


def correct(clerk: Clerk, correction: Correction) -> None:
    """Post a correction. One that gives a gift back past Stripe cancels so much of its receipt.

    Raises Explained for a gift that is unknown, a second correction, and for more money than the
    receipt still stands for.
    """
    gift = clerk.books.gift(correction.gift_id) if correction.gift_id else None
    if correction.gift_id and not gift:
        raise Explained("offline.gift_unknown", gift=correction.gift_id)
    _post(
        clerk,
        Kind.CORRECTION,
        gift,
        correction.taken_from,
        correction.put_into,
        correction.amount,
        correction.reference,
        clerk.now,
        Signed(correction.entered_by, correction.reason),
    )
    if gift and correction.put_into is Account.DONORS and correction.taken_from in _AT_HAND:
        _cancel(clerk, gift, correction)


def _cancel(clerk: Clerk, gift: Gift, correction: Correction) -> None:
    """Say with a document of its own how much of the receipt stands no longer."""
    receipt = clerk.books.receipt_of(gift.id)
    stands = receipts.standing(receipt, clerk.books.receipts_of(gift.id)) if receipt else 0
    amount, same = correction.amount, receipt and receipt.amount.currency
    if not receipt or amount.currency != same or amount.minor > stands:
        raise Explained("offline.more_than_stands", gift=gift.id)
    cause = correction.reference
    if not receipts.cancel(clerk, gift, receipt, amount.minor, cause=cause, reason="correction"):
        raise Explained("offline.there_already", reference=cause)


def _came(clerk: Clerk, given: OfflineGift | GiftInKind, amount: Money) -> Gift:
    """A gift that has come already, of which the donor filled in no form."""
    if not clerk.giving.fund(given.fund):
        raise Explained("offline.fund", fund=given.fund)
    told = promised(
        amount,
        given.recipient,
        given.received_at,
        name=given.name,
        email=given.email,
        language=given.language,
        fund=given.fund,
    )
    return replace(told, state=State.RECEIVED, settled_at=given.received_at)


def _post(
    clerk: Clerk,
    kind: Kind,
    gift: Gift | None,
    taken_from: Account,
    put_into: Account,
    amount: Money,
    reference: str,
    at: datetime,
    signed: Signed,
) -> Entry:
    """Post what a person says.

    Raises Explained when an entry of this kind has the reference, and without who and why.
    """
    if not signed.by.strip() or not signed.why.strip():
        raise Explained("act.who_and_why")
    entry = Entry(
        kind=kind,
        gift_id=gift.id if gift else None,
        taken_from=taken_from,
        put_into=put_into,
        amount=amount,
        fund=gift.fund if gift else "",
        recipient=gift.recipient if gift else "",
        reference=reference,
        source=PERSON,
        received_at=at,
        booked_at=clerk.now,
        entered_by=signed.by,
        reason=signed.why,
    )
    if not clerk.books.post(entry):
        raise Explained("offline.there_already", reference=reference)
    return entry
