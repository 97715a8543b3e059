"""Stripe's statement within one transaction: its lines, its payouts, and what they differ in.

A method for each named query of ``queries/statement.sql``.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from donations_api.asking import Asking
from donations_api.money import Money
from donations_api.records import BookedLine, Difference, Line, Payout, Walk
from donations_api.rows import columns, made, stamp

# The queries of ``statement.sql`` that find where Stripe and the ledger disagree.
_DIFFERENCES = (
    "missing_in_ledger",
    "missing_at_stripe",
    "other_amounts",
    "other_fees",
    "lines_twice",
    "other_payouts",
)


class Statement(Asking):
    """Made by ``Books.statement``."""

    def keep_line(self, line: Line) -> None:
        """Keep a line, or what has become of it."""
        self._one("keep_line", **columns(line))

    def unbooked(self) -> list[Line]:
        """What Stripe has and the ledger has not, the oldest first."""
        return [made(Line, row) for row in self._all("unbooked_lines")]

    def without_fee(self) -> list[BookedLine]:
        return [made(BookedLine, row) for row in self._all("lines_without_fee")]

    def without_exchange(self) -> list[BookedLine]:
        """Booked lines that Stripe has changed into another currency."""
        return [made(BookedLine, row) for row in self._all("lines_without_exchange")]

    def stripes_own(self) -> list[Line]:
        """Payouts, and fees of no payment, that the ledger does not have yet."""
        return [made(Line, row) for row in self._all("lines_of_stripes_own")]

    def payouts_to_read(self) -> list[str]:
        """The ids of payouts that are new, on their way, or have come back."""
        return [row["id"] for row in self._all("payouts_to_read")]

    def keep_payout(self, payout: Payout, lines: list[str]) -> None:
        """Keep how a payout stands, and which lines (ids) it holds."""
        self._one("keep_payout", **columns(payout))
        for line in lines:
            self._run("note_payout", id=line, payout_id=payout.id)
            self._run("take_along", id=line, payout_id=payout.id)

    def note_settled(self, now: datetime) -> None:
        """Mark the gifts whose money is at our disposal by now."""
        self._run("settle_gifts", now=stamp(now))

    def note_paid_out(self) -> None:
        """Mark the gifts whose money has reached the bank, and unmark those whose came back."""
        self._run("take_back_paid_out")
        self._run("pay_out_gifts")

    def counts(self) -> dict[str, int]:
        """How many ``lines``, ``entries``, and gifts ``settled`` and ``paid_out`` there are."""
        row = self._one("counts")
        return {name: row[name] for name in ("lines", "entries", "settled", "paid_out")}

    def walk(self, name: str) -> Walk:
        return self._maybe(Walk, "walk", name=name) or Walk(name)

    def save_walk(self, walk: Walk) -> None:
        self._one("save_walk", **columns(walk))

    def differences(self, until: datetime) -> list[Difference]:
        """Where Stripe and the ledger disagree; what is not at Stripe must be before ``until``."""
        found: list[Difference] = []
        for query in _DIFFERENCES:
            given = {"until": stamp(until)} if query == "missing_at_stripe" else {}
            found += map(_difference, self._all(query, **given))
        return found

    def balances(self) -> dict[str, int]:
        """What the statement adds up to, in minor units by currency."""
        rows: Iterator[Any] = self._all("stated_balances")
        return {row["currency"]: row["amount"] for row in rows}


def _difference(row: Any) -> Difference:
    return Difference(
        row["what"],
        row["which"],
        shown(row["minor"], row["currency"]),
        shown(row["other_minor"], row["other_currency"]),
    )


def shown(minor: int | None, currency: str | None) -> str:
    """An amount with its code (``12.50 GBP``), which needs no language; empty if there is none."""
    if minor is None or currency is None:
        return ""
    return f"{Money(minor, currency).decimal} {currency}"
