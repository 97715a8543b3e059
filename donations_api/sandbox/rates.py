"""What money of one currency is worth in another: rates that never change, so that tests can count.

Amounts are minor units.
"""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from babel.numbers import get_currency_precision

from donations_api.sandbox.errors import not_acted_out

# US dollars for one major unit; invented, and near enough to the truth for a demo.
_DOLLARS = {
    "aud": Decimal("0.65"),
    "cad": Decimal("0.72"),
    "chf": Decimal("1.25"),
    "cny": Decimal("0.14"),
    "eur": Decimal("1.16"),
    "gbp": Decimal("1.34"),
    "hkd": Decimal("0.128"),
    "jpy": Decimal("0.0066"),
    "nzd": Decimal("0.58"),
    "sgd": Decimal("0.77"),
    "usd": Decimal(1),
}


def known(currency: str) -> bool:
    return currency in _DOLLARS


def settled_in(currency: str, settles_in: Collection[str]) -> str:
    """The currency of the balance that a payment in ``currency`` reaches (all lower case)."""
    if not settles_in or currency in settles_in:
        return currency
    return next(iter(settles_in))


def check_convertible(currency: str, settles_in: Collection[str]) -> None:
    """Raises ApiError for a currency that the account would have to convert without a rate."""
    if settled_in(currency, settles_in) != currency and not known(currency):
        raise not_acted_out(f"a conversion of {currency}")


def rate(source: str, target: str) -> Fraction:
    """Minor units of ``target`` for one minor unit of ``source``, as Stripe's rates count."""
    worth = Fraction(_DOLLARS[source]) / Fraction(_DOLLARS[target])
    return worth * Fraction(10) ** (
        get_currency_precision(target.upper()) - get_currency_precision(source.upper())
    )


def convert(minor: int, source: str, target: str) -> int:
    """Rounded to the nearest minor unit, and a half to the even one, below zero as above it."""
    return round(minor * rate(source, target))
