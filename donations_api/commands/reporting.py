"""``check`` and ``balance``: what waits for a person, what must always hold, where the money is.

What has to be published soon, or is overdue, waits for a person too (rule L4).
"""

import argparse

from donations_api.app import utc_now
from donations_api.books import INVARIANTS
from donations_api.clerk import FOR_STAFF
from donations_api.commands import DONE, FOUND, ready_ledger
from donations_api.console import Sheet, Word, say, show, text, why
from donations_api.giving import load_giving
from donations_api.records import KeptEvent, Unsent
from donations_api.settings import Settings
from donations_api.statement import shown


def as_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def check(settings: Settings, options: argparse.Namespace) -> int:
    """List what waits for a person; FOUND when an invariant of the books is broken."""
    giving = load_giving(settings.content)
    today = giving.day(utc_now())
    duties = [
        (
            Word("duty", due.kind),
            due.about,
            recipient.key,
            f"{due.due}",
            Word("duty", due.state(today)),
        )
        for recipient, due in giving.pressing(today)
    ]
    with ready_ledger(settings).reading() as books:
        broken = [
            (Word("cli.check", invariant), which)
            for invariant in INVARIANTS
            for which in books.broken(invariant)
        ]
        events = [
            (one.event_id, one.type, one.failed_at, why(one.reason))
            for one in books.failures()
            if one.outcome is None
        ] + [
            (one.id, one.type, one.received_at, _outcome(one))
            for outcome in FOR_STAFF
            for one in books.events_with(outcome)
        ]
        disputes = [
            (one.id, one.gift_id, one.opened_at, one.amount.display("en_GB"))
            for one in books.open_disputes()
        ]
        mails = [
            (one.number, one.address, one.due_at, one.attempts, _mail_state(one))
            for one in books.unsent()
        ]
        bounced = [
            (one.number, one.address, one.bounced_at, why(one.reason)) for one in books.bounced()
        ]
    sheets = [
        Sheet("events", ("which", "type", "when", "why"), events),
        Sheet("disputes", ("which", "gift", "when", "amount"), disputes),
        Sheet("mails", ("which", "to", "when", "tries", "why"), mails),
        Sheet("bounced", ("which", "to", "when", "why"), bounced),
        Sheet("duties", ("what", "about", "recipient", "due", "standing"), duties),
        Sheet("broken", ("what", "which"), broken),
    ]
    show(sheets, as_json=options.json, sound=not broken)
    if not broken and not options.json:
        say("cli.sound")
    return FOUND if broken else DONE


def balance(settings: Settings, options: argparse.Namespace) -> int:
    """What is in each account of the ledger, by currency; each currency adds up to nothing."""
    with ready_ledger(settings).reading() as books:
        found = books.balances()
    rows = [
        (Word("account", one.account), one.amount.currency, str(one.amount.decimal))
        for one in found
    ]
    show([Sheet("balances", ("account", "currency", "amount"), rows)], as_json=options.json)
    sums: dict[str, int] = {}
    for one in found:
        sums[one.amount.currency] = sums.get(one.amount.currency, 0) + one.amount.minor
    off = [shown(minor, currency) for currency, minor in sums.items() if minor]
    return FOUND if off else DONE


def _outcome(event: KeptEvent) -> str:
    return text(f"cli.event.{event.outcome}", waits_for=event.waits_for or "")


def _mail_state(mail: Unsent) -> str:
    if mail.dead and mail.reason:
        return text("cli.check.given_up", reason=why(mail.reason))
    return why(mail.reason) if mail.reason else text("cli.check.waiting")
