"""A language is added as the guide says, step by step, and is right at each of them.

The site is the Chinese and English one of ``tests/sites/base``; Arabic comes along, since a script
that runs the other way is one more entry too.
"""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from donations_api.errors import FileWrong
from donations_api.frame import load_frame
from plugins import exposure
from plugins.arrangement import check
from plugins.exceptions import Exceptions
from plugins.identifying import Detector, names
from tests.site.tiny_site import ARABIC, ROOT, TRIO, Run, TinySite, make_site

GUIDES = {language: ROOT / "docs" / f"languages.{language}.md" for language in ("zh", "en")}
SITE = "content/site.toml"


def blocks(guide: Path) -> list[str]:
    """The pieces of TOML that the guide has its reader write."""
    return re.findall(r"```toml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)


def write_entries(site: TinySite, fallback: str = "") -> None:
    """Step 1, with labels for the menu."""
    entry, _ = blocks(GUIDES["en"])
    site.edit(SITE, 'locale = "en_GB"\n', f'locale = "en_GB"\n\n{entry}{ARABIC}')
    for label, french, arabic in (
        ("About Example", "À propos", "من نحن"),
        ("Privacy", "Confidentialité", "الخصوصية"),
    ):
        english = f'label.en = "{label}"'
        words = f'{english}\nlabel.fr = "{french}"\nlabel.ar = "{arabic}"'
        site.edit(SITE, english, words)
    file = site.folder / SITE
    file.write_text(file.read_text("utf-8") + fallback, encoding="utf-8")


def write_words(site: TinySite) -> None:
    """Step 2; a little Arabic, and an organisation's own wording of what the theme says."""
    (site.folder / "content/locale").mkdir()
    shutil.copy(TRIO / "content/locale/fr.po", site.folder / "content/locale/fr.po")
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    closed = 'msgid "closed.undeclared.text"\nmsgstr "لا يمكن التبرع عبر الإنترنت حتى الآن."\n'
    site.write("content/locale/ar.po", head + closed)
    site.write("content/locale/en.po", f'{head}msgid "frame.donate"\nmsgstr "Chip in"\n')


def write_home(site: TinySite, language: str, title: str) -> None:
    """Step 3."""
    english = (site.folder / "content/pages/home.en.md").read_text(encoding="utf-8")
    page = english.replace("Example House", title).replace("[Example, House]", f"[{title}]")
    page = page.replace("#the-roof", "#屋顶")  # of the Chinese page, which is shown so far
    site.write(f"content/pages/home.{language}.md", page)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, Run]:
    """The site after step 3, with news that stand in for each other too."""
    site = make_site(tmp_path_factory.mktemp("grown") / "site")
    write_entries(site, "\n[fallback]\nnews = true\n")
    write_words(site)
    write_home(site, "fr", "Maison Exemple")
    write_home(site, "ar", "بيت المثال")
    site.write(
        "content/pages/search.zh.md", "---\ntitle: 搜索\ndescription: 找。\n---\n\n写一个词。\n"
    )
    head = "---\ntitle: {}\ndescription: {}。\n{}---\n\n今天屋顶重新刷成了蓝色，门也刷了。\n"
    site.write("content/pages/news.zh.md", head.format("动态", "近来的事", ""))
    site.write("content/news/roof.zh.md", head.format("屋顶", "屋顶的事", "date: 2020-01-02\n"))
    run = site.run("build", "--demo", "--site-url", "http://127.0.0.1:8765")
    assert run.code == 0, run.said
    return site, run


def read(site: TinySite, path: str) -> str:
    return (site.output / path).read_text(encoding="utf-8")


def test_both_guides_say_the_same() -> None:
    """The steps, and what is to be written in them."""
    chinese, english = (GUIDES[language].read_text(encoding="utf-8") for language in ("zh", "en"))
    assert blocks(GUIDES["zh"]) == blocks(GUIDES["en"])
    assert len(re.findall(r"^## \d\. ", chinese, re.MULTILINE)) == 5
    assert len(re.findall(r"^## \d\. ", english, re.MULTILINE)) == 5
    for name in ("content/locale/fr.po", "donations_api/locale/fr.po", "home.fr.md", "appeals_in"):
        assert name in chinese
        assert name in english


def test_what_the_guide_says_of_fallback_is_what_holds_without_it() -> None:
    """So that nobody has to write it."""
    _, written = blocks(GUIDES["en"])
    without = load_frame(ROOT / "tests/sites/base/content", ROOT / "theme")
    assert written.split() == ["[fallback]", "pages", "=", "true", "news", "=", "false"]
    assert without.fallback == {"pages"}


def test_a_language_without_words_is_told(site: TinySite, refused: Callable[..., Run]) -> None:
    """Step 1 alone: where the words belong, and which label is missing."""
    write_entries(site)
    site.edit(SITE, 'label.fr = "À propos"\n', "")
    run = refused()
    run.tells("language.catalog", "content/locale/fr.po")
    run.tells("menu.label", SITE)


def test_the_words_that_are_copied_may_lie_in_the_content(tmp_path: Path) -> None:
    """Step 2 as it is written: the example of an address in them is nobody's."""
    shutil.copy(ROOT / "theme/locale/en.po", tmp_path / "fr.po")
    detector = Detector.of_site({}, names.NOBODY, date(2026, 6, 1))
    assert list(exposure.check(tmp_path, detector, Exceptions())) == []


