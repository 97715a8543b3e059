"""The entries of the ledger: money that moved from one account to another. Pure.

Each entry takes from one account what it puts into another, so that the ledger balances in every
currency by its very form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from donations_api.gift import Gift, State
from donations_api.money import Money


class Account(StrEnum):
    """Where money can be. ``donors``: with those who give; ``stripe``: in our balance there.

    ``disputed``: taken by a donor's bank until it has decided. ``exchange``: changed into another
    currency. ``fees``: kept by the payment provider.
    """

    DONORS = "donors"
    STRIPE = "stripe"
    BANK = "bank"
    CASH = "cash"
    FEES = "fees"
    DISPUTED = "disputed"
    EXCHANGE = "exchange"


class Kind(StrEnum):
    """What an entry is about."""

    GIFT = "gift"
    OFFLINE_GIFT = "offline_gift"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_REINSTATED = "dispute_reinstated"
    FEE = "fee"
    EXCHANGE_OUT = "exchange_out"
    EXCHANGE_IN = "exchange_in"
    PAYOUT = "payout"
    PAYOUT_FAILED = "payout_failed"
    CORRECTION = "correction"


# From which account to which one an entry of this kind leads. A fee that Stripe gives back leads
# the other way; an offline gift into the account where it came in; a correction where it must.
ROUTES: dict[Kind, tuple[Account, Account]] = {
    Kind.GIFT: (Account.DONORS, Account.STRIPE),
    Kind.REFUND: (Account.STRIPE, Account.DONORS),
    Kind.REFUND_FAILED: (Account.DONORS, Account.STRIPE),
    Kind.DISPUTE_WITHDRAWN: (Account.STRIPE, Account.DISPUTED),
    Kind.DISPUTE_REINSTATED: (Account.DISPUTED, Account.STRIPE),
    Kind.FEE: (Account.STRIPE, Account.FEES),
    Kind.EXCHANGE_OUT: (Account.STRIPE, Account.EXCHANGE),
    Kind.EXCHANGE_IN: (Account.EXCHANGE, Account.STRIPE),
    Kind.PAYOUT: (Account.STRIPE, Account.BANK),
    Kind.PAYOUT_FAILED: (Account.BANK, Account.STRIPE),
}

# Money that came, from whichever side.
CAME = (Kind.GIFT, Kind.OFFLINE_GIFT)

# With whom money is that is not the charity's, or not any more.
_DONORS_SIDE = (Account.DONORS, Account.DISPUTED)


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that moved, as the ledger has it; never changed afterwards.

    ``amount`` is above zero. ``gift_id``, ``fund`` and ``recipient`` are of the gift that it
    belongs to; None and empty for a payout. ``reference`` is Stripe's name, once for each kind: the
    payment intent of a one-time gift, the invoice of a monthly one, the refund, the dispute, the
    payout; of a fee and an exchange the balance transaction. ``source`` is what told of it: an
    event, a balance transaction, or ``person``; then ``entered_by`` says who, and ``reason`` why.
    ``received_at`` is when it happened, ``booked_at`` when it was written down; both UTC.
    """

    kind: Kind
    gift_id: str | None
    taken_from: Account
    put_into: Account
    amount: Money
    fund: str
    recipient: str
    reference: str
    source: str
    received_at: datetime
    booked_at: datetime
    entered_by: str = ""
    reason: str = ""

    @property
    def given(self) -> Money:
        """What it adds to what the donors have given; below zero when money went back."""
        came = self.taken_from in _DONORS_SIDE
        went = self.put_into in _DONORS_SIDE
        return Money((came - went) * self.amount.minor, self.amount.currency)


class Standing(StrEnum):
    """Where a gift stands for its donor: its state, and what the entries add to it."""

    PENDING = "pending"
    AWAITING_TRANSFER = "awaiting_transfer"
    CONFIRMING = "confirming"
    EXPIRED = "expired"
    FAILED = "failed"
    RECEIVED = "received"
    SETTLED = "settled"
    PAID_OUT = "paid_out"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


# Where there is money that the donor gave and did not get back.
STANDS = (Standing.RECEIVED, Standing.SETTLED, Standing.PAID_OUT, Standing.PARTLY_REFUNDED)


def standing(gift: Gift, entries: Iterable[Entry]) -> Standing:
    """Where ``gift`` stands after its own ``entries``."""
    sums, corrected = dict.fromkeys(Kind, 0), 0
    for entry in entries:
        sums[entry.kind] += entry.amount.minor
        corrected += entry.given.minor if entry.kind is Kind.CORRECTION else 0
    return stands(
        gift,
        came=sum(sums[kind] for kind in CAME),
        given_back=sums[Kind.REFUND] - sums[Kind.REFUND_FAILED] - corrected,
        disputed=sums[Kind.DISPUTE_WITHDRAWN] - sums[Kind.DISPUTE_REINSTATED],
    )


def stands(gift: Gift, *, came: int, given_back: int, disputed: int) -> Standing:
    """Where ``gift`` stands after so much money, in minor units of its currency."""
    if not came and gift.state is State.PENDING and gift.transfer_code:
        return Standing.AWAITING_TRANSFER
    if not came:
        return Standing(gift.state.value)
    if disputed > 0:
        return Standing.DISPUTED
    if given_back >= came:
        return Standing.REFUNDED
    if given_back > 0:
        return Standing.PARTLY_REFUNDED
    if gift.paid_out_at:
        return Standing.PAID_OUT
    return Standing.SETTLED if gift.settled_at else Standing.RECEIVED
