"""The hosted payment page, used as a browser without script uses it."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import stripe

from donations_api.sandbox import sessions
from donations_api.sandbox.cards import read_card
from donations_api.sandbox.methods import of_card
from donations_api.sandbox.stage import Stage
from tests.donations.test_sandbox.rig import Rig, line_item, text_of


def test_paying_charges_once_and_leads_back(rig: Rig) -> None:
    """Pay makes the payment intent and its charge and sends the donor to the success address."""
    session = rig.create(
        metadata={"gift_id": "g1"},
        payment_intent_data={"metadata": {"gift_id": "g1"}, "description": "Gift"},
    ).id

    answer = rig.press(session)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{rig.webhook.url}thanks?session={session}"
    v1 = rig.client().v1
    paid = v1.checkout.sessions.retrieve(session)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details is not None
    assert paid.customer_details.email == "donor@example.org"
    assert isinstance(paid.payment_intent, str)
    intent = v1.payment_intents.retrieve(paid.payment_intent)
    assert (intent.status, intent.amount_received, intent.currency) == ("succeeded", 20000, "cny")
    assert intent.metadata.to_dict() == {"gift_id": "g1"}
    assert isinstance(intent.latest_charge, str)
    charge = v1.charges.retrieve(intent.latest_charge)
    assert (charge.paid, charge.captured, charge.refunded) == (True, True, False)
    assert (charge.amount, charge.amount_refunded) == (20000, 0)
    assert charge.payment_intent == intent.id
    assert charge.metadata.to_dict() == {"gift_id": "g1"}
    assert charge.payment_method_details is not None
    assert charge.payment_method_details.card is not None
    assert charge.payment_method_details.card.last4 == "4242"


def test_second_press_charges_nothing(rig: Rig) -> None:
    """A finished session leads to the success address again, with one charge and one event."""
    session = rig.create().id

    answers = [rig.press(session) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert made(rig, "charge") == made(rig, "event") == 1
    page = requests.get(f"{rig.url}/pay/{session}?language=en", timeout=20)
    assert "Already paid" in page.text


def test_presses_at_the_same_time_charge_once(rig: Rig) -> None:
    """Eight impatient presses are one payment."""
    session = rig.create().id

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: rig.press(session), range(8)))

    assert {answer.status_code for answer in answers} == {303}
    assert made(rig, "charge") == made(rig, "event") == 1


def test_press_that_comes_second_finds_the_session_closed(rig: Rig) -> None:
    """Two presses that both saw an open session: the second transaction charges nothing."""
    session = rig.create().id
    card = read_card("4242 4242 4242 4242", "12 / 40", "123", rig.clock())
    stage = Stage(rig.settings)

    for _ in range(2):
        with stage.scene() as scene:
            sessions.pay(scene, session, "card", of_card(card), "donor@example.org")

    assert made(rig, "charge") == made(rig, "event") == 1


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({"number": "4000 0000 0000 0002"}, 402, "declined"),
        ({"number": "5555 5555 5555 4444"}, 402, "Only test cards"),
        ({"number": "4242 4242 4242 4241"}, 422, "not valid"),
        ({"number": ""}, 422, "not valid"),
        ({"expiry": "13 / 40"}, 422, "month / year"),
        ({"expiry": "12 / 20"}, 422, "expired"),
        ({"cvc": "12"}, 422, "3 or 4 digits"),
    ],
)
def test_refused_card_stays_on_the_page(
    rig: Rig, typed: dict[str, str], status: int, says: str
) -> None:
    """The page says what is wrong, keeps what was typed and charges nothing; one may try again."""
    session = rig.create().id

    page = rig.press(session, **typed)

    assert page.status_code == status
    assert page.text.count(says) >= 2  # in the summary and at the field
    assert all(f'value="{value}"' in page.text for value in typed.values())
    assert made(rig, "charge") == made(rig, "event") == 0
    assert rig.press(session).status_code == 303


def test_decline_button_declines(rig: Rig) -> None:
    """The button that plays a refused card leaves the session open and unpaid."""
    session = rig.create().id

    page = rig.press(session, outcome="decline")

    assert page.status_code == 402
    assert "declined" in page.text
    assert rig.client().v1.checkout.sessions.retrieve(session).status == "open"
    assert made(rig, "charge") == 0


def test_cancel_leads_back_and_changes_nothing(rig: Rig) -> None:
    """Cancel is a plain link to the charity's address; without one there is no link."""
    with_link, without = rig.create(), rig.create(cancel_url=None)

    assert f'href="{rig.webhook.url}donate"' in page_of(rig, with_link).text
    assert "Cancel" not in page_of(rig, without).text


