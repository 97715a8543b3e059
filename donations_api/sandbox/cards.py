"""Stripe's test cards; no other number is ever kept.

One pays, one is declined, and one pays while the donor is there and fails at each renewal.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

PAYS = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
RENEWAL_FAILS = "4000 0000 0000 0341"


@dataclass(frozen=True, slots=True)
class Card:
    brand: str
    last4: str
    exp_month: int
    exp_year: int


class CardRefused(Exception):
    """``field``: ``number``, ``expiry`` or ``cvc``; ``reason`` names the sentence to show.

    ``by_bank``: what was typed is in order, and the card is turned down all the same.
    """

    def __init__(self, field: str, reason: str, *, by_bank: bool = False) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
        self.by_bank = by_bank


def read_card(number: str, expiry: str, cvc: str, now: float) -> Card:
    """The card that was typed. ``now``: seconds since the epoch, UTC. Raises CardRefused."""
    digits = re.sub(r"[ -]", "", number)
    if not re.fullmatch(r"[0-9]{12,19}", digits) or not _adds_up(digits):
        raise CardRefused("number", "number_invalid")
    match = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})\s*", expiry)
    if not match:
        raise CardRefused("expiry", "expiry_unreadable")
    month, year = int(match[1]), 2000 + int(match[2])
    today = datetime.fromtimestamp(now, UTC)
    if (year, month) < (today.year, today.month):
        raise CardRefused("expiry", "expiry_past")
    if not re.fullmatch(r"[0-9]{3,4}", cvc.strip()):
        raise CardRefused("cvc", "cvc_invalid")
    if digits == DECLINED.replace(" ", ""):
        raise CardRefused("number", "declined", by_bank=True)
    if digits not in {PAYS.replace(" ", ""), RENEWAL_FAILS.replace(" ", "")}:
        raise CardRefused("number", "not_a_test_card", by_bank=True)
    return Card("visa", digits[-4:], month, year)


def _adds_up(digits: str) -> bool:
    """The check digit of ISO/IEC 7812 (Luhn)."""
    doubled = (int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
