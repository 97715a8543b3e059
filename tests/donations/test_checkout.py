"""The form on its way to the payment page, over HTTP, as browsers and others send it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from donations_api.gift import State
from donations_api.money import Money
from donations_api.stripe_gateway import PaymentPage
from tests.donations.running import FORM, Rig, rig, says
from tests.donations.test_gateway import session_of


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One portal and one Stripe for the whole form matrix."""
    with rig(tmp_path_factory.mktemp("portal")) as both:
        yield both


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Rig]:
    """A portal without any gift."""
    with rig(tmp_path) as both:
        yield both


def test_a_gift_goes_to_stripes_page_and_is_pending_in_the_books(fresh: Rig) -> None:
    """303 to the payment page; the gift waits in the books with everything the donor said."""
    answer = fresh.give()
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{fresh.stripe}/pay/")
    (gift,) = fresh.gifts()
    assert gift.state is State.PENDING
    assert gift.amount == Money(20000, "CNY")
    assert (gift.name, gift.email, gift.message) == ("张伟", "donor0@example.org", "愿孩子们平安")
    assert (gift.fund, gift.recipient, gift.frequency) == ("most-needed", "house", "once")
    assert (gift.language, gift.consent_version, gift.anonymous) == ("zh", "2026-11.3", True)
    assert datetime.now(UTC) - gift.created_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("changed", "minor"),
    [
        ({"amount": "２００"}, 20000),
        ({"amount": "200元"}, 20000),
        ({"amount": "1,000"}, 100000),
        ({"amount": "¥ 50.5"}, 5050),
        ({"amount": "", "amount_CNY": "500"}, 50000),
        ({"amount": "　", "amount_CNY": "500"}, 50000),
        ({"amount": "30", "amount_CNY": "500"}, 3000),
        ({"amount": "", "amount_CNY": "500", "amount_GBP": "25"}, 50000),
        ({"currency": "GBP", "amount": "£25"}, 2500),
        ({"currency": "JPY", "amount": "3000円"}, 3000),
        ({"currency": "JPY", "amount": "", "amount_JPY": "5000"}, 5000),
        ({"amount": "10"}, 1000),
        ({"amount": "50000"}, 5000000),
    ],
)
def test_the_amount_is_what_the_donor_meant(
    portal: Rig, changed: dict[str, str], minor: int
) -> None:
    """What was typed wins over what was picked, and only the chosen currency's amounts count."""
    assert portal.give(**changed).status_code == 303
    gift = portal.gifts()[-1]
    assert gift.amount == Money(minor, changed.get("currency", "CNY"))