def test_expired_session_cannot_be_paid(rig: Rig) -> None:
    """After its time the page says so, 410, and Pay charges nothing."""
    session = rig.create()
    rig.clock.forward(24 * 60 * 60 + 1)

    answers = [rig.press(session.id), page_of(rig, session)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert all("expired" in answer.text for answer in answers)
    assert made(rig, "charge") == 0


def test_email_is_asked_for_when_it_is_not_known(rig: Rig) -> None:
    """A session without an e-mail has a field for it, which must be filled in."""
    session = rig.create(customer_email=None)
    assert 'name="email"' in page_of(rig, session).text
    assert 'name="email"' not in page_of(rig, rig.create()).text

    assert "an email address" in rig.press(session.id, email="nobody").text
    assert rig.press(session.id, email="me@example.org").status_code == 303
    paid = rig.client().v1.checkout.sessions.retrieve(session.id)
    assert paid.customer_details is not None
    assert paid.customer_details.email == "me@example.org"


@pytest.mark.parametrize("origin", ["https://example.org", "null", "", "http://127.0.0.1:1"])
def test_other_sites_cannot_press_the_button(rig: Rig, origin: str) -> None:
    """A form on another page is refused with 403; the page's own is the control."""
    session = rig.create().id

    assert rig.press(session, origin=origin).status_code == 403
    assert made(rig, "charge") == 0
    assert rig.press(session).status_code == 303


@pytest.mark.parametrize(
    ("locale", "browser", "query", "html"),
    [
        ("zh", "en", "", "zh-Hans"),
        ("zh-TW", "en", "", "zh-Hans"),
        ("en-GB", "zh-CN", "", "en"),
        ("auto", "zh-CN,en;q=0.5", "", "zh-Hans"),
        (None, "en-US,zh;q=0.5", "", "en"),
        (None, "fr", "", "en"),
        ("zh", "zh", "?language=en", "en"),
        ("en", "en", "?language=zh", "zh-Hans"),
        ("en", "en", "?language=xx", "en"),
    ],
)
def test_language_of_the_page(
    rig: Rig, locale: str | None, browser: str, query: str, html: str
) -> None:
    """The switch link first, then the session's locale, then the browser; the other is offered."""
    session = rig.create(locale=locale)

    page = requests.get(f"{session.url}{query}", headers={"Accept-Language": browser}, timeout=20)

    assert f'<html lang="{html}">' in page.text
    assert f'href="?language={"zh" if html == "en" else "en"}"' in page.text


@pytest.mark.parametrize(
    ("currency", "minor", "chinese", "english"),
    [
        ("cny", 20050, "¥200.50", "CN¥200.50"),
        ("jpy", 3000, "JP¥3,000", "JP¥3,000"),
        ("gbp", 123456, "£1,234.56", "£1,234.56"),
    ],
)
def test_amount_is_exact_in_both_languages(
    rig: Rig, currency: str, minor: int, chinese: str, english: str
) -> None:
    """The sum stands on the page as a reader writes it; yen have no decimals."""
    session = rig.create(line_items=[line_item(currency, minor)])

    assert chinese in text_of(requests.get(f"{session.url}?language=zh", timeout=20))
    assert english in text_of(requests.get(f"{session.url}?language=en", timeout=20))


def test_page_says_that_no_money_moves(rig: Rig) -> None:
    """Every page carries the ribbon, in its language."""
    session = rig.create()

    for address in (f"{session.url}?language=en", f"{rig.url}/?language=en", f"{rig.url}/pay/x"):
        page = requests.get(address, headers={"Accept-Language": "en"}, timeout=20)
        assert "Test mode: no money moves." in text_of(page)
    assert "不会真的扣款" in requests.get(f"{session.url}?language=zh", timeout=20).text


def test_page_is_strict(rig: Rig) -> None:
    """No script, no inline style, nothing framed; the form may lead to the success address."""
    page = page_of(rig, rig.create())

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert f"form-action 'self' {rig.webhook.url.rstrip('/')}" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text
    assert "style=" not in page.text


def test_donor_text_is_not_markup(rig: Rig) -> None:
    """What comes in through the API is shown as text."""
    item = line_item("cny", 20000)
    item["price_data"]["product_data"]["name"] = "<b>bold</b>"

    page = page_of(rig, rig.create(line_items=[item]))

    assert "&lt;b&gt;bold" in page.text
    assert "<b>bold" not in page.text


def test_unknown_pages_say_so_without_a_trace(rig: Rig) -> None:
    """An unknown session and an unknown address are 404 pages in words."""
    for path in ("/pay/cs_test_none", "/nothing"):
        page = requests.get(rig.url + path, headers={"Accept-Language": "zh-CN"}, timeout=20)
        assert page.status_code == 404
        assert "找不到这个页面" in page.text


def test_failure_is_told_in_words(rig: Rig) -> None:
    """A broken file gives a page that says nothing was charged, and no stack trace."""
    session = rig.create().id
    with sqlite3.connect(rig.settings.database) as file:
        file.execute("DROP TABLE session_order")

    page = requests.get(f"{rig.url}/pay/{session}?language=en", timeout=20)

    assert page.status_code == 500
    assert "Nothing was charged" in page.text
    assert "Traceback" not in page.text


def test_card_number_is_kept_nowhere(rig: Rig) -> None:
    """Not even a number typed by mistake reaches the file."""
    session = rig.create().id
    rig.press(session, number="5555555555554444")
    rig.press(session, number="4242424242424242")

    stored = rig.settings.database.read_bytes()
    assert b"5555555555554444" not in stored
    assert b"4242424242424242" not in stored
    assert b"4242" in stored  # the control: the last four digits are there


def page_of(rig: Rig, session: stripe.checkout.Session) -> requests.Response:
    return requests.get(f"{rig.url}/pay/{session.id}?language=en", timeout=20)


def made(rig: Rig, kind: str) -> int:
    with sqlite3.connect(rig.settings.database) as file:
        count: int = file.execute("SELECT count(*) FROM object WHERE kind = ?", (kind,)).fetchone()[
            0
        ]
        return count
