"""Rules L1, L2, L3, decided in one process: each turn of what is declared and asked for."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pelican.plugins import signals

from donations_api.frame import load_frame
from donations_api.giving import Giving, load_giving
from plugins import consent_text, facts, filings, fundraising
from plugins.pictures import Picture
from plugins.problems import Problem, Severity
from tests.site.tiny_site import PARTNER, PLATFORMS, QUALIFIED, ROOT, TinySite, make_site

ORGANISATION = "content/organisation.toml"
WORK = "content/pages/work.zh.md"


ANOTHER = PLATFORMS.partition("\n")[2]


def told(problems: Iterable[Problem]) -> list[tuple[str, str, int]]:
    return [(one.code, one.file, one.line) for one in problems]


def a_picture(alt: str) -> Picture:
    """As far as these rules see it: its file, its address, its words."""
    file = Path("content/images/door.jpg")
    seen = SimpleNamespace(original=file, path="/images/door.jpg", alt={"zh": alt, "en": "x"})
    return cast(Picture, seen)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    return site


def giving_of(site: TinySite) -> Giving:
    return load_giving(site.folder / "content")


def declared(site: TinySite) -> list[Problem]:
    frame = load_frame(site.folder / "content", ROOT / "theme")
    return list(fundraising.declarations(giving_of(site), frame, Path(ORGANISATION)))


def settings_of(site: TinySite, *, demo: bool = False) -> dict[str, Any]:
    return {
        "PATH": str(site.folder / "content"),
        "GIVING": giving_of(site),
        "FRAME": load_frame(site.folder / "content", ROOT / "theme"),
        "PICTURES": [a_picture("收款码")],
        "DEMO": demo,
        "TODAY": date(2026, 11, 26),
    }


def looked(look: Callable[[Any], None], settings: dict[str, Any]) -> list[Problem]:
    look(SimpleNamespace(settings=settings))
    problems: list[Problem] = settings["PROBLEMS"]
    return problems


def test_each_lacking_fact_is_a_problem_of_its_recipient(here: TinySite) -> None:
    """L3: recipient, mode and fact are named, and the line where the recipient begins."""
    assert declared(here) == []
    here.declare("qualified")
    problems = declared(here)
    assert told(problems) == [("L3.lacks", ORGANISATION, 15)] * 4
    assert [one.params["fact"] for one in problems] == [
        "legal_name",
        "certificate",
        "contact",
        "check_at",
    ]
    assert {(one.params["recipient"], one.params["mode"]) for one in problems} == {
        ("house", "qualified")
    }
    here.edit(ORGANISATION, 'mode = "qualified"\n', f'mode = "qualified"\n{QUALIFIED}')
    assert declared(here) == []


def test_where_recipients_are_written_in_another_way_no_line_is_named(here: TinySite) -> None:
    """L3: an inline table is TOML as well; nothing is lost."""
    here.declare("qualified")
    here.edit(ORGANISATION, "[[recipient]]", "  [[recipient]]  ")
    assert {one.line for one in declared(here)} == {15}
    here.edit(ORGANISATION, "  [[recipient]]  ", "[[ recipient ]]")
    assert [one.line for one in declared(here)] == [0] * 4


def test_the_platform_and_the_languages_are_held_to_their_lists(here: TinySite) -> None:
    """L3: what is allowed is told, so that it can be chosen."""
    here.declare("partner", PARTNER)
    here.write("content/platforms.toml", PLATFORMS)
    assert declared(here) == []
    here.edit(ORGANISATION, '["zh", "en"]', '["zh", "eng", "xx"]')
    here.write("content/platforms.toml", PLATFORMS.replace("give.", "a.") + ANOTHER)
    assert told(declared(here)) == [("L3.language", ORGANISATION, 15)] * 2
    assert declared(here)[0].params == {"code": "eng", "languages": "zh, en"}
    here.edit(ORGANISATION, "https://give.platform.example", "https://b.platform.example")
    wrong = declared(here)[0]
    assert told([wrong]) == [("L3.platform", ORGANISATION, 15)]
    assert wrong.params == {
        "address": "https://b.platform.example/house",
        "hosts": "a.platform.example, give.platform.example",
    }


ASKS = {
    "6222 0000 1111 2222": True,
    "6222-0000-1111-2222-333": True,
    "1234 5678 9012 345": False,
    "12345678901234567890": False,
    "GB33 BUKB 2020 1555 5555 55": True,
    "https://QR.alipay.com/x": True,
    "wxp://x": True,
    "https://paypal.me/x": True,
    "https://paypal.com/donate": True,
    "https://buy.stripe.com/x": True,
    "https://Donate.Stripe.com/x": True,
    "https://www.GoFundMe.com/x": True,
    "https://afdian.net/x": True,
    "https://give.platform.example/x": True,
    "https://GIVE.platform.example": True,
    "https://give.platform.example.org/x": False,
    "https://forgive.platform.example/x": False,
    "每年修一次": False,
}


def test_content_asks_by_nothing_that_takes_money(here: TinySite) -> None:
    """L3: numbers of accounts, addresses that take payments, platforms; and nothing else."""
    here.write("content/platforms.toml", PLATFORMS)
    closed = tuple(fundraising.platforms(giving_of(here)))
    content, before = Path("content"), Path(WORK).read_text(encoding="utf-8")
    for text, asks in ASKS.items():
        here.write(WORK, before.replace("每年修一次。", text))
        found = list(fundraising.check(content, [], asking=False, closed=closed))
        assert told(found) == ([("L3.asks", WORK, 6)] if asks else []), text
        assert all(one.params["found"].strip("*").lower() in text.lower() for one in found)
        allowed = list(fundraising.check(content, [], asking=True, closed=closed))
        assert told(allowed) == (told(found) if "give.platform.example" in text.lower() else [])
        assert list(fundraising.check(content, [], asking=True)) == []


def test_a_partner_opens_the_platforms(here: TinySite) -> None:
    """L3: whose partner raises money there may link there."""
    here.write("content/platforms.toml", PLATFORMS)
    assert len(list(fundraising.platforms(giving_of(here)))) == 1
    here.declare("partner", PARTNER)
    assert list(fundraising.platforms(giving_of(here))) == []


def test_a_form_of_the_contents_own_is_never_right(here: TinySite) -> None:
    """L3: also where a recipient may ask."""
    before = Path(WORK).read_text(encoding="utf-8")
    for tag, named in (("<form>", "<form"), ("<INPUT name=x>", "<INPUT"), ("<button>", "<button")):
        here.write(WORK, before.replace("每年修一次。", tag))
        for asking in (True, False):
            found = list(fundraising.check(Path("content"), [], asking=asking))
            assert told(found) == [("L3.own_form", WORK, 6)]
            assert found[0].params == {"found": named}


@pytest.mark.usefixtures("here")
def test_a_page_in_any_encoding_is_looked_through() -> None:
    """L3: what another check refuses as unreadable is no place to hide a form in."""
    text = Path(WORK).read_text(encoding="utf-8").replace("每年修一次。", "每年<form>")
    for encoded in (text.encode("utf-8-sig"), text.encode("gbk")):
        Path(WORK).write_bytes(encoded)
        found = list(fundraising.check(Path("content"), [], asking=True))
        assert told(found) == [("L3.own_form", WORK, 6)]


def test_a_picture_of_a_payment_code_asks(here: TinySite) -> None:
    """L3: by what its description says, where nobody may ask."""
    content = here.folder / "content"
    for alt in ("收款码", "付款码", "赞赏码", "二维码", "A payment CODE", "QR code"):
        pictures = [a_picture("门"), a_picture(alt)]
        (found,) = fundraising.check(content, pictures, asking=False)
        assert told([found]) == [("L3.asks", "content/images/door.jpg", 0)]
        assert found.params["found"] in alt
        assert list(fundraising.check(content, pictures, asking=True)) == []


def test_a_build_looks_as_it_may_ask(here: TinySite) -> None:
    """L3: in the demo an undeclared recipient may, elsewhere not; declarations count in both."""
    here.edit(ORGANISATION, '["zh", "en"]', '["zh", "eng"]')
    online = looked(fundraising.look, settings_of(here))
    assert [one.code for one in online] == ["L3.language", "L3.asks"]
    assert online[0].file == ORGANISATION
    demo = looked(fundraising.look, settings_of(here, demo=True))
    assert [one.code for one in demo] == ["L3.language"]
    here.write("content/platforms.toml", PLATFORMS)
    here.edit(WORK, "每年修一次。", "give.platform.example")
    demo = looked(fundraising.look, settings_of(here, demo=True))
    assert [one.code for one in demo] == ["L3.language", "L3.asks"]
    assert demo[1].file == WORK


def test_a_build_looks_as_it_may_ask_on_its_day(here: TinySite) -> None:
    """L4: until a report is overdue, and not from then on."""
    here.declare("qualified", QUALIFIED)
    for today, codes in ((date(2027, 5, 31), []), (date(2027, 6, 1), ["L3.asks"])):
        settings = settings_of(here) | {"TODAY": today}
        assert [one.code for one in looked(fundraising.look, settings)] == codes


FILED = {"number": "示公网安备0号", "code": "0"}
FILINGS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "elsewhere": ({"countries": ["FR"]}, []),
    "nowhere": ({}, []),
    "mainland": ({"countries": ["CN"], "icp_number": "示ICP备0号"}, []),
    "mainland, no number": ({"countries": ["HK", "CN"]}, ["L1.unknown"]),
    "mainland, empty": ({"countries": ["CN"], "icp_number": ""}, ["L1.unknown"]),
    "filed": ({"public_security_filing": FILED}, []),
    "half filed": ({"public_security_filing": {"number": "x"}}, ["L2.incomplete"]),
    "half empty": ({"public_security_filing": FILED | {"code": ""}}, ["L2.incomplete"]),
    "a number": ({"public_security_filing": FILED | {"code": 17}}, ["L2.incomplete"]),
    "no table": ({"public_security_filing": "x"}, ["L2.incomplete"]),
    "a badge": ({"public_security_filing": FILED | {"badge": "door.jpg"}}, []),
    "no badge": ({"public_security_filing": FILED | {"badge": "gate.jpg"}}, ["L2.badge"]),
}


@pytest.mark.parametrize("name", FILINGS)
def test_filings_are_whole_or_not_there(name: str) -> None:
    """L1 and L2: whatever somebody wrote there is told of at the file."""
    said, codes = FILINGS[name]
    found = list(filings.check(said, [a_picture("门")], Path(ORGANISATION)))
    assert told(found) == [(code, ORGANISATION, 0) for code in codes]
    if codes == ["L2.badge"]:
        assert found[0].params == {"badge": "gate.jpg"}


def test_a_build_looks_at_the_filings(here: TinySite) -> None:
    """L1: of the organisation whose content it builds."""
    assert looked(filings.look, settings_of(here)) == []
    here.edit(ORGANISATION, 'icp_number = "示ICP备00000000号"', "")
    assert told(looked(filings.look, settings_of(here))) == [("L1.unknown", ORGANISATION, 0)]
    filed = 'public_security_filing = {number = "示", code = "0", badge = "door.jpg"}\nfounded'
    here.edit(ORGANISATION, "founded", filed)
    assert told(looked(filings.look, settings_of(here))) == [("L1.unknown", ORGANISATION, 0)]


@pytest.mark.parametrize("plugin", [fundraising, filings, consent_text])
def test_each_looks_before_anything_is_read(plugin: Any) -> None:
    """A check that Pelican does not call refuses nothing."""
    plugin.register()
    try:
        assert plugin.look in set(signals.initialized.receivers_for(None))
    finally:
        signals.initialized.disconnect(plugin.look)


def test_a_build_looks_at_the_words_of_consent(here: TinySite) -> None:
    """L8: those of the theme in its languages, and the version of the content that it builds."""
    settings = settings_of(here)
    assert looked(consent_text.look, settings) == []
    here.edit("content/donations.toml", 'consent_version = "1"', 'consent_version = "2"')
    (found,) = looked(consent_text.look, settings_of(here))
    assert told([found]) == [("L8.unrecorded", "content/consent_texts.toml", 0)]
    assert found.params == {"version": "2"}


@pytest.mark.usefixtures("here")
def test_what_is_not_known_is_listed() -> None:
    """L2 and L3: of a site in mainland China more than of another; each once, as a notice."""
    content = Path("content")
    wanted = ["phone", "address", "weibo", "public_security_filing", "mode", "legal_name"]
    found = facts.unknown(content)
    assert [one.code for one in found] == [
        f"fact.{name}" for name in (*wanted, "registration", "pictures")
    ]
    assert {one.severity for one in found} == {Severity.NOTICE}
    assert {one.file for one in found[:-1]} == {ORGANISATION}
    assert found[-1].file == "content/images"
    assert all(one.params == {"recipient": "house"} for one in found[4:7])
    assert told(facts.undeclared(content)) == [("fact.mode", ORGANISATION, 0)]


def test_what_is_known_is_not_listed(here: TinySite) -> None:
    """L3: the partner's platforms until they are confirmed; no filings of a site abroad."""
    content = Path("content")
    here.write("content/platforms.toml", PLATFORMS)
    here.picture()
    here.declare("partner", f"{PARTNER}legal_name = {{zh = '甲'}}\nregistration = '0'\n")
    known = 'phone = "0"\naddress.zh = "甲"\ncountries = ["FR"]'
    here.edit(ORGANISATION, 'countries = ["CN"]', known)
    assert facts.unknown(content) == []
    assert facts.undeclared(content) == []
    here.edit(ORGANISATION, 'countries = ["FR"]', "")
    assert facts.unknown(content) == []
    here.write("content/platforms.toml", PLATFORMS.replace("2026-11-26", ""))
    assert told(facts.unknown(content)) == [("fact.platforms", "content/platforms.toml", 0)]
    awaiting = '[confirmation]\nawaiting = ["a", "b"]\n\n[short_name]'
    here.edit(ORGANISATION, "[short_name]", awaiting)
    found = [one for one in facts.unknown(content) if one.code == "fact.confirmation"]
    assert [(one.file, one.params) for one in found] == [
        (ORGANISATION, {"text": "a"}),
        (ORGANISATION, {"text": "b"}),
    ]
