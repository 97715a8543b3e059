"""The dispute: the donor's bank takes the money back until it has decided who is right."""

from typing import Any

from donations_api.sandbox.objects.naming import new_id

Made = dict[str, Any]

_ANSWER_WITHIN = 9 * 24 * 60 * 60  # seconds
_EVIDENCE = (
    *("access_activity_log", "billing_address", "cancellation_policy"),
    *("cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication"),
    *("customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature"),
    *("duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id"),
    *("product_description", "receipt", "refund_policy", "refund_policy_disclosure"),
    *("refund_refusal_explanation", "service_date", "service_documentation"),
    *("shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation"),
    *("shipping_tracking_number", "uncategorized_file", "uncategorized_text"),
)


def new_dispute(charge: Made, amount: int, now: int) -> Made:
    """A dispute that waits for our answer."""
    return {
        "id": new_id("du_"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(_EVIDENCE) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + _ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "general",
        "status": "needs_response",
    }


def answered(dispute: Made) -> Made:
    """Our evidence is with the bank."""
    details = dispute["evidence_details"] | {
        "has_evidence": True,
        "submission_count": 1,
        "submission_method": "manual",
    }
    evidence = dispute["evidence"] | {"uncategorized_text": "The donor confirmed the gift."}
    return dispute | {
        "evidence": evidence,
        "evidence_details": details,
        "status": "under_review",
    }
