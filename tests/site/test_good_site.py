"""A site that is in order is built, in all its languages, and can be seen by anybody at once."""

import os
import re
import subprocess
import sys
import tomllib

from PIL import Image

from tests.site.tiny_site import QUALIFIED, ROOT, TinySite, contents


def read(site: TinySite, path: str) -> str:
    return (site.output / path).read_text(encoding="utf-8")


def test_the_summary_is_told_in_both_languages(site: TinySite) -> None:
    """Pages, languages, seconds, the biggest page; and that no address is known yet."""
    run = site.run("build")
    assert run.code == 0, run.said
    assert "还没有设置网站地址" in run.said
    assert "SITE_URL is not set" in run.said
    assert re.search(r"网站已生成：output，14页，2种语言", run.said)
    assert re.search(r"14 pages, 2 languages, in [\d.]+ s; the biggest page is /\S*", run.said)
    assert "last year" not in read(site, "index.html")


def test_each_page_stands_in_its_own_language(built: TinySite) -> None:
    """Chinese at the root, English below /en/, each in words of its own."""
    chinese, english = read(built, "about/index.html"), read(built, "en/about/index.html")
    assert '<html lang="zh-Hans"' in chinese
    assert "跳到正文" in chinese
    assert "关于示例</h1>" in chinese
    assert '<html lang="en"' in english
    assert "Skip to the main text" in english
    assert "Example House" in english
    assert "示例之家" not in english


def test_links_between_files_become_addresses_with_their_anchors(built: TinySite) -> None:
    """A heading in Chinese has a name of its own that can be linked to."""
    assert 'href="/about/#屋顶"' in read(built, "index.html")
    assert '<h2 id="屋顶">' in read(built, "about/index.html")


def test_lines_of_chinese_are_joined(built: TinySite) -> None:
    """A line break in the Markdown file does not show as a space."""
    assert "这里是第一行，这里接着第二行。" in read(built, "index.html")


def test_one_table_makes_hreflang_and_the_sitemap(built: TinySite) -> None:
    """Absolute, reciprocal, with x-default; lost visitors' pages are left out."""
    for page in ("about/index.html", "en/about/index.html"):
        found = re.findall(r'rel="alternate" hreflang="(\S+)" href="(\S+)"', read(built, page))
        assert dict(found) == {
            "zh-Hans": "https://house.example/about/",
            "en": "https://house.example/en/about/",
            "x-default": "https://house.example/about/",
        }
    sitemap = read(built, "sitemap.xml")
    assert sitemap.count("<loc>") == 12
    assert "404" not in sitemap
    assert "Sitemap: https://house.example/sitemap.xml" in read(built, "robots.txt")


def test_a_picture_is_made_anew(built: TinySite) -> None:
    """C1, C6, C7: declared and plainly named, it is shown upright, and no more than its pixels."""
    copy = built.output / "images" / "door.jpg"
    hidden = b"SecretPhone", b"SecretComment", b"SecretXmp", b"Exif", b"GPS"
    assert all(secret not in copy.read_bytes() for secret in hidden)
    with Image.open(copy) as picture:
        assert picture.size == (20, 40)
    page = read(built, "en/about/index.html")
    assert '<img src="/images/door.jpg" alt="A blue door" width="20" height="40"' in page


def test_a_picture_that_left_the_content_leaves_the_site(site: TinySite) -> None:
    """The folder is made anew each time; Pelican alone would leave the picture in it."""
    site.picture()
    assert site.run("build").code == 0
    assert (site.output / "images" / "door.jpg").exists()
    for file in (site.folder / "content" / "images").iterdir():
        file.unlink()
    assert site.run("build").code == 0
    assert not (site.output / "images" / "door.jpg").exists()


