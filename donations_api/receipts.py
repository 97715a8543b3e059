"""Receipts: numbers without a gap, and snapshots that never change.

What was wrong is cancelled by a further document with a number of its own, never edited.
"""

import secrets
from collections.abc import Iterable
from typing import Any

from donations_api.clerk import Clerk
from donations_api.entry import Entry
from donations_api.gift import CANCELLATION, RESTORATION, Gift, Receipt
from donations_api.giving import Recipient


def issue(clerk: Clerk, recipient: Recipient, gift: Gift, entry: Entry) -> Receipt | None:
    """Number, keep and send the receipt for money that came; None when the gift has one already."""
    return _keep(
        clerk,
        recipient,
        gift,
        kind=recipient.receipt,
        cause=entry.reference,
        said={
            "amount": entry.amount.minor,
            "currency": entry.amount.currency,
            "received_at": entry.received_at.isoformat(),
        }
        | _declared(clerk, recipient, gift),
        letter="receipt",
    )


def _declared(clerk: Clerk, recipient: Recipient, gift: Gift) -> dict[str, bool]:
    """Whether a Gift Aid declaration for all gifts covers this one too, where there is Gift Aid."""
    if recipient.receipt != "uk_gift_aid":
        return {}
    about = gift.recipient, gift.id, gift.email
    found = clerk.books.wishes.declarations_about(*about)
    return {"gift_aid": any(not one.cancelled_at for one in found)}


def acknowledge(clerk: Clerk, recipient: Recipient, gift: Gift) -> Receipt | None:
    """Number, keep and send the receipt for a gift in kind: it describes, and values nothing."""
    return _keep(
        clerk,
        recipient,
        gift,
        kind=recipient.receipt,
        cause=gift.id,
        said={"in_kind": gift.in_kind, "received_at": gift.created_at.isoformat()},
        letter="receipt",
    )


def cancel(
    clerk: Clerk, gift: Gift, cancelled: Receipt, minor: int, *, cause: str, reason: str
) -> Receipt | None:
    """Cancel ``minor`` minor units of a receipt.

    ``reason``: ``refund``, ``dispute``, or ``correction`` by a person.
    """
    before = standing(cancelled, clerk.books.receipts_of(cancelled.gift_id))
    return _keep(
        clerk,
        clerk.recipient_of(gift),
        gift,
        kind=CANCELLATION,
        cause=cause,
        said=_about(cancelled)
        | {
            "amount": minor,
            "cancels": cancelled.number,
            "gift_amount": cancelled.amount.minor,
            "remaining": max(before - minor, 0),
            "reason": reason,
        },
        letter=CANCELLATION,
    )


def restore(
    clerk: Clerk, gift: Gift, restored: Receipt, minor: int, *, cause: str
) -> Receipt | None:
    """Say that ``minor`` minor units of a receipt stand again, since their refund failed."""
    return _keep(
        clerk,
        clerk.recipient_of(gift),
        gift,
        kind=RESTORATION,
        cause=cause,
        said=_about(restored) | {"amount": minor, "restores": restored.number},
        letter=RESTORATION,
    )


def _keep(
    clerk: Clerk,
    recipient: Recipient,
    gift: Gift,
    *,
    kind: str,
    cause: str,
    said: dict[str, Any],
    letter: str,
) -> Receipt | None:
    """Number a document and queue its letter; None, and no number taken, if it is there already."""
    year = clerk.now.astimezone(recipient.time_zone).year
    with clerk.books.tentatively() as take_back:
        serial = clerk.books.next_serial(recipient.key, year)
        number = f"{recipient.receipt_prefix}-{year}-{serial:06}"
        receipt = Receipt(
            id=f"receipt_{secrets.token_hex(12)}",
            kind=kind,
            cause=cause,
            gift_id=gift.id,
            recipient=recipient.key,
            year=year,
            serial=serial,
            number=number,
            issued_at=clerk.now,
            snapshot=clerk.facts(gift)
            | {
                "number": number,
                "kind": kind,
                "recipient": recipient.key,
                "legal_name": dict(recipient.legal_name),
                "registration": recipient.registration,
                "country": recipient.country,
                "mark": clerk.giving.organisation.facts.get("mark", {}),
                "issued_at": clerk.now.isoformat(),
            }
            | said,
        )
        if not clerk.books.add_receipt(receipt):
            take_back()
            return None
    clerk.send_receipt(letter, receipt, gift)
    return receipt


def _about(receipt: Receipt) -> dict[str, Any]:
    return {
        "currency": receipt.amount.currency,
        "received_at": receipt.snapshot["received_at"],
    }


def standing(receipt: Receipt, documents: Iterable[Receipt]) -> int:
    """What of a gift's own receipt still stands, in minor units, after the gift's ``documents``."""
    minor = receipt.amount.minor
    for later in documents:
        if later.kind == CANCELLATION:
            minor -= later.amount.minor
        elif later.kind == RESTORATION:
            minor += later.amount.minor
    return minor
