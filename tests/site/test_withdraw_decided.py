"""C10: ``make withdraw`` in one process: what goes with a consent, what is said, what it needs."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from plugins import calendar, problems
from plugins.people import fingerprints, withdrawals
from plugins.people.consent_register import VARIABLE
from plugins.people.withdrawals import Withdrawals, Withdrawn
from plugins.staff import withdraw
from plugins.staff.messages import Refusal, text
from tests.site import people
from tests.site.people import photo, picture, register, sidecar, story
from tests.site.tiny_site import TinySite, contents, make_site

TODAY = date.fromisoformat(people.TODAY)
IMAGES = Path("content/images")
CSV = Path("../register.csv")
NOBODY = {"people": '"none"', "identity": '"none"', "consent_ids": "", "author": ""}
Said = Callable[[], list[str]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory with nothing built, and a register beside it."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    monkeypatch.setenv("SITE_DAY", people.TODAY)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "register.csv"))
    monkeypatch.delenv("CONSENT", raising=False)
    monkeypatch.delenv("SITE_URL", raising=False)
    register(site)
    return site


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What was said since it was last asked, line by line."""
    return lambda: capsys.readouterr().out.splitlines()


def told(*messages: tuple[str, dict[str, object]]) -> list[str]:
    """The lines of these messages, in both languages."""
    return [text(one, code, **details) for one, details in messages for code in ("zh", "en")]


def done(code: str = "C-17", pictures: int = 0, stories: int = 0) -> tuple[str, dict[str, object]]:
    return "withdraw.done", {"code": code, "pictures": pictures, "stories": stories}


def entry(code: str = "C-17") -> Withdrawn:
    found = withdrawals.read(Path("content"))[0].get(code)
    assert found
    return found


def status(number: int = 1) -> str:
    return CSV.read_text("utf-8-sig").splitlines()[number].split(",")[-2]


NO_SITE: tuple[str, dict[str, object]] = ("withdraw.no_site", {})
ELSEWHERE: tuple[str, dict[str, object]] = ("withdraw.elsewhere", {})


