"""A one-time gift, refunded and disputed: all 5,040 orders of its events end in one state."""

from typing import Any

import pytest

from donations_api.ledger import Ledger
from tests.donations.orderings import SHARE, WHOLE, ends_of_all_orders
from tests.donations.stripe_events import (
    COMPLETED,
    a_dispute,
    a_refund,
    a_session,
    an_event,
    kept,
)

EVENTS = 7


def life(ledger: Ledger) -> tuple[str, list[dict[str, Any]]]:
    """Paid; refunded in two parts of which one fails; then taken back by the bank for good."""
    gift = kept(ledger)
    payment = f"pi_{gift.id}"
    told = [
        (COMPLETED, a_session(gift)),
        ("refund.created", a_refund(payment, 5000, "a")),
        ("refund.failed", a_refund(payment, 5000, "a", status="failed")),
        ("refund.created", a_refund(payment, 3000, "b", status="pending")),
        ("charge.dispute.created", a_dispute(payment, 17000)),
        ("charge.dispute.funds_withdrawn", a_dispute(payment, 17000)),
        ("charge.dispute.closed", a_dispute(payment, 17000, status="lost")),
    ]
    return gift.id, [
        an_event(about, type_, id=f"evt_{gift.id}_{number}")
        for number, (type_, about) in enumerate(told)
    ]


ENDS: set[str] = set()


@pytest.mark.parametrize("first", range(EVENTS))
def test_every_order_ends_in_one_state(first: int) -> None:
    """Whatever comes first: the same state, entries with sources, receipts, mails, dispute."""
    ends = ends_of_all_orders(life, first)
    assert sum(map(len, ends.values())) == (720 if WHOLE else 720 // SHARE)
    assert len(ends) == 1, {end: orders[:3] for end, orders in ends.items()}
    ENDS.update(ends)
    assert len(ENDS) == 1
