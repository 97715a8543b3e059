"""Nobody is shown without a consent that holds: what is refused, and what leaves by itself.

A refused build leaves what is served as it was, byte for byte; ``refused`` looks at that each time.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from pypdf import PdfReader

from plugins.host_rules import FILES
from plugins.people import fingerprints
from plugins.verify import Expectations, verify
from tests.site.people import (
    TODAY,
    photo,
    picture,
    register,
    safeguarding,
    story,
    written,
)
from tests.site.test_good_site import read
from tests.site.test_news import write_lists
from tests.site.tiny_site import PICTURES, ROOT, Run, TinySite, contents, make_site

DAY = f"SITE_DAY={TODAY}"
ADDRESS = "https://house.example"
SIDECAR = "content/images/kite.jpg.toml"
STORY = "content/news/kite.zh.md"


def peopled(site: TinySite) -> TinySite:
    """A site with a story in two languages, a picture in it, and a link to it from elsewhere."""
    safeguarding(site)
    write_lists(site)
    picture(site)
    for code in ("zh", "en"):
        story(site, f"kite.{code}", "![](images/kite.jpg)")
    work = "content/pages/work.zh.md"
    site.edit(work, "每年修一次。", "[甲]({filename}/news/kite.zh.md) 每年修一次。")
    return site


def build(site: TinySite, *words: str) -> Run:
    run = site.run("build", "--site-url", ADDRESS, *words)
    assert run.code == 0, run.said
    return run


def everything(site: TinySite) -> str:
    """All texts of the built site."""
    files = contents(site.output).items()
    return "".join(data.decode() for name, data in files if not name.endswith(PICTURES))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, Run]:
    """A site with people that is in order, built once, within two months of a consent's end."""
    site = peopled(make_site(tmp_path_factory.mktemp("people") / "site"))
    return site, build(site, register(site), "SITE_DAY=2027-11-26")


def test_who_agreed_is_shown_with_a_mark_and_a_way_to_object(shown: tuple[TinySite, Run]) -> None:
    """C4 and C12 in both languages; C9 warns two months ahead."""
    site, run = shown
    for path, changed, ask in (
        ("news/kite/", "文中姓名均为化名", "请求撤下照片"),
        ("en/news/kite/", "Names in this story have been changed", "Ask us to remove a picture"),
    ):
        page = read(site, f"{path}index.html")
        assert '<img src="/images/kite.jpg"' in page
        assert changed in page
        assert ask in page
    assert 'href="/en/safeguarding/">Ask us' in read(site, "en/news/kite/index.html")
    run.tells("C9.soon", SIDECAR)
    assert "Approver" not in everything(site)
    assert "A17" not in everything(site)


def test_what_expired_leaves_by_itself(shown: tuple[TinySite, Run], tmp_path: Path) -> None:
    """C9: an illustration and a notice take the place; links to the story still lead somewhere.

    The site that is still up is refused by the second look from that day on.
    """
    site, _ = shown
    variable, _, file = register(site).partition("=")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(variable, file)
        environment.setenv("SITE_DAY", "2028-01-01")
        expected = Expectations.of_content(
            site.folder / "content", ROOT / "theme", ADDRESS, demo=False
        )
        found = {(one.code, one.file) for one in verify(site.output, expected)[0]}
    assert ("C9.shown", "/images/kite.jpg") in found
    assert ("C9.shown", "/news/kite/") in found
    assert ("C9.shown", "/en/news/kite/") in found
    home = site.folder / "content/pages/home.en.md"
    story(site, "late.zh", "## Then")  # in one language; a link leads into the midst of it
    more = "\n![](images/kite.jpg)\n\n[Then]({filename}/news/late.zh.md#then)\n"
    (site.folder / "content/documents").mkdir()
    for name, seed in (("report", 17), ("other", 8)):
        photo(seed).save(site.folder / f"content/documents/{name}.pdf")
        more += f"\n[{name}](documents/{name}.pdf)\n"
    home.write_text(home.read_text("utf-8") + more, encoding="utf-8")
    into = str(tmp_path / "later")
    run = build(site, register(site), "SITE_DAY=2028-01-01", "--into", into)
    run.tells("C9.expired", SIDECAR)
    run.tells("C9.expired", STORY)
    run.tells("C9.expired", "content/news/late.zh.md")
    run.tells("C9.document", "content/documents/report.pdf")
    assert "content/documents/other.pdf" not in run.said
    (page,) = PdfReader(Path(into) / "documents/report.pdf").pages
    assert "这份文件暂时不提供" in page.extract_text()
    assert "This document is not shown" in page.extract_text()
    assert not list(fingerprints.in_document(Path(into) / "documents/report.pdf"))
    assert list(fingerprints.in_document(Path(into) / "documents/other.pdf"))
    later = {path: data.decode("utf-8", "replace") for path, data in contents(Path(into)).items()}
    assert "images/kite.jpg" not in later
    assert not any("kite.jpg" in text for path, text in later.items() if path not in FILES)
    assert (
        '<img src="/theme/withdrawn.svg" alt="This picture is no longer shown"'
        in (later["en/index.html"])
    )
    assert "这篇故事已经撤下" in later["news/kite/index.html"]
    assert "noindex" in later["en/news/kite/index.html"]
    assert 'href="/news/kite/"' in later["work/index.html"]
    for path in ("news/index.html", "feed.xml", "sitemap.xml", "en/news/index.html"):
        assert "kite" not in later[path], path


