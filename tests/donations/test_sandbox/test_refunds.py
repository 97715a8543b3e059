"""Refunds, through the API and from the console."""

from typing import Any

import pytest
import stripe

from tests.donations.test_sandbox.rig import Rig


def test_refund_of_a_part_and_of_the_rest(rig: Rig) -> None:
    """A card's refund counts as done at once; the charge knows how much is gone."""
    charge, v1 = rig.pay(), rig.client().v1
    assert isinstance(charge.payment_intent, str)

    part = v1.refunds.create(
        {"payment_intent": charge.payment_intent, "amount": 1000, "metadata": {"why": "x"}}
    )

    assert (part.amount, part.status, part.charge) == (1000, "succeeded", charge.id)
    assert v1.charges.retrieve(charge.id).amount_refunded == 1000
    rest = v1.refunds.create({"charge": charge.id, "reason": "requested_by_customer"})
    assert rest.amount == 1500
    assert v1.charges.retrieve(charge.id).refunded
    assert v1.refunds.retrieve(rest.id).to_dict() == rest.to_dict()
    found = v1.refunds.list({"payment_intent": charge.payment_intent}).data
    assert [one.id for one in found] == [rest.id, part.id]
    assert rig.types() == ["refund.created", "refund.created"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_already_refunded"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": 2501}, "greater than unrefunded amount"),
        ({"amount": 0}, "greater than or equal to 1"),
        ({"charge": "ch_none"}, "No such charge"),
        ({"charge": None}, "payment_intent or charge"),
        ({"reverse_transfer": True}, "does not act out"),
    ],
)
def test_unfit_refunds_are_refused(rig: Rig, changes: dict[str, Any], says: str) -> None:
    """Too much, nothing, of nothing: refused, and nothing is told."""
    wish = {"charge": rig.pay().id, **changes}
    asked: Any = {name: value for name, value in wish.items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError, match=says):
        rig.client().v1.refunds.create(asked)
    assert rig.types() == []


def test_same_key_refunds_once(rig: Rig) -> None:
    """An idempotency key holds for refunds, too."""
    charge = rig.pay()
    for _ in range(2):
        rig.client().v1.refunds.create(
            {"charge": charge.id, "amount": 500}, {"idempotency_key": "once"}
        )
    assert rig.types() == ["refund.created"]


@pytest.mark.parametrize(("currency", "method"), [("cny", "alipay"), ("cny", "wechat_pay")])
def test_wallets_refund_arrives_later(rig: Rig, currency: str, method: str) -> None:
    """It is pending until the console lets it arrive, and only once."""
    charge = rig.pay(currency, method=method)
    refund = rig.client().v1.refunds.create({"charge": charge.id})
    assert refund.status == "pending"
    page = f"charges/{charge.id}"

    assert rig.act(page, "arrive", refund=refund.id) == 303
    assert rig.act(page, "arrive", refund=refund.id) == 409

    created, updated = rig.news()
    assert (created["type"], updated["type"]) == ("refund.created", "refund.updated")
    assert updated["data"]["object"]["status"] == "succeeded"
    assert updated["data"]["previous_attributes"]["status"] == "pending"


def test_failed_refund_gives_the_money_back_to_the_charge(rig: Rig) -> None:
    """Even a card's refund that counted as done can fail; the whole charge can be refunded anew."""
    charge, v1 = rig.pay(), rig.client().v1
    page = f"charges/{charge.id}"
    assert rig.act(page, "refund_all") == 303
    (refund,) = v1.refunds.list({"charge": charge.id}).data

    assert rig.act(page, "fail_refund", refund=refund.id) == 303

    failed = rig.news()[-1]
    assert (failed["type"], failed["data"]["object"]["status"]) == ("refund.failed", "failed")
    assert failed["data"]["object"]["failure_reason"]
    assert v1.charges.retrieve(charge.id).amount_refunded == 0
    assert rig.act(page, "fail_refund", refund=refund.id) == 409
    assert v1.refunds.create({"charge": charge.id}).amount == 2500


def test_debit_on_its_way_cannot_be_refunded(rig: Rig) -> None:
    """What has not come cannot be sent back."""
    charge = rig.pay(method="bacs_debit")
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        rig.client().v1.refunds.create({"charge": charge.id})