def test_an_undeclared_recipient_is_asked_for_in_the_demo_only(site: TinySite) -> None:
    """L3: a form and a ribbon on every page there, neither of them anywhere else."""
    assert site.run("build").code == 0
    assert "<form" not in read(site, "donate/index.html")
    assert "data-demo" not in read(site, "index.html")
    demo = site.run("build", "--demo", "--site-url", "http://127.0.0.1:8765", "--into", "demo")
    assert demo.code == 0, demo.said
    pages = [file.read_text(encoding="utf-8") for file in (site.folder / "demo").rglob("*.html")]
    assert len(pages) == 14
    assert all("data-demo" in page for page in pages)
    assert sum("<form" in page for page in pages) == 2
    assert "Disallow: /" in (site.folder / "demo" / "robots.txt").read_text(encoding="utf-8")


def test_a_qualified_recipient_is_asked_for_online(site: TinySite) -> None:
    """L3: the form, in the languages in which the recipient may appeal, and no ribbon."""
    site.declare("qualified", QUALIFIED)
    site.edit("content/organisation.toml", '["zh", "en"]', '["en"]')
    assert site.run("build", SITE_URL="https://house.example").code == 0
    assert "<form" in read(site, "en/donate/index.html")
    assert "<form" not in read(site, "donate/index.html")
    assert "data-demo" not in read(site, "en/donate/index.html")


def test_a_missing_translation_is_a_warning(site: TinySite) -> None:
    """Switched off, nothing stands in: the switch leads to the other language's home page."""
    (site.folder / "content" / "pages" / "work.en.md").unlink()
    site.edit("theme/templates/home.html", '{{ language.page("work") }}', "{{ language.root }}")
    file = site.folder / "content" / "site.toml"
    file.write_text(file.read_text("utf-8") + "\n[fallback]\npages = false\n", encoding="utf-8")
    run = site.run("build")
    assert run.code == 0, run.said
    run.tells("translation.missing", "content/pages/work.zh.md")
    page = read(site, "work/index.html")
    assert '<a href="/en/" lang="en"' in page
    assert '<link rel="alternate" hreflang="en"' not in page
    assert not (site.output / "en" / "work").exists()


def test_another_organisation_may_begin_with_another_language(site: TinySite) -> None:
    """English at the root and Chinese below /zh/: content/site.toml alone says so."""
    file = site.folder / "content" / "site.toml"
    chinese, english = file.read_text(encoding="utf-8").partition("[[menu]]")[0].split("\n\n")[:2]
    english = english.replace('folder = "en"', 'folder = ""')
    chinese = chinese.replace('folder = ""', 'folder = "zh"')
    file.write_text(f"{english}\n{chinese}\n", encoding="utf-8")
    run = site.run("build")
    assert run.code == 0, run.said
    assert '<html lang="en"' in read(site, "index.html")
    assert '<html lang="zh-Hans"' in read(site, "zh/about/index.html")
    x_default = '<link rel="alternate" hreflang="x-default" href="http://127.0.0.1:8000/about/">'
    assert x_default in read(site, "zh/about/index.html")


def test_a_site_knows_its_own_organisation_only(built: TinySite) -> None:
    """Whoever takes the project over changes content/ and nothing else."""
    here = tomllib.loads((ROOT / "content" / "organisation.toml").read_text(encoding="utf-8"))
    ours = [*here["name"].values(), *here["short_name"].values(), here.get("icp_number")]
    for file, data in contents(built.output).items():
        if not file.endswith((".jpg", ".png", ".ico", ".avif", ".webp")):
            assert [one for one in ours if one and one in data.decode()] == [], file


def test_two_builds_are_the_same_byte_for_byte(site: TinySite) -> None:
    """Nothing in the site depends on when or where it was made, nor on how a set is walked."""
    site.picture()
    for folder, seed in (("one", "1"), ("two", "2")):
        command = [sys.executable, "-m", "plugins.staff", "build", "--into", folder]
        own = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PYTHONHASHSEED": seed}
        subprocess.run(command, cwd=site.folder, env=own, capture_output=True, check=True)
    assert contents(site.folder / "one") == contents(site.folder / "two")
