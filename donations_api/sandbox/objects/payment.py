"""What moves the money: the payment method, the payment intent, the charge."""

from typing import Any

from donations_api.sandbox.objects.naming import new_id

Made = dict[str, Any]


def new_method(kind: str, details: Made, email: str, customer: str | None, now: int) -> Made:
    """A payment method of type ``kind``; ``details`` are what is shown of the card or account."""
    return {
        "id": new_id("pm_"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": {
            "address": None,
            "email": email,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "created": now,
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
        kind: details,
    }


def new_intent(
    amount: int, currency: str, methods: list[str], metadata: Made, now: int, **given: Any
) -> Made:
    """An intent that nobody has tried to pay yet. ``given``: ``customer``, ``description``."""
    options = {"card": {"request_three_d_secure": "automatic"}, "wechat_pay": {"client": "web"}}
    return {
        "id": new_id("pi_"),
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": given.get("customer"),
        "customer_account": None,
        "description": given.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata,
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {method: options.get(method, {}) for method in methods},
        "payment_method_types": methods,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def new_charge(intent: Made, method: Made, now: int) -> Made:
    """A try to pay the intent, not yet decided (``pending``)."""
    kind = method["type"]
    return {
        # Stripe's own prefixes: what is no card is a "payment".
        "id": new_id("ch_" if kind == "card" else "py_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": None,
        "captured": True,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": _outcome("approved_by_network", "Payment complete.", "authorized"),
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"type": kind, kind: method[kind]},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
    }


def processing(intent: Made, charge: Made) -> Made:
    return intent | _tried(charge) | {"status": "processing"}


def succeeded(intent: Made, charge: Made) -> tuple[Made, Made]:
    charge = charge | {
        "amount_captured": charge["amount"],
        "paid": True,
        "status": "succeeded",
    }
    changes = {"amount_received": charge["amount"], "status": "succeeded"}
    return intent | _tried(charge) | changes | {"last_payment_error": None}, charge


def failed(intent: Made, charge: Made, method: Made) -> tuple[Made, Made]:
    """The bank has said no: the intent waits for another payment method."""
    by_card = method["type"] == "card"
    code = "card_declined" if by_card else "payment_intent_payment_attempt_failed"
    message = "Your card was declined." if by_card else "The payment failed."
    charge = charge | {
        "captured": False,
        "failure_code": code,
        "failure_message": message,
        "outcome": _outcome("declined_by_network", message, "issuer_declined"),
        "status": "failed",
    }
    error = {
        "charge": charge["id"],
        "code": code,
        "message": message,
        "payment_method": method,
        "payment_method_type": method["type"],
        "type": "card_error" if by_card else "invalid_request_error",
    }
    if by_card:
        error["decline_code"] = "generic_decline"
    changes = {
        "last_payment_error": error,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    return intent | _tried(charge) | changes, charge


def _tried(charge: Made) -> Made:
    return {"latest_charge": charge["id"], "payment_method": charge["payment_method"]}


def _outcome(network: str, seller_message: str, kind: str) -> Made:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network,
        "reason": None,
        "risk_level": "normal",
        "seller_message": seller_message,
        "type": kind,
    }
