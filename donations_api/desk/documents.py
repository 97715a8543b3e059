"""/gifts/<id>/documents: a receipt is read, sent again, to a right address, in another language."""

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from donations_api import copies, papers, yearly
from donations_api.desk.desk import Desk, Offer, mistake
from donations_api.desk.typed import Typed
from donations_api.errors import Explained, FieldError
from donations_api.gift import Receipt, State
from donations_api.periods import year_of

OFFER = Offer("documents.show", lambda gift, _: gift.state is State.RECEIVED)


def pages(desk: Desk) -> Blueprint:
    documents = Blueprint("documents", __name__)
    portal = desk.portal

    def form(gift_id: str, status: int = 200, errors: list[FieldError] | None = None) -> Response:
        with portal.ledger.reading() as books:
            gift, receipts = books.gift(gift_id), books.receipts_of(gift_id)
        if not gift or not receipts:
            raise NotFound
        recipient = portal.giving.recipient(gift.recipient)
        zone = recipient.time_zone if recipient else desk.zone
        return desk.page(
            "documents.html",
            status,
            gift=gift,
            receipts=receipts,
            year=receipts[0].received_at.astimezone(zone).year,
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
        number, address = request.form.get("number", ""), typed.email("email")
        typed.why("why-again")
        if typed.errors:
            return form(gift_id, 422, typed.errors)
        try:
            with desk.acting() as clerk:
                found = receipt(gift_id, number)
                sent = copies.resend(clerk, found, desk.signed(), address)
        except Explained as error:
            return form(gift_id, 422, [mistake("email", error)])
        notice = "resent_stripe" if sent.subscription_id and address else "resent"
        return desk.done(notice, "story.show", gift_id=gift_id)

    @documents.post("/gifts/<gift_id>/documents/copy")
    def copy(gift_id: str) -> AnyResponse:
        typed = Typed(request.form)
        language = typed.choice("language", [one.code for one in portal.frame.languages])
        typed.why("why-copy")
        if typed.errors:
            return form(gift_id, 422, typed.errors)
        try:
            with desk.acting() as clerk:
                copies.reissue(
                    clerk, receipt(gift_id, request.form.get("number", "")), language, desk.signed()
                )
        except Explained as error:
            return form(gift_id, 422, [mistake("language", error)])
        return desk.done("copied", "story.show", gift_id=gift_id)

    @documents.post("/gifts/<gift_id>/documents/year")
    def year(gift_id: str) -> AnyResponse:
        typed = Typed(request.form)
        typed.why("why-year")
        if typed.errors:
            return form(gift_id, 422, typed.errors)
        try:
            asked = year_of(request.form.get("year", ""), desk.zone).first.year
            with desk.acting() as clerk:
                gift = clerk.books.gift(gift_id)
                if not gift or not gift.email:
                    raise Explained("copies.no_address", number=gift_id)
                yearly.queue_statement(clerk, gift.email, asked, gift.language, desk.signed())
        except Explained as error:
            return form(gift_id, 422, [mistake("year", error)])
        return desk.done("year_sent", "story.show", gift_id=gift_id)

    return documents
