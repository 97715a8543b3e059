"""C10: what was withdrawn leaves the site as it is served, file by file, in one process."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from plugins import search
from plugins.host_rules import FILES, gone
from plugins.identifying import files
from plugins.people import fingerprints
from plugins.people.withdrawals import Withdrawals, Withdrawn
from plugins.pictures import names_of
from plugins.problems import Problem
from plugins.safeguarding import illustration
from plugins.staff import taking_down
from plugins.staff.switching import NotOurs
from plugins.staff.taking_down import take_down
from tests.site.people import photo
from tests.site.tiny_site import ARABIC, ROOT, make_site

SERVED = Path("output")
HEAD = '<!doctype html><html lang="{}"><head><title>x</title>\n'
GONE_ZH = ("这篇故事已经撤下", "我们已撤下这篇故事，不再展示。")
GONE_EN = (
    "This story is no longer here",
    "We have taken this story down and no longer show it.",
)
OUT = {"zh-Hans": "这张照片已不再展示", "en": "This picture is no longer shown"}
Put = Callable[[str, str], Path]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Writes a file of the served site, which has its map and its theme."""
    make_site(tmp_path / "site")
    monkeypatch.chdir(tmp_path / "site")
    taking_down._say.cache_clear()

    def put(path: str, text: str) -> Path:
        file = SERVED / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    put("sitemap.xml", "<urlset></urlset>")
    put("theme/site.css", "")
    return put


def withdrawn(
    pictures: tuple[str, ...] = (), prints: tuple[str, ...] = (), stories: tuple[str, ...] = ()
) -> Withdrawals:
    day = date(2026, 11, 26)
    return Withdrawals((Withdrawn("C-1", day, pictures, prints, stories),))


def at(path: str) -> str:
    return (SERVED / path).read_text(encoding="utf-8")


def page(language: str, body: str) -> str:
    return HEAD.format(language) + body


def test_without_a_site_there_is_nothing_to_take_down(put: Put) -> None:
    """Unless a kill has left it aside; a folder that is none of ours stays as it is."""
    now = withdrawn(stories=("news/kite",))
    assert take_down(Path("none"), now) is None
    assert not Path("none").exists()
    put("news/kite/index.html", page("zh-Hans", "<main>x</main>"))
    SERVED.rename("output.old")
    assert take_down(SERVED, now) == []
    assert "data-gone" in at("news/kite/index.html")
    Path("mine").mkdir()
    Path("mine/letter.html").write_text("x")
    with pytest.raises(NotOurs):
        take_down(Path("mine"), now)


def test_with_nothing_to_take_down_all_stays_as_it_was(put: Put) -> None:
    """Byte for byte, with no rules for hosts and no illustration; begun builds go."""
    put("index.html", page("zh-Hans", '<img src="/images/a.jpg">'))
    before = {file: file.read_bytes() for file in SERVED.rglob("*") if file.is_file()}
    for name in ("output.next-1", "output.next-2", "output.other"):
        Path(name).mkdir()
    Path("output.next-file").write_text("none of ours")
    assert take_down(SERVED, withdrawn(("gone.jpg",), stories=("news/none",))) == []
    after = {file: file.read_bytes() for file in SERVED.rglob("*") if file.is_file()}
    added = {SERVED / name for name in FILES} | {SERVED / "theme/withdrawn.svg"}
    assert {file: data for file, data in after.items() if file not in added} == before
    assert take_down(SERVED, withdrawn()) == []
    left = ["output", "output.next-file", "output.other"]
    assert sorted(one.name for one in Path().glob("output*")) == left
    shutil.rmtree(SERVED)
    put("sitemap.xml", "")
    assert take_down(SERVED, withdrawn()) == []
    assert [one.name for one in SERVED.iterdir()] == ["sitemap.xml"]


