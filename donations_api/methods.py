"""The ways to pay that Stripe offers, and which of them fit a currency and a frequency. Pure.

From Stripe's documentation of each payment method. Which of them an account has switched on is said
in ``organisation.toml``, for each recipient.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# How often a donor may give: once; each month, charged by Stripe; each month, after a reminder.
FREQUENCIES = ("once", "monthly", "reminder")


@dataclass(frozen=True, slots=True)
class Method:
    """``key`` is Stripe's name. ``currencies``: None for every one.

    ``once_only``: it cannot be charged again by itself. ``settles_later``: the money comes days
    after the donor has finished, or not at all.
    """

    key: str
    currencies: frozenset[str] | None = None
    once_only: bool = False
    settles_later: bool = False


_WALLETS = frozenset({"AUD", "CAD", "CNY", "EUR", "GBP", "HKD", "JPY", "USD"})

METHODS: dict[str, Method] = {
    method.key: method
    for method in (
        Method("card"),
        Method("alipay", _WALLETS, once_only=True),
        Method("wechat_pay", _WALLETS, once_only=True),
        Method("bacs_debit", frozenset({"GBP"}), settles_later=True),
        Method("sepa_debit", frozenset({"EUR"}), settles_later=True),
        Method("us_bank_account", frozenset({"USD"}), settles_later=True),
        Method("acss_debit", frozenset({"CAD"}), settles_later=True),
        Method("au_becs_debit", frozenset({"AUD"}), settles_later=True),
    )
}


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a donor can pay with, and what not: ``once_only`` stand out because it is monthly.

    A method that does not know the currency is not spoken of: a British bank debit means nothing to
    who gives in yuan. The wallets are, since many would look for them.
    """

    offered: tuple[Method, ...]
    once_only: tuple[Method, ...]
    other_currency: tuple[Method, ...]


def fitting(taken: Sequence[str], currency: str, frequency: str) -> Fitting:
    """Which methods ``taken`` by a recipient fit (rule D9). Reminders lead to single gifts."""
    methods = [METHODS[key] for key in taken]
    knowing = [one for one in methods if one.currencies is None or currency in one.currencies]
    once_only = tuple(one for one in knowing if one.once_only and frequency == "monthly")
    return Fitting(
        offered=tuple(one for one in knowing if one not in once_only),
        once_only=once_only,
        other_currency=tuple(one for one in methods if one not in knowing and one.once_only),
    )
