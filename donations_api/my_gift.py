"""My gift: its state, its receipts, all gifts of this donor, from a link in a mail (rule D15)."""

from datetime import UTC
from io import StringIO

from flask import make_response, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from donations_api.entry import CAME, Entry, standing
from donations_api.frame import Language, content_policy
from donations_api.gift import Gift, Receipt
from donations_api.letters import Addresses, compose
from donations_api.money import Money
from donations_api.outbox import letter_kind
from donations_api.pages import Pages
from donations_api.portal import Portal
from donations_api.spreadsheets import Cell, CsvTable

_COLUMNS = ("date", "amount", "currency", "returned", "fund", "frequency", "state", "number")


class MyGift:
    """Its routes are declared in ``app``."""

    def __init__(self, portal: Portal, pages: Pages) -> None:
        self._portal = portal
        self._pages = pages

    def show(self, token: str) -> Response:
        gift = self._known_by(token)
        with self._portal.ledger.books() as books:
            entries, receipts = books.entries_of(gift.id), books.receipts_of(gift.id)
        giving = self._portal.giving
        fund, recipient = giving.fund(gift.fund), giving.recipient(gift.recipient)
        return self._pages.page(
            "my_gift.html",
            self._language(gift),
            alternates={
                one.code: url_for("my_gift", token=token, language=one.code)
                for one in self._portal.frame.languages
            },
            gift=gift,
            amount=next((one.amount for one in receipts), gift.amount),
            standing=standing(gift, entries),
            entries=[one for one in entries if one.given.minor],
            receipts=receipts,
            fund=fund.name if fund else {self._portal.frame.default.code: gift.fund},
            time_zone=recipient.time_zone if recipient else None,
            token=token,
            pledge=gift.pledge_id and self._portal.links.my_pledge(gift.pledge_id),
        )

    def receipt(self, token: str, number: str) -> Response:
        """One of the gift's documents, as it was mailed."""
        gift = self._known_by(token)
        with self._portal.ledger.books() as books:
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
        file = StringIO(newline="")
        table = CsvTable(file)
        table.add([self._pages.say(language, f"my_gift.column.{one}") for one in _COLUMNS])
        with self._portal.ledger.books() as books:
            for one in books.gifts_of(gift.email):
                entries, receipts = books.entries_of(one.id), books.receipts_of(one.id)
                table.add(self._row(language, one, entries, receipts))
        response = make_response(file.getvalue().encode())
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
            amount,
            amount.currency,
            Money(returned, amount.currency),
            self._portal.frame.text(fund.name, language) if fund else gift.fund,
            self._pages.say(language, f"frequency.{gift.frequency}"),
            self._pages.say(language, f"standing.{standing(gift, entries)}"),
            receipts[0].number if receipts else "",
        ]

    def _known_by(self, token: str) -> Gift:
        """The gift whose link was mailed. Raises BadData and NotFound."""
        gift_id = self._portal.links.gift_of(token)
        with self._portal.ledger.books() as books:
            gift = books.gift(gift_id)
        if not gift:
            raise NotFound
        return gift

    def _language(self, gift: Gift) -> Language:
        return self._pages.language(request.args.get("language") or gift.language)
