"""/gifts/<id>/documents: a receipt is read, sent again, to a right address, in another language."""

from dataclasses import replace

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from donations_api import copies, papers, yearly
from donations_api.desk.desk import Desk, Offer, mistake
from donations_api.desk.typed import Typed
from donations_api.errors import Explained, FieldError
from donations_api.gift import Receipt, State

OFFER = Offer("documents.show", lambda gift, _: gift.state is State.RECEIVED)


def pages(desk: Desk) -> Blueprint:
    documents = Blueprint("documents", __name__)
    portal = desk.portal

    def form(gift_id: str, status: int = 200, errors: list[FieldError] | None = None) -> Response:
        with portal.ledger.reading() as books:
            gift, receipts = books.gift(gift_id), books.receipts_of(gift_id)
        if not gift or not receipts:
            raise NotFound
        years = sorted({one.issued_at.astimezone(desk.zone).year for one in receipts})
        return desk.page(
            "documents.html",
            status,
            gift=gift,
            receipts=receipts,
            years=years,
            typed=request.form,
            errors=errors or [],
        )

    def receipt(gift_id: str, number: str) -> Receipt:
        with portal.ledger.reading() as books:
            found = next((one for one in books.receipts_of(gift_id) if one.number == number), None)
        if not found:
            raise NotFound
        return found

    @documents.get("/gifts/<gift_id>/documents")
    def show(gift_id: str) -> Response:
        return form(gift_id)

    @documents.get("/gifts/<gift_id>/documents/<number>.pdf")
    def pdf(gift_id: str, number: str) -> Response:
        """The document in the language of the page, as the donor has it."""
        found = receipt(gift_id, number)
        said = {**found.snapshot, "language": desk.language.code}
        response = make_response(papers.paper(portal.frame, said, portal.links.check(found.id)))
        response.content_type = "application/pdf"
        response.headers["Content-Disposition"] = f'inline; filename="{number}.pdf"'
        return response

    @documents.post("/gifts/<gift_id>/documents/again")
    def again(gift_id: str) -> AnyResponse:
        typed = Typed(request.form)
        number, address = typed.line("number"), typed.email("email")
        typed.line("why")
        if typed.errors:
            return form(gift_id, 422, _at("again", typed.errors))
        try:
            with desk.acting() as clerk:
                found = receipt(gift_id, number)
                sent = copies.resend(clerk, found, desk.signed(), address)
                clerk.books.overview.forget_words(gift_id)
        except Explained as error:
            return form(gift_id, 422, [mistake("email", error)])
        notice = "resent_stripe" if sent.subscription_id and address else "resent"
        return desk.done(notice, "story.show", gift_id=gift_id)

    @documents.post("/gifts/<gift_id>/documents/copy")
    def copy(gift_id: str) -> AnyResponse:
        typed = Typed(request.form)
        number = typed.line("number")
        language = typed.choice("language", [one.code for one in portal.frame.languages])
        typed.line("why")
        if typed.errors:
            return form(gift_id, 422, _at("copy", typed.errors))
        try:
            with desk.acting() as clerk:
                copies.reissue(clerk, receipt(gift_id, number), language, desk.signed())
        except Explained as error:
            return form(gift_id, 422, [mistake("language", error)])
        return desk.done("copied", "story.show", gift_id=gift_id)

    @documents.post("/gifts/<gift_id>/documents/year")
    def year(gift_id: str) -> AnyResponse:
        typed = Typed(request.form)
        asked = typed.choice("year", [str(one) for one in range(2006, desk.today().year + 1)])
        typed.line("why")
        if typed.errors:
            return form(gift_id, 422, _at("year", typed.errors))
        try:
            with desk.acting() as clerk:
                gift = clerk.books.gift(gift_id)
                if not gift or not gift.email:
                    raise Explained("copies.no_address", number=gift_id)
                yearly.queue_statement(clerk, gift.email, int(asked), gift.language, desk.signed())
        except Explained as error:
            return form(gift_id, 422, [mistake("year", error)])
        return desk.done("year_sent", "story.show", gift_id=gift_id)

    return documents


def _at(form: str, errors: list[FieldError]) -> list[FieldError]:
    """The page has three forms, each with a why of its own."""
    return [replace(one, field=f"why-{form}") if one.field == "why" else one for one in errors]
