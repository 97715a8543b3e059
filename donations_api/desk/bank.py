"""/bank: the bank's statement is looked at and imported; what it leaves open is decided."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from donations_api import open_lines
from donations_api.bank_accounts import account_named, load_accounts
from donations_api.bank_file import read_statement
from donations_api.bank_lines import BankLine
from donations_api.bank_statement import ImportReport, Match, Outcome, Told, import_statement
from donations_api.books import Books
from donations_api.desk.desk import SHOWN, Desk, mistake, page_number
from donations_api.desk.typed import Typed
from donations_api.errors import Explained, FieldError
from donations_api.gift import Gift
from donations_api.open_lines import Giver

# Files that were looked at and not yet imported; who looks at more has to choose the first again.
_LOOKED_AT = 8
# How far from the bank's day a gift that was entered is still offered for a line.
_NEAR = timedelta(days=14)


class Statement(NamedTuple):
    """A file as it was chosen."""

    file: str
    account: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as the page has it: ``told`` without what was known already or went out."""

    report: ImportReport
    told: list[Told]
    more: int


def pages(desk: Desk) -> Blueprint:
    bank = Blueprint("bank", __name__)
    portal = desk.portal
    looked_at: OrderedDict[str, Statement] = OrderedDict()

    def form(status: int = 200, errors: list[FieldError] | None = None) -> Response:
        accounts = load_accounts(portal.settings.content, portal.giving)
        page = page_number()
        with portal.ledger.reading() as books:
            lines, announced = books.bank_lines.open(), books.announced()
        return desk.page(
            "bank.html",
            status,
            accounts=accounts,
            lines=lines[(page - 1) * SHOWN : page * SHOWN],
            number=len(lines),
            page=page,
            more=len(lines) > page * SHOWN,
            announced=[one for one in announced if one.state == "pending"],
            typed=request.form,
            errors=errors or [],
        )

    def run(statement: Statement, *, look_only: bool) -> ImportReport:
        accounts = load_accounts(portal.settings.content, portal.giving)
        account = account_named(accounts, statement.account)
        read = read_statement(statement.content, account, statement.file)
        with portal.ledger.books() as books:
            clerk = portal.clerk(books)
            report = import_statement(clerk, account, read, statement.file, desk.signed())
            if not look_only:
                books.commit()
        return report

    @bank.get("/bank")
    def show() -> Response:
        return form()

    @bank.post("/bank/look")
    def look() -> Response:
        """What an import would do; nothing is written."""
        typed, chosen = Typed(request.form), request.files.get("file")
        accounts = load_accounts(portal.settings.content, portal.giving)
        account = typed.choice("account", [one.name for one in accounts])
        typed.line("why")
        if not chosen or not chosen.filename:
            typed.refuse("file", "no_file")
        if typed.errors or not chosen:
            return form(422, typed.errors)
        statement = Statement(str(chosen.filename), account, chosen.read())
        try:
            report = run(statement, look_only=True)
        except Explained as error:
            return form(422, [mistake("file", error)])
        key = secrets.token_urlsafe(8)
        looked_at[key] = statement
        while len(looked_at) > _LOOKED_AT:
            looked_at.popitem(last=False)
        return desk.page("bank_report.html", shown=_shown(report), key=key, typed=request.form)

    @bank.post("/bank/import")
    def take_in() -> Response:
        statement = looked_at.get(request.form.get("key", ""))
        if not statement:
            return form(422, [FieldError("file", "desk.error.look_again", {})])
        try:
            report = run(statement, look_only=False)
        except Explained as error:
            return form(422, [mistake("file", error)])
        return desk.page("bank_report.html", shown=_shown(report), key="", typed={})

    def line_page(
        line_id: str, status: int = 200, errors: list[FieldError] | None = None
    ) -> Response:
        with portal.ledger.reading() as books:
            line = books.bank_lines.line(line_id)
            if not line:
                raise NotFound
            giver = books.bank_lines.givers(line_id).get(line_id)
            fitting = [*_entered(books, line), *_fitting(line, books.announced())]
        return desk.page(
            "bank_line.html",
            status,
            line=line,
            giver=giver,
            fitting=fitting,
            typed=_known(desk, line, giver) | request.form.to_dict(),
            errors=errors or [],
        )

    @bank.get("/bank/lines/<line_id>")
    def line(line_id: str) -> Response:
        return line_page(line_id)

    @bank.post("/bank/lines/<line_id>/book")
    def book(line_id: str) -> AnyResponse:
        typed = Typed(request.form)
        giver = Giver(**typed.donor(portal.giving, portal.frame))
        typed.line("why")
        if typed.errors:
            return line_page(line_id, 422, typed.errors)
        try:
            with desk.acting() as clerk:
                gift = open_lines.book_line(clerk, line_id, giver, desk.signed())
        except Explained as error:
            return line_page(line_id, 422, [mistake("name", error)])
        return desk.done("entered", "story.show", gift_id=gift.id)

    @bank.post("/bank/lines/<line_id>/match")
    def match(line_id: str) -> AnyResponse:
        typed = Typed(request.form)
        gift_id = typed.line("gift")
        typed.why("why_match")
        if typed.errors:
            return line_page(line_id, 422, typed.errors)
        try:
            with desk.acting() as clerk:
                open_lines.match_line(clerk, line_id, gift_id, desk.signed())
        except Explained as error:
            return line_page(line_id, 422, [mistake("gift", error)])
        return desk.done("matched", "story.show", gift_id=gift_id)

    @bank.post("/bank/lines/<line_id>/aside")
    def aside(line_id: str) -> AnyResponse:
        typed = Typed(request.form)
        typed.why("why_aside")
        if typed.errors:
            return line_page(line_id, 422, typed.errors)
        try:
            with desk.acting() as clerk:
                open_lines.set_aside(clerk, line_id, desk.signed())
        except Explained as error:
            return line_page(line_id, 422, [mistake("why_aside", error)])
        return desk.done("set_aside", "bank.show")

    @bank.post("/bank/lines/<line_id>/open")
    def open_again(line_id: str) -> AnyResponse:
        typed = Typed(request.form)
        typed.why("why_again")
        if typed.errors:
            return line_page(line_id, 422, typed.errors)
        try:
            with desk.acting() as clerk:
                open_lines.open_again(clerk, line_id, desk.signed())
        except Explained as error:
            return line_page(line_id, 422, [mistake("why_again", error)])
        return desk.done("open_again", "bank.line", line_id=line_id)

    return bank


