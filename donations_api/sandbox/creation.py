"""What a request for a Checkout Session must say, beyond having the right shape."""

import re
from typing import Any
from urllib.parse import urlsplit

from donations_api.sandbox import amounts, methods
from donations_api.sandbox.errors import ApiError, missing, not_acted_out
from donations_api.sandbox.form_encoding import written
from donations_api.sandbox.objects.checkout import open_session
from donations_api.sandbox.objects.naming import new_id

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
            "recurring": {"interval": None, "interval_count": None},
            "unit_amount": None,
        },
        "quantity": None,
    },
    "locale": None,
    "metadata": None,
    "mode": None,
    "payment_intent_data": {"description": None, "metadata": None},
    "payment_method_options": {"wechat_pay": {"client": None}},
    "submit_type": None,
    "subscription_data": {"description": None, "metadata": None},
    "success_url": None,
    "ui_mode": None,
}
# Where the session hands on what it was told about the payment, or about the subscription.
_DATA = {"payment": "payment_intent_data", "subscription": "subscription_data"}
_SHORTEST, _LONGEST = 30 * 60, 24 * 60 * 60  # seconds that a session may stay open
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def new_session(given: Given, public_url: str, now: int) -> tuple[Given, Given]:
    """The open session, and the order behind it: its items, and what is passed on to the payment.

    Raises ApiError.
    """
    check_acted_out(given, _ACTED_OUT)
    for param in ("mode", "line_items", "success_url"):
        if not given.get(param):
            raise missing(param)
    mode = given["mode"]
    if mode not in _DATA:
        raise not_acted_out(f"mode={mode}")
    if given.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_acted_out(f"ui_mode={given['ui_mode']}")
    if given.get("adaptive_pricing", {}).get("enabled"):
        raise not_acted_out("adaptive_pricing[enabled]=true")
    for other, data in _DATA.items():
        if other != mode and data in given:
            raise ApiError(f"You can not pass `{data}` in `{mode}` mode.", param=data)
    for param in ("success_url", "cancel_url"):
        check_url(given.get(param), param)
    if "customer_email" in given:
        check_email(given["customer_email"])

    items = [_line_item(item, f"line_items[{n}]") for n, item in enumerate(given["line_items"])]
    _check_recurring(items, mode)
    currency = items[0]["currency"]
    if any(item["currency"] != currency for item in items):
        raise ApiError("All line items must have the same currency.", param="line_items")
    total = sum(item["unit_amount"] * item["quantity"] for item in items)
    amounts.check_total(total, currency)
    _check_wechat(given)
    fitting = methods.eligible(given.get("allowed_payment_method_types"), currency, mode)

    told = given.get(_DATA[mode], {})
    order = {
        "line_items": items,
        "description": told.get("description"),
        "metadata": metadata(told.get("metadata", {}), f"{_DATA[mode]}[metadata]"),
    }
    settled = {
        "created": now,
        "expires_at": _expires_at(given.get("expires_at", now + _LONGEST), now),
        "metadata": metadata(given.get("metadata", {}), "metadata"),
    }
    identifier = new_id("cs_test_", 58)
    page = f"{public_url}/pay/{identifier}"
    return open_session(identifier, page, given | settled, fitting, total, currency), order


def check_email(address: str) -> str:
    """Raises ApiError ``email_invalid``."""
    if not _EMAIL.fullmatch(address):
        message = f"Invalid email address: {address}"
        raise ApiError(message, code="email_invalid", param="customer_email")
    return address


def check_acted_out(given: Any, acted_out: Given | None, *path: str) -> None:
    """``acted_out``: the parameters that have a part. Raises ApiError for any other."""
    if acted_out is None or isinstance(given, str):
        return
    if isinstance(given, list):
        for n, one in enumerate(given):
            check_acted_out(one, acted_out, *path, str(n))
        return
    for name, value in given.items():
        if name not in acted_out:
            raise not_acted_out(written([*path, name]))
        check_acted_out(value, acted_out[name], *path, name)


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
        "recurring": price.get("recurring"),
        "unit_amount": price["unit_amount"],
    }


def _check_recurring(items: list[Given], mode: str) -> None:
    recurring = [item for item in items if item["recurring"]]
    if mode == "payment" and recurring:
        raise ApiError(
            "You specified `payment` mode but passed a recurring price. Either switch to"
            " `subscription` mode or use only one-time prices.",
            param="line_items",
        )
    if mode == "subscription":
        if not recurring:
            message = "You must provide at least one recurring price in `subscription` mode."
            raise ApiError(message, param="line_items")
        if len(items) > 1:
            raise not_acted_out("more than one of line_items in subscription mode")
        check_monthly(items[0]["recurring"], "line_items[0][price_data][recurring]")


def _check_wechat(given: Given) -> None:
    client = given.get("payment_method_options", {}).get("wechat_pay", {}).get("client")
    param = "payment_method_options[wechat_pay][client]"
    if "wechat_pay" in given.get("allowed_payment_method_types", ()) and not client:
        raise missing(param)
    if client not in {None, "web"}:
        raise not_acted_out(f"{param}={client}")


def check_monthly(recurring: Given, where: str) -> None:
    """Raises ApiError for any other interval than a month."""
    if (recurring["interval"], recurring.get("interval_count", 1)) != ("month", 1):
        raise not_acted_out(f"{where} other than once a month")


def check_url(url: str | None, param: str) -> None:
    """Raises ApiError ``url_invalid``."""
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


def metadata(given: dict[str, str], param: str) -> dict[str, str]:
    """Stripe's limits: 50 keys of 40 characters, values of 500; an empty value unsets its key.

    Raises ApiError.
    """
    if len(given) > 50:
        raise ApiError("Metadata can have up to 50 keys.", param=param)
    for key, value in given.items():
        if len(key) > 40 or len(value) > 500:
            message = "Metadata keys can have up to 40 characters, values up to 500."
            raise ApiError(message, param=f"{param}[{key}]")
    return {key: value for key, value in given.items() if value}
