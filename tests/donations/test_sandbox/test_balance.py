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


def test_debit_is_booked_when_it_is_authorised(rig: Rig) -> None:
    """Pending until the bank has spoken, however long that takes; its fee is the debits' own."""
    charge, transactions = rig.pay(method="bacs_debit"), rig.client().v1.balance_transactions
    (booked,) = transactions.list().data
    assert (booked.id, booked.source) == (charge.balance_transaction, charge.id)
    assert (booked.type, booked.reporting_category, booked.fee) == ("payment", "charge", 20)
    rig.clock.forward(WEEK + 60)
    assert transactions.list().data[0].status == "pending"
    rig.act("payouts", "pay_out")
    assert rig.client().v1.payouts.list().data == []
    assert rig.client().v1.balance.retrieve().available[0].amount == 0

    rig.act(f"charges/{charge.id}", "settle")

    (settled,) = transactions.list().data
    assert (settled.id, settled.status) == (booked.id, "available")
    assert settled.available_on > booked.available_on  # nobody had the money before it came
    assert rig.client().v1.balance.retrieve().available[0].amount == 2480


@pytest.mark.parametrize("days", [1, 9])
def test_failed_debit_is_booked_back(rig: Rig, days: int) -> None:
    """By a second transaction about the same charge; the two become available together."""
    charge, v1 = rig.pay(method="bacs_debit"), rig.client().v1
    rig.clock.forward(days * 86400)

    rig.act(f"charges/{charge.id}", "fail_debit")

    failed = v1.charges.retrieve(charge.id)
    undone, booked = v1.balance_transactions.list({"source": charge.id}).data
    assert failed.balance_transaction == charge.balance_transaction == booked.id
    assert failed.failure_balance_transaction == undone.id
    assert (undone.type, undone.reporting_category) == ("payment_failure_refund", "charge_failure")
    assert (undone.amount, undone.fee, undone.net) == (-2500, 0, -2500)
    assert undone.available_on == booked.available_on
    assert undone.status == booked.status


def test_declined_card_moves_nothing(rig: Rig) -> None:
    """No booking for what was refused at once."""
    subscription = rig.subscribe()
    before = len(rig.client().v1.balance_transactions.list().data)
    rig.act(f"subscriptions/{subscription.id}", "fail_renewal")
    assert len(rig.client().v1.balance_transactions.list().data) == before


@pytest.mark.parametrize("method", ["card", "alipay"])
def test_failed_refund_is_called_so(rig: Rig, method: str) -> None:
    """By whatever method: ``refund_failure``, as type and as category."""
    charge, v1 = rig.pay("cny", method=method), rig.client().v1
    refund = v1.refunds.create({"charge": charge.id})

    rig.act(f"charges/{charge.id}", "fail_refund", refund=refund.id)

    back, away = v1.balance_transactions.list({"source": refund.id}).data
    assert (back.type, back.reporting_category) == ("refund_failure", "refund_failure")
    assert away.type == ("refund" if method == "card" else "payment_refund")
    assert (back.amount, away.amount) == (2500, -2500)
