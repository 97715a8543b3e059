"""A donor whose language the portal has no words for: nothing breaks, and nothing is half of each.

The content is that of ``tests/sites/trio``, whose first language is French.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import requests

from donations_api.frame import Frame, load_frame
from donations_api.letters import compose
from donations_api.mailer import Letter
from donations_api.settings import ROOT
from donations_api.sheets import sheet
from tests.donations.at_the_desk import desk_of
from tests.donations.running import Rig, rig, until
from tests.donations.sample_letters import DOCUMENT, LETTERS, LINKS, a_letter, facts

CONTENT = ROOT / "tests" / "sites" / "trio" / "content"
GIFT = {
    "amount": "20",
    "currency": "EUR",
    "fund": "lamp",
    "recipient": "phare",
    "name": "Léa Martin",
    "message": "",
    "consent_version": "1",
    "language": "fr",
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A portal that reads the French site's content."""
    with rig(tmp_path_factory.mktemp("portal"), content=CONTENT) as both:
        yield both


def test_a_french_donor_gives_and_gets_a_whole_english_mail(portal: Rig) -> None:
    """From the form to the receipt, whose texts of the organisation are English too."""
    back = portal.paid(**GIFT, frequency="once")
    portal.deliveries.deliver_due()
    thanks = until(lambda: portal.mails() and requests.get(back, timeout=20))
    assert '<html lang="fr" dir="ltr">' in thanks.text
    assert "Faire un don" in thanks.text
    assert "Les Amis du Phare Imaginaire" in thanks.text
    assert "20,00" in thanks.text
    mail = message_from_bytes(portal.mails()[0].read_bytes(), policy=policy.default)
    assert "Imaginary Lighthouse" in str(mail["From"])
    html = mail.get_body(("html",))
    assert html
    assert 'lang="en"' in html.get_content()
    assert "Phare Imaginaire" not in html.get_content()
    assert [gift.language for gift in portal.gifts()] == ["fr"]


def test_mistakes_are_told_on_a_french_page(portal: Rig) -> None:
    """The frame is French, what is missing in its catalog is English, and no id is shown."""
    answer = portal.give(**(GIFT | {"amount": "x"}))
    assert answer.status_code == 422
    assert '<html lang="fr" dir="ltr">' in answer.text
    assert "Aller au contenu" in answer.text
    assert not re.search(r">\s*(?:form|error|frame)\.[a-z_.]+\s*<", answer.text)


def letter(frame: Frame, name: str) -> Letter:
    """The letter to a French donor; what it says is what an English one is told."""
    kind, own = LETTERS[name]
    return compose(frame, LINKS, kind, facts("en") | own | {"language": "fr"})


def test_the_desk_opens_in_french(portal: Rig) -> None:
    """In English words, since it has none in French; and what donors speak has its own name."""
    with desk_of(portal.settings) as treasurer:
        page = treasurer.sit_down("Anne").look("/", "fr")
    assert page.status_code == 200
    assert '<html lang="fr"' in page.text
    assert not re.search(r">\s*desk\.[a-z_.]+\s*<", page.text)


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_whole(name: str) -> None:
    """The same as an English donor's, to the letter."""
    frame = load_frame(CONTENT, ROOT / "theme")
    french = letter(frame, name)
    assert french == a_letter(frame, name, "en")
    assert french.language == "en"


def test_a_paper_is_whole() -> None:
    """Dates and amounts are written as the words around them."""
    frame = load_frame(CONTENT, ROOT / "theme")
    said = facts("en") | DOCUMENT | {"kind": "acknowledgement"}
    assert sheet(frame, said | {"language": "fr"}) == sheet(frame, said)


def test_a_site_without_english_has_english_mails(tmp_path: Path) -> None:
    """English is what the program always has, though no page is in it."""
    text = (CONTENT / "site.toml").read_text(encoding="utf-8")
    file = tmp_path / "site.toml"
    file.write_text(re.sub(r'(?s)\[\[language\]\]\ncode = "en".*?(?=\[\[)', "", text), "utf-8")
    frame = load_frame(tmp_path, ROOT / "theme")
    assert [one.code for one in frame.languages] == ["fr", "zh"]
    assert letter(frame, "receipt").language == "en"
    assert a_letter(frame, "receipt", "zh").language == "zh-Hans"
