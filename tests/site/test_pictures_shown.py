"""Pictures on pages: in sizes that fit, with captions, in galleries; made once, hiding nothing."""

import re

import pytest
from PIL import Image

from plugins import drawing, hidden_data, pictures
from plugins.kept import KEPT
from plugins.people import fingerprints
from plugins.pictures import FORMATS
from tests.site.people import photo
from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import SIDECAR, TinySite, contents, make_site

# Each of another size and format; the second is made by AI and has somebody to thank.
PICTURES = {"wide.jpg": (1100, 700), "made.webp": (600, 400), "tiny.png": (90, 60)}
BODY = """\
先有字。

![](images/wide.jpg "傍晚 & 院子")

![](images/wide.jpg) ![](images/made.webp "火")
![](images/tiny.png)

句子里的![](images/tiny.png)小图。
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with pictures in a news item, and a shelf of its own."""
    site = make_site(tmp_path_factory.mktemp("shown") / "site")
    (site.folder / KEPT).unlink()
    write_lists(site)
    for seed, (name, size) in enumerate(PICTURES.items()):
        file = site.picture(name, SIDECAR)
        photo(seed, size).save(file)
    made = SIDECAR.replace("ai_generated = false", "ai_generated = true")
    site.write("content/images/made.webp.toml", f'{made}credit.zh = "甲"\ncredit.en = "A <b>"\n')
    for code in ("zh", "en"):
        write_item(site, f"tea.{code}", "2026-03-05", BODY)
    run = site.run("build")
    assert run.code == 0, run.said
    return site


def page(site: TinySite, path: str = "en/news/tea/index.html") -> str:
    return (site.output / path).read_text(encoding="utf-8").partition("<article")[2]


def test_a_page_offers_copies_that_fit(shown: TinySite) -> None:
    """AVIF before WebP, by real widths; at once for the first of a news item alone."""
    html = page(shown)
    first = html.partition("<figure>")[2].partition("</figure>")[0]
    avif, webp = re.findall(r'<source type="image/(\w+)" srcset="([^"]+)" sizes="[^"]+">', first)
    assert avif == (
        "avif",
        "/images/wide.jpg.480.avif 480w, /images/wide.jpg.960.avif 960w",
    )
    assert webp[0] == "webp"
    assert '<img src="/images/wide.jpg" alt="A blue door" width="1100" height="700" ' in first
    assert html.count("<picture>") == html.count("<img ") == 5
    assert html.count('fetchpriority="high"') == first.count('fetchpriority="high"') == 1
    assert html.count('loading="lazy" decoding="async"') == 4
    assert '<source type="image/avif" srcset="/images/tiny.png.480.avif 90w"' in html
    assert '<img src="/images/made.webp.1440.jpg" alt="A blue door" width="600"' in html


def test_titles_are_captions_and_several_pictures_a_gallery(shown: TinySite) -> None:
    """Also whom to thank; within a sentence a picture is none of these."""
    html, chinese = page(shown), page(shown, "news/tea/index.html")
    assert "<figcaption>傍晚 &amp; 院子</figcaption></figure>" in html
    gallery = html.partition('<div class="gallery">')[2].partition("</div>")[0]
    assert gallery.count("<figure>") == 3
    credit = '火 <small class="credit">Picture: A &lt;b&gt;</small></figcaption>'
    assert f'</picture><small class="by-ai">AI-generated</small><figcaption>{credit}' in gallery
    assert '<small class="credit">图片：甲</small>' in chinese
    assert re.search(r"<p>句子里的<picture>.*</picture>小图。</p>", html)
    assert "&lt;picture" not in html
    assert 'href="/theme/article.css?' in (shown.output / "news/tea/index.html").read_text("utf-8")


def test_every_copy_looks_like_its_picture_and_hides_nothing(shown: TinySite) -> None:
    """C7: never larger than the original; what AI made says so in each of its copies."""
    copies = sorted((shown.output / "images").iterdir())
    assert len(copies) == (1 + 4) + (1 + 4) + (1 + 2)
    for copy in copies:
        name = pictures.original_of(copy.name)
        with Image.open(copy) as opened:
            assert opened.width <= PICTURES[name][0], copy
        looks = fingerprints.of(copy)
        declared = fingerprints.of(shown.folder / "content" / "images" / name)
        assert fingerprints.alike(looks or "", declared or ""), copy
        carried = hidden_data.look(copy.read_bytes(), FORMATS[copy.suffix])
        assert carried.hidden == ()
        assert bool(carried.label) == (name == "made.webp"), copy


def test_what_was_made_once_is_kept(shown: TinySite) -> None:
    """With no encoder and no typst the same site is built, byte for byte; cards are alike too."""
    before = contents(shown.output)
    shown.edit(
        "plugins/anew/pixels.py", "    options: dict[str, Any] = {", "    raise OSError\n    {"
    )
    shown.edit(
        "plugins/drawing/__init__.py",
        "    return typesetting.pictures(",
        "    raise OSError\n    (",
    )
    run = shown.run("build")
    assert run.code == 0, run.said
    after = contents(shown.output)
    assert {path: after[path] for path in before if not path.startswith("pagefind")} == {
        path: data for path, data in before.items() if not path.startswith("pagefind")
    }
    # What is shown no more is not kept either.
    for file in (shown.folder / "content" / "images").glob("tiny*"):
        file.unlink()
    for code in ("zh", "en"):
        shown.write(
            f"content/news/tea.{code}.md",
            (shown.folder / f"content/news/tea.{code}.md")
            .read_text("utf-8")
            .replace("![](images/tiny.png)", ""),
        )
    run = shown.run("build")
    assert run.code == 0, run.said
    kept = {file.name.partition(".")[0] for file in (shown.folder / KEPT / "copies").iterdir()}
    assert kept == {"wide", "made"}


def test_a_drawing_is_the_same_each_time() -> None:
    """So that a chat which has a card keeps it."""
    page = {
        "size": 32,
        "ground": "",
        "part": 1,
        "mark": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    assert drawing.draw("icon", [page]) == drawing.draw("icon", [page])
