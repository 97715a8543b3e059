"""News: written like pages, listed by date, and told to feed readers in their language."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markupsafe import escape

from tests.site.second_look import Look, assert_good, copy_of, look_for, spoil
from tests.site.test_good_site import read
from tests.site.tiny_site import Run, TinySite, contents, make_served_site, make_site

ADDRESS = "https://house.example"
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LISTS = {"zh": "新闻", "en": "News"}
# The title of an item and what is said of it.
WORDS = {"zh": ("{}的标题", "{}的近来情况 & <more>"), "en": ("Title of {}", "About {} & <more>")}


def write_lists(site: TinySite) -> None:
    """The page above the list, in both languages."""
    for code, title in LISTS.items():
        head = f"title: {title}\ndescription: {title} 1, 2, 3\n"
        site.write(f"content/pages/news.{code}.md", f"---\n{head}---\n")


def write_item(site: TinySite, name: str, date: str, body: str = "", **more: str) -> None:
    """A news item; ``name`` is its key and language: ``roof.zh``."""
    title, about = (text.format(name) for text in WORDS[name.rpartition(".")[2]])
    head = {"title": title, "description": about, **more}
    lines = "".join(f'{key}: "{value}"\n' for key, value in head.items() if key != "modified")
    dates = f"date: {date}\n" if date else ""
    dates += f"modified: {more['modified']}\n" if "modified" in more else ""
    site.write(f"content/news/{name}.md", f"---\n{lines}{dates}---\n\n{body}\n")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with three items, one of them in Chinese only; built once."""
    site = make_site(tmp_path_factory.mktemp("news") / "site")
    write_lists(site)
    site.picture()
    picture = "![](images/door.jpg)\n\n[甲]({filename}/pages/about.zh.md)"
    names = 'name.zh = "屋顶"\nname.en = "The roof"\n'
    site.write("content/terms.toml", f'[[topic]]\nkey = "roofs"\n{names}')
    roof = "2026-03-05\ntopics: [roofs]"
    write_item(site, "roof.zh", roof, picture, modified="2026-04-01")
    write_item(site, "roof.en", "2026-03-05", modified="2026-04-01")
    write_item(site, "door.zh", "2026-10-31")
    write_item(site, "door.en", "2026-10-31")
    write_item(site, "only.zh", "2025-12-01", "[乙]({filename}roof.zh.md)")
    site.edit(
        "content/pages/work.zh.md", "每年修一次。", "[甲]({filename}/news/roof.zh.md) 每年修一次。"
    )
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    run.tells("translation.missing", "content/news/only.zh.md")
    return site


