"""W6: what chats and search engines are told of a page comes from the content, and is safe."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.site.second_look import copy_of, look_for
from tests.site.test_good_site import read
from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import QUALIFIED, ROOT, SIDECAR, TinySite, make_site

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
        f'og:image" content="{ADDRESS}/share/en/about.',
        f'og:image" content="{ADDRESS}/images/child.',
        "C1.elsewhere",
    ),
    "W6, a preview without a picture": (ABOUT, 'property="og:image"', "", "C1.elsewhere"),
    "W6, a picture in another language": (
        ABOUT,
        f'og:image" content="{ADDRESS}/share/en/',
        f'og:image" content="{ADDRESS}/share/zh/',
        "C1.elsewhere",
    ),
    "W6, a picture of another size": (
        ABOUT,
        'og:image:width" content="1200"',
        'og:image:width" content="1100"',
        "W6.preview",
    ),
    "W6, a picture without words": (ABOUT, 'property="og:image:alt"', "", "W6.preview"),
}


def data(site: TinySite, path: str) -> list[dict[str, Any]]:
    """The page's JSON-LD, as a browser would cut it out."""
    _, *rest = read(site, path).split('<script type="application/ld+json">')
    return [json.loads(one.partition("</script>")[0]) for one in rest]


def logo(site: TinySite, page: str = HOME) -> str:
    """The address of the largest icon."""
    version = re.search(r"/favicon\.svg\?([0-9a-f]{10})", read(site, page))
    assert version
    return f"{ADDRESS}/icon-512.png?{version[1]}"


def preview(site: TinySite, path: str) -> list[str]:
    """The lines of Open Graph, without what is the same in all of them."""
    lines = read(site, path).splitlines()
    return [line[len('<meta property="') : -2] for line in lines if 'property="og:' in line]


def card(site: TinySite, key: str) -> str:
    """Where the picture lies that was drawn for a page: ``en/about``."""
    (file,) = site.output.glob(f"share/{key}.*.jpg")
    return f"/{file.relative_to(site.output).as_posix()}"


def photo(site: TinySite, name: str, *more: str, size: tuple[int, int] = (640, 480)) -> None:
    """A picture that is large enough for a chat; ``more`` are lines of its sidecar."""
    file = site.picture(name, SIDECAR + "".join(f"{line}\n" for line in more))
    Image.linear_gradient("L").resize(size).convert("RGB").save(file)


def test_the_home_page_says_who_the_organisation_is(built: TinySite) -> None:
    """In each language by its own name; what is not known is not said."""
    names = {"name": "Example House", "alternateName": ["示例之家", "示例", "Example"]}
    ngo, website = data(built, "en/index.html")
    description = ngo.pop("description")
    assert f'content="{description}"' in read(built, "en/index.html")
    assert ngo == {
        "@context": "https://schema.org",
        "@type": "NGO",
        **names,
        "url": f"{ADDRESS}/en/",
        "logo": logo(built),
        "foundingDate": "1999",
        "email": "hello@house.example",
    }
    assert website == {
        "@context": "https://schema.org",
        "@type": "WebSite",
        **names,
        "url": f"{ADDRESS}/en/",
        "inLanguage": "en",
    }
    chinese, _ = data(built, "index.html")
    assert (chinese["name"], chinese["url"]) == ("示例之家", f"{ADDRESS}/")
    assert data(built, "about/index.html") == []


def test_what_becomes_known_is_said(site: TinySite) -> None:
    """Weibo, phone and address as soon as content/organisation.toml has them."""
    facts = 'weibo = "https://weibo.com/x"\nphone = "1 2"\naddress.zh = "甲"\naddress.en = "A"\n'
    site.edit("content/organisation.toml", "founded = 1999", facts)
    long = {"about.zh": ("名" * 31, "屋顶"), "about.en": ("n" * 61, "The roof")}
    for name, (title, part) in long.items():
        site.write(
            f"content/pages/{name}.md",
            f"---\ndescription: {'d' * 160}\ntitle: {title}\n---\n\n## {part}\n",
        )
    run = site.run("build")
    assert run.code == 0, run.said
    for name in long:
        run.tells("W6.long", f"content/pages/{name}.md:3")
    assert run.said.count("[W6.long]") == 2
    english, _ = data(site, "en/index.html")
    assert english["sameAs"] == ["https://weibo.com/x"]
    assert (english["telephone"], english["address"]) == ("1 2", "A")
    assert "foundingDate" not in english


def test_only_a_page_that_may_ask_says_that_one_can_donate(site: TinySite) -> None:
    """L3: in the language in which the recipient may appeal, and by the recipient's legal name."""
    site.declare("qualified", QUALIFIED)
    site.edit("content/organisation.toml", '["zh", "en"]', '["en"]')
    run = site.run("build", SITE_URL=ADDRESS)
    assert run.code == 0, run.said
    assert data(site, "donate/index.html") == []
    (english,) = data(site, "en/donate/index.html")
    assert english["@type"] == "DonateAction"
    assert english["target"] == f"{ADDRESS}/en/donate/"
    assert english["recipient"] == [{"@type": "NGO", "name": "Example House Foundation"}]


def test_nobody_declared_is_nobody_to_donate_to(built: TinySite) -> None:
    """L3, as shipped."""
    assert data(built, "donate/index.html") == data(built, "en/donate/index.html") == []


