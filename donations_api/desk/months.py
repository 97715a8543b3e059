"""/months: a month's or a year's figures, what leaves the books for others, and Stripe's word."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from donations_api import open_books, reconciliation
from donations_api.desk.desk import Desk, mistake
from donations_api.desk.typed import Typed
from donations_api.errors import Explained, FieldError, FileWrong, StripeUnavailable
from donations_api.exports import Exporter
from donations_api.extracts import Wanted
from donations_api.money import Money
from donations_api.month_end import MonthEnd, month_ends
from donations_api.periods import Period, days_of, month_of, year_of
from donations_api.spreadsheets import table_in

_BARS = 12  # months in the chart, the chosen one last
_HEIGHT = 120  # of the highest bar, in the drawing's units
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the chart: what was received, and how high that is drawn."""

    month: str
    received: Money
    height: int
    chosen: bool


def pages(desk: Desk) -> Blueprint:
    months = Blueprint("months", __name__)
    portal = desk.portal

    def asked() -> Period:
        return month_of(request.args.get("month") or f"{desk.today():%Y-%m}", desk.zone)

    def month_page(status: int = 200, errors: list[FieldError] | None = None) -> Response:
        month = asked()
        span = Period(_earlier(month.first, _BARS - 1), month.last, desk.zone)
        with portal.ledger.reading() as books:
            ends = list(month_ends(books.extracts, span))
        end = ends[-1]
        return desk.page(
            "month.html",
            status,
            month=month,
            before=f"{_earlier(month.first, 1):%Y-%m}",
            after=f"{_earlier(month.first, -1):%Y-%m}" if month.last < desk.today() else "",
            end=end,
            bars=_bars(ends),
            names=_fund_names(desk),
            typed=request.form,
            errors=errors or [],
        )

    @months.get("/months")
    def show() -> Response:
        return month_page()

    @months.get("/months/year")
    def year() -> Response:
        span = year_of(request.args.get("year") or f"{desk.today():%Y}", desk.zone)
        with portal.ledger.reading() as books:
            ends = list(month_ends(books.extracts, span))
        return desk.page(
            "year.html", year=span.first.year, this_year=desk.today().year, rows=list(_rows(ends))
        )

    @months.get("/months/<any(gifts, entries):what>.<any(csv, xlsx):kind>")
    def export(what: str, kind: str) -> Response:
        """All of a month (``month``) or of a time (``from``, ``to``) as a file."""
        if request.args.get("month"):
            period = asked()
            name = f"{what}-{period.month}"
        else:
            period = days_of(request.args.get("from", ""), request.args.get("to", ""), desk.zone)
            name = f"{what}-{period.first}-{period.last}"
        exporter = Exporter(
            portal.ledger, portal.giving, portal.frame, desk.language, portal.clock()
        )
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"{what}.{kind}"
            with table_in(file, f".{kind}") as table:
                (exporter.gifts if what == "gifts" else exporter.entries)(Wanted(period), table)
            response = make_response(file.read_bytes())
        response.content_type = _TYPES[kind]
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
        return response

    @months.post("/months/publish")
    def publish() -> AnyResponse:
        """Write the open books for the site."""
        typed = Typed(request.form)
        typed.line("why")
        if typed.errors:
            return month_page(422, typed.errors)
        folder = portal.settings.content / "data"
        try:
            published = open_books.publish(
                portal.ledger, folder, desk.zone, portal.clock(), demo=not portal.settings.live
            )
        except FileWrong as error:
            return month_page(422, [mistake("why", error)])
        with desk.acting() as clerk:
            clerk.act("books_published", str(folder.name), desk.signed())
        return desk.page("published.html", published=published, folder=folder)

    @months.post("/months/compare")
    def compare() -> Response:
        """Bring the books to what Stripe's statement says."""
        try:
            report = reconciliation.reconcile(portal)
        except StripeUnavailable:
            return month_page(503, [mistake("compare", Explained("cli.stripe_away"))])
        return desk.page("compared.html", report=report)

    return months


def _bars(ends: Sequence[MonthEnd]) -> list[Bar]:
    """What came each month in the currency in which most gifts come."""
    gifts: dict[str, int] = {}
    for end in ends:
        for fund in end.funds:
            gifts[fund.currency] = gifts.get(fund.currency, 0) + fund.gifts
    if not any(gifts.values()):
        return []
    currency = max(sorted(gifts), key=lambda code: gifts[code])
    received = [
        sum(fund.received for fund in end.funds if fund.currency == currency) for end in ends
    ]
    most = max(*received, 1)
    return [
        Bar(
            end.period.month,
            Money(minor, currency),
            max(minor * _HEIGHT // most, 1 if minor else 0),
            end is ends[-1],
        )
        for end, minor in zip(ends, received, strict=True)
    ]


def _rows(ends: Sequence[MonthEnd]) -> Iterator[tuple[str, str, dict[str, Money], int]]:
    """A row a month and currency: what all funds make together."""
    figures = ("received", "returned", "disputed", "fees", "paid_out")
    for end in ends:
        for code in sorted({fund.currency for fund in end.funds}):
            funds = [fund for fund in end.funds if fund.currency == code]
            sums = {
                name: Money(sum(getattr(fund, name) for fund in funds), code) for name in figures
            }
            if any(one.minor for one in sums.values()):
                yield end.period.month, code, sums, sum(fund.gifts for fund in funds)


def _fund_names(desk: Desk) -> dict[str, str]:
    giving, frame = desk.portal.giving, desk.portal.frame
    return {fund.key: frame.text(fund.name, desk.language) for fund in giving.funds}


def _earlier(first: date, months: int) -> date:
    """The first day of the month so many months before (after, below zero)."""
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
