"""``ticket-wish``, ``import-tickets``, ``tickets-wanted``: the finance ministry's tickets."""

import argparse
from pathlib import Path

from donations_api import tickets
from donations_api.app import portal_for
from donations_api.commands import DONE, FOUND, read_file, ready_ledger
from donations_api.commands.copying import numbered
from donations_api.commands.reporting import as_json
from donations_api.console import Sheet, Word, say, show, text
from donations_api.copies import document, gift_of
from donations_api.errors import Explained, FormRefused
from donations_api.frame import translate
from donations_api.records import Signed
from donations_api.settings import Settings
from donations_api.spreadsheets import written_as_csv
from donations_api.ticket_file import read_tickets
from donations_api.whole_files import whole_file


def refused(settings: Settings, refusal: FormRefused) -> Explained:
    """What is wrong with a form that was typed as a command: the words that a donor would see."""
    catalog = (settings.theme / "locale",)
    reasons = [
        " / ".join(translate(catalog, code, one.message) % one.values for code in ("zh", "en"))
        for one in refusal.errors
    ]
    return Explained("wishing.refused", reason="; ".join(reasons))


def ticket_wish_words(parser: argparse.ArgumentParser) -> None:
    numbered(parser)
    parser.add_argument("--title", default="", help=text("cli.ticket_title"))
    parser.add_argument("--tax-number", default="", help=text("cli.tax_number"))
    parser.add_argument("--waive", action="store_true", help=text("cli.waive"))


def ticket_wish(settings: Settings, options: argparse.Namespace) -> int:
    """Note a donor's wish, who told it by mail or telephone."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    whom = tickets.WAIVED if options.waive else "organisation" if options.tax_number else "person"
    typed = {"ticket_title": options.title, "tax_number": options.tax_number}
    try:
        wish = tickets.read_wish(typed | {"ticket_for": whom})
    except FormRefused as refusal:
        raise refused(settings, refusal) from None
    with ledger.books() as books:
        clerk = portal.clerk(books)
        gift = gift_of(clerk, document(clerk, options.number))
        tickets.wish(clerk, gift, wish, Signed(options.by, options.why))
        books.commit()
    say("cli.wish_noted")
    return DONE


def import_tickets_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=text("cli.ticket_file"))
    parser.add_argument("--by", required=True, help=text("cli.by"))
    parser.add_argument("--why", required=True, help=text("cli.why"))
    as_json(parser)


def import_tickets(settings: Settings, options: argparse.Namespace) -> int:
    """Note the numbers of issued tickets; FOUND when a row could not be taken."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    rows = read_tickets(read_file(options.file))
    signed = Signed(options.by, options.why)
    with ledger.books() as books:
        found = tickets.take_in(portal.clerk(books), options.file.name, rows, signed)
        books.commit()
    told = [
        (row.receipt, row.number, Word("ticket", outcome))
        for row, outcome in zip(rows, found, strict=True)
    ]
    show([Sheet("tickets", ("receipt", "ticket", "what"), told)], as_json=options.json)
    taken = {tickets.Imported.IMPORTED, tickets.Imported.THERE_ALREADY}
    return DONE if set(found) <= taken else FOUND


def tickets_wanted_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, required=True, help=text("cli.csv_into"))


def tickets_wanted(settings: Settings, options: argparse.Namespace) -> int:
    """Write the list of tickets to be issued."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    with ledger.reading() as books:
        wanted = books.wishes.tickets_wanted()
    rows = [[text(f"wanted.{one}") for one in tickets.WANTED]]
    rows += tickets.wanted_rows(wanted, portal.giving, portal.frame, portal.frame.default)
    with whole_file(options.into, replace=True) as draft:
        draft.write_bytes(written_as_csv(rows))
    say("cli.tickets_listed", file=str(options.into), number=str(len(wanted)))
    return DONE