def test_a_namesake_in_another_place_stays(put: Put) -> None:
    """A story among the pages, and a news item of the same key: one of them was withdrawn."""
    for path, language in (
        *(("", "zh-Hans"), ("news/", "zh-Hans"), ("en/", "en")),
        *(("kite/", "zh-Hans"), ("en/kite/", "en"), ("news/kite/", "zh-Hans")),
    ):
        put(f"{path}index.html", page(language, "<main>x</main>"))
    news = "<url><loc>https://x.example/news/kite/</loc></url>\n"
    url = "<url><loc>https://x.example{}/kite/</loc></url>\n"
    put("sitemap.xml", f"<urlset>\n{url.format('')}{news}{url.format('/en')}</urlset>")
    assert take_down(SERVED, withdrawn(stories=("kite",))) == []
    assert "data-gone" in at("kite/index.html")
    assert "data-gone" in at("en/kite/index.html")
    assert "data-gone" not in at("news/kite/index.html")
    assert at("sitemap.xml") == f"<urlset>\n{news}</urlset>"


SHOWN = {
    '<p><img class="a" src="/images/kite.jpg" alt="x" width="1"></p>': "<p>{}</p>",
    '<img src="/images/kite.jpg"><img src="/images/Big.PNG">': "{}{}",
    '<img src="https://x.example/images/kite.jpg">': "{}",
    '<img src="/images/door.jpg"><p>kite.jpg</p>': '<img src="/images/door.jpg"><p>kite.jpg</p>',
    '<meta property="og:image" content="https://x.example/images/kite.jpg">\n<b>': "<b>",
    '<picture><source srcset="/images/kite.jpg 2x"><img src="/images/kite.jpg"></picture>': (
        "<picture>{}</picture>"
    ),
    '<figure><picture><img src="/images/kite.jpg.480.webp"></picture>\n<figcaption>A child'
    '</figcaption></figure><figure><img src="/images/door.jpg"><figcaption>A door</figcaption>'
    '</figure><figure id="a"><img src="/images/Big.PNG"></figure>': (
        '<figure>{}</figure><figure><img src="/images/door.jpg"><figcaption>A door</figcaption>'
        '</figure><figure id="a">{}</figure>'
    ),
    '<a href="/images/kite.jpg">x</a>': '<a href="/theme/withdrawn.svg">x</a>',
    '<a href="/images/kite.jpg.480.webp">x</a>': '<a href="/theme/withdrawn.svg">x</a>',
    "<p>/images/kiteXjpg</p>": "<p>/images/kiteXjpg</p>",
    '<meta name="x" content="/images/door.jpg">\n': '<meta name="x" content="/images/door.jpg">\n',
}


def test_a_picture_goes_by_its_name_and_by_its_looks(put: Put) -> None:
    """Whatever shows it, in pages and lists; something neutral says so in the page's language."""
    for path in ("images/kite.jpg", "images/Big.PNG", "images/door.jpg", "images/kite.txt"):
        put(path, "")
    photo(7).save(SERVED / "images/Big.PNG")
    put("en/images/kite.jpg", "")
    looks = fingerprints.of(SERVED / "images/Big.PNG") or ""
    for code, said in OUT.items():
        put(f"{code}/index.html", page(code, "|".join(SHOWN)))
        assert said
    put("feed.xml", '<html lang="en">' + "|".join(SHOWN))
    put("bare.txt", "/images/kite.jpg 甲")
    put("site.css", "/images/kite.jpg")
    (SERVED / "bad.html").write_bytes(b'\xff<img src="/images/kite.jpg">')
    assert take_down(SERVED, withdrawn(("kite.jpg",), (looks,))) == []
    for code, said in OUT.items():
        instead = illustration(said)
        wanted = "|".join(SHOWN.values()).replace("{}", instead)
        assert at(f"{code}/index.html") == page(code, wanted)
    assert at("feed.xml") == '<html lang="en">' + wanted
    assert at("bare.txt") == "/theme/withdrawn.svg 甲"
    assert at("site.css") == "/images/kite.jpg"
    assert at("bad.html") == f"\ufffd{illustration(OUT['zh-Hans'])}"
    assert sorted(one.name for one in (SERVED / "images").iterdir()) == ["door.jpg", "kite.txt"]
    assert not (SERVED / "en/images/kite.jpg").exists()
    shown = (ROOT / "theme/static/withdrawn.svg").read_bytes()
    assert (SERVED / "theme/withdrawn.svg").read_bytes() == shown
    names = sorted(one for name in ("Big.PNG", "kite.jpg") for one in names_of(name))
    rules = [gone(f"/images/{name}", "/404.html") for name in names]
    for name, host in FILES.items():
        assert at(name) == host.text(rules, "")


