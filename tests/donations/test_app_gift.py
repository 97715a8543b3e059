"""A gift over HTTP: from the form to the mail, the way back, and Stripe in trouble."""

import re
import sqlite3
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from threading import Thread

import pytest
import requests

from donations_api.app import create_app
from donations_api.donating import LOOK_AGAIN_AFTER
from donations_api.gift import State
from donations_api.ledger import Ledger
from tests.donations.running import Rig, listening, rig, says, settings_for, until
from tests.donations.test_gateway import ERROR, misbehaving


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as both:
        yield both


def test_a_gift_goes_all_the_way(both: Rig) -> None:
    """Form, payment page, webhook, books, thank-you page with the receipt's number, one mail."""
    thanks = both.paid()
    both.deliveries.deliver_due()
    (gift,) = both.gifts()
    assert gift.state is State.RECEIVED
    page = requests.get(thanks, timeout=10)
    assert page.status_code == 200
    assert says(page, "thanks.title")
    assert "XX-" in page.text
    assert "¥200.00" in page.text
    assert "Refresh" not in page.headers
    assert until(lambda: both.mails())


def test_before_the_webhook_nothing_is_promised(both: Rig) -> None:
    """The return from the payment page proves nothing: "being confirmed", and it looks again."""
    page = requests.get(both.paid(), timeout=10)
    assert says(page, "thanks.waiting.title")
    assert not says(page, "thanks.title")
    assert "XX-" not in page.text
    assert both.mails() == []
    assert both.gifts()[0].state is State.PENDING


def test_the_thank_you_page_looks_again_ever_more_slowly_and_then_stops(both: Rig) -> None:
    """Followed to its end: about ten looks by the Refresh header, growing; never by a meta tag."""
    address, waits = both.paid(), []
    while True:
        page = requests.get(address, timeout=10)
        assert 'http-equiv="refresh"' not in page.text.lower()
        if "Refresh" not in page.headers:
            break
        wait, _, path = page.headers["Refresh"].partition("; url=")
        waits.append(int(wait))
        address = both.portal + path
    assert tuple(waits) == LOOK_AGAIN_AFTER
    assert waits == sorted(waits)
    assert len(waits) <= 10


@pytest.mark.parametrize("looks", ["-1", "99999999999999999999", "x", "10"])
def test_a_made_up_count_of_looks_does_not_start_a_loop(both: Rig, looks: str) -> None:
    """Whatever the address says, the page comes; out of bounds it does not refresh."""
    page = requests.get(f"{both.paid()}&looks={looks}", timeout=10)
    assert page.status_code == 200
    assert ("Refresh" in page.headers) is (looks == "x")


def test_the_thank_you_page_is_there_in_each_language(both: Rig) -> None:
    """The switch leads to the same page in the other language, with the same signed link."""
    page = requests.get(both.paid(language="en", currency="GBP", amount="25"), timeout=10)
    assert '<html lang="en"' in page.text
    other = re.search(r'<a href="(/donations/thanks[^"]+)" lang="zh-Hans"', page.text)
    assert other
    page = requests.get(both.portal + unescape(other[1]), timeout=10)
    assert page.status_code == 200
    assert '<html lang="zh-Hans"' in page.text


def test_who_leaves_the_payment_page_is_told_that_nothing_was_charged(both: Rig) -> None:
    """The way back from Stripe's page without paying."""
    page = requests.get(both.give().headers["Location"], timeout=10)
    back = re.search(r'href="([^"]+/donations/cancelled[^"]+)"', page.text)
    assert back
    page = requests.get(unescape(back[1]), timeout=10)
    assert page.status_code == 200
    assert says(page, "cancelled.title")


def test_nobody_who_paid_is_told_that_nothing_was_charged(both: Rig) -> None:
    """The link for turning back, opened after all was paid, leads to the thanks; it knows why."""
    thanks = both.paid(language="en")
    both.deliveries.deliver_due()
    back = thanks.replace("/thanks?", "/cancelled?")
    page = requests.get(back, timeout=10)
    assert page.url == thanks
    assert says(page, "thanks.title", "en")
    page = requests.get(back.replace("language=en", "language=zh"), timeout=10)
    assert says(page, "thanks.title", "zh")


