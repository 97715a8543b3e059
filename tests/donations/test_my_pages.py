"""A donor's own pages over HTTP: who may open them, what they say, and what they change."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from donations_api.app import drain, portal_for
from donations_api.errors import GivingClosed
from donations_api.gift import Gift, State
from donations_api.ledger import Ledger
from donations_api.links import Links
from donations_api.monthly import change_amount, next_gift, remind
from donations_api.pledge import Pledge, PledgeState, months_after
from donations_api.portal import Portal
from donations_api.reconciliation import reconcile
from tests.donations.running import Rig, rig, says, until
from tests.donations.stripe_events import a_pledge


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as running:
        yield running


def get(address: str) -> requests.Response:
    return requests.get(address, allow_redirects=False, timeout=20)


def a_gift(both: Rig, **changed: str) -> Gift:
    """A gift that was paid and booked."""
    both.paid(**changed)
    both.deliveries.deliver_due()
    return both.gifts()[-1]


def a_monthly_gift(both: Rig, **changed: str) -> tuple[Gift, Pledge]:
    gift = a_gift(both, frequency="monthly", **changed)
    assert gift.pledge_id
    with Ledger(both.settings.database_url).books() as books:
        pledge = books.pledge(gift.pledge_id)
    assert pledge
    return gift, pledge


def a_reminder(both: Rig, **changed: object) -> Pledge:
    """A pledge by reminder whose first gift came a month ago."""
    begun = datetime.now(UTC) - timedelta(days=31)
    fields = {"frequency": "reminder", "state": PledgeState.ACTIVE, "created_at": begun}
    pledge = a_pledge(**(fields | {"due_at": datetime.now(UTC)} | changed))
    with Ledger(both.settings.database_url).books() as books:
        books.add_pledge(pledge)
        books.commit()
    return pledge


def pledge_of(both: Rig, pledge: Pledge) -> Pledge:
    with Ledger(both.settings.database_url).books() as books:
        found = books.pledge(pledge.id)
    assert found
    return found


def portal(both: Rig) -> Portal:
    return portal_for(both.settings)


def wish(both: Rig, pledge: Pledge, **fields: str) -> requests.Response:
    """Press a button of the pledge's page."""
    address = Links(both.settings).my_pledge(pledge.id)
    return requests.post(address, {"once": "1"} | fields, allow_redirects=False, timeout=20)


def mails_of(both: Rig) -> int:
    """How many mails went out, once the schedule has sent what a busy disk left over."""
    drain(both.settings, datetime.now(UTC))

    def unsent() -> int:
        with Ledger(both.settings.database_url).books() as books:
            return len(books.unsent())

    until(lambda: unsent() == 0)
    return len(both.mails())


def press(both: Rig, what: str, **typed: str) -> None:
    """A button of the console, on the newest charge."""
    charge = re.search(r"/charges/(\w+)", unescape(get(f"{both.stripe}/?show=charges").text))
    assert charge
    address = f"{both.stripe}/charges/{charge[1]}"
    origin = {"Origin": both.stripe}
    assert requests.post(address, {"act": what} | typed, headers=origin, timeout=20).ok
    both.deliveries.deliver_due()


@pytest.mark.parametrize(
    ("what", "state", "pledged", "kinds"),
    [
        ("settle", State.RECEIVED, PledgeState.ACTIVE, ["receipt"]),
        ("fail_debit", State.FAILED, PledgeState.FAILING, ["debit_failed"]),
    ],
)
def test_monthly_giving_by_a_bank_debit_begins_when_the_bank_has_spoken(
    both: Rig, what: str, state: State, pledged: PledgeState, kinds: list[str]
) -> None:
    """Being confirmed for some days; then the first month is there, or a kind word."""
    page = both.give(frequency="monthly", currency="GBP", amount="25").headers["Location"]
    paid = both.donor.post(
        page,
        {"method": "bacs_debit", "outcome": "pay"},
        headers={"Origin": both.stripe},
        allow_redirects=False,
        timeout=20,
    )
    assert paid.status_code == 303
    both.deliveries.deliver_due()
    gift = both.gifts()[-1]
    assert gift.state is State.CONFIRMING
    press(both, what)
    gift = both.gifts()[-1]
    assert gift.state is state
    with Ledger(both.settings.database_url).books() as books:
        pledge = books.pledge(gift.pledge_id or "")
        sent = books._connection.execute("SELECT kind FROM outbox ORDER BY kind").fetchall()
    assert pledge
    assert pledge.state is pledged
    assert [row["kind"] for row in sent] == kinds


