"""``python -m donations_api <command>``: which words there are, and what becomes of an error.

Every line is in Chinese and in English, since either may be the reader's language.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable

from donations_api import settings_file
from donations_api.commands import (
    FOUND,
    LATER,
    WRONG,
    Command,
    banking,
    claiming,
    closing,
    comparing,
    copying,
    desking,
    entering,
    exporting,
    mailing,
    papers,
    privacy,
    publishing,
    reporting,
    serving,
    wishing,
)
from donations_api.console import say, text
from donations_api.errors import (
    Explained,
    FileWrong,
    LedgerUnavailable,
    SettingWrong,
    StripeUnavailable,
    WordWrong,
)
from donations_api.settings import Settings

COMMANDS = {
    "migrate": Command(serving.migrate),
    "serve": Command(serving.serve, serving.serve_words),
    "send": Command(mailing.send, mailing.send_words),
    "bounced": Command(mailing.bounced, mailing.bounced_words),
    "reconcile": Command(comparing.reconcile, comparing.reconcile_words),
    "rebuild": Command(comparing.rebuild, comparing.rebuild_words),
    "check": Command(reporting.check, reporting.as_json),
    "balance": Command(reporting.balance, reporting.as_json),
    "month-end": Command(closing.month_end, closing.month_end_words),
    "year-end": Command(closing.year_end, closing.year_end_words),
    "export": Command(exporting.export, exporting.export_words),
    "publish-ledger": Command(publishing.publish_ledger, publishing.publish_ledger_words),
    "offline-gift": Command(entering.offline_gift, entering.offline_gift_words),
    "in-kind-gift": Command(entering.in_kind_gift, entering.in_kind_gift_words),
    "announce-transfer": Command(entering.announce_transfer, entering.announce_transfer_words),
    "import-statement": Command(banking.import_statement, banking.import_statement_words),
    "bank-lines": Command(banking.bank_lines, reporting.as_json),
    "book-line": Command(banking.book_line, banking.book_line_words),
    "match-line": Command(banking.match_line, banking.match_line_words),
    "set-aside-line": Command(banking.set_aside_line, banking.line_words),
    "open-line": Command(banking.open_line, banking.line_words),
    "correct": Command(entering.correct, entering.correct_words),
    "resend": Command(copying.resend, copying.resend_words),
    "reissue": Command(copying.reissue, copying.reissue_words),
    "ticket-wish": Command(wishing.ticket_wish, wishing.ticket_wish_words),
    "import-tickets": Command(wishing.import_tickets, wishing.import_tickets_words),
    "tickets-wanted": Command(wishing.tickets_wanted, wishing.tickets_wanted_words),
    "declare-gift-aid": Command(claiming.declare_gift_aid, claiming.declare_gift_aid_words),
    "gift-aid-schedule": Command(claiming.gift_aid_schedule, claiming.gift_aid_schedule_words),
    "receipt-pdf": Command(papers.receipt_pdf, papers.receipt_pdf_words),
    "yearly-statement": Command(papers.yearly_statement, papers.yearly_statement_words),
    "desk": Command(desking.desk, desking.desk_words),
    "erase-donor": Command(privacy.erase_donor, privacy.erase_donor_words),
    "donor-data": Command(privacy.donor_data, privacy.donor_data_words),
    "retention": Command(privacy.retention, privacy.retention_words),
}
_INTERRUPTED = 130


def main(words: list[str]) -> int:
    """Run one command; its exit code is one of ``commands``, or 130 after Ctrl-C."""
    parser = argparse.ArgumentParser("donations_api", description=text("cli.description"))
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=text(f"cli.{name}"), description=text(f"cli.{name}"))
        command.arguments(one)
        one.set_defaults(run=command.run)
    options = parser.parse_args(words)
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s")
    # Our own lines alone: a library's would tell of every call.
    logging.getLogger("donations_api").setLevel(logging.INFO)

    def run() -> int:
        settings = Settings.from_environ(settings_file.given(os.environ))
        return int(options.run(settings, options))

    return explaining(run)


def explaining(command: Callable[[], int]) -> int:
    """The exit code of ``command``; what goes wrong is a line of words, never a trace."""
    try:
        return command()
    except (SettingWrong, FileWrong, WordWrong) as error:
        say(error.message, sys.stderr, **error.values)
        return WRONG
    except LedgerUnavailable as error:
        say(error.message, sys.stderr, **error.values)
        return LATER
    except Explained as error:
        say(error.message, sys.stderr, **error.values)
        return FOUND
    except StripeUnavailable:
        say("cli.stripe_away", sys.stderr)
        return LATER
    except KeyboardInterrupt:
        return _INTERRUPTED
