"""C5, C6, L6: nothing tells who or where a child is, wherever it is written; and no message does.

The child does not exist. ``tests/exposure`` measures what is found and what is let through.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from plugins.identifying.names import ListUnusable, Names, from_environment
from tests.exposure.__main__ import articles, detector, measure
from tests.site.tiny_site import QUALIFIED, SIDECAR, Run, TinySite, make_site

NAME, NUMBER, SCHOOL, DAY = "例小明", "110101201405060000", "示例小学", "2014年5月6日"
LATIN = "Testa Exampleton"
CHILD = f"{NAME}，11岁，在{SCHOOL}读书，生于{DAY}，身份证{NUMBER}"
SECRETS = (NAME, NUMBER, SCHOOL, DAY, LATIN, "testa-exampleton", "例**小**明")
KEY = "a key for children who do not exist"
CODES = ("C6.listed_name", "C6.place", "C6.birthday", "C6.id_number")
PLACES = {
    "content/pages/about.zh.md": f"---\ntitle: 甲\ndescription: 乙\n---\n\n<!-- {CHILD} -->\n",
    "content/pages/work.zh.md": f"---\ntitle: 甲\ndescription: {CHILD}\n---\n\n乙\n",
    "content/pages/help.zh.md": f"---\ntitle: 甲\ndescription: 乙\n---\n\n[丙](/x '{CHILD}')\n",
    "content/news/later.zh.md": f"---\ntitle: 甲\ndescription: 乙\ndate: 2026-01-01\ndraft: true\n"
    f"---\n\n{CHILD}\n",
    "content/translated/pages/about.en.md": f"{CHILD}\n",
    "content/terms.toml": f'[[topic]]\nkey = "a"\nname.zh = "{CHILD}"\nname.en = "A"\n',
    "content/images/door.jpg.toml": SIDECAR.replace("蓝色的门", CHILD),
    "content/redirects.toml": f'"/old/" = "/{CHILD}/"\n',
}


class Private(NamedTuple):
    """A folder outside the site, with the list of names in it."""

    folder: Path

    def run(self, site: TinySite, *words: str, key: str = KEY, day: str = "2026-06-01") -> Run:
        """A command of a computer that knows the list."""
        file = str(self.folder / "list")
        return site.run(*words, NAMES_LIST=file, NAMES_KEY=key, SITE_DAY=day)


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Private:
    """The list as ``make names`` writes it."""
    folder = tmp_path_factory.mktemp("private")
    (folder / "names.txt").write_text(f"{NAME}\n{LATIN}\n", encoding="utf-8")
    made = Private(folder).run(make_site(folder / "site"), "names", str(folder / "names.txt"))
    assert made.code == 0, made.said
    told = (folder / "list").read_text(encoding="ascii")
    assert len(told.split()) == 256
    assert not any(secret in told + made.said for secret in SECRETS)
    return Private(folder)


def nothing_is_repeated(site: TinySite, run: Run, *files: str) -> None:
    """No secret in what was said, in the log, or in ``files``."""
    log = site.folder / "var" / "build.log"
    texts = [run.said, *(Path(one).read_text("utf-8") for one in (str(log), *files))]
    for secret in SECRETS:
        assert not any(secret in text for text in texts), secret


def test_a_child_is_found_wherever_it_is_written(site: TinySite, private: Private) -> None:
    """Each rule at each place, in both languages; nothing is published, nothing is repeated."""
    site.picture("testa-exampleton.jpg")
    site.picture()
    for path, text in PLACES.items():
        site.write(path, text)
    site.write("content/news/testa-exampleton.zh.md", "---\ntitle: 甲\ndescription: 乙\n---\n")
    site.edit("content/donations.toml", 'name.zh = "屋顶"', f'name.zh = "{CHILD}"')
    run = private.run(site, "build", "--report", "report.json")
    assert run.code == 1
    assert (site.output / "index.html").read_text() == "last year's home page"
    for path in (*PLACES, "content/donations.toml"):
        for code in CODES:
            assert re.search(rf"✗ {re.escape(path)}:\d+ \[{code}\]\n", run.said), (path, code)
    for path in ("content/images/t***.jpg", "content/news/t***.zh.md"):
        run.tells("C6.listed_name", path)
    assert "例**" in run.said
    assert "110***" in run.said
    nothing_is_repeated(site, run, str(site.folder / "report.json"))


def without_the_plugin(site: TinySite) -> None:
    """Nobody looks at the content; the recipient may ask, so a long number is no reason to stop."""
    site.declare("qualified", QUALIFIED)
    site.edit("pelicanconf.py", '    "plugins.exposure",\n', "")
    site.edit("plugins/required.py", '    "plugins.exposure": "initialized",\n', "")


def test_past_the_plugin_the_built_site_is_looked_at_again(
    site: TinySite, private: Private
) -> None:
    """Pages, data, feeds, the index of the search, addresses: verify finds each by itself."""
    without_the_plugin(site)
    for code, words in (("zh", ("搜索", "在本站里找。")), ("en", ("Search", "Search the site."))):
        site.write(
            f"content/pages/search.{code}.md",
            "---\ntitle: {}\ndescription: {}\n---\n".format(*words),
        )
        site.write(
            f"content/pages/news.{code}.md",
            f"---\ntitle: {words[0]} 2\ndescription: {words[1]} 2\n---\n",
        )
    site.write(
        "content/news/testa-exampleton.zh.md",
        f"---\ntitle: 一封信\ndescription: {CHILD}\ndate: 2026-01-01\n---\n\n"
        f"例**小**明的信。{CHILD}\n",
    )
    site.picture(sidecar=SIDECAR.replace("蓝色的门", CHILD))
    site.picture("testa-exampleton.jpg")
    site.edit("content/pages/about.zh.md", "屋顶是蓝色的。", "![](images/door.jpg)")
    run = private.run(site, "build")
    assert run.code == 1
    assert (site.output / "index.html").read_text() == "last year's home page"
    places = r"(?:content/pages/about\.zh\.md|content/news/t\*\*\*\.zh\.md|/feed\.xml)(?::\d+)?"
    for code in CODES:
        told = set(re.findall(rf"✗ ({places}) \[{code}\]\n", run.said))
        assert {re.sub(r":\d+$", "", one) for one in told} >= {
            "content/pages/about.zh.md",
            "content/news/t***.zh.md",
            "/feed.xml",
        }, (code, run.said)
        assert re.search(rf"✗ /pagefind/fragment/\S+ \[{code}\]\n", run.said), code
    run.tells("C6.listed_name", "/sitemap.xml")
    run.tells("C6.listed_name", "/images/t***.jpg")
    nothing_is_repeated(site, run)


def test_without_the_second_look_it_would_be_published(site: TinySite, private: Private) -> None:
    """The control: with both looks taken out the same text is built."""
    without_the_plugin(site)
    site.edit("plugins/verify/__init__.py", "    exposure,\n    books,", "    books,")
    about = (site.folder / "content/pages/about.zh.md").read_text("utf-8")
    told = about.replace("---\n", "---\nfigures_differ: 甲\n", 1).replace("屋顶是蓝色的。", CHILD)
    site.write("content/pages/about.zh.md", told)
    run = private.run(site, "build")
    assert run.code == 0, run.said
    assert NUMBER in (site.output / "about" / "index.html").read_text("utf-8")


def exception(**other: str) -> str:
    values = {
        "rule": '"C6.place"',
        "file": '"content/pages/about.zh.md"',
        "text": f'"{SCHOOL}"',
        "reason": '"一位作家的回忆"',
        "approved_by": '"Somebody Else"',
        "author": '"Writer"',
        "until": "2026-12-31",
    }
    lines = (f"{name} = {value}\n" for name, value in (values | other).items() if value)
    return f"[[exception]]\n{''.join(lines)}\n"


def test_an_exception_lets_one_thing_stand_and_is_told(site: TinySite, private: Private) -> None:
    """On the page and wherever the site shows it again; one that is not needed is a warning."""
    site.edit("content/pages/about.zh.md", "屋顶是蓝色的。", f"十一岁的他在{SCHOOL}读书。{NAME}")
    site.edit("content/pages/about.en.md", "The roof is blue.", "He read there at eleven.")
    digest = Names(KEY.encode(), frozenset()).digest(NAME).hex()
    of_name = {"rule": '"C6.listed_name"', "text": "", "hash": f'"{digest}"'}
    unused = exception(text='"例城小学"')
    site.write("content/exceptions.toml", exception() + exception(**of_name) + unused)
    run = private.run(site, "build")
    assert run.code == 0, run.said
    run.tells("C6.excepted", "content/pages/about.zh.md:8")
    run.tells("C6.exception_unused", "content/exceptions.toml")
    assert "一位作家的回忆" in run.said
    late = private.run(site, "build", day="2027-01-01")
    assert late.code == 1
    late.tells("C6.exception_expired", "content/exceptions.toml")
    late.tells("C6.place", "content/pages/about.zh.md:8")


def test_an_exception_needs_a_reason_and_somebody_else(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """C8: nobody approves what they wrote; what lacks something or is for another file is none."""
    head = "---\nauthor: Somebody Else\n"
    page = site.folder / "content" / "pages" / "about.zh.md"
    page.write_text(page.read_text("utf-8").replace("---\n", head, 1), encoding="utf-8")
    wrong = exception(reason="", file='"x"') + exception(until='"2026-12-31"')
    elsewhere = exception(file='"content/pages/help.zh.md"', until="9999-12-31")
    site.write("content/exceptions.toml", exception(author="") + wrong + elsewhere)
    site.edit("content/pages/work.zh.md", "每年修一次。", f"11岁的他在{SCHOOL}读书。")
    run = refused()
    run.tells("C8.exception", "content/exceptions.toml")
    run.tells("C6.exception_wrong", "content/exceptions.toml")
    run.tells("C6.place", "content/pages/work.zh.md:6")


def test_a_list_that_cannot_be_used_stops_the_build(site: TinySite, private: Private) -> None:
    """With another key it would find nothing, and nobody would notice."""
    run = private.run(site, "build", key=KEY[::-1])
    assert run.code == 1
    run.tells("C6.names_list", "NAMES_LIST")
    assert (site.output / "index.html").read_text() == "last year's home page"
    file = str(private.folder / "list")
    for wrong in ({"NAMES_LIST": "/nowhere", "NAMES_KEY": KEY}, {"NAMES_LIST": file}):
        with pytest.raises(ListUnusable):
            from_environment(wrong)


def test_what_nobody_can_read_is_refused(site: TinySite, refused: Callable[..., Run]) -> None:
    """A locked or broken document may hold anything."""
    site.write("content/papers/report.pdf", "no PDF at all")
    (site.folder / "content" / "list.txt").write_bytes("例".encode("gb18030"))
    run = refused()
    run.tells("C6.unreadable", "content/papers/report.pdf")
    run.tells("C6.unreadable", "content/list.txt")


def test_names_stay_outside_the_project(site: TinySite, private: Private) -> None:
    """Neither the names nor the list lie where everything is published or copied from."""
    site.write("names.txt", NAME)
    inside = private.run(site, "names", "names.txt")
    assert inside.code == 1
    assert "outside the project" in inside.said
    short = private.folder / "short.txt"
    short.write_text("例\n", encoding="utf-8")
    refused = private.run(site, "names", str(short))
    assert refused.code == 1
    assert "例" not in refused.said


def test_names_are_read_as_notepad_saves_them(site: TinySite, private: Private) -> None:
    """C6: in GBK too, or the list would look for nobody; what is no text is refused, and why."""
    other = Private(private.folder / "other")
    other.folder.mkdir()
    written = other.folder / "names.txt"
    written.write_bytes(f"{NAME}\r\n".encode("gbk"))
    assert other.run(site, "names", str(written)).code == 0
    site.write("content/pages/about.zh.md", f"---\ntitle: 甲\ndescription: 乙。\n---\n\n{NAME}\n")
    other.run(site, "check").tells("C6.listed_name", "content/pages/about.zh.md:6")
    written.write_bytes(b"PK\x03\x04\0\0")
    refused = other.run(site, "names", str(written))
    assert refused.code == 1
    assert "GBK" in refused.said


def test_ordinary_text_is_left_alone_and_exposing_text_is_found() -> None:
    """At most one false alarm in a hundred; at least 98 in a hundred are found."""
    measured = measure()
    assert measured.ordinary >= 300
    assert measured.exposing >= 150
    assert len(measured.alarms) <= measured.ordinary / 100, measured.alarms
    assert len(measured.missed) <= measured.exposing / 50, measured.missed


HIDDEN = (
    "例\u200b小\ufeff明",
    "例&#23567;明",
    "%E4%BE%8B%E5%B0%8F%E6%98%8E",
    r"\u4f8b\u5c0f\u660e",
    "例<i>小</i>明",
    '<img title="例小明">',
    "例\n小明",
    "１１０１０１２０１４０５０６００００",
    "一一零一零一二零一四零五零六零零零零",
    "11歲的他在示例小學讀書。",
)
ALIKE = (
    "110101201405060001",  # its check digit is wrong
    "110101201413060000",  # a month that does not exist
    "990101201405060000",  # no province
    "A123456(4)",
    "A123456788",
    "例小。明",
    "Testa, an Exampleton",
    "例小明明"[1:],
)


def test_what_is_hidden_is_found_and_what_is_alike_is_not() -> None:
    """Written wide, escaped, parted or in other characters it is still a child's."""
    scan = detector()
    assert [text for text in HIDDEN if not scan.find(text)] == []
    assert [text for text in ALIKE if scan.find(text)] == []


def test_the_same_text_is_looked_at_once() -> None:
    """A site's frame is on each of its pages: the second time it costs next to nothing."""
    scan, texts = detector(), articles(20)
    taken = []
    for _ in range(2):
        begun = time.process_time()
        assert [text for text in texts if scan.find(text)] == []
        taken.append(time.process_time() - begun)
    assert taken[1] < taken[0] / 5
