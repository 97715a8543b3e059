"""What is past its time goes, by a clock that the tests set."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from donations_api.books import INVARIANTS
from donations_api.clerk import Outcome
from donations_api.erasing import erase
from donations_api.errors import Explained
from donations_api.gift import State
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.records import Signed
from donations_api.retention import remove_what_is_over
from donations_api.settings import Settings
from tests.donations.a_donor import EMAIL, SIGNED, clerk_of, declare, everywhere, her_gift, left
from tests.donations.guards import Rows
from tests.donations.stripe_events import NOW, a_refund, a_session, an_event, kept

BY_SCHEDULE = Signed("retention", "past its time")


@pytest.fixture
def swept(ledger: Ledger, giving: Giving, settings: Settings) -> Any:
    """What a day's run removes."""

    def sweep(now: datetime) -> dict[str, int]:
        with ledger.books() as books:
            removed = remove_what_is_over(clerk_of(books, giving, settings, now), BY_SCHEDULE)
            books.commit()
        return removed

    return sweep


@pytest.mark.parametrize("state", [State.PENDING, State.EXPIRED, State.FAILED])
def test_a_gift_that_was_never_paid_is_forgotten_after_ninety_days(
    ledger: Ledger, rows: Rows, swept: Any, state: State
) -> None:
    """Once: a second run finds nothing and notes no act."""
    gift = her_gift(ledger, state=state)
    before = left(rows)
    assert swept(NOW + timedelta(days=90)) == {}
    assert left(rows) == before
    late = NOW + timedelta(days=90, seconds=1)
    assert swept(late) == {"gifts": 1}
    assert swept(late) == {}
    assert left(rows) == set()
    with ledger.books() as books:
        empty = books.gift(gift.id)
        (act,) = books.acts_about("retention", "2027-02-21")
    assert empty
    assert empty.amount == gift.amount
    assert (act.said, act.entered_by) == ({"gifts": 1}, "retention")


def test_letters_and_events_are_forgotten_after_a_year(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any, swept: Any
) -> None:
    """A mail that has not gone, and events that wait for their booking or a person, stay."""
    everywhere(ledger, giving, settings, rows, deliver)
    assert deliver(an_event(a_refund("pi_unknown", 100), "refund.created")) is Outcome.WAITING
    garbled = a_session(kept(ledger), amount_total=None)
    assert deliver(an_event(garbled)) is Outcome.NOT_UNDERSTOOD
    rows("UPDATE gifts SET state = 'received'")  # or it would be forgotten as never paid
    with ledger.books() as books:
        sent, waiting = (mail for (mail,) in rows("SELECT id FROM outbox ORDER BY id"))
        books.mark_sent(sent, NOW)
        books.commit()
    assert swept(NOW + timedelta(days=365)) == {}
    removed = swept(NOW + timedelta(days=366))
    assert removed == {"outbox": 1, "events": 1, "event_failures": 1}
    assert rows("SELECT id FROM outbox WHERE address <> ''") == [(waiting,)]
    outcomes = rows("SELECT outcome FROM events WHERE payload <> '{}' ORDER BY outcome")
    assert outcomes == [("not_understood",), ("waiting",)]
    with ledger.books() as books:
        (unsent,) = books.unsent()
    assert unsent.address == EMAIL


def test_years_after_nothing_of_the_donor_is_left(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any, swept: Any
) -> None:
    """Years end with the recipient's own: in Shanghai eight hours before UTC's. The books hold."""
    everywhere(ledger, giving, settings, rows, deliver)
    with ledger.books() as books:
        for (mail,) in rows("SELECT id FROM outbox"):
            books.mark_sent(mail, NOW)
        books.commit()
    midnight = datetime(2036, 12, 31, 16, tzinfo=UTC)
    swept(midnight - timedelta(seconds=1))
    assert {table for table, _ in left(rows)} == {
        *("gifts", "pledges", "receipts", "tickets", "bank_lines", "search_words")
    }
    assert swept(midnight) == {"gifts": 1, "receipts": 1, "tickets": 1, "pledges": 1}
    assert {table for table, _ in left(rows)} == {"bank_lines"}  # the bank's day is UTC's
    assert swept(midnight + timedelta(days=1)) == {"bank_lines": 1}
    assert left(rows) == set()
    assert swept(midnight + timedelta(days=2)) == {}
    with ledger.books() as books:
        assert [books.broken(one) for one in INVARIANTS] == [[]] * len(INVARIANTS)


