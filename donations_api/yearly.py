"""A donor's year: the gifts that came, what was returned of them, and what that makes in all.

A statement is a letter like the others: what it says is kept in the outbox when it is queued.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from donations_api import receipts
from donations_api.clerk import Clerk
from donations_api.errors import Explained
from donations_api.gift import Gift, Receipt
from donations_api.giving import Recipient
from donations_api.records import Signed
from donations_api.sheets import YEARLY


def queue_statement(clerk: Clerk, email: str, year: int, language: str, signed: Signed) -> int:
    """Queue the letter with a donor's gifts of ``year``, one for each recipient; how many.

    A gift is of the year in which it came, in the recipient's time zone. ``language`` may be empty:
    the one of the latest gift. Raises Explained for a language that is not known, for a year
    without a gift, and without who and why.
    """
    known = clerk.giving.organisation.name
    if language and language not in known:
        raise Explained("yearly.language", language=language, known=", ".join(known))
    came: dict[str, list[tuple[Gift, Receipt]]] = {}
    for gift in clerk.books.gifts_of(email):
        receipt, recipient = clerk.books.receipt_of(gift.id), clerk.giving.recipient(gift.recipient)
        if receipt and recipient and _year(receipt, recipient) == year:
            came.setdefault(gift.recipient, []).append((gift, receipt))
    if not came:
        raise Explained("yearly.no_gifts", email=email, year=str(year))
    for gifts in came.values():
        latest = gifts[-1][0]
        act = clerk.act(YEARLY, f"{latest.recipient} {year}", signed, latest.id, year=year)
        said = _said(clerk, clerk.recipient_of(latest), year, gifts)
        clerk.write(YEARLY, act.id, latest, said | ({"language": language} if language else {}))
    return len(came)


def _year(receipt: Receipt, recipient: Recipient) -> int:
    return receipt.received_at.astimezone(recipient.time_zone).year


def _said(
    clerk: Clerk, recipient: Recipient, year: int, came: list[tuple[Gift, Receipt]]
) -> dict[str, Any]:
    gifts = [_line(clerk, gift, receipt) for gift, receipt in came]
    gifts.sort(key=lambda one: str(one["received_at"]))
    return {
        "kind": YEARLY,
        "year": year,
        "amount": 0,
        "currency": "XXX",  # the totals are by currency
        "frequency": "once",
        "gifts": gifts,
        "totals": _totals(gifts),
        "recipient": recipient.key,
        "legal_name": dict(recipient.legal_name),
        "registration": recipient.registration,
        "country": recipient.country,
        "mark": clerk.giving.organisation.facts.get("mark", {}),
        "issued_at": clerk.now.isoformat(),
    }


def _line(clerk: Clerk, gift: Gift, receipt: Receipt) -> dict[str, Any]:
    """A gift as the statement lists it; ``amount`` and ``returned`` in minor units."""
    stands = receipts.standing(receipt, clerk.books.receipts_of(gift.id))
    return {
        "received_at": receipt.snapshot["received_at"],
        "number": receipt.number,
        "amount": receipt.amount.minor,
        "currency": receipt.amount.currency,
        "returned": receipt.amount.minor - stands,
        "in_kind": gift.in_kind,
    }


def _totals(gifts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What came and what was returned in each currency; what is given in kind has no value."""
    totals: dict[str, dict[str, Any]] = {}
    for gift in gifts:
        if gift["in_kind"]:
            continue
        currency = gift["currency"]
        one = totals.setdefault(currency, {"currency": currency, "amount": 0, "returned": 0})
        one["amount"] += gift["amount"]
        one["returned"] += gift["returned"]
    return [totals[currency] for currency in sorted(totals)]
