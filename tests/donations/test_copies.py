"""Letters sent again, to the right address, and copies of receipts."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from donations_api import copies
from donations_api.books import Books
from donations_api.clerk import Clerk
from donations_api.errors import Explained
from donations_api.ledger import Ledger
from donations_api.periods import Period
from donations_api.records import Signed
from donations_api.settings import Settings
from tests.donations.guards import Rows
from tests.donations.recipients import (
    SIGNED,
    Desk,
    content_with_both,
    desk_over,
    given,
    given_in_china,
)
from tests.donations.stripe_events import NOW, kept_monthly

MONTH = Period(NOW.date(), NOW.date() + timedelta(days=1), ZoneInfo("UTC"))
OLD, NEW = "ann@example.org", "ann@right.example"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, content=content_with_both(tmp_path))


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return desk_over(settings)


def bury(books: Books) -> None:
    """Let the mail that waits become a dead letter."""
    message = books.claim(NOW, NOW + timedelta(minutes=5))
    assert message
    books.bury(message.id, NOW, Explained("mail.address", address=message.address))


def test_a_letter_is_sent_again_under_a_name_of_its_own(desk: Desk, rows: Rows) -> None:
    """A mail program that has seen the first Message-ID would drop a second mail with it."""
    with desk() as clerk:
        _, receipt = given(clerk)
        clerk.books.mark_sent(rows_of(clerk)[0], NOW)
        assert copies.resend(clerk, receipt, SIGNED).address == OLD
        copies.resend(clerk, receipt, SIGNED)
    assert rows("SELECT count(*) FROM outbox WHERE sent_at <> '' AND replaced_by IS NULL") == [(1,)]
    mails = rows("SELECT kind, receipt_id, address FROM outbox")
    assert mails == [("receipt", receipt.id, OLD)] * 3
    assert rows("SELECT count(DISTINCT message_id) FROM outbox") == [(3,)]
    acts = rows("SELECT id, kind, about, entered_by FROM acts ORDER BY rowid")
    assert [act[1:] for act in acts] == [("resent", receipt.number, "Wang Fang")] * 2
    causes = {cause for (cause,) in rows("SELECT cause FROM outbox")}
    assert causes == {receipt.cause, *(act[0] for act in acts)}


def rows_of(clerk: Clerk) -> list[str]:
    found = clerk.books._connection.execute("SELECT id FROM outbox").fetchall()
    return [row["id"] for row in found]


def test_what_did_not_arrive_is_taken_over(desk: Desk, ledger: Ledger, rows: Rows) -> None:
    """A dead letter and a bounced mail stay as history, and are listed as open no longer."""
    with desk() as clerk:
        _, dead = given(clerk)
        bury(clerk.books)
        _, back = given(clerk)
        sent = clerk.books.claim(NOW, NOW)
        assert sent
        clerk.books.mark_sent(sent.id, NOW)
        clerk.books.note_bounce(sent.message_id, NOW, Explained("mail.bounced", answer="550"))
    with ledger.reading() as books:
        assert ([one.dead for one in books.unsent()], len(books.bounced())) == ([True], 1)
    with desk() as clerk:
        copies.resend(clerk, dead, SIGNED, NEW)
        copies.resend(clerk, back, SIGNED, NEW)
        clerk.books.revive(NOW)
    with ledger.reading() as books:
        assert [(one.address, one.dead) for one in books.unsent()] == [(NEW, False)] * 2
        assert books.bounced() == []
        assert books.overview.troubled_mails() == []
        assert not books.overview.waiting()["dead_letters"]
        assert not books.overview.waiting()["bounced_mails"]
        assert books.extracts.still_open(MONTH, "").mails == 2
        assert books.broken("receipts_without_mail") == []
    assert rows("SELECT count(*) FROM outbox WHERE address = ?", OLD) == [(2,)]
    assert rows("SELECT address FROM outbox WHERE dead_at <> ''") == [(OLD,)]
    with desk() as clerk:
        claimed = [clerk.books.claim(NOW, NOW + timedelta(minutes=5)) for _ in range(3)]
    assert [one and one.address for one in claimed] == [NEW, NEW, None]


def test_a_mail_that_still_waits_goes_out_once(desk: Desk) -> None:
    """Who asks again before it went gets the later one alone."""
    with desk() as clerk:
        _, receipt = given(clerk)
    later = NOW + timedelta(minutes=1)
    with desk(later) as clerk:
        copies.resend(clerk, receipt, SIGNED)
        claimed = [clerk.books.claim(later, later + timedelta(minutes=5)) for _ in range(2)]
        (act,) = clerk.books.acts_about("resent", receipt.number)
    assert [one and one.cause for one in claimed] == [act.id, None]


def test_a_corrected_address_is_put_wherever_the_next_letter_looks(
    desk: Desk, ledger: Ledger, rows: Rows
) -> None:
    """The pledge, its other gifts, mail that waits; nobody else's; the act holds no address."""
    pledge, first = kept_monthly(ledger, email=OLD, subscription_id="sub_1")
    with desk() as clerk:
        _, stranger = given(clerk)
        pledged, receipt = given(clerk)
        clerk.books._connection.execute(
            f"UPDATE gifts SET pledge_id = '{pledge.id}' WHERE id = '{pledged.id}'"
        )
        clerk.write("pledge_changed", "waits", pledge, {"change": "resumed", "resumes_at": None})
        known = dict.fromkeys((first.id, pledged.id, stranger.gift_id), OLD)
        clerk.books.overview.keep_words(known)
    with desk() as clerk:
        resent = copies.resend(clerk, receipt, SIGNED, " Ann@RIGHT.example ".strip())
    assert (resent.address, resent.subscription_id) == ("Ann@right.example", "sub_1")
    with ledger.reading() as books:
        found = (books.pledge(pledge.id), books.gift(first.id), books.gift(pledged.id))
        other = books.gift(stranger.gift_id)
    assert [one and one.email for one in found] == ["Ann@right.example"] * 3
    assert other
    assert other.email == OLD
    waiting = dict(rows("SELECT kind, address FROM outbox WHERE pledge_id = ?", pledge.id))
    assert waiting["pledge_changed"] == "Ann@right.example"
    # The search makes the words of those anew that have another address now.
    assert rows("SELECT gift_id FROM search_words") == [(stranger.gift_id,)]
    said = rows("SELECT said, about FROM acts WHERE kind IN ('resent', 'address_corrected')")
    assert "right" not in str(said)


