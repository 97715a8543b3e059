"""``python -m donations_api <command>``: which words there are, and what becomes of an error.

Every line is in Chinese and in English, since either may be the reader's language.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable

from donations_api.commands import (
    FOUND,
    LATER,
    WRONG,
    Command,
    closing,
    comparing,
    entering,
    exporting,
    mailing,
    publishing,
    reporting,
    serving,
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
    "correct": Command(entering.correct, entering.correct_words),
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
    return explaining(lambda: int(options.run(Settings.from_environ(os.environ), options)))


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
