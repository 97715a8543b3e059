"""Traditional Chinese: made at build from the Simplified pages, which are pages like any other."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugins.problems import errors_among
from plugins.traditional import converted
from tests.simplified import simplified
from tests.site.second_look import copy_of, look_for
from tests.site.test_good_site import read
from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import ROOT, TRADITIONAL, TinySite, make_site

GLOSSARY = """
[zh-hant]
keep = ["里志发"]
words = { "软件" = "軟體", "面包" = "麵飽", "软件包" = "套件" }
forms = { "裏" = "裡", "説" = "說" }
"""
ABOUT = """\
---
title: 关于“示例”
description: 这座房子的来历，里志发说。
figures_differ: 甲
lead: 后来的事。
---

## 里面的头发

皇后后来发现，干净的台湾面条只有一只猫吃，志愿者在云南系上鞋带，里志发说软件包和软件都有面包。
请在90天后回复本邮件，未满18周岁的，并发到监护人的邮箱。

[关于后面](/about/#里面的头发 "发展") `里面的发` <kbd>发</kbd> <span lang="en">It’s a “发”</span>
<span lang="ja">学</span> <span translate="no">发 &#21457;</span> &#21457; &amp; a&lt;b
“It’s”

[规矩]({filename}rules.zh.md) [帮助]({filename}help.zh.md#家) [新闻]({filename}/news/roof.zh.md)
[英文]({filename}help.en.md) <https://zh.example/洛阳>
<a href="/about/#发" title="发" id="发">发</a>

## 屋顶

<pre>
发
</pre>

![](images/door.jpg)

|里|
|---|
|面条|
"""


class _Visible(HTMLParser):
    """What is read or heard of a page, but for parts that say another language."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._other: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        void = tag in ("img", "meta", "link", "br", "input", "hr")
        if self._other or given.get("lang", "zh-Hant") != "zh-Hant" or tag in ("code", "script"):
            self._other += [] if void else [tag]
            return
        names = ("alt", "title", "aria-label", "placeholder")
        told = ("content",) if tag == "meta" and "og:url" not in given.values() else ()
        self.text += " ".join(given.get(name) or "" for name in (*names, *told))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  well-formed: it is the last one
        if self._other:
            self._other.pop()

    def handle_data(self, data: str) -> None:
        self.text += "" if self._other else data


def visible(html: str) -> str:
    reader = _Visible()
    reader.feed(html)
    return reader.text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with all that is converted or left alone; built once."""
    made = make_site(tmp_path_factory.mktemp("traditional") / "site")
    site_file = made.folder / "content" / "site.toml"
    made.write("content/site.toml", site_file.read_text(encoding="utf-8") + TRADITIONAL)
    made.edit("content/organisation.toml", '["zh", "en"]', '["zh", "en", "zh-hant"]')
    made.write("content/glossary.toml", GLOSSARY)
    made.write("content/pages/about.zh.md", ABOUT)
    for code, title in (("zh", "规矩"), ("en", "Rules")):
        head = f"traditional: false\ntitle: {title}\ndescription: {title} 1, 2, 3"
        made.write(f"content/pages/rules.{code}.md", f"---\n{head}\n---\n")
    made.write(
        "content/pages/help.zh-hant.md",
        '---\ntitle: 手寫的一頁\ndescription: 由人寫成。\n---\n\n<span id="家">家</span>\n',
    )
    made.edit("content/pages/help.zh.md", "---\n\n", '---\n\n<span id="家">家</span>\n')
    made.picture()
    write_lists(made)
    write_item(made, "roof.zh", "2026-03-05", "发", title="头发", description="里面")
    write_item(made, "roof.en", "2026-03-05")
    run = made.run("build", "--demo", "--site-url", "http://127.0.0.1:8000")
    assert run.code == 0, run.said
    assert "translation.missing" not in run.said
    return made


@pytest.fixture(scope="module")
def about(site: TinySite) -> str:
    return read(site, "zh-hant/about/index.html")


def test_words_are_converted_by_what_they_mean(about: str) -> None:
    """The traps of one Simplified character for several Traditional ones, and the glossary."""
    assert "皇后後來發現，乾淨的台灣麪條只有一隻貓吃，志願者在雲南繫上鞋帶" in about
    assert "里志发說套件和軟體都有麵飽。" in about  # kept; the longer of two words
    assert "請在90天後回覆本郵件，未滿18周歲的，並發到監護人的郵箱。" in about
    assert "裡面的頭髮</a></h2>" in about
    assert "<td>麪條</td>" in about
    assert "<title>關於「示例」" in about
    assert 'content="這座房子的來歷，里志发說。"' in about
    assert "後來的事。" in about
    assert "「It’s」" in about  # quotation marks are Traditional ones, an apostrophe is none


def test_what_is_no_word_stays_as_it_is(about: str) -> None:
    """Addresses, anchors, ids, code, other languages, comments, references."""
    for part in (
        '<h2 id="里面的头发">',
        '<a href="/about/#里面的头发" title="發展">關於後面</a>',
        "<code>里面的发</code>",
        "<kbd>发</kbd>",
        '<span lang="en">It’s a “发”</span>',
        '<span lang="ja">学</span>',
        '<span translate="no">发 发</span> 發 &amp; a&lt;b',
        "<pre>发\n</pre>",
        '<a href="https://zh.example/洛阳">https://zh.example/洛阳</a>',
        '<a href="/about/#发" title="發" id="发">發</a>',
    ):
        assert part in about, part


def test_links_stay_in_the_language_where_the_page_is_there(about: str) -> None:
    """To a made page, to one that somebody wrote, to news; else to where the source is shown."""
    for part in (
        '<a href="/zh-hant/rules/" hreflang="zh-Hans">規矩</a>',
        '<a href="/zh-hant/help/#家">幫助</a>',
        '<a href="/zh-hant/news/roof/">新聞</a>',
        '<a href="/zh-hant/about/" aria-current="page">關於示例</a>',
    ):
        assert part in about, part


def test_a_made_page_is_a_page_like_any_other(site: TinySite, about: str) -> None:
    """Language, switch, hreflang both ways, previews, sitemap, data, the picture's words."""
    assert '<html lang="zh-Hant"' in about
    assert 'alt="藍色的門"' in about
    assert 'content="zh_HK"' in about
    for path in ("about", "en/about", "zh-hant/about"):
        page = read(site, f"{path}/index.html")
        links = re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page)
        assert max(links) == ("zh-Hant", "http://127.0.0.1:8000/zh-hant/about/")
    assert '<a href="/zh-hant/about/" lang="zh-Hant"' in read(site, "en/about/index.html")
    assert "/zh-hant/about/</loc>" in read(site, "sitemap.xml")
    found = re.search(r"ld\+json\">(.*?)</script>", read(site, "zh-hant/news/roof/index.html"))
    assert found
    data = json.loads(found[1])
    assert (data["headline"], data["description"]) == ("頭髮", "裡面")
    assert data["inLanguage"] == "zh-Hant"


def test_the_feed_is_in_the_language(site: TinySite) -> None:
    """Its own title, entries and addresses."""
    feed = ElementTree.fromstring(read(site, "zh-hant/feed.xml"))  # noqa: S314  our own
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hant"
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["新聞 · 示例之家", "頭髮"]


def test_a_page_can_be_written_by_hand_or_stay_away(site: TinySite) -> None:
    """``help.zh-hant.md`` is what stands there; for ``traditional: false`` the source stands in."""
    assert "手寫的一頁" in read(site, "zh-hant/help/index.html")
    rules = read(site, "zh-hant/rules/index.html")
    assert 'data-written-in="zh-Hans"' in rules
    assert "<h1>规矩</h1>" in rules
    assert "zh-hant/rules" not in read(site, "sitemap.xml")


def test_the_form_speaks_it_too(site: TinySite) -> None:
    """The words of the theme are made as well, and the form says in which language it is sent."""
    page = read(site, "zh-hant/donate/index.html")
    assert '<input type="hidden" name="language" value="zh-hant">' in page
    assert "捐款金額" in page


def test_the_source_is_as_it_was(site: TinySite) -> None:
    """Nothing of the conversion reaches the pages that it is made from."""
    page = read(site, "about/index.html")
    assert "皇后后来发现" in page
    assert "<title>关于“示例”" in page
    assert simplified(page) >= set("发现湾")


def test_nothing_simplified_is_left_on_the_pages_that_ship(tmp_path: Path) -> None:
    """By a list that is not the converter's; tags, text, alternative texts and previews."""
    project = make_site(tmp_path / "site")
    shutil.rmtree(project.folder / "content")
    shutil.copytree(ROOT / "content", project.folder / "content")
    run = project.run("build", "--demo", "--site-url", "http://127.0.0.1:8000")
    assert run.code == 0, run.said
    pages = list((project.output / "zh-hant").rglob("*.html"))
    assert len(pages) == len(list((ROOT / "content/pages").glob("*.zh.md")))
    for page in pages:
        text = visible(page.read_text(encoding="utf-8"))
        assert len(text) > 200, page
        assert simplified(text) == set(), page
    assert len(simplified(read(project, "index.html"))) > 50  # the list knows them


def test_a_page_that_was_left_in_simplified_is_found(site: TinySite, tmp_path: Path) -> None:
    """Verify does not ask whether the converter ran; a name or a quotation is excused."""
    folder, look = copy_of(site, tmp_path), look_for(site, "http://127.0.0.1:8000", demo=True)
    assert errors_among(look(folder)) == []
    page = folder / "zh-hant/about/index.html"
    source = read(site, "about/index.html")
    page.write_text(source.replace('lang="zh-Hans" dir', 'lang="zh-Hant" dir'), encoding="utf-8")
    told = [(one.code, one.file) for one in look(folder)]
    place = (site.folder / "content/pages/about.zh.md").as_posix()
    assert ("W1.simplified", place) in told


def test_half_made_html_is_not_lost() -> None:
    """Whatever the page is made of comes out again, but for the words."""
    html = '<!DOCTYPE x><P Title=发>发<br/>发<?x 发?></p></b><img alt="发"><script>发</script>&发<'
    wanted = (
        '<!DOCTYPE x><P Title=發>發<br/>發<?x 发?></p></b><img alt="發"><script>发</script>&發<'
    )
    assert converted(html, lambda text: text.replace("发", "發")) == wanted


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('made_from = "zh"', 'made_from = "en"', "language.made_from", "content/site.toml"),
        ('made_from = "zh"', 'made_from = "fr"', "language.made_from", "content/site.toml"),
        ("zh_Hant_HK", "fr_FR", "language.made_from", "content/site.toml"),
    ],
)
def test_what_cannot_be_made_is_refused(
    tmp_path: Path, old: str, new: str, code: str, place: str
) -> None:
    """Only Traditional Chinese, only from Simplified."""
    site = make_site(tmp_path / "site")
    text = (site.folder / "content" / "site.toml").read_text(encoding="utf-8")
    site.write("content/site.toml", text + TRADITIONAL.replace(old, new))
    site.run("check").tells(code, place)


