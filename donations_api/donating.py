"""The pages of giving: the form's answer, and what donors come back to from the payment page."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import g, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from donations_api import checkout
from donations_api.entry import STANDS, Entry, Standing, standing
from donations_api.errors import FieldError, FormRefused, StripeUnavailable
from donations_api.form import GiftRequest, TotalNotAgreed, parse_form
from donations_api.gift import Gift, Receipt, State
from donations_api.giving import Recipient
from donations_api.keepsake import keepsake, picture
from donations_api.money import Money
from donations_api.pages import Pages
from donations_api.pledge import Pledge, PledgeState, months_after
from donations_api.portal import Portal
from donations_api.sharing import described
from donations_api.tables import Texts
from donations_api.templating import THANKS, TRANSFER

# How long the thank-you page waits before each look for the webhook's news, in seconds; no more.
LOOK_AGAIN_AFTER = (2, 2, 3, 4, 5, 8, 10, 15, 20, 30)

SHOWN = "shown"  # what an address says of the amount when the keepsake is to tell it


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
        known = self._known_by(token)
        gift, receipt = known.gift, known.receipt
        if gift.state in (State.EXPIRED, State.FAILED):
            return self._elsewhere("cancelled", token, gift)
        if gift.state is State.PENDING and gift.transfer_code:
            return self._elsewhere("transfer", token, gift)
        portal = self._portal
        language = self._pages.language(request.args.get("language") or gift.language)
        recipient = portal.giving.recipient(gift.recipient)
        response = self._pages.page(
            "thanks.html",
            language,
            page_key=THANKS,
            alternates=self._in_each_language("thanks", token),
            gift=gift,
            amount=receipt.amount if receipt else gift.amount,
            fund=self._fund(gift),
            receipt=receipt,
            recipient=recipient,
            time_zone=recipient.time_zone if recipient else None,
            standing=known.standing,
            came=known.standing in STANDS,
            next_at=known.next_at(portal.clock(), recipient),
            token=token,
            amount_shown=request.args.get("amount") == SHOWN,
            described=described(portal.settings.content, language),
        )
        looks = request.args.get("looks", 0, type=int)
        if gift.state is not State.RECEIVED and 0 <= looks < len(LOOK_AGAIN_AFTER):
            address = url_for("thanks", gift=token, language=g.language.code, looks=looks + 1)
            response.headers["Refresh"] = f"{LOOK_AGAIN_AFTER[looks]}; url={address}"
        return response

    def keepsake(self) -> Response:
        """The picture beside the thanks, for whoever may see these, once the money has come.

        The address chooses the language, and whether the amount is shown; nothing else.
        """
        known = self._known_by(request.args.get("gift", ""))
        gift, receipt = known.gift, known.receipt
        language = self._pages.language(request.args.get("language") or gift.language)
        if not receipt or known.standing not in STANDS:
            raise NotFound
        portal = self._portal
        recipient = portal.giving.recipient(gift.recipient)
        shown = request.args.get("amount") == SHOWN and not gift.in_kind
        drawn = keepsake(
            portal.frame,
            language,
            portal.giving.organisation,
            name="" if gift.anonymous else gift.name,
            fund=self._fund(gift),
            received_at=receipt.received_at,
            zone=recipient.time_zone if recipient else None,
            amount=known.stands if shown else None,
            site_url=portal.settings.site_url,
            demo=not portal.settings.live,
        )
        response = Response(picture(drawn), mimetype="image/png")
        organisation = portal.frame.text(portal.giving.organisation.short_name, language)
        name = self._pages.say(language, "thanks.keepsake.file") % {"name": organisation}
        # For browsers that read no other alphabet in a header (RFC 6266) there is a plain name too.
        response.headers["Content-Disposition"] = (
            f"inline; filename=\"thank-you.png\"; filename*=UTF-8''{quote(name)}.png"
        )
        return response

    def transfer(self) -> Response:
        """What the donor needs for the bank transfer: where to, how much, and the code.

        Whoever's money has come is thanked.
        """
        token = request.args.get("gift", "")
        gift = self._known_by(token).gift
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
        gift = self._known_by(token).gift
        if gift.state in (State.CONFIRMING, State.RECEIVED):
            return self._elsewhere("thanks", token, gift)
        language = self._pages.language(request.args.get("language") or gift.language)
        alternates = self._in_each_language("cancelled", token)
        return self._pages.page("cancelled.html", language, alternates=alternates, gift=gift)

    def _known_by(self, token: str) -> "_Known":
        """What the books have of the gift whose link was signed. Raises BadData and NotFound."""
        gift_id = self._portal.links.gift_returned_to(token)
        with self._portal.ledger.reading() as books:
            gift = books.gift(gift_id)
            if not gift:
                raise NotFound
            return _Known(
                gift,
                books.receipt_of(gift_id),
                tuple(books.entries_of(gift_id)),
                books.pledge(gift.pledge_id) if gift.pledge_id else None,
            )

    def _fund(self, gift: Gift) -> Texts:
        fund = self._portal.giving.fund(gift.fund)
        return fund.name if fund else {self._portal.frame.default.code: gift.fund}

    def _elsewhere(self, endpoint: str, token: str, gift: Gift) -> Response:
        """To the page that is true of the gift, in the visitor's language."""
        language = self._pages.language(request.args.get("language") or gift.language)
        return redirect(url_for(endpoint, gift=token, language=language.code), 303)

    def _in_each_language(self, endpoint: str, token: str) -> dict[str, str]:
        return {
            one.code: url_for(endpoint, gift=token, language=one.code)
            for one in self._portal.frame.languages
        }


@dataclass(frozen=True, slots=True)
class _Known:
    """A gift, its own receipt, its entries, and the pledge that it belongs to."""

    gift: Gift
    receipt: Receipt | None
    entries: tuple[Entry, ...]
    pledge: Pledge | None

    @property
    def standing(self) -> Standing:
        return standing(self.gift, self.entries)

    @property
    def stands(self) -> Money:
        """What was given and not given back."""
        given = sum(one.given.minor for one in self.entries)
        return Money(given, self.gift.amount.currency)

    def next_at(self, now: datetime, recipient: Recipient | None) -> datetime | None:
        """About when the next gift is due, if that is to come; all UTC."""
        if not (self.pledge and self.receipt and recipient):
            return None
        if self.pledge.state is not PledgeState.ACTIVE:
            return None
        month_later = months_after(self.receipt.received_at, 1, recipient.time_zone)
        due_at = self.pledge.due_at or month_later
        return due_at if due_at > now else None
