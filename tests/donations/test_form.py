"""The form's choices: how often, the fee, a dedication, and the ways to pay that fit."""

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.pledge import Pledge
from donations_api.settings import STRIPE_API_VERSION
from tests.donations.running import API_KEY, CONTENT, FORM, Rig, rig, says
from tests.donations.test_giving import MEANT


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One portal and one Stripe for all forms."""
    with rig(tmp_path_factory.mktemp("portal")) as both:
        yield both


def session_at(answer: requests.Response) -> dict[str, Any]:
    """Stripe's session behind the payment page that an answer leads to."""
    page = answer.headers["Location"]
    stripe, identifier = page.split("/pay/")
    found = requests.get(
        f"{stripe}/v1/checkout/sessions/{identifier}",
        headers={"Authorization": f"Bearer {API_KEY}", "Stripe-Version": STRIPE_API_VERSION},
        timeout=10,
    )
    session: dict[str, Any] = found.json()
    return session


def pledge_of(both: Rig) -> Pledge | None:
    """The pledge of the newest gift."""
    gift = both.gifts()[-1]
    with Ledger(both.settings.database_url).books() as books:
        return books.pledge(gift.pledge_id) if gift.pledge_id else None


@pytest.mark.parametrize(
    ("frequency", "mode"), [("once", "payment"), ("monthly", "subscription"), (None, "payment")]
)
def test_how_often_decides_what_stripe_is_asked_for(
    portal: Rig, frequency: str | None, mode: str
) -> None:
    """Once where nothing is said (rule D2); a monthly gift has a pledge beside it."""
    session = session_at(portal.give(frequency=frequency))
    gift, pledge = portal.gifts()[-1], pledge_of(portal)
    assert session["mode"] == mode
    assert gift.frequency == (frequency or "once")
    assert bool(pledge) == (mode == "subscription")
    assert session["metadata"].get("pledge_id") == gift.pledge_id


def test_a_reminder_is_a_single_gift_and_a_pledge(portal: Rig) -> None:
    """Nothing will be charged by itself, so that the wallets fit."""
    session = session_at(portal.give(frequency="reminder"))
    pledge = pledge_of(portal)
    assert pledge
    assert (pledge.frequency, pledge.state, pledge.due_at) == ("reminder", "pending", None)
    assert session["mode"] == "payment"
    assert {"card", "alipay", "wechat_pay"} <= set(session["payment_method_types"])


@pytest.mark.parametrize(
    ("currency", "frequency", "there", "missing"),
    [
        ("CNY", "once", {"card", "alipay", "wechat_pay"}, {"bacs_debit", "sepa_debit"}),
        ("CNY", "monthly", {"card"}, {"alipay", "wechat_pay"}),
        ("GBP", "monthly", {"card", "bacs_debit"}, {"alipay"}),
        ("EUR", "once", {"card", "sepa_debit", "alipay"}, {"bacs_debit"}),
        ("USD", "monthly", {"card", "us_bank_account"}, {"acss_debit", "au_becs_debit"}),
        ("CAD", "monthly", {"card", "acss_debit"}, {"us_bank_account", "au_becs_debit"}),
        ("AUD", "monthly", {"card", "au_becs_debit"}, {"us_bank_account", "acss_debit"}),
        ("JPY", "reminder", {"card", "alipay", "wechat_pay"}, {"us_bank_account"}),
    ],
)
def test_the_payment_page_offers_what_fits(
    portal: Rig, currency: str, frequency: str, there: set[str], missing: set[str]
) -> None:
    """Rule D9: by currency and frequency, as the form has said."""
    amount = "3000" if currency == "JPY" else "200"
    session = session_at(portal.give(currency=currency, frequency=frequency, amount=amount))
    offered = set(session["payment_method_types"])
    assert there <= offered
    assert not missing & offered


