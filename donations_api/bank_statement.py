"""The bank's statement in the books: what each line is, as far as that is certain.

A line is known by what it says, so a file that comes twice adds nothing. It is booked for an
announced transfer whose code it has; it is not booked where a person entered it before, or where
it is Stripe's payout. All else stays open for a person (``open_lines``).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from donations_api import offline
from donations_api.bank_accounts import BankStatementForm
from donations_api.bank_file import BadRow, StatementFile, StatementRow, alike
from donations_api.bank_lines import ENTERED_WITHIN, BankLine, Entered
from donations_api.clerk import Clerk
from donations_api.gift import Gift, State
from donations_api.records import Payout, Signed
from donations_api.transfer_codes import codes_in

# How far the bank's day may be from the one that Stripe named.
PAYOUT_WITHIN = timedelta(days=5)


class Outcome(StrEnum):
    """What became of a line. ``duplicate``: it was known already; ``outgoing``: money went out."""

    MATCHED = "matched"
    NO_MATCH = "no_match"
    DUPLICATE = "duplicate"
    OUTGOING = "outgoing"


class Match(StrEnum):
    """What a line was matched to, or why it was not.

    ``announced``: a transfer, by its code. ``other_amount``: the same, but another amount came.
    ``further``: a code whose gift had come before; it is one more of the same donor.
    ``entered``: a gift that a person had entered. ``payout``: Stripe's. ``other_recipient``: the
    code of a transfer to somebody else's account.
    """

    NONE = ""
    ANNOUNCED = "announced"
    OTHER_AMOUNT = "other_amount"
    FURTHER = "further"
    ENTERED = "entered"
    PAYOUT = "payout"
    OTHER_RECIPIENT = "other_recipient"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one line. ``which``: the gift or the payout it was matched to, or empty."""

    outcome: Outcome
    match: Match
    which: str
    line_id: str
    row: StatementRow


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every line of a file. ``bad`` rows could not be read; the others are done."""

    account: str
    file: str
    told: tuple[Told, ...]
    bad: tuple[BadRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines came to which outcome, ``bad`` ones at the end."""
        found = Counter(one.outcome for one in self.told)
        return {str(one): found[one] for one in Outcome} | {"bad": len(self.bad)}


def import_statement(
    clerk: Clerk, form: BankStatementForm, statement: StatementFile, file: str, signed: Signed
) -> ImportReport:
    """Keep the file's new lines, and book those that are certain, with receipt and mail.

    In the caller's transaction: without a commit it is a preview. Raises Explained without who and
    why.
    """
    told = list(_Import(clerk, form, file, signed, statement.rows).run())
    report = ImportReport(form.name, file, tuple(told), statement.bad)
    clerk.act("import_statement", form.name, signed, file=file, counts=report.counts)
    return report