def feed(site: TinySite, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(read(site, path))  # noqa: S314  made by this very test


def test_the_newest_stands_first_with_its_day_in_the_page_s_language(news: TinySite) -> None:
    """In each language its own items only."""
    chinese, english = read(news, "news/index.html"), read(news, "en/news/index.html")
    days = ("2026年10月31日", "2026年3月5日", "2025年12月1日")
    places = [chinese.index(day) for day in days]
    assert places == sorted(places)
    assert '<time datetime="2026-10-31">31 October 2026</time>' in english
    assert "only" not in english
    assert "About door.en &amp; &lt;more&gt;" in english


def test_an_item_has_an_address_a_day_and_a_way_back(news: TinySite) -> None:
    """And links from and to pages are links by file, as between pages."""
    chinese, english = read(news, "news/roof/index.html"), read(news, "en/news/roof/index.html")
    assert '<time datetime="2026-03-05">2026年3月5日</time>' in chinese
    assert '<time datetime="2026-04-01">2026年4月1日</time>' in chinese
    assert '<a class="quiet" href="/news/">全部新闻</a>' in chinese
    assert '<a class="quiet" href="/en/news/">All news</a>' in english
    assert 'href="/about/"' in chinese
    assert 'href="/news/roof/"' in read(news, "work/index.html")
    assert 'href="/news/roof/"' in read(news, "news/only/index.html")


def test_items_are_paired_like_pages(news: TinySite) -> None:
    """Canonical link, hreflang, switch and sitemap; a lone item's switch leads to the list."""
    english, alone = read(news, "en/news/roof/index.html"), read(news, "news/only/index.html")
    assert f'<link rel="canonical" href="{ADDRESS}/en/news/roof/">' in english
    assert f'hreflang="zh-Hans" href="{ADDRESS}/news/roof/"' in english
    assert f'hreflang="x-default" href="{ADDRESS}/news/roof/"' in english
    assert '<a href="/news/roof/" lang="zh-Hans"' in english
    assert '<a href="/en/news/" lang="en"' in alone
    assert '<link rel="alternate" hreflang="en"' not in alone
    assert f"<loc>{ADDRESS}/en/news/door/</loc>" in read(news, "sitemap.xml")


@pytest.mark.parametrize(
    ("path", "root", "tag", "title", "keys"),
    [
        ("feed.xml", "/", "zh-Hans", "新闻 · 示例之家", ["door", "roof", "only"]),
        ("en/feed.xml", "/en/", "en", "News · Example House", ["door", "roof"]),
    ],
)
def test_each_language_has_a_feed(
    news: TinySite, path: str, root: str, tag: str, title: str, keys: list[str]
) -> None:
    """What RFC 4287 requires (4.1.1, 4.1.2), with absolute addresses that are also the ids."""
    atom = feed(news, path)
    assert atom.tag == f"{ATOM}feed"
    assert atom.get(XML_LANG) == tag
    assert atom.findtext(f"{ATOM}title") == title
    assert atom.findtext(f"{ATOM}id") == f"{ADDRESS}/{path}"
    assert atom.findtext(f"{ATOM}updated") == "2026-10-31T00:00:00+00:00"
    assert atom.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href") for link in atom.findall(f"{ATOM}link")}
    assert links == {"self": f"{ADDRESS}/{path}", "alternate": f"{ADDRESS}{root}news/"}
    entries = atom.findall(f"{ATOM}entry")
    addresses = [f"{ADDRESS}{root}news/{key}/" for key in keys]
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == addresses
    assert [link.get("href") for link in atom.findall(f"{ATOM}entry/{ATOM}link")] == addresses
    roof = entries[1]
    code = "zh" if tag == "zh-Hans" else "en"
    named, about = (text.format(f"roof.{code}") for text in WORDS[code])
    assert roof.findtext(f"{ATOM}title") == named
    assert roof.findtext(f"{ATOM}summary") == escape(about)  # as HTML
    assert roof.findtext(f"{ATOM}published") == "2026-03-05T00:00:00+00:00"
    assert roof.findtext(f"{ATOM}updated") == "2026-04-01T00:00:00+00:00"
    head = f'<link rel="alternate" type="application/atom+xml" title="{title}" href="/{path}">'
    assert head in read(news, f"{root.lstrip('/')}index.html")


def test_without_news_the_list_says_so_and_the_feed_is_valid(site: TinySite) -> None:
    """And both are the same in every build, although no item gives the feed its time."""
    write_lists(site)
    assert site.run("build", "--into", "one").code == 0
    assert site.run("build", "--into", "two").code == 0
    assert contents(site.folder / "one") == contents(site.folder / "two")
    empty = TinySite(site.folder / "one")
    chinese = (empty.folder / "news" / "index.html").read_text(encoding="utf-8")
    english = (empty.folder / "en" / "news" / "index.html").read_text(encoding="utf-8")
    assert "目前还没有新闻" in chinese
    assert "There is no news yet" in english
    atom = ElementTree.parse(empty.folder / "en" / "feed.xml").getroot()  # noqa: S314
    assert atom.findall(f"{ATOM}entry") == []
    assert all(atom.findtext(f"{ATOM}{name}") for name in ("title", "id", "updated"))


def test_a_site_without_a_list_has_no_feed(built: TinySite) -> None:
    """Another organisation may have no news at all."""
    assert not (built.output / "feed.xml").exists()
    assert "application/atom+xml" not in read(built, "index.html")


BAD = {
    "no date": ("", "", "head.undated", 1),
    "a date in Chinese": ("2026年3月5日", "", "head.date", 4),
    "a time of day": ("2026-03-05 10:00:00", "", "head.date", 4),
    "a date in quotation marks": ('"2026-03-05"', "", "head.date", 4),
    "a date that does not exist": ("2026-13-05", "", "head.date", 4),
    "C1, a picture from elsewhere": ("2026-03-05", "![甲](/a.jpg)", "C1.elsewhere", 7),
    "C2, a story about a name": ("2026-03-05\nsubjects: [小明]", "", "C2.subjects", 5),
    "L3, an account number": ("2026-03-05", "6222 0000 1111 2222 333", "L3.asks", 7),
    "L6, somebody's phone": (
        "2026-03-05\nfigures_differ: 甲",
        "138 0013 8000",
        "L6.contact",
        8,
    ),
    "W2, data that could be a script": (
        "2026-03-05",
        '<script type="application/ld+json">{}</script>',
        "W2.active",
        7,
    ),
    "E5, a link to a file that is not there": (
        "2026-03-05",
        "[甲]({filename}about.zh.md)",
        "E5.link",
        7,
    ),
    "E5, a link to an address that is not there": ("2026-03-05", "[甲](/x/)", "E5.address", 7),
}


NO_ITEMS = ["roof.md", "Roof.zh.md", "2026/roof.zh.md", "roof.zh.txt"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """By the code of a problem, the build that was refused for it and others of its stage.

    A build tells all that one of its stages found, and then ends (``test_bad_pages``).
    """
    found: dict[str, Run] = {}
    codes = {"name"} | {code for _, _, code, _ in BAD.values()}
    for stage in (codes - {"W2.active", "E5.address"}, {"W2.active"}, {"E5.address"}):
        site = make_served_site(tmp_path_factory.mktemp("bad") / "site")
        write_lists(site)
        for number, (date, body, code, _) in enumerate(BAD.values()):
            if code in stage:
                write_item(site, f"roof-{number}.zh", date, body)
                write_item(site, f"roof-{number}.en", "2026-03-05")
        for name in NO_ITEMS if "name" in stage else ():
            head = "title: 甲\ndescription: 乙\ndate: 2026-03-05\n"
            site.write(f"content/news/{name}", f"---\n{head}---\n")
        found |= dict.fromkeys(stage, site.refuse())
    return found


@pytest.mark.parametrize("name", BAD)
def test_a_bad_item_is_refused(runs: dict[str, Run], name: str) -> None:
    """The checks of pages hold for news, and an item needs the day on which it was written."""
    _, _, code, line = BAD[name]
    runs[code].refuses(code, f"content/news/roof-{[*BAD].index(name)}.zh.md:{line}")


@pytest.mark.parametrize("name", NO_ITEMS)
def test_a_file_name_that_says_no_item_is_refused(runs: dict[str, Run], name: str) -> None:
    """As with pages: Pelican would guess, or leave it out."""
    runs["name"].refuses("name", f"content/news/{name}")


def test_news_without_a_list_is_refused(site: TinySite, refused: Callable[..., Run]) -> None:
    """Each item links back to the list."""
    write_item(site, "roof.zh", "2026-03-05")
    write_item(site, "roof.en", "2026-03-05")
    refused().tells("E5.frame_link", "theme/templates")


SPOILED = {
    "an entry that is left out": ("feed.xml", "<entry>", "<x>", "</entry>", "</x>", "W6.feed"),
    "an entry of nothing": ("feed.xml", "/news/door/", "/news/window/", "", "", "W6.feed"),
    "another language": ("feed.xml", 'xml:lang="zh-Hans"', 'xml:lang="en"', "", "", "W6.feed"),
    "no time": ("feed.xml", "updated>", "x>", "", "", "W6.feed"),
    "no author": ("feed.xml", "author>", "x>", "", "", "W6.feed"),
    "another self": ("feed.xml", f'{ADDRESS}/feed.xml" rel', '/feed.xml" rel', "", "", "W6.feed"),
    "no XML": ("en/feed.xml", "<feed", "<<feed", "", "", "W6.feed"),
    "no link": ("news/index.html", "application/atom+xml", "x/y", "", "", "W6.feed_link"),
    "a topic's entry of another": (
        "topics/roofs/feed.xml",
        "/news/roof/",
        "/news/door/",
        "",
        "",
        "W6.feed",
    ),
    "no link to a topic's feed": (
        "en/topics/roofs/index.html",
        'href="/en/topics/roofs/feed.xml"',
        'href="/en/feed.xml"',
        "",
        "",
        "W6.feed_link",
    ),
    "an item that leaves its topic": (
        "news/roof/index.html",
        'rel="tag"',
        'rel="x"',
        "",
        "",
        "W6.feed",
    ),
    "no data": ("news/roof/index.html", "NewsArticle", "Article", "", "", "W6.data_kind"),
    "data of elsewhere": (
        "news/roof/index.html",
        f'"{ADDRESS}/share/',
        f'"{ADDRESS}/images/',
        "",
        "",
        "W6.data_address",
    ),
    "a picture of elsewhere": (
        "news/roof/index.html",
        f'og:image" content="{ADDRESS}/share/',
        'og:image" content="https://spy.example/share/',
        "",
        "",
        "C1.elsewhere",
    ),
}


@pytest.fixture(scope="module")
def look(news: TinySite) -> Look:
    return look_for(news, ADDRESS)


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_news_is_noticed(news: TinySite, look: Look, tmp_path: Path, name: str) -> None:
    """By the second look, which finds nothing wrong before."""
    copy = copy_of(news, tmp_path)
    path, old, new, old_end, new_end, code = SPOILED[name]
    assert_good(copy, look)
    spoil(copy / path, old, new)
    if old_end:
        spoil(copy / path, old_end, new_end)
    assert code in {problem.code for problem in look(copy)}
