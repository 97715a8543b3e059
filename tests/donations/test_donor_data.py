"""What is held about a donor is handed out whole, and no table escapes it."""

import json
from typing import Any

from donations_api.donor_data import donor_data
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.privacy import DONORS_TABLES, NOBODYS_TABLES
from donations_api.settings import Settings
from tests.donations.a_donor import DEDICATION, EMAIL, NAME, declare, everywhere, tables
from tests.donations.guards import Rows
from tests.donations.stripe_events import NOW, a_session, an_event, kept


def test_every_table_of_the_books_is_handled(rows: Rows) -> None:
    """A new table is either searched for the donor, or said to hold nothing about one."""
    assert tables(rows) == DONORS_TABLES.keys() | NOBODYS_TABLES


def test_all_that_is_held_is_there_and_explained_in_both_languages(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """From each table her rows and nobody else's, each column but the names of staff."""
    gift = everywhere(ledger, giving, settings, rows, deliver)
    declare(rows, gift)
    other = kept(ledger, email=f"x{EMAIL}", name="别人")
    deliver(an_event(a_session(other)))
    with ledger.reading() as books:
        held = donor_data(books, books.privacy.donor(EMAIL.lower()), NOW)
    text = json.dumps(held, ensure_ascii=False)
    parts = held["tables"]
    assert {table for table, part in parts.items() if part["rows"]} == DONORS_TABLES.keys()
    assert len(parts["outbox"]["rows"]) == 2
    for part in parts.values():
        assert {name for row in part["rows"] for name in row} == part["fields"].keys()
        for said in (part["title"], *part["fields"].values()):
            assert set(said) == {"zh", "en"}
            assert said["zh"] != said["en"]
    (row,) = parts["gifts"]["rows"]
    assert (row["email"], row["name"], row["amount"]) == (EMAIL, NAME, 20000)
    assert parts["receipts"]["rows"][0]["snapshot"]["dedication"] == DEDICATION
    assert parts["events"]["rows"][0]["payload"]["data"]["object"]["customer_email"] == EMAIL
    assert "Wang Fang" not in text
    assert other.id not in text
    assert "别人" not in text
