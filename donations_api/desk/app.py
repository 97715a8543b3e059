"""The desk as a WSGI app: its pages in the order of the menu, its door, its words for errors."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Flask, Response, redirect, request, send_file, session, url_for
from jinja2 import FileSystemLoader
from werkzeug.exceptions import (
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response as AnyResponse

from donations_api.app import portal_for, utc_now
from donations_api.desk import (
    bank,
    correcting,
    documents,
    donor,
    entering,
    events,
    finding,
    gift_aid,
    journal,
    mails,
    moderation,
    months,
    past_stripe,
    pledges,
    story,
    tickets,
    waiting,
)
from donations_api.desk.desk import Desk, Offer, dress
from donations_api.desk.door import Closed, Door, WrongHost
from donations_api.errors import Explained, LedgerUnavailable
from donations_api.gift_aid import KIND as GIFT_AID
from donations_api.pages import HEADERS, Pages, refuse_nul
from donations_api.settings import Settings
from donations_api.tickets import KIND as TICKET
from donations_api.traces import trace

log = logging.getLogger(__name__)

_HERE = Path(__file__).resolve().parent.parent
LARGEST_BODY = 20 * 1024 * 1024  # bytes; a bank's statement of a year is smaller
_LANGUAGE_KEPT = "language"


@dataclass(frozen=True, slots=True)
class Page:
    """``pages`` makes the blueprint ``name``; ``<name>.show`` stands in the menu as
    ``desk.menu.<name>`` when ``in_menu``; with ``receipt``, only where a recipient has this kind of
    receipt. ``offers``: what it can do to a gift.
    """

    name: str
    pages: Callable[[Desk], Blueprint]
    in_menu: bool = True
    receipt: str = ""
    offers: tuple[Offer, ...] = ()


PAGES = (
    Page("waiting", waiting.pages),
    Page("finding", finding.pages),
    Page("story", story.pages, in_menu=False),
    Page("entering", entering.pages),
    Page("past_stripe", past_stripe.pages, in_menu=False),
    Page("bank", bank.pages),
    Page("documents", documents.pages, in_menu=False, offers=(documents.OFFER,)),
    Page("tickets", tickets.pages, receipt=TICKET, offers=(tickets.OFFER,)),
    Page("gift_aid", gift_aid.pages, receipt=GIFT_AID, offers=(gift_aid.OFFER,)),
    Page("donor", donor.pages, in_menu=False, offers=(donor.OFFER,)),
    Page("correcting", correcting.pages, offers=(correcting.OFFER,)),
    Page("moderation", moderation.pages, offers=(moderation.OFFER,)),
    Page("months", months.pages),
    Page("mails", mails.pages),
    Page("events", events.pages),
    Page("pledges", pledges.pages),
    Page("journal", journal.pages),
)

# What an error means at the desk: status, and the words ``desk.problem.<name>``.
_ANSWERS: dict[type[BaseException], tuple[int, str]] = {
    Closed: (403, "closed"),
    WrongHost: (421, "host"),
    Forbidden: (403, "form"),
    NotFound: (404, "not_found"),
    MethodNotAllowed: (405, "not_found"),
    RequestEntityTooLarge: (413, "too_large"),
    LedgerUnavailable: (503, "books"),
    Explained: (422, "explained"),
    HTTPException: (400, "form"),
    Exception: (500, "broken"),
}


def create_desk(
    settings: Settings, door: Door, *, clock: Callable[[], datetime] = utc_now
) -> Flask:
    """The desk over the books of ``settings``. ``clock`` tells UTC. Raises FileWrong."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.jinja_loader = FileSystemLoader([_HERE / "templates", settings.theme / "templates"])
    portal = portal_for(settings, clock)
    catalogs = (*portal.frame.words, _HERE / "locale")
    pages = Pages(app, settings, portal.giving, portal.frame, _HERE / "locale")
    desk = Desk(portal, pages, catalogs, [offer for one in PAGES for offer in one.offers])
    dress(app, desk)
    styles = {
        "site": settings.theme / "static" / "site.css",
        "giving": settings.theme / "static" / "giving.css",
        "desk": _HERE / "templates" / "desk" / "desk.css",
    }

    def style(name: str) -> Response:
        return send_file(styles[name], mimetype="text/css")

    def keep_language() -> None:
        if request.args.get(_LANGUAGE_KEPT):
            session[_LANGUAGE_KEPT] = pages.language(request.args[_LANGUAGE_KEPT]).code

    def ask_who() -> AnyResponse | None:
        if desk.person or request.endpoint in ("style", "waiting.who", "waiting.sit_down"):
            return None
        onward = request.full_path if request.method == "GET" else "/"
        return redirect(url_for("waiting.who", onward=f"{request.script_root}{onward}"), 303)

    def answer_error(error: Exception) -> Response:
        """Words, never a trace."""
        status, problem = next(_ANSWERS[kind] for kind in type(error).__mro__ if kind in _ANSWERS)
        if status == 500:
            log.error("unexpected at the desk, %s: %s", request.endpoint, trace(error))
        reason = error if isinstance(error, Explained) else None
        response = desk.page("problem.html", status, problem=problem, reason=reason)
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods or ())
        return response

    door.guard(app)
    app.before_request(refuse_nul)
    app.before_request(keep_language)
    app.before_request(ask_who)
    app.add_url_rule("/style/<any(site, giving, desk):name>.css", "style", style)
    for one in PAGES:
        app.register_blueprint(one.pages(desk))
    kinds = {"", *(one.receipt for one in portal.giving.recipients)}
    menu = [one.name for one in PAGES if one.in_menu and one.receipt in kinds]
    app.context_processor(lambda: {"menu": menu})
    app.register_error_handler(Exception, answer_error)
    app.after_request(_finish)
    return app


def _finish(response: Response) -> Response:
    # The browser tells our own pages, and nobody else, where a form comes from: the door looks.
    own = {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    response.headers.update(HEADERS | own)
    return response
