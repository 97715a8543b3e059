"""/correct: money is moved to the account where it belongs, by a further entry, in two steps."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from donations_api.desk.desk import Desk, Offer, mistake
from donations_api.desk.typed import Typed
from donations_api.entry import Account
from donations_api.errors import Explained, FieldError
from donations_api.offline import Correction, correct

OFFER = Offer("correcting.of_gift", lambda gift, _: gift.state == "received")

_ACCOUNTS = tuple(one.value for one in Account)
_AT_THE_GIFT = ("offline.gift_unknown", "offline.more_than_stands")


def pages(desk: Desk) -> Blueprint:
    correcting = Blueprint("correcting", __name__)

    def form(
        status: int = 200, errors: list[FieldError] | None = None, gift_id: str = ""
    ) -> Response:
        return desk.page(
            "correct.html",
            status,
            typed=request.form or {"gift": gift_id},
            errors=errors or [],
            accounts=_ACCOUNTS,
        )

    @correcting.get("/correct")
    def show() -> Response:
        return form()

    @correcting.get("/gifts/<gift_id>/correct")
    def of_gift(gift_id: str) -> Response:
        return form(gift_id=gift_id)

    @correcting.post("/correct")
    def enter() -> AnyResponse:
        """Show what would be booked; book it when somebody has looked at just that."""
        correction, errors = _read(desk)
        if not correction:
            return form(422, errors)
        if request.form.get("step") == "again":
            return form()
        if request.form.get("step") != "book":
            return desk.page("correct_review.html", correction=correction, typed=request.form)
        try:
            with desk.acting() as clerk:
                correct(clerk, correction)
        except Explained as error:
            at = "gift" if error.message in _AT_THE_GIFT else "reference"
            return form(422, [mistake(at, error)])
        if correction.gift_id:
            return desk.done("corrected", "story.show", gift_id=correction.gift_id)
        return desk.done("corrected", "journal.show")

    return correcting


def _read(desk: Desk) -> tuple[Correction | None, list[FieldError]]:
    typed = Typed(request.form)
    amount = typed.money(desk.portal.giving)
    taken_from, put_into = typed.choice("from", _ACCOUNTS), typed.choice("to", _ACCOUNTS)
    if not typed.errors and taken_from == put_into:
        typed.refuse("to", "same_account")
    reference, gift_id = typed.line("reference"), typed.line("gift", needed=False)
    why = typed.line("why")
    if typed.errors or not amount:
        return None, typed.errors
    correction = Correction(
        amount=amount,
        taken_from=Account(taken_from),
        put_into=Account(put_into),
        reference=reference,
        gift_id=gift_id or None,
        entered_by=desk.person,
        reason=why,
    )
    return correction, []
