"""A monthly gift's life: all 5,040 orders of its seven events end in one state."""

from typing import Any

import pytest

from donations_api.ledger import Ledger
from tests.donations.orderings import SHARE, WHOLE, ends_of_all_orders
from tests.donations.stripe_events import (
    COMPLETED,
    a_refund,
    a_session,
    a_subscription,
    an_event,
    an_invoice,
    an_invoice_payment,
    kept_monthly,
)

EVENTS = 7


def life(ledger: Ledger) -> tuple[str, list[dict[str, Any]]]:
    """Begun, paid, renewed, the second month refunded in part, ended."""
    pledge, gift = kept_monthly(ledger)
    session = a_session(
        gift, mode="subscription", payment_intent=None, subscription=f"sub_{gift.id}"
    )
    over = a_subscription(
        pledge, gift, status="canceled", cancellation_details={"reason": "cancellation_requested"}
    )
    told = [
        (COMPLETED, session),
        ("invoice.paid", an_invoice(pledge, gift, 1)),
        ("invoice_payment.paid", an_invoice_payment(gift, 1)),
        ("invoice.paid", an_invoice(pledge, gift, 2)),
        ("invoice_payment.paid", an_invoice_payment(gift, 2)),
        ("refund.created", a_refund(f"pi_{gift.id}_2", 5000)),
        ("customer.subscription.deleted", over),
    ]
    return gift.id, [
        an_event(about, type_, id=f"evt_{gift.id}_{number}")
        for number, (type_, about) in enumerate(told)
    ]


ENDS: set[str] = set()


@pytest.mark.parametrize("first", range(EVENTS))
def test_every_order_ends_in_one_state(first: int) -> None:
    """Whatever comes first: the same gifts, entries with their sources, receipts, mails, pledge."""
    ends = ends_of_all_orders(life, first)
    assert sum(map(len, ends.values())) == (720 if WHOLE else 720 // SHARE)
    assert len(ends) == 1, {end: orders[:3] for end, orders in ends.items()}
    ENDS.update(ends)
    assert len(ENDS) == 1
