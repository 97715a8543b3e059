"""/portal/<session>: the donor puts another card in place. /invoices/<id>: pays what is open."""

from typing import Any

from flask import Blueprint, Response, redirect
from flask.typing import ResponseReturnValue

from donations_api.money import Money
from donations_api.sandbox import card_form, cards, methods, pages, portal
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.stage import Stage

Made = dict[str, Any]


def create_portal_page(stage: Stage) -> Blueprint:
    shown = Blueprint("portal", __name__)

    def form(about: Made, status: int = 200, **problem: str) -> Response:
        if about.get("return_url"):
            pages.allow_form_to(about["return_url"])
        amount = about.get("amount_due")
        return pages.show(
            "portal.html",
            pages.language(about.get("locale")),
            status,
            about=about,
            due=amount and Money(amount, about["currency"].upper()),
            typed=card_form.typed(stage.settings.clock()),
            field=problem.get("field", ""),
            reason=problem.get("reason", ""),
        )

    def replace(about: Made) -> Response | None:
        """None when the card is in place; otherwise the page that says what is wrong."""
        try:
            card = card_form.read(stage.settings.clock())
        except cards.CardRefused as refused:
            return form(about, 422, field=refused.field, reason=refused.reason)
        with stage.scene() as scene:
            portal.replace_method(scene, about["customer"], "card", methods.of_card(card))
        return None

    def find(kind: str, identifier: str) -> Made:
        with stage.scene() as scene:
            return scene.find(kind, identifier)

    @shown.errorhandler(ApiError)
    def unknown(_: ApiError) -> Response:
        return pages.say("unknown", pages.language(), 404)

    @shown.get("/portal/<identifier>")
    def show(identifier: str) -> Response:
        return form(find("billing_portal.session", identifier))

    @shown.post("/portal/<identifier>")
    def submit(identifier: str) -> ResponseReturnValue:
        pages.check_same_origin()
        session = find("billing_portal.session", identifier)
        return replace(session) or redirect(session["return_url"], 303)

    @shown.get("/invoices/<identifier>")
    def show_invoice(identifier: str) -> Response:
        invoice = find("invoice", identifier)
        if invoice["status"] == "open":
            return form(invoice)
        message = "paid" if invoice["status"] == "paid" else "waived"
        return pages.say(message, pages.language(), 200)

    @shown.post("/invoices/<identifier>")
    def pay_invoice(identifier: str) -> ResponseReturnValue:
        pages.check_same_origin()
        invoice = find("invoice", identifier)
        if invoice["status"] == "open" and (problem := replace(invoice)):
            return problem
        return show_invoice(identifier)

    return shown