@pytest.mark.parametrize("word", ["expired", "withdrawn"])
def test_lists_go_with_the_last_story_in_them(tmp_path: Path, word: str) -> None:
    """C9, C10: what leads to them, or to the story from the menu, is told of, and no refusal.

    That would keep the story online.
    """
    site = peopled(make_site(tmp_path / "site"))
    site.write("content/terms.toml", '[[topic]]\nkey = "kites"\nname.zh = "甲"\nname.en = "A"\n')
    for code in ("zh", "en"):
        story(site, f"kite.{code}", date="2026-03-05\ntopics: [kites]")
        text = (site.folder / f"content/news/kite.{code}.md").read_text("utf-8")
        site.write(
            f"content/pages/told.{code}.md", text.replace("Kite", "Told").replace("About", "Of")
        )
    menu = site.folder / "content/site.toml"
    entry = '[[menu]]\npage = "told"\nlabel.zh = "甲"\nlabel.en = "A"\n'
    menu.write_text(f"{menu.read_text('utf-8')}\n{entry}", encoding="utf-8")
    targets = ("topics/kites", "news/2026", "told")
    old = (f'[[moved]]\nfrom = "/old{at}"\nto = "{to}"\n' for at, to in enumerate(targets))
    site.write("content/redirects.toml", "\n".join(old))
    home = site.folder / "content/pages/home.zh.md"
    lists = ("/topics/kites/", "/en/topics/kites/", "/news/2026/#main", "/topics/kites/feed.xml")
    text = home.read_text("utf-8") + "".join(f"\n[甲]({one})\n" for one in lists)
    home.write_text(text, encoding="utf-8")
    build(site, register(site), DAY)
    line = text[: text.index("[甲](/topics")].count("\n") + 1
    if word == "expired":
        words = [register(site), "SITE_DAY=2028-01-01"]
    else:
        words = [register(site, {"status": "withdrawn"}), DAY]
        assert site.run("withdraw", "CONSENT=C-17", register(site), DAY).code == 0
    run = build(site, *words)
    for number in range(len(lists)):
        run.tells("E5.list_gone", f"content/pages/home.zh.md:{line + 2 * number}")
    if word == "withdrawn":
        run.tells("menu.gone", "content/site.toml")
    for number in (1, 5):
        run.tells("redirects.list_gone", f"content/redirects.toml:{number}")
    later = {path: data.decode("utf-8", "replace") for path, data in contents(site.output).items()}
    assert "topics/kites/index.html" not in later
    assert "data-gone" in later["told/index.html"]
    assert 'href="/told/">这篇故事已经撤下</a>' in later["old2/index.html"]
    for path in ("old0/index.html", "old1/index.html"):
        assert "refresh" not in later[path]
    assert "/old0 /404.html 404!\n" in later["_redirects"]
    home.write_text(f"{text}\n[甲](/topics/kitten/)\n", encoding="utf-8")
    site.refuse(*words).refuses("E5.address", f"content/pages/home.zh.md:{line + 8}")


def test_a_hard_story_is_told_with_nobody_to_be_seen(site: TinySite) -> None:
    """C2, C3, C5, C8: agreed to, under another name, in no village, with other eyes on it.

    C9: up to the last day that was agreed on.
    """
    safeguarding(site)
    write_lists(site)
    picture(site, identity='"obscured"')
    story(site, body="![](images/kite.jpg)", risk_flags="[illness]")
    build(site, register(site), "SITE_DAY=2027-12-31")
    page = read(site, "news/kite/index.html")
    assert '<img src="/images/kite.jpg"' in page
    assert "文中姓名均为化名" in page


class Bad(NamedTuple):
    """What is wrong with one picture or story, and how it is told.

    ``line`` is that of the story's file; None where the picture's declaration is told of.
    """

    code: str
    line: int | None = None
    row: Mapping[str, str] = MappingProxyType({})
    declared: Mapping[str, str] = MappingProxyType({})
    told: Mapping[str, str] = MappingProxyType({})


