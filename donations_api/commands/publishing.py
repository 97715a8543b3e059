"""``publish-ledger``: the open books, for the public site."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from donations_api.commands import DONE, FOUND, ready_ledger
from donations_api.commands.reporting import as_json
from donations_api.console import Sheet, Word, progress, say, show, text
from donations_api.giving import load_giving
from donations_api.open_books import publish
from donations_api.settings import Settings


def publish_ledger_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, required=True, help=text("cli.publish.into"))
    as_json(parser)


def publish_ledger(settings: Settings, options: argparse.Namespace) -> int:
    """Write ``ledger.json`` and ``donors.json``; FOUND when a name or a message was left out."""
    zone = load_giving(settings.content).recipients[0].time_zone
    ledger = ready_ledger(settings)
    with progress() as advance:
        published = publish(
            ledger,
            options.into,
            zone,
            datetime.now(UTC),
            demo=not settings.live,
            progress=advance,
        )
    withheld = [
        (one.gift_id, Word("withheld", one.what), Word("contact", one.found))
        for one in published.withheld
    ]
    show(
        [Sheet("withheld", ("gift", "what", "why"), withheld)],
        as_json=options.json,
        months=published.months,
        named=published.named,
    )
    if not options.json:
        months, named = str(published.months), str(published.named)
        say("cli.published", months=months, named=named, folder=str(options.into))
    return FOUND if withheld else DONE
