"""The bank's statement: ``import-statement``, and what is said of the lines that it leaves open."""

import argparse
from pathlib import Path

from donations_api import open_lines
from donations_api.app import portal_for
from donations_api.bank_accounts import account_named, load_accounts
from donations_api.bank_file import read_statement
from donations_api.bank_statement import ImportReport, Match, Outcome, Told
from donations_api.bank_statement import import_statement as imported
from donations_api.commands import DONE, FOUND, read_file, ready_ledger
from donations_api.commands.entering import donor, donor_words, signed, who_and_why
from donations_api.commands.reporting import as_json
from donations_api.console import Cell, Sheet, Word, say, show, text, why
from donations_api.settings import Settings


def import_statement_words(parser: argparse.ArgumentParser) -> None:
    as_json(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help=text("cli.statement_file"))
    parser.add_argument("--account", required=True, help=text("cli.statement_account"))
    who_and_why(parser)
    parser.add_argument("--look-only", action="store_true", help=text("cli.statement_look_only"))


def import_statement(settings: Settings, options: argparse.Namespace) -> int:
    """Book what the bank's statement says; FOUND when something is left for a person."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    form = account_named(load_accounts(settings.content, portal.giving), options.account)
    statement = read_statement(read_file(options.file), form, options.file.name)
    with ledger.books() as books:
        clerk = portal.clerk(books)
        report = imported(clerk, form, statement, options.file.name, signed(options))
        if not options.look_only:
            books.commit()
    _tell(report, options)
    if not options.json:
        say("cli.statement_looked" if options.look_only else "cli.statement_imported")
    return FOUND if report.bad or report.counts[Outcome.NO_MATCH] else DONE


def bank_lines(settings: Settings, options: argparse.Namespace) -> int:
    """List the open lines, with the donor of an earlier gift from the same name and account."""
    with ready_ledger(settings).reading() as books:
        lines, givers = books.bank_lines.open(), books.bank_lines.givers()
    rows: list[tuple[Cell, ...]] = [
        (
            one.id,
            one.account,
            str(one.booked_on),
            f"{one.amount.decimal} {one.amount.currency}",
            one.payer,
            one.remark,
            givers[one.id].email or givers[one.id].name if one.id in givers else "",
        )
        for one in lines
    ]
    columns = ("line", "account", "day", "amount", "payer", "remark", "known_as")
    show([Sheet("bank_lines", columns, rows)], as_json=options.json)
    return FOUND if rows else DONE


def line_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("line", metavar="LINE", help=text("cli.line"))
    who_and_why(parser)


def book_line_words(parser: argparse.ArgumentParser) -> None:
    line_words(parser)
    donor_words(parser, named=False)


def book_line(settings: Settings, options: argparse.Namespace) -> int:
    """Make a gift of an open line; without a name its donor is the payer."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    giver = open_lines.Giver(**donor(portal, options))
    with ledger.books() as books:
        gift = open_lines.book_line(portal.clerk(books), options.line, giver, signed(options))
        receipt = books.receipt_of(gift.id)
        books.commit()
    say("cli.entered", gift=gift.id, number=receipt.number if receipt else "")
    return DONE


def match_line_words(parser: argparse.ArgumentParser) -> None:
    line_words(parser)
    parser.add_argument("--gift", required=True, help=text("cli.gift"))


def match_line(settings: Settings, options: argparse.Namespace) -> int:
    """Say which announced or entered gift an open line is the money of."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    with ledger.books() as books:
        clerk = portal.clerk(books)
        gift = open_lines.match_line(clerk, options.line, options.gift, signed(options))
        receipt = books.receipt_of(gift.id)
        books.commit()
    say("cli.entered", gift=gift.id, number=receipt.number if receipt else "")
    return DONE


def set_aside_line(settings: Settings, options: argparse.Namespace) -> int:
    """Say that an open line is no gift."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    with ledger.books() as books:
        open_lines.set_aside(portal.clerk(books), options.line, signed(options))
        books.commit()
    say("cli.line_set_aside", line=options.line)
    return DONE


def open_line(settings: Settings, options: argparse.Namespace) -> int:
    """Take back that a line is no gift, or a payout."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    with ledger.books() as books:
        open_lines.open_again(portal.clerk(books), options.line, signed(options))
        books.commit()
    say("cli.line_open", line=options.line)
    return DONE


def _tell(report: ImportReport, options: argparse.Namespace) -> None:
    counts = [(Word("statement", name), number) for name, number in report.counts.items()]
    # On a terminal nobody reads thousands of lines that were known or went out.
    shown = [
        one
        for one in report.told
        if options.json or one.outcome in (Outcome.MATCHED, Outcome.NO_MATCH)
    ]
    bad = [(one.row, one.column, one.value, why(one.reason)) for one in report.bad]
    sheets = [
        Sheet("statement", ("what", "all"), counts),
        Sheet(
            "statement_lines",
            ("row", "day", "amount", "payer", "remark", "what", "match", "which"),
            [_line(one) for one in shown],
        ),
        Sheet("statement_bad", ("row", "column", "value", "why"), bad),
    ]
    show(sheets, as_json=options.json, look_only=options.look_only)


def _line(told: Told) -> tuple[Cell, ...]:
    row = told.row
    return (
        row.row,
        str(row.booked_on),
        f"{row.amount.decimal} {row.amount.currency}",
        row.payer,
        row.remark,
        Word("statement", told.outcome),
        Word("match", told.match) if told.match is not Match.NONE else "",
        told.which or told.line_id,
    )
