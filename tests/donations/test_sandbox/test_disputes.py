"""Disputes, opened and decided from the console."""

import pytest
import stripe

from tests.donations.test_sandbox.rig import Rig


def opened(rig: Rig, **data: str) -> tuple[str, str]:
    """The console's page of a disputed charge, and the dispute's id."""
    page = f"charges/{rig.pay().id}"
    assert rig.act(page, "dispute", **data) == 303
    created, withdrawn = rig.news()
    assert created["type"] == "charge.dispute.created"
    assert withdrawn["type"] == "charge.dispute.funds_withdrawn"
    assert withdrawn["data"]["object"]["status"] == "needs_response"
    return page, withdrawn["data"]["object"]["id"]


def test_dispute_takes_the_money_at_once(rig: Rig) -> None:
    """All of the charge, unless a part is named; the charge is marked and cannot be refunded."""
    page, identifier = opened(rig)
    v1 = rig.client().v1
    dispute = v1.disputes.retrieve(identifier)
    assert (dispute.amount, dispute.currency, dispute.reason) == (2500, "gbp", "general")
    assert f"charges/{dispute.charge}" == page
    assert isinstance(dispute.charge, str)
    charge = v1.charges.retrieve(dispute.charge)
    assert charge.disputed
    assert dispute.payment_intent == charge.payment_intent
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"
    assert rig.act(page, "dispute") == 409

    _, part = opened(rig, amount="10")
    assert v1.disputes.retrieve(part).amount == 1000


def test_won_dispute_brings_the_money_back(rig: Rig) -> None:
    """Evidence is told, then the end, then the money; afterwards a refund is possible."""
    page, dispute = opened(rig)
    assert rig.act(page, "evidence", dispute=dispute) == 303
    (updated,) = rig.news()
    assert updated["type"] == "charge.dispute.updated"
    assert updated["data"]["object"]["status"] == "under_review"
    assert rig.act(page, "evidence", dispute=dispute) == 409

    assert rig.act(page, "win", dispute=dispute) == 303

    closed, reinstated = rig.news()
    assert (closed["type"], closed["data"]["object"]["status"]) == ("charge.dispute.closed", "won")
    assert reinstated["type"] == "charge.dispute.funds_reinstated"
    assert rig.act(page, "lose", dispute=dispute) == 409
    assert rig.act(page, "refund_all") == 303


def test_lost_dispute_keeps_the_money(rig: Rig) -> None:
    """The end is told, and nothing comes back."""
    page, dispute = opened(rig)
    assert rig.act(page, "lose", dispute=dispute) == 303
    (closed,) = rig.news()
    assert (closed["type"], closed["data"]["object"]["status"]) == ("charge.dispute.closed", "lost")
    assert rig.act(page, "refund_all") == 409


def test_wallets_know_no_disputes(rig: Rig) -> None:
    """Alipay and WeChat Pay have no such process; and no more than the charge can be disputed."""
    wallet = rig.pay("cny", method="alipay")
    assert rig.act(f"charges/{wallet.id}", "dispute") == 409
    card = rig.pay()
    assert rig.act(f"charges/{card.id}", "dispute", amount="25.01") == 409
    assert rig.types() == []