def test_the_link_back_from_the_payment_page_opens_no_more_than_its_gift(both: Rig) -> None:
    """Anybody can type another's address into the form: only the mail's links open the rest."""
    gift, pledge = a_monthly_gift(both)
    links = Links(both.settings)
    returning = links.returning(gift.id)
    assert get(f"{both.portal}/donations/thanks?gift={returning}").status_code == 200
    for path in ("/gifts/{}", "/gifts/{}/gifts.csv", "/pledges/{}", "/reminders/{}"):
        assert get(both.portal + path.format(returning)).status_code == 404
    # Nor does a link of one kind open a page of another.
    mailed = urlsplit(links.my_gift(gift.id)).path.rsplit("/", 1)[1]
    assert get(f"{both.portal}/gifts/{mailed}").status_code == 200
    assert get(f"{both.portal}/pledges/{mailed}").status_code == 404
    named, _, signature = links.my_pledge(pledge.id).rpartition(".")
    assert get(f"{named}.{signature[::-1]}").status_code == 404


def test_the_thank_you_page_waits_for_nobody_who_writes(both: Rig) -> None:
    """It looks again and again after the money, while a bank's statement is imported, say."""
    gift, _ = a_monthly_gift(both)
    address = f"{both.portal}/donations/thanks?gift={Links(both.settings).returning(gift.id)}"
    with Ledger(both.settings.database_url).books() as books:
        books.move_gift(gift.id, State.RECEIVED)
        assert get(address).status_code == 200


def test_the_thank_you_page_does_not_give_the_mails_links_away(both: Rig) -> None:
    gift, _ = a_monthly_gift(both)
    page = get(f"{both.portal}/donations/thanks?gift={Links(both.settings).returning(gift.id)}")
    assert "/gifts/" not in page.text
    assert "/pledges/" not in page.text


def test_my_gift_knows_its_donors_other_gifts_and_nobody_elses(both: Rig) -> None:
    """The file holds all gifts of this address, in the reader's language, for Excel."""
    first = a_gift(both, email="li@example.org")
    a_gift(both, email="li@example.org", amount="88", currency="GBP", language="en")
    a_gift(both, email="other@example.org", amount="66")
    address = Links(both.settings).my_gift(first.id)
    page = get(address)
    assert says(page, "standing.received")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    file = get(f"{address}/gifts.csv")
    assert file.content.startswith(b"\xef\xbb\xbf")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("日期,金额,货币")
    assert ",200.00,CNY,0.00,最需要的地方,单次捐款,已收到,XX-" in lines[1]
    assert ",88.00,GBP," in lines[2]
    english = get(f"{address}/gifts.csv?language=en").content.decode("utf-8-sig")
    assert english.startswith("Date,Amount,Currency")


def test_a_document_is_shown_as_it_was_mailed_to_its_own_donor_only(both: Rig) -> None:
    mine, other = a_gift(both), a_gift(both)
    with Ledger(both.settings.database_url).books() as books:
        own, foreign = books.receipt_of(mine.id), books.receipt_of(other.id)
    assert own
    assert foreign
    address = Links(both.settings).my_gift(mine.id)
    shown = get(f"{address}/receipts/{own.number}")
    assert own.number in shown.text
    assert "捐赠确认函" in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert 'sandbox srcdoc="' in shown.text
    assert get(f"{address}/receipts/{foreign.number}").status_code == 404


def test_another_amount_is_asked_for_from_the_next_month_on(both: Rig) -> None:
    """Stripe is told; its event brings the books to the same; the donor is told by mail."""
    _, pledge = a_monthly_gift(both, amount="200")
    assert wish(both, pledge, wish="amount", amount="３００").status_code == 303
    both.deliveries.deliver_due()
    assert pledge_of(both, pledge).amount.minor == 30000
    # The same press twice acts once.
    wish(both, pledge, wish="amount", amount="300")
    assert mails_of(both) == 2


