"""The ways to pay: which fit a currency and a mode, and what is known of one that a donor chose."""

from typing import Any

from donations_api.sandbox.cards import RENEWAL_FAILS, Card
from donations_api.sandbox.errors import ApiError

Made = dict[str, Any]

_WALLET_CURRENCIES = frozenset({"aud", "cad", "cny", "eur", "gbp", "hkd", "jpy", "usd"})
_CURRENCIES = {
    "alipay": _WALLET_CURRENCIES,
    "wechat_pay": _WALLET_CURRENCIES,
    "bacs_debit": {"gbp"},
    "sepa_debit": {"eur"},
    "us_bank_account": {"usd"},
    "acss_debit": {"cad"},
    "au_becs_debit": {"aud"},
}
WALLETS = ("alipay", "wechat_pay")
DEBITS = ("bacs_debit", "sepa_debit", "us_bank_account", "acss_debit", "au_becs_debit")
METHODS = ("card", *WALLETS, *DEBITS)


def eligible(allowed: list[str] | None, currency: str, mode: str) -> list[str]:
    """Of the ``allowed`` methods (None: of all) those that fit. Raises ApiError if none does."""
    fitting = [
        method
        for method in METHODS
        if (allowed is None or method in allowed)
        and (method == "card" or currency in _CURRENCIES[method])
        # Alipay and WeChat Pay are asked each time; there is nothing to charge again.
        and not (mode == "subscription" and method in WALLETS)
    ]
    if not fitting:
        raise ApiError(
            "No valid payment method types for this Checkout Session. Please ensure that you have"
            f" activated payment methods compatible with `{mode}` mode and the currency"
            f" {currency}.",
            param="allowed_payment_method_types",
        )
    return fitting


def of_card(card: Card) -> Made:
    return {
        "brand": card.brand,
        "country": "US",
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "funding": "credit",
        "last4": card.last4,
    }


def of_account(method: str) -> Made:
    """What is shown of a wallet (nothing) or of a bank account (an invented one)."""
    return {"last4": "6789"} if method in DEBITS else {}


def settles_later(method: Made) -> bool:
    return method["type"] in DEBITS


def renews(method: Made) -> bool:
    """Whether this payment method object can be charged without the donor."""
    card = method.get("card")
    return not card or card["last4"] != RENEWAL_FAILS[-4:]
