"""The pages of giving: the form's answer, and what donors come back to from the payment page."""

from flask import g, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from donations_api import checkout
from donations_api.errors import FieldError, FormRefused, StripeUnavailable
from donations_api.form import GiftRequest, TotalNotAgreed, parse_form
from donations_api.gift import Gift, Receipt, State
from donations_api.pages import Pages
from donations_api.portal import Portal
from donations_api.templating import THANKS, TRANSFER

# How long the thank-you page waits before each look for the webhook's news, in seconds; no more.
LOOK_AGAIN_AFTER = (2, 2, 3, 4, 5, 8, 10, 15, 20, 30)


class Donating:
    """Their routes are declared in ``app``."""

    def __init__(self, portal: Portal, pages: Pages) -> None:
        self._portal = portal
        self._pages = pages

    def give(self) -> Response:
        """The form arrives: on to the payment page, or the form again with what is to be mended."""
        portal = self._portal
        language = self._pages.language(request.form.get("language"))
        typed = request.form.to_dict()
        # Only the language was changed on a form with mistakes: it is shown again, nothing begins.
        shown_again = typed.get("way") == "form"
        status, errors = 200, list[FieldError]()
        try:
            wanted = parse_form(
                request.form,
                portal.giving,
                portal.frame,
                sandbox=portal.settings.sandbox,
                today=portal.today,
            )
            if not shown_again:
                return redirect(self._begin(wanted), 303)
        except TotalNotAgreed as asked:
            if not shown_again:
                return self._pages.review(language, asked.request, typed)
        except FormRefused as refusal:
            status, errors = 422, refusal.errors
        except checkout.TooManyPages:
            status, errors = 429, [FieldError("form", "error.form.too_many", {})]
        except StripeUnavailable as failure:
            status = 503 if failure.worth_retrying else 502
            message = "try_later" if failure.worth_retrying else "refused"
            errors = [FieldError("form", f"error.form.{message}", {})]
        return self._pages.form(language, status, typed, errors, self._portal.today)

    def _begin(self, wanted: GiftRequest) -> str:
        """Where the donor goes on: to the payment page, or to the page that tells the account."""
        portal = self._portal
        if not wanted.by_transfer:
            return checkout.begin(portal, wanted)
        token = portal.links.returning(checkout.announce(portal, wanted).id)
        return url_for("transfer", gift=token, language=wanted.language.code)

    def to_the_form(self) -> Response:
        """Whoever opens the form's target, perhaps by going back, finds the form."""
        language = self._pages.language(request.args.get("language"))
        return redirect(language.page("donate"), 303)

    def thanks(self) -> Response:
        """What the ledger knows of the gift; coming back from the payment page proves nothing."""
        token = request.args.get("gift", "")
        gift, receipt = self._known_by(token)
        if gift.state in (State.EXPIRED, State.FAILED):
            return self._elsewhere("cancelled", token, gift)
        if gift.state is State.PENDING and gift.transfer_code:
            return self._elsewhere("transfer", token, gift)
        giving = self._portal.giving
        fund, recipient = giving.fund(gift.fund), giving.recipient(gift.recipient)
        response = self._pages.page(
            "thanks.html",
            self._pages.language(request.args.get("language") or gift.language),
            page_key=THANKS,
            alternates=self._in_each_language("thanks", token),
            gift=gift,
            amount=receipt.amount if receipt else gift.amount,
            fund=fund.name if fund else {self._portal.frame.default.code: gift.fund},
            receipt=receipt,
            time_zone=recipient.time_zone if recipient else None,
        )
        looks = request.args.get("looks", 0, type=int)
        if gift.state is not State.RECEIVED and 0 <= looks < len(LOOK_AGAIN_AFTER):
            address = url_for("thanks", gift=token, language=g.language.code, looks=looks + 1)
            response.headers["Refresh"] = f"{LOOK_AGAIN_AFTER[looks]}; url={address}"
        return response

    def transfer(self) -> Response:
        """What the donor needs for the bank transfer: where to, how much, and the code.

        Whoever's money has come is thanked.
        """
        token = request.args.get("gift", "")
        gift, _ = self._known_by(token)
        if gift.state is not State.PENDING or not gift.transfer_code:
            return self._elsewhere("thanks", token, gift)
        recipient = self._portal.giving.recipient(gift.recipient)
        sandbox = self._portal.settings.sandbox
        language = self._pages.language(request.args.get("language") or gift.language)
        today = self._portal.today
        bank = (
            recipient.shown_bank(language.code, sandbox=sandbox, today=today) if recipient else {}
        )
        return self._pages.page(
            "transfer.html",
            language,
            page_key=TRANSFER,
            alternates=self._in_each_language("transfer", token),
            gift=gift,
            bank=bank,
            recipients=[recipient] if bank else [],
        )

    def cancelled(self) -> Response:
        """No money came: the donor turned back, the page's time ran out, or the debit failed.

        Whoever paid after all is thanked.
        """
        token = request.args.get("gift", "")
        gift, _ = self._known_by(token)
        if gift.state in (State.CONFIRMING, State.RECEIVED):
            return self._elsewhere("thanks", token, gift)
        language = self._pages.language(request.args.get("language") or gift.language)
        alternates = self._in_each_language("cancelled", token)
        return self._pages.page("cancelled.html", language, alternates=alternates, gift=gift)

    def _known_by(self, token: str) -> tuple[Gift, Receipt | None]:
        """The gift whose link was signed, and its receipt. Raises BadData and NotFound."""
        gift_id = self._portal.links.gift_returned_to(token)
        with self._portal.ledger.books() as books:
            gift, receipt = books.gift(gift_id), books.receipt_of(gift_id)
        if not gift:
            raise NotFound
        return gift, receipt

    def _elsewhere(self, endpoint: str, token: str, gift: Gift) -> Response:
        """To the page that is true of the gift, in the visitor's language."""
        language = self._pages.language(request.args.get("language") or gift.language)
        return redirect(url_for(endpoint, gift=token, language=language.code), 303)

    def _in_each_language(self, endpoint: str, token: str) -> dict[str, str]:
        return {
            one.code: url_for(endpoint, gift=token, language=one.code)
            for one in self._portal.frame.languages
        }
