"""/gifts: the search, and the gifts of a month where nothing is typed."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from donations_api.books import Books
from donations_api.desk import search
from donations_api.desk.desk import SHOWN, Desk, month_asked, page_number
from donations_api.entry import Standing, standing
from donations_api.gift import Gift
from donations_api.overview import Sought

_LONGEST = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Row:
    """A gift as the table shows it; ``number`` is its receipt's, or empty."""

    gift: Gift
    standing: Standing
    number: str


def pages(desk: Desk) -> Blueprint:
    finding = Blueprint("finding", __name__)

    @finding.get("/gifts")
    def show() -> Response:
        typed = request.args.get("q", "").strip()[:_LONGEST]
        month = month_asked()
        page = page_number()
        search.fill(desk.portal.ledger)
        with desk.portal.ledger.reading() as books:
            gifts = books.overview.called(typed) if typed else []
            if not gifts:
                if typed or not month:
                    sought = search.read(typed, desk)
                else:
                    sought = Sought(*desk.month(month))
                gifts = books.overview.found(sought, SHOWN + 1, (page - 1) * SHOWN)
            rows = [_row(books, gift) for gift in gifts[:SHOWN]]
        return desk.page(
            "gifts.html",
            rows=rows,
            q=typed,
            month=f"{month:%Y-%m}" if month else "",
            page=page,
            more=len(gifts) > SHOWN,
        )

    return finding


def _row(books: Books, gift: Gift) -> Row:
    receipt = books.receipt_of(gift.id)
    return Row(gift, standing(gift, books.entries_of(gift.id)), receipt.number if receipt else "")
