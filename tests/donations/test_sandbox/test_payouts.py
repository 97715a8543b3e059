"""Payouts: what is in them, what becomes of them, and what is left in the balance."""

import re
from typing import Any

import pytest
import requests
import stripe

from tests.donations.test_sandbox.rig import Rig

WEEK = 7 * 86400


def paid_out(rig: Rig) -> stripe.Payout:
    """The newest payout, after all that is available was paid out."""
    rig.clock.forward(WEEK)
    assert rig.act("payouts", "pay_out") == 303
    return rig.client().v1.payouts.list().data[0]


def balance(rig: Rig) -> dict[str, dict[str, int]]:
    found = rig.client().v1.balance.retrieve()
    parts: dict[str, Any] = {"available": found.available, "pending": found.pending}
    return {name: {one.currency: one.amount for one in part} for name, part in parts.items()}


def test_payout_takes_what_is_available_of_each_currency(rig: Rig) -> None:
    """One a currency; its list adds up with its own transaction to nothing; it is told."""
    pounds, yuan = rig.pay("gbp", 2500), rig.pay("cny", 20000)
    rig.client().v1.refunds.create({"charge": pounds.id, "amount": 500})
    rig.news()
    rig.clock.forward(WEEK)
    late = rig.pay("gbp", 1000)
    assert rig.act("payouts", "pay_out") == 303

    told = rig.news()
    v1 = rig.client().v1
    in_pounds, in_yuan = v1.payouts.list().data
    assert [event["type"] for event in told] == ["payout.created", "payout.created"]
    assert {event["data"]["object"]["id"] for event in told} == {in_pounds.id, in_yuan.id}
    assert (in_pounds.currency, in_pounds.amount) == ("gbp", 2500 - 103 - 500)
    assert (in_yuan.currency, in_yuan.amount) == ("cny", 20000 - 610)
    assert (in_pounds.status, in_pounds.automatic) == ("pending", True)
    held = v1.balance_transactions.list({"payout": in_pounds.id}).data
    assert [one.type for one in held] == ["payout", "refund", "charge"]
    assert sum(one.net for one in held) == 0
    own = held[0]
    assert (own.id, own.source) == (in_pounds.balance_transaction, in_pounds.id)
    assert (own.reporting_category, own.fee, own.net) == ("payout", 0, -in_pounds.amount)
    assert late.balance_transaction not in {one.id for one in held}
    (only,) = v1.balance_transactions.list({"payout": in_yuan.id, "type": "charge"}).data
    assert only.source == yuan.id


