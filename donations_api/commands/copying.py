"""``resend`` and ``reissue``: letters and receipts once more, with who and why."""

import argparse

from donations_api import copies
from donations_api.app import portal_for
from donations_api.commands import DONE, ready_ledger
from donations_api.console import say, text
from donations_api.records import Signed
from donations_api.settings import Settings


def numbered(parser: argparse.ArgumentParser) -> None:
    """The receipt that it is about, and who does it and why."""
    parser.add_argument("--number", required=True, help=text("cli.number"))
    parser.add_argument("--by", required=True, help=text("cli.by"))
    parser.add_argument("--why", required=True, help=text("cli.why"))


def resend_words(parser: argparse.ArgumentParser) -> None:
    numbered(parser)
    parser.add_argument("--email", default="", help=text("cli.corrected_email"))


def resend(settings: Settings, options: argparse.Namespace) -> int:
    """Queue a receipt's letter again, to a corrected address if there is one."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    signed = Signed(options.by, options.why)
    with ledger.books() as books:
        clerk = portal.clerk(books)
        receipt = copies.document(clerk, options.number)
        resent = copies.resend(clerk, receipt, signed, options.email)
        books.commit()
    say("cli.resent", address=resent.address)
    if resent.subscription_id:
        say("cli.at_stripe", subscription=resent.subscription_id)
    return DONE


def reissue_words(parser: argparse.ArgumentParser) -> None:
    numbered(parser)
    parser.add_argument("--language", required=True, help=text("cli.copy_language"))


def reissue(settings: Settings, options: argparse.Namespace) -> int:
    """Queue a copy of a receipt in a language of the site's."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    signed = Signed(options.by, options.why)
    with ledger.books() as books:
        clerk = portal.clerk(books)
        receipt = copies.document(clerk, options.number)
        resent = copies.reissue(clerk, receipt, options.language, signed)
        books.commit()
    say("cli.resent", address=resent.address)
    return DONE
