"""A month of the ledger, closed: what came, what went, and what is where at its beginning and end.

All of it comes from sums of entries, so that it adds up to the minor unit:

    opening + received - returned - disputed - fees + exchanged + corrected = closing

for each fund and currency; and for each account opening + put in - taken out = closing. What is in
``stripe``, ``bank`` and ``cash`` is ours; a payout moves money between two of these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from donations_api.entry import CAME, Account, Kind
from donations_api.extracts import Extracts, StillOpen, Sum
from donations_api.periods import Period

OURS = frozenset({Account.STRIPE, Account.BANK, Account.CASH})
_ALWAYS = datetime(1, 1, 1, tzinfo=UTC)

# In which figure of a fund an entry is counted. A payout changes none: the money stays ours. What
# a correction gives back to a donor is returned.
_COUNTED: dict[Kind, str] = {
    Kind.GIFT: "received",
    Kind.OFFLINE_GIFT: "received",
    Kind.REFUND: "returned",
    Kind.REFUND_FAILED: "returned",
    Kind.DISPUTE_WITHDRAWN: "disputed",
    Kind.DISPUTE_REINSTATED: "disputed",
    Kind.FEE: "fees",
    Kind.EXCHANGE_OUT: "exchanged",
    Kind.EXCHANGE_IN: "exchanged",
    Kind.CORRECTION: "corrected",
}
_SPENT = ("returned", "disputed", "fees")  # figures that are above zero when money left us


@dataclass(slots=True)
class FundMonth:
    """One fund in one currency; all but ``gifts`` are minor units.

    ``gifts`` counts the entries by which gifts came, ``paid_out`` is what left Stripe for the bank;
    ``fund`` is empty for what belongs to none (payouts, fees of no gift).
    """

    fund: str
    currency: str
    opening: int = 0
    gifts: int = 0
    received: int = 0
    returned: int = 0
    disputed: int = 0
    fees: int = 0
    exchanged: int = 0
    corrected: int = 0
    paid_out: int = 0
    closing: int = 0


@dataclass(slots=True)
class AccountMonth:
    """One account in one currency; minor units. Of ``donors``, below zero, what they gave."""

    account: Account
    currency: str
    opening: int = 0
    put_in: int = 0
    taken_out: int = 0
    closing: int = 0


@dataclass(slots=True)
class Way:
    """Gifts that came in at one account (``stripe``: online) in one currency; minor units."""

    account: Account
    currency: str
    gifts: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """``period`` is the month in the recipient's zone; ``recipient`` is empty when all are meant.

    The lists are sorted by fund or account, then by currency. ``still_open``: gifts in kind of the
    month, lines of the bank's statement that nobody has assigned, and mails that have not gone out.
    """

    period: Period
    recipient: str
    funds: list[FundMonth]
    accounts: list[AccountMonth]
    ways: list[Way]
    still_open: StillOpen


def month_end(extracts: Extracts, period: Period, recipient: str = "") -> MonthEnd:
    """Close the month ``period``; ``recipient`` leaves out what belongs to another or to none."""
    return next(month_ends(extracts, period, recipient))


def month_ends(extracts: Extracts, months: Period, recipient: str = "") -> Iterator[MonthEnd]:
    """Close each month of a year, or of any span, one after the other."""
    before = extracts.sums(_ALWAYS, next(months.months()).begins, recipient)
    for month in months.months():
        during = extracts.sums(month.begins, month.ends, recipient)
        yield MonthEnd(
            month,
            recipient,
            _funds(before, during),
            _accounts(before, during),
            _ways(during),
            extracts.still_open(month, recipient),
        )
        before += during


def added_up(ends: Iterable[MonthEnd]) -> list[FundMonth]:
    """The funds of months that follow one another, as if they were one month."""
    figures = ("gifts", "paid_out", *dict.fromkeys(_COUNTED.values()))
    funds: dict[tuple[str, str], FundMonth] = {}
    for one in (fund for end in ends for fund in end.funds):
        key = one.fund, one.currency
        whole = funds.setdefault(key, FundMonth(*key, opening=one.opening))
        for figure in figures:
            setattr(whole, figure, getattr(whole, figure) + getattr(one, figure))
        whole.closing = one.closing
    return [funds[key] for key in sorted(funds)]


def _funds(before: Iterable[Sum], during: Iterable[Sum]) -> list[FundMonth]:
    funds: dict[tuple[str, str], FundMonth] = {}

    def of(one: Sum) -> FundMonth:
        key = one.fund, one.amount.currency
        return funds.setdefault(key, FundMonth(*key))

    for one in before:
        fund, gained = of(one), _gained(one)
        fund.opening += gained
        fund.closing += gained
    for one in during:
        fund, gained = of(one), _gained(one)
        fund.closing += gained
        fund.gifts += one.number if one.kind in CAME else 0
        if one.kind in _COUNTED:
            returned = one.kind is Kind.CORRECTION and one.put_into is Account.DONORS
            figure = "returned" if returned else _COUNTED[one.kind]
            change = -gained if figure in _SPENT else gained
            setattr(fund, figure, getattr(fund, figure) + change)
        else:
            to_bank = (one.put_into is Account.BANK) - (one.taken_from is Account.BANK)
            fund.paid_out += to_bank * one.amount.minor
    return [funds[key] for key in sorted(funds)]


def _accounts(before: Iterable[Sum], during: Iterable[Sum]) -> list[AccountMonth]:
    accounts: dict[tuple[Account, str], AccountMonth] = {}

    def of(account: Account, one: Sum) -> AccountMonth:
        key = account, one.amount.currency
        return accounts.setdefault(key, AccountMonth(*key))

    for one in before:
        of(one.put_into, one).opening += one.amount.minor
        of(one.taken_from, one).opening -= one.amount.minor
    for one in during:
        of(one.put_into, one).put_in += one.amount.minor
        of(one.taken_from, one).taken_out += one.amount.minor
    for account in accounts.values():
        account.closing = account.opening + account.put_in - account.taken_out
    return [accounts[key] for key in sorted(accounts)]


def _ways(during: Iterable[Sum]) -> list[Way]:
    ways: dict[tuple[Account, str], Way] = {}
    for one in during:
        if one.kind in CAME:
            key = one.put_into, one.amount.currency
            way = ways.setdefault(key, Way(*key))
            way.gifts += one.number
            way.received += one.amount.minor
    return [ways[key] for key in sorted(ways)]


def _gained(one: Sum) -> int:
    """By how much it makes what is ours more, in minor units."""
    return ((one.put_into in OURS) - (one.taken_from in OURS)) * one.amount.minor
