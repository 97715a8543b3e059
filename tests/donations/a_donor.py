"""A donor about whom every table of the books has a row, and a look for what names her."""

import json
from datetime import datetime, timedelta
from typing import Any

from donations_api.clerk import Clerk
from donations_api.errors import Explained
from donations_api.gift import Gift
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.pledge import PledgeState
from donations_api.records import Dispute, Signed
from donations_api.rows import stamp
from donations_api.settings import Settings
from tests.donations.guards import Rows
from tests.donations.stripe_events import NOW, a_pledge, a_session, an_event, kept

EMAIL = "Lin.Xiaoman@Example.org"
NAME = "林小满"
MESSAGE = "愿你们平安"
DEDICATION = "献给外婆"
HOUSE = "12 Marker Lane"
NAMES_HER = {
    "email": EMAIL.lower(),
    "name": NAME,
    "message": MESSAGE,
    "dedication": DEDICATION,
    "house": HOUSE.lower(),
}
SIGNED = Signed("Wang Fang", "asked by letter")


def tables(rows: Rows) -> set[str]:
    """The tables of the books, as the database itself has them."""
    names = rows(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if rows.on_sqlite
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return {name for (name,) in names if "yoyo" not in name}


def left(rows: Rows) -> set[tuple[str, str]]:
    """In which tables she can still be recognised, and by what; read in every column there is."""
    found = set()
    for table in tables(rows):
        text = repr(rows(f"SELECT * FROM {table}")).lower()
        found |= {(table, what) for what, mark in NAMES_HER.items() if mark in text}
    return found


def her_gift(ledger: Ledger, **changed: Any) -> Gift:
    her: dict[str, Any] = {
        "email": EMAIL,
        "name": NAME,
        "message": MESSAGE,
        "dedication": DEDICATION,
    }
    her |= {"anonymous": False}
    return kept(ledger, **(her | changed))


def clerk_of(books: Any, giving: Giving, settings: Settings, now: datetime = NOW) -> Clerk:
    return Clerk(books, giving, settings, now)


def everywhere(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> Gift:
    """Her gift was paid, and each table has a row about her. The gift."""
    pledge = a_pledge(
        email=EMAIL, name=NAME, message=MESSAGE, dedication=DEDICATION, state=PledgeState.ENDED
    )
    with ledger.books() as books:
        books.add_pledge(pledge)
        books.commit()
    gift = her_gift(ledger, pledge_id=pledge.id)
    event = an_event(a_session(gift))
    deliver(event)
    payment = f"pi_{gift.id}"
    with ledger.books() as books:
        clerk = clerk_of(books, giving, settings)
        clerk.act("noted", gift.id, Signed("Wang Fang", "a call"), gift.id)
        clerk.write("debit_failed", gift.id, gift, {})
        (mail, *_) = rows("SELECT id FROM outbox ORDER BY id")[0]
        books.postpone(mail, NOW + timedelta(hours=1), Explained("mail.address", address=EMAIL))
        books.add_dispute(Dispute(f"dp_{gift.id}", gift.id, "won", gift.amount, NOW))
        books.commit()
    rows(
        "INSERT INTO event_failures VALUES (?, ?, 'x', ?, ?, ?)",
        f"failure_{gift.id}",
        event["id"],
        stamp(NOW),
        f'["webhook.broken", {{"error": "{EMAIL} {NAME}"}}]',
        json.dumps({"email": EMAIL}),
    )
    rows("INSERT INTO search_words VALUES (?, ?)", gift.id, f"{NAME} {EMAIL} lin xiaoman")
    rows(
        "INSERT INTO tickets VALUES (?, 'requested', ?, '', 'x', '000123', 'x', 'x')", gift.id, NAME
    )
    rows(
        "INSERT INTO bank_lines VALUES"
        " (?, 'a', 'house', 'f.csv', 1, '2026-11-23', 20000, 'CNY', ?, '6222', ?, 'r1', 'gift',"
        " ?, NULL, 'x')",
        f"line_{gift.id}",
        NAME,
        DEDICATION,
        gift.id,
    )
    rows(
        "INSERT INTO statement VALUES (?, 'charge', 'ch_1', ?, 'gift', ?, 20000, 0, 'CNY', 20000,"
        " 'CNY', ?, ?, ?, NULL)",
        f"txn_{gift.id}",
        payment,
        payment,
        False,
        stamp(NOW),
        stamp(NOW),
    )
    return gift


def declare(rows: Rows, gift: Gift, scope: str = "all") -> None:
    """She declares Gift Aid for the gift."""
    rows(
        "INSERT INTO declarations VALUES"
        " (?, ?, ?, ?, ?, 'Ms', 'Xiaoman', ?, ?, 'W1 1AA', 'the words', 'zh', ?, NULL)",
        f"declaration_{gift.id}",
        gift.recipient,
        gift.id,
        gift.email,
        scope,
        NAME,
        HOUSE,
        stamp(gift.created_at),
    )
