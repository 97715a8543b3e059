"""Seeded discrepancies between Stripe and the ledger: each is found, and nothing else.

10,000 with ``WHOLE=1``, as the proofs have it; a quarter of them in each run of the tests.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from donations_api.app import portal_for
from donations_api.books import Books
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.gift import State
from donations_api.money import Money
from donations_api.portal import Portal
from donations_api.reconciliation import reconcile
from donations_api.records import Paid
from donations_api.sandbox import SandboxSettings
from donations_api.sandbox.cards import Card
from donations_api.sandbox.methods import of_card
from donations_api.sandbox.objects.balance import new_balance_transaction
from donations_api.sandbox.objects.payment import new_charge, new_intent, new_method, succeeded
from donations_api.sandbox.objects.payout import new_payout, payout_transaction
from donations_api.sandbox.objects.refund import new_refund
from donations_api.sandbox.stage import Scene, Stage
from tests.donations.orderings import WHOLE, quick_folder
from tests.donations.running import API_KEY, WEBHOOK_SECRET, Rig, rig
from tests.donations.stripe_events import NOW, a_gift
from tests.postgres import Server

SEED = 20261125
DISCREPANCIES = 10_000 if WHOLE else 2_500
ON_POSTGRESQL = 2_000 if WHOLE else 500  # each query is a way to the server and back
GOOD = 1_000 if WHOLE else 300  # gifts about which nothing is wrong
LONG_AGO = NOW - timedelta(days=20)
SECONDS = int(LONG_AGO.timestamp())
CURRENCIES = ("CNY", "GBP", "USD", "EUR", "JPY", "HKD")


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> Iterator[Rig]:
    changed = {}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        name = server.new_database(request.getfixturevalue("empty_books"))
        changed["database_url"] = server.url(name)
    with quick_folder() as folder, rig(folder, **changed) as both:
        yield both


class Spoiler:
    """Writes pairs of a gift at Stripe and in the ledger, and spoils one side; ``wrong`` is what
    must be found: what is different, and the name under which it is told.
    """

    def __init__(self, scene: Scene, books: Books) -> None:
        self._scene, self._books = scene, books
        self._chance = random.Random(SEED)  # noqa: S311  # to be replayed, not to be secret
        self.wrong: Counter[tuple[str, str]] = Counter()
        card = of_card(Card("visa", "4242", 12, 2040))
        self._method = new_method("card", card, "donor@example.org", None, SECONDS)

    def at_stripe(self, minor: int, currency: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A charge that was paid, and its balance transaction."""
        intent = new_intent(minor, currency.lower(), ["card"], {}, SECONDS)
        charge = new_charge(intent, self._method, SECONDS)
        booked = new_balance_transaction(
            "charge", "charge", charge["id"], minor, minor // 30, currency.lower(), SECONDS
        )
        _, charge = succeeded(intent, charge)
        self._scene.records.save(charge | {"balance_transaction": booked["id"]})
        return charge, self._scene.records.save(booked)

    def in_ledger(self, payment_intent: str, minor: int, currency: str) -> Entry:
        """The gift's entry, known by its payment intent."""
        money = Money(minor, currency)
        gift = a_gift(amount=money, state=State.RECEIVED, created_at=LONG_AGO)
        self._books.add_gift(gift)
        self._books.add_payment(Paid(payment_intent, gift.id, payment_intent))
        entry = Entry(
            Kind.GIFT,
            gift.id,
            *ROUTES[Kind.GIFT],
            money,
            gift.fund,
            gift.recipient,
            payment_intent,
            "evt_seeded",
            LONG_AGO,
            LONG_AGO,
        )
        assert self._books.post(entry)
        return entry

    def some_money(self) -> tuple[int, str]:
        return self._chance.randint(100, 500_000), self._chance.choice(CURRENCIES)

    def pair(self) -> tuple[dict[str, Any], dict[str, Any], Entry]:
        minor, currency = self.some_money()
        charge, booked = self.at_stripe(minor, currency)
        return charge, booked, self.in_ledger(charge["payment_intent"], minor, currency)

    def fee_of(self, booked: dict[str, Any], entry: Entry, minor: int) -> None:
        fee = Money(minor, booked["currency"].upper())
        self._books.post(
            replace(
                entry,
                kind=Kind.FEE,
                taken_from=ROUTES[Kind.FEE][0],
                put_into=ROUTES[Kind.FEE][1],
                amount=fee,
                reference=booked["id"],
            )
        )

    def refund_at_stripe(self, charge: dict[str, Any], minor: int) -> str:
        refund = new_refund(charge, minor, {}, at_once=True, now=SECONDS)
        self._scene.records.save(refund)
        booked = new_balance_transaction(
            "refund", "refund", refund["id"], -minor, 0, charge["currency"], SECONDS
        )
        return str(self._scene.records.save(booked)["id"])

    # What can be wrong

    def not_in_the_ledger(self) -> None:
        _, booked = self.at_stripe(*self.some_money())
        self.wrong["missing_in_ledger", booked["id"]] += 1

    def not_at_stripe(self) -> None:
        name = f"pi_invented_{len(self.wrong)}"
        self.in_ledger(name, *self.some_money())
        self.wrong["missing_at_stripe", name] += 1

    def another_amount(self) -> None:
        minor, currency = self.some_money()
        charge, booked = self.at_stripe(minor, currency)
        # A single fen, or a point that slipped.
        other = self._chance.choice((minor + 1, minor - 1, minor * 10))
        self.in_ledger(charge["payment_intent"], other, currency)
        self.wrong["other_amount", booked["id"]] += 1

    def another_currency(self) -> None:
        minor, currency = self.some_money()
        charge, booked = self.at_stripe(minor, currency)
        other = next(one for one in CURRENCIES if one != currency)
        self.in_ledger(charge["payment_intent"], minor, other)
        self.wrong["other_amount", booked["id"]] += 1

    def another_fee(self) -> None:
        _, booked, entry = self.pair()
        self.fee_of(booked, entry, booked["fee"] + self._chance.randint(1, 50))
        self.wrong["other_fee", booked["id"]] += 1

    def a_fee_of_nothing(self) -> None:
        _, _, entry = self.pair()
        booked = {"id": f"txn_invented_{len(self.wrong)}", "currency": entry.amount.currency}
        self.fee_of(booked, entry, 30)
        self.wrong["other_fee", booked["id"]] += 1

    def twice_at_stripe(self) -> None:
        charge, booked, _ = self.pair()
        again = new_balance_transaction(
            "charge", "charge", charge["id"], booked["amount"], 0, booked["currency"], SECONDS
        )
        self._scene.records.save(again)
        self.wrong["twice", min(booked["id"], again["id"])] += 1

    def a_refund_that_the_ledger_lacks(self) -> None:
        charge, _, entry = self.pair()
        line = self.refund_at_stripe(charge, entry.amount.minor // 2)
        self.wrong["missing_in_ledger", line] += 1

    def a_refund_that_stripe_lacks(self) -> None:
        _, _, entry = self.pair()
        taken_from, put_into = ROUTES[Kind.REFUND]
        name = f"re_invented_{len(self.wrong)}"
        self._books.post(
            replace(
                entry,
                kind=Kind.REFUND,
                taken_from=taken_from,
                put_into=put_into,
                reference=name,
            )
        )
        self.wrong["missing_at_stripe", name] += 1

    def a_line_of_an_unknown_kind(self) -> None:
        charge, booked, _ = self.pair()
        booked = new_balance_transaction(
            "adjustment", "other_adjustment", charge["id"], -77, 0, charge["currency"], SECONDS
        )
        self._scene.records.save(booked)
        self.wrong["unknown", booked["id"]] += 1

    def a_payout_that_does_not_add_up(self) -> None:
        _, booked, entry = self.pair()
        payout = new_payout(booked["net"] + 1, booked["currency"], SECONDS)
        own = payout_transaction(payout, returned=False, now=SECONDS)
        self._scene.records.save(own)
        self._scene.records.save(payout | {"balance_transaction": own["id"], "status": "paid"})
        self._scene.records.pay_out([booked["id"], own["id"]], payout["id"])
        taken_from, put_into = ROUTES[Kind.PAYOUT]
        amount = Money(payout["amount"], payout["currency"].upper())
        self._books.post(
            replace(
                entry,
                kind=Kind.PAYOUT,
                gift_id=None,
                taken_from=taken_from,
                put_into=put_into,
                amount=amount,
                reference=payout["id"],
            )
        )
        self.wrong["other_payout", payout["id"]] += 1


WAYS: list[Callable[[Spoiler], None]] = [
    Spoiler.not_in_the_ledger,
    Spoiler.not_at_stripe,
    Spoiler.another_amount,
    Spoiler.another_currency,
    Spoiler.another_fee,
    Spoiler.a_fee_of_nothing,
    Spoiler.twice_at_stripe,
    Spoiler.a_refund_that_the_ledger_lacks,
    Spoiler.a_refund_that_stripe_lacks,
    Spoiler.a_line_of_an_unknown_kind,
]
PAYOUTS = 50  # each is a call to Stripe of its own


def seeded(both: Rig, number: int) -> Counter[tuple[str, str]]:
    """Spoil ``number`` things among many that are well; what must be found."""
    sandbox = SandboxSettings(
        public_url=both.stripe,
        api_key=API_KEY,
        webhook_secret=WEBHOOK_SECRET,
        webhook_url=f"{both.portal}/webhooks/stripe",
        database=both.sandbox_database,
    )
    chance = random.Random(SEED)  # noqa: S311
    with Stage(sandbox).scene() as scene, portal_of(both).ledger.books() as books:
        spoiler = Spoiler(scene, books)
        ways: list[Callable[[Spoiler], None]] = []
        ways += [Spoiler.a_payout_that_does_not_add_up] * min(PAYOUTS, number // 10)
        ways += [WAYS[n % len(WAYS)] for n in range(number - len(ways))]
        # A bound method that spoils nothing is a good pair.
        mixed: list[Callable[[Spoiler], Any]] = [*ways, *[Spoiler.pair] * GOOD]
        chance.shuffle(mixed)
        for way in mixed:
            way(spoiler)
        books.commit()
    return spoiler.wrong


def portal_of(both: Rig) -> Portal:
    return portal_for(both.settings)


def test_every_discrepancy_is_found_and_no_alarm_is_false(both: Rig) -> None:
    """Of eleven kinds, among gifts that are well; found by looking alone."""
    on_sqlite = both.settings.database_url.startswith("sqlite")
    number = DISCREPANCIES if on_sqlite else ON_POSTGRESQL
    wrong = seeded(both, number)
    report = reconcile(portal_of(both), book=False)
    found = Counter((one.what, one.which) for one in report.differences)
    assert sum(wrong.values()) == number
    assert found - wrong == Counter(), "false alarms"
    assert wrong - found == Counter(), "not found"


def test_what_cannot_be_mended_is_still_told_after_mending(both: Rig) -> None:
    """A run that books finds the same, but for the refunds, which it could book."""
    wrong = seeded(both, 300)
    report = reconcile(portal_of(both))
    found = Counter((one.what, one.which) for one in report.differences)
    mended = wrong - found
    assert {what for what, _ in mended} == {"missing_in_ledger"}
    assert sum(mended.values()) == sum(way is WAYS[7] for way in [WAYS[n % 10] for n in range(270)])
    assert found - wrong == Counter()
    assert reconcile(portal_of(both)).differences == report.differences
