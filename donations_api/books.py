"""The books within one transaction: a method for each named query in ``queries/``.

Times go in and come out as UTC, money as minor units and a currency.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from donations_api.entry import Entry, Kind
from donations_api.errors import Explained
from donations_api.gift import Gift, Receipt, State
from donations_api.parts import Parts
from donations_api.pledge import Pledge
from donations_api.records import (
    Act,
    Asked,
    Balance,
    Bounced,
    Dispute,
    Event,
    Failure,
    KeptEvent,
    Message,
    Paid,
    Unsent,
)
from donations_api.rows import columns, made, stamp, written

# What must hold at every moment; each is a query of ``check.sql`` that finds what breaks it.
INVARIANTS = (
    "received_without_entry",
    "entries_of_gifts_in_kind",
    "entries_without_receipt",
    "receipts_without_entry",
    "receipts_without_mail",
    "more_went_back_than_came",
    "broken_numbering",
)


class Books(Parts):
    """Made by ``Ledger.books``. A method that adds a row answers whether it did; False means that a
    unique key knows the row already.
    """

    def commit(self) -> None:
        """Make everything last. Nothing may be asked of these books afterwards."""
        self._connection.commit()

    @contextmanager
    def tentatively(self) -> Iterator[Callable[[], None]]:
        """A part of the transaction that can be taken back alone: call what is yielded."""
        # A name of its own, or an inner part that an error left open would be meant in its place.
        name = new_id("part")

        def take_back() -> None:
            self._connection.execute(f"ROLLBACK TO SAVEPOINT {name}")

        self._connection.execute(f"SAVEPOINT {name}")
        yield take_back
        self._connection.execute(f"RELEASE SAVEPOINT {name}")

    # Gifts and pledges

    def add_gift(self, gift: Gift) -> bool:
        return self._one("add_gift", **columns(gift)) is not None

    def gift(self, gift_id: str) -> Gift | None:
        return self._maybe(Gift, "gift", id=gift_id)

    def gift_of_invoice(self, invoice_id: str) -> Gift | None:
        return self._maybe(Gift, "gift_of_invoice", invoice_id=invoice_id)

    def gift_of_period(self, pledge_id: str, period: str) -> Gift | None:
        """The latest gift that a reminder's link made for this month."""
        return self._maybe(Gift, "gift_of_period", pledge_id=pledge_id, period=period)

    def gifts_of(self, email: str) -> list[Gift]:
        """All gifts of the donor with this address, in large letters or small, the oldest first."""
        return [made(Gift, row) for row in self._all("gifts_of", email=email)]

    def gifts_since(self, moment: datetime, email: str) -> Asked:
        return made(Asked, self._one("gifts_since", moment=stamp(moment), email=email))

    def note_session(self, gift_id: str, session_id: str) -> None:
        """Note Stripe's Checkout Session of the gift."""
        self._run("note_session", id=gift_id, session_id=session_id)

    def note_invoice(self, gift_id: str, invoice_id: str) -> None:
        """Note Stripe's invoice of the gift, by which a monthly gift is known."""
        self._run("note_invoice", id=gift_id, invoice_id=invoice_id)

    def move_gift(self, gift_id: str, state: State) -> None:
        self._run("move_gift", id=gift_id, state=state.value)

    def note_at_bank(self, gift_id: str, at: datetime) -> None:
        """Note that the gift's money has come, at once to where it can be used."""
        self._run("note_at_bank", id=gift_id, at=stamp(at))

    def announced(self) -> list[Gift]:
        """The gifts that have a transfer code, whether they have come or not."""
        return [made(Gift, row) for row in self._all("announced")]

    def add_pledge(self, pledge: Pledge) -> bool:
        return self._one("add_pledge", **columns(pledge)) is not None

    def pledge(self, pledge_id: str) -> Pledge | None:
        return self._maybe(Pledge, "pledge", id=pledge_id)

    def save_pledge(self, pledge: Pledge) -> None:
        """Keep what changes of a pledge: state, amount, fee cover, subscription, due time, told."""
        self._run("save_pledge", **columns(pledge))

    def pledges_due(self, now: datetime) -> list[Pledge]:
        """The pledges whose reminder is due."""
        return [made(Pledge, row) for row in self._all("pledges_due", now=stamp(now))]

    # Events

    def keep_event(self, event: Event) -> bool:
        return self._one("keep_event", **columns(event)) is not None

    def has_event(self, event_id: str) -> bool:
        return self._one("event", id=event_id) is not None

    def note_outcome(
        self, event_id: str, outcome: str, gift_id: str | None, waits_for: str | None = None
    ) -> None:
        self._run(
            "note_outcome", id=event_id, outcome=outcome, gift_id=gift_id, waits_for=waits_for
        )

    def waiting_for(self, key: str) -> list[Event]:
        """The events that wait for what Stripe calls ``key``, the oldest first."""
        return [made(Event, row) for row in self._all("waiting_for", key=key)]

    def keep_failure(self, event: Event, reason: Explained, now: datetime) -> None:
        self._run(
            "keep_failure",
            id=new_id("failure"),
            event_id=event.id,
            type=event.type,
            failed_at=stamp(now),
            reason=written(reason),
            payload=event.payload,
        )

    # Payments, entries, disputes and receipts

    def add_payment(self, payment: Paid) -> bool:
        return self._one("add_payment", **columns(payment)) is not None

    def payment(self, payment_intent: str) -> Paid | None:
        return self._maybe(Paid, "payment", payment_intent=payment_intent)

    def post(self, entry: Entry) -> bool:
        return self._one("post", id=new_id("entry"), **columns(entry)) is not None

    def entry(self, kind: Kind, reference: str) -> Entry | None:
        return self._maybe(Entry, "entry", kind=kind.value, reference=reference)

    def entries(self) -> list[Entry]:
        return [made(Entry, row) for row in self._all("entries")]

    def entered_by_hand(self) -> list[Entry]:
        """Offline gifts and corrections: what no event tells."""
        return [made(Entry, row) for row in self._all("entered_by_hand")]

    def balances(self) -> list[Balance]:
        """What is in each account and currency; of ``donors``, below zero, what they gave."""
        return [made(Balance, row) for row in self._all("balances")]

    def entries_of(self, gift_id: str) -> list[Entry]:
        return [made(Entry, row) for row in self._all("entries_of", gift_id=gift_id)]

    def add_dispute(self, dispute: Dispute) -> bool:
        return self._one("add_dispute", **columns(dispute)) is not None

    def close_dispute(self, dispute_id: str, state: str) -> None:
        self._run("close_dispute", id=dispute_id, state=state)

    def next_serial(self, recipient: str, year: int) -> int:
        """Take the next number of a recipient's year, from 1; a roll-back gives it back."""
        serial: int = self._one("next_serial", recipient=recipient, year=year)["serial"]
        return serial

    def add_receipt(self, receipt: Receipt) -> bool:
        return self._one("add_receipt", **columns(receipt)) is not None

    def receipt(self, receipt_id: str) -> Receipt | None:
        return self._maybe(Receipt, "receipt", id=receipt_id)

    def receipt_numbered(self, number: str) -> Receipt | None:
        """The receipt, or what cancelled or restored one, with this number."""
        return self._maybe(Receipt, "receipt_numbered", number=number)

    def receipts_of(self, gift_id: str) -> list[Receipt]:
        """The gift's receipt, and what cancelled or restored it, in the order of their numbers."""
        return [made(Receipt, row) for row in self._all("receipts_of", gift_id=gift_id)]

    def receipt_of(self, gift_id: str) -> Receipt | None:
        """The gift's own receipt, which comes before all that cancels it."""
        return next(iter(self.receipts_of(gift_id)), None)

    # The outbox

    def queue(self, message: Message, due_at: datetime) -> bool:
        """Queue a mail; one of the same kind and cause is queued once."""
        return self._one("queue", **columns(message), due_at=stamp(due_at)) is not None

    def claim(self, now: datetime, until: datetime) -> Message | None:
        """Take a mail that is due; nobody else gets it before ``until``. None: nothing is due."""
        return self._maybe(Message, "claim", now=stamp(now), lease_until=stamp(until))

    def mark_sent(self, message_id: str, now: datetime) -> None:
        self._run("mark_sent", id=message_id, sent_at=stamp(now))

    def postpone(self, message_id: str, due_at: datetime, reason: Explained) -> None:
        self._run("postpone", id=message_id, due_at=stamp(due_at), reason=written(reason))

    def bury(self, message_id: str, now: datetime, reason: Explained) -> None:
        """Make it a dead letter: it is not tried again, and staff see it."""
        self._run("bury", id=message_id, dead_at=stamp(now), reason=written(reason))

    def revive(self, now: datetime) -> None:
        """Let dead letters be tried again."""
        self._run("revive", due_at=stamp(now))

    def note_bounce(self, message_id: str, now: datetime, reason: Explained) -> bool:
        """Note that a mail came back; whether there is one with this Message-ID."""
        given = {"bounced_at": stamp(now), "reason": written(reason)}
        return self._one("note_bounce", message_id=message_id, **given) is not None

    # What people did

    def add_act(self, act: Act) -> None:
        self._one("add_act", **columns(act))

    def acts_of(self, gift_id: str) -> list[Act]:
        """What people did about a gift, the first act first."""
        return [made(Act, row) for row in self._all("acts_of", gift_id=gift_id)]

    def acts_about(self, kind: str, about: str) -> list[Act]:
        """The acts of this kind that were done to ``about``, the first one first."""
        return [made(Act, row) for row in self._all("acts_about", kind=kind, about=about)]

    # What staff should look at

    def failures(self) -> list[Failure]:
        return [made(Failure, row) for row in self._all("failures")]

    def events_with(self, outcome: str) -> list[KeptEvent]:
        return [made(KeptEvent, row) for row in self._all("events_with", outcome=outcome)]

    def unsent(self) -> list[Unsent]:
        return [made(Unsent, row) for row in self._all("unsent")]

    def bounced(self) -> list[Bounced]:
        return [made(Bounced, row) for row in self._all("bounced")]

    def open_disputes(self) -> list[Dispute]:
        return [made(Dispute, row) for row in self._all("open_disputes")]

    def broken(self, invariant: str) -> list[str]:
        """The rows that break one of ``INVARIANTS``; there must be none."""
        return [row["which"] for row in self._all(invariant)]


def new_id(kind: str) -> str:
    """A name for a row, which nobody can guess."""
    return f"{kind}_{secrets.token_hex(12)}"