@pytest.mark.parametrize(
    ("changed", "field", "message", "values"),
    [
        ({"amount": ""}, "amount", "error.amount.empty", {}),
        ({"amount": "many"}, "amount", "error.amount.not_a_number", {}),
        ({"amount": "-200"}, "amount", "error.amount.not_positive", {}),
        ({"amount": "20.005"}, "amount", "error.amount.too_precise", {}),
        ({"amount": "£200"}, "amount", "error.amount.other_currency", {}),
        ({"amount": "9.99"}, "amount", "error.amount.too_small", {"smallest": "¥10"}),
        ({"amount": "50000.01"}, "amount", "error.amount.too_large", {"largest": "¥50,000"}),
        ({"amount": "9" * 5000}, "amount", "error.amount.not_a_number", {}),
        ({"currency": "CHF"}, "currency", "error.currency.unknown", {}),
        ({"currency": None}, "currency", "error.currency.unknown", {}),
        ({"currency": "cny"}, "currency", "error.currency.unknown", {}),
        ({"fund": "roof"}, "fund", "error.fund.unknown", {}),
        ({"recipient": "nobody"}, "receives", "error.recipient.unknown", {}),
        ({"frequency": "weekly"}, "frequency-once", "error.frequency.unknown", {}),
        ({"name": ""}, "name", "error.name.empty", {}),
        ({"name": " \u3000\u200b "}, "name", "error.name.empty", {}),
        ({"name": "张" * 101}, "name", "error.name.too_long", {"most": "100"}),
        ({"name": "Wei\x00Zhang"}, "name", "error.name.not_text", {}),
        ({"name": "Wei\x1b[31m"}, "name", "error.name.not_text", {}),
        ({"email": None}, "email", "error.email.empty", {}),
        ({"email": "zhang"}, "email", "error.email.not_an_address", {}),
        ({"email": "a@b"}, "email", "error.email.not_an_address", {}),
        ({"email": "a@example.org, b@example.org"}, "email", "error.email.not_an_address", {}),
        ({"email": "=?@example.org"}, "email", "error.email.not_an_address", {}),
        ({"email": "<a@example.org>"}, "email", "error.email.not_an_address", {}),
        ({"email": "a" * 250 + "@example.org"}, "email", "error.email.not_an_address", {}),
        ({"message": "字" * 501}, "message", "error.message.too_long", {"most": "500"}),
        ({"message": "a\x07b"}, "message", "error.message.not_text", {}),
        ({"consent_version": None}, "consent_version", "error.consent.missing", {}),
        ({"consent_version": "2019-01"}, "consent_version", "error.consent.changed", {}),
    ],
)
def test_each_mistake_is_told_at_its_field(
    portal: Rig,
    changed: dict[str, str | None],
    field: str,
    message: str,
    values: dict[str, str],
) -> None:
    """422, the form again with the words and a link to the field; no gift is kept."""
    before = len(portal.gifts())
    answer = portal.give(**changed)
    assert answer.status_code == 422
    assert says(answer, message, **values)
    assert f'<a href="#{field}">' in answer.text
    assert answer.text.count(f' id="{field}"') == 1
    assert len(portal.gifts()) == before


def test_all_mistakes_are_told_at_once_and_what_was_typed_is_kept(portal: Rig) -> None:
    """An empty form names every field that is needed; the rest stays as it was typed."""
    answer = portal.give(
        amount="", name="", email="li@", consent_version=None, message="第一行\n第二行"
    )
    assert answer.status_code == 422
    for message in (
        "error.amount.empty",
        "error.name.empty",
        "error.email.not_an_address",
        "error.consent.missing",
    ):
        assert says(answer, message)
    assert 'value="li@"' in answer.text
    assert "第一行" in answer.text


def test_the_form_comes_back_in_its_own_language(portal: Rig) -> None:
    """The words and the money are the donor's: pounds for a reader of English have their sign."""
    answer = portal.give(language="en", currency="GBP", amount="1")
    assert says(answer, "error.amount.too_small", "en", smallest="£2")
    assert '<html lang="en"' in answer.text
    assert answer.headers["Content-Language"] == "en"


@pytest.mark.parametrize("language", [None, "", "fr", "../../etc", "ZH"])
def test_a_language_that_is_not_the_sites_becomes_the_default(
    portal: Rig, language: str | None
) -> None:
    """A gift is never lost over the name of a language."""
    assert portal.give(language=language).status_code == 303
    assert portal.gifts()[-1].language == "zh"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ＬＩ＠example。org", "LI@example.org"),
        (" li @ example.org ", "li@example.org"),
        ("li@EXAMPLE.org", "li@example.org"),
        ("li@例子.中国", "li@例子.中国"),
    ],
)
def test_an_address_from_a_chinese_keyboard_is_understood(
    portal: Rig, typed: str, kept: str
) -> None:
    """Full-width letters, ＠ and 。, and spaces are forgiven."""
    assert portal.give(email=typed).status_code == 303
    assert portal.gifts()[-1].email == kept


def test_the_donors_words_are_kept_as_they_are_meant(portal: Rig) -> None:
    """Composed letters, one kind of line break, no marks that turn the text around."""
    assert (
        portal.give(
            name="  Zoe\u0301 \u202e 　李  ", message=" 一\r\n二\t三\r四\u2066  "
        ).status_code
        == 303
    )
    gift = portal.gifts()[-1]
    assert gift.name == "Zoé 李"
    assert gift.message == "一\n二 三\n四"