@pytest.mark.parametrize(
    "glossary",
    [
        "[zh-hant]\nkept = []",
        'zh-hant = "软件"',
        '[zh-hant]\nkeep = [""]',
        '[zh-hant]\nwords = { "软件" = 1 }',
        '[zh-hant]\nforms = { "软件" = "軟件" }',
        "[zh-hk]\nkeep = []",
        "[",
    ],
)
def test_a_glossary_that_cannot_be_read_is_refused(tmp_path: Path, glossary: str) -> None:
    """Which file, where in it, and how it is written; never a trace."""
    site = make_site(tmp_path / "site")
    text = (site.folder / "content" / "site.toml").read_text(encoding="utf-8")
    site.write("content/site.toml", text + TRADITIONAL)
    site.write("content/glossary.toml", glossary)
    run = site.run("check")
    assert run.code == 1
    assert " content/glossary.toml [file." in run.said
    assert "Traceback" not in run.said


def test_a_glossary_without_its_language_is_told(site: TinySite) -> None:
    """Whoever takes the site over without Traditional Chinese has a table left."""
    site.write("content/glossary.toml", "[zh-hk]\nkeep = []")
    run = site.run("check")
    assert run.code == 1
    assert "[file.glossary_language]" in run.said
    assert "no language “zh-hk”" in run.said


def test_the_choice_of_a_page_is_yes_or_no(tmp_path: Path) -> None:
    """``traditional: "no"`` would be a yes."""
    site = make_site(tmp_path / "site")
    site.edit("content/pages/work.zh.md", "---\ntitle", '---\ntraditional: "no"\ntitle')
    site.run("check").tells("head.yes_or_no", "content/pages/work.zh.md:2")
