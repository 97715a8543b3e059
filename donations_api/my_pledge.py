"""My monthly giving: change, pause, end, or give again, from a link in a mail (rule D10)."""

import secrets

from flask import redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from donations_api import copies, monthly
from donations_api.checkout import TooManyPages
from donations_api.errors import FieldError, StripeUnavailable
from donations_api.frame import Language
from donations_api.pages import Pages
from donations_api.pledge import Pledge, PledgeState
from donations_api.portal import Portal
from donations_api.subscription import Subscription

# In which states a pledge may be for a wish. Who sends another from a page that is older than the
# last change is shown how it stands.
_FITS = {
    "amount": (PledgeState.ACTIVE, PledgeState.PAUSED, PledgeState.FAILING),
    "pause": (PledgeState.ACTIVE,),
    "resume": (PledgeState.PAUSED,),
}
# What the page says once a wish was done.
_DONE = ("amount", "pause", "resume", "end")


class MyPledge:
    """Its routes are declared in ``app``."""

    def __init__(self, portal: Portal, pages: Pages) -> None:
        self._portal = portal
        self._pages = pages

    def show(self, token: str) -> Response:
        return self._page(token, *self._known_by(token))

    def change(self, token: str) -> Response:
        """One wish of the donor's; then the page again, which says what is true now."""
        pledge, subscription = self._known_by(token)
        language, wish = self._language(pledge), request.form.get("wish", "")
        key = f"{pledge.id}-{request.form.get('once', '')[:40]}"
        if not subscription and pledge.frequency == "monthly":
            raise NotFound  # nothing was begun at Stripe, so there is nothing to change
        state = (subscription or pledge).state
        if state not in _FITS.get(wish, (state,)):
            return redirect(url_for("my_pledge", token=token, language=language.code), 303)
        try:
            match wish, subscription:
                case "amount", _:
                    typed = request.form.get("amount", "")
                    errors = monthly.change_amount(
                        self._portal, pledge, subscription, typed, language, key
                    )
                    if errors:
                        return self._page(token, pledge, subscription, 422, errors)
                case "pause", Subscription():
                    months = request.form.get("months", 1, type=int)
                    if months not in monthly.PAUSES:
                        raise BadRequest
                    monthly.pause(self._portal, pledge, subscription, months, key)
                case "resume", Subscription():
                    monthly.resume(self._portal, pledge, subscription, key)
                case "card", Subscription():
                    back = f"{self._portal.settings.site_url}{url_for('my_pledge', token=token)}"
                    return redirect(self._portal.gateway.card_page(subscription, back), 303)
                case "end", _:
                    monthly.end(self._portal, pledge, subscription)
                case _:
                    raise BadRequest
        except StripeUnavailable:
            errors = [FieldError("form", "error.pledge.try_later", {})]
            return self._page(token, pledge, subscription, 503, errors)
        done = url_for("my_pledge", token=token, language=language.code, done=wish)
        return redirect(done, 303)

    def stop(self, token: str) -> Response:
        """A mail program's one click (RFC 8058): it sends no cookie, and wants no page."""
        pledge = self._pledge(token)
        if pledge.frequency == "reminder" and pledge.state is not PledgeState.ENDED:
            monthly.end(self._portal, pledge, None)
        return Response("stopped\n", 200, mimetype="text/plain")

    def to_the_page(self, token: str) -> Response:
        """Who opens the one-click address in a browser finds the page with its buttons."""
        return redirect(url_for("my_pledge", token=token), 303)

    def give_again(self, token: str) -> Response:
        """One tap in a reminder: on to the payment page; or to the gift, if it was given before."""
        pledge_id, period = self._portal.links.reminder_of(token)
        with self._portal.ledger.reading() as books:
            pledge = books.pledge(pledge_id)
        if not pledge:
            raise NotFound
        language = self._language(pledge)
        try:
            found = monthly.next_gift(self._portal, pledge, period)
        except TooManyPages:
            return self._pages.problem("try_later", 429)
        except StripeUnavailable:
            return self._pages.problem("payment_page", 503)
        if isinstance(found, str):
            return redirect(found, 303)
        returning = self._portal.links.returning(found.id)
        return redirect(url_for("thanks", gift=returning, language=language.code), 303)

    def _page(
        self,
        token: str,
        pledge: Pledge,
        subscription: Subscription | None,
        status: int = 200,
        errors: list[FieldError] | None = None,
    ) -> Response:
        giving = self._portal.giving
        fund, recipient = giving.fund(pledge.fund), giving.recipient(pledge.recipient)
        state = PledgeState(subscription.state) if subscription else pledge.state
        done = request.args.get("done", "")
        return self._pages.page(
            "my_pledge.html",
            self._language(pledge),
            status,
            alternates={
                one.code: url_for("my_pledge", token=token, language=one.code)
                for one in self._portal.frame.languages
            },
            pledge=pledge,
            state=state,
            amount=subscription.amount if subscription else pledge.amount,
            next_at=subscription.next_at if subscription else pledge.due_at,
            resumes_at=subscription.resumes_at if subscription else None,
            fund=fund.name if fund else {self._portal.frame.default.code: pledge.fund},
            time_zone=recipient.time_zone if recipient else None,
            currency=giving.currency(pledge.amount.currency),
            pauses=monthly.PAUSES,
            may_ask=monthly.may_ask(self._portal, pledge),
            done=done if done in _DONE and not errors else "",
            form={"values": request.form, "errors": errors or []},
            # A page that is sent twice, by an impatient finger, acts once.
            once=secrets.token_hex(8),
        )

    def _known_by(self, token: str) -> tuple[Pledge, Subscription | None]:
        """The pledge whose link was mailed, and how it stands at Stripe.

        Raises BadData, NotFound and StripeUnavailable.
        """
        pledge = self._pledge(token)
        known = pledge.subscription_id
        return pledge, self._portal.gateway.subscription(known) if known else None

    def _pledge(self, token: str) -> Pledge:
        """The pledge whose link was mailed to the address that it has now."""
        pledge_id, moves = self._portal.links.pledge_of(token)
        with self._portal.ledger.reading() as books:
            pledge = books.pledge(pledge_id)
            if not pledge or moves != copies.moves(books, None, pledge.id):
                raise NotFound
        return pledge

    def _language(self, pledge: Pledge) -> Language:
        return self._pages.language(request.args.get("language") or pledge.language)