def test_a_line_break_counts_once(portal: Rig) -> None:
    """Browsers count a line break as one character and send it as two: 500 stay 500."""
    assert portal.give(message="\r\n".join("字" * 250) + "字").status_code == 303


def test_a_long_name_and_message_may_be_as_long_as_the_form_says(portal: Rig) -> None:
    """The bounds are inclusive."""
    assert portal.give(name="张" * 100, message="字" * 500).status_code == 303


@pytest.mark.parametrize(
    ("sent", "anonymous"), [("yes", True), (None, True), ("maybe", True), ("no", False)]
)
def test_a_donor_is_anonymous_unless_the_form_says_no(
    portal: Rig, sent: str | None, anonymous: bool
) -> None:
    """A name is published only where the donor chose it."""
    assert portal.give(anonymous=sent).status_code == 303
    assert portal.gifts()[-1].anonymous is anonymous


def test_the_only_recipient_and_fund_need_not_be_named(portal: Rig) -> None:
    """Where there is no choice, an absent field is no mistake."""
    assert portal.give(recipient=None, fund=None, frequency=None).status_code == 303


def test_what_the_form_does_not_have_is_ignored(portal: Rig) -> None:
    """Nobody sets a price, a state or an id from outside."""
    extra = {"unit_amount": "1", "state": "received", "id": "gift_mine", "amount_minor": "1"}
    assert portal.give(**extra).status_code == 303
    gift = portal.gifts()[-1]
    assert (gift.amount.minor, gift.state) == (20000, State.PENDING)
    assert gift.id != "gift_mine"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00&&==&%zz=%", "application/x-www-form-urlencoded"),
        (b"name=%ff%fe&email=%00", "application/x-www-form-urlencoded"),
        ("name=张伟".encode("gbk"), "application/x-www-form-urlencoded"),
        (b'{"amount": 200}', "application/json"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"amount=200", "text/plain; charset=nonsense"),
    ],
)
def test_hostile_bytes_get_the_form_back(portal: Rig, body: bytes, kind: str) -> None:
    """Whatever is sent, the answer is the form with what to mend, never an error of ours."""
    answer = requests.post(
        f"{portal.portal}/donations", body, headers={"Content-Type": kind}, timeout=10
    )
    assert answer.status_code == 422
    assert "Traceback" not in answer.text


def test_bytes_that_are_no_utf8_are_not_taken_for_a_name(portal: Rig) -> None:
    """A name in another encoding would be garbled on the receipt: the donor is told."""
    parts = {name: (None, text.encode()) for name, text in FORM.items()}
    parts["name"] = (None, "张伟".encode("gbk"))
    answer = requests.post(f"{portal.portal}/donations", files=parts, timeout=10)
    assert answer.status_code == 422
    assert says(answer, "error.name.not_text")
    body = urlencode(FORM | {"name": "张伟"}, encoding="gbk")
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(f"{portal.portal}/donations", body, headers=kind, timeout=10)
    assert answer.status_code == 422
    assert says(answer, "error.name.not_text")


def test_markup_in_the_form_is_shown_and_not_run(portal: Rig) -> None:
    """What was typed comes back escaped."""
    answer = portal.give(amount="", name='"><script>alert(1)</script>', message="</textarea><b>")
    assert "<script>" not in answer.text
    assert "</textarea><b>" not in answer.text


def test_a_form_that_is_too_large_is_refused_with_words(portal: Rig) -> None:
    """More than a mebibyte is read by nobody: 413 and a page that says so."""
    answer = portal.give(message="x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert says(answer, "problem.too_large.title")


def test_the_payment_page_knows_the_way_back(fresh: Rig) -> None:
    """Success and cancel addresses are the site's own, signed, in the donor's language."""
    page = fresh.give(language="en", currency="GBP", amount="25").headers["Location"]
    session = session_of(fresh.stripe, PaymentPage(page.rsplit("/", 1)[-1], page))
    for key, path in (("success_url", "thanks"), ("cancel_url", "cancelled")):
        assert session[key].startswith(f"{fresh.portal}/donations/{path}?gift=")
        assert session[key].endswith("&language=en")