def test_a_declaration_goes_when_its_last_gift_is_long_past(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, swept: Any
) -> None:
    """It covers later gifts too; and it takes along the address that an erasing had to leave."""
    first = her_gift(ledger, state=State.RECEIVED)
    declare(rows, first)
    her_gift(ledger, state=State.RECEIVED, created_at=NOW.replace(year=2028))
    with ledger.books() as books:
        clerk = clerk_of(books, giving, settings, NOW.replace(year=2029))
        erase(clerk, books.privacy.donor(EMAIL), SIGNED)
        books.commit()
    assert swept(datetime(2035, 12, 31, 23, tzinfo=UTC)) == {}
    assert ("gifts", "email") in left(rows)
    assert swept(datetime(2036, 1, 1, tzinfo=UTC)) == {"declarations": 1, "gifts": 2}
    assert left(rows) == set()


def test_a_declaration_that_no_gift_followed_goes_with_it(
    ledger: Ledger, rows: Rows, swept: Any
) -> None:
    """One for a gift that was never paid is needed by nobody."""
    declare(rows, her_gift(ledger, state=State.EXPIRED), "gift")
    assert swept(NOW + timedelta(days=90)) == {}
    assert swept(NOW + timedelta(days=91)) == {"gifts": 1, "declarations": 1}
    assert left(rows) == set()


def test_a_sweep_says_why(ledger: Ledger, giving: Giving, settings: Settings) -> None:
    """Who and why stand in its act, as in every other."""
    her_gift(ledger)
    with ledger.books() as books:
        clerk = clerk_of(books, giving, settings, NOW + timedelta(days=91))
        with pytest.raises(Explained, match="who_and_why"):
            remove_what_is_over(clerk, Signed("retention", ""))


def test_a_recipient_that_keeps_its_books_for_longer_keeps_the_names(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """As the years in organisation.toml say, for what is received and for the bank's lines."""
    everywhere(ledger, giving, settings, rows, deliver)
    (recipient,) = giving.recipients
    longer = replace(giving, recipients=(replace(recipient, receipts_kept_years=30),))
    for year, stays in ((2056, True), (2057, False)):
        with ledger.books() as books:
            clerk = clerk_of(books, longer, settings, datetime(year, 6, 1, tzinfo=UTC))
            remove_what_is_over(clerk, BY_SCHEDULE)
            books.commit()
        found = {table for table, _ in left(rows)}
        assert ({"receipts", "tickets", "bank_lines", "gifts"} <= found) is stays
    assert found <= {"outbox"}  # a mail that has not gone out


def test_a_gift_is_kept_as_long_as_its_receipt(
    ledger: Ledger, rows: Rows, deliver: Any, swept: Any
) -> None:
    """Begun at the end of one year and paid in the next, it belongs to the books of that one."""
    gift = her_gift(ledger, created_at=datetime(2026, 12, 31, 12, tzinfo=UTC))
    paid = datetime(2027, 1, 2, tzinfo=UTC)
    deliver(an_event(a_session(gift), created=int(paid.timestamp())), paid)
    assert "gifts" not in swept(datetime(2037, 6, 1, tzinfo=UTC))
    assert ("gifts", "name") in left(rows)
    assert swept(datetime(2038, 1, 1, tzinfo=UTC)) == {"gifts": 1, "receipts": 1}