def test_a_document_that_shows_a_picture_goes(put: Put) -> None:
    """Whole, since it cannot be changed; hosts say so. Others stay."""
    for name, seed in (("report", 7), ("other", 8)):
        put(f"documents/{name}.pdf", "")
        photo(seed).save(SERVED / f"documents/{name}.pdf")
    photo(7).save("kite.png")
    now = withdrawn(prints=(fingerprints.of(Path("kite.png")) or "",))
    assert take_down(SERVED, now) == []
    assert [one.name for one in (SERVED / "documents").iterdir()] == ["other.pdf"]
    for name, host in FILES.items():
        assert at(name) == host.text([gone("/documents/report.pdf", "/404.html")], "")


PREVIEW = (
    '<meta property="og:image" content="https://x.example/images/{}">\n'
    '<meta property="og:image:width" content="1440">\n'
    '<meta property="og:image:alt" content="A child with a kite">\n'
    '<meta name="twitter:card" content="summary_large_image">\n'
)


def test_what_a_chat_is_told_of_a_picture_goes_with_it(put: Put) -> None:
    """Its size, its words and the room for it; of another picture they stay."""
    title = '<meta property="og:title" content="News">\n'
    put("images/kite.jpg", "")
    for path, name in (("gone", "kite.jpg.1440.jpg"), ("kept", "door.jpg.1440.jpg")):
        put(f"{path}/index.html", page("en", f"{title}{PREVIEW.format(name)}<main>x</main>"))
    assert take_down(SERVED, withdrawn(("kite.jpg",))) == []
    assert at("gone/index.html") == page("en", f"{title}<main>x</main>")
    there = PREVIEW.format("door.jpg.1440.jpg")
    assert at("kept/index.html") == page("en", f"{title}{there}<main>x</main>")


def lost(language: str, *more: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><title a="1">Lost\nhere</title>'
        f'<meta name="description" a="b" content="Lost"><meta name="author" content="Lost">'
        f"{''.join(more)}</head><body>\n<header>x</header>"
        f'<main id="main">\n<h1>Lost</h1>\n<main>\n</main><svg><title>y</title></svg></body></html>'
    )


def stone(language: str, title: str, said: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><title a="1">{title}</title>'
        f'<meta name="description" a="b" content="{said}"><meta name="author" content="Lost">'
        f"</head><body>\n<header>x</header>"
        f'<main id="main"><article class="prose" data-gone>\n<h1>{title}</h1>\n<p>{said}</p>\n'
        f"</article></main><svg><title>y</title></svg></body></html>"
    )


def test_a_story_gives_way_to_the_lost_visitors_page(put: Put) -> None:
    """The nearest above it, in the page's own language, with what is said of it instead."""
    put("404.html", lost("zh-Hans"))
    put("en/404.html", lost("en"))
    put("news/kite/index.html", page("zh-Hans", "Kite"))
    put("en/news/kite/index.html", page("en", "Kite"))
    put("zz/news/kite/index.html", page("en", "Kite"))
    put("deep/en/news/kite/index.html", page("en", "Kite"))
    put("late/index.html", page("xx", "Late"))
    (SERVED / "late/index.html").write_bytes(b"\xff" + page("zh-Hant", "Late").encode())
    assert take_down(SERVED, withdrawn(stories=("news/kite", "late"))) == []
    assert at("news/kite/index.html") == stone("zh-Hans", *GONE_ZH)
    assert at("en/news/kite/index.html") == stone("en", *GONE_EN)
    assert at("zz/news/kite/index.html") == stone("zh-Hans", *GONE_EN)
    assert at("late/index.html") == stone("zh-Hans", *GONE_ZH)
    assert at("deep/en/news/kite/index.html") == page("en", "Kite")
    paths = ["/late/", "/en/news/kite/", "/news/kite/", "/zz/news/kite/"]
    for name, host in FILES.items():
        assert at(name) == host.text([gone(one, one) for one in paths], "")


