"""Giving by bank transfer on the form: the announced gift, its page and its letter."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import requests

from donations_api.app import create_app
from donations_api.errors import FileWrong
from donations_api.gift import State
from donations_api.giving import load_giving
from donations_api.ledger import Ledger
from donations_api.links import Links
from donations_api.offline import enter_in_kind
from donations_api.transfer_codes import codes_in
from tests.donations.bank import SIGNED, Bank, a_file, a_line
from tests.donations.guards import Rows
from tests.donations.running import CONTENT, Rig, listening, rig, says, until
from tests.donations.test_offline import COATS

BANK = """
[recipient.bank]
currencies = ["CNY"]
account_number = "DEMO 0000 0000"
account_name.zh = "演示账户"
account_name.en = "Demo account"
"""


def content_with(folder: Path, bank: str = BANK, mode: str = "undeclared") -> Path:
    """The project's own content, with an account that is nobody's."""
    content = folder / "content"
    shutil.copytree(CONTENT, content)
    file = content / "organisation.toml"
    text = file.read_text("utf-8").replace('mode = "undeclared"', f'mode = "{mode}"')
    file.write_text(text + bank, "utf-8")
    return content


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path, content=content_with(tmp_path)) as both:
        yield both


def test_a_transfer_is_announced_shown_mailed_and_found(both: Rig) -> None:
    """The page and the mail tell account, amount and code; the statement's line books it."""
    answer = both.give(way="transfer", cover_fee="yes")
    assert answer.status_code == 303
    address = both.portal + answer.headers["Location"]
    page = requests.get(address, timeout=10)
    (gift,) = both.gifts()
    assert (gift.state, gift.amount.minor, gift.fee_cover) == (State.PENDING, 20000, 0)
    assert gift.consent_version
    code = gift.transfer_code or ""
    for told in ("DEMO 0000 0000", "演示账户", "¥200.00", code):
        assert told in page.text
    english = requests.get(address.replace("language=zh", "language=en"), timeout=10)
    assert "Demo account" in english.text
    assert "Refresh" not in page.headers

    (file,) = until(both.mails)
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part
        assert all(one in part.get_content() for one in ("DEMO 0000 0000", code, "200.00"))

    my_gift = Links(both.settings).my_gift(gift.id)
    awaited = requests.get(my_gift, timeout=10)
    assert says(awaited, "standing.awaiting_transfer")
    assert code in awaited.text
    bank = Bank(
        Ledger(both.settings.database_url), load_giving(both.settings.content), both.settings
    )
    bank.bring(data=a_file(a_line(credit="200", remark=code)))
    received = requests.get(my_gift, timeout=10)
    assert says(received, "standing.paid_out")
    assert code not in received.text
    thanks = requests.get(address, timeout=10)
    assert says(thanks, "thanks.title")
    assert "XX-" in thanks.text


def test_who_comes_back_to_the_thanks_before_the_money_finds_the_account(both: Rig) -> None:
    """Nothing is promised, and the page does not wait for Stripe."""
    address = both.give(way="transfer").headers["Location"].replace("/transfer?", "/thanks?")
    page = requests.get(both.portal + address, timeout=10)
    assert "/donations/transfer?" in page.url
    assert says(page, "transfer.title")
    paid = both.paid().replace("/thanks?", "/transfer?")
    assert "/donations/thanks?" in requests.get(paid, timeout=10).url


@pytest.mark.parametrize(
    ("changed", "message", "values"),
    [
        ({"frequency": "monthly"}, "error.transfer.once_only", {}),
        ({"currency": "GBP", "amount": "20"}, "error.transfer.currency", {"currencies": "CNY"}),
        ({"consent_version": ""}, "error.consent.missing", {}),
        ({"email": "none"}, "error.email.not_an_address", {}),
        ({"amount": "1"}, "error.amount.too_small", {"smallest": "¥10"}),
    ],
)
def test_a_transfer_is_checked_as_every_gift(
    both: Rig, changed: dict[str, str], message: str, values: dict[str, str]
) -> None:
    """The same limits and consent; and once only, in the account's currency."""
    answer = both.give(way="transfer", **changed)
    assert answer.status_code == 422
    assert says(answer, message, **values)
    assert 'name="way" value="transfer"' in answer.text
    assert both.gifts() == []


def test_too_many_announcements_are_braked(both: Rig) -> None:
    """Each costs a mail to an address that nobody has proven."""
    for _ in range(20):
        assert both.give(way="transfer", email="one@example.org").status_code == 303
    assert both.give(way="transfer", email="one@example.org").status_code == 429


@pytest.mark.parametrize(("bank", "mode"), [("", "undeclared"), (BANK, "info-only")])
def test_without_a_declared_account_there_is_no_transfer(
    tmp_path: Path, bank: str, mode: str
) -> None:
    """Nor where nothing may be asked for: no button, no gift, no account's number (rule L3)."""
    with rig(tmp_path, content=content_with(tmp_path, bank, mode)) as both:
        answer = both.give(way="transfer")
        assert answer.status_code == (422 if mode == "undeclared" else 403)
        assert 'value="transfer"' not in answer.text
        assert "DEMO 0000" not in answer.text
        assert both.gifts() == []


def test_the_account_is_not_shown_once_nothing_may_be_asked_for(both: Rig, tmp_path: Path) -> None:
    """Also on the page of a transfer that was announced before."""
    address = both.give(way="transfer").headers["Location"]
    content = content_with(tmp_path / "later", mode="info-only")
    with listening(create_app(replace(both.settings, content=content))) as portal:
        page = requests.get(portal + address, timeout=10)
    assert says(page, "transfer.no_account")
    assert "DEMO 0000" not in page.text
    assert codes_in(re.sub(r"<[^>]+>", " ", page.text))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('currencies = ["CNY"]', "", "recipient[1].bank.currencies"),
        ('currencies = ["CNY"]', 'currencies = ["CHF"]', "recipient[1].bank.currencies"),
        ("account_number", "acount_number", "recipient[1].bank.acount_number"),
        ('"DEMO 0000 0000"', '""', "recipient[1].bank.account_number"),
        ('"DEMO 0000 0000"', "17", "recipient[1].bank.account_number"),
    ],
)
def test_a_wrong_word_about_the_account_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    with pytest.raises(FileWrong) as refused:
        load_giving(content_with(tmp_path, BANK.replace(old, new)))
    assert refused.value.values["where"] == where


def test_things_have_no_amount_on_the_donors_pages(both: Rig) -> None:
    """Neither on the gift's page nor in the file of all gifts: the description stands there."""
    bank = Bank(
        Ledger(both.settings.database_url), load_giving(both.settings.content), both.settings
    )
    gift = bank.do(enter_in_kind, COATS, SIGNED)
    link = Links(both.settings).my_gift(gift.id)
    for page in (requests.get(link, timeout=10), requests.get(f"{link}/gifts.csv", timeout=10)):
        assert "冬衣 40件" in page.text
        assert "XXX" not in page.text
        assert "0.00" not in page.text
    assert Rows(both.settings.database_url)("SELECT count(*) FROM entries") == [(0,)]