@pytest.mark.parametrize(
    ("method", "frequency", "mended"),
    [
        ("bacs_debit", "once", {"currency": "GBP"}),
        ("alipay", "monthly", {"frequency": "reminder"}),
        ("bacs_debit", "reminder", {"currency": "GBP"}),
    ],
)
def test_where_nothing_fits_the_form_says_how_to_mend_it(
    tmp_path: Path, method: str, frequency: str, mended: dict[str, str]
) -> None:
    """A British bank debit takes no yuan, and Alipay cannot be charged each month by itself."""
    content = shutil.copytree(CONTENT, tmp_path / "content")
    file = content / "organisation.toml"
    text = re.sub(r"(?m)^methods = .*$", f'methods = ["{method}"]', file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    with rig(tmp_path, content=content) as both:
        answer = both.give(frequency=frequency)
        assert answer.status_code == 422
        assert says(answer, f"error.methods.none_{frequency}")
        assert 'href="#currency"' in answer.text
        assert both.gifts() == []
        assert both.give(**{"frequency": frequency} | mended).status_code == 303


def test_the_exact_total_is_agreed_before_stripe_is_asked(portal: Rig) -> None:
    """Rule D4: the review shows gift, cost and total; nothing is kept until they are agreed."""
    before = len(portal.gifts())
    form = {"currency": "GBP", "amount": "25", "cover_fee": "yes", "language": "en"}
    review = portal.give(**form)
    assert review.status_code == 200
    assert says(review, "review.title", "en")
    for shown in ("£25.00", "£0.95", "£25.95"):
        assert shown in review.text
    assert 'name="agreed_total" value="2595 GBP"' in review.text
    assert len(portal.gifts()) == before

    for other in ("2594 GBP", "2595 CNY", "2595", ""):
        assert says(portal.give(**form, agreed_total=other), "review.title", "en")
    assert len(portal.gifts()) == before

    session = session_at(portal.give(**form, agreed_total="2595 GBP"))
    assert (session["amount_total"], session["metadata"]["fee_cover"]) == (2595, "95")
    gift = portal.gifts()[-1]
    assert (gift.amount, gift.fee_cover) == (Money(2595, "GBP"), 95)


def test_who_does_not_cover_the_fee_is_not_asked_about_it(portal: Rig) -> None:
    for cover in ("", None, "no"):
        session = session_at(portal.give(cover_fee=cover, agreed_total="1 CNY"))
        assert session["amount_total"] == 20000
        assert "fee_cover" not in session["metadata"]


def test_the_bounds_are_those_of_the_gift(portal: Rig) -> None:
    """The cost on top may go beyond the largest gift."""
    review = portal.give(amount="50000", cover_fee="yes")
    assert says(review, "review.title")
    assert portal.give(amount="50000.01", cover_fee="yes").status_code == 422


@pytest.mark.parametrize(
    ("dedication", "kept"),
    [("纪念外婆", "纪念外婆"), ("  my\tsister \u202e ", "my sister"), ("", "")],
)
def test_a_dedication_is_kept_as_it_is_meant(portal: Rig, dedication: str, kept: str) -> None:
    assert portal.give(dedication=dedication).status_code == 303
    assert portal.gifts()[-1].dedication == kept


@pytest.mark.parametrize(
    ("dedication", "message", "values"),
    [("字" * 101, "too_long", {"most": "100"}), ("a\x07b", "not_text", {})],
)
def test_a_dedication_that_cannot_stand_on_a_receipt_is_said_at_its_field(
    portal: Rig, dedication: str, message: str, values: dict[str, str]
) -> None:
    """And the part of the form where it was typed stands open."""
    answer = portal.give(dedication=dedication)
    assert answer.status_code == 422
    assert says(answer, f"error.dedication.{message}", **values)
    assert re.search(r'<details class="more"[^>]* open', answer.text)
    assert 'href="#dedication"' in answer.text


def test_in_wechats_browser_the_note_on_alipay_stands_open(portal: Rig) -> None:
    """Rule D9: Alipay cannot open there."""

    def noted(agent: str) -> bool:
        answer = requests.post(
            f"{portal.portal}/donations",
            FORM | {"name": ""},
            headers={"User-Agent": agent},
            timeout=9,
        )
        return bool(re.search(r'<details class="wallets"[^>]* open', answer.text))

    assert noted("Mozilla/5.0 (iPhone) MicroMessenger/8.0.50")
    assert not noted("Mozilla/5.0 (iPhone) Safari/604.1")


def test_what_was_chosen_comes_back_with_the_mistakes(portal: Rig) -> None:
    """Frequency, currency and the tick stand as they were (rule D7)."""
    answer = portal.give(frequency="monthly", currency="CAD", cover_fee="yes", name="")
    for chosen in ("frequency-monthly", "currency-CAD", "cover_fee"):
        assert re.search(rf'id="{chosen}"[^>]* checked', answer.text), chosen


def test_a_language_that_is_changed_keeps_what_was_typed_and_begins_nothing(portal: Rig) -> None:
    """The form comes in the other language: with its mistakes, or without where there are none."""
    before = len(portal.gifts())
    wrong = portal.give(name="", message="加油", frequency="monthly")
    assert wrong.status_code == 422
    for kept in ('name="message" value="加油"', 'name="frequency" value="monthly"'):
        assert kept in wrong.text.partition("<main")[0]
    assert 'name="way" value="form"' in wrong.text.partition("<main")[0]
    assert '<button name="language" value="en"' in wrong.text

    english = portal.give(way="form", language="en", name="", message="加油", frequency="monthly")
    assert english.status_code == 422
    assert says(english, "error.name.empty", "en")
    assert '<textarea name="message"' in english.text
    assert re.search(r">加油</textarea>", english.text)
    assert re.search(r'id="frequency-monthly"[^>]* checked', english.text)
    for form in ({}, {"cover_fee": "yes"}):
        mended = portal.give(way="form", language="en", **form)
        assert mended.status_code == 200
        assert says(mended, "form.consent.label", "en")
        assert not says(mended, "form.error.summary", "en")
    assert len(portal.gifts()) == before


def test_the_total_is_agreed_in_either_language(portal: Rig) -> None:
    """The switch on the page with the total leads to the same page."""
    review = portal.give(cover_fee="yes", frequency="monthly")
    head = review.text.partition("<main")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', head))
    assert "language" not in fields
    english = portal.give(**fields, language="en")
    assert says(english, "review.title", "en")
    assert 'name="agreed_total" value="20803 CNY"' in english.text


def test_the_pages_of_giving_alone_may_run_our_script(portal: Rig) -> None:
    """In their headers as in the pages; no other page of the portal runs any."""
    form, thanks = portal.give(name=""), portal.donor.get(portal.paid(), timeout=10)
    review, lost = portal.give(cover_fee="yes"), portal.donor.get(portal.portal + "/x", timeout=10)
    for page in (form, thanks):
        policy = page.headers["Content-Security-Policy"]
        assert policy.endswith("connect-src 'self'; script-src 'self'; frame-ancestors 'none'")
        assert page.text.count("<script") == 1
    for page in (review, lost):
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert "<script" not in page.text


def test_the_form_names_the_row_of_the_budget_beside_what_an_amount_does(tmp_path: Path) -> None:
    """In the reader's language; and without a row it says nothing of the kind (rule D3)."""
    content = shutil.copytree(CONTENT, tmp_path / "content")
    file = content / "donations.toml"
    file.write_text(file.read_text("utf-8").replace("[[fund]]", f"{MEANT}\n[[fund]]", 1), "utf-8")
    with rig(tmp_path, content=content) as both:
        for language, said in (("zh", "示例预算：课本"), ("en", "Example budget: books")):
            form = both.give(name="", language=language)
            assert form.text.count(said) == 1
            assert says(form, "form.meaning.budget", language, row=said)


def test_ways_to_pay_are_listed_as_one_says_them(portal: Rig) -> None:
    """The last of several is joined by the language's own word for “and”."""
    chinese, english = portal.give(name=""), portal.give(name="", language="en")
    assert "银行卡、支付宝和微信支付" in chinese.text
    assert "card, Alipay and WeChat Pay" in english.text


def test_sentences_stand_as_their_language_sets_them(portal: Rig) -> None:
    """Chinese parts them by the full stop alone, English by a space as well."""

    def read(language: str) -> str:
        page = portal.give(language=language, currency="EUR", amount="")
        return html.unescape(re.sub(r"<[^>]+>", "", page.text))

    assert re.findall("[。？] .*", read("zh")) == []
    assert re.findall(r"[a-z][.?][A-Z].*", read("en")) == []
