"""What is wished of documents, within one transaction: tickets, Gift Aid declarations, copies.

A method for each named query of ``queries/wishes.sql`` and ``queries/copies.sql``.
"""

from dataclasses import dataclass
from datetime import date, datetime

from donations_api.asking import Asking
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.rows import columns, made, stamp


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whether a donor wants the finance ministry's ticket, in which name, and its number.

    ``wish`` is ``requested`` or ``waived``. ``tax_number`` is an organisation's, or empty.
    ``number`` and ``issued_on`` (an ISO date) are there once it was issued.
    """

    gift_id: str
    wish: str
    title: str
    tax_number: str
    wished_at: datetime
    number: str | None = None
    issued_on: str | None = None
    imported_at: datetime | None = None

    @property
    def issued_day(self) -> date | None:
        return date.fromisoformat(self.issued_on) if self.issued_on else None


@dataclass(frozen=True, slots=True)
class WantedTicket:
    """A ticket that was asked for and not issued yet; ``amount`` is what is left of the gift.

    A gift in kind is described by ``in_kind``, and its amount is 0 XXX.
    """

    number: str
    received_at: datetime
    title: str
    tax_number: str
    amount: Money
    fund: str
    recipient: str
    email: str
    in_kind: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """A donor's Gift Aid declaration. ``statement``: the very words that were agreed to.

    ``scope``: this ``gift``, or ``all``: those of the four years before, and those to come.
    ``postcode`` is ``X`` outside the UK. Times are UTC.
    """

    id: str
    recipient: str
    gift_id: str
    email: str
    scope: str
    title: str
    first_name: str
    last_name: str
    house: str
    postcode: str
    statement: str
    language: str
    declared_at: datetime
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What is left of a gift after all that went back; ``amount`` is zero when nothing is.

    ``account``: where it came in, Stripe, the bank or the cash box.
    """

    gift_id: str
    email: str
    amount: Money
    account: str
    received_at: datetime


class Wishes(Asking):
    """Made by ``Books.wishes``."""

    # Tickets

    def ticket(self, gift_id: str) -> Ticket | None:
        return self._maybe(Ticket, "ticket", gift_id=gift_id)

    def ticket_numbered(self, number: str) -> Ticket | None:
        return self._maybe(Ticket, "ticket_numbered", number=number)

    def keep_wish(self, ticket: Ticket) -> bool:
        """Keep what the donor wishes, in place of an earlier wish; False: it is issued already."""
        values = columns(ticket)
        wished = ("gift_id", "wish", "title", "tax_number", "wished_at")
        return self._one("keep_wish", **{name: values[name] for name in wished}) is not None

    def issue_ticket(self, gift_id: str, number: str, day: date, now: datetime) -> bool:
        """Note the number of a ticket that was wished; False when there is one already."""
        given = {"number": number, "issued_on": day.isoformat(), "imported_at": stamp(now)}
        return self._one("issue_ticket", gift_id=gift_id, **given) is not None

    def tickets_wanted(self) -> list[WantedTicket]:
        """What was asked for and is not issued yet, in the order of the receipts' numbers."""
        return [made(WantedTicket, row) for row in self._all("tickets_wanted")]

    # Gift Aid

    def add_declaration(self, declaration: Declaration) -> None:
        self._one("add_declaration", **columns(declaration))

    def declarations_about(self, recipient: str, gift_id: str, email: str) -> list[Declaration]:
        """The gift's own, and its donor's for all gifts, cancelled ones too; the newest first."""
        about = {"recipient": recipient, "gift_id": gift_id, "email": email}
        return [made(Declaration, row) for row in self._all("declarations_about", **about)]

    def cancel_declarations(self, recipient: str, gift_id: str, email: str, now: datetime) -> None:
        about = {"recipient": recipient, "gift_id": gift_id, "email": email}
        self._run("cancel_declarations", **about, cancelled_at=stamp(now))

    def given_to(self, recipient: str) -> list[Given]:
        """All gifts of money to a recipient, and what is left of each, the oldest first."""
        return [made(Given, row) for row in self._all("given_to", recipient=recipient)]

    # Copies

    def take_over(self, receipt_id: str, kind: str, mail_id: str) -> None:
        """Let the mail ``mail_id`` stand for those of this letter that did not arrive."""
        self._run("take_over", receipt_id=receipt_id, kind=kind, mail_id=mail_id)

    def correct_address(self, gift: Gift, email: str) -> None:
        """Put the right address wherever the next letter would look for it.

        On the gift, its pledge, the pledge's gifts, and their declarations.
        """
        about = {"gift_id": gift.id, "pledge_id": gift.pledge_id}
        if gift.pledge_id:
            self._run("correct_pledge", pledge_id=gift.pledge_id, email=email)
        for rows in ("correct_gifts", "correct_declarations"):
            self._run(rows, **about, email=email)
        self._run("forget_words", **about)

    def redirect_mails(self, gift: Gift) -> None:
        """Let mail to this donor that waits, or was given up, go to the address of the gift."""
        about = {"gift_id": gift.id, "pledge_id": gift.pledge_id}
        self._run("redirect_mails", **about, address=gift.email)
