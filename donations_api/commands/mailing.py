"""``send`` and ``bounced``: the mails that wait, and those that came back."""

import argparse
import sys
from pathlib import Path

from donations_api.app import drain, utc_now
from donations_api.bounces import read_bounce
from donations_api.commands import DONE, FOUND, read_file, ready_ledger
from donations_api.console import say, text
from donations_api.settings import Settings


def send_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--again", action="store_true", help=text("cli.again"))


def send(settings: Settings, options: argparse.Namespace) -> int:
    """Send the mail that waits, once; with ``--again`` also what was given up."""
    ledger = ready_ledger(settings)
    if options.again:
        with ledger.books() as books:
            books.revive(utc_now())
            books.commit()
    say("cli.sent", number=str(drain(settings, utc_now())))
    return DONE


def bounced_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=text("cli.bounce_file"))


def bounced(settings: Settings, options: argparse.Namespace) -> int:
    """Note mails that came back, from delivery reports (RFC 3464) in files or on the input.

    FOUND when a report is about no mail of ours.
    """
    ledger = ready_ledger(settings)
    reports = [read_file(file) for file in options.files] or [sys.stdin.buffer.read()]
    unknown = 0
    for report in reports:
        bounce = read_bounce(report)
        with ledger.books() as books:
            known = bounce and books.note_bounce(bounce.message_id, utc_now(), bounce.reason)
            books.commit()
        if bounce and known:
            say("cli.bounce_noted", which=bounce.message_id)
        else:
            unknown += 1
            say("cli.bounce_unknown", sys.stderr)
    return FOUND if unknown else DONE
