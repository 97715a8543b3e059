"""The second look at who is on the built site, in one process: each day, and all that is left."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from plugins.people import fingerprints, withdrawals
from plugins.people.consent_register import VARIABLE
from plugins.people.withdrawals import Withdrawals, Withdrawn
from plugins.problems import Problem
from plugins.verify import consents
from plugins.verify.consents import Wrong, pictures_out, shown, wrong_today
from plugins.verify.expectations import Expectations
from plugins.verify.pages import read_site
from plugins.verify.withdrawn import left, pages
from tests.site import people
from tests.site.people import photo, picture, story, written
from tests.site.tiny_site import ROOT, TRADITIONAL, TinySite, make_site

TODAY = date.fromisoformat(people.TODAY)
DAY = timedelta(days=1)
NOBODY = {"people": '"none"', "identity": '"none"', "consent_ids": "", "author": ""}
MARKS = "<p data-name-changed data-removal></p>"
GONE = Withdrawn("C-9", TODAY, ("old.jpg",), (), ("news/old",))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory with nothing built, and a register beside it."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    monkeypatch.setenv("SITE_DAY", people.TODAY)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "register.csv"))
    register({})
    Path("output/images").mkdir(parents=True)
    return site


def register(*rows: dict[str, str]) -> None:
    Path("../register.csv").write_text(written(*rows), encoding="utf-8")


def expected() -> Expectations:
    return Expectations.of_content(Path("content"), ROOT / "theme", "https://x.example", demo=False)


def withdraw(*entries: Withdrawn) -> Withdrawals:
    withdrawals.write(Path("content"), entries)
    return Withdrawals(entries)


def look() -> list[tuple[str, str]]:
    """What is told of the built site."""
    wanted = expected()
    site = read_site(Path("output"), wanted.frame, wanted.content, wanted.terms, wanted.old_pages)
    return [(one.code, one.place) for one in consents.problems(site, wanted)]


def page(path: str, body: str = "", tag: str = "zh-Hans") -> None:
    """A built page."""
    file = Path("output", path.lstrip("/"), "index.html")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'<html lang="{tag}"><main>{body}</main></html>', encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "expires", "holds"),
    [
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY + DAY, TODAY + DAY, False),
        (TODAY - DAY, TODAY - DAY, False),
    ],
)
def test_days_count_whole(here: TinySite, given: date, expires: date, holds: bool) -> None:
    """C9: pictures and stories alike, from the first day of a consent to its last."""
    register({"given": given.isoformat(), "expires": expires.isoformat()})
    picture(here)
    story(here)
    wrong = wrong_today(expected(), Withdrawals())
    assert wrong.pictures == ({} if holds else {"kite.jpg": "expired"})
    assert wrong.stories == ({} if holds else {("news/kite", "zh"): "expired"})
    assert wrong.told == wrong.changed == {("news/kite", "zh")}


def test_what_may_not_be_shown_is_known_with_its_reason(here: TinySite) -> None:
    """C1, C9, C10: a withdrawal is the strongest, then a consent that nobody knows."""
    over = {"consent_id": "C-2", "expires": "2026-11-25"}
    rows = [{}, over, {"consent_id": "C-3", "status": "withdrawn"}, {"consent_id": "C-4"}]
    register(*rows)
    for name, ids in {
        "a.jpg": "",
        "b.jpg": '["C-17"]',
        "c.jpg": '["C-17", "C-2"]',
        "d.jpg": '["C-2", "C-8"]',
        "e.jpg": '["C-8", "C-3", "C-2"]',
        "f.jpg": '["C-4"]',
        "g.jpg": '["C-9"]',
    }.items():
        picture(here, name, consent_ids=ids)
    picture(here, "h.jpg", 1, **NOBODY)
    picture(here, "i.jpg", 1, **NOBODY | {"consent_ids": '["C-2"]'})
    picture(here, "j.jpg", 1, **NOBODY)
    files = [Path(f"content/images/{one}.jpg.toml") for one in "jkl"]
    files[0].write_text(files[0].read_text("utf-8"), encoding="utf-8-sig")
    files[1].write_text("people =", encoding="utf-8")
    files[2].mkdir()
    withdrawn = Withdrawals((GONE, replace(GONE, consent="C-4")))
    wanted = {
        "a.jpg": "unknown",
        "c.jpg": "expired",
        "d.jpg": "unknown",
        "e.jpg": "withdrawn",
        "f.jpg": "withdrawn",
        "g.jpg": "withdrawn",
        "i.jpg": "expired",
        "k.jpg": "unknown",
        "l.jpg": "unknown",
    }
    assert pictures_out(expected(), withdrawn) == wanted
    assert wrong_today(expected(), withdrawn).pictures == wanted
    Path("../register.csv").unlink()
    lost = pictures_out(expected(), withdrawn)
    assert lost["b.jpg"] == lost["c.jpg"] == "unknown"
    assert "h.jpg" not in lost


def test_the_latest_consent_that_covers_a_story_decides(here: TinySite) -> None:
    """C9, C10: for the web, in the story's language, of each person in it."""
    late = {"consent_id": "C-2", "given": "2026-03-01"}
    story(here, "kite.zh-hant", subjects="[A17]", pseudonym="false")
    key = ("news/kite", "zh-hant")
    for rows, withdrawn, holds in (
        ([{}], "", True),
        ([{}], "C-17", False),
        ([{"status": "withdrawn"}], "", False),
        ([{"scope": "print"}], "", False),
        ([{"scope": "print, web", "languages": "zh"}], "", True),
        ([{"languages": "en"}], "", False),
        ([{"subject_code": "A1"}], "", False),
        ([{"status": "withdrawn"}, late], "C-17", True),
        ([late | {"status": "withdrawn"}, {}], "", False),
        ([late | {"scope": "print", "status": "withdrawn"}, {}], "", True),
    ):
        register(*rows)
        wrong = wrong_today(expected(), Withdrawals((replace(GONE, consent=withdrawn),)))
        assert wrong.stories == ({} if holds else {key: "expired"}), rows
        assert (wrong.told, wrong.changed) == ({key}, set())
    register({}, {"consent_id": "C-2", "subject_code": "2"})
    story(here, "both.en", subjects="[A17, 2]")
    story(here, "one.en", subjects="[A17, A9]")
    wrong = wrong_today(expected(), Withdrawals())
    assert wrong.stories == {("news/one", "en"): "expired"}
    assert wrong.told == {("news/both", "en"), ("news/one", "en"), key}
    assert wrong.changed == {("news/both", "en"), ("news/one", "en")}