def test_without_such_a_page_something_bare_says_so(put: Put) -> None:
    """In Chinese or in English, as the page was, also when the languages cannot be read."""
    Path("content/site.toml").write_text("[[language", encoding="utf-8")
    said = {"zh-Hans": GONE_ZH, "zh-Hant": GONE_ZH, "en": GONE_EN, "fr": GONE_EN}
    for code in said:
        put(f"{code}/news/kite/index.html", page(code, "Kite"))
    put("news/kite/index.html", "Kite")
    assert take_down(SERVED, withdrawn(stories=("news/kite",))) == []
    for path, (title, text) in {
        **{f"{code}/": one for code, one in said.items()},
        "": GONE_ZH,
    }.items():
        assert at(f"{path}news/kite/index.html") == (
            '<!doctype html><html lang="zh-Hans"><meta charset="utf-8">'
            f'<title>{title}</title><meta name="robots" content="noindex">'
            f'<main><article class="prose" data-gone>\n<h1>{title}</h1>\n<p>{text}</p>\n'
            "</article></main></html>"
        )


def test_a_language_has_its_own_words(put: Put) -> None:
    """Those that the site says that it has, by their tags."""
    site = Path("content/site.toml")
    site.write_text(site.read_text(encoding="utf-8") + ARABIC, encoding="utf-8")
    Path("content/locale").mkdir()
    words = "".join(
        f'msgid "{one}"\nmsgstr "{said}"\n\n'
        for one, said in (("story.gone.title", "مثال <1>"), ("picture.out", "مثال 2"))
    )
    Path("content/locale/ar.po").write_text(words, encoding="utf-8")
    put("ar/news/kite/index.html", page("ar", "Kite"))
    image, link = '<img src="/images/kite.jpg">', '<a href="/ar/news/kite/">{}</a>'
    put("ar/index.html", page("ar", image + link.format("Kite")))
    assert take_down(SERVED, withdrawn(("kite.jpg",), stories=("news/kite",))) == []
    stone = at("ar/news/kite/index.html")
    assert "<title>مثال &lt;1&gt;</title>" in stone
    assert f"<h1>مثال &lt;1&gt;</h1>\n<p>{GONE_EN[1]}</p>" in stone
    told = str(illustration("مثال 2")) + link.format("مثال &lt;1&gt;")
    assert at("ar/index.html") == page("ar", told)


ITEM = '<article class="item">{}<a class="b" href="/news/{}/">The\n<b>kite</b></a>{}</article>\n'


def test_a_story_leaves_every_list_and_its_title_every_link(put: Put) -> None:
    """News, feed and map lose that part alone; a link elsewhere says that it is gone."""
    put("news/kite/index.html", page("zh-Hans", '<a href="/news/kite/">mine</a>'))
    items = [ITEM.format("a", one, "\n") for one in ("door", "kite", "kites")]
    put("news/index.html", page("en", "".join(items)))
    entries = [f"<entry>\n<id>https://x/news/{one}/</id>\n</entry>\n" for one in ("kite", "door")]
    put("feed.xml", "<feed>\n" + "".join(entries))
    urls = [f'<url><loc>https://x/news/{one}/</loc><a href="x"/></url>\n' for one in ("a", "kite")]
    put("sitemap.xml", "".join(urls) + "</urlset>")
    link = '<a href="/news/kite/" rel="x">The\n<b>kite</b></a> <a href="/about/">The kite</a>'
    link += '<a href="/en/news/kite/">Kite</a>'
    put("en/news/kite/index.html", page("en", ""))
    put("about/index.html", page("en", link))
    put("work/index.html", page("zh-Hans", link))
    put("a.js", link)
    assert take_down(SERVED, withdrawn(stories=("news/kite",))) == []
    assert at("news/index.html") == page("en", items[0] + items[2])
    assert at("feed.xml") == "<feed>\n" + entries[1]
    assert at("sitemap.xml") == urls[0] + "</urlset>"
    told = '<a href="/news/kite/" rel="x">{0}</a> <a href="/about/">The kite</a>'
    told += '<a href="/en/news/kite/">{0}</a>'
    assert at("about/index.html") == page("en", told.format(GONE_EN[0]))
    assert at("work/index.html") == page("zh-Hans", told.format(GONE_ZH[0]))
    assert at("a.js") == link
    assert "mine" not in at("news/kite/index.html")


