"""/enter: a gift that came by bank transfer or in cash, in two steps: type, look, book."""

from datetime import date, timedelta

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from donations_api.desk.desk import Desk, mistake
from donations_api.desk.typed import Typed
from donations_api.entry import Account
from donations_api.errors import Explained, FieldError
from donations_api.gift import Gift
from donations_api.offline import OfflineGift, enter_gift, noon

_ACCOUNTS = (Account.BANK.value, Account.CASH.value)


def pages(desk: Desk) -> Blueprint:
    entering = Blueprint("entering", __name__)
    giving, frame = desk.portal.giving, desk.portal.frame

    def form(status: int = 200, errors: list[FieldError] | None = None) -> Response:
        typed = request.form or {"date": f"{desk.today()}", "account": _ACCOUNTS[0]}
        return desk.page(
            "enter.html",
            status,
            typed=typed,
            errors=errors or [],
            accounts=_ACCOUNTS,
        )

    @entering.get("/enter")
    def show() -> Response:
        return form()

    @entering.post("/enter")
    def enter() -> AnyResponse:
        """Show what would be booked; book it when somebody has looked at just that."""
        offline, errors = _read(desk)
        if not offline:
            return form(422, errors)
        if request.form.get("step") == "again":
            return form()
        doubles = _doubles(desk, offline)
        booking = request.form.get("step") == "book"
        unsure = bool(doubles) and request.form.get("not_a_double") != "yes"
        if not booking or unsure:
            wrong = [FieldError("not_a_double", "desk.error.double", {})] if booking else []
            fund, recipient = giving.fund(offline.fund), giving.recipient(offline.recipient)
            return desk.page(
                "enter_review.html",
                422 if wrong else 200,
                offline=offline,
                fund=fund.name if fund else {},
                recipient=(recipient and recipient.legal_name) or giving.organisation.name,
                spoken=frame.language(offline.language).name,
                doubles=doubles,
                typed=request.form,
                errors=wrong,
            )
        try:
            with desk.acting() as clerk:
                gift = enter_gift(clerk, offline)
        except Explained as error:
            return form(422, [mistake("reference", error)])
        return desk.done("entered", "story.show", gift_id=gift.id)

    return entering


def _read(desk: Desk) -> tuple[OfflineGift | None, list[FieldError]]:
    giving, typed = desk.portal.giving, Typed(request.form)
    amount = typed.money(giving)
    account = typed.choice("account", _ACCOUNTS)
    day = typed.day("date", latest=desk.today())
    reference = typed.line("reference")
    donor, recipient = typed.donor(giving, desk.portal.frame), typed.recipient(giving)
    why = typed.line("why")
    if typed.errors or not (amount and recipient):
        return None, typed.errors
    offline = OfflineGift(
        amount=amount,
        account=Account(account),
        reference=reference,
        **donor,
        recipient=recipient.key,
        received_at=noon(day, recipient, desk.portal.clock()),
        entered_by=desk.person,
        reason=why,
    )
    return offline, []


def _doubles(desk: Desk, offline: OfflineGift) -> list[Gift]:
    """Gifts of the same name and amount on that day: it may have been entered already."""
    day: date = offline.received_at.astimezone(desk.zone).date()
    since, until = desk.midnight(day), desk.midnight(day + timedelta(days=1))
    with desk.portal.ledger.reading() as books:
        return books.overview.like(offline.name, offline.amount, since, until)
