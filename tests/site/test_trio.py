"""A site in French, Chinese and English from content alone, and what stands in for what is missing.

``tests/sites/trio`` is a charity that does not exist. French is its first language; the theme and
the portal have no French words.
"""

import re
from pathlib import Path

import feedparser
import pytest

from tests.site.second_look import Look, assert_noticed, copy_of, look_for, spoil
from tests.site.tiny_site import SIDECAR, TRIO, Run, TinySite, make_site

ADDRESS = "https://phare.example"
STAND_IN, TRANSLATED = "zh/about/index.html", "en/news/lampe/index.html"


@pytest.fixture(scope="module")
def trio(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, Run]:
    """The site, built once, and what was said."""
    site = make_site(tmp_path_factory.mktemp("trio") / "site", TRIO)
    site.picture(sidecar=f'{SIDECAR}alt.fr = "Une porte bleue"\n')
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return site, run


def read(site: TinySite, path: str) -> str:
    return (site.output / path).read_text(encoding="utf-8")


def hreflang(page: str) -> dict[str, str]:
    found = re.findall(r'<link rel="alternate" hreflang="(\S+)" href="(\S+)"', page)
    assert len(found) == len(dict(found))
    return dict(found)


def test_french_stands_at_the_root(trio: tuple[TinySite, Run]) -> None:
    """Its words are the organisation's own file, the menu and the name are in each language."""
    site, _ = trio
    home, english, chinese = (read(site, f"{at}index.html") for at in ("", "en/", "zh/"))
    assert '<html lang="fr" dir="ltr">' in home
    assert "Aller au contenu" in home
    assert ">Notre phare</a>" in home
    assert ">我们的灯塔</a>" in chinese
    assert '"og:site_name" content="Friends of the Imaginary Lighthouse"' in english
    assert '"og:site_name" content="虚构灯塔之友"' in chinese
    assert '<time datetime="2020-01-02">2 janvier 2020</time>' in read(
        site, "news/lampe/index.html"
    )
    assert 'alt="Une porte bleue"' in read(site, "about/index.html")
    assert hreflang(home) == {
        "fr": f"{ADDRESS}/",
        "zh-Hans": f"{ADDRESS}/zh/",
        "en": f"{ADDRESS}/en/",
        "x-default": f"{ADDRESS}/",
    }


def test_what_a_language_lacks_is_told(trio: tuple[TinySite, Run]) -> None:
    """None of it stops anybody: words of the theme, mails, texts of the TOML files."""
    _, run = trio
    run.tells("language.messages", "content/locale/fr.po")
    run.tells("language.mails", "content/site.toml")
    run.tells("language.text", "content/donations.toml")
    assert "“default_currency” has no text in “en”" in run.said
    assert "✗" not in run.said


def test_the_source_stands_in_for_a_missing_page_and_says_so(trio: tuple[TinySite, Run]) -> None:
    """The notice is the reader's, the text is marked as French, machines get the original."""
    site, run = trio
    run.tells("translation.missing", "content/pages/about.fr.md")
    page = read(site, STAND_IN)
    assert '<html lang="zh-Hans" dir="ltr">' in page
    assert "本页还没有译文，以下是法语原文。" in page
    assert '<title lang="fr" dir="ltr">Notre phare · Phare Imaginaire</title>' in page
    assert '<article class="prose" lang="fr" dir="ltr">' in page
    assert '<h2 id="la-lampe">' in page
    assert 'alt="Une porte bleue"' in page
    assert f'<link rel="canonical" href="{ADDRESS}/about/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<meta property="og:locale" content="fr_FR">' in page
    assert f'<meta property="og:url" content="{ADDRESS}/about/">' in page
    assert hreflang(page) == {}
    assert f"{ADDRESS}/zh/about/" not in read(site, "sitemap.xml")
    assert hreflang(read(site, "about/index.html")).keys() == {"fr", "x-default"}
    assert hreflang(read(site, "visitors/index.html")) == {}
    assert "in French" in read(site, "en/about/index.html")
    assert "en anglais" in read(site, "visitors/index.html")


def test_the_switch_says_what_waits_behind_it(trio: tuple[TinySite, Run]) -> None:
    """To the stand-in, with the language of its text; a news item's to the list of news."""
    site, _ = trio
    about, storm = read(site, "about/index.html"), read(site, "news/tempete/index.html")
    marked = (
        '<a href="/en/about/" lang="en" hreflang="fr">English <small lang="fr">(Français)</small>'
    )
    assert marked in about
    assert '<a href="/en/news/" lang="en" hreflang="en">English</a>' in storm
    assert '<a href="/about/" lang="fr" hreflang="fr">Français</a>' in read(site, STAND_IN)


def test_links_lead_to_the_readers_language(trio: tuple[TinySite, Run]) -> None:
    """Whichever file was named; else to the source, with its language; queries and anchors stay."""
    site, _ = trio
    english, chinese = read(site, "en/index.html"), read(site, "zh/index.html")
    assert '<a href="/en/help/">help</a>' in english
    assert '<a href="/en/about/#la-lampe" hreflang="fr">The lamp</a>' in english
    assert '<a href="/news/tempete/" hreflang="fr">the storm</a>' in english
    assert '<a href="/en/visitors/?from=home#the-boat">' in english
    assert '<a href="/zh/about/#la-lampe" hreflang="fr">这盏灯</a>' in chinese
    assert '<a href="/about/#la-lampe">La lampe</a>' in read(site, "index.html")
    assert '<a href="/zh/help/">comment aider</a>' in read(site, STAND_IN)


