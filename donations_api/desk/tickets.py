"""/tickets: which official tickets are wanted, the list to issue by, and their numbers taken in."""

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from donations_api import tickets as issuing
from donations_api.desk.desk import Desk, Offer, mistake
from donations_api.desk.typed import Typed
from donations_api.errors import Explained, FieldError, FormRefused
from donations_api.gift import Gift, State
from donations_api.giving import Recipient
from donations_api.spreadsheets import written_as_csv
from donations_api.ticket_file import TicketRow, read_tickets


def _fits(gift: Gift, recipient: Recipient | None) -> bool:
    kind = recipient.receipt if recipient else ""
    return gift.state is State.RECEIVED and kind == issuing.KIND


OFFER = Offer("tickets.of_gift", _fits)


def pages(desk: Desk) -> Blueprint:
    tickets = Blueprint("tickets", __name__)
    portal = desk.portal

    def form(
        status: int = 200,
        errors: list[FieldError] | None = None,
        told: list[tuple[TicketRow, issuing.Imported]] | None = None,
    ) -> Response:
        with portal.ledger.reading() as books:
            wanted = books.wishes.tickets_wanted()
        return desk.page(
            "tickets.html",
            status,
            wanted=wanted,
            told=told or [],
            typed=request.form if errors else {},
            errors=errors or [],
        )

    def wish_form(
        gift_id: str, status: int = 200, errors: list[FieldError] | None = None
    ) -> Response:
        with portal.ledger.reading() as books:
            gift, ticket = books.gift(gift_id), books.wishes.ticket(gift_id)
            receipt = books.receipt_of(gift_id)
        if not gift:
            raise NotFound
        return desk.page(
            "ticket.html",
            status,
            gift=gift,
            ticket=ticket,
            receipt=receipt,
            fits=bool(receipt and receipt.kind == issuing.KIND),
            typed=request.form,
            errors=errors or [],
        )

    @tickets.get("/tickets")
    def show() -> Response:
        return form()

    @tickets.get("/tickets/wanted.csv")
    def wanted_list() -> Response:
        with portal.ledger.reading() as books:
            wanted = books.wishes.tickets_wanted()
        rows = [[desk.say(f"wanted.{one}") for one in issuing.WANTED]]
        rows += issuing.wanted_rows(wanted, portal.giving, portal.frame, desk.language)
        response = make_response(written_as_csv(rows))
        response.content_type = "text/csv; charset=utf-8"
        response.headers["Content-Disposition"] = 'attachment; filename="tickets-wanted.csv"'
        return response

    @tickets.post("/tickets")
    def take_in() -> Response:
        typed, chosen = Typed(request.form), request.files.get("file")
        typed.line("why")
        if not chosen or not chosen.filename:
            typed.refuse("file", "no_file")
        if typed.errors or not chosen:
            return form(422, typed.errors)
        try:
            rows = read_tickets(chosen.read())
            with desk.acting() as clerk:
                found = issuing.take_in(clerk, str(chosen.filename), rows, desk.signed())
        except Explained as error:
            return form(422, [mistake("file", error)])
        return form(told=list(zip(rows, found, strict=True)))

    @tickets.get("/gifts/<gift_id>/ticket")
    def of_gift(gift_id: str) -> Response:
        return wish_form(gift_id)

    @tickets.post("/gifts/<gift_id>/ticket")
    def wish(gift_id: str) -> AnyResponse:
        """Enter what a donor told by letter or telephone."""
        typed = Typed(request.form)
        typed.line("why")
        try:
            wished = issuing.read_wish(request.form)
        except FormRefused as refusal:
            return wish_form(gift_id, 422, [*refusal.errors, *typed.errors])
        if typed.errors:
            return wish_form(gift_id, 422, typed.errors)
        try:
            with desk.acting() as clerk:
                gift = clerk.books.gift(gift_id)
                if not gift:
                    raise NotFound
                issuing.wish(clerk, gift, wished, desk.signed())
        except Explained as error:
            return wish_form(gift_id, 422, [mistake("ticket_for", error)])
        return desk.done("ticket_noted", "story.show", gift_id=gift_id)

    return tickets
