"""Rule L8: the data map names every place in which somebody can be found."""

import re
from typing import Any

import pytest

from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.privacy import DONORS_TABLES
from donations_api.settings import ROOT, Settings
from tests.donations.a_donor import NAMES_HER, declare, everywhere, tables
from tests.donations.guards import Rows

_COLUMN = re.compile(r"`(\w+)\.(\w+)`")


@pytest.fixture
def columns(rows: Rows) -> set[tuple[str, str]]:
    """Each column of the books, as the database itself has it."""
    known = set(tables(rows))
    if rows.on_sqlite:
        return {
            (table, name)
            for table in known
            for (name,) in rows(f"SELECT name FROM pragma_table_info('{table}')")
        }
    asked = "SELECT table_name, column_name FROM information_schema.columns"
    return {(table, column) for table, column in rows(asked) if table in known}


def test_each_column_that_names_a_donor_is_on_the_map(
    ledger: Ledger,
    giving: Giving,
    settings: Settings,
    rows: Rows,
    deliver: Any,
    columns: set[tuple[str, str]],
) -> None:
    """A donor is put into every table; where she is found again, the map says so."""
    declare(rows, everywhere(ledger, giving, settings, rows, deliver))
    found = set()
    for table in {one for one, _ in columns}:
        names = sorted(column for one, column in columns if one == table)
        for values in rows(f"SELECT {', '.join(names)} FROM {table}"):
            found |= {
                (table, name) for name, value in zip(names, values, strict=True) if her(value)
            }
    assert found
    for language in ("zh", "en"):
        text = (ROOT / "docs" / f"data-map.{language}.md").read_text(encoding="utf-8")
        mapped = set(_COLUMN.findall(text))
        assert {one for one in mapped if one[0] in DONORS_TABLES} <= columns, "no such column"
        assert found - mapped == set(), language
        assert all(f"`{table}" in text for table in DONORS_TABLES), language


def her(value: object) -> bool:
    """Whether she is in it."""
    return any(mark in repr(value).lower() for mark in NAMES_HER.values())
