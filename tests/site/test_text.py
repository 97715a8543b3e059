"""What Markdown makes of Chinese: emphasis, footnotes, tables, headings, and how long it reads."""

import re
from pathlib import Path

import pytest
from markdown import Markdown

from pelicanconf import MARKDOWN, THEME
from plugins.markdown_extensions import anchors
from plugins.reading_time import minutes
from tests.site.tiny_site import TinySite, make_site

NAMES = ("notes", "table", "headings", "long")
HEAD = "---\ntitle: {title}\ndescription: {title}。\ndate: 2026-03-05\n---\n\n"
NOTES = """\
正文[^1]与[^注]再[^1]。

[^1]: 第一行
    第二行
[^注]: 另一条。
"""
TABLE = """\
| 年份 | 人数 | 收入 | 备注 |
|------|:----:|-----:|------|
| 2025年 | 三 | 1 | **甲**乙 |
"""
HEADINGS = """\
## 一个24小时开放的中心

## 屋顶

## 屋顶

## Main

## 见[关于]({filename}../pages/about.zh.md) {#see}

[到屋顶](#屋顶)，[到中心](#一个24小时开放的中心)
"""


def write_texts(site: TinySite) -> None:
    """News in Chinese, and one item in English, with all that a text may have; and build it."""
    for code, title in (("zh", "新闻"), ("en", "News")):
        head = f"---\ntitle: {title}\ndescription: {title}.\n---\n"
        site.write(f"content/pages/news.{code}.md", head)
    long = "甲" * 1200 + "。与*着重*文字。"
    items = {"脚注": NOTES, "表格": TABLE + NOTES, "标题": HEADINGS, "长文": long}
    for name, (title, text) in zip(NAMES, items.items(), strict=True):
        site.write(f"content/news/{name}.zh.md", HEAD.format(title=title) + text)
    site.write(
        "content/news/notes.en.md",
        HEAD.format(title="Notes").replace("date:", "figures_differ: 甲\ndate:")
        + "A[^1]\n\n[^1]: B\n",
    )
    run = site.run("build")
    assert run.code == 0, run.said


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """The site of these texts, built once."""
    site = make_site(tmp_path_factory.mktemp("texts") / "site")
    write_texts(site)
    return site


def read(site: TinySite, path: str) -> str:
    return (site.output / path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("与**强调**文字", "与<strong>强调</strong>文字"),
        ("**“强调”**文字", "<strong>“强调”</strong>文字"),
        ("他说**“好。”**然后", "他说<strong>“好。”</strong>然后"),
        ("**注意：**请看", "<strong>注意：</strong>请看"),
        (
            "（**甲**）**乙**。**丙**",
            "（<strong>甲</strong>）<strong>乙</strong>。<strong>丙</strong>",
        ),
        ("与*“着重”*文字", "与<em>“着重”</em>文字"),
        ("***甲***乙", "<strong><em>甲</em></strong>乙"),
        ("**中文**English**中文**", "<strong>中文</strong>English<strong>中文</strong>"),
        ("**甲\n乙**丙\n丁", "<strong>甲乙</strong>丙丁"),
        ("甲<b>乙</b>\n丙", "甲<b>乙</b>丙"),
        ("甲\n<b>乙</b>", "甲<b>乙</b>"),
        ("甲<b>b</b>\n丙", "甲<b>b</b>\n丙"),
    ],
)
def test_emphasis_in_chinese(written: str, shown: str) -> None:
    """Beside Chinese marks too, where CommonMark's rule of flanking fails; across lines too."""
    markdown = Markdown(extensions=list(MARKDOWN["extension_configs"]), **MARKDOWN)
    assert markdown.convert(written) == f"<p>{shown}</p>"


def test_footnotes_speak_the_language_of_the_page(texts: TinySite) -> None:
    """Their links have names, ids are unique on the page, and their lines are joined."""
    page = read(texts, "news/notes")
    assert 'aria-label="注释2" href="#fn:注">2</a>' in page
    assert page.count('aria-label="返回正文（注释1）"') == 2
    assert "第一行第二行" in page
    english = read(texts, "en/news/notes")
    assert 'aria-label="Note 1" href="#fn:1">1</a>' in english
    assert 'aria-label="Back to the text (note 1)"' in english
    assert "Jump back" not in page + english
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "fn:" not in read(texts, "news")  # a list shows descriptions: no two texts, no clash


def test_a_wide_table_scrolls_by_itself(texts: TinySite) -> None:
    """In a box with a name that the keyboard reaches; its columns are aligned without a style."""
    page = read(texts, "news/table")
    box = '<div class="wide" role="region" tabindex="0" aria-label="表格，可以左右滑动"><table>'
    assert box in page
    assert '<td class="centre">三</td>' in page
    assert '<td class="right">1</td>' in page
    narrow = Markdown(extensions=["extra", "plugins.markdown_extensions.tables"]).convert(
        "| a | b |\n|---|--:|\n|1|2|"
    )
    assert "wide" not in narrow


def test_headings_are_their_own_links(texts: TinySite) -> None:
    """Ids that can be read and never clash, not even with the page's own; no link in a link."""
    page = read(texts, "news/headings")
    encoded = "#%E4%B8%80%E4%B8%AA24%E5%B0%8F%E6%97%B6%E5%BC%80%E6%94%BE%E7%9A%84%E4%B8%AD%E5%BF%83"
    assert (
        f'<h2 id="一个24小时开放的中心"><a href="{encoded}">一个24小时开放的中心</a></h2>' in page
    )
    assert re.findall(r'<h2 id="([^"]+)"', page)[1:] == ["屋顶", "屋顶_1", "main_1", "see"]
    assert '<h2 id="see">见<a href="/about/">关于</a></h2>' in page
    assert "main" in anchors.ids_of(Path(THEME))


def test_how_long_a_text_reads(texts: TinySite) -> None:
    """In each language as it counts, in its own words."""
    assert "阅读约需3分钟" in read(texts, "news/long")
    assert "阅读约需1分钟" in read(texts, "news/notes")
    assert "1 minute to read" in read(texts, "en/news/notes")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", 1),
        ("字" * 599, 1),
        ("字" * 601, 2),
        ("字，" * 600, 2),
        ("字" * 800 + "word " * 238, 3),
        ("it's a well-known word " * 119, 2),
        ("𠮷" * 1200, 3),
    ],
)
def test_minutes(text: str, wanted: int) -> None:
    """Marks do not count; a word with a hyphen is one; rare ideographs are characters too."""
    assert minutes(text) == wanted


def test_two_places_with_one_name_are_refused(site: TinySite) -> None:
    """A link to it would not know which; Markdown itself numbers only what it named."""
    site.write(
        "content/pages/about.zh.md",
        "---\ntitle: 关于示例\ndescription: 来历。\n---\n\n## 屋顶\n\n## 甲 {#a}\n\n## 乙 {#a}\n",
    )
    run = site.run("build")
    assert run.code == 1
    run.tells("E5.id_twice", "content/pages/about.zh.md:8")
