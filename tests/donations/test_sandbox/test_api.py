"""Stripe's API, asked through Stripe's own client over real HTTP."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from tests.donations.test_sandbox.rig import Rig, Webhook, line_item, running


def test_session_is_made_as_asked(rig: Rig) -> None:
    """A session carries the sum, the donor and the metadata, and is found again by its id."""
    made = rig.create(
        metadata={"gift_id": "g1", "fund": ""},
        locale="zh",
        submit_type="donate",
        client_reference_id="g1",
        allowed_payment_method_types=["card"],
        adaptive_pricing={"enabled": False},
    )

    assert made.id.startswith("cs_test_")
    assert made.url == f"{rig.url}/pay/{made.id}"
    assert (made.amount_total, made.currency, made.livemode) == (20000, "cny", False)
    assert (made.status, made.payment_status, made.payment_intent) == ("open", "unpaid", None)
    assert made.customer_email == "donor@example.org"
    assert made.metadata is not None
    assert made.metadata.to_dict() == {"gift_id": "g1"}
    assert made.expires_at - made.created == 24 * 60 * 60
    assert made.success_url == rig.webhook.url + "thanks?session={CHECKOUT_SESSION_ID}"
    assert rig.client().v1.checkout.sessions.retrieve(made.id).to_dict() == made.to_dict()


def test_line_items_add_up(rig: Rig) -> None:
    """The total is the sum over items of price times quantity, in minor units."""
    made = rig.create(line_items=[line_item("jpy", 3000, 2), line_item("jpy", 150)])

    assert (made.amount_total, made.currency) == (6150, "jpy")


def test_stands_alone_without_a_prefix(tmp_path: Path, webhook: Webhook) -> None:
    """The sandbox works at the root of a port of its own as it does under /sandbox."""
    with running(tmp_path / "alone.db", webhook, prefix="") as rig:
        made = rig.create()

        assert made.url == f"{rig.url}/pay/{made.id}"
        assert requests.get(made.url, timeout=20).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"metadata": {"a": {"b": "c"}}}, None, "metadata[a]"),
        ({"mode": None}, "parameter_missing", "mode"),
        ({"mode": "gift"}, None, "mode"),
        ({"mode": "setup"}, None, "mode=setup"),
        ({"ui_mode": "elements"}, None, "ui_mode=elements"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"success_url": ""}, "parameter_invalid_empty", "success_url"),
        ({"success_url": "/thanks"}, "url_invalid", "success_url"),
        ({"cancel_url": "javascript:alert(1)"}, "url_invalid", "cancel_url"),
        ({"customer_email": "donor"}, "email_invalid", "customer_email"),
        ({"locale": "zh-Hant"}, None, "locale"),
        ({"discounts": [{"coupon": "x"}]}, None, "discounts"),
        ({"adaptive_pricing": {"enabled": True}}, None, "adaptive_pricing[enabled]=true"),
        (
            {"allowed_payment_method_types": ["bacs_debit"]},
            None,
            "allowed_payment_method_types",
        ),
        ({"expand": ["payment_intent"]}, None, "expand"),
        ({"metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"metadata": {str(n): "v" for n in range(51)}}, None, "metadata"),
        ({"line_items": None}, "parameter_missing", "line_items"),
    ],
)
def test_unfit_parameters_are_refused(
    rig: Rig, changes: dict[str, Any], code: str | None, param: str
) -> None:
    """What Stripe, or this sandbox, does not take is refused by name; nothing is made."""
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        rig.create(**changes)

    assert refusal.value.http_status == 400
    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert objects_in(rig) == 0


@pytest.mark.parametrize(
    ("item", "code", "param"),
    [
        (line_item("cny", 399), "amount_too_small", "line_items"),
        (line_item("usd", 49), "amount_too_small", "line_items"),
        (line_item("gbp", 29), "amount_too_small", "line_items"),
        (line_item("hkd", 399), "amount_too_small", "line_items"),
        (line_item("jpy", 49), "amount_too_small", "line_items"),
        (line_item("eur", 49), "amount_too_small", "line_items"),
        (line_item("usd", 100_000_000), "amount_too_large", "line_items"),
        (
            line_item("usd", -1),
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        (line_item("usd", 500, 0), "parameter_invalid_integer", "line_items[0][quantity]"),
        (line_item("xyz", 500), None, "line_items[0][price_data][currency]"),
        (line_item("isk", 500), None, "line_items[0][price_data][currency]"),
        (line_item("usd", 500) | {"price": "price_1"}, None, "line_items[0][price]"),
        ({"quantity": 1}, "parameter_missing", "line_items[0][price_data]"),
        (
            {"quantity": 1, "price_data": {"currency": "usd"}},
            "parameter_missing",
            "line_items[0][price_data][product_data]",
        ),
    ],
)
def test_unfit_amounts_are_refused(
    rig: Rig, item: dict[str, Any], code: str | None, param: str
) -> None:
    """Too little, too much, an unknown currency, an incomplete price: refused by name."""
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        rig.create(line_items=[item])

    assert (refusal.value.code, refusal.value.param) == (code, param)


@pytest.mark.parametrize(
    ("currency", "smallest"),
    [("cny", 400), ("usd", 50), ("gbp", 30), ("hkd", 400), ("jpy", 50), ("eur", 50)],
)
def test_smallest_amounts_are_taken(rig: Rig, currency: str, smallest: int) -> None:
    """The control: one minor unit more than what is refused is taken."""
    assert rig.create(line_items=[line_item(currency, smallest)]).amount_total == smallest


def test_fraction_of_a_minor_unit_is_refused(rig: Rig) -> None:
    """1.5 fen is no integer: Stripe says so, and so does the sandbox."""
    item = line_item("cny", 20000)
    item["price_data"]["unit_amount"] = "1.5"

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        rig.create(line_items=[item])

    assert refusal.value.code == "parameter_invalid_integer"


def test_currencies_are_not_mixed(rig: Rig) -> None:
    """One session has one currency."""
    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        rig.create(line_items=[line_item("cny", 20000), line_item("usd", 20000)])


@pytest.mark.parametrize("seconds", [30 * 60 - 5, 24 * 60 * 60 + 5])
def test_session_times_have_bounds(rig: Rig, seconds: int) -> None:
    """A session stays open for 30 minutes at least and 24 hours at most."""
    with pytest.raises(stripe.InvalidRequestError, match="expires_at"):
        rig.create(expires_at=int(rig.clock()) + seconds)

    assert rig.create(expires_at=int(rig.clock()) + 31 * 60).status == "open"


@pytest.mark.parametrize(
    "retrieve",
    [
        lambda v1: v1.checkout.sessions.retrieve("none"),
        lambda v1: v1.checkout.sessions.expire("none"),
        lambda v1: v1.payment_intents.retrieve("none"),
        lambda v1: v1.charges.retrieve("none"),
        lambda v1: v1.events.retrieve("none"),
    ],
)
def test_unknown_objects_are_missing(rig: Rig, retrieve: Callable[[Any], object]) -> None:
    """An id that nothing has is ``resource_missing``, 404."""
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        retrieve(rig.client().v1)

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_nothing_is_expanded(rig: Rig) -> None:
    """A wish that the sandbox has no part for is refused, not passed over, on reading too."""
    made = rig.create()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        rig.client().v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})

    assert refusal.value.param == "expand"


def test_open_session_can_be_expired(rig: Rig) -> None:
    """Expiring ends an open session, tells the webhook why, and cannot be done twice."""
    made = rig.create()
    sessions = rig.client().v1.checkout.sessions

    ended = sessions.expire(made.id, options={"idempotency_key": "end"})

    assert (ended.status, ended.url, ended.payment_status) == ("expired", None, "unpaid")
    assert rig.deliveries.deliver_due() == 1
    event = json.loads(rig.webhook.told[0][1])
    assert event["type"] == "checkout.session.expired"
    assert event["data"]["object"]["id"] == made.id
    assert ended.last_response is not None
    request = {"id": ended.last_response.request_id, "idempotency_key": "end"}
    assert event["request"] == request
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        sessions.expire(made.id)


def test_session_expires_when_its_time_has_passed(rig: Rig) -> None:
    """Looking at a session after its time finds it expired, and the webhook is told once."""
    made = rig.create()
    rig.clock.forward(24 * 60 * 60 - 60)
    assert rig.client().v1.checkout.sessions.retrieve(made.id).status == "open"

    rig.clock.forward(61)

    assert rig.client().v1.checkout.sessions.retrieve(made.id).status == "expired"
    rig.deliveries.deliver_due()
    assert rig.webhook.types == ["checkout.session.expired"]
    assert rig.deliveries.deliver_due() == 0


def test_malformed_object_is_a_loud_failure(rig: Rig) -> None:
    """An object that lost a field that Stripe always sends is a 500, never handed out."""
    made = rig.create()
    with sqlite3.connect(rig.settings.database) as file:
        file.execute("UPDATE object SET body = json_remove(body, '$.payment_status')")

    with pytest.raises(stripe.APIError, match="ObjectMalformed") as failure:
        rig.client().v1.checkout.sessions.retrieve(made.id)

    assert failure.value.http_status == 500


def objects_in(rig: Rig) -> int:
    with sqlite3.connect(rig.settings.database) as file:
        count: int = file.execute("SELECT count(*) FROM object").fetchone()[0]
        return count
