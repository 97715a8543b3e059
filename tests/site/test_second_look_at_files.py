"""C5, C6, L6: every file of the built site is looked through in one process, and its address."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from plugins import exceptions
from plugins.identifying import names
from plugins.problems import Problem
from plugins.verify import exposure
from plugins.verify.expectations import Expectations
from plugins.verify.pages import read_site
from tests.site.test_content_scan import DIGEST, KEY
from tests.site.test_exempted import FILE, TODAY, entry
from tests.site.tiny_site import ROOT, TinySite

PLACE = "一名7岁的孩子在示例小学读书。"


@pytest.fixture
def here(nameless: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory with nothing built, and a list of names."""
    listed = names.Names(KEY.encode(), frozenset())
    lines = [listed.digest(names.CHECK).hex(), DIGEST.hex()]
    (tmp_path / "names").write_text("\n".join(lines), encoding="ascii")
    monkeypatch.setenv("NAMES_LIST", str(tmp_path / "names"))
    monkeypatch.setenv("NAMES_KEY", KEY)
    return nameless


def found(today: date = TODAY) -> list[Problem]:
    content = Path("content")
    wanted = Expectations.of_content(content, ROOT / "theme", "https://x.example", demo=False)
    site = read_site(Path("output"), wanted.frame, content, wanted.terms, wanted.old_pages)
    return list(exposure.problems(site, replace(wanted, today=today)))


def page(here: TinySite, path: str, said: str) -> None:
    here.write(f"output/{path}index.html", f"<html><p>{said}</p></html>")


def place(where: str, line: int = 0) -> Problem:
    return Problem("C6.place", where, line, {"found": "示**", "hash": ""})


def test_each_file_is_looked_through(here: TinySite) -> None:
    """Whatever its format; a page at its Markdown file, the others at their address, in order."""
    page(here, "", "小明")
    here.write("output/a.txt", "hello@house.example")
    assert found() == []
    here.edit("content/pages/about.zh.md", "屋顶是蓝色的。", PLACE.replace("示例小学", "示例中学"))
    page(here, "about/", f"{PLACE}</p>\n\n<p>示例中学有7岁的孩子。")
    page(here, "b/", PLACE)
    here.write("output/feed.xml", f"<a>{PLACE}</a>")
    here.write("output/图-例小明.txt", "")
    here.write("output/images/a.jpg", PLACE)
    (here.output / "z.pdf").write_bytes(b"no PDF")
    (here.output / "y.txt").write_bytes("例".encode("gb18030"))
    name = {"found": "例**", "hash": DIGEST.hex()}
    about = "content/pages/about.zh.md"
    assert [one for one in found() if one.file != about] == [
        place("/b/"),
        place("/feed.xml"),
        Problem("C6.unreadable", "/y.txt", params={"reason": "UnicodeDecodeError"}),
        Problem("C6.unreadable", "/z.pdf", params={"reason": "PdfStreamError"}),
        Problem("C6.listed_name", "/图-例**.txt", params=name),
    ]
    assert [(one.code, one.line > 0) for one in found() if one.file == about] == [
        ("C6.place", False),
        ("C6.place", True),
    ]
    assert {one.severity for one in found()} == {"error"}


def test_only_what_is_certain_is_told(here: TinySite) -> None:
    """What a person has to judge was told where it is written."""
    page(here, "", "一名7岁的孩子住在这里。她在示例小学读书。")
    assert found() == []
    page(here, "", PLACE)
    assert found() == [place("content/pages/home.zh.md")]


def test_a_minor_is_one_on_the_day(here: TinySite) -> None:
    """By the day of the organisation."""
    page(here, "", "小明生于2010年5月1日")
    assert [one.code for one in found(date(2020, 1, 1))] == ["C6.birthday"]
    assert [one.code for one in found(date(2040, 1, 1))] == []


def test_what_may_stand_may_stand_wherever_the_site_shows_it(here: TinySite) -> None:
    """Until its day; what is wrong with an exception is told, and it excepts nothing."""
    page(here, "", PLACE)
    here.write(FILE, entry())
    assert found() == []
    home = place("content/pages/home.zh.md")
    expired, wrong = found(date(2026, 6, 2))
    assert (expired.code, expired.file, wrong) == ("C6.exception_expired", FILE, home)
    assert exceptions.load(Path("content"), TODAY)[0].used == set()


def test_without_its_list_nothing_is_looked_for(
    here: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One problem: that of the list."""
    page(here, "", PLACE)
    monkeypatch.setenv("NAMES_LIST", os.devnull)
    with pytest.raises(names.ListUnusable) as wrong:
        names.from_environment()
    assert found() == [Problem("C6.names_list", "NAMES_LIST", params={"reason": str(wrong.value)})]
