"""What a person says about a line of the bank's statement that was left open.

Each is an act with who and why, in the caller's transaction; a line is decided once, and what was
decided without a gift can be opened again.
"""

from dataclasses import dataclass

from donations_api import offline
from donations_api.bank_file import alike
from donations_api.bank_lines import ENTERED_WITHIN, BankLine, Entered
from donations_api.clerk import Clerk
from donations_api.entry import Account, Kind
from donations_api.errors import Explained
from donations_api.gift import Gift, State
from donations_api.giving import Recipient
from donations_api.offline import OfflineGift
from donations_api.records import Signed


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gave, for a line that becomes a gift. ``email`` may be empty: then nothing is mailed.

    ``name``: empty stands for the payer, as the bank wrote it.
    """

    name: str
    email: str
    language: str
    fund: str


def book_line(clerk: Clerk, line_id: str, giver: Giver, signed: Signed) -> Gift:
    """Make a gift of an open line, with entry, receipt and mail.

    Raises Explained, also when a person entered this very money and no line shows it yet.
    """
    line = _open(clerk, line_id)
    if entered := _entered_before(clerk, line):
        raise Explained("bank_line.entered", gift=entered.gift_id)
    offline_gift = OfflineGift(
        amount=line.amount,
        account=Account.BANK,
        reference=line.id,
        name=giver.name.strip() or line.payer,
        email=giver.email,
        language=giver.language,
        fund=giver.fund,
        recipient=line.recipient,
        received_at=offline.noon(line.booked_on, _recipient(clerk, line), clerk.now),
        entered_by=signed.by,
        reason=signed.why,
    )
    gift = offline.enter_gift(clerk, offline_gift)
    _decide(clerk, line, "book_line", signed, "gift", gift.id)
    return gift


def match_line(clerk: Clerk, line_id: str, gift_id: str, signed: Signed) -> Gift:
    """Say which gift an open line is the money of.

    An announced transfer is booked, whatever amount came. A gift that a person entered is not
    booked again, and must be of this amount. Raises Explained.
    """
    line, gift = _open(clerk, line_id), clerk.books.gift(gift_id)
    if not gift:
        raise Explained("offline.gift_unknown", gift=gift_id)
    if gift.recipient != line.recipient:
        raise Explained("bank_line.other_recipient", gift=gift_id, recipient=gift.recipient)
    if gift.state is State.PENDING and gift.transfer_code:
        at = offline.noon(line.booked_on, _recipient(clerk, line), clerk.now)
        offline.receive(clerk, gift, line.amount, line.id, at, signed)
    elif not _entered_as(clerk, gift, line):
        raise Explained("bank_line.no_match", gift=gift_id)
    _decide(clerk, line, "match_line", signed, "gift", gift.id)
    return gift


def set_aside(clerk: Clerk, line_id: str, signed: Signed) -> None:
    """Say that an open line is no gift: interest, a loan, money of our own. Raises Explained."""
    _decide(clerk, _open(clerk, line_id), "set_aside_line", signed, "no_gift")


def open_again(clerk: Clerk, line_id: str, signed: Signed) -> None:
    """Take back that a line is no gift, or Stripe's payout. Raises Explained."""
    line = _line(clerk, line_id)
    if line.state not in ("no_gift", "payout"):
        raise Explained("bank_line.not_set_aside", line=line_id)
    _decide(clerk, line, "open_line_again", signed, "open")


def _entered_as(clerk: Clerk, gift: Gift, line: BankLine) -> bool:
    """Whether a person entered the gift as this amount at the bank, and no line shows it yet."""
    came = [one for one in clerk.books.entries_of(gift.id) if one.kind is Kind.OFFLINE_GIFT]
    return any(
        one.put_into is Account.BANK
        and one.amount == line.amount
        and not clerk.books.bank_lines.shows(gift.id)
        for one in came
    )


def _entered_before(clerk: Clerk, line: BankLine) -> Entered | None:
    """What a person entered for this line: by the bank's number, or by payer and day."""
    day = offline.noon(line.booked_on, _recipient(clerk, line), clerk.now)
    near = clerk.books.bank_lines.entered(
        line.recipient, day - ENTERED_WITHIN, day + ENTERED_WITHIN
    )
    payer = alike(line.payer)
    same = (
        one
        for one in near
        if one.amount == line.amount
        and (
            (line.bank_reference and one.reference == line.bank_reference)
            or (payer and alike(one.name) == payer)
        )
    )
    return next(same, None)


def _decide(
    clerk: Clerk, line: BankLine, kind: str, signed: Signed, state: str, gift_id: str | None = None
) -> None:
    clerk.act(kind, line.id, signed, gift_id)
    clerk.books.bank_lines.decide(line.id, state, gift_id)


def _open(clerk: Clerk, line_id: str) -> BankLine:
    line = _line(clerk, line_id)
    if line.state != "open":
        raise Explained("bank_line.decided", line=line_id)
    return line


def _line(clerk: Clerk, line_id: str) -> BankLine:
    line = clerk.books.bank_lines.line(line_id)
    if not line:
        raise Explained("bank_line.unknown", line=line_id)
    return line


def _recipient(clerk: Clerk, line: BankLine) -> Recipient:
    recipient = clerk.giving.recipient(line.recipient)
    if not recipient:
        raise Explained("offline.recipient", recipient=line.recipient)
    return recipient
