"""Who is shown by a build, decided in its process: what is collected, what is out, what is put in.

The decisions themselves are looked at in ``test_consents_decided.py``.
"""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.plugins import signals
from pelican.settings import read_settings

from donations_api.frame import load_frame
from donations_api.giving import load_giving
from plugins import safeguarding
from plugins.people import fingerprints, withdrawals
from plugins.people.consent_register import VARIABLE
from plugins.people.withdrawals import Withdrawn
from plugins.problems import Problem, Severity
from tests.site import people
from tests.site.people import photo, picture, story, written
from tests.site.tiny_site import TRADITIONAL, TinySite, make_site

TODAY = date.fromisoformat(people.TODAY)
WORK = "content/pages/work.zh.md"
NEWS = "content/news/kite.zh.md"
KITE = "content/images/kite.jpg"
NOBODY = {"people": '"none"', "identity": '"none"', "consent_ids": "", "author": ""}
ADULT = {"people": '"adult"', "consent_ids": '["C-1"]'}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory, with a register beside it."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    rows = [{}, {"consent_id": "C-1", "subject_code": "A1", "minor": "no"}]
    (tmp_path / "register.csv").write_text(written(*rows), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "register.csv"))
    people.safeguarding(site)
    return site


def decide() -> dict[str, Any]:
    """The settings of a build of the site, when it is decided who is shown."""
    content = Path("content")
    ours = {
        "PATH": "content",
        "THEME": "theme",
        "FRAME": load_frame(content, Path("theme")),
        "GIVING": load_giving(content),
        "TODAY": TODAY,
        "ADDRESSES": {},
    }
    settings: dict[str, Any] = read_settings(override=ours)
    safeguarding.decide(SimpleNamespace(settings=settings))
    return settings


def told(settings: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(one.code, one.file, one.line) for one in settings["PROBLEMS"]]


def shown(settings: dict[str, Any]) -> list[str]:
    return [one.path for one in settings["PICTURES"]]


