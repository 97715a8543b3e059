"""GET and POST /pay/<session>: the page on which the donor pays, as Stripe hosts it. No script."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from donations_api.money import Money
from donations_api.sandbox import cards, pages
from donations_api.sandbox.creation import check_email
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.sessions import Sessions
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.store import Store

Session = dict[str, Any]


def create_hosted_page(settings: SandboxSettings, store: Store, sessions: Sessions) -> Blueprint:
    pay = Blueprint("pay", __name__)

    def form(session: Session, status: int = 200, *, field: str = "", reason: str = "") -> Response:
        pages.allow_form_to(session["success_url"])
        with store.transaction() as records:
            items = records.order(session["id"])["line_items"]
        return pages.show(
            "pay.html",
            pages.language(session["locale"]),
            status,
            session=session,
            total=Money(session["amount_total"], session["currency"].upper()),
            items=[
                (
                    item,
                    Money(item["unit_amount"] * item["quantity"], item["currency"].upper()),
                )
                for item in items
            ],
            typed={
                "email": request.form.get("email", ""),
                "number": request.form.get("number", cards.PAYS),
                "expiry": request.form.get("expiry", _next_years_expiry(settings.clock())),
                "cvc": request.form.get("cvc", "123"),
            },
            field=field,
            reason=reason,
        )

    def closed(session: Session) -> Response:
        spoken = pages.language(session["locale"])
        if session["status"] == "complete":
            return pages.say("paid", spoken, 200, go_on=_success_address(session))
        return pages.say("expired", spoken, 410, go_back=session["cancel_url"])

    @pay.errorhandler(ApiError)
    def unknown(_: ApiError) -> Response:
        return pages.say("unknown", pages.language(), 404)

    @pay.get("/pay/<identifier>")
    def show(identifier: str) -> Response:
        with store.transaction() as records:
            session = sessions.current(records, identifier)
        return form(session) if session["status"] == "open" else closed(session)

    @pay.post("/pay/<identifier>")
    def submit(identifier: str) -> ResponseReturnValue:
        pages.check_same_origin()
        with store.transaction() as records:
            session = sessions.current(records, identifier)
        if session["status"] == "open":
            if request.form.get("outcome") == "decline":
                return form(session, 402, field="number", reason="declined")
            try:
                email = _email(session)
                card = cards.read_card(
                    request.form.get("number", ""),
                    request.form.get("expiry", ""),
                    request.form.get("cvc", ""),
                    settings.clock(),
                )
            except ApiError:
                return form(session, 422, field="email", reason="email_invalid")
            except cards.CardRefused as refused:
                status = 402 if refused.by_bank else 422
                return form(session, status, field=refused.field, reason=refused.reason)
            with store.transaction() as records:
                session = sessions.pay(records, identifier, card, email)
        if session["status"] == "complete":
            return redirect(_success_address(session), 303)
        return closed(session)

    return pay


def _email(session: Session) -> str:
    return check_email(session["customer_email"] or request.form.get("email", "").strip())


def _success_address(session: Session) -> str:
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _next_years_expiry(now: float) -> str:
    return f"12 / {(datetime.fromtimestamp(now, UTC).year + 1) % 100:02}"
