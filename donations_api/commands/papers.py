"""``receipt-pdf`` and ``yearly-statement``: papers for a donor who asks for one."""

import argparse
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from donations_api import papers
from donations_api.app import portal_for
from donations_api.commands import DONE, ready_ledger
from donations_api.console import say, text
from donations_api.errors import Explained
from donations_api.records import Signed
from donations_api.settings import Settings
from donations_api.whole_files import whole_file
from donations_api.yearly import queue_statement


def yearly_statement_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--email", required=True, help=text("cli.yearly.email"))
    parser.add_argument("--year", type=int, required=True, help=text("cli.yearly.year"))
    parser.add_argument("--language", default="", help=text("cli.paper.language"))
    parser.add_argument("--by", required=True, help=text("cli.paper.by"))
    parser.add_argument("--why", required=True, help=text("cli.paper.why"))


def yearly_statement(settings: Settings, options: argparse.Namespace) -> int:
    """Queue the letter with all gifts of a donor's year, and its PDF."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    try:
        email = validate_email(options.email, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Explained("mail.address", address=options.email) from None
    with ledger.books() as books:
        signed = Signed(options.by, options.why)
        clerk = portal.clerk(books)
        number = queue_statement(clerk, email, options.year, options.language, signed)
        books.commit()
    say("yearly.queued", year=str(options.year), number=str(number))
    return DONE


def receipt_pdf_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--number", required=True, help=text("cli.paper.number"))
    parser.add_argument(
        "--into", type=Path, required=True, metavar="FILE", help=text("cli.paper.into")
    )
    parser.add_argument("--language", default="", help=text("cli.paper.language"))


def receipt_pdf(settings: Settings, options: argparse.Namespace) -> int:
    """Write one receipt, cancellation or restoration as a PDF."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    known = [one.code for one in portal.frame.languages]
    if options.language and options.language not in known:
        raise Explained("yearly.language", language=options.language, known=", ".join(known))
    with ledger.reading() as books:
        receipt = books.receipt_numbered(options.number.strip())
    if not receipt:
        raise Explained("paper.unknown", number=options.number)
    said = {**receipt.snapshot}
    if options.language:
        said["language"] = options.language
    pdf = papers.paper(portal.frame, said, portal.links.check(receipt.id))
    with whole_file(options.into, replace=True) as draft:
        draft.write_bytes(pdf)
    say("paper.written", file=str(options.into))
    return DONE
