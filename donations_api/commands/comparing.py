"""``reconcile`` and ``rebuild``: the ledger against Stripe."""

import argparse
import tempfile
from pathlib import Path

from donations_api.app import portal_for
from donations_api.commands import DONE, FOUND, ready_ledger
from donations_api.commands.reporting import as_json
from donations_api.console import Sheet, progress, say, show, text
from donations_api.ledger import Ledger
from donations_api.rebuilding import rebuild as made_anew
from donations_api.reconciliation import reconcile as reconciled
from donations_api.records import Difference
from donations_api.settings import Settings

_COUNTED = ("lines", "entries", "settled", "paid_out")


def reconcile_words(parser: argparse.ArgumentParser) -> None:
    as_json(parser)
    parser.add_argument("--look-only", action="store_true", help=text("cli.look_only"))


def reconcile(settings: Settings, options: argparse.Namespace) -> int:
    """Bring the ledger to what Stripe's statement says; FOUND when they still disagree."""
    ready_ledger(settings)
    with progress() as advance:
        report = reconciled(portal_for(settings), advance, book=not options.look_only)
    counts = [
        (text(f"count.{name}"), report.after[name] - report.before[name], report.after[name])
        for name in _COUNTED
    ]
    sheets = [
        Sheet("counts", ("what", "new", "all"), counts),
        _differences(report.differences),
    ]
    return _told(sheets, report.differences, options)


def rebuild_words(parser: argparse.ArgumentParser) -> None:
    as_json(parser)
    parser.add_argument("--into", type=Path, help=text("cli.into"))


def rebuild(settings: Settings, options: argparse.Namespace) -> int:
    """Make the ledger again from Stripe and what people entered; FOUND when it is not the same."""
    ready_ledger(settings)
    with tempfile.TemporaryDirectory() as folder, progress() as advance:
        file = options.into or Path(folder) / "rebuilt.db"
        found = made_anew(portal_for(settings), Ledger(f"sqlite:///{file}"), advance)
    return _told([_differences(found)], found, options)


def _differences(found: list[Difference]) -> Sheet:
    rows = [
        (text(f"difference.{one.what}"), one.which, one.in_ledger, one.at_stripe) for one in found
    ]
    return Sheet("differences", ("what", "which", "in_ledger", "at_stripe"), rows)


def _told(sheets: list[Sheet], found: list[Difference], options: argparse.Namespace) -> int:
    show(sheets, as_json=options.json, equal=not found)
    if not options.json:
        say("cli.differences" if found else "cli.equal", number=str(len(found)))
    return FOUND if found else DONE
