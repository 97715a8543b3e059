"""A donor is erased: what goes, what stays, and that the books hold afterwards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from donations_api.books import INVARIANTS
from donations_api.erasing import Erasure, erase
from donations_api.errors import Explained
from donations_api.gift import State
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.pledge import PledgeState
from donations_api.records import Signed
from donations_api.settings import Settings
from tests.donations.a_donor import (
    EMAIL,
    SIGNED,
    clerk_of,
    declare,
    everywhere,
    her_gift,
    left,
)
from tests.donations.guards import Rows
from tests.donations.stripe_events import NOW, a_pledge, a_refund, a_session, an_event, kept

BY_LAW = {
    ("receipts", "name"),
    ("receipts", "dedication"),
    ("tickets", "name"),
    ("bank_lines", "name"),
    ("bank_lines", "dedication"),  # in the transfer's remark
}


def erased(
    ledger: Ledger,
    giving: Giving,
    settings: Settings,
    email: str = EMAIL,
    now: Any = NOW,
    signed: Signed = SIGNED,
) -> Erasure:
    with ledger.books() as books:
        erasure = erase(clerk_of(books, giving, settings, now), books.privacy.donor(email), signed)
        books.commit()
    return erasure


def test_all_that_the_law_does_not_need_is_gone_from_every_table(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """Whatever column it stood in, but for receipts, the ticket and the bank's line; and each of
    these is told with its last day. The invariants of the books hold.
    """
    gift = everywhere(ledger, giving, settings, rows, deliver)
    erasure = erased(ledger, giving, settings, EMAIL.upper())
    assert left(rows) == BY_LAW
    assert set(erasure.removed) == {
        *("gifts", "pledges", "outbox", "events", "event_failures", "search_words")
    }
    untils = {one.what: one.until for one in erasure.kept if one.until}
    assert untils == dict.fromkeys(("receipts", "tickets", "bank_lines"), "2036-12-31")
    assert erasure.at_stripe == [f"pi_{gift.id}"]
    assert rows("SELECT id FROM gifts WHERE NOT anonymous") == []
    if rows.on_sqlite:
        file = Path(settings.database_url.removeprefix("sqlite:///"))
        assert EMAIL.encode() not in file.read_bytes()  # nor in what SQLite would write over later
    with ledger.books() as books:
        assert [books.broken(one) for one in INVARIANTS] == [[]] * len(INVARIANTS)
        (act,) = books.acts_about("erase_donor", gift.id)
        assert (act.gift_id, act.entered_by, act.reason) == (gift.id, SIGNED.by, SIGNED.why)
        assert books.unsent() == []


def test_a_mail_to_an_erased_donor_is_never_sent(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """Not even when dead letters are tried again; and what a mail server says of it later, which
    repeats the address, is not kept.
    """
    everywhere(ledger, giving, settings, rows, deliver)
    erased(ledger, giving, settings)
    later = NOW + timedelta(days=1)
    with ledger.books() as books:
        books.revive(later)
        for message_id, mail_id in rows("SELECT message_id, id FROM outbox"):
            assert books.note_bounce(message_id, later, Explained("mail.address", address=EMAIL))
            books.postpone(mail_id, later, Explained("mail.address", address=EMAIL))
            books.bury(mail_id, later, Explained("mail.address", address=EMAIL))
        books.commit()
        assert ("outbox", "email") not in left(rows)

    with ledger.books() as books:
        assert books.claim(later, later + timedelta(minutes=5)) is None
    with ledger.books() as books:
        assert (books.unsent(), books.bounced()) == ([], [])
        assert books.overview.troubled_mails() == []
        assert not books.overview.waiting()["dead_letters"]
        for (mail_id,) in rows("SELECT id FROM outbox"):
            assert not books.overview.revive_mail(mail_id, later)


def test_gifts_without_an_address_are_not_taken_for_one_donors(
    ledger: Ledger, giving: Giving, settings: Settings
) -> None:
    """A link that was mailed once must not open the gifts of others that were erased too."""
    her_gift(ledger, state=State.EXPIRED)
    erased(ledger, giving, settings)
    with ledger.books() as books:
        assert books.gifts_of("") == []


def test_another_donor_with_a_like_address_stays(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """Upper and lower case are one donor; an address that only ends alike is another's."""
    her_gift(ledger, email=EMAIL.lower(), state=State.EXPIRED)
    her_gift(ledger, state=State.EXPIRED)
    other = kept(ledger, email=f"x{EMAIL}")
    deliver(an_event(a_session(other)))
    before = rows("SELECT payload FROM events"), rows("SELECT address FROM outbox")
    assert erased(ledger, giving, settings).removed["gifts"] == 2
    with ledger.books() as books:
        assert books.gift(other.id).email == other.email  # type: ignore[union-attr]
    assert (rows("SELECT payload FROM events"), rows("SELECT address FROM outbox")) == before


