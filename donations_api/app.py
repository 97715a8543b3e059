"""The portal as a WSGI app: everything is wired here, and nothing happens at import.

Routes, the one table from errors to answers, and a line a request in the log without personal data.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

from flask import Flask, Response, g, request
from itsdangerous import BadData
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response as AnyResponse

from donations_api import copies, monthly, outbox, papers, webhook
from donations_api.checking import Checking
from donations_api.donating import Donating
from donations_api.errors import (
    EventForged,
    EventRefused,
    GivingClosed,
    LedgerUnavailable,
    StripeUnavailable,
)
from donations_api.frame import load_frame
from donations_api.gift import Receipt
from donations_api.giving import load_giving
from donations_api.ledger import Ledger
from donations_api.letters import Addresses, compose
from donations_api.links import Links
from donations_api.mailer import Letter, mailer_for
from donations_api.my_gift import MyGift
from donations_api.my_pledge import MyPledge
from donations_api.pages import HEADERS, Pages, refuse_nul
from donations_api.portal import Portal
from donations_api.records import Message
from donations_api.settings import Settings
from donations_api.stripe_gateway import StripeGateway
from donations_api.traces import trace

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024  # bytes; Stripe's events and any form are far smaller

# The routes that queue mail.
QUEUEING = ("give", "take_event", "change_gift", "change_pledge", "stop_pledge")

# What an error means to the visitor: status, and the page that says it. The nearest class counts.
ANSWERS: dict[type[BaseException], tuple[int, str]] = {
    EventForged: (400, "refused"),
    EventRefused: (422, "refused"),
    GivingClosed: (403, "closed"),
    StripeUnavailable: (503, "payment_page"),
    LedgerUnavailable: (503, "broken"),
    BadData: (404, "not_found"),
    NotFound: (404, "not_found"),
    MethodNotAllowed: (405, "not_found"),
    RequestEntityTooLarge: (413, "too_large"),
    HTTPException: (400, "refused"),
    Exception: (500, "broken"),
}


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    on_queued: Callable[[], None] | None = None,
) -> Flask:
    """The portal for ``settings``. ``clock`` tells UTC. Raises FileWrong.

    ``on_queued`` is called once a form, a webhook, or a donor's change was answered, by which mail
    may have been queued: for a server that lives on after its answer. Elsewhere a schedule sends.
    """
    app = Flask(__name__, static_folder=None, template_folder=settings.theme / "templates")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    portal = portal_for(settings, clock)
    pages = Pages(app, settings, portal.giving, portal.frame)
    donating, my_gift, my_pledge = (
        Donating(portal, pages),
        MyGift(portal, pages),
        MyPledge(portal, pages),
    )
    station = _Station(portal, pages)

    def route(path: str, view: Callable[..., AnyResponse], name: str, *methods: str) -> None:
        app.add_url_rule(path, name, view, methods=methods or ("GET",))

    route("/donations", donating.give, "give", "POST")
    route("/donations", donating.to_the_form, "to_the_form")
    route("/donations/thanks", donating.thanks, "thanks")
    route("/donations/thanks/keepsake.png", donating.keepsake, "keepsake")
    route("/donations/transfer", donating.transfer, "transfer")
    route("/donations/cancelled", donating.cancelled, "cancelled")
    route("/gifts/<token>", my_gift.show, "my_gift")
    route("/gifts/<token>", my_gift.change, "change_gift", "POST")
    route("/gifts/<token>/receipts/<number>", my_gift.receipt, "my_receipt")
    route("/gifts/<token>/gifts.csv", my_gift.all_gifts, "all_gifts")
    route("/receipts/<code>", Checking(portal, pages).show, "check_receipt")
    route("/pledges/<token>", my_pledge.show, "my_pledge")
    route("/pledges/<token>", my_pledge.change, "change_pledge", "POST")
    route("/pledges/<token>/stop", my_pledge.stop, "stop_pledge", "POST")
    route("/pledges/<token>/stop", my_pledge.to_the_page, "to_the_pledge")
    route("/reminders/<token>", my_pledge.give_again, "give_again")
    route("/webhooks/stripe", station.take_event, "take_event", "POST")
    route("/health", station.health, "health")
    route("/ready", station.ready, "ready")
    if on_queued:
        app.after_request(partial(station.tell_queued, on_queued))
    app.before_request(_begin)
    app.before_request(refuse_nul)
    app.register_error_handler(Exception, station.answer_error)
    app.after_request(_finish)
    return app


def portal_for(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Portal:
    """What the pages and the schedule work with. Raises FileWrong."""
    return Portal(
        settings=settings,
        giving=load_giving(settings.content),
        frame=load_frame(settings.content, settings.theme),
        ledger=Ledger(settings.database_url),
        gateway=StripeGateway(settings),
        links=Links(settings),
        clock=clock,
    )


def drain(settings: Settings, now: datetime) -> int:
    """What the schedule does: queue the reminders that are due, send what waits; how many went.

    ``now`` is UTC.
    """
    portal = portal_for(settings, lambda: now)
    monthly.remind(portal, now)
    mailer = mailer_for(settings.smtp_url, settings.mail_from)
    return outbox.drain(portal.ledger, mailer, partial(_letter, portal), now)


def _letter(portal: Portal, message: Message, receipt: Receipt | None) -> Letter:
    """The letter of a mail, with the links of its own donor."""
    links, gift_id, pledge_id = portal.links, message.gift_id, message.pledge_id
    # What the mail says itself outranks the receipt: another language, or that it is a copy.
    said = {**(receipt.snapshot if receipt else {}), **message.said}
    kind = message.kind
    if receipt and kind == outbox.COPY:
        kind = outbox.letter_kind(receipt)
        said["copy"] = True
    period = said.get("period", "")
    with portal.ledger.reading() as books:
        moves = copies.moves(books, gift_id, pledge_id)
    addresses = Addresses(
        gift=links.my_gift(gift_id, moves) if gift_id else "",
        pledge=links.my_pledge(pledge_id, moves) if pledge_id else "",
        give=links.next_gift(pledge_id, period) if pledge_id and period else "",
        stop=links.my_pledge(pledge_id, moves) if pledge_id and period else "",
        unsubscribe=links.stop(pledge_id, moves) if pledge_id and period else "",
    )
    check = links.check(receipt.id) if receipt else ""
    pdf = (papers.attach(portal.frame, said, check),) if kind in papers.WITH_LETTER else ()
    return compose(portal.frame, addresses, kind, said, pdf)


class _Station:
    """Where machines call: Stripe, monitors; and what everybody is told when something is wrong."""

    def __init__(self, portal: Portal, pages: Pages) -> None:
        self._portal = portal
        self._pages = pages

    def take_event(self) -> Response:
        """Stripe tells what happened. Answered only when it is committed."""
        portal = self._portal
        outcome = webhook.receive(
            portal.ledger,
            portal.giving,
            portal.settings,
            request.get_data(cache=False),
            request.headers.get("Stripe-Signature", ""),
            portal.clock(),
        )
        return _plain(str(outcome), 200)

    def tell_queued(self, on_queued: Callable[[], None], response: Response) -> Response:
        if request.endpoint in QUEUEING:
            response.call_on_close(on_queued)
        return response

    def health(self) -> Response:
        return _plain("alive", 200)

    def ready(self) -> Response:
        """Whether gifts can be taken: the database is there and in this version's shape."""
        try:
            ready = self._portal.ledger.ready()
        except LedgerUnavailable:
            ready = False
        return _plain("ready" if ready else "not ready", 200 if ready else 503)

    def answer_error(self, error: Exception) -> Response:
        """One place for every error that nobody caught; the visitor sees words, never a trace."""
        status, problem = next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)
        if status == 500:
            log.error("unexpected at %s: %s", _route(), trace(error))
        elif isinstance(error, LedgerUnavailable):
            log.error("at %s the database: %s", _route(), error.values["reason"])
        if request.path.startswith("/webhooks/"):
            # Our own fault: Stripe keeps the event and brings it again.
            return _plain(problem, 503 if status == 500 else status)
        response = self._pages.problem(problem, status)
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods or ())
        return response


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")


def _route() -> str:
    """The request's route as it is declared: a path may hold what a person typed, or a token."""
    return f"{request.method} {request.url_rule.rule if request.url_rule else '(no such page)'}"


def _begin() -> None:
    g.began = perf_counter()


def _finish(response: Response) -> Response:
    for header, value in HEADERS.items():
        response.headers.setdefault(header, value)
    took = 1000 * (perf_counter() - g.began)
    log.info("%s %s %.0f ms", _route(), response.status_code, took)
    return response
