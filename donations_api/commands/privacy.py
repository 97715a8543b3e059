"""``erase-donor``, ``donor-data`` and ``retention``: what is held about donors, and what goes."""

import argparse
import json
from pathlib import Path

from donations_api.app import portal_for
from donations_api.books import Books
from donations_api.commands import DONE, ready_ledger
from donations_api.commands.reporting import as_json
from donations_api.console import Sheet, Word, say, show, text
from donations_api.donor_data import donor_data as all_held
from donations_api.erasing import Erasure, erase, whose
from donations_api.errors import Explained
from donations_api.privacy import Donor
from donations_api.records import Signed
from donations_api.retention import remove_what_is_over
from donations_api.settings import Settings
from donations_api.whole_files import whole_file


def _whose(parser: argparse.ArgumentParser) -> None:
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--email", help=text("cli.whose_email"))
    whose.add_argument("--gift", help=text("cli.whose_gift"))


def erase_donor_words(parser: argparse.ArgumentParser) -> None:
    as_json(parser)
    _whose(parser)
    parser.add_argument("--by", required=True, help=text("cli.erased_by"))
    parser.add_argument("--why", required=True, help=text("cli.erased_why"))
    parser.add_argument("--look-only", action="store_true", help=text("cli.erase_look_only"))


def erase_donor(settings: Settings, options: argparse.Namespace) -> int:
    """Remove what is held about a donor but for what the law needs, and say what became of each."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    with ledger.books() as books:
        donor = _donor(books, options)
        erasure = erase(portal.clerk(books), donor, Signed(options.by, options.why))
        if not options.look_only:
            books.commit()
    show(_sheets(erasure), as_json=options.json, look_only=options.look_only)
    if not options.json:
        say("cli.erase_looked" if options.look_only else "cli.erased")
        if erasure.at_stripe:
            say("cli.erase_at_stripe")
        say("cli.erase_elsewhere")
    return DONE


def _sheets(erasure: Erasure) -> list[Sheet]:
    removed = [(Word("held", table), number) for table, number in erasure.removed.items()]
    kept = [
        (Word("held", one.what), one.number, Word("kept", one.what), one.until)
        for one in erasure.kept
    ]
    return [
        Sheet("erased", ("what", "rows_erased"), removed),
        Sheet("kept", ("what", "rows_kept", "kept_why", "kept_until"), kept),
        Sheet("left_at_stripe", ("which",), [(one,) for one in erasure.at_stripe]),
    ]


def donor_data_words(parser: argparse.ArgumentParser) -> None:
    _whose(parser)
    parser.add_argument("--into", type=Path, required=True, help=text("cli.donor_data_into"))


def donor_data(settings: Settings, options: argparse.Namespace) -> int:
    """Write all that is held about a donor into a new file that its owner alone can read."""
    portal = portal_for(settings)
    with ready_ledger(settings).reading() as books:
        held = all_held(books, _donor(books, options), portal.clock())
    if options.into.exists():
        raise Explained("privacy.file_there", file=str(options.into))
    with whole_file(options.into, replace=False) as draft:
        draft.write_text(json.dumps(held, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    number = sum(len(part["rows"]) for part in held["tables"].values())
    say("cli.donor_data_written", file=str(options.into), number=str(number))
    return DONE


def sweep(settings: Settings, *, look_only: bool = False) -> dict[str, int]:
    """Remove what is past its time, signed by the schedule; how many rows of which table."""
    ledger, portal = ready_ledger(settings), portal_for(settings)
    signed = Signed("retention", text("cli.retention_why"))
    with ledger.books() as books:
        removed = remove_what_is_over(portal.clerk(books), signed)
        if not look_only:
            books.commit()
    return removed


def retention_words(parser: argparse.ArgumentParser) -> None:
    as_json(parser)
    parser.add_argument("--look-only", action="store_true", help=text("cli.erase_look_only"))


def retention(settings: Settings, options: argparse.Namespace) -> int:
    """Remove what is past its time; for the schedule, once a day."""
    removed = sweep(settings, look_only=options.look_only)
    rows = [(Word("held", table), number) for table, number in removed.items()]
    sheets = [Sheet("erased", ("what", "rows_erased"), rows)]
    show(sheets, as_json=options.json, look_only=options.look_only)
    if not options.json and (options.look_only or not rows):
        say("cli.erase_looked" if rows else "cli.retention_nothing")
    return DONE


def _donor(books: Books, options: argparse.Namespace) -> Donor:
    """Whose data is meant. Raises Explained when there is none, or a gift has an address."""
    if options.gift:
        gift = books.gift(options.gift)
        if not gift:
            raise Explained("offline.gift_unknown", gift=options.gift)
        if gift.email:
            raise Explained("privacy.gift_has_address", gift=gift.id)
        return whose(books, gift)
    donor = books.privacy.donor(options.email.strip())
    if not options.email.strip() or not books.privacy.knows(donor):
        raise Explained("privacy.nobody")
    return donor
