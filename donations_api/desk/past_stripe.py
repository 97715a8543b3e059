"""/enter/things, /enter/transfer: gifts in kind, and transfers that a donor has promised."""

from datetime import timedelta

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from donations_api.clerk import Clerk
from donations_api.desk.desk import Desk, mistake
from donations_api.desk.typed import Typed
from donations_api.errors import Explained, FieldError
from donations_api.gift import Gift
from donations_api.offline import GiftInKind, announce, enter_in_kind, noon, promised

_AGAIN = timedelta(minutes=10)  # within which the same form is the same promise


def pages(desk: Desk) -> Blueprint:
    past_stripe = Blueprint("past_stripe", __name__)
    portal = desk.portal

    def form(template: str, status: int = 200, errors: list[FieldError] | None = None) -> Response:
        typed = request.form or {"date": f"{desk.today()}", "language": desk.language.code}
        return desk.page(template, status, typed=typed, errors=errors or [])

    @past_stripe.get("/enter/things")
    def things() -> Response:
        return form("things.html")

    @past_stripe.post("/enter/things")
    def enter_things() -> AnyResponse:
        typed = Typed(request.form)
        what, day = typed.line("what"), typed.day("date", latest=desk.today())
        reference = typed.line("reference")
        donor, recipient = typed.donor(portal.giving, portal.frame), typed.recipient(portal.giving)
        typed.line("why")
        if typed.errors or not recipient:
            return form("things.html", 422, typed.errors)
        came = GiftInKind(
            description=what,
            reference=reference,
            **donor,
            recipient=recipient.key,
            received_at=noon(day, recipient, portal.clock()),
        )
        try:
            with desk.acting() as clerk:
                gift = enter_in_kind(clerk, came, desk.signed())
        except Explained as error:
            return form("things.html", 422, [mistake("reference", error)])
        return desk.done("entered", "story.show", gift_id=gift.id)

    @past_stripe.get("/enter/transfer")
    def transfer() -> Response:
        return form("promised.html")

    @past_stripe.post("/enter/transfer")
    def announce_transfer() -> AnyResponse:
        typed = Typed(request.form)
        amount = typed.money(portal.giving)
        donor, recipient = typed.donor(portal.giving, portal.frame), typed.recipient(portal.giving)
        typed.line("why")
        if typed.errors or not (amount and recipient):
            return form("promised.html", 422, typed.errors)
        gift = promised(amount, recipient.key, portal.clock(), **donor)
        try:
            with desk.acting() as clerk:
                gift = _just_announced(clerk, gift) or announce(clerk, gift, desk.signed())
        except Explained as error:
            return form("promised.html", 422, [mistake("why", error)])
        return desk.done("announced", "story.show", gift_id=gift.id)

    return past_stripe


def _just_announced(clerk: Clerk, gift: Gift) -> Gift | None:
    """The same promise, when the form was sent twice: a second code would confuse the donor."""
    since = clerk.now - _AGAIN
    alike = clerk.books.overview.like(gift.name, gift.amount, since, clerk.now + _AGAIN)
    same = (one for one in alike if one.transfer_code and one.email == gift.email)
    return next(same, None)