def test_what_cannot_be_sent_again_is_told(desk: Desk) -> None:
    """An address that is none, no address at all, no reason, no such number or language."""
    with desk() as clerk:
        _, receipt = given(clerk, email="")
        for address, wrong in (("ann@", r"mail\.address"), ("", "no_address")):
            with pytest.raises(Explained, match=wrong):
                copies.resend(clerk, receipt, SIGNED, address)
        with pytest.raises(Explained, match="who_and_why"):
            copies.resend(clerk, given(clerk)[1], Signed("Wang Fang", " "))
        with pytest.raises(Explained, match="unknown"):
            copies.document(clerk, "UK-2026-000099")
        with pytest.raises(Explained, match="language"):
            copies.reissue(clerk, receipt, "fr", SIGNED)
        assert copies.document(clerk, f" {receipt.number}\n") == receipt
        assert copies.resend(clerk, receipt, SIGNED, NEW).address == NEW


def test_a_copy_keeps_its_number_and_says_that_it_is_one(desk: Desk, rows: Rows) -> None:
    """In the language that was asked for; no receipt is numbered for it."""
    with desk() as clerk:
        _, receipt = given_in_china(clerk)
        copies.reissue(clerk, receipt, "en", SIGNED)
    ((receipt_id, said, cause),) = rows(
        "SELECT receipt_id, said, cause FROM outbox WHERE kind = 'copy'"
    )
    assert (receipt_id, json.loads(said)) == (receipt.id, {"language": "en", "copy": True})
    assert rows("SELECT about, entered_by FROM acts WHERE id = ?", cause) == [
        (receipt.number, "Wang Fang")
    ]
    assert rows("SELECT count(*) FROM receipts") == [(1,)]


def test_a_donor_asks_once_in_ten_minutes(desk: Desk) -> None:
    """Each receipt counts for itself."""
    with desk() as clerk:
        receipts = given(clerk)[1], given(clerk)[1]
        asked = [copies.resend_to_donor(clerk, one) for one in (*receipts, receipts[0])]
        assert asked == [True, True, False]
    with desk(NOW + timedelta(minutes=9, seconds=59)) as clerk:
        assert not copies.resend_to_donor(clerk, receipts[0])
    with desk(NOW + timedelta(minutes=10)) as clerk:
        assert copies.resend_to_donor(clerk, receipts[0])