def test_the_cards_of_a_story_go_with_it(put: Put) -> None:
    """In every language: its title is drawn on them. Those of other pages stay."""
    kept = ("zh/news/kites", "zh/kite", "en/about")
    for card in ("zh/news/kite", "en/news/kite", *kept):
        put(f"share/{card}.0a1b2c.jpg", "")
    put("news/kite/index.html", page("en", "Kite"))
    assert take_down(SERVED, withdrawn(stories=("news/kite",))) == []
    left = {file.relative_to(SERVED).as_posix() for file in SERVED.rglob("*.jpg")}
    assert left == {f"share/{card}.0a1b2c.jpg" for card in kept}


def test_what_is_left_all_the_same_is_told(put: Put) -> None:
    """And the rest goes: there is less of it."""
    put("images/kite.jpg", "")
    put("app.xml", "a/news/kite/b")
    put("news/kite/index.html", page("en", "Kite"))
    found = take_down(SERVED, withdrawn(("kite.jpg",), stories=("news/kite",)))
    assert found == [Problem("C10.shown", "/app.xml")]
    assert not (SERVED / "images/kite.jpg").exists()


def test_rules_that_are_there_are_kept(put: Put) -> None:
    """Each new one is added once, however often the command is given."""
    put("news/kite/index.html", page("en", "Kite"))
    rule, other = gone("/news/kite/", "/news/kite/"), gone("/old/", "/404.html")
    for name, host in FILES.items():
        put(name, host.text([other], ""))
    for _ in range(2):
        assert take_down(SERVED, withdrawn(stories=("news/kite",))) == []
        for name, host in FILES.items():
            assert at(name) == host.text([other, rule], "")


def test_the_search_knows_no_caption_of_a_picture(put: Put) -> None:
    """Its index is made anew as well when a picture goes and its page stays."""
    put("images/kite.jpg", "")
    shown = '<figure><img src="/images/kite.jpg"><figcaption>Flyingkite</figcaption></figure>'
    put("about/index.html", page("en", f"<main data-pagefind-body><h1>About</h1>{shown}</main>"))
    assert search.index(SERVED) == ""
    assert "Flyingkite" in searched()
    assert take_down(SERVED, withdrawn(("kite.jpg",))) == []
    assert "About" in searched()
    assert "Flyingkite" not in searched()


def searched() -> str:
    return "".join(map(files.said, SERVED.glob("pagefind/fragment/*.pf_fragment")))


BREAKING_OFF = """
import sys
from pathlib import Path

folder = Path(sys.argv[sys.argv.index("--output-path") + 1])
folder.mkdir()
(folder / "half.pf_fragment").touch()
sys.exit("no room")
"""


def test_the_search_tells_no_more(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its index is made anew; where that cannot be, there is rather none than one that tells."""
    marked = "<main data-pagefind-body><h1>The kite</h1></main>"
    put("news/kite/index.html", page("en", marked))
    put("about/index.html", page("en", marked.replace("kite", "door")))
    (SERVED / "bad.html").write_bytes(b"\xff")
    now = withdrawn(stories=("news/kite",))
    assert take_down(SERVED, now) == []
    assert not (SERVED / search.FOLDER).exists()
    put("pagefind/old.pf_fragment", "Kite")
    assert take_down(SERVED, now) == []
    assert (SERVED / "pagefind/pagefind-entry.json").exists()
    assert not (SERVED / "pagefind/old.pf_fragment").exists()
    Path("pagefind.py").write_text(BREAKING_OFF, encoding="utf-8")
    assert take_down(SERVED, now) == []
    assert not (SERVED / search.FOLDER).exists()
    put("pagefind/old.pf_fragment", "Kite")
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert take_down(SERVED, now) == []
    assert not (SERVED / search.FOLDER).exists()
    assert take_down(SERVED, now) == []
    assert not (SERVED / search.FOLDER).exists()
