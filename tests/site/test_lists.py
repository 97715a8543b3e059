"""Lists, archives and feeds of each language: what Pelican would make for its default one only."""

import re

import feedparser
import pytest

from plugins.icons import DRAWING, MANIFEST, OF_TABS, SIZES
from tests.big_site import ADDRESS, Measured, build, fill
from tests.site.test_good_site import read
from tests.site.tiny_site import TinySite, make_site

ITEMS, ALONE = 52, 3  # a third of them in Chinese only
_ITEM = re.compile(r'<h2 class="headline"><a href="(?:/en)?/news/item-(\d+)/"')


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, Measured]:
    """News of fifty-two days; built once."""
    site = make_site(tmp_path_factory.mktemp("big") / "site")
    fill(site, ITEMS, ALONE)
    return site, build(site)


@pytest.fixture(scope="module")
def site(big: tuple[TinySite, Measured]) -> TinySite:
    return big[0]


def listed(site: TinySite, path: str) -> list[int]:
    """The numbers of the items on a page of a list, and on all further pages of it."""
    found: list[int] = []
    while path:
        html = read(site, f"{path}index.html")
        found += map(int, _ITEM.findall(html))
        further = re.search(r'<link rel="next" href="/([^"]+)">', html)
        path = further[1] if further else ""
    return found


def test_a_big_site_is_whole(big: tuple[TinySite, Measured]) -> None:
    """No broken link, no lonely hreflang, no page in the wrong language, no feed error."""
    assert {what: number for what, number in big[1].wrong.items() if number} == {}


def test_each_language_lists_its_own_news_on_as_many_pages_as_it_needs(site: TinySite) -> None:
    """Newest first, each once, and in English none of those that are in Chinese only."""
    chinese, english = listed(site, "news/"), listed(site, "en/news/")
    assert chinese == list(reversed(range(ITEMS)))
    assert english == [number for number in chinese if number % ALONE]
    assert (site.output / "news/p5/index.html").exists()
    assert not (site.output / "news/p6").exists()
    assert not (site.output / "en/news/p4").exists()


def test_page_and_topic_do_not_clash(site: TinySite) -> None:
    """Page 3 of the topic “3” and the topic “33” are two pages."""
    roof, door = listed(site, "topics/3/"), listed(site, "topics/33/")
    assert (site.output / "topics/3/p3/index.html").exists()
    assert sorted(roof + door) == list(range(ITEMS))
    assert door == [number for number in reversed(range(ITEMS)) if number % 4 == 0]


def test_a_topic_has_a_name_and_an_address_in_each_language(site: TinySite) -> None:
    """It is written in the Chinese file alone, and the two pages of it know each other."""
    english = read(site, "en/topics/roof/index.html")
    assert "<h1>Topic: Roof</h1>" in english
    assert f'rel="canonical" href="{ADDRESS}/en/topics/roof/"' in english
    assert f'rel="alternate" hreflang="zh-Hans" href="{ADDRESS}/topics/3/"' in english
    assert '<a href="/topics/3/" lang="zh-Hans"' in english
    further = read(site, "en/topics/roof/p2/index.html")
    assert f'hreflang="zh-Hans" href="{ADDRESS}/topics/3/p2/"' in further
    sitemap = read(site, "sitemap.xml")
    assert f"<loc>{ADDRESS}/topics/3/p3/</loc>" in sitemap
    item = read(site, "en/news/item-0020/index.html")
    assert '<a href="/en/topics/door/" rel="tag">Door</a>' in item


def test_a_topic_gathers_pages_too_and_one_that_nobody_names_has_no_page(site: TinySite) -> None:
    """Pages stand above the news; the list of news leads to the topics that there are."""
    thanks = read(site, "topics/ganxie/index.html")
    assert '<li><a href="/about/">关于示例</a></li>' in thanks
    assert listed(site, "topics/ganxie/") == []
    assert not (site.output / "topics/meiyou").exists()
    topics = re.findall(r'href="(/topics/[^/]+/)"', read(site, "news/index.html"))
    assert topics == ["/topics/3/", "/topics/33/", "/topics/huayuan/", "/topics/ganxie/"]