@pytest.mark.parametrize("words", [[], ["Xiaoming"], ["C-17", "C-18"], ["C-17 "]])
def test_a_code_has_to_be_said(
    here: TinySite, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """One, as codes are written: as a word or in the environment."""
    before = contents(here.folder / "content")
    for value in (None, "", "Xiaoming"):
        if value is not None:
            monkeypatch.setenv("CONSENT", value)
        with pytest.raises(Refusal) as refused:
            withdraw.main(words)
        assert refused.value.message_id == "withdraw.no_code"
    assert contents(here.folder / "content") == before


@pytest.mark.usefixtures("here")
def test_a_code_that_nobody_knows_changes_nothing(said: Said) -> None:
    """Known is what is in the register, at a picture, or withdrawn before."""
    with pytest.raises(Refusal) as refused:
        withdraw.main(["C-99"])
    assert (refused.value.message_id, refused.value.details) == (
        "withdraw.unknown",
        {"code": "C-99"},
    )
    assert not Path("content/withdrawn.toml").exists()
    withdrawals.write(Path("content"), [Withdrawn("C-99", date(2026, 1, 2))])
    assert withdraw.main(["C-99"]) == 0
    assert said() == told(
        NO_SITE, ("withdraw.mark_by_hand", {"code": "C-99"}), done("C-99"), ELSEWHERE
    )
    assert entry("C-99") == Withdrawn("C-99", date(2026, 1, 2))


def test_the_environment_names_it_too(
    here: TinySite, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    """What nothing rests on is marked all the same: here, and in the register."""
    withdrawals.write(Path("content"), [Withdrawn("C-9", TODAY, ("old.jpg",))])
    monkeypatch.setenv("CONSENT", " C-17 ")
    assert withdraw.main([]) == 0
    assert said() == told(NO_SITE, done(), ELSEWHERE)
    kept = withdrawals.read(here.folder / "content")[0]
    assert kept == Withdrawals((Withdrawn("C-9", TODAY, ("old.jpg",)), Withdrawn("C-17", TODAY)))
    assert status() == "withdrawn"
    before = CSV.read_bytes()
    assert withdraw.main(["C-17"]) == 0
    assert CSV.read_bytes() == before


def test_a_list_that_cannot_be_read_is_not_written_over(here: TinySite, said: Said) -> None:
    """What was withdrawn before would be lost."""
    here.write("content/withdrawn.toml", "x")
    picture(here)
    assert withdraw.main(["C-17"]) == 1
    assert any("[C10.unreadable]" in line for line in said())
    assert Path("content/withdrawn.toml").read_text() == "x"
    assert (IMAGES / "kite.jpg").exists()


def test_pictures_go_with_their_consent_and_their_looks(here: TinySite) -> None:
    """Each that names it, also among others, or where the declaration is broken; and its twins."""
    register(here, {}, {"consent_id": "C-18"})
    picture(here, "z.jpg", 1)
    picture(here, "two.jpg", 2, consent_ids='["C-18", "C-17"]')
    picture(here, "a.jpg", 3, consent_ids='["C-18"]')
    picture(here, "twin.jpg", 1, **NOBODY)
    picture(here, "small.png", 5, **NOBODY)
    people.photo(2, (120, 90)).save(IMAGES / "small.png")
    picture(here, "longer.jpg", 6, consent_ids='["C-177", "AC-17", "X-C-17", "C-17-1"]')
    for number, (name, broken) in enumerate(
        {
            "broken.jpg": 'consent_ids = ["C-17"',
            "broken2.jpg": "x C-170 = \n[C-17]",
            "other.jpg": 'consent_ids = ["C-170", "AC-17", "C-17-2"',
        }.items()
    ):
        picture(here, name, 10 + number)
        (IMAGES / f"{name}.toml").write_bytes(b"\xff" + broken.encode())
    picture(here, "bom.jpg", 20)
    (IMAGES / "bom.jpg.toml").write_text(sidecar(), encoding="utf-8-sig")
    picture(here, "none.jpg", 21, consent_ids="")
    (IMAGES / "undeclared.jpg").write_bytes(b"no picture")
    (IMAGES / "bad.jpg").write_bytes(b"no picture")
    (IMAGES / "bad.jpg.toml").write_text(sidecar(), encoding="utf-8")
    (IMAGES / "folder.jpg").mkdir()
    (IMAGES / "folder.jpg.toml").write_text(sidecar(), encoding="utf-8")
    picture(here, "told.jpg", 22)
    said = sidecar(**{"consent_ids": '["C-18"]', "alt.zh": '"C-17"'})
    (IMAGES / "told.jpg.toml").write_text(said, encoding="utf-8-sig")
    went = (
        *("bad.jpg", "bom.jpg", "broken.jpg", "broken2.jpg", "small.png", "twin.jpg", "two.jpg"),
        "z.jpg",
    )
    looks = {fingerprints.of(IMAGES / one) for one in went} - {None}
    assert withdraw.main(["C-17"]) == 0
    now = entry()
    assert (now.day, now.pictures, now.stories) == (TODAY, went, ())
    named = {one for one in looks if one in now.fingerprints}
    assert list(now.fingerprints) == sorted(named)
    assert len(named) == 5
    assert sorted(one.name for one in IMAGES.iterdir()) == [
        *("a.jpg", "a.jpg.toml", "folder.jpg", "folder.jpg.toml", "longer.jpg", "longer.jpg.toml"),
        *("none.jpg", "none.jpg.toml", "other.jpg", "other.jpg.toml", "told.jpg"),
        *("told.jpg.toml", "undeclared.jpg"),
    ]


def test_a_picture_alone_knows_a_code(here: TinySite, said: Said) -> None:
    """One that the register has lost, or never had."""
    picture(here, consent_ids='["C-5"]')
    assert withdraw.main(["C-5"]) == 0
    assert done("C-5", 1)[1].items() <= {"code": "C-5", "pictures": 1, "stories": 0}.items()
    assert told(("withdraw.mark_by_hand", {"code": "C-5"}), done("C-5", 1))[0] in said()
    assert status() == "active"


def test_stories_go_that_nothing_else_covers(here: TinySite) -> None:
    """In whole, with their translations and what was kept for these; others stay."""
    rows = [
        {},
        {"consent_id": "C-2", "subject_code": "A2"},
        {"consent_id": "C-3", "subject_code": "A3"},
        {"consent_id": "C-4", "subject_code": "A3", "given": "2026-01-01"},
        {"consent_id": "C-6", "subject_code": "A2", "given": "2026-01-01"},
    ]
    register(here, *rows)
    for code in ("zh", "en"):
        story(here, f"kite.{code}")
    story(here, "both.zh", subjects="[A3, A17]")
    story(here, "late.en", subjects="[A3]")
    story(here, "other.zh", subjects="[A2]")
    here.write("content/news/plain.zh.md", "---\ntitle: A17\nsubjects: []\n---\nA17\n")
    here.write("content/news/half.zh.md", "---\ntitle: x\nsubjects: [A17]\n---\n")
    here.write("content/news/one.zh.md", "---\ntitle: x\nSubjects: A17\n---\n")
    here.write("content/news/many.zh.md", "---\ntitle: x\nsubjects: A170, A1\n---\n")
    here.write("content/pages/broken.zh.md", "---\nsubjects: [A17\n---\n")
    here.write("content/pages/spoiled.zh.md", "---\nsubjects: [A-17, A170\n---\nA17x\n")
    (here.folder / "content/pages/bad.zh.md").write_bytes(b"\xff A17")
    for path in ("news/kite.en", "pages/broken.zh", "news/other.zh"):
        here.write(f"content/translated/{path}.txt", "Words.\n")
    assert withdraw.main(["C-17"]) == 0
    assert entry().stories == (
        *("bad", "broken", "news/both", "news/half", "news/kite", "news/one"),
    )
    left = sorted(path for path in contents(Path("content")) if path.startswith("news/"))
    assert left == [f"news/{one}.md" for one in ("late.en", "many.zh", "other.zh", "plain.zh")]
    pages = {one.name for one in Path("content/pages").iterdir()}
    assert "spoiled.zh.md" in pages
    assert not {"broken.zh.md", "bad.zh.md"} & pages
    kept = sorted(one for one in contents(Path("content/translated")))
    assert kept == ["news/other.zh.txt"]
    # The latest decides; no older one stands in for it.
    for code, stories in (("C-6", ()), ("C-4", ()), ("C-3", ("news/late",))):
        assert withdraw.main([code]) == 0
        assert entry(code).stories == stories


def test_what_was_made_for_the_next_build_goes_too(here: TinySite) -> None:
    """The copies of its pictures and the cards with its titles, and of these alone."""
    kept = Path("var/kept")
    kept.unlink()  # the one that all sites share
    goes = [
        *("copies/kite.jpg.480.avif.0a", "copies/kite.jpg.1440.jpg.0a"),
        *("cards/zh_news_kite.1b.jpg.0a", "cards/en_news_kite.1b.jpg.0a"),
    ]
    stays = [
        *("cards/en_about.1b.jpg.0a", "cards/zh_news_kites.1b.jpg.0a"),
        *("copies/door.jpg.480.avif.0a", "copies/kites.jpg.480.avif.0a"),
    ]
    for name in goes + stays:
        here.write((kept / name).as_posix(), "")
    picture(here)
    story(here)
    assert withdraw.main(["C-17"]) == 0
    assert list(contents(kept)) == stays


def test_what_an_earlier_run_had_found_is_kept(here: TinySite) -> None:
    """Whatever moment the power went; its day stays too."""
    first = Withdrawn("C-17", date(2026, 1, 2), ("gone.jpg",), ("00ff00ff00ff00ff",), ("news/old",))
    withdrawals.write(Path("content"), [first, Withdrawn("C-1", TODAY)])
    picture(here, "gone.jpg", 8, **NOBODY)
    picture(here, "kite.jpg", 9)
    story(here, "old.zh", subjects="[A2]")
    looks = fingerprints.of(IMAGES / "kite.jpg") or ""
    assert withdraw.main(["C-17"]) == 0
    now = entry()
    assert now == Withdrawn(
        "C-17",
        date(2026, 1, 2),
        ("gone.jpg", "kite.jpg"),
        tuple(sorted(["00ff00ff00ff00ff", looks])),
        ("news/old",),
    )
    assert [*IMAGES.iterdir()] == []
    assert not Path("content/news/old.zh.md").exists()
    assert withdraw.main(["C-17"]) == 0
    assert entry() == now


def test_without_a_register_a_person_has_to_see_to_it(
    here: TinySite, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    """The pictures go; stories are not looked for, and the exit says that it is not all."""
    picture(here)
    story(here)
    monkeypatch.delenv(VARIABLE)
    assert withdraw.main(["C-17"]) == 1
    lines = said()
    assert any(f"{VARIABLE} [C1.register_unnamed]" in line for line in lines)
    wanted = told(NO_SITE, ("withdraw.no_register", {"code": "C-17"}), done("C-17", 1), ELSEWHERE)
    assert [one for one in lines if one in wanted] == wanted
    assert not (IMAGES / "kite.jpg").exists()
    assert Path("content/news/kite.zh.md").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.usefixtures("here")
def test_the_register_is_marked_as_it_is_written(encoding: str) -> None:
    """In its encoding and its language, its row alone; nothing else in it changes."""
    words = {
        "status": problems.text("register.column.status", "zh"),
        "guardian": problems.text("register.column.guardian", "zh"),
    }
    for headings, said in (
        ({}, "withdrawn"),
        (words, problems.text("register.value.status.withdrawn", "zh")),
    ):
        mine = {"consent_id": "C-2", "approved_by": 'A, "B"'}
        rows: list[dict[str, str]] = [{}, mine, {"consent_id": "C-3"}]
        before = people.written(*rows, headings=headings)
        CSV.write_bytes(before.encode(encoding))
        assert withdraw.main(["C-2"]) == 0
        mine["status"] = said
        assert CSV.read_bytes() == people.written(*rows, headings=headings).encode(encoding)


def test_a_register_that_cannot_be_changed_is_for_people(
    here: TinySite, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    """A workbook; the site holds to it already."""
    monkeypatch.setenv(VARIABLE, str(here.folder.parent / "register.xlsx"))
    by_hand: tuple[str, dict[str, object]] = ("withdraw.mark_by_hand", {"code": "C-17"})
    for now, more in (("active", [by_hand]), ("withdrawn", [])):
        with xlsxwriter.Workbook("../register.xlsx") as book:
            sheet = book.add_worksheet()
            for number, cells in enumerate((people.ROW, (people.ROW | {"status": now}).values())):
                sheet.write_row(number, 0, list(cells))
        before = Path("../register.xlsx").read_bytes()
        assert withdraw.main(["C-17"]) == 0
        assert said() == told(NO_SITE, *more, done(), ELSEWHERE)
        assert Path("../register.xlsx").read_bytes() == before
    # A table whose draft has no place.
    CSV.rename("../register.CSV")
    monkeypatch.setenv(VARIABLE, str(here.folder.parent / "register.CSV"))
    Path("../.register.CSV.part").mkdir()
    assert withdraw.main(["C-17"]) == 0
    assert said() == told(NO_SITE, by_hand, done(), ELSEWHERE)
    Path("../.register.CSV.part").rmdir()
    assert withdraw.main(["C-17"]) == 0
    assert ",withdrawn," in Path("../register.CSV").read_text("utf-8-sig")


def served(here: TinySite) -> None:
    here.write("output/sitemap.xml", "<urlset></urlset>")
    here.write("output/theme/site.css", "")
    here.write("output/images/kite.jpg", "")


def test_the_site_is_changed_and_what_is_left_is_told(here: TinySite, said: Said) -> None:
    """Whatever could not be done there, the content is dealt with, and the exit says so."""
    folder: dict[str, object] = {"folder": Path("output")}
    served(here)
    picture(here)
    assert withdraw.main(["C-17"]) == 0
    assert told(("withdraw.switched", folder))[0] in said()
    assert not Path("output/images/kite.jpg").exists()
    here.write("output/odd.xml", "a/news/kite/b")
    story(here)
    assert withdraw.main(["C-17"]) == 1
    lines = said()
    assert any(line.endswith("/odd.xml [C10.shown]") for line in lines)
    wanted = told(("withdraw.left", folder), done("C-17", 1, 1))
    assert [one for one in lines if one in wanted] == wanted
    Path("output/sitemap.xml").unlink()
    assert withdraw.main(["C-17"]) == 1
    wanted = told(("withdraw.not_switched", folder | {"reason": "NotOurs"}), done("C-17", 1, 1))
    assert [one for one in said() if one in wanted] == wanted
    shutil.rmtree("output")
    served(here)
    shutil.rmtree("output/theme")
    reason = {"reason": "FileNotFoundError"}
    assert withdraw.main(["C-17"]) == 1
    assert told(("withdraw.not_switched", folder | reason))[0] in said()


def test_a_document_that_shows_the_picture_has_to_be_made_anew(here: TinySite, said: Said) -> None:
    """Each is named each time until somebody has; nobody deletes a report."""
    file = picture(here)
    papers = Path("content/documents")
    papers.mkdir()
    photo(8).save(papers / "other.pdf")
    for name in ("report.pdf", "report-en.pdf"):
        photo().save(papers / name)
    files = "content/documents/report-en.pdf content/documents/report.pdf"
    details: dict[str, object] = {"files": files}
    named = ("withdraw.documents", details)
    for _ in range(2):
        assert withdraw.main(["C-17"]) == 1
        assert told(named) == [line for line in said() if line in told(named)]
    assert not file.exists()
    for name in ("report.pdf", "report-en.pdf"):
        photo(9).save(papers / name)
    assert withdraw.main(["C-17"]) == 0
    assert not set(told(named)) & set(said())


def test_copies_elsewhere_are_listed(
    here: TinySite, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    """At their addresses, and in git's history, by the files that it had."""
    picture(here)
    story(here)
    here.write("content/pages/broken.zh.md", "---\nsubjects: [A17\n---\n")
    went = [
        *(
            "content/images/kite.jpg",
            "content/pages/broken.",
            "content/translated/pages/broken.*.txt",
        ),
        *("content/news/kite.", "content/translated/news/kite.*.txt"),
    ]
    for address, root in (("", ""), (" https://x.example/ ", "https://x.example")):
        if address:
            monkeypatch.setenv("SITE_URL", address)
        assert withdraw.main(["C-17"]) == 0
        lines = said()
        assert lines[lines.index(told(ELSEWHERE)[0]) :] == [
            *told(ELSEWHERE),
            f"  {root}/images/kite.jpg",
            f"  {root}/broken/   {root}/*/broken/",
            f"  {root}/news/kite/   {root}/*/news/kite/",
            *told(("withdraw.history", {})),
            "  git filter-repo --invert-paths " + " ".join(f"--path-glob '{one}*'" for one in went),
            "  git push --force --all && git push --force --tags",
        ]


@pytest.mark.usefixtures("here")
def test_the_day_is_that_of_the_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its zone is not known, that of Greenwich: a withdrawal may not wait."""
    monkeypatch.delenv("SITE_DAY")
    facts = Path("content/organisation.toml")
    before = facts.read_text(encoding="utf-8")
    for head, zone in (
        ("", "UTC"),
        ('time_zone = "Pacific/Kiritimati"\n', "Pacific/Kiritimati"),
        ('time_zone = "Etc/GMT+12"\n', "Etc/GMT+12"),  # a day behind or two, all the time
        ('time_zone = "Nowhere"\n', "UTC"),
        ("time_zone = 5\n", "UTC"),
        ("time_zone = \n", "UTC"),
    ):
        facts.write_text(head + before, encoding="utf-8")
        earliest = calendar.today(zone)
        assert earliest <= withdraw._today() <= calendar.today(zone)
