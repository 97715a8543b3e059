"""Letters that are sent again, to the same address or a corrected one, and copies of receipts."""

from dataclasses import dataclass
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from donations_api.books import Books
from donations_api.clerk import Clerk
from donations_api.errors import Explained
from donations_api.gift import Gift, Receipt
from donations_api.outbox import letter_kind
from donations_api.records import Signed

RESENT, REISSUED, CORRECTED = "resent", "reissued", "address_corrected"
COPY = "copy"  # the letter that brings a copy

# A donor who sees no mail yet presses the button once more; the mail is on its way then.
DONOR_WAITS = timedelta(minutes=10)
_DONOR = Signed("donor", "my_gift")


@dataclass(frozen=True, slots=True)
class Resent:
    """Where a letter goes now. ``subscription_id``: Stripe's, which keeps the old address."""

    address: str
    subscription_id: str | None = None


def resend(clerk: Clerk, receipt: Receipt, signed: Signed, address: str = "") -> Resent:
    """Queue the receipt's own letter again, to a corrected ``address`` if there is one.

    A corrected address is put on the gift, on its pledge and the pledge's gifts, and on mail that
    waits, so that no renewal goes to the old one. Earlier mails of this letter that did not arrive
    are taken over. Raises Explained for an address that is none, and for a gift without one.
    """
    gift = gift_of(clerk, receipt)
    subscription_id = None
    if address:
        subscription_id = _correct(clerk, gift, _checked(address), signed)
        gift = gift_of(clerk, receipt)
    if not gift.email:
        raise Explained("copies.no_address", number=receipt.number)
    act = clerk.act(RESENT, receipt.number, signed, gift.id, corrected=bool(address))
    kind = letter_kind(receipt)
    mail_id = clerk.send_again(kind, receipt, gift, act, {})
    clerk.books.wishes.take_over(receipt.id, kind, mail_id)
    clerk.books.wishes.redirect_mails(gift)  # what was taken over keeps its own address
    return Resent(gift.email, subscription_id)


def resend_to_donor(clerk: Clerk, receipt: Receipt) -> bool:
    """As the donor asks on the page; False when it was sent again a moment ago."""
    acts = clerk.books.acts_about(RESENT, receipt.number)
    if any(clerk.now - act.acted_at < DONOR_WAITS for act in acts):
        return False
    resend(clerk, receipt, _DONOR)
    return True


def reissue(clerk: Clerk, receipt: Receipt, language: str, signed: Signed) -> Resent:
    """Queue a copy of the receipt in ``language``; it keeps its number and says that it is a copy.

    Raises Explained for a language that this organisation does not have.
    """
    gift = gift_of(clerk, receipt)
    known = clerk.giving.organisation.name
    if language not in known:
        raise Explained("offline.language", language=language, known=", ".join(known))
    if not gift.email:
        raise Explained("copies.no_address", number=receipt.number)
    act = clerk.act(REISSUED, receipt.number, signed, gift.id, language=language)
    clerk.send_again(COPY, receipt, gift, act, {"language": language, "copy": True})
    return Resent(gift.email)


def moves(books: Books, gift_id: str | None, pledge_id: str | None) -> int:
    """How often the address of a gift, or of its pledge, was corrected."""
    return len(books.acts_about(CORRECTED, pledge_id or gift_id or ""))


def document(clerk: Clerk, number: str) -> Receipt:
    """The receipt with this number. Raises Explained."""
    receipt = clerk.books.receipt_numbered(number.strip())
    if not receipt:
        raise Explained("copies.unknown", number=number)
    return receipt


def _correct(clerk: Clerk, gift: Gift, address: str, signed: Signed) -> str | None:
    """Put the right address where it belongs; the subscription at Stripe that has the old one."""
    clerk.act(CORRECTED, gift.pledge_id or gift.id, signed, gift.id)
    clerk.books.wishes.correct_address(gift, address)
    pledge = clerk.books.pledge(gift.pledge_id) if gift.pledge_id else None
    return pledge.subscription_id if pledge else None


def gift_of(clerk: Clerk, receipt: Receipt) -> Gift:
    """The gift that a receipt is about."""
    gift = clerk.books.gift(receipt.gift_id)
    if not gift:
        raise Explained("offline.gift_unknown", gift=receipt.gift_id)
    return gift


def _checked(address: str) -> str:
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Explained("mail.address", address=address) from None
