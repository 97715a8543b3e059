"""The finance ministry's ticket (公益事业捐赠统一票据), for recipients in mainland China.

This program never issues one. It keeps whether a donor wants it and in which name, lists what is to
be issued, and takes in the numbers afterwards.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from donations_api.clerk import Clerk
from donations_api.errors import Explained, FieldError, FormRefused
from donations_api.form import read_line
from donations_api.frame import Frame, Language
from donations_api.gift import CANCELLATION, RESTORATION, Gift
from donations_api.giving import Giving
from donations_api.records import Signed
from donations_api.ticket_file import TicketRow
from donations_api.wishes import Ticket, WantedTicket

KIND = "cn"  # the recipients' kind of receipt
REQUESTED, WAIVED = "requested", "waived"
FOR_WHOM = ("person", "organisation", WAIVED)
# The columns of the list of tickets to be issued; each head is the message ``wanted.<name>``.
WANTED = (
    *("receipt", "received", "title", "tax_number", "amount", "currency", "in_kind"),
    *("fund", "email"),
)
LONGEST_TITLE = 100  # characters, as in the form

# GB 32100-2015: the signs that stand in a unified social credit code, and the weight of each place.
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LENGTH = len(_WEIGHTS) + 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What a donor wants. ``tax_number`` is empty unless ``title`` is an organisation's."""

    wish: str
    title: str = ""
    tax_number: str = ""


class TicketIssued(Explained):
    """The ticket has its number, so what the donor wishes can no longer change."""


class Imported(StrEnum):
    """What became of a row of the treasurer's file.

    ``number_elsewhere``: the number stands at another gift already.
    """

    IMPORTED = "imported"
    THERE_ALREADY = "there_already"
    UNKNOWN_RECEIPT = "unknown_receipt"
    OTHER_NUMBER = "other_number"
    NUMBER_ELSEWHERE = "number_elsewhere"
    NOT_CN = "not_cn"
    WAIVED = "waived"


def read_wish(form: Mapping[str, str]) -> Wish:
    """Check the form: ``ticket_for`` (of ``FOR_WHOM``), ``ticket_title``, ``tax_number``.

    Raises FormRefused.
    """
    whom = form.get("ticket_for", "")
    if whom not in FOR_WHOM:
        raise FormRefused([FieldError("ticket_for", "error.ticket_for.missing", {})])
    if whom == WAIVED:
        return Wish(WAIVED)
    errors = []
    title, wrong = read_line(form.get("ticket_title", ""), LONGEST_TITLE)
    if wrong or not title:
        values = {"most": str(LONGEST_TITLE)} if wrong == "too_long" else {}
        errors.append(FieldError("ticket_title", f"error.ticket_title.{wrong or 'empty'}", values))
    number = ""
    if whom == "organisation":
        typed = unicodedata.normalize("NFKC", form.get("tax_number", ""))
        number = re.sub(r"[\s-]", "", typed).upper()
        if wrong := _wrong_about(number):
            values = {"length": str(len(number))} if wrong == "length" else {}
            errors.append(FieldError("tax_number", f"error.tax_number.{wrong}", values))
    if errors:
        raise FormRefused(errors)
    return Wish(REQUESTED, title, number)


def wish(clerk: Clerk, gift: Gift, wish: Wish, signed: Signed | None = None) -> None:
    """Keep the donor's wish; ``signed`` when somebody enters it for the donor.

    Raises Explained for a recipient elsewhere, and TicketIssued once there is a number.
    """
    if clerk.recipient_of(gift).receipt != KIND:
        raise Explained("ticket.wrong_recipient", recipient=gift.recipient)
    ticket = Ticket(gift.id, wish.wish, wish.title, wish.tax_number, clerk.now)
    if not clerk.books.wishes.keep_wish(ticket):
        raise TicketIssued("ticket.issued")
    if signed:
        clerk.act("ticket_wished", gift.id, signed, gift.id, wish=wish.wish)


def wanted_rows(
    wanted: Iterable[WantedTicket], giving: Giving, frame: Frame, language: Language
) -> list[list[str]]:
    """The list to issue by, a row for each of ``WANTED``'s columns, without its head."""
    rows = []
    for one in wanted:
        fund, recipient = giving.fund(one.fund), giving.recipient(one.recipient)
        zone = recipient.time_zone if recipient else UTC
        # A gift in kind is described and not valued.
        money = ("", "") if one.in_kind else (str(one.amount.decimal), one.amount.currency)
        rows.append(
            [
                *(one.number, f"{one.received_at.astimezone(zone):%Y-%m-%d}"),
                *(one.title, one.tax_number, *money, one.in_kind),
                *(frame.text(fund.name, language) if fund else one.fund, one.email),
            ]
        )
    return rows


def take_in(clerk: Clerk, file: str, rows: list[TicketRow], signed: Signed) -> list[Imported]:
    """Note the numbers of issued tickets and tell the donors; what became of each row."""
    outcomes = [_take_in(clerk, row) for row in rows]
    counts = {str(one): outcomes.count(one) for one in Imported if one in outcomes}
    clerk.act("tickets_imported", file, signed, None, rows=counts)
    return outcomes


def _take_in(clerk: Clerk, row: TicketRow) -> Imported:
    wishes = clerk.books.wishes
    receipt = clerk.books.receipt_numbered(row.receipt)
    gift = clerk.books.gift(receipt.gift_id) if receipt else None
    if not receipt or not gift or receipt.kind in (CANCELLATION, RESTORATION):
        return Imported.UNKNOWN_RECEIPT
    if receipt.kind != KIND:
        return Imported.NOT_CN
    known = wishes.ticket(gift.id)
    if known and known.number:
        same = known.number == row.number
        return Imported.THERE_ALREADY if same else Imported.OTHER_NUMBER
    if known and known.wish == WAIVED:
        return Imported.WAIVED
    if wishes.ticket_numbered(row.number):
        return Imported.NUMBER_ELSEWHERE
    if not known:
        wishes.keep_wish(Ticket(gift.id, REQUESTED, gift.name, "", clerk.now))
    wishes.issue_ticket(gift.id, row.number, row.day, clerk.now)
    clerk.write("ticket", row.number, gift, _said(clerk, gift, receipt.number, row))
    return Imported.IMPORTED


def _said(clerk: Clerk, gift: Gift, number: str, row: TicketRow) -> dict[str, str]:
    noon = datetime.combine(row.day, time(12), tzinfo=clerk.recipient_of(gift).time_zone)
    return {"receipt_number": number, "ticket_number": row.number, "ticket_day": noon.isoformat()}


def _wrong_about(number: str) -> str:
    if not number:
        return "empty"
    if len(number) != _LENGTH:
        return "length"
    if set(number) - set(_SIGNS):
        return "signs"
    places = zip(number[:-1], _WEIGHTS, strict=True)
    total = sum(_SIGNS.index(sign) * weight for sign, weight in places)
    return "" if _SIGNS[-total % len(_SIGNS)] == number[-1] else "checksum"
