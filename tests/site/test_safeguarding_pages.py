"""What is shown on each page, decided in the process of a build: what is told, what is put in."""

from pathlib import Path
from typing import Any

from pelican.contents import Article, Page
from pelican.generators import ArticlesGenerator, PagesGenerator

from plugins import safeguarding
from tests.site.people import picture, story
from tests.site.test_safeguarding import ADULT, NEWS, NOBODY, decide, here
from tests.site.tiny_site import TinySite

__all__ = ["here"]  # the fixture


def generators(settings: dict[str, Any]) -> list[Any]:
    """Those of Pelican, with nothing read yet."""
    context: dict[str, Any] = {"generated_content": {}, "static_links": set(), "static_content": {}}
    return [
        kind(
            context=context,
            settings=settings,
            path=settings["PATH"],
            theme=settings["THEME"],
            output_path="output",
        )
        for kind in (ArticlesGenerator, PagesGenerator)
    ]


def put(settings: dict[str, Any], key: str, content: str, language: str = "zh") -> Any:
    """A page as Pelican has read it, and the generators that have it."""
    articles, pages = made = generators(settings)
    news = key.startswith("news/")
    name = f"{key}.{language}.md" if news else f"pages/{key}.{language}.md"
    metadata = {"translation_key": key, "lang": language, "title": "x"}
    kind, there = (Article, articles.articles) if news else (Page, pages.pages)
    page = kind(content, metadata, settings, f"{Path('content').resolve()}/{name}", pages.context)
    there.append(page)
    before = len(settings["PROBLEMS"])
    safeguarding.protect(made)
    return page, pages, settings["PROBLEMS"][before:]


def img(name: str) -> str:
    return f'<p><img alt="" src="{name}" title="x"></p>'


def marks(page: Any) -> tuple[Any, Any]:
    return page.metadata["removal"], page.metadata["pseudonym"]


def test_a_page_says_whom_to_ask_where_somebody_is(here: TinySite) -> None:
    """C4, C12: beside pictures of people, in stories, and where a picture was."""
    picture(here, "door.jpg", 2, **NOBODY)
    picture(here, "adult.jpg", 3, **ADULT)
    story(here)
    story(here, "adult.zh", subjects="[A1]", pseudonym="false")
    settings = decide() | {"OUT": {"/images/out.jpg"}}
    for name, ask in (("", False), ("door", False), ("none", False), ("adult", True)):
        page, _, problems = put(settings, "work", img(f"images/{name}.jpg"))
        assert marks(page) == (ask, False)
        assert page._content == img(f"images/{name}.jpg")
        assert problems == []
    for address in ("images/out.jpg", "/images/out.jpg"):
        page, _, problems = put(settings, "work", img("/images/door.jpg") + img(address), "en")
        assert marks(page) == (True, False)
        assert (
            page._content
            == f"""{img("/images/door.jpg")}<p>\
<img src="/theme/withdrawn.svg" alt="This picture is no longer shown" \
width="640" height="400" loading="lazy"></p>"""
        )
    assert "这张照片已不再展示" in put(settings, "work", img("images/out.jpg"))[0]._content
    assert marks(put(settings, "news/kite", "")[0]) == (True, True)
    assert marks(put(settings, "news/adult", "")[0]) == (True, False)
    assert marks(put(settings, "news/kite", "", "en")[0]) == (False, False)


def test_an_illustration_is_no_place_for_markup() -> None:
    """What a translator wrote into a catalog stays text."""
    said = (
        '<img src="/theme/withdrawn.svg" alt="&#34;&lt;" width="640" height="400" loading="lazy">'
    )
    assert safeguarding.illustration('"<') == said


def test_a_page_is_held_to_what_its_pictures_are_for(here: TinySite) -> None:
    """C2, C3, C5: in the order of the pictures' addresses, at the page and the declarations."""
    picture(here, "b.jpg", 2, **{"alt.zh": '"王小明同学"'})
    picture(here, "a.jpg", 3, **ADULT)
    picture(here, "c.jpg", 4, identity='"obscured"', **{"alt.zh": '"王小明同学"'})
    picture(here, "d.jpg", 5, people='"adult"', consent_ids='["C-1"]', **{"alt.zh": '"王某"'})
    story(here, body="他住在石桥村。", subjects="[A5]", risk_flags="[abuse]")
    settings = decide()
    both = img("/images/b.jpg") + img("images/a.jpg")

    def places(key: str, content: str) -> list[tuple[str, str, int]]:
        return [(one.code, one.file, one.line) for one in put(settings, key, content)[2]]

    assert places("donate", both) == [
        ("C2.fundraising", "content/images/a.jpg.toml", 0),
        ("C2.fundraising", "content/images/b.jpg.toml", 0),
        ("C5.telling", "content/images/b.jpg.toml", 7),
    ]
    assert places("news/kite", both) == [
        ("C5.telling", NEWS, 13),
        ("C5.telling", "content/images/b.jpg.toml", 7),
        ("C3.visible", NEWS, 8),
        ("C3.visible", NEWS, 8),
    ]
    assert places("work", img("images/c.jpg") + img("images/d.jpg")) == []
    assert [one.params for one in put(settings, "news/kite", img("images/c.jpg"))[2]] == []
    (seen,) = put(settings, "news/kite", img("images/a.jpg"))[2]
    assert seen.params == {"picture": "content/images/a.jpg"}


def test_a_page_says_that_a_story_is_gone(here: TinySite) -> None:
    """C9, C10: at its address in each language, in no list; once, whoever makes the pages."""
    here.edit("content/site.toml", 'folder = "en"', 'folder = "english"')
    settings = decide() | {"GONE": {"news/old", "news/kite"}}
    settings["ADDRESSES"] = {"news/old": {"ar": "/ar/"}}
    _, pages, _ = put(settings, "news/other", "")
    stones = pages.hidden_translations
    assert [(one.url, one.save_as, one.lang, one.title, one.description) for one in stones] == [
        (f"{root}news/{key}/", f"{root[1:]}news/{key}/index.html", language, *said)
        for key in ("kite", "old")
        for root, language, said in (
            ("/", "zh", ("这篇故事已经撤下", "我们已撤下这篇故事，不再展示。")),
            (
                "/english/",
                "en",
                (
                    "This story is no longer here",
                    "We have taken this story down and no longer show it.",
                ),
            ),
        )
    ]
    for one in stones:
        assert (one.template, one.metadata["template"], one._content) == ("gone", "gone", "")
        assert one.settings is settings
        assert one._context is pages.context
        assert one.translation_key in ("news/kite", "news/old")
    safeguarding.protect([pages])
    assert len(pages.hidden_translations) == 8
    addresses = {"zh": "/news/old/", "en": "/english/news/old/"}
    assert settings["ADDRESSES"]["news/old"] == {"ar": "/ar/"} | addresses
    assert settings["ADDRESSES"]["news/kite"]["en"] == "/english/news/kite/"
    assert pages.pages == pages.translations == []
