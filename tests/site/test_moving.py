"""The guide to moving an old site here: what it says that Pelican's importer writes, it does write.

The importer's last step, HTML to Markdown, is pandoc's; and it reads WordPress's export by packages
that are not installed here. So a feed is read by it, and the head that it writes is looked at.
"""

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from pelican.tools.pelican_import import build_markdown_header, feed2fields

from plugins.host_rules import FILES
from tests.site.test_news import write_lists
from tests.site.tiny_site import ROOT, Run, TinySite

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Old</title><link>https://old.example/</link>
<item><title>开放日</title><link>https://old.example/?p=12</link>
<pubDate>Sat, 05 Mar 2016 10:00:00 GMT</pubDate>
<description>&lt;p&gt;欢迎。&lt;/p&gt;</description></item></channel></rss>
"""


def blocks(language: str) -> list[str]:
    """What is set as code in the guide, in order."""
    text = (ROOT / "docs" / f"moving.{language}.md").read_text(encoding="utf-8")
    found = re.findall(r"(?:^ {4,}\S.*\n)+", text, re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


def test_both_guides_give_the_same_commands_heads_and_lines() -> None:
    """Only the words around them differ; nginx is told of the variable that the rules set."""
    assert blocks("zh") == blocks("en")
    commands, _, _, server = blocks("en")
    assert "pelican-import --wpfile" in commands
    assert "$old_address" in FILES["redirects.nginx.conf"].text([], "")
    assert set(re.findall(r"\$\w+", server)) == {"$old_address"}


def test_the_importer_writes_the_head_that_the_guide_shows(tmp_path: Path) -> None:
    """And it spells Chinese titles, as the guide says too."""
    before = blocks("en")[1]
    given = ("Open day", "2016-03-05 10:00", "admin", ["news"], None, "open-day", "published")
    assert build_markdown_header(*given) == f"{before}\n"
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    ((title, text, slug, date, *_),) = feed2fields(str(tmp_path / "feed.xml"))
    assert (title, text, slug, date) == (
        "开放日",
        "<p>欢迎。</p>",
        "kai-fang-ri",
        "2016-03-05 10:00",
    )


@pytest.mark.parametrize("rewritten", [False, True])
def test_a_head_is_taken_as_the_guide_rewrites_it(
    site: TinySite, refused: Callable[..., Run], rewritten: bool
) -> None:
    """As the importer leaves it the build refuses it, and says why."""
    write_lists(site)
    head = blocks("en")[1 + rewritten]
    site.write("content/news/open-day.en.md", f"{head}\nWelcome.\n")
    if rewritten:
        run = site.run("build")
        assert run.code == 0, run.said
        assert (site.output / "en" / "news" / "open-day" / "index.html").exists()
    else:
        refused().tells("head.none", "content/news/open-day.en.md:1")
