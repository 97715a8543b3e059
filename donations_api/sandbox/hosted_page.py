"""GET and POST /pay/<session>: the page on which the donor pays, as Stripe hosts it. No script."""

from typing import Any

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from donations_api.money import Money
from donations_api.sandbox import card_form, cards, methods, pages, sessions
from donations_api.sandbox.creation import check_email
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.stage import Stage

Session = dict[str, Any]


def create_hosted_page(stage: Stage) -> Blueprint:
    pay = Blueprint("pay", __name__)

    def form(session: Session, status: int = 200, *, field: str = "", reason: str = "") -> Response:
        pages.allow_form_to(session["success_url"])
        with stage.scene() as scene:
            items = scene.records.order(session["id"])["line_items"]
        method = _method(session)
        return pages.show(
            "pay.html",
            pages.language(session["locale"]),
            status,
            session=session,
            method=method,
            kind=_kind(method),
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
                **card_form.typed(stage.settings.clock()),
            },
            field=field,
            reason=reason,
        )

    def closed(session: Session) -> Response:
        spoken = pages.language(session["locale"])
        if session["status"] == "complete":
            message = "paid" if session["payment_status"] == "paid" else "authorised"
            return pages.say(message, spoken, 200, go_on=_success_address(session))
        return pages.say("expired", spoken, 410, go_back=session["cancel_url"])

    @pay.errorhandler(ApiError)
    def unknown(_: ApiError) -> Response:
        return pages.say("unknown", pages.language(), 404)

    @pay.get("/pay/<identifier>")
    def show(identifier: str) -> Response:
        with stage.scene() as scene:
            session = sessions.current(scene, identifier)
        return form(session) if session["status"] == "open" else closed(session)

    @pay.post("/pay/<identifier>")
    def submit(identifier: str) -> ResponseReturnValue:
        pages.check_same_origin()
        with stage.scene() as scene:
            session = sessions.current(scene, identifier)
        if session["status"] == "open":
            method = _method(session)
            if request.form.get("outcome") == "decline":
                field = "number" if method == "card" else ""
                reason = {"card": "declined"}.get(method, f"{method}_declined")
                return form(session, 402, field=field, reason=reason)
            try:
                email = _email(session)
                details = _details(method, stage.settings.clock())
            except ApiError:
                return form(session, 422, field="email", reason="email_invalid")
            except cards.CardRefused as refused:
                status = 402 if refused.by_bank else 422
                return form(session, status, field=refused.field, reason=refused.reason)
            with stage.scene() as scene:
                session = sessions.pay(scene, identifier, method, details, email)
        if session["status"] == "complete":
            return redirect(_success_address(session), 303)
        return closed(session)

    return pay


def _method(session: Session) -> str:
    """The way to pay that the donor has chosen; the first one unless they did."""
    fitting: list[str] = session["payment_method_types"]
    chosen = request.form.get("method") or request.args.get("method")
    return chosen if chosen in fitting else fitting[0]


def _kind(method: str) -> str:
    """``card``, ``alipay``, ``wechat_pay`` or ``debit``: what the page looks like."""
    return "debit" if method in methods.DEBITS else method


def _details(method: str, now: float) -> dict[str, Any]:
    """Raises CardRefused."""
    return methods.of_card(card_form.read(now)) if method == "card" else methods.of_account(method)


def _email(session: Session) -> str:
    return check_email(session["customer_email"] or request.form.get("email", "").strip())


def _success_address(session: Session) -> str:
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])