def _shown(report: ImportReport) -> Shown:
    """What somebody wants to read: what was matched, what is left; the doubtful ones first."""
    wanted = [one for one in report.told if one.outcome in (Outcome.MATCHED, Outcome.NO_MATCH)]
    wanted.sort(
        key=lambda one: (one.outcome is Outcome.MATCHED, one.match is Match.ANNOUNCED, one.row.row)
    )
    return Shown(report, wanted[: 4 * SHOWN], max(len(wanted) - 4 * SHOWN, 0))


def _known(desk: Desk, line: BankLine, giver: Gift | None) -> dict[str, str]:
    """What the form has already: the payer, or who gave from this account before."""
    giving = desk.portal.giving
    return {
        "name": giver.name if giver else line.payer,
        "email": giver.email if giver else "",
        "language": giver.language if giver else desk.language.code,
        "fund": giver.fund if giver else giving.funds[0].key,
    }


def _entered(books: Books, line: BankLine) -> list[Gift]:
    """What people entered about that day with this amount, and no line shows yet."""
    noon = datetime.combine(line.booked_on, time(12), tzinfo=UTC)
    near = books.bank_lines.entered(line.recipient, noon - _NEAR, noon + _NEAR)
    found = (books.gift(one.gift_id) for one in near if one.amount == line.amount)
    return [gift for gift in found if gift]


def _fitting(line: BankLine, announced: list[Gift]) -> list[Gift]:
    """The announced transfers that it may be, those of this amount first."""
    waiting = [
        gift
        for gift in announced
        if gift.state == "pending"
        and gift.recipient == line.recipient
        and gift.amount.currency == line.amount.currency
    ]
    return sorted(waiting, key=lambda gift: gift.amount != line.amount)
