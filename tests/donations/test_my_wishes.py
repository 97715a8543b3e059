"""What a donor does on the My gift page: ticket, Gift Aid, the letter once more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

import pytest
import requests

from donations_api import copies
from donations_api.app import create_app, portal_for
from donations_api.clerk import Clerk
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.portal import Portal
from donations_api.ticket_file import TicketRow
from donations_api.tickets import take_in
from tests.donations.guards import Rows
from tests.donations.recipients import SIGNED, content_with_both, give_back, given, given_in_china
from tests.donations.running import Later, listening, says, settings_for
from tests.donations.stripe_events import a_gift
from tests.donations.test_gift_aid import FORM

TICKET = {"wish": "ticket", "ticket_for": "organisation"}
COMPANY = TICKET | {"ticket_title": "示例<公司>", "tax_number": "91440300 1922038216"}
DECLARE = FORM | {"wish": "declare"}


@dataclass
class Page:
    """The My gift pages of one portal, over HTTP."""

    portal: Portal
    rows: Rows

    @contextmanager
    def desk(self) -> Iterator[Clerk]:
        with self.portal.ledger.books() as books:
            yield self.portal.clerk(books)
            books.commit()

    def get(self, gift: Gift, end: str = "?language=en") -> requests.Response:
        return requests.get(self.portal.links.my_gift(gift.id) + end, timeout=20)

    def wish(self, gift: Gift, language: str = "en", **fields: str) -> requests.Response:
        address = f"{self.portal.links.my_gift(gift.id)}?language={language}"
        return requests.post(address, fields, timeout=20)


@pytest.fixture
def page(tmp_path: Path, empty_file: Path) -> Iterator[Page]:
    (tmp_path / "donations.db").write_bytes(empty_file.read_bytes())
    later = Later()
    with listening(later) as address:
        content = content_with_both(tmp_path)
        settings = settings_for(tmp_path, site_url=address, content=content)
        later.app = create_app(settings)
        yield Page(portal_for(settings), Rows(settings.database_url))


def value_of(answer: requests.Response, field: str) -> str:
    found = re.search(rf'id="{field}" value="([^"]*)"', answer.text)
    assert found
    return unescape(found[1])


def test_a_donor_asks_for_a_ticket_and_changes_the_wish(page: Page) -> None:
    """The donor's name stands there first; what was chosen stands there afterwards."""
    with page.desk() as clerk:
        gift, _ = given_in_china(clerk)
    assert value_of(page.get(gift), "ticket_title") == "张伟"
    answer = page.wish(gift, **COMPANY)
    assert answer.history[0].status_code == 303
    assert says(answer, "my_gift.done.ticket", "en")
    assert says(answer, "my_gift.ticket.requested", "en", title="示例<公司>")
    assert "示例<公司>" not in answer.text
    assert value_of(answer, "tax_number") == "914403001922038216"
    answer = page.wish(gift, **TICKET | {"ticket_for": "waived"})
    assert says(answer, "my_gift.ticket.waived", "en")
    assert page.rows("SELECT wish, title, tax_number FROM tickets") == [("waived", "", "")]


def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(page: Page) -> None:
    """In the summary, linked, and at the field (rule D7); in the language of the page."""
    with page.desk() as clerk:
        gift, _ = given_in_china(clerk)
    answer = page.wish(gift, "zh", **COMPANY | {"tax_number": "914403001922038217"})
    assert answer.status_code == 422
    assert says(answer, "error.tax_number.checksum")
    assert 'href="#tax_number"' in answer.text
    assert (
        'aria-describedby="tax_number-hint tax_number-mistake" aria-invalid="true"' in answer.text
    )
    assert value_of(answer, "tax_number") == "914403001922038217"
    assert value_of(answer, "ticket_title") == "示例<公司>"
    assert re.search(r'value="organisation" checked', answer.text)
    assert page.rows("SELECT count(*) FROM tickets") == [(0,)]