def test_a_story_stands_with_its_marks_or_not_at_all(here: TinySite) -> None:
    """C4, C9, C12: in its own language, and where its text stands in for another's."""
    here.write("content/site.toml", Path("content/site.toml").read_text("utf-8") + TRADITIONAL)
    story(here)
    paths = ("/news/kite/", "/zh-hant/news/kite/", "/en/news/kite/")
    for path in (*paths, "/about/"):
        page(path, MARKS)
    page("/en/news/kite/", f'<p data-written-in="zh-Hans"></p>{MARKS}', "en")
    assert look() == []
    for path in paths:
        page(path, f"<p {'data-written-in=zh-Hans' if 'en' in path else ''}></p>")
    places = ("/en/news/kite/", "content/news/kite.zh.md", "content/news/kite.zh.md")
    assert look() == [(code, place) for place in places for code in ("C4.mark", "C12.missing")]
    story(here, pseudonym="false")
    assert [code for code, _ in look()] == ["C12.missing"] * 3
    page("/en/news/kite/", "", "en")
    register({"expires": "2026-11-25"})
    assert sorted(look()) == [
        *[("C12.missing", "content/news/kite.zh.md")] * 2,
        ("C9.shown", "/news/kite/"),
        ("C9.shown", "/zh-hant/news/kite/"),
    ]
    page("/news/kite/", "<p data-gone></p>")
    page("/zh-hant/news/kite/", f"<p data-gone></p>{MARKS}")
    assert look() == []


def test_pictures_are_known_by_their_looks(here: TinySite) -> None:
    """C1, C9, C10: whatever they are called, wherever they lie; pages that show them, too."""
    register({}, {"consent_id": "C-2", "expires": "2026-11-25"})
    over = picture(here, "over.jpg", 2, consent_ids='["C-2"]')
    door = picture(here, "door.jpg", 3, **NOBODY)
    picture(here, "none.jpg", 6, consent_ids="").unlink()
    shutil.copy(door, "output/images/door.jpg")
    photo(9).save("output/images/made.png")
    page("/about/", '<img src="/images/door.jpg">')
    assert look() == []
    photo(2, (200, 150)).save("output/other.PNG")
    photo(2).save("output/year.pdf")
    photo(9).save("output/other.pdf")
    Path("output/broken.png").write_bytes(b"")
    shutil.copy(over, "output/images/over.jpg")
    Path("output/images/none.jpg").write_bytes(b"")
    Path("output/over.txt").write_bytes(over.read_bytes())
    page("/work/", '<img src="/images/over.jpg"><img src="/images/none.jpg">')
    assert look() == [
        ("C1.shown", "/images/none.jpg"),
        ("C9.shown", "/images/over.jpg"),
        ("C9.shown", "/other.PNG"),
        ("C9.shown", "/year.pdf"),
        ("C1.shown", "/work/"),
        ("C9.shown", "/work/"),
    ]


def test_no_link_leads_to_a_picture_of_people(here: TinySite) -> None:
    """C1: to none of its copies, however it is written; to another picture one may."""
    picture(here)
    shutil.copy(picture(here, "door.jpg", 3, **NOBODY), "output/images/door.jpg")
    page("/shown/", '<a href="/images/door.jpg">x</a><a href="/images/">x</a><a>x</a>')
    assert look() == []
    for address in (
        "/images/kite.jpg",
        "/images/%6bite.jpg",
        "https://x.example/images/kite.jpg.480.avif#a",
    ):
        page("/shown/", f'<a href="{address}">x</a>')
        assert look() == [("C1.html", "/shown/")]
    here.write("content/pages/shown.zh.md", f"---\ntitle: x\n---\n[x]({address})\n")
    assert look() == [("C1.html", "content/pages/shown.zh.md:4")]