TITLE = "Tea & cake </script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site whose one news item has a title that would end a careless script."""
    site = make_site(tmp_path_factory.mktemp("article") / "site")
    write_lists(site)
    photo(site, "barn.jpg")
    for code in ("zh", "en"):
        write_item(site, f"tea.{code}", "2026-03-05", "![](images/barn.jpg)", title=TITLE + code)
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return site


def test_a_news_item_says_what_it_is(article: TinySite) -> None:
    """Whatever is in its title, nothing of it runs or ends the data before its end."""
    item, way = data(article, "en/news/tea/index.html")
    organisation = {"@type": "NGO", "name": "Example House", "url": f"{ADDRESS}/en/"}
    organisation["logo"] = logo(article)
    assert item == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": f"{TITLE}en",
        "description": "About tea.en & <more>",
        "datePublished": "2026-03-05",
        "dateModified": "2026-03-05",
        "inLanguage": "en",
        "url": f"{ADDRESS}/en/news/tea/",
        "mainEntityOfPage": f"{ADDRESS}/en/news/tea/",
        "image": [f"{ADDRESS}/images/barn.jpg"],
        "author": organisation,
        "publisher": organisation,
    }
    steps = [(one["position"], one.get("item")) for one in way["itemListElement"]]
    assert steps == [
        (1, f"{ADDRESS}/en/"),
        (2, f"{ADDRESS}/en/news/"),
        (3, f"{ADDRESS}/en/news/2026/"),
        (4, None),
    ]
    assert way["itemListElement"][3]["name"] == f"{TITLE}en"
    assert read(article, "en/news/tea/index.html").count("<script") == 2


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
        f'og:image" content="{ADDRESS}{card(built, "en/about")}',
        'og:image:width" content="1200',
        'og:image:height" content="630',
        'og:image:alt" content="About Example',
    ]
    item = preview(article, "news/tea/index.html")
    assert 'og:type" content="article' in item
    assert f'og:image" content="{ADDRESS}/images/barn.jpg' in item
    assert 'og:image:width" content="640' in item
    assert 'og:image:alt" content="蓝色的门' in item
    assert 'og:locale" content="zh_CN' in item
    assert preview(built, "404.html") == []


def test_a_card_is_drawn_for_its_page_and_light(built: TinySite, tmp_path: Path) -> None:
    """C1, W6: no other picture in its place, none for a page that is not there, none too heavy."""
    look, folder = look_for(built, ADDRESS), copy_of(built, tmp_path)
    file = folder / card(built, "en/about").removeprefix("/")
    good = file.read_bytes()
    with Image.open(file) as opened:
        drawn = opened.convert("RGB")
    Image.linear_gradient("L").resize(drawn.size).convert("RGB").save(file)
    assert [one.code for one in look(folder)] == ["C1.stray"]
    drawn.paste(Image.effect_noise((600, 400), 90).convert("RGB"), (300, 100))
    drawn.save(file, quality=95)
    assert [one.code for one in look(folder)] == ["W6.card_heavy"]
    file.write_bytes(good)
    shutil.copy(file, file.with_name("abuot.0123456789.jpg"))
    assert [one.code for one in look(folder)] == ["C1.stray"]


# What Google asks of each kind beyond the vocabulary; what a chat shows is in Open Graph.
ASKED = {
    "NGO": {"name", "url", "logo", "description"},
    "WebSite": {"name", "url", "inLanguage"},
    "NewsArticle": {"headline", "image", "datePublished", "dateModified", "author", "publisher"},
    "BreadcrumbList": {"itemListElement"},
    "DonateAction": {"name", "target", "recipient"},
}


@pytest.fixture(scope="module")
def asking(article: TinySite) -> TinySite:
    """The same site, of somebody who may ask for gifts."""
    article.declare("qualified", QUALIFIED)
    run = article.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return article


def compiled(folder: Path, *things: dict[str, Any]) -> list[str]:
    """What TypeScript says of these by the shapes of schema.org; nothing where all is right."""
    lines = ['import type { Thing, WithContext } from "schema-dts";']
    for at, one in enumerate(things):
        kind = f'Extract<Thing, {{ "@type": "{one["@type"]}" }}>'
        told = json.dumps(one, ensure_ascii=False)
        lines.append(f"export const t{at}: WithContext<{kind}> = {told};")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "things.ts").write_text("\n".join(lines), encoding="utf-8")
    tsc = [str(ROOT / "node_modules" / ".bin" / "tsc"), "--noEmit", "--strict", "--skipLibCheck"]
    bundled = ["--module", "esnext", "--moduleResolution", "bundler", "things.ts"]
    ran = subprocess.run([*tsc, *bundled], cwd=folder, capture_output=True, text=True)
    return ran.stdout.splitlines()


def test_all_that_machines_are_told_is_of_the_shapes_of_schema_org(
    asking: TinySite, tmp_path: Path
) -> None:
    """Each object of the site compiles, and has what search engines ask for; a wrong one fails."""
    pages = sorted(asking.output.rglob("*.html"))
    things = [one for file in pages for one in data(asking, str(file.relative_to(asking.output)))]
    assert {one["@type"] for one in things} == set(ASKED)
    for one in things:
        assert ASKED[one["@type"]] <= one.keys(), one
    wrong = {"@context": "https://schema.org", "@type": "NGO", "foundedIn": "1999"}
    said = [line for line in compiled(tmp_path, *things, wrong) if line.startswith("things.ts")]
    assert len(said) == 1, said
    assert said[0].startswith(f"things.ts({len(things) + 2},")
