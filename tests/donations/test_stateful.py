"""Gifts of all kinds, against a small reference model: the books hold what was told, and no more.

Hypothesis makes the stories: gifts begin, are paid, renewed, refunded, disputed, and Stripe's
events come in any order, again and again, or never. The same stories are made at each run; a
failure prints its story, and ``EXAMPLES=2000`` makes more of them.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
)

from donations_api.app import create_app
from donations_api.books import INVARIANTS
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.pledge import Pledge
from tests.donations.orderings import quick_folder
from tests.donations.running import make_books, settings_for
from tests.donations.stripe_events import (
    COMPLETED,
    NOW,
    a_dispute,
    a_refund,
    a_session,
    a_subscription,
    an_event,
    an_invoice,
    an_invoice_payment,
    body_of,
    kept,
    kept_monthly,
    signed,
)

EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
AMOUNTS = st.integers(min_value=1000, max_value=5_000_000)

Line = tuple[str, int, str]  # an entry's kind, signed minor units, reference


@dataclass
class Fact:
    """What one event means: the lines and documents that it adds, once ``needs`` are all there.

    ``gives`` are the names that others may need; documents are kinds with minor units.
    """

    event: dict[str, Any]
    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    documents: tuple[tuple[str, int], ...] = ()
    told: bool = False


@dataclass
class Payment:
    """A payment intent that may be refunded and disputed, and what is left of it."""

    intent: str
    left: int
    refunds: int = 0
    disputed: bool = False


@dataclass
class Monthly:
    """A pledge with its first gift, and how many months it has had."""

    pledge: Pledge
    gift: Gift
    months: int = 1


@dataclass
class Model:
    """What the books should hold: computed anew from the facts that have been told."""

    facts: list[Fact] = field(default_factory=list)

    def expected(self) -> tuple[Counter[Line], Counter[tuple[str, int]], int]:
        """Entries, documents, and how many events still wait."""
        there: set[str] = set()
        open_facts = [fact for fact in self.facts if fact.told]
        lines: Counter[Line] = Counter()
        documents: Counter[tuple[str, int]] = Counter()
        while ready := [fact for fact in open_facts if there.issuperset(fact.needs)]:
            for fact in ready:
                there.update(fact.gives)
                lines.update(fact.lines)
                documents.update(fact.documents)
            open_facts = [fact for fact in open_facts if fact not in ready]
        return lines, documents, len(open_facts)


class Stories(RuleBasedStateMachine):
    """Every rule is something that happens at Stripe, or an event that reaches us."""

    payments = Bundle("payments")
    pledges = Bundle("pledges")
    refunds = Bundle("refunds")
    disputes = Bundle("disputes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = quick_folder()
        set_up = settings_for(self.folder.__enter__())
        self.ledger = make_books(set_up)
        self.portal = create_app(set_up, clock=lambda: NOW).test_client()
        self.model = Model()

    def teardown(self) -> None:
        self.folder.__exit__(None, None, None)

    def fact(self, type_: str, about: dict[str, Any], **meaning: Any) -> Fact:
        made = Fact(an_event(about, type_), **meaning)
        self.model.facts.append(made)
        return made

    @rule(target=payments, minor=AMOUNTS)
    def give_once(self, minor: int) -> Payment:
        gift = kept(self.ledger, amount=Money(minor, "CNY"))
        intent = f"pi_{gift.id}"
        self.fact(
            COMPLETED,
            a_session(gift),
            gives=(intent,),
            lines=(("gift", minor, intent),),
            documents=(("cn", minor),),
        )
        return Payment(intent, minor)

    @rule(target=payments, minor=AMOUNTS, comes=st.booleans())
    def give_by_debit(self, minor: int, comes: bool) -> Any:
        """The session ends unpaid; days later the money comes, or it does not."""
        gift = kept(self.ledger, amount=Money(minor, "CNY"))
        intent = f"pi_{gift.id}"
        self.fact(COMPLETED, a_session(gift, payment_status="unpaid"))
        if not comes:
            failed = a_session(gift, payment_status="unpaid")
            self.fact("checkout.session.async_payment_failed", failed)
            return multiple()
        self.fact(
            "checkout.session.async_payment_succeeded",
            a_session(gift),
            gives=(intent,),
            lines=(("gift", minor, intent),),
            documents=(("cn", minor),),
        )
        return Payment(intent, minor)

    @rule(target=pledges, minor=AMOUNTS)
    def promise(self, minor: int) -> Monthly:
        pledge, gift = kept_monthly(self.ledger, amount=Money(minor, "CNY"))
        self.fact(COMPLETED, a_session(gift, mode="subscription", payment_intent=None))
        return Monthly(pledge, gift, 0)

    @rule(target=payments, monthly=pledges)
    def month(self, monthly: Monthly) -> Payment:
        """The first month or a renewal: the invoice, and the link to its payment."""
        monthly.months += 1
        number, minor = monthly.months, monthly.pledge.amount.minor
        invoice, intent = f"in_{monthly.gift.id}_{number}", f"pi_{monthly.gift.id}_{number}"
        self.fact(
            "invoice.paid",
            an_invoice(monthly.pledge, monthly.gift, number),
            gives=(invoice,),
            lines=(("gift", minor, invoice),),
            documents=(("cn", minor),),
        )
        linked = an_invoice_payment(monthly.gift, number)
        self.fact("invoice_payment.paid", linked, needs=(invoice,), gives=(intent,))
        return Payment(intent, minor)

    @rule(monthly=pledges, status=st.sampled_from(["active", "past_due", "canceled"]))
    def tell_of_subscription(self, monthly: Monthly, status: str) -> None:
        deleted = status == "canceled"
        type_ = f"customer.subscription.{'deleted' if deleted else 'updated'}"
        self.fact(type_, a_subscription(monthly.pledge, monthly.gift, status=status))

    @rule(target=refunds, payment=payments, share=st.floats(0.01, 1))
    def refund(self, payment: Payment, share: float) -> Any:
        minor = round(payment.left * share)
        if not minor:
            return multiple()
        payment.left -= minor
        payment.refunds += 1
        about = a_refund(payment.intent, minor, str(payment.refunds))
        self.fact(
            "refund.created",
            about,
            needs=(payment.intent,),
            gives=(about["id"],),
            lines=(("refund", minor, about["id"]),),
            documents=(("cancellation", minor),),
        )
        return payment, about

    @rule(refund=refunds)
    def fail_refund(self, refund: tuple[Payment, dict[str, Any]]) -> None:
        payment, about = refund
        if about["status"] == "failed":
            return
        about["status"] = "failed"
        payment.left += about["amount"]
        self.fact(
            "refund.failed",
            dict(about),
            needs=(about["id"],),
            lines=(("refund_failed", about["amount"], about["id"]),),
            documents=(("restoration", about["amount"]),),
        )

    @rule(target=disputes, payment=payments)
    def dispute(self, payment: Payment) -> Any:
        if payment.disputed or not payment.left:
            return multiple()
        payment.disputed = True
        about = a_dispute(payment.intent, payment.left)
        needs = (payment.intent,)
        self.fact("charge.dispute.created", about, needs=needs)
        self.fact(
            "charge.dispute.funds_withdrawn",
            about,
            needs=needs,
            lines=(("dispute_withdrawn", about["amount"], about["id"]),),
        )
        return about

    @rule(about=disputes, won=st.booleans())
    def decide(self, about: dict[str, Any], won: bool) -> None:
        if about["status"] in ("won", "lost"):
            return
        about["status"] = "won" if won else "lost"
        intent, minor = about["payment_intent"], about["amount"]
        lost = (("cancellation", minor),)
        self.fact(
            "charge.dispute.closed",
            dict(about),
            needs=(intent,),
            documents=() if won else lost,
        )
        if won:
            self.fact(
                "charge.dispute.funds_reinstated",
                dict(about),
                needs=(intent,),
                lines=(("dispute_reinstated", minor, about["id"]),),
            )

    @precondition(lambda self: self.model.facts)
    @rule(data=st.data(), times=st.integers(1, 3))
    def deliver(self, data: st.DataObject, times: int) -> None:
        """One of all events so far reaches us, perhaps again, perhaps three times at once."""
        fact = data.draw(st.sampled_from(self.model.facts))
        self._bring(fact, times)

    @precondition(lambda self: self.model.facts)
    @rule()
    def deliver_all(self) -> None:
        """The backlog of an outage, the youngest first."""
        for fact in reversed(self.model.facts):
            if not fact.told:
                self._bring(fact, 1)

    def _bring(self, fact: Fact, times: int) -> None:
        body = body_of(fact.event)
        for _ in range(times):
            answer = self.portal.post(
                "/webhooks/stripe", data=body, headers={"Stripe-Signature": signed(body)}
            )
            assert answer.status_code == 200, answer.text
        fact.told = True

    @invariant()
    def the_books_hold_what_was_told(self) -> None:
        lines, documents, waiting = self.model.expected()
        with self.ledger.books() as books:
            entries = books.entries()
            gifts = books._connection.execute("SELECT id FROM gifts").fetchall()
            receipts = [one for gift in gifts for one in books.receipts_of(gift["id"])]
            assert Counter((e.kind.value, e.amount.minor, e.reference) for e in entries) == lines
            assert Counter((one.kind, one.amount.minor) for one in receipts) == documents
            assert len(books.events_with("waiting")) == waiting
            assert [row for one in INVARIANTS for row in books.broken(one)] == []
            assert books.failures() == []


Stories.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestStories = Stories.TestCase
