"""What a person at the desk asks of the books, within one transaction.

A method for each named query of ``queries/overview.sql``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donations_api.asking import Asking
from donations_api.errors import Explained
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.pledge import Pledge
from donations_api.records import Dispute
from donations_api.rows import made, stamp

# The kind of act by which somebody says that a thing needs no more doing.
SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Sought:
    """What gifts are looked for by: words, or else a time and amounts.

    Times are UTC, ``until`` is not among them. ``amounts``: any of these. ``words``: up to three
    patterns for LIKE, with ``!`` before a sign that is meant as itself.
    """

    since: datetime
    until: datetime
    amounts: tuple[Money, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """What donors gave today and this month in one currency, less what went back."""

    today: Money
    month: Money


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with all that became of it. ``number``: the receipt's that it brings, or empty."""

    id: str
    kind: str
    gift_id: str | None
    number: str
    address: str
    due_at: datetime
    attempts: int
    sent_at: datetime | None
    dead_at: datetime | None
    bounced_at: datetime | None
    reason: Explained | None


@dataclass(frozen=True, slots=True)
class Troubled:
    """An event that a person should look at. ``outcome`` may be ``failed``, with its reason."""

    id: str
    type: str
    received_at: datetime
    outcome: str
    gift_id: str | None
    waits_for: str | None
    reason: Explained | None


@dataclass(frozen=True, slots=True)
class Said:
    """A donor's message. ``verdict``: the kind of the act that judged it last, or empty."""

    gift_id: str
    name: str
    anonymous: bool
    message: str
    language: str
    created_at: datetime
    verdict: str


@dataclass(frozen=True, slots=True)
class Failing:
    """A pledge whose month could not be charged. ``said``: what its donor was told last."""

    pledge: Pledge
    gift_id: str | None
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A line of the journal: an act, or an entry that a person made, with its amount."""

    id: str
    at: datetime
    kind: str
    gift_id: str | None
    about: str
    entered_by: str
    reason: str
    amount: Money | None


class Overview(Asking):
    """Made by ``Books.overview``. Of long lists ``most`` rows are given, ``after`` left out."""

    def waiting(self) -> dict[str, int]:
        """How much of each kind waits for a person."""
        return dict(self._one("waiting_counts"))

    def totals(self, today: datetime, month: datetime) -> list[Total]:
        """What was received since these two moments (UTC)."""
        given = {"today": stamp(today), "month": stamp(month)}
        return [
            Total(Money(row["today"], row["currency"]), Money(row["month"], row["currency"]))
            for row in self._all("received_totals", **given)
        ]

    # Search

    def words_missing(self) -> bool:
        """Whether there are gifts that the search does not know yet."""
        return bool(self._one("words_missing")["missing"])

    def without_words(self, after: str, most: int) -> list[Gift]:
        """Gifts that the search does not know yet, by their ids, of those behind ``after``."""
        return [made(Gift, row) for row in self._all("gifts_without_words", after=after, most=most)]

    def keep_words(self, words: Mapping[str, str]) -> None:
        """Keep what gifts are found by, by their ids."""
        rows = [{"gift_id": gift_id, "words": text} for gift_id, text in words.items()]
        self._run_each("keep_words", rows)

    def called(self, name: str) -> list[Gift]:
        """The gifts of a receipt's number, a transfer code, or a name of ours or Stripe's."""
        asked = {"name": name, "number": name.upper()}
        return [made(Gift, row) for row in self._all("gifts_called", **asked)]

    def found(self, sought: Sought, most: int, after: int = 0) -> list[Gift]:
        """The newest first."""
        page = {"most": most, "after": after}
        if sought.words:
            first, second, third = (*sought.words, "%", "%")[:3]
            words = {"first": first, "second": second, "third": third}
            return [made(Gift, row) for row in self._all("gifts_with_words", **words, **page)]
        amounts = " ".join(f" {one.currency}:{one.minor} " for one in sought.amounts)
        span = {"since": stamp(sought.since), "until": stamp(sought.until), "amounts": amounts}
        return [made(Gift, row) for row in self._all("gifts_between", **span, **page)]

    def like(self, name: str, amount: Money, since: datetime, until: datetime) -> list[Gift]:
        """Gifts of the same name and amount between two moments (UTC)."""
        rows = self._all(
            "gifts_like",
            name=name,
            amount=amount.minor,
            currency=amount.currency,
            since=stamp(since),
            until=stamp(until),
        )
        return [made(Gift, row) for row in rows]

    # A gift's story

    def mails_of(self, gift_id: str) -> list[Mail]:
        return [made(Mail, row) for row in self._all("mails_of", gift_id=gift_id)]

    def disputes_of(self, gift_id: str) -> list[Dispute]:
        return [made(Dispute, row) for row in self._all("disputes_of", gift_id=gift_id)]

    # Mails, pledges, messages, the journal

    def troubled_events(self) -> list[Troubled]:
        """Events that nobody has looked at yet, the oldest first."""
        return [made(Troubled, row) for row in self._all("troubled_events")]

    def mail(self, mail_id: str) -> Mail | None:
        return self._maybe(Mail, "mail", id=mail_id)

    def troubled_mails(self) -> list[Mail]:
        """Dead letters, mails that came back, mails that are tried again."""
        return [made(Mail, row) for row in self._all("troubled_mails")]

    def revive_mail(self, mail_id: str, now: datetime) -> bool:
        """Let one dead letter be tried again; whether it was one."""
        return self._one("revive_mail", id=mail_id, due_at=stamp(now)) is not None

    def failing_pledges(self) -> list[Failing]:
        return [
            Failing(made(Pledge, row), row["gift_id"], json.loads(row["said"] or "{}"))
            for row in self._all("failing_pledges")
        ]

    def messages(self, *, judged: bool, most: int, after: int = 0) -> list[Said]:
        """Messages of gifts that were received, the oldest first."""
        rows = self._all("messages", judged=int(judged), most=most, after=after)
        return [made(Said, row) for row in rows]

    def journal(
        self, person: str, since: datetime, until: datetime, most: int, after: int = 0
    ) -> list[Done]:
        """What people did, the latest first; an empty ``person`` is anybody."""
        rows = self._all(
            "journal", person=person, since=stamp(since), until=stamp(until), most=most, after=after
        )
        return [_done(row) for row in rows]

    def people(self) -> list[str]:
        """Everybody who ever did or entered something."""
        return [row["entered_by"] for row in self._all("people")]


def _done(row: Any) -> Done:
    return Done(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        kind=row["kind"],
        gift_id=row["gift_id"],
        about=row["about"],
        entered_by=row["entered_by"],
        reason=row["reason"],
        amount=Money(row["amount"], row["currency"]) if row["amount"] else None,
    )
