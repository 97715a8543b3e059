"""The Checkout Session: open, complete, expired."""

from typing import Any

Made = dict[str, Any]


def open_session(
    identifier: str, url: str, given: Made, methods: list[str], total: int, currency: str
) -> Made:
    """A session that waits for the donor. ``given`` is what the request said, with its times.

    ``methods``: what is left of those allowed, for this currency and this mode.
    """
    one_time = given["mode"] == "payment"
    return {
        "id": identifier,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": given.get("allowed_payment_method_types"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "billing_address_collection": None,
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": given["created"],
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": None,
        "customer_account": None,
        "customer_creation": "if_required" if one_time else None,
        "customer_details": None,
        "customer_email": given.get("customer_email"),
        "discounts": [],
        "expires_at": given["expires_at"],
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": given.get("locale"),
        "metadata": given["metadata"],
        "mode": given["mode"],
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required" if one_time else "always",
        "payment_method_configuration_details": None,
        "payment_method_options": _options(methods),
        "payment_method_types": methods,
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "subscription": None,
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": url,
        "wallet_options": None,
    }


def completed(session: Made, email: str, **links: Any) -> Made:
    """The session once the donor has done their part; its page is gone, and so is its ``url``.

    ``links``: ``payment_status``, ``payment_intent``, ``subscription``, ``invoice``, ``customer``.
    """
    details: Made = {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    return session | {"customer_details": details, "status": "complete", "url": None} | links


def expired(session: Made) -> Made:
    return session | {"status": "expired", "url": None}


def _options(methods: list[str]) -> Made:
    own: Made = {
        "card": {"request_three_d_secure": "automatic"},
        "wechat_pay": {"client": "web"},
    }
    return {method: own.get(method, {}) for method in methods}