REFUSED = {
    "C1, nobody knows the consent": Bad("C1.consent", None, {"consent_id": "C-99"}),
    "C1, a consent from tomorrow": Bad("C1.ahead", None, {"given": "2026-11-27"}),
    "C1, a name": Bad("C1.consent_ids", None, {}, {"consent_ids": '["xiaoming"]'}),
    "C2, the child did not agree": Bad("C2.assent", None, {"child_assent": "no"}),
    "C2, no guardian, visible": Bad("C2.guardian", None, {"guardian": "none"}),
    "C2, for print only": Bad("C2.scope", None, {"scope": "print"}),
    "C2, an adult by the register": Bad("C2.people", None, {"minor": "no"}),
    "C2, nobody agreed to a story": Bad("C2.story", 5, {"subject_code": "A99"}),
    "C3, a risk, and visible": Bad("C3.visible", 8, told={"risk_flags": "[abuse]"}),
    "C3, a risk that nobody knows": Bad("C3.flags", 8, told={"risk_flags": "[abus]"}),
    "C3, a risk under a real name": Bad(
        "C3.named", 6, {"minor": "no"}, {}, {"risk_flags": "[illness]", "pseudonym": "false"}
    ),
    "C4, a child by its own name": Bad("C4.pseudonym", 6, told={"pseudonym": "false"}),
    "C4, who knows": Bad("C4.yes_or_no", 6, told={"pseudonym": "maybe"}),
    "C5, a village": Bad("C5.place", 7, told={"place_level": "village"}),
    "C8, the author approves": Bad("C8.same", None, {}, {"author": '"somebody  else"'}),
    "C8, no author": Bad("C8.missing", None, {}, {"author": ""}),
    "C8, a story's author approves": Bad("C8.same", 10, told={"approved_by": "Writer"}),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A site with all of it at once; what is served stays as it was, byte for byte."""
    site = make_site(tmp_path_factory.mktemp("bad") / "site")
    site.write("output/sitemap.xml", "last year's map")
    safeguarding(site)
    write_lists(site)
    rows = []
    for number, one in enumerate(REFUSED.values()):
        code, subject = f"C-{number}", f"A{number}"
        rows.append({"consent_id": code, "subject_code": subject} | dict(one.row))
        picture(site, f"kite{number}.jpg", number, **{"consent_ids": f'["{code}"]', **one.declared})
        story(site, f"kite{number}.zh", **{"subjects": f"[{subject}]", **one.told})
    run = site.run("build", register(site, *rows), DAY)
    assert run.code == 1
    assert contents(site.output) == {"sitemap.xml": b"last year's map"}
    return run


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_agreed_to_is_refused(bad: Run, name: str) -> None:
    """At its file and line, in both languages, all at once."""
    number, one = list(REFUSED).index(name), REFUSED[name]
    declaration = f"content/images/kite{number}.jpg.toml"
    file = f"content/news/kite{number}.zh.md:{one.line}" if one.line else declaration
    bad.tells(one.code, file)


def test_nobody_is_seen_beside_a_hard_story(site: TinySite, refused: Callable[..., Run]) -> None:
    """C3: readers would take whoever is shown there for the one that is told of."""
    safeguarding(site)
    write_lists(site)
    picture(site)
    story(site, "beside.zh", "![](images/kite.jpg)", subjects="[A18]", risk_flags="[abuse]")
    another = {"consent_id": "C-18", "subject_code": "A18"}
    refused(register(site, {}, another), DAY).tells("C3.visible", "content/news/beside.zh.md:8")


def test_a_page_shows_only_what_was_agreed_to_for_it(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """C2: its language, and an appeal; C5: no surname and no school beside a child's face."""
    safeguarding(site)
    picture(site, "kite.jpg", 17, **{"alt.zh": '"王小明，9岁"'})
    donate = site.folder / "content/pages/donate.en.md"
    body = "![](images/kite.jpg)\n\nShe goes to Hillside School."
    donate.write_text(f"{donate.read_text('utf-8')}\n{body}\n", encoding="utf-8")
    run = refused(register(site, {"languages": "zh"}), DAY)
    run.tells("C2.fundraising", SIDECAR)
    run.tells("C2.language", SIDECAR)
    run.tells("C5.telling", f"{SIDECAR}:7")
    run.tells("C5.telling", f"content/pages/donate.en.md:{len(donate.read_text().splitlines())}")
    assert "王小明" not in run.said
    assert "Hillside" not in run.said


def test_without_a_whole_register_nobody_is_shown(
    site: TinySite, refused: Callable[..., Run], tmp_path: Path
) -> None:
    """C1: not named, not there, inside of the site; and no page that says whom to ask (C12)."""
    picture(site)
    site.edit("content/organisation.toml", 'email = "hello@house.example"\n', "")
    run = refused(DAY)
    run.tells("C1.register_unnamed", "CONSENT_REGISTER")
    run.tells("C12.no_contact", "content/organisation.toml")
    run.tells("C12.nowhere", "content/images/kite.jpg")
    run = refused(DAY, f"CONSENT_REGISTER={tmp_path}/none.csv")
    run.tells("C1.register_unreadable", "none.csv")
    inside = site.folder / "content" / "register.csv"
    inside.write_text(written({}), encoding="utf-8")
    run = refused(DAY, f"CONSENT_REGISTER={inside}")
    run.tells("C1.register_inside", inside.as_posix())
