"""A donor is erased: what the law needs stays, and why and until when is said; the rest goes.

Rows are emptied, never deleted, so that sums, numbers and Stripe's statement still hold. All of it
is one transaction, the caller's; who does not commit has but looked.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from donations_api import keeping
from donations_api.books import Books
from donations_api.clerk import Clerk
from donations_api.errors import Explained
from donations_api.gift import Gift, State
from donations_api.pledge import Pledge, PledgeState
from donations_api.privacy import DONORS_TABLES, DeclarationInForce, Donor, Row
from donations_api.records import Signed

ACT = "erase_donor"

# Where nothing is the donor's but Stripe's names and sums, or what no program may change.
_KEPT_FOR_EVER = ("entries", "payments", "disputes", "statement", "acts")


@dataclass(frozen=True, slots=True)
class Kept:
    """What had to stay, of one kind. ``until`` (ISO 8601) is its last day; empty: for ever."""

    what: str
    number: int
    until: str


@dataclass(slots=True)
class Erasure:
    """How many rows of each table were emptied, what stays, and which names Stripe has for it.

    ``at_stripe``: payments and subscriptions, where the donor's data lies that we cannot reach.
    """

    removed: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)
    at_stripe: list[str] = field(default_factory=list)


def whose(books: Books, gift: Gift) -> Donor:
    """The donor of a gift, with all that is under the address; without one, the gift alone."""
    if gift.email:
        return books.privacy.donor(gift.email)
    pledge = books.pledge(gift.pledge_id) if gift.pledge_id else None
    return Donor((), (gift.id,), (pledge.id,) if pledge and not pledge.email else ())


def erase(clerk: Clerk, donor: Donor, signed: Signed) -> Erasure:
    """Erase a donor, with an act for each gift and pledge.

    Raises Explained while a pledge goes on or a payment is on its way, without who and why, and
    when the reason repeats the address, since acts stay for ever.
    """
    books = clerk.books
    gifts = [gift for one in donor.gifts if (gift := books.gift(one))]
    pledges = [pledge for one in donor.pledges if (pledge := books.pledge(one))]
    _refuse_unfinished(clerk.now, gifts, pledges)
    if any(one.casefold() in signed.why.casefold() for one in donor.addresses):
        raise Explained("privacy.why_says_address")
    held = {table: books.privacy.rows(table, donor) for table in DONORS_TABLES}
    for about in _abouts(donor, held):
        clerk.act(ACT, about, signed, about if about in donor.gifts else None)
    return _Erasing(clerk, held).done(gifts, pledges)


class _Erasing:
    """One donor's erasing: ``held`` are the rows as they were before."""

    def __init__(self, clerk: Clerk, held: dict[str, list[Row]]) -> None:
        self._clerk, self._privacy, self._held = clerk, clerk.books.privacy, held
        self._erasure = Erasure()

    def done(self, gifts: list[Gift], pledges: list[Pledge]) -> Erasure:
        privacy, now = self._privacy, self._clerk.now
        self._gifts(gifts, self._declarations())
        for pledge in pledges:
            self._count("pledges", privacy.forget_pledge(pledge.id))
        self._count("search_words", *(True for _ in self._held["search_words"]))
        for gift in gifts:
            self._documents(gift)
        for row in self._held["outbox"]:
            self._count("outbox", privacy.forget_mail(row["id"], now))
        for row in self._held["events"]:
            self._count("events", privacy.forget_event(row["id"]))
        for row in self._held["event_failures"]:
            self._count("event_failures", privacy.forget_failure(row["id"]))
        self._keep(
            "events", [""] * sum(one["outcome"] == "waiting" for one in self._held["events"])
        )
        for table in _KEPT_FOR_EVER:
            self._keep(table, [""] * len(self._held[table]))
        self._erasure.at_stripe += [one["payment_intent"] for one in self._held["payments"]]
        self._erasure.at_stripe += [one.subscription_id for one in pledges if one.subscription_id]
        return self._erasure

    def _declarations(self) -> list[tuple[DeclarationInForce, str]]:
        """Forget the declarations that cover nothing; the others, with their last day."""
        ids, now = {one["id"] for one in self._held["declarations"]}, self._clerk.now
        kept = []
        for one in self._privacy.declarations_in_force():
            if one.id not in ids:
                continue
            last = one.last_gift_at
            if not last or keeping.declaration_is_over(one.declared_at, last, now):
                self._count("declarations", self._privacy.forget_declaration(one.id))
            else:
                kept.append((one, keeping.last_day(last.year, keeping.DECLARATION_YEARS)))
        self._keep("declarations", [until for _, until in kept])
        return kept

    def _gifts(self, gifts: list[Gift], declared: list[tuple[DeclarationInForce, str]]) -> None:
        """Empty the gifts; one that a declaration is for keeps the address that joins the two."""
        addresses = []
        for gift in gifts:
            needed = [until for one, until in declared if _covers(one, gift)]
            address = gift.email if needed and gift.state is State.RECEIVED else ""
            self._count("gifts", self._privacy.forget_gift(gift.id, keep_address=address))
            if address:
                addresses.append(max(needed))
        self._keep("gifts", [""] * len(gifts))
        self._keep("addresses", addresses)

    def _documents(self, gift: Gift) -> None:
        """What the books need for years: the donor's name on receipts and tickets, the payer."""
        years = keeping.receipt_years(self._clerk.giving, gift.recipient)
        zone = keeping.zone_of(self._clerk.giving, gift.recipient)
        first = keeping.first_kept_year(self._clerk.now, years, zone)
        untils: list[str] = []
        for receipt in self._clerk.books.receipts_of(gift.id):
            if receipt.year < first:
                self._count("receipts", self._privacy.forget_receipt(receipt))
            else:
                untils.append(keeping.last_day(receipt.year, years))
        self._keep("receipts", untils)
        year = gift.created_at.astimezone(zone).year
        for _ in (one for one in self._held["tickets"] if one["gift_id"] == gift.id):
            if year < first:
                self._count("tickets", self._privacy.forget_ticket(gift.id))
            else:
                self._keep("tickets", [keeping.last_day(year, years)])
        longest = keeping.longest(self._clerk.giving)
        for line in (one for one in self._held["bank_lines"] if one["gift_id"] == gift.id):
            year = int(line["booked_on"][:4])
            if year < keeping.first_kept_year(self._clerk.now, longest, UTC):
                self._count("bank_lines", self._privacy.forget_bank_line(line["id"]))
            else:
                self._keep("bank_lines", [keeping.last_day(year, longest)])

    def _count(self, table: str, *emptied: bool) -> None:
        if number := sum(emptied):
            self._erasure.removed[table] += number

    def _keep(self, what: str, untils: list[str]) -> None:
        """Note what stays, those with the same last day in one line."""
        for until, number in Counter(untils).items():
            same = next((k for k in self._erasure.kept if (k.what, k.until) == (what, until)), None)
            if same:
                self._erasure.kept.remove(same)
            before = same.number if same else 0
            self._erasure.kept.append(Kept(what, before + number, until))


