"""The mark: read in one place, refused where it would be lost, and drawn as every icon."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from donations_api.errors import FileWrong
from donations_api.frame import translate
from donations_api.mark import read_mark
from plugins import hidden_data
from tests.site.tiny_site import ROOT, Run, TinySite

HOME = "index.html"
# Spoiled one by one in test_verify.py.
SPOILED = {
    "icon, of another mark": ("favicon.svg", "M0 0H8V8H0Z", "M0 0H8", "icon.wrong"),
    "icon, a list of others": ("site.webmanifest", "/icon-192.png", "/192.png", "icon.wrong"),
    "icon, no list": ("en/site.webmanifest", '"icons"', '"images"', "icon.wrong"),
    "icon, another": (HOME, "/favicon.svg?", "/about.svg?", "icon.unnamed"),
    "icon, none to install": (HOME, 'rel="manifest"', 'rel="x"', "icon.unnamed"),
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">'
REFUSED = {
    "a colour": (f'{SVG}\n<path d="M0 0h8" fill="#f00"/></svg>', 2, "fill"),
    "a style": (f'{SVG}<path d="M0 0h8" style="fill:red"/></svg>', 1, "style"),
    "a turn of all": (SVG.replace(">", ' transform="scale(2)"><path d="M0 0"/></svg>'), 1, "tran"),
    "a circle": (f'{SVG}\n\n<circle r="4"/></svg>', 3, "<circle>"),
    "a script": (f"{SVG}<script>alert(1)</script></svg>", 1, "<script>"),
    "an editor's part": (f'{SVG}<x xmlns="urn:x"/></svg>', 1, "<x>"),
    "words": (f'{SVG}<path d="M0 0h8"/>Star</svg>', 1, "Star"),
    "no path": (f"{SVG}</svg>", 1, "<svg>"),
    "an empty path": (f'{SVG}<path d=""/></svg>', 1, "d"),
    "a path that ends its own mark": (f"{SVG}<path d='M0 0\"/>'/></svg>", 1, "d"),
    "no square": (SVG.replace("8 8", "8 9") + "</svg>", 1, "viewBox"),
    "no box": (SVG.replace('viewBox="0 0 8 8"', 'width="8"') + "</svg>", 1, "viewBox"),
    "no size": (SVG.replace("8 8", "0 0") + "</svg>", 1, "viewBox"),
    "no drawing": ("<p/>", 1, "viewBox"),
    "a type of document": ("<!DOCTYPE svg>" + SVG + "</svg>", 1, "<!DOCTYPE>"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_mark_of_anything_but_paths_is_refused(tmp_path: Path, name: str) -> None:
    """Told with the line and what stands there, and how to mend it, in both languages."""
    text, line, found = REFUSED[name]
    (tmp_path / "mark.svg").write_text(text, encoding="utf-8")
    with pytest.raises(FileWrong) as wrong:
        read_mark(tmp_path)
    assert wrong.value.message == "file.mark"
    assert wrong.value.values["line"] == str(line)
    assert wrong.value.values["found"].startswith(found)
    for language in ("zh", "en"):
        told = translate((ROOT / "donations_api" / "locale",), language, "file.mark")
        assert "<path" in told % wrong.value.values


def test_a_mark_is_one_path_of_all_that_it_draws(tmp_path: Path) -> None:
    """Where it ends, another path does not go on; another shape is another version."""
    assert read_mark(tmp_path) == {}
    file = tmp_path / "mark.svg"
    file.write_text(
        '<?xml version="1.0"?><!-- by hand -->'
        f"{SVG.replace('>', ' width=$8mm$>').replace('$', chr(34))}"
        '<path d="m1 1h2\n  v2z"/><path d="m4 4h2v2z"/></svg>',
        encoding="utf-8",
    )
    first = read_mark(tmp_path)
    assert (first["size"], first["path"]) == ("8", "m1 1h2 v2z M0 0m4 4h2v2z")
    file.write_text(f'{SVG}<path d="M1 1h2"/></svg>', encoding="utf-8")
    assert read_mark(tmp_path)["version"] != first["version"]
    file.write_bytes(b"\xff")
    with pytest.raises(FileWrong) as wrong:
        read_mark(tmp_path)
    assert wrong.value.message == "file.unreadable"


def test_a_mark_in_its_old_place_is_told(site: TinySite, refused: Callable[..., Run]) -> None:
    """Whoever still has it in organisation.toml is told where it belongs."""
    site.edit("content/organisation.toml", "[short_name]", "[mark]\nsize = 8\n\n[short_name]")
    run = refused()
    assert "content/organisation.toml" in run.said
    assert "file.mark_moved" in run.said
    assert "Save it as mark.svg" in run.said
    assert "请把它存成" in run.said


def test_every_page_names_icons_that_are_there(built: TinySite) -> None:
    """In colours of the theme, with nothing in them but pixels; the lost visitors' page too."""
    for page in ("index.html", "en/404.html"):
        html = (built.output / page).read_text(encoding="utf-8")
        assert html.count("/favicon.ico?") == html.count("/favicon.svg?") == 1
        assert "data:image" not in html
    for name, size in (("apple-touch-icon", 180), ("icon-192", 192), ("icon-512", 512)):
        data = (built.output / f"{name}.png").read_bytes()
        assert hidden_data.look(data, "PNG").hidden == ()
        with Image.open(BytesIO(data)) as icon:
            assert icon.size == (size, size)
            assert icon.getpixel((1, 1)) == (0x16, 0x20, 0x3A)
            assert icon.getpixel((size // 2, size // 2)) == (0xF2, 0xB1, 0x34)
    with Image.open(built.output / "favicon.ico") as icon:
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    told = json.loads((built.output / "en" / "site.webmanifest").read_bytes())
    assert (told["name"], told["start_url"], told["lang"]) == ("Example House", "/en/", "en")
