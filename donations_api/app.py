"""The portal as a WSGI app: everything is wired here, and nothing happens at import.

Routes, the one table from errors to answers, and a line a request in the log without personal data.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import perf_counter

from flask import Flask, Response, g, redirect, request, url_for
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Response as AnyResponse

from donations_api import checkout, outbox, receipts, webhook
from donations_api.errors import (
    EventForged,
    EventRefused,
    FieldError,
    FormRefused,
    GivingClosed,
    PaymentPageUnavailable,
)
from donations_api.frame import Frame, load_frame
from donations_api.gift import Gift, Receipt, State
from donations_api.giving import Giving, load_giving
from donations_api.ledger import Ledger
from donations_api.mailer import mailer_for
from donations_api.pages import HEADERS, Pages
from donations_api.settings import Settings
from donations_api.stripe_gateway import StripeGateway

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024  # bytes; Stripe's events and any form are far smaller

# How long the thank-you page waits before each look for the webhook's news, in seconds; no more.
LOOK_AGAIN_AFTER = (2, 2, 3, 4, 5, 8, 10, 15, 20, 30)

# What an error means to the visitor: status, and the page that says it. The nearest class counts.
ANSWERS: dict[type[BaseException], tuple[int, str]] = {
    EventForged: (400, "refused"),
    EventRefused: (422, "refused"),
    GivingClosed: (403, "closed"),
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
    drain_after_webhook: bool = False,
) -> Flask:
    """The portal for ``settings``. ``clock`` tells UTC. Raises FileWrong.

    ``drain_after_webhook`` sends what waits in the outbox once a webhook was answered: for a server
    that lives on after its answer. Elsewhere a schedule sends.
    """
    app = Flask(__name__, static_folder=None, template_folder=settings.theme / "templates")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    portal = _Portal(app, settings, clock, drain_after_webhook)

    app.before_request(_begin)
    app.add_url_rule("/donations", view_func=portal.give, methods=["POST"])
    app.add_url_rule("/donations", view_func=portal.to_the_form)
    app.add_url_rule("/donations/thanks", view_func=portal.thanks)
    app.add_url_rule("/donations/cancelled", view_func=portal.cancelled)
    app.add_url_rule("/webhooks/stripe", view_func=portal.take_event, methods=["POST"])
    app.add_url_rule("/health", view_func=portal.health)
    app.add_url_rule("/ready", view_func=portal.ready)
    app.register_error_handler(Exception, portal.answer_error)
    app.after_request(_finish)
    return app


def drain(settings: Settings, now: datetime) -> int:
    """Send what waits in the outbox at ``now`` (UTC); how many messages went."""
    frame = load_frame(settings.content, settings.theme)
    return outbox.drain(
        Ledger(settings.database_url),
        mailer_for(settings.smtp_url, settings.mail_from),
        partial(receipts.compose, frame),
        now,
    )


class _Portal:
    """The routes, and what they work with."""

    def __init__(
        self, app: Flask, settings: Settings, clock: Callable[[], datetime], drain: bool
    ) -> None:
        self.settings = settings
        self.giving: Giving = load_giving(settings.content)
        self.frame: Frame = load_frame(settings.content, settings.theme)
        self.ledger = Ledger(settings.database_url)
        self.gateway = StripeGateway(settings)
        self.pages = Pages(app, settings, self.giving, self.frame)
        self.tokens = URLSafeSerializer(
            settings.secret_key, salt="gift", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self.clock = clock
        self.drain_after_webhook = drain

    def give(self) -> AnyResponse:
        """The form arrives: on to the payment page, or the form again with what is to be mended."""
        language = self.pages.language(request.form.get("language"))
        try:
            wanted = checkout.parse_form(
                request.form, self.giving, self.frame, sandbox=self.settings.sandbox
            )
            address = checkout.begin(
                wanted,
                ledger=self.ledger,
                gateway=self.gateway,
                frame=self.frame,
                addresses=self._addresses,
                now=self.clock(),
            )
        except FormRefused as refusal:
            status, errors = 422, refusal.errors
        except checkout.TooManyPages:
            status, errors = 429, [FieldError("form", "error.form.too_many", {})]
        except PaymentPageUnavailable as failure:
            again = failure.worth_retrying
            status = 503 if again else 502
            message = "error.form.try_later" if again else "error.form.refused"
            errors = [FieldError("form", message, {})]
        else:
            return redirect(address, 303)
        return self.pages.form(language, status, request.form.to_dict(), errors)

    def to_the_form(self) -> AnyResponse:
        """Whoever opens the form's target, perhaps by going back, finds the form."""
        language = self.pages.language(request.args.get("language"))
        return redirect(language.page("donate"), 303)

    def thanks(self) -> AnyResponse:
        """What the ledger knows of the gift; coming back from the payment page proves nothing."""
        token = request.args.get("gift", "")
        gift, receipt = self._known_by(token)
        if gift.state is State.EXPIRED:
            return self._elsewhere("cancelled", token, gift)
        fund, recipient = self.giving.fund(gift.fund), self.giving.recipient(gift.recipient)
        response = self.pages.page(
            "thanks.html",
            self.pages.language(request.args.get("language") or gift.language),
            alternates=self._in_each_language("thanks", token),
            gift=gift,
            amount=receipt.amount if receipt else gift.amount,
            fund=fund.name if fund else {self.frame.default.code: gift.fund},
            receipt=receipt,
            time_zone=recipient.time_zone if recipient else None,
        )
        looks = request.args.get("looks", 0, type=int)
        if gift.state is not State.RECEIVED and 0 <= looks < len(LOOK_AGAIN_AFTER):
            address = url_for("thanks", gift=token, language=g.language.code, looks=looks + 1)
            response.headers["Refresh"] = f"{LOOK_AGAIN_AFTER[looks]}; url={address}"
        return response

    def cancelled(self) -> AnyResponse:
        """The donor left the payment page without paying; whoever paid after all is thanked."""
        token = request.args.get("gift", "")
        gift, _ = self._known_by(token)
        if gift.state in (State.CONFIRMING, State.RECEIVED):
            return self._elsewhere("thanks", token, gift)
        language = self.pages.language(request.args.get("language") or gift.language)
        alternates = self._in_each_language("cancelled", token)
        return self.pages.page("cancelled.html", language, alternates=alternates, gift=gift)

    def take_event(self) -> Response:
        """Stripe tells what happened. Answered only when it is committed."""
        outcome = webhook.receive(
            self.ledger,
            self.giving,
            self.settings,
            request.get_data(cache=False),
            request.headers.get("Stripe-Signature", ""),
            self.clock(),
        )
        response = _plain(str(outcome), 200)
        if self.drain_after_webhook:
            response.call_on_close(self._drain)
        return response

    def health(self) -> Response:
        return _plain("alive", 200)

    def ready(self) -> Response:
        """Whether gifts can be taken: the database is there and in this version's shape."""
        ready = self.ledger.ready()
        return _plain("ready" if ready else "not ready", 200 if ready else 503)

    def answer_error(self, error: Exception) -> Response:
        """One place for every error that nobody caught; the visitor sees words, never a trace."""
        status, problem = next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)
        if status == 500:
            log.error("unexpected at %s", _route(), exc_info=error)
        if request.path.startswith("/webhooks/"):
            # Our own fault: Stripe keeps the event and brings it again.
            return _plain(problem, 503 if status == 500 else status)
        response = self.pages.problem(problem, status)
        if isinstance(error, MethodNotAllowed):
            response.allow.update(error.valid_methods or ())
        return response

    def _drain(self) -> None:
        try:
            drain(self.settings, self.clock())
        except Exception:  # the event is booked and answered; the next drain sends
            log.exception("the outbox could not be drained")

    def _addresses(self, gift: Gift) -> tuple[str, str]:
        """Where the payment page leads back to: after paying, and after leaving it unpaid."""
        token, language = self.tokens.dumps(gift.id), gift.language
        thanks = url_for("thanks", gift=token, language=language)
        cancelled = url_for("cancelled", gift=token, language=language)
        return self.settings.site_url + thanks, self.settings.site_url + cancelled

    def _known_by(self, token: str) -> tuple[Gift, Receipt | None]:
        """The gift whose link was signed, and its receipt. Raises BadData and NotFound."""
        gift_id = self.tokens.loads(token)
        with self.ledger.books() as books:
            gift, receipt = books.gift(gift_id), books.receipt_of(gift_id)
        if not gift:
            raise NotFound
        return gift, receipt

    def _elsewhere(self, endpoint: str, token: str, gift: Gift) -> AnyResponse:
        """To the page that is true of the gift, in the visitor's language."""
        language = self.pages.language(request.args.get("language") or gift.language)
        return redirect(url_for(endpoint, gift=token, language=language.code), 303)

    def _in_each_language(self, endpoint: str, token: str) -> dict[str, str]:
        return {
            one.code: url_for(endpoint, gift=token, language=one.code)
            for one in self.frame.languages
        }


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")


def _route() -> str:
    """The request's route as it is declared: a path may hold what a person typed, or a token."""
    return f"{request.method} {request.url_rule.rule if request.url_rule else '(no such page)'}"


def _begin() -> None:
    g.began = perf_counter()


def _finish(response: Response) -> Response:
    response.headers.update(HEADERS)
    took = 1000 * (perf_counter() - g.began)
    log.info("%s %s %.0f ms", _route(), response.status_code, took)
    return response
