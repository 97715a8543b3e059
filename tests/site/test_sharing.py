"""W6: what chats and search engines are told of a page comes from the content, and is safe."""

import json
from typing import Any

import pytest

from tests.site.test_good_site import read
from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import QUALIFIED, TinySite, make_site

ADDRESS = "https://house.example"
HOME, ABOUT = "index.html", "en/about/index.html"
# Spoiled one by one in test_verify.py: the file, what is changed, into what, the problem told.
SPOILED = {
    "W6, data that is no JSON": (HOME, '"@type": "NGO",', '"@type": "NGO"', "W6.data"),
    "W6, data of no vocabulary": (HOME, "https://schema.org", "https://x.example", "W6.data"),
    "W6, data with a bare <": (HOME, '"foundingDate": "1999"', '"foundingDate": "<"', "W6.data"),
    "W6, data with a bare &": (HOME, '"foundingDate": "1999"', '"foundingDate": "&"', "W6.data"),
    "W6, data with a bare >": (HOME, '"foundingDate": "1999"', '"foundingDate": ">"', "W6.data"),
    "W6, no data": (HOME, "application/ld+json", "x", "W6.data_kind"),
    "W6, data of another kind": (HOME, '"@type": "NGO"', '"@type": "Shop"', "W6.data_kind"),
    "W6, data on a page that has none": (
        ABOUT,
        "</head>",
        (
            '<script type="application/ld+json">'
            '{"@context": "https://schema.org", "@type": "NGO"}</script></head>'
        ),
        "W6.data_kind",
    ),
    "W6, data of an address that is not there": (
        HOME,
        f'"url": "{ADDRESS}/"',
        f'"url": "{ADDRESS}/x/"',
        "W6.data_address",
    ),
    "L3, a donation that nobody may ask for": (HOME, '"NGO"', '"DonateAction"', "L3.action"),
    "W6, a preview of another page": (
        ABOUT,
        f'og:url" content="{ADDRESS}/en/about/"',
        f'og:url" content="{ADDRESS}/about/"',
        "W6.preview",
    ),
    "W6, a preview without a title": (ABOUT, 'property="og:title"', "", "W6.preview"),
    "W6, a preview in another language": (
        ABOUT,
        'le" content="en_GB"',
        'le" content="zh_CN"',
        "W6.preview",
    ),
    "W6, a preview that says something else": (
        ABOUT,
        'og:description" content="Where',
        'og:description" content="There',
        "W6.preview",
    ),
    "C1, a preview with another picture": (
        ABOUT,
        f'og:image" content="{ADDRESS}/images/door.jpg',
        f'og:image" content="{ADDRESS}/images/child.jpg',
        "C1.elsewhere",
    ),
}


def data(site: TinySite, path: str) -> dict[str, Any] | None:
    """The page's JSON-LD, as a browser would cut it out; None when it has none."""
    _, found, rest = read(site, path).partition('<script type="application/ld+json">')
    if not found:
        return None
    block: dict[str, Any] = json.loads(rest.partition("</script>")[0])
    return block


def preview(site: TinySite, path: str) -> list[str]:
    """The lines of Open Graph, without what is the same in all of them."""
    lines = read(site, path).splitlines()
    return [line[len('<meta property="') : -2] for line in lines if 'property="og:' in line]


def test_the_home_page_says_who_the_organisation_is(built: TinySite) -> None:
    """In each language by its own name; what is not known is not said."""
    english = data(built, "en/index.html")
    assert english == {
        "@context": "https://schema.org",
        "@type": "NGO",
        "name": "Example House",
        "alternateName": ["示例之家", "示例", "Example"],
        "url": f"{ADDRESS}/en/",
        "foundingDate": "1999",
        "email": "hello@house.example",
    }
    chinese = data(built, "index.html")
    assert chinese is not None
    assert chinese["name"] == "示例之家"
    assert chinese["url"] == f"{ADDRESS}/"
    assert data(built, "about/index.html") is None


def test_what_becomes_known_is_said(site: TinySite) -> None:
    """Weibo, phone and address as soon as content/organisation.toml has them."""
    facts = 'weibo = "https://weibo.com/x"\nphone = "1 2"\naddress.zh = "甲"\naddress.en = "A"\n'
    site.edit("content/organisation.toml", "founded = 1999", facts)
    run = site.run("build")
    assert run.code == 0, run.said
    english = data(site, "en/index.html")
    assert english is not None
    assert english["sameAs"] == ["https://weibo.com/x"]
    assert (english["telephone"], english["address"]) == ("1 2", "A")
    assert "foundingDate" not in english


def test_only_a_page_that_may_ask_says_that_one_can_donate(site: TinySite) -> None:
    """L3: in the language in which the recipient may appeal, and by the recipient's legal name."""
    site.declare("qualified", QUALIFIED)
    site.edit("content/organisation.toml", '["zh", "en"]', '["en"]')
    run = site.run("build", SITE_URL=ADDRESS)
    assert run.code == 0, run.said
    assert data(site, "donate/index.html") is None
    english = data(site, "en/donate/index.html")
    assert english is not None
    assert english["@type"] == "DonateAction"
    assert english["target"] == f"{ADDRESS}/en/donate/"
    assert english["recipient"] == [{"@type": "NGO", "name": "Example House Foundation"}]


def test_nobody_declared_is_nobody_to_donate_to(built: TinySite) -> None:
    """L3, as shipped."""
    assert data(built, "donate/index.html") is None
    assert data(built, "en/donate/index.html") is None


TITLE = "Tea & cake </script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site whose one news item has a title that would end a careless script."""
    site = make_site(tmp_path_factory.mktemp("article") / "site")
    write_lists(site)
    site.picture()
    for code in ("zh", "en"):
        write_item(site, f"tea.{code}", "2026-03-05", "![](images/door.jpg)", title=TITLE + code)
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return site


def test_a_news_item_says_what_it_is(article: TinySite) -> None:
    """Whatever is in its title, nothing of it runs or ends the data before its end."""
    assert data(article, "en/news/tea/index.html") == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": f"{TITLE}en",
        "description": "About tea.en & <more>",
        "datePublished": "2026-03-05",
        "dateModified": "2026-03-05",
        "inLanguage": "en",
        "url": f"{ADDRESS}/en/news/tea/",
        "publisher": {"@type": "NGO", "name": "Example House", "url": f"{ADDRESS}/en/"},
        "image": f"{ADDRESS}/images/door.jpg",
    }
    assert read(article, "en/news/tea/index.html").count("<script") == 1


def test_a_preview_has_all_that_chats_ask_for(built: TinySite, article: TinySite) -> None:
    """Absolute addresses; a picture where the page has one; the kind of page."""
    assert preview(built, "en/about/index.html") == [
        'og:title" data-pagefind-meta="title[content]" content="About Example',
        'og:description" content="Where the house came from.',
        'og:type" content="website',
        f'og:url" content="{ADDRESS}/en/about/',
        'og:site_name" content="Example House',
        'og:locale" content="en_GB',
        'og:locale:alternate" content="zh_CN',
        f'og:image" content="{ADDRESS}/images/door.jpg',
    ]
    item = preview(article, "news/tea/index.html")
    assert 'og:type" content="article' in item
    assert f'og:image" content="{ADDRESS}/images/door.jpg' in item
    assert 'og:locale" content="zh_CN' in item
    assert preview(built, "404.html") == []
