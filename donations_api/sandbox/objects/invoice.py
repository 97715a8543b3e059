"""One month's bill of a subscription, and what links it to the payment intent."""

from typing import Any

from donations_api.sandbox.objects.naming import listing, new_id
from donations_api.sandbox.objects.subscription import the_item

Made = dict[str, Any]


def new_invoice(
    subscription: Made, customer: Made, reason: str, period: tuple[int, int], url: str, now: int
) -> Made:
    """An open invoice for one ``period`` (start, end); it is shown below ``url``."""
    identifier, item = new_id("in_"), the_item(subscription)
    total = item["price"]["unit_amount"] * item["quantity"]
    line = _line(identifier, subscription, total, period)
    return {
        "id": identifier,
        "object": "invoice",
        "account_country": "US",
        "account_name": None,
        "account_tax_ids": None,
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": total,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "automatically_finalizes_at": None,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": now,
        "currency": subscription["currency"],
        "custom_fields": None,
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": None,
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": None,
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": subscription["description"],
        "discounts": [],
        "due_date": None,
        "effective_at": now,
        "ending_balance": 0,
        "footer": None,
        "from_invoice": None,
        "hosted_invoice_url": f"{url}/{identifier}",
        "invoice_pdf": None,
        "issuer": {"account": None, "type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": listing(f"/v1/invoices/{identifier}/lines", [line]),
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}",
        "on_behalf_of": None,
        "parent": {
            "quote_details": None,
            "subscription_details": {
                # As it was when the invoice was made; later changes do not reach it.
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        # Stripe sets the first invoice's period to a moment, and each later one to what has passed.
        "period_end": period[0],
        "period_start": the_item(subscription)["current_period_start"],
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status": "open",
        "status_transitions": {
            "finalized_at": now,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "test_clock": None,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": None,
    }


def paid(invoice: Made, now: int) -> Made:
    transitions = invoice["status_transitions"] | {"paid_at": now}
    return invoice | {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": transitions,
    }


def void(invoice: Made, now: int) -> Made:
    transitions = invoice["status_transitions"] | {"voided_at": now}
    return invoice | {"auto_advance": False, "status": "void", "status_transitions": transitions}


def new_invoice_payment(invoice: Made, intent: str, now: int) -> Made:
    return {
        "id": new_id("inpay_"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice["amount_due"],
        "created": now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }


def paid_payment(payment: Made, now: int) -> Made:
    return payment | {
        "amount_paid": payment["amount_requested"],
        "status": "paid",
        "status_transitions": {"canceled_at": None, "paid_at": now},
    }


def _line(invoice: str, subscription: Made, total: int, period: tuple[int, int]) -> Made:
    item = the_item(subscription)
    return {
        "id": new_id("il_"),
        "object": "line_item",
        "amount": total,
        "currency": subscription["currency"],
        "description": None,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": subscription["metadata"],
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": None,
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": period[1], "start": period[0]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": item["price"]["id"], "product": item["price"]["product"]},
            "type": "price_details",
            "unit_amount_decimal": item["price"]["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subscription": subscription["id"],
        "subtotal": total,
        "taxes": [],
    }
