"""GET /: the latest sessions, their events and how far each has been told; "deliver again"."""

from datetime import UTC, datetime

from babel.dates import format_datetime
from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from donations_api.money import Money
from donations_api.sandbox import pages
from donations_api.sandbox.deliveries import send_again
from donations_api.sandbox.sessions import Sessions
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.store import Store
from donations_api.sandbox.wording import FORMATS

_SHOWN = 100


def create_console(settings: SandboxSettings, store: Store, sessions: Sessions) -> Blueprint:
    console = Blueprint("console", __name__)

    @console.get("/")
    def show() -> Response:
        spoken = pages.language()
        with store.transaction() as records:
            sessions.expire_lapsed(records)
            rows = [
                {
                    "session": session,
                    "amount": Money(session["amount_total"], session["currency"].upper()),
                    "created": format_datetime(
                        datetime.fromtimestamp(session["created"], UTC),
                        "medium",
                        locale=FORMATS[spoken],
                    ),
                    "deliveries": records.deliveries_about(session["id"]),
                }
                for session in records.latest_sessions(_SHOWN)
            ]
        return pages.show(
            "console.html",
            spoken,
            rows=rows,
            webhook=settings.webhook_url,
            shown=_SHOWN,
        )

    @console.post("/events/<event>/deliver")
    def deliver_again(event: str) -> ResponseReturnValue:
        pages.check_same_origin()
        try:
            with store.transaction() as records:
                send_again(records, event, settings.clock())
        except LookupError:
            abort(404)
        return redirect(url_for("console.show", language=request.args.get("language")), 303)

    return console
