"""The built site is looked at again, on its own: each promise that it could break is noticed.

A site as it was built has no problem; each test below spoils one thing in a copy of it.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from plugins.verify import verify
from tests.site.second_look import Look, assert_noticed, copy_of, expected_of, look_for
from tests.site.test_mark import SPOILED as ICONS
from tests.site.test_sharing import SPOILED as SHARED
from tests.site.tiny_site import TinySite

ADDRESS = "https://house.example"
HOME, ABOUT = "index.html", "en/about/index.html"
SPOILED = {
    "L1, no filing": (HOME, "示ICP备00000000号</a>", "</a>", "L1.missing"),
    "L1, no link": (HOME, "https://beian.miit.gov.cn/", "/about/", "L1.missing"),
    "L3, a form": (ABOUT, "</main>", '<form action="/donations"></form></main>', "L3.form"),
    "L3, a form on the donation page": (
        "donate/index.html",
        "</main>",
        "<form></form></main>",
        "L3.form",
    ),
    "L3, a ribbon": (HOME, "<main", "<p data-demo></p><main", "L3.ribbon"),
    "E3, the bar of the preview": (HOME, "</body>", "<p data-preview></p></body>", "E3.preview"),
    "C1, another picture": (ABOUT, "/images/door.jpg", "/images/child.jpg", "C1.elsewhere"),
    "C1, a picture in an address": (ABOUT, "/images/door.jpg", "data:,x", "C1.elsewhere"),
    "C1, a copy that is not there": (ABOUT, ".480.avif", ".960.avif", "C1.elsewhere"),
    "C1, a picture in a drawing": (HOME, "</svg>", '<image href="data:,x"/></svg>', "C1.elsewhere"),
    "L6, in an attribute": (HOME, "<main", '<main title="a.b@mail.example"', "L6.contact"),
    "L6, in a style": ("theme/site.css", ":root {", "/* 13800138000 */ :root {", "L6.contact"),
    "W1, the wrong language": (ABOUT, '<html lang="en"', '<html lang="zh"', "W1.lang"),
    "W1, hreflang not reciprocal": (
        ABOUT,
        f'hreflang="zh-Hans" href="{ADDRESS}/about/"',
        f'hreflang="zh-Hans" href="{ADDRESS}/work/"',
        "W1.hreflang",
    ),
    "W1, no x-default": (ABOUT, 'hreflang="x-default"', 'hreflang="x"', "W1.hreflang"),
    "W1, hreflang not of itself": (
        ABOUT,
        f'hreflang="en" href="{ADDRESS}/en/about/"',
        f'hreflang="en" href="{ADDRESS}/en/"',
        "W1.hreflang",
    ),
    "W1, canonical of another page": (
        ABOUT,
        f'rel="canonical" href="{ADDRESS}/en/about/"',
        f'rel="canonical" href="{ADDRESS}/en/"',
        "W1.canonical",
    ),
    "W1, no heading": (HOME, "<h1>", "<h1></h1><h1>", "W1.one_h1"),
    "W1, a page that the sitemap leaves out": (
        "sitemap.xml",
        f"<loc>{ADDRESS}/about/</loc>",
        "",
        "W1.sitemap",
    ),
    "W1, robots that know no sitemap": ("robots.txt", "Sitemap:", "#", "W1.robots"),
    "W2, a script": (HOME, "</body>", "<script></script></body>", "W2.script"),
    "W2, data outside the head": (
        HOME,
        "</body>",
        '<script type="application/ld+json">{}</script></body>',
        "W2.script",
    ),
    "W2, a script that looks like data": (
        HOME,
        '<script type="application/ld+json">',
        '<script type="module" type="application/ld+json">',
        "W2.script",
    ),
    "W2, data from a file": (
        HOME,
        '<script type="application/ld+json">',
        '<script type="application/ld+json" src="/x">',
        "W2.script",
    ),
    "W2, a handler": (HOME, "<main", "<main onclick='x'", "W2.script"),
    "W2, an inline style": (HOME, "<main", "<main style='color:red'", "W2.script"),
    "W2, a style element": (HOME, "</head>", "<style></style></head>", "W2.script"),
    "W2, a refresh": (
        HOME,
        "</head>",
        '<meta http-equiv="Refresh" content="1"></head>',
        "W2.script",
    ),
    "W2, an order to the browser": (
        HOME,
        "</head>",
        '<meta http-equiv="Set-Cookie" content="a=b"></head>',
        "W2.script",
    ),
    "W2, a link that runs": (
        ABOUT,
        "</main>",
        '<a href="java\tscript:x">x</a></main>',
        "W2.script",
    ),
    "W2, a link to data": (
        ABOUT,
        "</main>",
        '<a href="data:text/html,x">x</a></main>',
        "W2.script",
    ),
    "W2, a drawing that moves": (HOME, "</svg>", "<animate></animate></svg>", "W2.script"),
    "W2, a button's own address": (HOME, "<main", "<main formaction='/x'", "W2.script"),
    "W2, a page in a page": (HOME, "<main", "<main srcdoc='x'", "W2.script"),
    "W2, a window of its own": (HOME, "<main", "<main target='_blank'", "W2.script"),
    "E5, the same name twice": (ABOUT, "</main>", '<b id="main"></b></main>', "E5.id_twice"),
    "W2, no policy": (HOME, "Content-Security-Policy", "X", "W2.policy"),
    "W2, a policy that allows all": (HOME, "default-src &#39;none&#39;", "", "W2.policy"),
    "W2, an icon elsewhere": (
        HOME,
        "</head>",
        '<link rel="apple-touch-icon" href="//spy.example/i.png"></head>',
        "W2.other_host",
    ),
    "W2, a name looked up beforehand": (
        HOME,
        "</head>",
        '<link rel="dns-prefetch" href="https://spy.example"></head>',
        "W2.other_host",
    ),
    "W2, a srcset elsewhere": (
        ABOUT,
        "<img ",
        '<img srcset="/images/door.jpg 1x, https://spy.example/a.jpg 2x" ',
        "W2.other_host",
    ),
    "W2, a style of another host": (
        "theme/site.css",
        ":root {",
        "@import 'https://spy.example/a.css'; :root {",
        "W2.other_host",
    ),
    "W2, a background of another host": (
        "theme/site.css",
        ":root {",
        ":root { background: url( //spy.example/a );",
        "W2.other_host",
    ),
    "W2, a font": ("theme/site.css", ":root {", "@font-face {} :root {", "W2.font"),
    "W5, too heavy": (
        HOME,
        "</main>",
        f"{''.join(map(chr, range(19968, 32768)))}</main>",
        "W5.heavy",
    ),
    "W6, no title": (HOME, "<title>示例之家</title>", "<title></title>", "W6.empty"),
    "W6, no description": (HOME, '<meta name="description"', '<meta name="x"', "W6.empty"),
    "E5, a link that leads nowhere": (HOME, 'href="/about/"', 'href="/abuot/"', "E5.frame_link"),
    "E5, our own address, wrong": (HOME, 'href="/about/"', f'href="{ADDRESS}/x/"', "E5.frame_link"),
    "E5, a relative link": (HOME, 'href="/about/"', 'href="nowhere/"', "E5.frame_link"),
    "E5, no such anchor": (HOME, 'href="#main"', 'href="#mian"', "E5.anchor"),
    "E5, a picture that is not there": (
        ABOUT,
        "/images/door.jpg",
        "/images/d.jpg",
        "E5.frame_link",
    ),
    "E5, no words": (ABOUT, 'alt="A blue door"', 'alt=""', "E5.image"),
    "E5, no size": (ABOUT, 'width="20"', "", "E5.image"),
    "E5, a raw link": (ABOUT, "</main>", "{filename}x.en.md</main>", "E5.raw_link"),
    "an id of a message": (ABOUT, "</main>", "home.give</main>", "message_id"),
}


@pytest.fixture
def copy(built: TinySite, tmp_path: Path) -> Path:
    return copy_of(built, tmp_path)


@pytest.fixture(scope="module")
def look(built: TinySite) -> Look:
    return look_for(built, ADDRESS)


@pytest.mark.parametrize("name", SPOILED | SHARED | ICONS)
def test_a_spoiled_site_is_noticed(copy: Path, look: Look, name: str) -> None:
    """One thing is changed in one file of a site that has no problem."""
    assert_noticed(copy, look, (SPOILED | SHARED | ICONS)[name])


@pytest.mark.parametrize("name", ["report.pdf", "images/door.jpg.toml", "drafts/plan.docx", "a.js"])
def test_a_stray_file_is_noticed(copy: Path, look: Look, name: str) -> None:
    """Only what pages are made of lies in the folder."""
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_text("x")
    assert ("stray", f"/{name}") in [(one.code, one.file) for one in look(copy)]


def test_what_the_preview_shows_staff_is_noticed(copy: Path, look: Look) -> None:
    """E3: the state of translations is not for the web."""
    (copy / "_status").mkdir()
    (copy / "_status" / "state.txt").write_text("x")
    assert [(one.code, one.file) for one in look(copy)] == [("E3.preview", "/_status/state.txt")]


def test_a_picture_that_nobody_declared_is_noticed(copy: Path, look: Look) -> None:
    """C1, whichever way it came into the folder."""
    Image.new("RGB", (4, 4)).save(copy / "images" / "other.jpg")
    assert [one.code for one in look(copy)] == ["C1.stray"]


@pytest.mark.parametrize("kind", ["exif", "comment", "xmp", "icc_profile"])
def test_an_original_in_place_of_its_copy_is_noticed(copy: Path, look: Look, kind: str) -> None:
    """C7: the name is right and the hidden data is there."""
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    hidden: dict[str, Any] = {kind: exif.tobytes() if kind == "exif" else b"<x/>"}
    Image.new("RGB", (4, 4)).save(copy / "images" / "door.jpg", **hidden)
    assert [one.code for one in look(copy)] == ["C7.hidden_data"]


@pytest.mark.parametrize(
    ("action", "codes"), [("/donations", []), ("https://pay.example/give", ["L3.form"])]
)
def test_a_form_sends_to_the_donation_portal_only(
    copy: Path, built: TinySite, action: str, codes: list[str]
) -> None:
    """L3, also on the page that may ask."""
    expected = expected_of(built, ADDRESS)
    page = copy / "en" / "donate" / "index.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</main>", f'<form action="{action}"></form></main>'))
    found, _ = verify(copy, replace(expected, asking=frozenset({"en"})))
    assert [one.code for one in found if one.code.startswith("L3")] == codes


def test_a_demo_without_its_ribbon_is_noticed(copy: Path, built: TinySite) -> None:
    """L3: nobody may take a demo for the real thing."""
    look = look_for(built, ADDRESS, demo=True)
    assert "L3.no_ribbon" in {problem.code for problem in look(copy)}


def test_an_empty_folder_is_no_site(tmp_path: Path, look: Look) -> None:
    """Nothing built is not nothing wrong."""
    (tmp_path / "empty").mkdir()
    assert "empty" in {problem.code for problem in look(tmp_path / "empty")}


def test_verify_can_be_run_by_hand(built: TinySite, copy: Path) -> None:
    """It says what it looked at, and ends with 1 when something is wrong."""
    command = [sys.executable, "-m", "plugins.verify", str(copy), "--site-url", ADDRESS]
    good = subprocess.run(command, cwd=built.folder, capture_output=True, encoding="utf-8")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "Looked at 14 pages and found 0 problems" in good.stdout
    (copy / "about" / "index.html").unlink()
    bad = subprocess.run(command, cwd=built.folder, capture_output=True, encoding="utf-8")
    assert bad.returncode == 1
    assert "[E5.frame_link]" in bad.stdout


def test_verify_does_without_pelican(built: TinySite, copy: Path) -> None:
    """Pelican can fail open, so the second look must not lean on it."""
    program = (
        "import sys; sys.modules['pelican'] = None\n"
        "from plugins.verify.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, str(copy), "--site-url", ADDRESS]
    ended = subprocess.run(command, cwd=built.folder, capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout + ended.stderr
