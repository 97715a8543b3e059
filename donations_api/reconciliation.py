"""Stripe's statement against the ledger: what is missing is booked, what disagrees is told.

    events that were lost ─▶ the statement's lines ─▶ money without an entry ─▶ fees and exchanges
    ─▶ payouts ─▶ what is settled and paid out ─▶ differences

Each step can be stopped and begun again: what was done before is known by its unique key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from donations_api import account
from donations_api.clerk import Clerk
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.lines import read_line, read_payout
from donations_api.money import Money
from donations_api.portal import Portal
from donations_api.records import BookedLine, Difference, Line
from donations_api.recovery import Progress, recover_events, recover_money
from donations_api.statement import shown

# An event can be told before Stripe has put its money into the statement.
_NOT_LISTED_YET = timedelta(hours=1)
# Money moves while we look: the balance is compared anew before it is called different.
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What a run has found: ``before`` and ``after`` count lines, entries, settled, paid_out."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    differences: list[Difference]


def reconcile(
    portal: Portal, progress: Progress = lambda *_: None, *, events: bool = True, book: bool = True
) -> Report:
    """Bring the ledger to what Stripe's statement says, and tell in what they still disagree.

    ``events`` False leaves the events aside; ``book`` False books nothing and only compares. Raises
    StripeUnavailable; what was done before stays done.
    """
    with portal.ledger.reading() as books:
        before = books.statement.counts()
    if events and book:
        recover_events(portal, progress)
    _read_statement(portal, progress)
    if book:
        recover_money(portal, progress)
        _post_what_follows(portal)
    _read_payouts(portal, progress)
    with portal.ledger.books() as books:
        books.statement.note_settled(portal.clock())
        books.statement.note_paid_out()
        books.commit()
    balances = _other_balances(portal, progress)
    with portal.ledger.reading() as books:
        found = books.statement.differences(portal.clock() - _NOT_LISTED_YET)
        return Report(before, books.statement.counts(), found + balances)


def _read_statement(portal: Portal, progress: Progress) -> None:
    def keep(page: list[Mapping[str, Any]]) -> None:
        with portal.ledger.books() as books:
            for transaction in page:
                books.statement.keep_line(read_line(transaction))
            books.commit()
        progress("statement", len(page))

    account.walk_statement(portal, keep)


def _post_what_follows(portal: Portal) -> None:
    """Payouts, fees and exchanges: what no event brings, and the statement alone tells."""
    with portal.ledger.books() as books:
        clerk, statement = portal.clerk(books), books.statement
        for line in statement.stripes_own():
            _post(clerk, Kind(line.kind), line, Money(line.moved, line.moved_currency))
        for booked in statement.without_fee():
            _post(clerk, Kind.FEE, booked, Money(abs(booked.fee), booked.currency), booked.fee < 0)
        for booked in statement.without_exchange():
            given = Money(booked.moved, booked.moved_currency)
            got = Money(abs(booked.amount), booked.currency)
            out, into = (given, got) if booked.amount > 0 else (got, given)
            _post(clerk, Kind.EXCHANGE_OUT, booked, out)
            _post(clerk, Kind.EXCHANGE_IN, booked, into)
        books.commit()


def _post(
    clerk: Clerk, kind: Kind, line: Line | BookedLine, amount: Money, returned: bool = False
) -> None:
    """Post what a line tells. ``returned``: a fee that Stripe gives back."""
    taken_from, put_into = reversed(ROUTES[kind]) if returned else ROUTES[kind]
    clerk.books.post(
        Entry(
            kind=kind,
            gift_id=line.gift_id if isinstance(line, BookedLine) else None,
            taken_from=taken_from,
            put_into=put_into,
            amount=amount,
            fund=line.fund if isinstance(line, BookedLine) else "",
            recipient=line.recipient if isinstance(line, BookedLine) else "",
            reference=line.reference if isinstance(line, Line) else line.id,
            source=line.id,
            received_at=line.created_at,
            booked_at=clerk.now,
        )
    )


def _read_payouts(portal: Portal, progress: Progress) -> None:
    with portal.ledger.reading() as books:
        wanted = books.statement.payouts_to_read()
    for payout_id in wanted:
        payout = account.payout(portal, payout_id)
        lines: list[str] = []
        counted = payout["amount"]  # of a manual one Stripe cannot say what it holds
        if payout["automatic"]:
            found = list(account.transactions_of(portal, payout_id))
            held = [one for one in found if one["reporting_category"] != "payout"]
            lines, counted = [one["id"] for one in held], sum(one["net"] for one in held)
        with portal.ledger.books() as books:
            books.statement.keep_payout(read_payout(payout, counted), lines)
            books.commit()
        progress("payouts", 1)


def _other_balances(portal: Portal, progress: Progress) -> list[Difference]:
    """Where the sum of all lines is not what Stripe says that we have there."""
    for _ in range(_LOOKS):
        at_stripe = account.balances(portal)
        with portal.ledger.reading() as books:
            stated = books.statement.balances()
        differing = _compared(stated, at_stripe)
        if not differing:
            break
        _read_statement(portal, progress)
    return differing


def _compared(stated: Mapping[str, int], at_stripe: Mapping[str, int]) -> list[Difference]:
    return [
        Difference(
            "other_balance",
            currency,
            shown(stated.get(currency, 0), currency),
            shown(at_stripe.get(currency, 0), currency),
        )
        for currency in sorted({*stated, *at_stripe})
        if stated.get(currency, 0) != at_stripe.get(currency, 0)
    ]
