"""What a request for a Checkout Session must say, beyond having the right shape."""

import re
from typing import Any
from urllib.parse import urlsplit

from donations_api.sandbox import amounts, objects
from donations_api.sandbox.errors import ApiError, missing, not_acted_out
from donations_api.sandbox.form_encoding import written

Given = dict[str, Any]

# What is acted out of all that Stripe takes: None where any value will do.
_ACTED_OUT: Given = {
    "adaptive_pricing": {"enabled": None},
    "allowed_payment_method_types": None,
    "cancel_url": None,
    "client_reference_id": None,
    "customer_email": None,
    "expires_at": None,
    "line_items": {
        "price_data": {
            "currency": None,
            "product_data": {"description": None, "name": None},
            "unit_amount": None,
        },
        "quantity": None,
    },
    "locale": None,
    "metadata": None,
    "mode": None,
    "payment_intent_data": {"description": None, "metadata": None},
    "submit_type": None,
    "success_url": None,
    "ui_mode": None,
}
_SHORTEST, _LONGEST = 30 * 60, 24 * 60 * 60  # seconds that a session may stay open
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def new_session(given: Given, public_url: str, now: int) -> tuple[Given, Given]:
    """The open session, and the order behind it: its line items and the payment intent's data.

    Raises ApiError.
    """
    _check_acted_out(given, _ACTED_OUT)
    for param in ("mode", "line_items", "success_url"):
        if not given.get(param):
            raise missing(param)
    for param, only in (("mode", "payment"), ("ui_mode", "hosted_page")):
        if given.get(param, only) != only:
            raise not_acted_out(f"{param}={given[param]}")
    if given.get("adaptive_pricing", {}).get("enabled"):
        raise not_acted_out("adaptive_pricing[enabled]=true")
    if "card" not in given.get("allowed_payment_method_types", ["card"]):
        raise not_acted_out("allowed_payment_method_types without card")
    for param in ("success_url", "cancel_url"):
        _check_url(given.get(param), param)
    if "customer_email" in given:
        check_email(given["customer_email"])

    items = [_line_item(item, f"line_items[{n}]") for n, item in enumerate(given["line_items"])]
    currency = items[0]["currency"]
    if any(item["currency"] != currency for item in items):
        raise ApiError("All line items must have the same currency.", param="line_items")
    total = sum(item["unit_amount"] * item["quantity"] for item in items)
    amounts.check_total(total, currency)

    intent = given.get("payment_intent_data", {})
    order = {
        "line_items": items,
        "description": intent.get("description"),
        "metadata": _metadata(intent.get("metadata", {}), "payment_intent_data[metadata]"),
    }
    settled = {
        "created": now,
        "expires_at": _expires_at(given.get("expires_at", now + _LONGEST), now),
        "metadata": _metadata(given.get("metadata", {}), "metadata"),
    }
    identifier = objects.new_id("cs_test_", 58)
    page = f"{public_url.rstrip('/')}/pay/{identifier}"
    return objects.open_session(identifier, page, given | settled, total, currency), order


def check_email(address: str) -> str:
    """Raises ApiError ``email_invalid``."""
    if not _EMAIL.fullmatch(address):
        message = f"Invalid email address: {address}"
        raise ApiError(message, code="email_invalid", param="customer_email")
    return address


def _check_acted_out(given: Any, acted_out: Given | None, *path: str) -> None:
    if acted_out is None:
        return
    if isinstance(given, list):
        for n, one in enumerate(given):
            _check_acted_out(one, acted_out, *path, str(n))
        return
    for name, value in given.items():
        if name not in acted_out:
            raise not_acted_out(written([*path, name]))
        _check_acted_out(value, acted_out[name], *path, name)


def _line_item(item: Given, where: str) -> Given:
    for param in ("price_data", "quantity"):
        if param not in item:
            raise missing(f"{where}[{param}]")
    price, where_price = item["price_data"], f"{where}[price_data]"
    for param in ("product_data", "unit_amount"):
        if param not in price:
            raise missing(f"{where_price}[{param}]")
    least = (
        ("unit_amount", price["unit_amount"], 0),
        ("quantity", item["quantity"], 1),
    )
    for name, value, smallest in least:
        if value < smallest:
            param = f"{where}[quantity]" if name == "quantity" else f"{where_price}[{name}]"
            message = f"This value must be greater than or equal to {smallest}."
            raise ApiError(message, code="parameter_invalid_integer", param=param)
    return {
        "currency": amounts.check_currency(price["currency"], f"{where_price}[currency]"),
        "description": price["product_data"].get("description"),
        "name": price["product_data"]["name"],
        "quantity": item["quantity"],
        "unit_amount": price["unit_amount"],
    }


def _check_url(url: str | None, param: str) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        fit = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fit = False
    if not fit or re.search(r"[\s\x00-\x1f]", url):
        raise ApiError("Not a valid URL", code="url_invalid", param=param)


def _expires_at(moment: int, now: int) -> int:
    if not _SHORTEST <= moment - now <= _LONGEST:
        message = "The `expires_at` timestamp must be 30 minutes to 24 hours in the future."
        raise ApiError(message, param="expires_at")
    return moment


def _metadata(given: dict[str, str], param: str) -> dict[str, str]:
    """Stripe's limits: 50 keys of 40 characters, values of 500; an empty value unsets its key."""
    if len(given) > 50:
        raise ApiError("Metadata can have up to 50 keys.", param=param)
    for key, value in given.items():
        if len(key) > 40 or len(value) > 500:
            message = "Metadata keys can have up to 40 characters, values up to 500."
            raise ApiError(message, param=f"{param}[{key}]")
    return {key: value for key, value in given.items() if value}
