"""All that is held about one donor, as plain JSON values with their names in all languages."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from donations_api.books import Books
from donations_api.frame import translate
from donations_api.privacy import DONORS_TABLES, Donor, Row
from donations_api.rows import stamp

_CATALOGS = (Path(__file__).parent / "locale",)
_LANGUAGES = ("zh", "en")

# Who of the organisation did something is not about the donor.
_NOT_THE_DONORS = frozenset({"entered_by"})
# Columns that hold JSON.
_STRUCTURED = frozenset(
    {
        ("receipts", "snapshot"),
        ("outbox", "said"),
        ("outbox", "reason"),
        ("events", "payload"),
        ("event_failures", "payload"),
        ("event_failures", "reason"),
        ("acts", "said"),
    }
)


def donor_data(books: Books, donor: Donor, now: datetime) -> dict[str, Any]:
    """A part for each table, with its ``title``, what each field means, and its rows.

    Amounts are minor units, times UTC in ISO 8601, as everywhere in the books. ``now`` is UTC.
    """
    return {
        "title": _texts("donor_data.title"),
        "units": _texts("donor_data.units"),
        "made_at": stamp(now),
        "addresses": list(donor.addresses),
        "tables": {
            table: _part(table, books.privacy.rows(table, donor)) for table in DONORS_TABLES
        },
    }


def _part(table: str, rows: list[Row]) -> dict[str, Any]:
    shown = [_shown(table, row) for row in rows]
    names = dict.fromkeys(name for row in shown for name in row)
    return {
        "title": _texts(f"held.{table}"),
        "fields": {name: _texts(f"field.{name}") for name in names},
        "rows": shown,
    }


def _shown(table: str, row: Mapping[str, Any]) -> Row:
    return {
        name: json.loads(value) if value and (table, name) in _STRUCTURED else value
        for name, value in row.items()
        if name not in _NOT_THE_DONORS
    }


def _texts(message: str) -> dict[str, str]:
    return {code: translate(_CATALOGS, code, message) for code in _LANGUAGES}