def test_who_goes_back_may_wish_for_something_else(both: Rig) -> None:
    """The page that a browser kept has its old mark, and it acts once for each wish."""
    _, charged = a_monthly_gift(both, amount="200")
    reminded = a_reminder(both)
    before = mails_of(both)
    for pledge in (charged, reminded):
        for amount in ("300", "400"):
            assert wish(both, pledge, wish="amount", amount=amount).status_code == 303
        assert "¥400.00" in get(Links(both.settings).my_pledge(pledge.id)).text
    assert mails_of(both) == before + 4


def test_what_has_ended_is_not_changed_by_a_page_that_is_older(both: Rig) -> None:
    """It says that it has ended; nor does a change that was on its way begin it again."""
    pledge = a_reminder(both)
    assert wish(both, pledge, wish="end").status_code == 303
    before = mails_of(both)
    answer = wish(both, pledge, wish="amount", amount="400", once="2")
    assert says(get(both.portal + answer.headers["Location"]), "pledge.reminder.ended")
    assert mails_of(both) == before
    language = portal(both).frame.default
    assert change_amount(portal(both), pledge, None, "400", language, "3") == []
    assert pledge_of(both, pledge).state is PledgeState.ENDED


def test_the_page_says_nothing_of_ours_that_an_address_asks_for(both: Rig) -> None:
    """Whoever writes into the address finds the page as it is."""
    page = get(f"{Links(both.settings).my_pledge(a_reminder(both).id)}?done=nothing")
    assert (page.status_code, 'class="done"' in page.text) == (200, False)


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "empty"), ("nothing", "not_a_number"), ("1", "too_small"), ("99999999", "too_large")],
)
def test_an_amount_that_cannot_be_is_said_at_its_field(both: Rig, typed: str, message: str) -> None:
    """And nothing is changed."""
    _, pledge = a_monthly_gift(both)
    answer = wish(both, pledge, wish="amount", amount=typed)
    assert answer.status_code == 422
    values = {"smallest": "¥10", "largest": "¥50,000"}
    assert says(answer, f"error.amount.{message}", **values)
    assert 'aria-invalid="true"' in answer.text
    assert pledge_of(both, pledge).amount == pledge.amount


def test_the_fee_is_covered_for_the_new_amount_too(both: Rig) -> None:
    _, pledge = a_monthly_gift(
        both, currency="GBP", amount="25", cover_fee="yes", agreed_total="2595 GBP"
    )
    assert pledge.fee_cover == 95
    wish(both, pledge, wish="amount", amount="40")
    both.deliveries.deliver_due()
    changed = pledge_of(both, pledge)
    assert (changed.amount.minor, changed.fee_cover) == (4140, 140)


def test_a_nul_is_no_wish(both: Rig) -> None:
    """PostgreSQL takes none in a text; on both databases it is told as what it is."""
    _, pledge = a_monthly_gift(both)
    assert wish(both, pledge, wish="amount", amount="40", once="a\0b").status_code == 400
    assert wish(both, pledge, wish="\0").status_code == 400
    page = Links(both.settings).my_pledge(pledge.id)
    assert get(f"{page}&language=%00" if "?" in page else f"{page}?language=%00").status_code == 400
    for path in ("/gifts/a%00b", "/receipts/a%00b"):
        assert get(f"{both.portal}{path}").status_code == 400


def test_a_pause_and_its_end(both: Rig) -> None:
    _, pledge = a_monthly_gift(both)
    assert wish(both, pledge, wish="pause", months="99", once="2").status_code == 400
    # The same press twice acts once.
    for _ in range(2):
        assert wish(both, pledge, wish="pause", months="3").status_code == 303
    both.deliveries.deliver_due()
    assert pledge_of(both, pledge).state is PledgeState.PAUSED
    assert says(get(Links(both.settings).my_pledge(pledge.id)), "pledge.monthly.paused")
    # Stripe tells the order of its news by the second; nobody resumes within the same one.
    second = int(time.time())
    until(lambda: int(time.time()) > second)
    assert wish(both, pledge, wish="resume", once="3").status_code == 303
    both.deliveries.deliver_due()
    assert pledge_of(both, pledge).state is PledgeState.ACTIVE


def test_an_end_is_thanked_for_and_cannot_be_undone(both: Rig) -> None:
    _, pledge = a_monthly_gift(both)
    assert wish(both, pledge, wish="end").status_code == 303
    both.deliveries.deliver_due()
    assert pledge_of(both, pledge).state is PledgeState.ENDED
    assert mails_of(both) == 2
    page = get(Links(both.settings).my_pledge(pledge.id))
    assert says(page, "pledge.monthly.ended")
    assert "<form" not in page.text