def test_years_and_where_there_is_much_months(site: TinySite) -> None:
    """A month that one language has and the other not: the switch leads to the year."""
    assert listed(site, "news/2020/") == listed(site, "news/")
    assert listed(site, "news/2020/02/") == list(reversed(range(31, ITEMS)))
    assert not (site.output / "en/news/2020/02").exists()
    month = read(site, "news/2020/02/index.html")
    assert "<h1>2020年2月的新闻</h1>" in month
    assert '<a href="/en/news/2020/" lang="en"' in month
    assert '<link rel="alternate" hreflang="en"' not in month
    assert "<h1>News of 2020</h1>" in read(site, "en/news/2020/index.html")
    assert 'href="/news/2020/02/">2020年2月</a>' in read(site, "news/2020/index.html")


def test_pages_of_a_list_know_their_neighbours(site: TinySite) -> None:
    """For readers and for browsers, at both ends too; each has a title of its own."""
    first, second, last = (read(site, f"news/{page}index.html") for page in ("", "p2/", "p5/"))
    assert '<link rel="prev"' not in first
    assert '<link rel="next" href="/news/p2/">' in first
    assert '<link rel="prev" href="/news/">' in second
    assert "第2页，共5页" in second
    assert "<title>新闻（第2页） · 示例</title>" in second
    assert '<link rel="next"' not in last


def test_an_item_shows_the_way_and_its_neighbours(site: TinySite) -> None:
    """Of its own language: in English there is no item 9 before the tenth."""
    item = read(site, "en/news/item-0010/index.html")
    trail = re.search(r'<nav class="trail".*?</nav>', item, re.DOTALL)
    assert trail
    assert re.findall(r'href="([^"]+)">([^<]+)', trail[0]) == [
        ("/en/", "Home"),
        ("/en/news/", "News"),
        ("/en/news/2020/", "2020"),
    ]
    assert 'href="/en/news/item-0008/" rel="prev"' in item
    assert 'href="/en/news/item-0011/" rel="next"' in item
    assert 'rel="next"' not in read(site, "news/item-0051/index.html")
    assert 'rel="prev"' not in read(site, "news/item-0000/index.html")


FEEDS = {
    "feed.xml": ("zh-Hans", 50, "新闻 · 示例之家"),
    "en/feed.xml": ("en", 34, "News · Example House"),
    "topics/33/feed.xml": ("zh-Hans", 13, "主题：主题2 · 示例之家"),
    "en/topics/door/feed.xml": ("en", 8, "Topic: Door · Example House"),
    "topics/ganxie/feed.xml": ("zh-Hans", 0, "主题：主题4 · 示例之家"),
}


@pytest.mark.parametrize("path", FEEDS)
def test_feed_readers_take_each_feed(site: TinySite, path: str) -> None:
    """No error, its own language, absolute links that are ids, all within that language.

    They ask for a feed again and again, so a long one holds the newest items only.
    """
    tag, number, title = FEEDS[path]
    feed = feedparser.parse((site.output / path).read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert (feed.feed.language, feed.feed.title) == (tag, title)
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"] == f"{ADDRESS}/{path}"
    listing = links["alternate"].removeprefix(f"{ADDRESS}/")
    assert f'type="application/atom+xml" title="{title}"' in read(site, f"{listing}index.html")
    assert len(feed.entries) == number
    newest = [f"{int(found):04}" for found in _ITEM.findall(read(site, f"{listing}index.html"))]
    assert [entry.link[-5:-1] for entry in feed.entries][: len(newest)] == newest
    root = f"{ADDRESS}/news/" if tag == "zh-Hans" else f"{ADDRESS}/en/news/"
    for entry in feed.entries:
        assert entry.id == entry.link
        assert entry.link.startswith(root)
        assert entry.updated_parsed
        assert entry.summary


def test_nothing_of_pelican_s_own_lists_is_there(site: TinySite) -> None:
    """Its tags, categories, authors, archives and index know the default language only."""
    top = {file.name for file in site.output.iterdir()}
    folders = {"about", "donate", "help", "privacy", "work", "news", "topics", "en", "theme"}
    files = {"index.html", "404.html", "feed.xml", "sitemap.xml", "robots.txt"}
    icons = {path.removeprefix("/") for path in (DRAWING, OF_TABS, *SIZES)} | {MANIFEST}
    assert top == folders | files | icons | {"share"}
    assert list(site.output.rglob("*.atom.xml")) == []
