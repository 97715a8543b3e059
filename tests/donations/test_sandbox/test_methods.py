"""The ways to pay: which are offered, and how each of them ends."""

from typing import Any

import pytest
import requests
import stripe

from tests.donations.test_sandbox.rig import Rig, line_item, monthly

ALL: list[Any] = [
    *("card", "alipay", "wechat_pay", "bacs_debit"),
    *("sepa_debit", "us_bank_account", "acss_debit", "au_becs_debit"),
]
WEB: Any = {"wechat_pay": {"client": "web"}}
DEBITS = [
    ("gbp", "bacs_debit"),
    ("eur", "sepa_debit"),
    ("usd", "us_bank_account"),
    ("cad", "acss_debit"),
    ("aud", "au_becs_debit"),
]


@pytest.mark.parametrize(
    ("currency", "once", "each_month"),
    [
        ("cny", ["card", "alipay", "wechat_pay"], ["card"]),
        ("hkd", ["card", "alipay", "wechat_pay"], ["card"]),
        ("jpy", ["card", "alipay", "wechat_pay"], ["card"]),
        ("chf", ["card"], ["card"]),
        *(
            (currency, ["card", "alipay", "wechat_pay", debit], ["card", debit])
            for currency, debit in DEBITS
        ),
    ],
)
def test_what_fits_is_offered(
    rig: Rig, currency: str, once: list[str], each_month: list[str]
) -> None:
    """By currency; wallets for one gift only."""
    allowed: Any = {"allowed_payment_method_types": ALL, "payment_method_options": WEB}

    one = rig.create(line_items=[line_item(currency, 2500)], **allowed)
    more = rig.create(mode="subscription", line_items=[monthly(currency)], **allowed)

    assert (one.payment_method_types, more.payment_method_types) == (once, each_month)


def test_wechat_pay_wants_its_client(rig: Rig) -> None:
    """Without ``client`` a session that allows WeChat Pay is refused."""
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        rig.create(allowed_payment_method_types=["card", "wechat_pay"])
    assert refusal.value.param == "payment_method_options[wechat_pay][client]"
    assert refusal.value.code == "parameter_missing"


@pytest.mark.parametrize("method", ["alipay", "wechat_pay"])
def test_wallet_pays_at_once_or_not_at_all(rig: Rig, method: str) -> None:
    """Declined, the page says so and the donor may try again; authorised, it is paid."""
    session = rig.create()

    declined = rig.press(session.id, "decline", method=method)
    assert declined.status_code == 402
    assert "nothing was charged" in declined.text
    assert rig.press(session.id, method=method).status_code == 303

    (event,) = rig.news()
    assert event["data"]["object"]["payment_status"] == "paid"
    charge = rig.charge_of(rig.client().v1.checkout.sessions.retrieve(session.id))
    assert charge.payment_method_details is not None
    assert (charge.payment_method_details.type, charge.status) == (method, "succeeded")
    assert charge.id.startswith("py_")


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize(("currency", "method"), DEBITS)
def test_debit_is_decided_later(rig: Rig, currency: str, method: str, arrives: bool) -> None:
    """The session completes unpaid; days later the bank pays or refuses, once."""
    session = rig.create(line_items=[line_item(currency, 2500)])
    assert rig.press(session.id, method=method).status_code == 303
    (completed,) = rig.news()
    assert completed["type"] == "checkout.session.completed"
    assert completed["data"]["object"]["payment_status"] == "unpaid"
    v1 = rig.client().v1
    intent = completed["data"]["object"]["payment_intent"]
    assert v1.payment_intents.retrieve(intent).status == "processing"
    charge = v1.payment_intents.retrieve(intent).latest_charge
    page = requests.get(f"{rig.url}/pay/{session.id}?language=en", timeout=20)
    assert "The debit is authorised" in page.text

    assert rig.act(f"charges/{charge}", "settle" if arrives else "fail_debit") == 303
    assert rig.act(f"charges/{charge}", "settle") == 409

    (event,) = rig.news()
    outcome = "succeeded" if arrives else "failed"
    assert event["type"] == f"checkout.session.async_payment_{outcome}"
    assert event["data"]["object"]["payment_status"] == ("paid" if arrives else "unpaid")
    ended = v1.payment_intents.retrieve(intent)
    assert ended.status == ("succeeded" if arrives else "requires_payment_method")
    assert (ended.last_payment_error is None) == arrives
    assert v1.charges.retrieve(str(charge)).paid == arrives


def test_page_shows_the_ways_to_pay(rig: Rig) -> None:
    """One link a method; a page each; a method that does not fit is the first one's page."""
    session = rig.create(line_items=[line_item("gbp", 2500)])

    def page(method: str) -> str:
        return requests.get(f"{session.url}?method={method}&language=en", timeout=20).text

    assert "Authorise the debit of £25.00" in page("bacs_debit")
    assert "Scanned and paid £25.00" in page("wechat_pay")
    assert 'href="?method=wechat_pay&amp;language=zh"' in page("wechat_pay")
    assert "Card number" in page("sepa_debit")
    assert "Card number" in page("card")
    alone = rig.create(allowed_payment_method_types=["card"])
    assert 'class="methods"' not in requests.get(alone.url or "", timeout=20).text


def test_what_is_given_each_month_says_so(rig: Rig) -> None:
    """The page of a subscription names the interval beside the amount."""
    session = rig.create(mode="subscription", line_items=[monthly()])
    assert "each month" in requests.get(f"{session.url}?language=en", timeout=20).text
    assert "每月" in requests.get(f"{session.url}?language=zh", timeout=20).text
