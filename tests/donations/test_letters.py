"""Every letter to a donor, in each language: what it says, and that both its parts say the same."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import sync_playwright

from donations_api.app import drain
from donations_api.colours import read_colours
from donations_api.frame import Frame, load_frame
from donations_api.ledger import Ledger
from donations_api.letters import Addresses, compose
from donations_api.links import Links
from donations_api.mailer import Letter
from donations_api.pledge import PledgeState
from donations_api.settings import ROOT, Settings
from tests.conftest import CHROMIUM, QUIET
from tests.donations.mail_servers import Box, mail_server
from tests.donations.running import CONTENT
from tests.donations.sample_letters import DOCUMENT, LETTERS, LINKS, a_letter, facts
from tests.donations.stripe_events import NOW, a_pledge
from tests.donations.test_mailer import read
from tests.donations.test_receipts import HOSTILE, words

# What may stand in the other language's letters: currencies, numbers, the ticket's own name.
FOREIGN = {"zh": r"GBP|Gift Aid|XX-[\d-]+|K7QM-4TXB", "en": "公益事业捐赠统一票据"}

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CONTRAST = """axe.run({runOnly: ["color-contrast"]}).then(found => found.violations.flatMap(
    one => one.nodes.map(node => node.any[0].message)))"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

every_letter = pytest.mark.parametrize("name", LETTERS)
every_language = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def frame() -> Frame:
    """A letter knows no database, so it is looked at once, not once on each."""
    return load_frame(CONTENT, ROOT / "theme")


def links_of(letter: Letter) -> tuple[list[str], list[str]]:
    """The addresses of the HTML part, and those of the text part, where each has its own line."""
    return (
        re.findall(r'href="([^"]*)"', letter.html),
        re.findall(r"^https://\S+$", letter.text, re.MULTILINE),
    )


def figures(text: str) -> set[str]:
    return set(re.findall(r"[\d.,-]*\d", re.sub(r"https://\S+", "", text)))


@every_letter
@every_language
def test_both_parts_say_the_same(frame: Frame, name: str, language: str) -> None:
    """The amount, every other figure and every link stand in the HTML and in the text."""
    letter = a_letter(frame, name, language)
    html, text = links_of(letter)
    assert html == text
    assert "£25.95" in letter.text
    assert figures(letter.text) == figures(words(letter.html))
    if "number" in LETTERS[name][1]:
        assert "XX-2026-000002" in letter.text
        assert "XX-2026-000002" in letter.subject
    assert letter.language == {"zh": "zh-Hans", "en": "en"}[language]


@every_letter
@every_language
def test_a_letter_begins_with_its_news(frame: Frame, name: str, language: str) -> None:
    """What a list of mails shows beside the subject is the letter's first sentence, as in the text;
    where there is a copy to be told of, that does not come before it.
    """
    letter = a_letter(frame, name, language)
    shown = re.search(r'<div style="display:none[^"]*">(.*?)</div>', letter.html)
    assert shown
    news = words(shown[1])
    assert f"\n\n{news}\n\n" in letter.text
    assert words(letter.html).count(news) == 2


@every_letter
@every_language
def test_nothing_is_left_to_fill_in(frame: Frame, name: str, language: str) -> None:
    letter = a_letter(frame, name, language)
    for part in (letter.subject, letter.text, words(letter.html)):
        assert not re.search(r"%\(|%s|\{\{|\{%|\bNone\b|\b(?:letter|receipt)\.[a-z]", part)


@every_letter
@every_language
def test_a_letter_speaks_one_language(frame: Frame, name: str, language: str) -> None:
    """No Chinese in an English letter but the name of the ticket, and the reverse."""
    letter = a_letter(frame, name, language)
    other = "[A-Za-z]+" if language == "zh" else "[\u3000-\u9fff\uff00-\uffef]+"
    for part in (letter.sender, letter.subject, letter.text, words(letter.html)):
        own = re.sub(rf"https://\S+|{FOREIGN[language]}", "", part)
        assert re.findall(other, own) == []