def _refuse_unfinished(now: datetime, gifts: list[Gift], pledges: list[Pledge]) -> None:
    """Money that is still to come needs an address for its receipt, and a pledge its donor."""
    for pledge in pledges:
        if pledge.state in (PledgeState.ACTIVE, PledgeState.PAUSED, PledgeState.FAILING):
            at_stripe = pledge.subscription_id or ""
            message = "pledge_at_stripe" if at_stripe else "pledge_by_reminder"
            raise Explained(f"privacy.{message}", pledge=pledge.id, subscription=at_stripe)
    for gift in gifts:
        fresh = gift.state is State.PENDING and gift.created_at > now - keeping.ON_ITS_WAY
        if fresh or gift.state is State.CONFIRMING:
            raise Explained("privacy.on_its_way", gift=gift.id)


def _covers(declaration: DeclarationInForce, gift: Gift) -> bool:
    return declaration.gift_id == gift.id or (
        declaration.scope == "all"
        and declaration.recipient == gift.recipient
        and declaration.email.casefold() == gift.email.casefold()
    )


def _abouts(donor: Donor, held: dict[str, list[Row]]) -> Iterator[str]:
    """What the acts are about: gifts and pledges, or else what there is under the address."""
    yield from (*donor.gifts, *donor.pledges)
    if not (donor.gifts or donor.pledges):
        found = (*held["outbox"], *held["declarations"], *held["events"], *held["event_failures"])
        yield from (one["id"] for one in found)