def test_links_in_the_head_of_a_translation_are_links(tmp_path: Path) -> None:
    """A summary with a link, and a link at any depth; Pelican leaves both raw in a translation."""
    site = make_site(tmp_path / "site", TRIO)
    site.edit("content/pages/about.fr.md", "![](images/door.jpg)", "")
    shown = "{{ page.summary }}{{ page.deep[0].to }}{{ page.content }}"
    site.edit("theme/templates/home.html", "{{ page.content }}", shown)
    for language in ("fr", "zh", "en"):
        site.edit(
            f"content/pages/home.{language}.md",
            "headline:",
            'deep: [{to: "{filename}help.fr.md"}]\nheadline:',
        )
    run = site.run("build")
    assert run.code == 0, run.said
    english, chinese = read(site, "en/index.html"), read(site, "zh/index.html")
    assert "See [the lamp](/en/about/#la-lampe) and [help](/en/help/)./en/help/" in english
    assert "请看[这盏灯](/zh/about/#la-lampe)。/zh/help/" in chinese


def test_feeds_know_nothing_of_stand_ins(trio: tuple[TinySite, Run]) -> None:
    """Each has what was written in its language."""
    site, _ = trio
    titles = {}
    for at in ("", "zh/", "en/"):
        feed = feedparser.parse(read(site, f"{at}feed.xml"))
        assert not feed.bozo
        titles[at] = [entry.title for entry in feed.entries]
    assert titles == {
        "": ["La tempête", "Une lampe neuve"],
        "zh/": ["换了新灯"],
        "en/": ["A new lamp"],
    }


SPOILED = {
    "a stand-in that names itself as the original": (
        STAND_IN,
        f'"canonical" href="{ADDRESS}/about/"',
        f'"canonical" href="{ADDRESS}/zh/about/"',
        "W1.fallback",
    ),
    "a stand-in that may be found": (STAND_IN, '"noindex"', '"all"', "W1.fallback"),
    "a stand-in without its notice": (STAND_IN, ' data-written-in="fr"', "", "W1.fallback"),
    "a stand-in with an unmarked text": (
        STAND_IN,
        '<article class="prose" lang="fr" dir="ltr">',
        "<article>",
        "W1.script",
    ),
    "a stand-in with an unmarked heading": (
        "en/about/index.html",
        '<article class="prose" lang="fr" dir="ltr">',
        "<article>",
        "W1.fallback",
    ),
    "a stand-in with an unmarked title": (
        STAND_IN,
        '<title lang="fr" dir="ltr">',
        "<title>",
        "W1.fallback",
    ),
    "a stand-in that chats take for Chinese": (STAND_IN, "fr_FR", "zh_CN", "W1.fallback"),
    "a stand-in with sisters": (
        STAND_IN,
        "</title>",
        f'</title><link rel="alternate" hreflang="fr" href="{ADDRESS}/about/">',
        "W1.fallback",
    ),
    "a stand-in in the search": (STAND_IN, "<main ", "<main data-pagefind-body ", "W1.fallback"),
    "a stand-in where there is a translation": (
        TRANSLATED,
        "<main ",
        '<main data-written-in="fr" ',
        "W1.fallback",
    ),
    "a page in another language than its folder's": (
        "en/privacy/index.html",
        "Nothing at all, since neither the lighthouse",
        "灯塔和访客都只存在于这几页文字之中，所以我们对访客一无所知" * 2,
        "W1.script",
    ),
    "a switch to the home page": (
        "privacy/index.html",
        'href="/en/privacy/"',
        'href="/en/"',
        "W1.switch",
    ),
    "a switch that hides what waits": (
        "about/index.html",
        'lang="en" hreflang="fr"',
        'lang="en" hreflang="en"',
        "W1.switch",
    ),
    "no switch": ("privacy/index.html", 'lang="en" hreflang="en"', "", "W1.switch"),
    "a sitemap with other sisters": (
        "sitemap.xml",
        f'hreflang="en" href="{ADDRESS}/en/privacy/"',
        f'hreflang="en" href="{ADDRESS}/en/"',
        "W1.sitemap",
    ),
    "hreflang that is not answered": (
        "en/privacy/index.html",
        f'hreflang="fr" href="{ADDRESS}/privacy/"',
        f'hreflang="fr" href="{ADDRESS}/work/"',
        "W1.hreflang",
    ),
    "x-default to a translation": (
        "en/privacy/index.html",
        f'hreflang="x-default" href="{ADDRESS}/privacy/"',
        f'hreflang="x-default" href="{ADDRESS}/en/privacy/"',
        "W1.hreflang",
    ),
}


@pytest.fixture
def copy(trio: tuple[TinySite, Run], tmp_path: Path) -> Path:
    return copy_of(trio[0], tmp_path)


@pytest.fixture(scope="module")
def look(trio: tuple[TinySite, Run]) -> Look:
    return look_for(trio[0], ADDRESS)


@pytest.mark.parametrize("name", SPOILED)
def test_a_dishonest_page_is_noticed(copy: Path, look: Look, name: str) -> None:
    """From the content files and the built pages alone."""
    assert_noticed(copy, look, SPOILED[name])


@pytest.mark.parametrize("marked", ['<p lang="zh-Hans">{}</p>', "<pre><code>{}</code></pre>"])
def test_a_passage_in_another_language_is_excused(copy: Path, look: Look, marked: str) -> None:
    """If it is marked; and code is no language."""
    passage = marked.format("灯塔和访客都只存在于这几页文字之中，" * 5)
    spoil(copy / "en" / "privacy" / "index.html", "</main>", f"{passage}</main>")
    assert look(copy) == []