def test_what_a_payout_holds_comes_in_pages(rig: Rig) -> None:
    """Each transaction once; a place that is not in this list is refused, not taken for its end."""
    for _ in range(3):
        rig.pay()
    payout = paid_out(rig)
    other = rig.pay().balance_transaction
    transactions = rig.client().v1.balance_transactions

    held = transactions.list({"payout": payout.id, "limit": 1}).auto_paging_iter()

    assert [one.type for one in held] == ["payout", "charge", "charge", "charge"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        transactions.list({"payout": payout.id, "starting_after": str(other)})
    assert (refusal.value.code, refusal.value.param) == ("resource_missing", "starting_after")


def test_nothing_is_paid_out_twice(rig: Rig) -> None:
    """What is in a payout is in no second one; less than nothing waits for more."""
    charge = rig.pay()
    paid_out(rig)
    rig.act("payouts", "pay_out")
    assert len(rig.client().v1.payouts.list().data) == 1

    rig.client().v1.refunds.create({"charge": charge.id, "amount": 1000})
    rig.clock.forward(WEEK)
    rig.act("payouts", "pay_out")
    assert len(rig.client().v1.payouts.list().data) == 1
    assert balance(rig)["available"] == {"gbp": -1000}

    rig.pay("gbp", 5000)
    payout = paid_out(rig)
    assert payout.amount == 5000 - 175 - 1000
    found = rig.client().v1.balance_transactions.list({"payout": payout.id}).data
    assert [one.type for one in found] == ["payout", "charge", "refund"]


def test_payout_arrives_once(rig: Rig) -> None:
    """Paid is told, and cannot be told again."""
    rig.pay()
    payout = paid_out(rig)
    rig.news()

    assert rig.act(f"payouts/{payout.id}", "payout_paid") == 303
    assert rig.act(f"payouts/{payout.id}", "payout_paid") == 409

    (event,) = rig.news()
    assert (event["type"], event["data"]["object"]["status"]) == ("payout.paid", "paid")
    assert rig.client().v1.payouts.retrieve(payout.id).status == "paid"


@pytest.mark.parametrize("seemed_paid", [False, True])
def test_failed_payout_comes_back_into_the_next(rig: Rig, seemed_paid: bool) -> None:
    """Its money is available again, by a transaction of its own, which the next payout takes."""
    rig.pay()
    payout = paid_out(rig)
    if seemed_paid:
        rig.act(f"payouts/{payout.id}", "payout_paid")
    rig.news()
    assert balance(rig)["available"] == {"gbp": 0}

    assert rig.act(f"payouts/{payout.id}", "payout_failed") == 303
    assert rig.act(f"payouts/{payout.id}", "payout_failed") == 409

    (event,) = rig.news()
    failed = event["data"]["object"]
    assert (event["type"], failed["status"]) == ("payout.failed", "failed")
    assert failed["failure_code"]
    v1 = rig.client().v1
    returned = v1.balance_transactions.retrieve(failed["failure_balance_transaction"])
    assert (returned.type, returned.reporting_category) == ("payout_failure", "payout_reversal")
    assert (returned.net, returned.source) == (payout.amount, payout.id)
    assert balance(rig)["available"] == {"gbp": payout.amount}
    second = paid_out(rig)
    assert (second.amount, second.id == payout.id) == (payout.amount, False)
    held = v1.balance_transactions.list({"payout": second.id}).data
    assert [one.type for one in held] == ["payout", "payout_failure"]


def test_balance_is_the_net_of_everything(rig: Rig) -> None:
    """Pending, then available, then paid out; each currency by itself."""
    rig.pay("gbp", 2500)
    rig.pay("jpy", 3000)
    nothing = {"gbp": 0, "jpy": 0}
    nets = {"gbp": 2397, "jpy": 2883}
    assert balance(rig) == {"available": nothing, "pending": nets}
    rig.clock.forward(WEEK)
    assert balance(rig) == {"available": nets, "pending": nothing}
    rig.act("payouts", "pay_out")
    assert balance(rig) == {"available": nothing, "pending": nothing}


def test_payouts_are_listed(rig: Rig) -> None:
    """In pages, by state and by time."""
    for _ in range(2):
        rig.pay()
        paid_out(rig)
    payouts = rig.client().v1.payouts
    newer, older = payouts.list().data
    rig.act(f"payouts/{older.id}", "payout_paid")

    def ids(**asked: Any) -> list[str]:
        return [one.id for one in payouts.list(asked or None).data]  # type: ignore[arg-type]

    assert ids(limit=1) == [newer.id]
    assert ids(limit=1, starting_after=newer.id) == [older.id]
    assert ids(status="pending") == [newer.id]
    assert ids(status="paid") == [older.id]
    assert ids(created={"gt": older.created}) == [newer.id]
    assert ids(created={"lte": older.created}) == [older.id]
    for unknown in (
        lambda: payouts.retrieve("po_none"),
        lambda: rig.client().v1.balance_transactions.list({"payout": "po_none"}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            unknown()
        assert (refusal.value.code, refusal.value.param) == ("resource_missing", "payout")


def test_source_is_expanded_in_the_list_of_transactions(rig: Rig) -> None:
    """Charge, refund, dispute and payout in full; without the wish, their ids; else refused."""
    charge, v1 = rig.pay(), rig.client().v1
    rig.act(f"charges/{charge.id}", "refund", amount="5")
    paid_out(rig)
    rig.act(f"charges/{charge.id}", "dispute")
    transactions = v1.balance_transactions

    found = transactions.list({"expand": ["data.source"]}).data

    sources = [one.source for one in found]
    assert [one["object"] for one in sources] == ["dispute", "payout", "refund", "charge"]  # type: ignore[index]
    assert sources[-1].to_dict() == v1.charges.retrieve(charge.id).to_dict()  # type: ignore[union-attr]
    assert all(isinstance(one.source, str) for one in transactions.list().data)
    for asked in (["data.source", "data.source.charge"], ["source"]):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            transactions.list({"expand": asked})
        assert refusal.value.param == "expand"
    with pytest.raises(stripe.InvalidRequestError):
        v1.charges.list({"expand": ["data.source"]})


def test_console_shows_payouts(rig: Rig) -> None:
    """In both languages: the list, the page with its charges, and the way from the charge."""
    assert "No payouts yet" in rig.look("?show=payouts")
    charge = rig.pay()
    payout = paid_out(rig)

    assert re.search(rf"{payout.id} .{{1,40}} £23.97 on its way", rig.look("?show=payouts"))
    assert "在途" in rig.look("?show=payouts", language="zh")
    page = rig.look(f"payouts/{payout.id}")
    assert charge.id in page
    assert "payout.created" in page
    assert payout.id in rig.look(f"charges/{charge.id}")
    rig.act(f"payouts/{payout.id}", "payout_paid")
    assert "已到账" in rig.look(f"payouts/{payout.id}", language="zh")


def test_buttons_of_payouts_are_guarded(rig: Rig) -> None:
    """Another site, an unknown act, an unknown payout; and nothing is paid out."""
    rig.pay()
    rig.clock.forward(WEEK)
    assert rig.act("payouts", "pay_out", origin="https://example.org") == 403
    assert rig.act("payouts", "explode") == 404
    assert rig.act("payouts/po_none", "payout_paid") == 404
    assert requests.get(f"{rig.url}/payouts/po_none", timeout=20).status_code == 404
    assert rig.client().v1.payouts.list().data == []
