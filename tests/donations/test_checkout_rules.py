"""Who may be asked for, and how often: the law's refusals (rule L3) and the brake."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from donations_api.checkout import PAGES_IN_ALL, PAGES_PER_ADDRESS
from donations_api.ledger import Ledger
from tests.donations.running import CONTENT, FORM, Rig, rig, says
from tests.donations.test_gateway import a_gift


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Rig]:
    """A portal without any gift."""
    with rig(tmp_path) as both:
        yield both


@pytest.mark.parametrize("mode", ["info-only", "partner", "undeclared-live"])
def test_where_nobody_may_ask_the_form_is_closed(tmp_path: Path, mode: str) -> None:
    """Rule L3: the portal refuses what the site may not ask for, and says so."""
    content = shutil.copytree(CONTENT, tmp_path / "content")
    file = content / "organisation.toml"
    text = file.read_text("utf-8")
    if mode != "undeclared-live":
        file.write_text(text.replace('mode = "undeclared"', f'mode = "{mode}"'), "utf-8")
    changed = {"stripe_api_base": ""} if mode == "undeclared-live" else {}
    with rig(tmp_path, content=content, **changed) as both:
        answer = both.give()
        assert answer.status_code == 403
        assert says(answer, "problem.closed.title")
        assert both.gifts() == []


def test_a_recipient_is_not_asked_for_in_a_language_it_may_not_appeal_in(tmp_path: Path) -> None:
    """Rule L3: a recipient declares its languages; in any other one the form is closed."""
    content = shutil.copytree(CONTENT, tmp_path / "content")
    file = content / "organisation.toml"
    text = file.read_text("utf-8")
    assert 'appeals_in = ["zh", "en"]' in text
    file.write_text(text.replace('["zh", "en"]', '["zh"]'), "utf-8")
    with rig(tmp_path, content=content) as both:
        assert both.give(language="en").status_code == 403
        assert both.give(language="zh").status_code == 303


def test_a_recipient_takes_its_own_currencies_only(tmp_path: Path) -> None:
    """What another body may take is no currency for this one."""
    content = shutil.copytree(CONTENT, tmp_path / "content")
    file = content / "organisation.toml"
    text = file.read_text("utf-8")
    assert '\ncurrencies = ["CNY", "HKD"' in text
    changed = re.sub(r"(?m)^currencies = .*$", 'currencies = ["CNY"]', text)
    file.write_text(changed, "utf-8")
    with rig(tmp_path, content=content) as both:
        answer = both.give(currency="GBP", amount="25")
        assert answer.status_code == 422
        assert says(answer, "error.currency.unknown")
        # Nor is it offered (rule D9): the form has the one currency, and it is chosen.
        # The switch of languages alone takes along what was sent.
        before, form = answer.text.split('<form class="give"')
        assert re.findall(r'name="currency"[^>]+value="(\w+)" checked', form) == ["CNY"]
        assert 'value="GBP"' not in form
        assert '<input type="hidden" name="currency" value="GBP">' in before
        assert '<a href="#amount">' in before
        assert form.count(' id="amount"') == 1
        assert both.give().status_code == 303


def test_where_there_are_several_recipients_one_is_named(tmp_path: Path) -> None:
    """None named is a mistake to mend; one that may not ask closes the form, the others stay."""
    content = shutil.copytree(CONTENT, tmp_path / "content")
    file = content / "organisation.toml"
    text = file.read_text("utf-8")
    first = text[text.index("[[recipient]]") :]
    friends = first.replace('"house"', '"friends"').replace('prefix = "XX"', 'prefix = "FR"')
    silent = first.replace('"house"', '"silent"').replace('prefix = "XX"', 'prefix = "SI"')
    silent = silent.replace('"undeclared"', '"info-only"')
    file.write_text("\n".join([text, friends, silent]), "utf-8")
    with rig(tmp_path, content=content) as both:
        answer = both.give(recipient=None)
        assert answer.status_code == 422
        assert says(answer, "error.recipient.unknown")
        assert 'value="friends"' in answer.text
        assert 'value="silent"' not in answer.text
        assert both.give(recipient="friends").status_code == 303
        assert both.gifts()[-1].recipient == "friends"
        assert both.give(recipient="silent").status_code == 403


def a_crowd(both: Rig, count: int, email: str, ago: timedelta = timedelta(0)) -> None:
    with Ledger(both.settings.database_url).books() as books:
        for number in range(count):
            books.add_gift(a_gift(email=email.format(number), created_at=datetime.now(UTC) - ago))
        books.commit()


def test_one_address_cannot_open_payment_pages_without_end(fresh: Rig) -> None:
    """Card testing: the twenty-first page within ten minutes is not made; others still give."""
    a_crowd(fresh, PAGES_PER_ADDRESS, FORM["email"])
    answer = fresh.give(email=FORM["email"], message="请保留")
    assert answer.status_code == 429
    assert says(answer, "error.form.too_many")
    assert "请保留" in answer.text
    assert fresh.give(email="other@example.org").status_code == 303


def test_all_together_cannot_open_payment_pages_without_end(fresh: Rig) -> None:
    """The brake holds for changing addresses too."""
    a_crowd(fresh, PAGES_IN_ALL, "thief{}@example.org")
    assert fresh.give().status_code == 429


def test_the_brake_lets_go(fresh: Rig) -> None:
    """What is older than ten minutes does not count."""
    a_crowd(fresh, PAGES_IN_ALL, FORM["email"], timedelta(minutes=10, seconds=5))
    assert fresh.give().status_code == 303
