"""An account that keeps its balance in some currencies, and converts the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from donations_api.sandbox import rates
from tests.donations.test_sandbox.rig import Rig, Webhook, line_item, running


@pytest.fixture
def settling(tmp_path: Path, webhook: Webhook) -> Iterator[Rig]:
    with running(tmp_path / "sandbox.db", webhook, settles_in=("gbp", "eur")) as rig:
        yield rig


def booked(rig: Rig, charge: stripe.Charge) -> stripe.BalanceTransaction:
    assert isinstance(charge.balance_transaction, str)
    return rig.client().v1.balance_transactions.retrieve(charge.balance_transaction)


@pytest.mark.parametrize(
    ("currency", "amount", "converted", "fee"),
    [
        ("cny", 20000, 2090, 91),  # 200.00 × 0.14 / 1.34 = 20.8955…; 2.9 % is 60.6, and 30
        ("jpy", 3000, 1478, 73),  # 3000 × 0.0066 / 1.34 = 14.7761…
        ("usd", 335, 250, 38),  # 3.35 / 1.34, with no remainder
    ],
)
def test_foreign_payment_is_converted(
    settling: Rig, currency: str, amount: int, converted: int, fee: int
) -> None:
    """Into the first currency; the charge itself stays as the donor paid it."""
    charge = settling.pay(currency, amount)

    found = booked(settling, charge)

    assert (charge.currency, charge.amount) == (currency, amount)
    assert (found.currency, found.amount, found.fee) == ("gbp", converted, fee)
    assert found.net == converted - fee
    assert found.fee_details[0].currency == "gbp"
    assert found.exchange_rate is not None
    assert round(amount * found.exchange_rate) == converted


@pytest.mark.parametrize("currency", ["gbp", "eur"])
def test_own_currencies_stay_as_they_are(settling: Rig, currency: str) -> None:
    """Each of them has a balance of its own."""
    found = booked(settling, settling.pay(currency))
    assert (found.currency, found.amount, found.exchange_rate) == (currency, 2500, None)


def test_every_currency_has_its_balance_unless_told(rig: Rig) -> None:
    """The control: without ``settles_in`` nothing is converted."""
    found = booked(rig, rig.pay("cny", 20000))
    assert (found.currency, found.amount, found.exchange_rate) == ("cny", 20000, None)


def test_what_follows_a_payment_is_converted_too(settling: Rig) -> None:
    """Refund, its failure, dispute and its end, at the same rate."""
    charge = settling.pay("cny", 20000)
    page = f"charges/{charge.id}"
    v1 = settling.client().v1
    refund = v1.refunds.create({"charge": charge.id})
    settling.act(page, "fail_refund", refund=refund.id)
    settling.act(page, "dispute")
    dispute = settling.news()[-1]["data"]["object"]
    settling.act(page, "win", dispute=dispute["id"])

    found = v1.balance_transactions.list({"currency": "gbp"}).data

    assert [(one.reporting_category, one.amount, one.fee) for one in found] == [
        ("dispute_reversal", 2090, 0),
        ("dispute", -2090, 1500),
        ("refund_failure", 2090, 0),
        ("refund", -2090, 0),
        ("charge", 2090, 91),
    ]
    assert (refund.amount, refund.currency) == (20000, "cny")
    assert (dispute["amount"], dispute["currency"]) == (20000, "cny")


def test_currency_without_a_rate_is_refused_at_once(settling: Rig) -> None:
    """Before the donor sees a page; where nothing is converted, it is taken."""
    with pytest.raises(stripe.InvalidRequestError, match="conversion of sek"):
        settling.create(line_items=[line_item("sek", 20000)])
    assert not rates.known("sek")


def test_currency_without_a_rate_is_taken_unconverted(rig: Rig) -> None:
    """The control of the test above."""
    assert rig.create(line_items=[line_item("sek", 20000)]).currency == "sek"


@pytest.mark.parametrize(
    ("minor", "converted"),
    [(1, 0), (2, 1), (3, 2), (-1, 0), (-3, -2), (10**8 + 1, 50_000_000)],
)
def test_halves_go_to_the_even_neighbour(
    monkeypatch: pytest.MonkeyPatch, minor: int, converted: int
) -> None:
    """Exactly, whatever the size: at a rate of one half."""
    monkeypatch.setitem(rates._DOLLARS, "nzd", rates._DOLLARS["usd"] / 2)
    assert rates.convert(minor, "nzd", "usd") == converted


@pytest.mark.parametrize(
    ("minor", "source", "target", "converted"),
    [(1000, "jpy", "usd", 660), (660, "usd", "jpy", 1000), (-1000, "jpy", "usd", -660)],
)
def test_yen_have_no_smaller_unit(minor: int, source: str, target: str, converted: int) -> None:
    """¥1000 are $6.60, there and back."""
    assert rates.convert(minor, source, target) == converted