def test_a_site_with_nobody_on_it_needs_nothing(
    here: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C1, C12: neither a register nor a way to ask."""
    monkeypatch.delenv(VARIABLE)
    (here.folder / "content/pages/safeguarding.zh.md").unlink()
    here.edit("content/organisation.toml", 'email = "hello@house.example"\n', "")
    picture(here, "door.jpg", 1, **NOBODY)
    settings = decide()
    assert told(settings) == []
    assert shown(settings) == ["/images/door.jpg"]
    assert (settings["OUT"], settings["GONE"], settings["STORIES"]) == (set(), set(), {})
    assert settings["CONSENTS"].today == TODAY


@pytest.mark.parametrize("what", ["picture", "story", "both"])
def test_somebody_is_shown_only_with_a_register_and_a_way_to_ask(
    here: TinySite, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """C1, C12: the first of them is where the page that says whom to ask is missed."""
    (picture if what == "picture" else story)(here)
    if what == "both":
        picture(here)
    assert told(decide()) == []
    place = KITE if what == "picture" else NEWS
    (here.folder / "content/pages/safeguarding.zh.md").unlink()
    assert told(decide()) == [("C12.nowhere", place, 0)]
    people.safeguarding(here)
    facts = "content/organisation.toml"
    for fact in ("phone", "address", "e_mail"):
        here.write(facts, Path(facts).read_text("utf-8").replace("\nemail", f"\n{fact}"))
        lacks = [("C12.no_contact", facts, 0)] if fact == "e_mail" else []
        assert told(decide()) == lacks
        here.write(facts, Path(facts).read_text("utf-8").replace(f"\n{fact}", "\nemail"))
    monkeypatch.delenv(VARIABLE)
    assert ("C1.register_unnamed", VARIABLE, 0) in told(decide())


def test_what_is_over_is_out_and_what_was_withdrawn(here: TinySite) -> None:
    """C9, C10: it is told of, and left to nobody; what may be shown goes on."""
    over = {"consent_id": "C-2", "subject_code": "A2", "expires": "2026-11-25"}
    rows = [{}, over, {"consent_id": "C-3", "expires": "2026-11-30"}]
    (here.folder.parent / "register.csv").write_text(written(*rows), encoding="utf-8")
    picture(here, "c.jpg", 1)
    picture(here, "over.jpg", 2, consent_ids='["C-2"]')
    picture(here, "soon.jpg", 3, consent_ids='["C-3"]')
    again = picture(here, "again.jpg", 4, **NOBODY)
    picture(here, "left.jpg", 5, consent_ids='["C-9"]')
    story(here, "over.zh", subjects="[A2]")
    story(here, "kite.zh")
    looks = fingerprints.of(again) or ""
    gone = Withdrawn("C-9", TODAY, ("old.jpg",), (looks,), ("news/old",))
    withdrawals.write(Path("content"), [gone])
    Path("content/documents").mkdir()
    for name, seed in (("report", 4), ("year", 2), ("other", 8)):
        photo(seed).save(f"content/documents/{name}.pdf")
    body = "![](images/old.jpg) ![](/images/over.jpg) ![](images/left.jpg)"
    here.edit(WORK, "每年修一次。", body)
    settings = decide()
    assert told(settings) == [
        ("C10.again", "content/images/again.jpg", 0),
        ("C10.document", "content/documents/report.pdf", 0),
        ("C10.left", "content/images/left.jpg.toml", 0),
        ("C9.expired", "content/images/over.jpg.toml", 0),
        ("C9.soon", "content/images/soon.jpg.toml", 0),
        ("C9.document", "content/documents/year.pdf", 0),
        ("C9.expired", "content/news/over.zh.md", 0),
    ]
    assert [one.severity is Severity.WARNING for one in settings["PROBLEMS"]] == [
        *[False] * 2,
        *[True] * 5,
    ]
    assert settings["DOCUMENTS_OUT"] == [Path("content/documents/year.pdf")]
    assert shown(settings) == [f"/images/{one}.jpg" for one in ("again", "c", "soon")]
    assert settings["OUT"] == {f"/images/{one}.jpg" for one in ("left", "old", "over")}
    assert settings["GONE"] == {"news/old", "news/over"}
    assert sorted(settings["STORIES"]) == [("news/kite", "zh"), ("news/over", "zh")]
    metadata = {"translation_key": "news/over"}
    other = {"translation_key": "news/kite"}
    for one in (metadata, other):
        safeguarding.leave_out(SimpleNamespace(settings=settings), one)
    assert metadata == {"translation_key": "news/over", "status": "skip"}
    assert other == {"translation_key": "news/kite"}


def test_all_that_is_wrong_is_collected(here: TinySite) -> None:
    """C1, C2, C3, C10, E5: pictures, heads, the list; a picture that is refused is told once."""
    site = Path("content/site.toml")
    site.write_text(site.read_text("utf-8") + TRADITIONAL, encoding="utf-8")
    picture(here, "kite.jpg", 1, **{"alt.en": ""})
    picture(here, "kite.gif")
    picture(here, "seen.jpg", 2)
    story(here, subjects="[Xiaoming]")
    story(here, "hard.zh", risk_flags="[abuse]", subjects="[A17, A5]")
    here.write("content/withdrawn.toml", "x")
    here.edit(
        WORK, "每年修一次。", "![](images/kite.jpg) ![](images/kite.gif) ![](images/none.jpg)"
    )
    settings = decide()
    found = [one for one in told(settings) if one[0] != "C3.visible"]
    assert found == [
        ("C7.format", "content/images/kite.gif", 0),
        ("E5.alt", f"{KITE}.toml", 0),
        ("C2.subjects", NEWS, 5),
        ("C10.unreadable", "content/withdrawn.toml", 0),
        ("C1.elsewhere", WORK, 6),
        ("C2.story", "content/news/hard.zh.md", 5),
    ]
    alt = next(one for one in settings["PROBLEMS"] if one.code == "E5.alt")
    assert alt.params == {"language": "en"}
    assert settings["PROBLEMS"][-1] == Problem(
        "C3.visible", "content/news/hard.zh.md", 8, {"picture": "content/images/seen.jpg"}
    )


LINES: dict[str, tuple[str, dict[str, str]]] = {
    '![](images/a.jpg) and ![x](/images/b.jpg "b")': ("", {}),
    "![](<images/a.jpg>)": ("", {}),
    "![x]( /other/a.jpg )": ("C1.elsewhere", {"address": "/other/a.jpg"}),
    "![](X/images/a.jpg)": ("C1.elsewhere", {"address": "X/images/a.jpg"}),
    "![](images/a.jpg/)": ("C1.elsewhere", {"address": "images/a.jpg/"}),
    "![](https://a.example/b.jpg)": ("C1.elsewhere", {"address": "https://a.example/b.jpg"}),
    "![x][a]": ("C1.html", {}),
    "<IMG src=a>": ("C1.html", {}),
    "a <svg>": ("C1.html", {}),
    "[x](/images/b.jpg)": ("C1.html", {}),
    "[![](images/b.jpg)](/images/b.jpg.480.webp)": ("C1.html", {}),
    "<a href='images/b.jpg'>": ("C1.html", {}),
    "[x]: https://x.example/images/b.jpg": ("C1.html", {}),
    "[x](/images/a.jpg) [x](/images/bb.jpg)": ("", {}),
    "<imgs> [x][a] [x](images/c.jpg)": ("", {}),
}


@pytest.mark.parametrize("line", LINES)
def test_pages_show_declared_pictures_by_markdown_alone(here: TinySite, line: str) -> None:
    """C1: whatever else would show something is told at its line, in any encoding.

    A link to a picture of people too, which would ask for no consent and outlast each.
    """
    code, params = LINES[line]
    data = f"---\n---\n{line}\n\n{line}\n".encode()
    wanted = [Problem(code, WORK, number, params) for number in (3, 5) if code]
    known = {"/images/a.jpg", "/images/b.jpg"}
    for begin in (b"", b"\xef\xbb\xbf"):
        (here.folder / WORK).write_bytes(begin + data)
        assert list(safeguarding.check(Path("content"), known, {"b.jpg"})) == wanted
    (here.folder / WORK).write_bytes(b"\xff" + data)
    assert list(safeguarding.check(Path("content"), known, {"b.jpg"})) == wanted


def test_a_link_to_a_declared_picture_of_people_is_told(here: TinySite) -> None:
    """C1: whoever is on it; where nobody is, a link is as good as any other."""
    picture(here)
    picture(here, "door.jpg", 1, **NOBODY)
    here.edit(WORK, "每年修一次。", "[x](/images/door.jpg)\n\n[x](/images/kite.jpg)")
    assert told(decide()) == [("C1.html", WORK, 8)]


def test_each_step_is_taken() -> None:
    """A check that Pelican does not call refuses nothing."""
    steps = (
        (signals.initialized, safeguarding.decide),
        (signals.page_generator_context, safeguarding.leave_out),
        (signals.article_generator_context, safeguarding.leave_out),
        (signals.all_generators_finalized, safeguarding.protect),
    )
    safeguarding.register()
    try:
        for signal, step in steps:
            assert step in set(signal.receivers_for(None))
    finally:
        for signal, step in steps:
            signal.disconnect(step)
