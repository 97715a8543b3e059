"""My gift: its state, its receipts, all gifts of this donor, from a link in a mail (rule D15).

Also what the donor wishes: the official ticket, Gift Aid, the acknowledgement once more.
"""

from datetime import UTC
from functools import partial

from flask import make_response, redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from donations_api import copies, gift_aid, tickets
from donations_api.clerk import Clerk
from donations_api.entry import CAME, STANDS, Entry, Standing, standing
from donations_api.errors import FieldError, FormRefused
from donations_api.frame import Language
from donations_api.gift import Gift, Receipt
from donations_api.letters import Addresses, compose
from donations_api.money import Money
from donations_api.outbox import letter_kind
from donations_api.pages import Pages
from donations_api.portal import Portal
from donations_api.spreadsheets import Cell, written_as_csv
from donations_api.templating import content_policy

# Where the money of a gift goes, step by step.
_WAY = (Standing.RECEIVED, Standing.SETTLED, Standing.PAID_OUT)
# What the page says once a wish is kept, and when the letter was sent again a moment ago.
_DONE = ("ticket", "declare", "cancel_declaration", "again", "again_soon")
_COLUMNS = ("date", "amount", "currency", "returned", "fund", "frequency", "state", "number")


class MyGift:
    """Its routes are declared in ``app``."""

    def __init__(self, portal: Portal, pages: Pages) -> None:
        self._portal = portal
        self._pages = pages

    def show(self, token: str) -> Response:
        return self._page(token, self._known_by(token))

    def change(self, token: str) -> Response:
        """One wish of the donor's; then the page again, which says what is true now."""
        gift = self._known_by(token)
        language = self._language(gift)
        try:
            with self._portal.ledger.books() as books:
                done = self._keep(self._portal.clerk(books), gift, language)
                books.commit()
        except FormRefused as refused:
            return self._page(token, gift, 422, refused.errors)
        except tickets.TicketIssued:
            done = ""  # its number came meanwhile, and the page shows it
        return redirect(url_for("my_gift", token=token, language=language.code, done=done), 303)

    def _keep(self, clerk: Clerk, gift: Gift, language: Language) -> str:
        """Keep what is wished; what the page says then.

        Raises FormRefused, TicketIssued, and BadRequest for what no form here offers.
        """
        form, books = request.form, clerk.books
        receipt, kind = books.receipt_of(gift.id), clerk.recipient_of(gift).receipt
        if not receipt or standing(gift, books.entries_of(gift.id)) not in STANDS:
            raise BadRequest
        match form.get("wish"), kind:
            case "again", _ if gift.email:
                return "again" if copies.resend_to_donor(clerk, receipt) else "again_soon"
            case "ticket", tickets.KIND:
                tickets.wish(clerk, gift, tickets.read_wish(form))
                return "ticket"
            case "declare", gift_aid.KIND if gift.amount.currency == gift_aid.CURRENCY:
                declared = gift_aid.read_declared(form)
                known = books.wishes.declarations_about(gift.recipient, gift.id, gift.email)
                if not gift_aid.live(known):  # an impatient finger declares once
                    words = self._words(gift, language, declared.scope)
                    gift_aid.declare(clerk, gift, declared, words.whole, language.code)
                return "declare"
            case "cancel_declaration", gift_aid.KIND:
                gift_aid.cancel(clerk, gift)
                return "cancel_declaration"
        raise BadRequest

    def _page(
        self, token: str, gift: Gift, status: int = 200, errors: list[FieldError] | None = None
    ) -> Response:
        with self._portal.ledger.reading() as books:
            entries, receipts = books.entries_of(gift.id), books.receipts_of(gift.id)
            ticket = books.wishes.ticket(gift.id)
            declared = books.wishes.declarations_about(gift.recipient, gift.id, gift.email)
        giving, language = self._portal.giving, self._language(gift)
        fund, recipient = giving.fund(gift.fund), giving.recipient(gift.recipient)
        stands = standing(gift, entries)
        links = self._portal.links
        return self._pages.page(
            "my_gift.html",
            language,
            status,
            alternates={
                one.code: url_for("my_gift", token=token, language=one.code)
                for one in self._portal.frame.languages
            },
            gift=gift,
            amount=next((one.amount for one in receipts), gift.amount),
            standing=stands,
            way=_WAY,
            entries=[one for one in entries if one.given.minor],
            receipts=receipts,
            fund=fund.name if fund else {self._portal.frame.default.code: gift.fund},
            recipient=recipient,
            time_zone=recipient.time_zone if recipient else None,
            token=token,
            pledge=gift.pledge_id and links.my_pledge(gift.pledge_id, links.gift_of(token)[1]),
            # Where there is money, there is something to wish for.
            wishes=recipient is not None and stands in STANDS,
            # What a donor may pass on stands beside the thanks, and opens no more than these.
            keepsake=url_for("thanks", gift=links.returning(gift.id), language=language.code)
            if stands in STANDS
            else "",
            ticket=ticket,
            declaration=gift_aid.live(declared),
            gift_aid_words=partial(self._words, gift, language),
            longest=gift_aid.LONGEST | {"ticket_title": tickets.LONGEST_TITLE},
            done=request.args.get("done") if request.args.get("done") in _DONE else "",
            form={"values": request.form, "errors": errors or []},
        )

    def receipt(self, token: str, number: str) -> Response:
        """One of the gift's documents, as it was mailed."""
        gift = self._known_by(token)
        with self._portal.ledger.reading() as books:
            found = next((one for one in books.receipts_of(gift.id) if one.number == number), None)
        if not found:
            raise NotFound
        letter = compose(self._portal.frame, Addresses(), letter_kind(found), found.snapshot)
        # The letter's styles are inline; a frame that is made from a text keeps the page's policy.
        policy = content_policy().replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        response = self._pages.page(
            "my_receipt.html",
            self._language(gift),
            alternates={
                one.code: url_for("my_receipt", token=token, number=number, language=one.code)
                for one in self._portal.frame.languages
            },
            content_policy=policy,
            receipt=found,
            letter=letter,
            token=token,
        )
        response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
        return response

    def all_gifts(self, token: str) -> Response:
        """All gifts of the donor whose address got the link, as a file that Excel opens right."""
        gift = self._known_by(token)
        language = self._language(gift)
        head = [self._pages.say(language, f"my_gift.column.{one}") for one in _COLUMNS]
        with self._portal.ledger.reading() as books:
            rows = [
                self._row(language, one, books.entries_of(one.id), books.receipts_of(one.id))
                for one in books.gifts_of(gift.email)
            ]
        response = make_response(written_as_csv([head, *rows]))
        response.content_type = "text/csv; charset=utf-8"
        response.headers["Content-Disposition"] = 'attachment; filename="gifts.csv"'
        return response

    def _row(
        self, language: Language, gift: Gift, entries: list[Entry], receipts: list[Receipt]
    ) -> list[Cell]:
        fund, recipient = self._portal.giving.fund(gift.fund), gift.recipient
        zone = self._portal.giving.recipient(recipient)
        day = (entries[0].received_at if entries else gift.created_at).astimezone(
            zone.time_zone if zone else UTC
        )
        came = [one.amount for one in entries if one.kind in CAME]
        amount = came[0] if came else gift.amount
        returned = -sum(one.given.minor for one in entries if one.kind not in CAME)
        return [
            day.date(),
            gift.in_kind or amount,
            "" if gift.in_kind else amount.currency,
            "" if gift.in_kind else Money(returned, amount.currency),
            self._portal.frame.text(fund.name, language) if fund else gift.fund,
            self._pages.say(language, f"frequency.{gift.frequency}"),
            self._pages.say(language, f"standing.{standing(gift, entries)}"),
            receipts[0].number if receipts else "",
        ]

    def _words(self, gift: Gift, language: Language, scope: str) -> gift_aid.Words:
        """What the donor declares, with the charity's name."""
        portal = self._portal
        say = partial(self._pages.say, language)
        return gift_aid.words(say, portal.giving, portal.frame, language, gift, scope)

    def _known_by(self, token: str) -> Gift:
        """The gift whose link was mailed to the address that it has now.

        Raises BadData and NotFound.
        """
        gift_id, moves = self._portal.links.gift_of(token)
        with self._portal.ledger.reading() as books:
            gift = books.gift(gift_id)
            if not gift or moves != copies.moves(books, gift.id, gift.pledge_id):
                raise NotFound
        return gift

    def _language(self, gift: Gift) -> Language:
        return self._pages.language(request.args.get("language") or gift.language)
