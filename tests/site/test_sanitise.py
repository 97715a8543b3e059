"""Only what a text needs of HTML gets into a page, and what was left out is told (rule W2)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from markdown import Markdown

from pelicanconf import MARKDOWN, THEME
from plugins import sanitise
from plugins.markdown_extensions import anchors
from tests.site.tiny_site import Run, TinySite
from tests.site.vectors import read_vectors

TAKEN = anchors.ids_of(Path(THEME))


def written(markdown: str) -> str:
    """What the site's Markdown makes of a text."""
    return str(
        Markdown(extensions=list(MARKDOWN["extension_configs"]), **MARKDOWN).convert(markdown)
    )


def test_each_vector_is_told_for_what_it_is() -> None:
    """What is active as an error, what is of no use as a warning, and harmless text not at all."""
    vectors = read_vectors()
    assert sum(one.kind in ("active", "alone") for one in vectors) > 500
    wrong = {}
    for vector in vectors:
        _, removed = sanitise.clean(written(vector.markdown), TAKEN)
        kind = "active" if any(not one.harmless for one in removed) else "left"
        kind = kind if removed else "inert"
        if kind != vector.kind.replace("alone", "active"):
            wrong[vector.markdown] = kind
    assert wrong == {}


def test_what_was_cleaned_is_clean() -> None:
    """Nothing changes when it is read again: no second reader can see something else in it."""
    for vector in read_vectors():
        cleaned, _ = sanitise.clean(written(vector.markdown), TAKEN)
        assert sanitise.clean(cleaned, TAKEN) == (cleaned, []), vector


@pytest.mark.parametrize(
    "markdown",
    [
        "与**强调**文字[^1]\n\n[^1]: 注",
        "| 甲 | 乙 | 丙 | 丁 |\n|:-:|--:|---|---|\n| 1 | 2 | 3 | 4 |",
        '## 标题 {#roof}\n\n[TOC]\n\n[关于]({filename}about.zh.md#屋顶 "a > b")',
        "词\n:   解释\n\n*[HTML]: 超文本\n\nHTML\n\n```python\na < b\n```\n\n![](images/door.jpg)",
        "<details><summary>问</summary>答</details><ruby>字<rt>zì</rt></ruby><q>x</q>",
    ],
)
def test_what_staff_write_stays_as_it_is(markdown: str) -> None:
    """Footnotes, tables, anchors, links to files, lists of words, code and pictures."""
    html = written(markdown)
    cleaned, removed = sanitise.clean(html, TAKEN)
    assert removed == []
    assert cleaned == html.replace("&#160;", "&nbsp;")


def test_a_build_says_where_it_stands(site: TinySite, refused: Callable[..., Run]) -> None:
    """By file and line; what only came along with a paste is a warning beside it."""
    site.write(
        "content/pages/about.zh.md",
        "---\ntitle: <b>关于</b>示例\ndescription: <script>alert(1)</script>的来历。\n---\n\n"
        "## 屋顶\n\n<p class='MsoNormal'>甲</p>\n\n乙\n{: onclick=alert(1) }\n\n"
        "[丙](data:text/html,x)\n",
    )
    run = refused()
    run.tells("W2.removed", "content/pages/about.zh.md:8")
    run.tells("W2.active", "content/pages/about.zh.md:11")
    run.tells("W2.active", "content/pages/about.zh.md:13")
    assert "MsoNormal" in run.said
    assert "about.zh.md:3 " not in run.said  # a description is text: it cannot do anything


def test_a_head_is_text(site: TinySite) -> None:
    """A title or a description with signs of HTML is shown as it was typed."""
    site.write(
        "content/pages/about.zh.md",
        "---\ntitle: <b>关于</b>\ndescription: '<script>\"甲'\nlead: <i>甲</i>\n---\n\n## 屋顶\n",
    )
    run = site.run("build")
    assert run.code == 0, run.said
    page = (site.output / "about" / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;关于&lt;/b&gt;</h1>" in page
    assert "&lt;i&gt;甲&lt;/i&gt;" in page
    assert 'content="&lt;script&gt;&#34;甲"' in page
    assert "<b>" not in page
