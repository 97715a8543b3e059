"""/gifts/<id>/donor: what is held about a donor, handed out or erased."""

import json

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import NotFound

from donations_api.books import Books
from donations_api.desk.desk import Desk, Offer, mistake
from donations_api.desk.typed import Typed
from donations_api.donor_data import donor_data
from donations_api.erasing import Erasure, erase, whose
from donations_api.errors import Explained, FieldError
from donations_api.gift import Gift
from donations_api.privacy import Donor

OFFER = Offer("donor.show", lambda *_: True)


def pages(desk: Desk) -> Blueprint:
    donor = Blueprint("donor", __name__)
    portal = desk.portal

    def known(books: Books, gift_id: str) -> tuple[Gift, Donor]:
        gift = books.gift(gift_id)
        if not gift:
            raise NotFound
        return gift, whose(books, gift)

    def form(
        gift_id: str,
        status: int = 200,
        errors: list[FieldError] | None = None,
        erasure: Erasure | None = None,
        *,
        done: bool = False,
    ) -> Response:
        with portal.ledger.reading() as books:
            gift, meant = known(books, gift_id)
        return desk.page(
            "donor.html",
            status,
            gift=gift,
            number=len(meant.gifts),
            erasure=erasure,
            erased=done,
            typed=request.form,
            errors=errors or [],
        )

    @donor.get("/gifts/<gift_id>/donor")
    def show(gift_id: str) -> Response:
        return form(gift_id)

    @donor.get("/gifts/<gift_id>/donor/data.json")
    def data(gift_id: str) -> Response:
        """All that is held, for the donor who asks."""
        with portal.ledger.reading() as books:
            held = donor_data(books, known(books, gift_id)[1], portal.clock())
        response = make_response(json.dumps(held, ensure_ascii=False, indent=2) + "\n")
        response.content_type = "application/json; charset=utf-8"
        response.headers["Content-Disposition"] = 'attachment; filename="donor-data.json"'
        return response

    @donor.post("/gifts/<gift_id>/donor")
    def remove(gift_id: str) -> Response:
        """Show what would go and what the law keeps; erase when somebody has looked at it."""
        typed, sure = Typed(request.form), request.form.get("step") == "erase"
        typed.line("why")
        if typed.errors:
            return form(gift_id, 422, typed.errors)
        try:
            with portal.ledger.books() as books:
                erasure = erase(portal.clerk(books), known(books, gift_id)[1], desk.signed())
                if sure:
                    books.commit()
        except Explained as error:
            return form(gift_id, 422, [mistake("why", error)])
        return form(gift_id, erasure=erasure, done=sure)

    return donor