def test_a_stripe_that_is_away_changes_nothing_and_says_so(both: Rig) -> None:
    """The page cannot know how the pledge stands, and does not guess."""
    _, pledge = a_monthly_gift(both)
    with Ledger(both.settings.database_url).books() as books:
        books._connection.execute("UPDATE pledges SET subscription_id = 'sub_gone'")
        books.commit()
    page = get(Links(both.settings).my_pledge(pledge.id))
    assert page.status_code == 503
    assert says(page, "problem.payment_page.title")


def test_a_reminder_comes_once_a_month_and_not_for_the_past(both: Rig) -> None:
    """Asked twice it writes once; after a long silence one mail comes, not one for each month."""
    pledge = a_reminder(both)
    now = datetime.now(UTC)
    assert [remind(portal(both), now) for _ in range(2)] == [1, 0]
    following = pledge_of(both, pledge).due_at
    assert following
    assert following > now
    assert remind(portal(both), now + timedelta(days=100)) == 1
    assert remind(portal(both), now + timedelta(days=100)) == 0


def test_one_tap_makes_one_gift_a_month(both: Rig) -> None:
    """The link leads to the payment page; again to the same one; after paying, to the gift."""
    pledge = a_reminder(both)
    address = Links(both.settings).next_gift(pledge.id, "2026-12")
    first, again = get(address), get(address)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert "/pay/" in first.headers["Location"]
    assert len(both.gifts()) == 1
    both.pay(first.headers["Location"])
    both.deliveries.deliver_due()
    assert "/donations/thanks" in get(address).headers["Location"]
    other_month = get(Links(both.settings).next_gift(pledge.id, "2027-01"))
    assert "/pay/" in other_month.headers["Location"]
    assert len(both.gifts()) == 2


def test_nobody_is_reminded_where_nobody_may_ask(both: Rig) -> None:
    """To remind is to ask (rule L3): the mail waits, and the link of an older one is closed."""
    pledge = a_reminder(both)
    away = replace(portal(both), settings=replace(both.settings, stripe_api_base=""))
    assert remind(away, datetime.now(UTC)) == 0
    with pytest.raises(GivingClosed):
        next_gift(away, pledge, "2026-12")
    assert remind(portal(both), datetime.now(UTC)) == 1


def test_nothing_is_stopped_by_following_a_link(both: Rig) -> None:
    """Mail scanners follow links; only the one-click POST of RFC 8058, or the button, stops."""
    pledge = a_reminder(both)
    links = Links(both.settings)
    assert get(links.stop(pledge.id)).status_code == 303
    assert get(links.my_pledge(pledge.id)).status_code == 200
    assert pledge_of(both, pledge).state is PledgeState.ACTIVE
    answer = requests.post(links.stop(pledge.id), {"List-Unsubscribe": "One-Click"}, timeout=20)
    assert answer.status_code == 200
    assert pledge_of(both, pledge).state is PledgeState.ENDED
    assert remind(portal(both), datetime.now(UTC) + timedelta(days=40)) == 0


def test_a_gift_is_settled_when_stripe_holds_its_money_no_more(both: Rig) -> None:
    """Asked before, nothing changes."""
    gift = a_gift(both)
    reconcile(portal(both))
    assert says(get(Links(both.settings).my_gift(gift.id)), "standing.received")
    press(both, "available")
    reconcile(portal(both))
    assert says(get(Links(both.settings).my_gift(gift.id)), "standing.settled")


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31T03:00", 1, "2026-02-28T03:00"),
        ("2026-01-31T03:00", 2, "2026-03-31T03:00"),
        ("2026-11-30T17:00", 1, "2026-12-31T17:00"),  # already the 1st in Shanghai
        ("2026-12-25T03:00", 14, "2028-02-25T03:00"),
    ],
)
def test_a_month_is_the_recipients_calendars(
    both: Rig, start: str, months: int, expected: str
) -> None:
    zone = portal(both).giving.recipients[0].time_zone
    moment = datetime.fromisoformat(f"{start}+00:00")
    assert months_after(moment, months, zone) == datetime.fromisoformat(f"{expected}+00:00")
