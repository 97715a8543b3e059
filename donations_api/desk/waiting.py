"""/: what waits for a person, what has to be published, what came in today and this month."""

from flask import Blueprint, Response, request, session, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from donations_api.desk.desk import Desk
from donations_api.errors import FieldError

# What may wait, the most urgent first, and the page where it is done.
WAITS = {
    "disputes": "events.show",
    "events": "events.show",
    "dead_letters": "mails.show",
    "bounced_mails": "mails.show",
    "tickets": "tickets.show",
    "bank_lines": "bank.show",
    "transfers": "bank.show",
    "messages": "moderation.show",
    "failing_pledges": "pledges.show",
    "delayed_mails": "mails.show",
}
_LONGEST_NAME = 60


def pages(desk: Desk) -> Blueprint:
    waiting = Blueprint("waiting", __name__)

    @waiting.get("/")
    def show() -> Response:
        today = desk.today()
        with desk.portal.ledger.reading() as books:
            counts = books.overview.waiting()
            totals = books.overview.totals(desk.midnight(today), desk.month(today)[0])
        waits = [(name, counts[name], page) for name, page in WAITS.items() if counts[name]]
        duties = [
            (recipient, due, due.state(today))
            for recipient, due in desk.portal.giving.pressing(today)
        ]
        return desk.page("waiting.html", duties=duties, waits=waits, totals=totals)

    @waiting.get("/person")
    def who() -> Response:
        return desk.page("person.html", onward=request.args.get("onward", ""))

    @waiting.post("/person")
    def sit_down() -> AnyResponse:
        name = " ".join(request.form.get("person", "").split())
        onward = request.form.get("onward", "")
        if not name or not name.isprintable() or len(name) > _LONGEST_NAME:
            errors = [FieldError("person", "desk.error.person", {"most": str(_LONGEST_NAME)})]
            return desk.page("person.html", 422, errors=errors, typed=request.form, onward=onward)
        session["person"] = name
        return redirect(_inside(onward) or url_for("waiting.show"), 303)

    return waiting


def _inside(onward: str) -> str:
    """The address where somebody wanted to go, when it is one of the desk's own."""
    own = f"{request.script_root}/"
    fine = onward.startswith(own) and not onward.startswith(("//", "/\\")) and onward.isprintable()
    return onward if fine and "\\" not in onward else ""
