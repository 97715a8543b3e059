"""What may be charged: which currencies, how little, how much. All amounts are minor units.

Stripe counts yen and dollars as Babel's CLDR does, but not every currency (the Icelandic króna has
two decimals at Stripe and none in CLDR): those are refused, since the page would show a wrong sum.
"""

from babel.numbers import get_currency_precision, is_currency

from donations_api.sandbox.errors import ApiError

_ZERO_DECIMAL_AT_STRIPE = {
    *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
    *("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
}
_THREE_DECIMAL_AT_STRIPE = {"BHD", "JOD", "KWD", "OMR", "TND"}

# Stripe documents these four, in the currency of the account's payouts.
_SMALLEST = {"USD": 50, "GBP": 30, "HKD": 400, "JPY": 50}
# CNY is not documented; about 0.50 US dollars, rounded up, is what an account in dollars refuses.
_SMALLEST_HERE = {"CNY": 400}
# Our rule for every other currency: the number that Stripe asks of most of its own, 50 minor units.
_SMALLEST_ELSE = 50
_LARGEST = 99_999_999  # eight digits


def check_currency(code: str, param: str) -> str:
    """The code in lower case, as Stripe returns it. Raises ApiError."""
    currency = code.upper()
    known = len(code) == 3 and is_currency(currency)
    if not known or get_currency_precision(currency) != _decimals_at_stripe(currency):
        raise ApiError(f"Invalid currency: {code}", param=param)
    return currency.lower()


def check_total(minor: int, currency: str) -> None:
    """Raises ApiError ``amount_too_small`` or ``amount_too_large`` for the sum of a session."""
    code = currency.upper()
    smallest = _SMALLEST.get(code) or _SMALLEST_HERE.get(code, _SMALLEST_ELSE)
    if minor < smallest:
        message = f"The total amount due must add up to at least {smallest} minor units of {code}."
        raise ApiError(message, code="amount_too_small", param="line_items")
    if minor > _LARGEST:
        message = f"The total amount due must be no more than {_LARGEST} minor units of {code}."
        raise ApiError(message, code="amount_too_large", param="line_items")


def _decimals_at_stripe(currency: str) -> int:
    if currency in _ZERO_DECIMAL_AT_STRIPE:
        return 0
    return 3 if currency in _THREE_DECIMAL_AT_STRIPE else 2


def fee(minor: int, *, by_card: bool) -> int:
    """What Stripe keeps of a charge: 2.9 % and 30 minor units by card, else 0.8 %; rounded up."""
    return -(-minor * 29 // 1000) + 30 if by_card else -(-minor * 8 // 1000)


DISPUTE_FEE = 1500  # minor units, whatever the currency
