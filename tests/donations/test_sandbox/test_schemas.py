"""The shapes are those of the installed stripe package."""

import pytest
import stripe
from stripe.params.checkout import SessionCreateParams

from donations_api.sandbox.schemas import ObjectMalformed, object_schema, request_schema, shapes
from tests.donations.test_sandbox.rig import Rig


def test_request_is_closed_and_knows_the_installed_version() -> None:
    """A parameter that this version has dropped is not there; how a call is made is not either."""
    schema = request_schema(SessionCreateParams)

    assert schema["additionalProperties"] is False
    assert "allowed_payment_method_types" in schema["properties"]
    assert "payment_method_types" not in schema["properties"]
    assert "idempotency_key" not in schema["properties"]


def test_listed_values_are_closed_in_requests_and_open_in_objects() -> None:
    """``Literal | str``: we may send this version's values only; Stripe may send newer ones."""
    sent = request_schema(SessionCreateParams)["properties"]["mode"]
    received = object_schema(stripe.checkout.Session)["properties"]["mode"]

    assert sent == {"anyOf": [{"enum": ["payment", "setup", "subscription"]}]}
    assert received == {"anyOf": [{"type": "string"}]}


def test_what_is_not_optional_is_required() -> None:
    """An object must carry each field that the library promises."""
    required = object_schema(stripe.checkout.Session)["required"]

    assert "payment_status" in required
    assert "payment_intent" not in required


def test_nested_requirements_are_kept() -> None:
    """Deep inside, too: price data must name its currency."""
    items = request_schema(SessionCreateParams)["properties"]["line_items"]["items"]

    assert items["properties"]["price_data"]["required"] == ["currency"]


def test_objects_within_objects_are_checked(rig: Rig) -> None:
    """A price within the item of a subscription's list is held to its own shape."""
    rig.act(f"subscriptions/{rig.subscribe().id}", "renew")
    made = rig.news()[-1]["data"]["object"]
    shapes().fit(made)

    del made["items"]["data"][0]["price"]["unit_amount"]  # may be absent: the control
    shapes().fit(made)
    del made["items"]["data"][0]["price"]["currency"]
    with pytest.raises(ObjectMalformed, match="currency"):
        shapes().fit(made)
