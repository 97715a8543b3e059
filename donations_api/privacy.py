"""What is held about donors within one transaction: found, counted, and emptied.

A method for each named query of ``queries/privacy.sql``. A ``forget`` method empties a row and
keeps it; it answers whether there was something to empty.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donations_api.asking import Asking
from donations_api.errors import Explained
from donations_api.gift import Receipt
from donations_api.rows import made, stamp, written

# Each table with rows about a donor, and by what they are found: a gift, a pledge, an address as
# one of them spells it, or a mention of it within what Stripe told us.
DONORS_TABLES = {
    "gifts": ("gift",),
    "pledges": ("pledge",),
    "entries": ("gift",),
    "receipts": ("gift",),
    "tickets": ("gift",),
    "declarations": ("gift", "address"),
    "outbox": ("gift", "pledge", "address"),
    "payments": ("gift",),
    "disputes": ("gift",),
    "statement": ("gift",),
    "bank_lines": ("gift",),
    "events": ("gift", "mention"),
    "event_failures": ("gift", "mention"),
    "acts": ("gift", "pledge"),
    "search_words": ("gift",),
}
# The tables in which nothing is about one donor.
NOBODYS_TABLES = frozenset({"receipt_numbers", "payouts", "walks"})

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Donor:
    """Whose rows are meant: each address as it was typed, and the ids of gifts and pledges."""

    addresses: tuple[str, ...]
    gifts: tuple[str, ...]
    pledges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclarationInForce:
    """A Gift Aid declaration that still names its donor; ``last_gift_at`` is the last paid one.

    ``last_gift_at`` is UTC, or None when no money has come that it covers.
    """

    id: str
    gift_id: str
    email: str
    scope: str
    recipient: str
    declared_at: datetime
    last_gift_at: datetime | None


class Privacy(Asking):
    """Made by ``Books.privacy``."""

    def donor(self, email: str) -> Donor:
        """The donor with this address; upper and lower case are the same.

        When it is nobody's here, Stripe may still have mentioned it.
        """
        held = {row["email"] for row in self._all("held_addresses")}
        addresses = sorted(one for one in held if one.casefold() == email.casefold()) or [email]
        gifts, pledges = dict[str, None](), dict[str, None]()
        for address in addresses:
            for query in ("gifts_at", "gifts_declared_at", "gifts_written_to"):
                gifts |= dict.fromkeys(self._ids(query, value=address))
            pledges |= dict.fromkeys(self._ids("pledges_at", value=address))
        return Donor(tuple(addresses), tuple(gifts), tuple(pledges))

    def knows(self, donor: Donor) -> bool:
        """Whether there is any row about a donor."""
        return any(self.rows(table, donor) for table in DONORS_TABLES)

    def rows(self, table: str, donor: Donor) -> list[Row]:
        """All rows of one of ``DONORS_TABLES`` about a donor, as the columns have them."""
        found: dict[Any, Row] = {}
        for key in DONORS_TABLES[table]:
            for value in _values(key, donor):
                for row in self._all(f"held_{table}_by_{key}", value=value):
                    one = dict(row)
                    found.setdefault(next(iter(one.values())), one)
        return list(found.values())

    # Emptying rows

    def forget_gift(self, gift_id: str, *, keep_address: str = "") -> bool:
        """Empty the donor's name, address, message and dedication; and what it is found by."""
        self._done("forget_search_words", id=gift_id)
        return self._done("forget_gift", id=gift_id, email=keep_address)

    def forget_pledge(self, pledge_id: str) -> bool:
        return self._done("forget_pledge", id=pledge_id)

    def forget_receipt(self, receipt: Receipt) -> bool:
        """Empty the name and the dedication, which is all that may ever leave a receipt."""
        if not (receipt.snapshot.get("donor") or receipt.snapshot.get("dedication")):
            return False
        snapshot = {**receipt.snapshot, "donor": "", "dedication": ""}
        text = json.dumps(snapshot, ensure_ascii=False)
        return self._done("forget_receipt", id=receipt.id, snapshot=text)

    def forget_mail(self, mail_id: str, now: datetime) -> bool:
        """Empty the address and what the mail said; if it has not gone, it never will."""
        reason = written(Explained("mail.erased"))
        return self._done("forget_mail", id=mail_id, now=stamp(now), reason=reason)

    def forget_event(self, event_id: str) -> bool:
        return self._done("forget_event", id=event_id)

    def forget_failure(self, failure_id: str) -> bool:
        reason = written(Explained("webhook.erased"))
        return self._done("forget_failure", id=failure_id, reason=reason)

    def forget_ticket(self, gift_id: str) -> bool:
        return self._done("forget_ticket", id=gift_id)

    def forget_declaration(self, declaration_id: str) -> bool:
        return self._done("forget_declaration", id=declaration_id)

    def forget_bank_line(self, line_id: str) -> bool:
        return self._done("forget_bank_line", id=line_id)

    # What is past its time

    def declarations_in_force(self) -> list[DeclarationInForce]:
        return [made(DeclarationInForce, row) for row in self._all("declarations_in_force")]

    def recipients(self) -> list[str]:
        """The keys of all recipients in the books, declared or not."""
        return sorted(row["recipient"] for row in self._all("receiving"))

    def unpaid_gifts(self, before: datetime) -> list[str]:
        return self._ids("unpaid_gifts_before", moment=stamp(before))

    def paid_gifts(self, recipient: str, before: datetime, year: int) -> list[str]:
        """Gifts before a moment, and with no receipt of ``year`` or later."""
        given = {"recipient": recipient, "moment": stamp(before), "year": year}
        return self._ids("paid_gifts_before", **given)

    def erased_gifts(self) -> list[str]:
        """Gifts of erased donors that kept their address."""
        return self._ids("erased_gifts")

    def over_pledges(self, before: datetime) -> list[str]:
        return self._ids("over_pledges_before", moment=stamp(before))

    def receipts(self, recipient: str, year: int) -> list[Receipt]:
        """The receipts of all years before ``year``."""
        rows = self._all("receipts_before", recipient=recipient, year=year)
        return [made(Receipt, row) for row in rows]

    def tickets(self, recipient: str, before: datetime) -> list[str]:
        return self._ids("tickets_before", recipient=recipient, moment=stamp(before))

    def mails(self, before: datetime) -> list[str]:
        return self._ids("mails_before", moment=stamp(before))

    def events(self, before: datetime) -> list[str]:
        return self._ids("events_before", moment=stamp(before))

    def failures(self, before: datetime) -> list[str]:
        return self._ids("failures_before", moment=stamp(before))

    def bank_lines(self, before: datetime) -> list[str]:
        return self._ids("bank_lines_before", day=f"{before:%F}")

    def _ids(self, query: str, **values: object) -> list[str]:
        return [row["id"] for row in self._all(query, **values)]

    def _done(self, query: str, **values: object) -> bool:
        return bool(list(self._all(query, **values)))


def _values(key: str, donor: Donor) -> Iterator[str]:
    match key:
        case "gift":
            yield from donor.gifts
        case "pledge":
            yield from donor.pledges
        case "address":
            yield from donor.addresses
        case "mention":
            for address in donor.addresses:
                # Stripe may write letters beyond ASCII as they are, or as \u and a number.
                yield from {json.dumps(address, ensure_ascii=ascii) for ascii in (True, False)}
