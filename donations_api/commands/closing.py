"""``month-end`` and ``year-end``: what came, what went, what is there, adding up to the cent."""

import argparse
from dataclasses import replace
from datetime import datetime
from typing import Any

from donations_api.commands import DONE, ready_ledger
from donations_api.commands.choosing import of_recipient, whose, zone_of
from donations_api.commands.reporting import as_json
from donations_api.console import Cell, Sheet, Word, show, text
from donations_api.giving import load_giving
from donations_api.money import Money
from donations_api.month_end import FundMonth, MonthEnd, added_up, month_ends
from donations_api.periods import Period, month_of, year_of
from donations_api.settings import Settings

_FUND_FIGURES = (
    *("opening", "received", "returned", "disputed", "fees", "exchanged", "corrected"),
    *("closing", "paid_out"),
)
_ACCOUNT_FIGURES = ("opening", "put_in", "taken_out", "closing")
_STILL_OPEN = ("in_kind", "bank_lines", "mails")


def month_end_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--month", required=True, help=text("cli.month"))
    whose(parser)
    as_json(parser)


def month_end(settings: Settings, options: argparse.Namespace) -> int:
    """Show one month: its funds, its accounts, how gifts came, and what is still open."""
    zone = zone_of(load_giving(settings.content), options.recipient)
    (end,) = _closed(settings, options, month_of(options.month, zone))
    ways = [
        (Word("account", one.account), one.currency, one.gifts, _amount(one.received, one.currency))
        for one in end.ways
    ]
    still_open = [(Word("still_open", one), getattr(end.still_open, one)) for one in _STILL_OPEN]
    sheets = [
        Sheet("funds", ("fund", "currency", "gifts", *_FUND_FIGURES), _funds(end)),
        Sheet("accounts", ("account", "currency", *_ACCOUNT_FIGURES), _accounts(end)),
        Sheet("ways", ("way", "currency", "gifts", "received"), ways),
        Sheet("still_open", ("what", "number"), still_open),
    ]
    show(sheets, as_json=options.json, **_about(end, options))
    return DONE


def year_end_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", required=True, help=text("cli.year"))
    whose(parser)
    as_json(parser)


def year_end(settings: Settings, options: argparse.Namespace) -> int:
    """Show the funds of each month of a year, and what the year adds up to."""
    zone = zone_of(load_giving(settings.content), options.recipient)
    year, today = year_of(options.year, zone), datetime.now(zone).date()
    # Months that have not begun are left out.
    begun = replace(year, last=max(year.first, min(year.last, today)))
    ends = _closed(settings, options, begun)
    columns = ("fund", "currency", "gifts", *_FUND_FIGURES)
    months = [(end.period.month, *row) for end in ends for row in _funds(end)]
    sheets = [
        Sheet("months", ("month", *columns), months),
        Sheet("in_all", columns, [_fund(one) for one in added_up(ends)]),
    ]
    show(sheets, as_json=options.json, year=options.year, recipient=options.recipient)
    return DONE


def _closed(settings: Settings, options: argparse.Namespace, period: Period) -> list[MonthEnd]:
    giving = load_giving(settings.content)
    with ready_ledger(settings).reading() as books:
        key = of_recipient(giving, options.recipient)
        return list(month_ends(books.extracts, period, key))


def _about(end: MonthEnd, options: argparse.Namespace) -> dict[str, Any]:
    return {"month": end.period.month, "recipient": options.recipient}


def _funds(end: MonthEnd) -> list[tuple[Cell, ...]]:
    return [_fund(one) for one in end.funds]


def _fund(one: FundMonth) -> tuple[Cell, ...]:
    figures = (_amount(getattr(one, figure), one.currency) for figure in _FUND_FIGURES)
    return one.fund, one.currency, one.gifts, *figures


def _accounts(end: MonthEnd) -> list[tuple[Cell, ...]]:
    return [
        (
            Word("account", one.account),
            one.currency,
            *(_amount(getattr(one, figure), one.currency) for figure in _ACCOUNT_FIGURES),
        )
        for one in end.accounts
    ]


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).decimal:f}"
