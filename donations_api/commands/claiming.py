"""``declare-gift-aid`` and ``gift-aid-schedule``: what HMRC wants to see."""

import argparse
from datetime import date
from functools import partial
from pathlib import Path

from donations_api import claiming, gift_aid
from donations_api.app import portal_for
from donations_api.commands import DONE, ready_ledger
from donations_api.commands.copying import numbered
from donations_api.commands.reporting import as_json
from donations_api.commands.wishing import refused
from donations_api.console import Sheet, Word, say, show, text
from donations_api.copies import document, gift_of
from donations_api.errors import Explained, FormRefused
from donations_api.frame import translate
from donations_api.giving import Recipient
from donations_api.portal import Portal
from donations_api.records import Signed
from donations_api.settings import Settings
from donations_api.spreadsheets import written_as_csv
from donations_api.statement import shown
from donations_api.whole_files import whole_file


def declare_gift_aid_words(parser: argparse.ArgumentParser) -> None:
    numbered(parser)
    parser.add_argument(
        "--scope", choices=gift_aid.SCOPES, default=gift_aid.SCOPES[0], help=text("cli.scope")
    )
    parser.add_argument("--title", default="", help=text("cli.person_title"))
    for word in ("first-name", "last-name", "house", "postcode"):
        parser.add_argument(f"--{word}", default="", help=text(f"cli.{word.replace('-', '_')}"))
    parser.add_argument("--abroad", action="store_true", help=text("cli.abroad"))
    parser.add_argument("--language", default="en", help=text("cli.language"))
    parser.add_argument("--cancel", action="store_true", help=text("cli.cancel_declaration"))


def declare_gift_aid(settings: Settings, options: argparse.Namespace) -> int:
    """Enter a declaration that a donor signed on paper, or its cancellation."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    signed = Signed(options.by, options.why)
    declared = None if options.cancel else _declared(settings, options)
    language = portal.frame.language(options.language)
    with ledger.books() as books:
        clerk = portal.clerk(books)
        gift = gift_of(clerk, document(clerk, options.number))
        if declared:
            say_it = partial(translate, portal.frame.words, language)
            words = gift_aid.words(
                say_it, portal.giving, portal.frame, language, gift, declared.scope
            )
            gift_aid.declare(clerk, gift, declared, words.whole, language.code, signed)
        else:
            gift_aid.cancel(clerk, gift, signed)
        books.commit()
    say("cli.wish_noted")
    return DONE


def gift_aid_schedule_words(parser: argparse.ArgumentParser) -> None:
    for word, where, help_ in (("--from", "first", "first_day"), ("--to", "last", "last_day")):
        one = parser.add_argument(word, dest=where, type=date.fromisoformat, required=True)
        one.help = text(f"cli.{help_}")
    parser.add_argument("--recipient", default="", help=text("cli.recipient"))
    parser.add_argument("--into", type=Path, required=True, help=text("cli.csv_into"))
    parser.add_argument("--claim", action="store_true", help=text("cli.claim"))
    parser.add_argument("--by", default="", help=text("cli.by"))
    parser.add_argument("--why", default="", help=text("cli.why"))
    as_json(parser)


def gift_aid_schedule(settings: Settings, options: argparse.Namespace) -> int:
    """Write HMRC's schedule and tell what is not in it; with ``--claim`` it is the last time."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    recipient = _recipient(portal, options.recipient)
    time = options.first, options.last
    with ledger.books() as books:
        clerk = portal.clerk(books)
        made = claiming.schedule(clerk, recipient, *time)
        if options.claim:
            claiming.claim(clerk, recipient, made, *time, Signed(options.by, options.why))
        # Before the commit: what was claimed and never written would be in no schedule at all.
        with whole_file(options.into, replace=True) as draft:
            draft.write_bytes(written_as_csv(claiming.lines(made)))
        books.commit()
    apart = [
        (one.given.gift_id, str(one.day), _amount(one), Word("apart", one.why))
        for one in made.apart
    ]
    sheet = Sheet("apart", ("gift", "day", "amount", "why"), apart)
    show([sheet], as_json=options.json, number=len(made.claimed), total=str(made.total.decimal))
    if not options.json:
        number, total = str(len(made.claimed)), f"{made.total.decimal} {made.total.currency}"
        say("cli.schedule_written", file=str(options.into), number=number, total=total)
        if options.claim:
            say("cli.claimed")
    return DONE


def _declared(settings: Settings, options: argparse.Namespace) -> gift_aid.Declared:
    """What was typed, checked as the donor's form is; on paper it was signed, so it is agreed."""
    typed = {name: getattr(options, name) for name in ("scope", "postcode", *gift_aid.LONGEST)}
    ticks = {"abroad": "yes" if options.abroad else "", "agreed": "yes"}
    try:
        return gift_aid.read_declared(typed | ticks)
    except FormRefused as refusal:
        raise refused(settings, refusal) from None


def _recipient(portal: Portal, key: str) -> Recipient:
    """The one that is named, or else the first one in the UK."""
    ours = [one for one in portal.giving.recipients if one.receipt == gift_aid.KIND]
    found = portal.giving.recipient(key) if key else next(iter(ours), None)
    if not found:
        raise Explained("offline.recipient" if key else "gift_aid.nobody", recipient=key)
    return found


def _amount(one: claiming.Apart) -> str:
    return shown(one.given.amount.minor, one.given.amount.currency)
