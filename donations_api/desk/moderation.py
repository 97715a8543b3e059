"""/messages: what donors wrote, to be published beside their gift or not."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from donations_api.desk.desk import SHOWN, Desk, Offer, mistake, page_number
from donations_api.desk.hints import hints
from donations_api.errors import Explained, FieldError
from donations_api.records import VERDICTS

OFFER = Offer("moderation.of_gift", lambda gift, _: bool(gift.message))


def pages(desk: Desk) -> Blueprint:
    moderation = Blueprint("moderation", __name__)

    @moderation.get("/messages")
    def show() -> Response:
        judged, page = request.args.get("judged") == "yes", page_number()
        with desk.portal.ledger.reading() as books:
            said = books.overview.messages(judged=judged, most=SHOWN + 1, after=(page - 1) * SHOWN)
        return desk.page(
            "messages.html",
            said=[(one, hints(one.message)) for one in said[:SHOWN]],
            judged=judged,
            page=page,
            more=len(said) > SHOWN,
        )

    @moderation.get("/gifts/<gift_id>/message")
    def of_gift(gift_id: str) -> Response:
        return one_message(gift_id)

    def one_message(
        gift_id: str, status: int = 200, errors: list[FieldError] | None = None
    ) -> Response:
        with desk.portal.ledger.reading() as books:
            gift = books.gift(gift_id)
            acts = books.acts_of(gift_id)
        if not gift or not gift.message:
            raise NotFound
        verdicts = [one for one in acts if one.kind in VERDICTS]
        return desk.page(
            "message.html",
            status,
            gift=gift,
            hints=hints(gift.message),
            verdict=verdicts[-1] if verdicts else None,
            errors=errors or [],
            typed=request.form,
        )

    @moderation.post("/gifts/<gift_id>/message")
    def judge(gift_id: str) -> AnyResponse:
        """Note a verdict; the later one counts, so that each can be changed."""
        verdict = request.form.get("verdict", "")
        if verdict not in VERDICTS:
            wrong = [FieldError("verdict", "desk.error.verdict", {})]
            return one_message(gift_id, 422, wrong)
        try:
            with desk.acting() as clerk:
                gift = clerk.books.gift(gift_id)
                if not gift or not gift.message:
                    raise NotFound
                clerk.act(verdict, gift_id, desk.signed(), gift_id)
        except Explained as error:
            return one_message(gift_id, 422, [mistake("why", error)])
        if request.form.get("onward") == "list":
            return desk.done(verdict, "moderation.show")
        return desk.done(verdict, "story.show", gift_id=gift_id)

    return moderation