def test_gift_aid_keeps_the_address_that_joins_gift_and_declaration(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """A claim must be proven for six years; a declaration that covers no paid gift goes at once."""
    paid = everywhere(ledger, giving, settings, rows, deliver)
    unpaid = her_gift(ledger, state=State.EXPIRED, recipient="another")
    declare(rows, paid)
    declare(rows, unpaid)
    erasure = erased(ledger, giving, settings)
    assert left(rows) - BY_LAW == {
        ("gifts", "email"),
        *(("declarations", what) for what in ("email", "name", "house")),
    }
    assert rows("SELECT id FROM gifts WHERE email <> ''") == [(paid.id,)]
    assert rows("SELECT gift_id FROM declarations WHERE house <> ''") == [(paid.id,)]
    assert erasure.removed["declarations"] == 1
    untils = {one.what: one.until for one in erasure.kept}
    assert untils["addresses"] == untils["declarations"] == "2033-12-31"


@pytest.mark.parametrize(
    ("state", "subscription"),
    [
        (PledgeState.ACTIVE, None),
        (PledgeState.PAUSED, "sub_1"),
        (PledgeState.FAILING, "sub_1"),
    ],
)
def test_a_pledge_that_goes_on_is_ended_first(
    ledger: Ledger,
    giving: Giving,
    settings: Settings,
    rows: Rows,
    state: PledgeState,
    subscription: str | None,
) -> None:
    """Nothing is removed, and it is said how to end it: at Stripe, or by the reminder's link."""
    pledge = a_pledge(email=EMAIL, state=state, subscription_id=subscription)
    with ledger.books() as books:
        books.add_pledge(pledge)
        books.commit()
    with pytest.raises(Explained) as refused:
        erased(ledger, giving, settings)
    wanted = "pledge_at_stripe" if subscription else "pledge_by_reminder"
    assert refused.value.message == f"privacy.{wanted}"
    assert left(rows) == {("pledges", "email")}


@pytest.mark.parametrize(
    ("state", "hours"), [(State.PENDING, 23), (State.CONFIRMING, 23), (State.CONFIRMING, 240)]
)
def test_a_payment_on_its_way_is_waited_for(
    ledger: Ledger, giving: Giving, settings: Settings, state: State, hours: int
) -> None:
    """Its receipt would have no address; a payment page that was left long ago does not matter."""
    her_gift(ledger, state=state)
    with pytest.raises(Explained, match=r"privacy\.on_its_way"):
        erased(ledger, giving, settings, now=NOW + timedelta(hours=hours))


def test_who_and_why_are_needed_and_the_reason_names_nobody(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows
) -> None:
    """The act is kept for ever, so the address must not stand in its reason."""
    her_gift(ledger)
    before, later = left(rows), NOW + timedelta(days=2)
    for message, signed in (
        ("act.who_and_why", Signed("", "asked")),
        ("act.who_and_why", Signed("Wang Fang", " ")),
        ("privacy.why_says_address", Signed("Wang Fang", f"{EMAIL.lower()} asked")),
    ):
        with pytest.raises(Explained) as refused:
            erased(ledger, giving, settings, now=later, signed=signed)
        assert refused.value.message == message
    assert left(rows) == before
    erased(ledger, giving, settings, now=later)
    assert left(rows) == set()


def test_receipts_past_their_time_lose_the_name_too(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """After the years that the books are kept nothing of the donor stays, but the receipts do."""
    everywhere(ledger, giving, settings, rows, deliver)
    erased(ledger, giving, settings, now=NOW.replace(year=2037))
    assert left(rows) == set()
    assert len(rows("SELECT id FROM receipts")) == 1


def test_an_event_that_waits_is_kept_until_it_is_booked(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, deliver: Any
) -> None:
    """Money depends on what it says; that it mentions the donor is told."""
    waiting = an_event(a_refund("pi_unknown", 100, note=EMAIL), "refund.created")
    deliver(waiting)
    failed = an_event({"object": "x", "email": EMAIL.lower()}, "x")
    deliver(failed)
    erasure = erased(ledger, giving, settings)
    assert erasure.removed == {"events": 1}
    assert [(one.what, one.number, one.until) for one in erasure.kept] == [("events", 1, "")]
    assert rows("SELECT id FROM events WHERE payload <> '{}'") == [(waiting["id"],)]
    acts = {about for (about,) in rows("SELECT about FROM acts WHERE kind = 'erase_donor'")}
    assert acts == {waiting["id"], failed["id"]}