@every_language
def test_a_demo_says_so_in_every_letter(frame: Frame, language: str) -> None:
    mark, said = {"zh": ("【演示】", "没有任何款项往来"), "en": ("[DEMO]", "no money")}[language]
    for name in LETTERS:
        letter = a_letter(frame, name, language, demo=True)
        assert letter.subject.startswith(mark)
        assert said in letter.text
        assert said in words(letter.html)


@every_language
def test_facts_stand_line_under_line(frame: Frame, language: str) -> None:
    """The text part is read as it is: no fact is parted from the next one by an empty line."""
    blocks = a_letter(frame, "receipt", language).text.split("\n\n")
    (table,) = [block for block in blocks if "XX-2026-000002" in block]
    # Number, amount, cost, frequency, fund, dedication, date, recipient.
    assert len(table.splitlines()) == 8


@every_language
def test_a_cancellation_names_what_it_cancels(frame: Frame, language: str) -> None:
    """The receipt, how much of it, and what of it still stands; all of it, or a part."""
    part = a_letter(frame, "refunded in part", language).text
    whole = a_letter(frame, "refunded", language).text
    in_part, in_full = {"zh": ("部分作废", "全部作废"), "en": ("in part", "in full")}[language]
    for text in (part, whole):
        assert text.count("XX-2026-000001") == 2
    assert in_part in part
    assert in_full not in part
    assert {"£25.95", "£50.00", "£24.05"} <= set(re.findall(r"£[\d.]+", part))
    assert in_full in whole
    assert in_part not in whole
    assert "£0.00" in whole


@every_language
def test_a_cancellation_says_who_has_the_money(frame: Frame, language: str) -> None:
    refund = a_letter(frame, "refunded", language).text
    dispute = a_letter(frame, "disputed", language).text
    back, bank = {
        "zh": ("按原路退回", "银行收回"),
        "en": ("the way it came", "your bank has taken"),
    }[language]
    assert (back in refund, bank in refund) == (True, False)
    assert (back in dispute, bank in dispute) == (False, True)


@every_language
def test_days_are_those_of_the_recipient(frame: Frame, language: str) -> None:
    """It is the next day in China already when the donor's bank says so."""
    days = {
        "receipt": {"zh": "2026年11月24日（中国标准时间）", "en": "24 November 2026"},
        "renewal failed": {"zh": "2026年12月1日", "en": "1 December 2026"},
        "paused": {"zh": "2027年1月1日", "en": "1 January 2027"},
        "reminder": {"zh": "十二月", "en": "December"},
    }
    for name, day in days.items():
        assert day[language] in a_letter(frame, name, language).text


def test_links_lead_where_there_is_something(frame: Frame) -> None:
    """A gift that was given once has no pledge to change, nor has one that has ended; without
    addresses no link is made of nothing.
    """
    expected = {
        "receipt": [LINKS.gift, LINKS.pledge],
        "receipt, once": [LINKS.gift],
        "debit failed": [LINKS.gift],
        "ended, asked": [],
        "reminder": [LINKS.give, LINKS.stop],
    }
    for name, addresses in expected.items():
        assert links_of(a_letter(frame, name, "en"))[0] == addresses
    assert links_of(a_letter(frame, "receipt", "en", Addresses()))[0] == []


@every_language
def test_receipts_of_the_first_version_still_speak(frame: Frame, language: str) -> None:
    """A snapshot without what was added later says the same as one where that is empty."""
    old = facts(language) | DOCUMENT | {"kind": "cn", "frequency": "once"}
    del old["fee_cover"], old["dedication"]
    letter = compose(frame, LINKS, "receipt", old)
    assert letter == compose(frame, LINKS, "receipt", old | {"fee_cover": 0, "dedication": ""})
    assert "£25.95" in letter.text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_donors_texts_are_texts_in_every_letter(frame: Frame, text: str) -> None:
    """Name and dedication are shown as typed, make no tag, and stay out of every header."""
    for name in LETTERS:
        letter = a_letter(frame, name, "en", donor=text, dedication=text)
        assert text in letter.text
        assert text in words(letter.html)
        assert not re.search(r"<(?:script|img)", letter.html)
        assert text not in letter.subject + letter.sender + letter.unsubscribe


