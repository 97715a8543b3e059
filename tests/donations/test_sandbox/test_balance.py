"""Balance transactions: what each charge, refund and dispute moves."""

import pytest
import stripe

from tests.donations.test_sandbox.rig import Rig

WEEK = 7 * 86400


def test_charge_is_booked_with_its_fee(rig: Rig) -> None:
    """Amount, fee and net; pending for a week, then available."""
    charge, transactions = rig.pay(), rig.client().v1.balance_transactions
    assert isinstance(charge.balance_transaction, str)

    booked = transactions.retrieve(charge.balance_transaction)

    assert (booked.type, booked.source, booked.amount) == ("charge", charge.id, 2500)
    assert (booked.fee, booked.net) == (103, 2397)  # 2.9 % is 72.5, rounded up, and 30
    assert booked.available_on - booked.created == WEEK
    assert booked.status == "pending"
    rig.clock.forward(WEEK)
    assert transactions.retrieve(booked.id).status == "available"


def test_every_movement_is_listed_newest_first(rig: Rig) -> None:
    """Refund, its failure, dispute and reinstatement; the sum is what the account holds."""
    charge = rig.pay()
    page = f"charges/{charge.id}"
    v1 = rig.client().v1
    refund = v1.refunds.create({"charge": charge.id, "amount": 1000})
    rig.act(page, "fail_refund", refund=refund.id)
    rig.act(page, "dispute")
    dispute = rig.news()[-1]["data"]["object"]["id"]
    rig.act(page, "win", dispute=dispute)

    found = v1.balance_transactions.list().data

    assert [(one.reporting_category, one.amount) for one in found] == [
        ("dispute_reversal", 2500),
        ("dispute", -2500),
        ("refund_failure", 1000),
        ("refund", -1000),
        ("charge", 2500),
    ]
    assert sum(one.net for one in found) == 2500 - 103 - 1500
    assert [one.type for one in v1.balance_transactions.list({"type": "refund"}).data] == ["refund"]
    assert len(v1.balance_transactions.list({"source": charge.id}).data) == 1


def test_lists_come_in_pages(rig: Rig) -> None:
    """``limit`` and ``starting_after`` lead through all of them, once each."""
    for _ in range(3):
        rig.pay()
    transactions = rig.client().v1.balance_transactions

    first = transactions.list({"limit": 2})
    rest = transactions.list({"limit": 2, "starting_after": first.data[-1].id})

    assert (len(first.data), first.has_more) == (2, True)
    assert (len(rest.data), rest.has_more) == (1, False)
    assert len({one.id for one in [*first.data, *rest.data]}) == 3
    assert len([*transactions.list({"limit": 1}).auto_paging_iter()]) == 3
    with pytest.raises(stripe.InvalidRequestError):
        transactions.list({"limit": 101})


def test_list_by_time(rig: Rig) -> None:
    """``created`` takes a moment or a span."""
    booked = rig.pay().balance_transaction
    transactions = rig.client().v1.balance_transactions
    created = transactions.retrieve(str(booked)).created

    assert len(transactions.list({"created": {"gte": created}}).data) == 1
    assert transactions.list({"created": {"gt": created}}).data == []
    assert len(transactions.list({"created": created}).data) == 1


def test_debit_is_booked_when_it_arrives(rig: Rig) -> None:
    """Not before; and its fee is the debits' own."""
    charge = rig.pay(method="bacs_debit")
    assert charge.balance_transaction is None

    rig.act(f"charges/{charge.id}", "settle")

    (booked,) = rig.client().v1.balance_transactions.list().data
    assert (booked.type, booked.reporting_category, booked.fee) == ("payment", "charge", 20)
