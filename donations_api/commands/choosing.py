"""Which days and whose money a report is about, as it is said behind a word."""

import argparse
from zoneinfo import ZoneInfo

from donations_api.console import text
from donations_api.errors import WordWrong
from donations_api.giving import Giving


def whose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipient", default="", help=text("cli.of_recipient"))


def zone_of(giving: Giving, recipient: str) -> ZoneInfo:
    """Whose days are meant: the recipient's, or the first one's when none was named.

    Raises WordWrong for a recipient that nobody declared.
    """
    declared = giving.recipient(recipient) if recipient else giving.recipients[0]
    if not declared:
        known = ", ".join(one.key for one in giving.recipients)
        raise WordWrong("choosing.recipient", recipient=recipient, known=known)
    return declared.time_zone


def of_recipient(giving: Giving, recipient: str) -> str:
    """The key to choose entries by: none where all are the only recipient's.

    Payouts and some fees name no recipient; with several, they are in the report of all alone.
    """
    return recipient if len(giving.recipients) > 1 else ""
