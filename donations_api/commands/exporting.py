"""``export``: gifts or ledger entries as a file for the accountant."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from donations_api.commands import DONE, ready_ledger
from donations_api.commands.choosing import of_recipient, whose, zone_of
from donations_api.console import progress, say, text
from donations_api.errors import WordWrong
from donations_api.exports import Exporter
from donations_api.extracts import Wanted
from donations_api.frame import Frame, Language, load_frame
from donations_api.giving import Giving, load_giving
from donations_api.periods import Period, days_of, month_of
from donations_api.settings import Settings
from donations_api.spreadsheets import KINDS, table_in
from donations_api.whole_files import whole_file


def export_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("gifts", "entries"), help=text("cli.export.what"))
    parser.add_argument("--into", type=Path, required=True, help=text("cli.export.into"))
    parser.add_argument("--replace", action="store_true", help=text("cli.export.replace"))
    parser.add_argument("--month", default="", help=text("cli.month"))
    parser.add_argument("--from", dest="first", default="", help=text("cli.first_day"))
    parser.add_argument("--to", dest="last", default="", help=text("cli.last_day"))
    parser.add_argument("--fund", default="", help=text("cli.of_fund"))
    whose(parser)
    parser.add_argument("--currency", default="", help=text("cli.of_currency"))
    parser.add_argument("--language", default="", help=text("cli.export.language"))


def export(settings: Settings, options: argparse.Namespace) -> int:
    """Write the file; a file that is there is replaced only when that was said."""
    giving, frame = load_giving(settings.content), load_frame(settings.content, settings.theme)
    wanted, language = _wanted(giving, options), _language(frame, options.language)
    kind = options.into.suffix.lower()
    if kind not in KINDS:
        raise WordWrong("spreadsheet.kind", file=str(options.into), kinds=", ".join(KINDS))
    ledger = ready_ledger(settings)
    with (
        whole_file(options.into, replace=options.replace) as draft,
        table_in(draft, kind) as table,
        progress() as advance,
    ):
        exporter = Exporter(ledger, giving, frame, language, datetime.now(UTC), advance)
        write = exporter.gifts if options.what == "gifts" else exporter.entries
        number = write(wanted, table)
    say("cli.exported", number=str(number), file=str(options.into))
    return DONE


def _wanted(giving: Giving, options: argparse.Namespace) -> Wanted:
    zone = zone_of(giving, options.recipient)
    if options.fund and not giving.fund(options.fund):
        known = ", ".join(one.key for one in giving.funds)
        raise WordWrong("choosing.fund", fund=options.fund, known=known)
    currency = options.currency.upper()
    if currency and not giving.currency(currency):
        known = ", ".join(one.code for one in giving.currencies)
        raise WordWrong("choosing.currency", currency=options.currency, known=known)
    period: Period
    if options.month and (options.first or options.last):
        raise WordWrong("choosing.month_or_days")
    if options.month:
        period = month_of(options.month, zone)
    else:
        period = days_of(options.first, options.last, zone)
    return Wanted(period, options.fund, of_recipient(giving, options.recipient), currency)


def _language(frame: Frame, typed: str) -> Language:
    known = [one.code for one in frame.languages]
    if typed and typed not in known:
        raise WordWrong("offline.language", language=typed, known=", ".join(known))
    return frame.language(typed)