def test_a_picture_looks_as_the_one_that_was_declared(here: TinySite) -> None:
    """C1: nothing else goes by its name, nor what cannot be opened."""
    door = picture(here, "door.jpg", 3, **NOBODY)
    shutil.copy(door, "output/images/another.jpg")  # which none was declared of
    for data, told in (
        (door.read_bytes(), []),
        (picture(here, "other.jpg", 4, **NOBODY).read_bytes(), ["C1.other_picture"]),
        (b"no picture", ["C1.other_picture"]),
    ):
        Path("output/images/door.jpg").write_bytes(data)
        assert look() == [(code, "/images/door.jpg") for code in told]


def test_each_reason_has_its_code() -> None:
    """What is told says what has to be done."""
    for why, code in (("withdrawn", "C10"), ("expired", "C9"), ("unknown", "C1"), ("", "C1")):
        assert shown(why, "/a/") == Problem(f"{code}.shown", "/a/")
    assert Wrong() == Wrong({}, {}, set(), set())


def test_what_was_withdrawn_is_found(here: TinySite) -> None:
    """C10: by name, by looks, in texts, at its addresses; each file once, in order."""
    looks = fingerprints.of(picture(here, "old.jpg", 7)) or ""
    now = withdraw(replace(GONE, fingerprints=(looks,), stories=("news/old", "late")))
    page("/about/", "/images/door.jpg /news/old/ /old.jpg")
    page("/news/old/", "<p data-gone>")
    page("/en/news/old/", "<p data-gone>")
    page("/zh-hant/en/news/old/", "none of ours")
    Path("output/images/door.svg").write_text("<svg/>")
    Path("output/images/gone.css").write_text("/images/old.jpg")
    Path("output/feed.xml").write_text("<link>/news/older/</link>")
    Path("output/images/old.xml").mkdir()
    assert list(left(Path("output"), now)) == []
    page("/work/", "/images/old.jpg")
    page("/late/", "still there")
    page("/en/news/old/", "still there")
    Path("output/search.txt").write_bytes(b"\xff /images/old.jpg")
    Path("output/sitemap.xml").write_text("https://x.example/en/news/old/")
    Path("output/bad.xml").write_bytes(b"\xff")
    (Path("output/news/old/index.html")).write_bytes(b"\xff<p data-gone>")
    Path("output/images/old.jpg").write_bytes(b"")
    photo(7, (200, 150)).save("output/images/Other.PNG")
    photo(7).save("output/report.pdf")
    wanted = [
        "/images/Other.PNG",
        "/images/old.jpg",
        "/report.pdf",
        "/search.txt",
        "/sitemap.xml",
        "/work/",
    ]
    wanted += ["/late/", "/en/news/old/"]
    assert list(left(Path("output"), now)) == [Problem("C10.shown", one) for one in wanted]
    assert pages(Path("output"), "news/old") == [
        Path("output/en/news/old/index.html"),
        Path("output/news/old/index.html"),
    ]
    page("/news/old/", "<p data-gone>")
    assert ("C10.shown", "/late/") in look()


@pytest.mark.usefixtures("here")
def test_the_card_of_a_story_is_found() -> None:
    """C10: in every language, since its title is drawn on it; those of other pages may stay."""
    now = withdraw(GONE)
    for card in ("zh/news/old", "en/news/old", "zh/news/older", "zh/old"):
        Path("output/share", card).parent.mkdir(parents=True, exist_ok=True)
        Path(f"output/share/{card}.0a1b2c.jpg").write_bytes(b"")
    wanted = [f"/share/{one}/news/old.0a1b2c.jpg" for one in ("en", "zh")]
    assert list(left(Path("output"), now)) == [Problem("C10.shown", one) for one in wanted]


@pytest.mark.usefixtures("here")
def test_a_namesake_is_another_page() -> None:
    """C10: what lies in a folder of the home page's language is no version of the page above."""
    now = withdraw(replace(GONE, stories=("old",)))
    for path, tag in (("/", "zh-Hans"), ("/news/", "zh-Hans"), ("/en/", "en")):
        page(path, "", tag)
    page("/old/", "<p data-gone>")
    for path in ("/news/old/", "/en/old/", "/more/old/"):
        page(path)
    Path("output/sitemap.xml").write_text("https://x.example/news/old/")
    folder = Path("output")
    assert pages(folder, "old") == [folder / one / "old/index.html" for one in ("en", "more", "")]
    wanted = [Problem("C10.shown", one) for one in ("/en/old/", "/more/old/")]
    assert list(left(folder, now)) == wanted
    Path("output/sitemap.xml").write_text("https://x.example/old/")
    assert list(left(folder, now)) == [Problem("C10.shown", "/sitemap.xml"), *wanted]
    for path in ("index.html", "news/index.html"):  # of which nobody can say what they are in
        Path("output", path).write_text("<html>", encoding="utf-8")
    assert Path("output/news/old/index.html") in pages(folder, "old")
