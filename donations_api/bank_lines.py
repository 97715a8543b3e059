"""The lines of the bank's own statements within one transaction.

A method for each named query of ``queries/bank_lines.sql``.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from donations_api.asking import Asking
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.records import Payout
from donations_api.rows import columns, made, stamp

# How far the bank's day may be from the one that a person entered.
ENTERED_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class BankLine:
    """Money that came, as the bank tells it.

    ``account`` is its name in bank_statements.toml, ``recipient`` whose it is. ``file`` and
    ``row_number`` are where the line was read first; ``booked_on`` is the bank's day.
    ``state``: ``open`` (for a person), ``gift``, ``payout`` (Stripe's), or ``no_gift``.
    """

    id: str
    account: str
    recipient: str
    file: str
    row_number: int
    booked_on: date
    amount: Money
    payer: str
    payer_account: str
    remark: str
    bank_reference: str
    state: str
    gift_id: str | None
    payout_id: str | None
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """A gift that a person entered as money at the bank. ``received_at`` is UTC."""

    gift_id: str
    name: str
    amount: Money
    reference: str
    received_at: datetime


class BankLines(Asking):
    """Made by ``Books.bank_lines``."""

    def known(self, account: str, since: date, until: date) -> set[str]:
        """The ids of the account's lines of these days."""
        given = {"since": since.isoformat(), "until": until.isoformat()}
        return {row["id"] for row in self._all("bank_line_ids", account=account, **given)}

    def add(self, line: BankLine) -> bool:
        """Keep a line; False when it is there already."""
        return self._one("add_bank_line", **columns(line)) is not None

    def line(self, line_id: str) -> BankLine | None:
        return self._maybe(BankLine, "bank_line", id=line_id)

    def open(self) -> list[BankLine]:
        """What waits for a person, the oldest first."""
        return [made(BankLine, row) for row in self._all("open_bank_lines")]

    def has_gift_of(self, recipient: str, reference: str) -> bool:
        """Whether a gift was booked from a line with this number of the bank's."""
        given = {"recipient": recipient, "reference": reference}
        return self._one("bank_line_of_reference", **given) is not None

    def shows(self, gift_id: str) -> bool:
        """Whether a line is the money of this gift."""
        return self._one("bank_line_of_gift", gift_id=gift_id) is not None

    def decide(
        self, line_id: str, state: str, gift_id: str | None = None, payout_id: str | None = None
    ) -> None:
        """Note what a line is."""
        self._run("decide_bank_line", id=line_id, state=state, gift_id=gift_id, payout_id=payout_id)

    def entered(self, recipient: str, since: datetime, until: datetime) -> list[Entered]:
        """The gifts that people entered and no line has shown yet, the oldest first."""
        given = {"recipient": recipient, "since": stamp(since), "until": stamp(until)}
        return [made(Entered, row) for row in self._all("gifts_without_bank_line", **given)]

    def payouts(self, currency: str, since: datetime, until: datetime) -> list[Payout]:
        """Stripe's payouts that no line has shown yet, by the day of their arrival."""
        given = {"currency": currency, "since": stamp(since), "until": stamp(until)}
        return [made(Payout, row) for row in self._all("payouts_without_bank_line", **given)]

    def givers(self, line_id: str = "") -> dict[str, Gift]:
        """For open lines (ids), or for one, the latest gift of the same name and account."""
        rows = self._all("givers_of_open_bank_lines", line_id=line_id)
        return {row["line_id"]: made(Gift, row) for row in rows}