def test_a_due_reminder_can_be_ended_by_the_mail_program(
    ledger: Ledger, settings: Settings
) -> None:
    """From the pledge to a real mail server: RFC 8058's two headers arrive whole, the address is
    signed for this pledge, and both it and the links stand in the text too.
    """
    pledge = a_pledge(frequency="reminder", state=PledgeState.ACTIVE, due_at=NOW)
    with ledger.books() as books:
        books.add_pledge(pledge)
        books.commit()
    box = Box()
    with mail_server(box) as address:
        sending = replace(settings, smtp_url=f"smtp://{address}")
        assert drain(sending, NOW + timedelta(minutes=1)) == 1
    mail = read(box.taken[0].content)
    links = Links(settings)
    assert mail["List-Unsubscribe"] == f"<{links.stop(pledge.id)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = mail.get_body(("plain",))
    assert plain
    lines = plain.get_content().splitlines()
    assert {links.next_gift(pledge.id, "2026-11"), links.my_pledge(pledge.id)} <= set(lines)
    assert links.pledge_of(links.my_pledge(pledge.id).rpartition("/")[2]) == (pledge.id, 0)


def test_a_letter_wears_the_colours_of_the_site(frame: Frame) -> None:
    """Each is one that site.css names; those for the night stand where programs look for them."""
    css = (ROOT / "theme" / "static" / "site.css").read_text("utf-8")
    named = {one.strip("#;").lower() for one in re.findall(r": (#\w+;)", css)}
    named |= {"".join(2 * digit for digit in one) for one in named if len(one) == 3}
    day, night = read_colours(frame.theme)
    assert day.keys() == night.keys()
    assert day["paper"] != night["paper"]
    assert day["gold"] == night["gold"]
    for name in ("receipt", "reminder"):
        html = a_letter(frame, name, "en", demo=True).html
        used = set(re.findall(r"#([0-9a-f]{6})", html))
        assert used <= named
        assert len(used) > 12
        assert f".sheet {{ background-color: {night['sheet']} !important; }}" in html


def test_every_letter_fits_a_phone_and_fetches_nothing(frame: Frame, tmp_path: Path) -> None:
    """In a real browser: nothing wider than 320 pixels, no request, a button for a thumb; and all
    of the longest ones can be read, by day and by night.
    """
    for name in LETTERS:
        for language in ("zh", "en"):
            html = a_letter(frame, name, language, demo=True, amount=99999999).html
            (tmp_path / f"{name} {language}.html").write_text(html, "utf-8")
    files = sorted(tmp_path.glob("*.html"))
    asked: list[str] = []
    pale: dict[str, object] = {}

    def look() -> dict[str, tuple[int, float]]:
        seen = {}
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            page = browser.new_page(viewport={"width": 320, "height": 700})
            page.on("request", lambda request: asked.append(request.url))
            for file in files:
                page.goto(file.as_uri())
                width = page.evaluate("document.documentElement.scrollWidth")
                give = page.locator(f'a[href="{LINKS.give}"]')
                box = give.bounding_box() if give.count() else None
                seen[file.stem] = (width, box["height"] if box else 0)
                if file.stem in ("receipt, copy zh", "refunded in part en", "reminder en"):
                    page.evaluate(AXE.read_text(encoding="utf-8"))
                    for scheme in SCHEMES:
                        page.emulate_media(color_scheme=scheme)
                        if found := page.evaluate(CONTRAST):
                            pale[f"{file.stem}, {scheme}"] = found
            browser.close()
        return seen

    # In a thread of its own, since other tests may keep a browser open in this one.
    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(look).result()
    assert {name for name, (width, _) in seen.items() if width != 320} == set()
    assert {name for name, (_, height) in seen.items() if height >= 44} == {
        "reminder en",
        "reminder zh",
    }
    assert asked == [file.as_uri() for file in files]
    assert pale == {}