class _Import:
    """One file on its way into the books; what it may match is asked for once."""

    def __init__(
        self,
        clerk: Clerk,
        form: BankStatementForm,
        file: str,
        signed: Signed,
        rows: tuple[StatementRow, ...],
    ) -> None:
        self._clerk, self._form, self._file, self._signed = clerk, form, file, signed
        self._rows = rows
        self._numbers = {row.reference for row in rows if row.reference}
        lines, recipient = clerk.books.bank_lines, form.recipient.key
        days = [row.booked_on for row in rows] or [clerk.now.date()]
        since, until = min(days), max(days)
        began = datetime.combine(since, time(), tzinfo=UTC)
        ended = datetime.combine(until, time.max, tzinfo=UTC)
        # A day of the recipient's may be another one in UTC.
        reach = PAYOUT_WITHIN + timedelta(days=1)
        self._known = lines.known(form.name, since, until)
        self._entered = lines.entered(recipient, began - reach, ended + reach)
        self._payouts = lines.payouts(form.currency, began - reach, ended + reach)
        self._announced = {gift.transfer_code: gift for gift in clerk.books.announced()}

    def run(self) -> Iterator[Told]:
        """Lines without a code come first: they have the better right to what a person entered."""
        news: list[tuple[StatementRow, str, list[str]]] = []
        outgoing = [row for row in self._rows if row.outgoing]
        yield from (Told(Outcome.OUTGOING, Match.NONE, "", "", row) for row in outgoing)
        for row, line_id in _identified(self._form.name, self._rows):
            if line_id in self._known:
                yield Told(Outcome.DUPLICATE, Match.NONE, "", line_id, row)
            else:
                self._known.add(line_id)
                codes = [code for code in codes_in(row.remark) if code in self._announced]
                news.append((row, line_id, codes))
        for row, line_id, codes in sorted(news, key=lambda new: bool(new[2])):
            yield self._take(row, line_id, codes)

    def _take(self, row: StatementRow, line_id: str, codes: list[str]) -> Told:
        """Keep a new line as what it is; ``codes`` are those of announced gifts."""
        named = [self._announced[code] for code in codes]
        ours = [gift for gift in named if gift.recipient == self._form.recipient.key]
        if entered := self._entered_as(row):
            self._entered.remove(entered)
            self._keep(row, line_id, "gift", gift_id=entered.gift_id)
            return Told(Outcome.MATCHED, Match.ENTERED, entered.gift_id, line_id, row)
        if len(ours) == 1:
            gift, match = self._book(row, line_id, ours[0])
            return Told(Outcome.MATCHED, match, gift.id, line_id, row)
        if not named and (payout := self._paid_out_as(row)):
            self._payouts.remove(payout)
            self._keep(row, line_id, "payout", payout_id=payout.id)
            return Told(Outcome.MATCHED, Match.PAYOUT, payout.id, line_id, row)
        self._keep(row, line_id, "open")
        why = Match.OTHER_RECIPIENT if named and not ours else Match.NONE
        return Told(Outcome.NO_MATCH, why, "", line_id, row)

    def _entered_as(self, row: StatementRow) -> Entered | None:
        """What a person entered for this line: by the bank's number, or by payer and day."""
        same = [one for one in self._entered if one.amount == row.amount]
        numbered = (one for one in same if row.reference and one.reference == row.reference)
        payer = alike(row.payer)
        named = [
            one
            for one in same
            if payer and alike(one.name) == payer and one.reference not in self._numbers
        ]
        near = [one for one in named if self._distance(row, one.received_at) <= ENTERED_WITHIN]
        nearest = min(near, key=lambda one: self._distance(row, one.received_at), default=None)
        return next(numbered, nearest)

    def _paid_out_as(self, row: StatementRow) -> Payout | None:
        same = [one for one in self._payouts if one.amount == row.amount]
        near = [one for one in same if self._distance(row, one.arrives_at) <= PAYOUT_WITHIN]
        return min(near, key=lambda one: self._distance(row, one.arrives_at), default=None)

    def _distance(self, row: StatementRow, moment: datetime) -> timedelta:
        """Between the bank's day and that of a moment, where the recipient is."""
        return abs(row.booked_on - moment.astimezone(self._form.recipient.time_zone).date())

    def _book(self, row: StatementRow, line_id: str, announced: Gift) -> tuple[Gift, Match]:
        gift, match = announced, Match.ANNOUNCED
        at = offline.noon(row.booked_on, self._form.recipient, self._clerk.now)
        if announced.state is State.RECEIVED:
            gift, match = offline.once_more(self._clerk, announced, row.amount, at), Match.FURTHER
        elif announced.amount != row.amount:
            match = Match.OTHER_AMOUNT
        offline.receive(self._clerk, gift, row.amount, line_id, at, self._signed)
        if announced.transfer_code:
            received = replace(announced, state=State.RECEIVED)
            self._announced[announced.transfer_code] = received
        self._keep(row, line_id, "gift", gift_id=gift.id)
        return gift, match

    def _keep(
        self,
        row: StatementRow,
        line_id: str,
        state: str,
        gift_id: str | None = None,
        payout_id: str | None = None,
    ) -> None:
        line = BankLine(
            id=line_id,
            account=self._form.name,
            recipient=self._form.recipient.key,
            file=self._file,
            row_number=row.row,
            booked_on=row.booked_on,
            amount=row.amount,
            payer=row.payer,
            payer_account=row.payer_account,
            remark=row.remark,
            bank_reference=row.reference,
            state=state,
            gift_id=gift_id,
            payout_id=payout_id,
            imported_at=self._clerk.now,
        )
        self._clerk.books.bank_lines.add(line)


def _identified(account: str, rows: tuple[StatementRow, ...]) -> Iterator[tuple[StatementRow, str]]:
    """Each row of money that came, with its line's id.

    The bank's number names a line once, with the day, the amount and the payer, since some banks
    number by the day. Lines without one that say the same are counted: two of them are two.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        if row.outgoing:
            continue
        said: tuple[str, ...] = (
            account,
            row.booked_on.isoformat(),
            str(row.amount.minor),
            row.amount.currency,
            alike(row.payer),
            alike(row.payer_account),
        )
        if row.reference:
            said = (*said, "reference", alike(row.reference))
        else:
            said = (*said, "remark", alike(row.remark))
            seen[said] += 1
            said = (*said, str(seen[said]))
        digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()
        yield row, f"bankline_{digest[:24]}"