def test_nobody_is_thanked_for_a_payment_page_that_closed_unused(both: Rig) -> None:
    """The same signed link on the other page: an expired gift has nothing to be confirmed."""
    page = requests.get(both.give().headers["Location"], timeout=10)
    back = re.search(r'href="([^"]+/donations/cancelled[^"]+)"', page.text)
    assert back
    (gift,) = both.gifts()
    with Ledger(both.settings.database_url).books() as books:
        books.move_gift(gift.id, State.EXPIRED)
        books.commit()
    page = requests.get(unescape(back[1]).replace("/cancelled?", "/thanks?"), timeout=10)
    assert says(page, "expired.title")
    assert "Refresh" not in page.headers


def test_the_thank_you_page_says_what_was_paid(both: Rig) -> None:
    """Should Stripe have taken another amount than was asked for, it is the receipt's."""
    thanks = both.paid()
    with sqlite3.connect(both.settings.database_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE gifts SET amount = 100")
    both.deliveries.deliver_due()
    assert "¥200.00" in requests.get(thanks, timeout=10).text


@pytest.mark.parametrize("path", ["thanks", "cancelled"])
@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "gift_000000000000000000000000",
        "ImdpZnQi.c2lnbmF0dXJl",
        "\u6377.\u6377",
        "." * 5000,
    ],
)
def test_a_forged_link_opens_nothing(both: Rig, path: str, token: str) -> None:
    """A link that was not signed here is a page that does not exist."""
    page = requests.get(f"{both.portal}/donations/{path}", {"gift": token}, timeout=10)
    assert page.status_code == 404
    assert says(page, "problem.not_found.title")


def test_a_link_signed_with_another_key_opens_nothing(both: Rig, tmp_path: Path) -> None:
    """The control of the above: the very same gift, signed with another SECRET_KEY."""
    thanks = both.paid()
    assert requests.get(thanks, timeout=10).status_code == 200
    other = create_app(settings_for(tmp_path, secret_key="another secret of tests"))
    with listening(other) as address:
        assert requests.get(thanks.replace(both.portal, address), timeout=10).status_code == 404


def test_a_signed_link_to_a_gift_that_the_books_do_not_have_is_not_found(
    both: Rig, tmp_path: Path
) -> None:
    """The books were restored from an older copy: a page of words, no fault."""
    thanks = both.paid()
    (tmp_path / "older").mkdir()
    with rig(tmp_path / "older") as older:
        page = requests.get(thanks.replace(both.portal, older.portal), timeout=10)
    assert page.status_code == 404
    assert says(page, "problem.not_found.title")


def test_the_forms_address_leads_to_the_form(both: Rig) -> None:
    """Whoever opens /donations, perhaps by going back, lands on the donation page."""
    for query, header, path in (
        ("", "", "/donate/"),
        ("?language=en", "", "/en/donate/"),
        ("", "en-GB,en;q=0.9", "/en/donate/"),
        ("", "en-US,zh-Hans;q=0.5", "/en/donate/"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "/donate/"),
        ("", "fr", "/donate/"),
        ("?language=en", "zh-CN", "/en/donate/"),
    ):
        answer = requests.get(
            f"{both.portal}/donations{query}",
            headers={"Accept-Language": header},
            allow_redirects=False,
            timeout=10,
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, path)


@pytest.mark.parametrize(
    ("status", "answered", "message"),
    [
        (500, 503, "error.form.try_later"),
        (429, 503, "error.form.try_later"),
        (401, 502, "error.form.refused"),
    ],
)
def test_stripes_trouble_brings_the_form_back_with_what_was_typed(
    tmp_path: Path, status: int, answered: int, message: str
) -> None:
    """The donor is told whether to try again, and loses nothing."""
    with (
        misbehaving(lambda _: (status, ERROR)) as (stripe, _),
        rig(tmp_path, stripe_api_base=stripe) as both,
    ):
        answer = both.give(message="请保留这句话")
    assert answer.status_code == answered
    assert says(answer, message)
    assert "请保留这句话" in answer.text


def test_while_stripe_is_silent_the_books_are_open_to_others(tmp_path: Path) -> None:
    """No transaction is held while Stripe is asked: a webhook is booked meanwhile, and quickly."""

    def slow(_: int) -> tuple[int, str]:
        time.sleep(2)  # the silence itself: longer than anybody may wait for the books
        return 500, ERROR

    with (
        misbehaving(slow) as (stripe, asked),
        rig(tmp_path, stripe_api_base=stripe) as both,
    ):
        donor = Thread(target=both.give)
        donor.start()
        until(lambda: asked)
        began = time.monotonic()
        with Ledger(both.settings.database_url).books() as books:
            books.commit()
        assert time.monotonic() - began < 1
        donor.join()