def test_an_issued_ticket_is_shown_and_no_longer_asked_for(page: Page) -> None:
    """Who had the form open meanwhile finds the number, and the wish unchanged."""
    with page.desk() as clerk:
        gift, receipt = given_in_china(clerk)
        row = TicketRow(receipt.number, "6100012345", date(2026, 11, 25))
        take_in(clerk, "tickets.csv", [row], SIGNED)
    answer = page.wish(gift, **TICKET | {"ticket_for": "waived"})
    assert "6100012345" in answer.text
    assert "25 November 2026" in answer.text
    assert 'name="ticket_for"' not in answer.text
    assert not says(answer, "my_gift.done.ticket", "en")
    assert page.rows("SELECT wish FROM tickets") == [("requested",)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_declaration_is_kept_with_the_words_that_stood_there(page: Page, language: str) -> None:
    """Nothing is ticked before; pressed twice, it is declared once; the address is not shown."""
    with page.desk() as clerk:
        gift, _ = given(clerk)
    asked = page.get(gift, f"?language={language}")
    assert "checked" not in asked.text
    page.wish(gift, language, **DECLARE)
    answer = page.wish(gift, language, **DECLARE)
    assert says(answer, "my_gift.done.declare", language)
    ((statement, postcode, kept),) = page.rows(
        "SELECT statement, postcode, language FROM declarations"
    )
    assert (postcode, kept) == ("SW1A 1AA", language)
    charity = {"zh": "示例之友", "en": "Friends of the Example"}[language]
    assert charity in statement
    words = re.sub(r"\s", "", unescape(re.sub("<[^>]*>", "", asked.text)))
    for sentence in re.split(r"(?<=[.。])\s*(?=I am|我是)", statement):
        assert re.sub(r"\s", "", sentence) in words
    assert statement in unescape(answer.text)
    assert "SW1A 1AA" not in answer.text
    answer = page.wish(gift, language, wish="cancel_declaration")
    assert says(answer, "my_gift.done.cancel_declaration", language)
    assert 'name="postcode"' in answer.text
    assert page.rows("SELECT count(*) FROM declarations WHERE cancelled_at IS NULL") == [(0,)]


def test_what_was_typed_of_a_declaration_is_kept(page: Page) -> None:
    """And the tick, when something else is to be mended."""
    with page.desk() as clerk:
        gift, _ = given(clerk)
    answer = page.wish(gift, **DECLARE | {"postcode": "100080", "scope": ""})
    assert answer.status_code == 422
    for message in ("error.scope.missing", "error.postcode.not_uk"):
        assert says(answer, message, "en")
    assert value_of(answer, "first_name") == "Zoë"
    assert re.search(r'name="agreed" id="agreed" value="yes" checked', answer.text)
    assert page.rows("SELECT count(*) FROM declarations") == [(0,)]


def test_the_letter_once_more_but_not_at_once_again(page: Page) -> None:
    """To the address that is known, whatever the form says."""
    with page.desk() as clerk:
        gift, _ = given(clerk)
    assert says(page.wish(gift, wish="again", email="x@evil.example"), "my_gift.done.again", "en")
    assert says(page.wish(gift, wish="again"), "my_gift.done.again_soon", "en")
    assert page.rows("SELECT address FROM outbox") == [("ann@example.org",)] * 2


def test_without_money_there_is_nothing_to_wish_for(page: Page) -> None:
    """A gift that is pending or was returned in full has no form, and a forged one is refused."""
    pending = a_gift(recipient="uk")
    with page.desk() as clerk:
        returned, _ = given(clerk)
        give_back(clerk, returned, 2500)
        clerk.books.add_gift(pending)
    for gift in (pending, returned):
        assert "<form" not in page.get(gift).text.split("<main")[1]
        for fields in (DECLARE, {"wish": "again"}):
            assert page.wish(gift, **fields).status_code == 400


def test_a_wish_that_does_not_fit_the_recipient_is_refused(page: Page) -> None:
    """No ticket from the UK, no Gift Aid in China, nothing that nobody offered; without the
    link's token nothing at all."""
    with page.desk() as clerk:
        chinese, british = given_in_china(clerk)[0], given(clerk)[0]
        dollars, unnamed = given(clerk, amount=Money(100, "USD"))[0], given(clerk, email="")[0]
    assert page.wish(dollars, **DECLARE).status_code == 400
    assert page.wish(unnamed, wish="again").status_code == 400
    for gift, fields in ((british, COMPANY), (chinese, DECLARE), (chinese, {"wish": "money"})):
        assert page.wish(gift, **fields).status_code == 400
    forged = f"{page.portal.settings.site_url}/gifts/{page.portal.links.returning(chinese.id)}"
    assert requests.post(forged, COMPANY, timeout=20).status_code == 404
    assert page.rows("SELECT count(*) FROM acts") == [(0,)]


def test_the_link_in_a_mail_to_a_wrong_address_opens_no_longer(page: Page) -> None:
    """Once the address is corrected, only the link in the mail to the right one opens the gift."""
    links = page.portal.links
    with page.desk() as clerk:
        gift, receipt = given(clerk, email="stranger@example.org")
        other, _ = given(clerk)
    assert page.get(gift).status_code == 200
    with page.desk() as clerk:
        copies.resend(clerk, receipt, SIGNED, "ann@example.org")
    assert page.get(gift).status_code == page.get(gift, "/gifts.csv").status_code == 404
    assert requests.get(links.my_gift(gift.id, 1), timeout=20).status_code == 200
    assert requests.get(links.my_gift(gift.id, 2), timeout=20).status_code == 404
    assert page.get(other).status_code == 200


def test_a_wish_that_cannot_be_kept_is_not_said_to_be(page: Page) -> None:
    """The database has a fault: an honest answer, and no way back to a page that looks right."""
    with page.desk() as clerk:
        gift, _ = given_in_china(clerk)
    page.rows("DROP TABLE tickets")
    answer = page.wish(gift, **COMPANY)
    assert answer.status_code == 503
    assert not answer.history