def test_the_search_among_texts_of_another_language_is_the_readers(
    grown: tuple[TinySite, Run],
) -> None:
    """Its title and its prose are Chinese, and marked so; what is typed into is French."""
    page = read(grown[0], "fr/search/index.html")
    assert '<header class="opening" lang="zh-Hans" dir="ltr"><h1>搜索' in page
    assert '<div lang="zh-Hans" dir="ltr"><p>写一个词。</p>' in page


def test_after_the_first_page_all_pages_are_there(grown: tuple[TinySite, Run]) -> None:
    """Step 3: the menu leads to each of them, in French, and to the news in the end."""
    site, run = grown
    home = read(site, "fr/index.html")
    assert '<html lang="fr" dir="ltr">' in home
    assert ">À propos</a>" in home
    assert "Cette page n’est pas encore traduite" not in home
    for page in ("about", "work", "help", "donate", "privacy", "news", "news/roof"):
        shown = read(site, f"fr/{page}/index.html")
        assert "Cette page n’est pas encore traduite en français." in shown
        assert "en chinois" in shown
    assert "Cette page" in read(site, "fr/404.html")
    run.tells("translation.missing", "content/pages/about.zh.md")
    assert "Chip in" in read(site, "en/index.html")


def test_a_form_among_texts_of_another_language_is_the_readers(
    grown: tuple[TinySite, Run],
) -> None:
    """The donation page: its prose is Chinese, what it says of giving is French."""
    page = read(grown[0], "fr/donate/index.html")
    assert '<header class="opening" lang="zh-Hans" dir="ltr"><h1>' in page
    assert "Aucun don n’est demandé sur cette page" in page


def test_a_news_item_that_stands_in_is_marked_and_not_listed(grown: tuple[TinySite, Run]) -> None:
    """Its day and the way back are the reader's; JSON-LD names the text's language."""
    site, _ = grown
    page = read(site, "en/news/roof/index.html")
    assert '<article class="prose" lang="zh-Hans" dir="ltr">' in page
    assert '<p class="dated" lang="en" dir="ltr" ' in page
    assert '"inLanguage": "zh-Hans"' in page
    assert '"url": "http://127.0.0.1:8765/news/roof/"' in page
    assert "roof" not in read(site, "en/news/index.html").partition("<main")[2]
    assert "/en/news/roof/" not in read(site, "feed.xml")
    assert not (site.output / "en" / "feed.xml").exists()


def test_arabic_runs_from_right_to_left(grown: tuple[TinySite, Run]) -> None:
    """The page, and in it the parts that do not."""
    site, _ = grown
    assert '<html lang="ar" dir="rtl">' in read(site, "ar/index.html")
    assert 'lang="zh-Hans" dir="ltr"' in read(site, "ar/about/index.html")


def test_the_stylesheet_knows_no_left_and_no_right() -> None:
    """Logical properties only, so that the layout turns with the script."""
    css = (ROOT / "theme/static/site.css").read_text(encoding="utf-8")
    assert one_sided(css) == []


@pytest.mark.parametrize(
    "rule",
    [
        "margin-left: 1rem",
        "border-right: 0",
        "left: 0",
        "text-align: right",
        "padding: 1rem 2rem 1rem 3rem",
        "margin: 0 0 0 auto",
        "float: right",
    ],
)
def test_a_side_in_the_stylesheet_would_be_found(rule: str) -> None:
    assert one_sided(f".x {{ {rule}; }}")


def one_sided(css: str) -> list[str]:
    """Declarations that would not turn. What floats over the whole width has no side."""
    found = re.findall(
        r"[{;]\s*((?:(?:margin|padding|border|scroll-margin)-)?(?:left|right)\b[^:;]*:[^;}]*)", css
    )
    found += re.findall(r"text-align:\s*(?:left|right)", css)
    found += re.findall(r"float:\s*(?:left|right)(?!; width: 100%)", css)
    for name, value in re.findall(r"\b(margin|padding|inset):([^;}]*)", css):
        sides = re.findall(r"(?:[a-z-]+\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\s(])+", value)
        if len(sides) == 4 and sides[1] != sides[3]:
            found.append(f"{name}:{value}")
    return found


def test_a_menu_that_leads_nowhere_is_refused(site: TinySite, refused: Callable[..., Run]) -> None:
    """Without stand-ins, a page of the menu has to be translated."""
    (site.folder / "content/pages/about.en.md").unlink()
    file = site.folder / SITE
    file.write_text(f"{file.read_text('utf-8')}\n[fallback]\npages = false\n", encoding="utf-8")
    refused().tells("menu.untranslated", SITE)


@pytest.mark.parametrize("wrong", ["page = true", 'pages = "no"', "stories = true"])
def test_a_mistyped_fallback_is_told(site: TinySite, wrong: str) -> None:
    """It would be taken for the opposite, or for nothing."""
    file = site.folder / SITE
    file.write_text(f"{file.read_text('utf-8')}\n[fallback]\n{wrong}\n", encoding="utf-8")
    with pytest.raises(FileWrong, match=r"file\.unreadable"):
        load_frame(site.folder / "content", ROOT / "theme")


def test_a_language_that_is_made_needs_no_words(site: TinySite) -> None:
    """Nor labels, nor a reminder that its pages are not written."""
    made = ARABIC.replace("ar_EG", "zh_Hant_HK").replace('"ar"', '"zh-hant"')
    entry = f'locale = "en_GB"\n{made}made_from = "zh"\n'
    site.edit(SITE, 'locale = "en_GB"\n', entry)
    content = site.folder / "content"
    assert list(check(load_frame(content, ROOT / "theme"), content)) == []
