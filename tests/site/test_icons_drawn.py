"""The icons of a site in the process of a build: each file that is written, to the byte."""

import json
import os
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.plugins import signals
from PIL import Image

from donations_api.colours import read_colours
from donations_api.frame import load_frame
from donations_api.giving import load_giving
from donations_api.typesetting import mark_drawn
from plugins import drawing, icons
from plugins.kept import KEPT, MONTH, digest
from tests.site.tiny_site import ARABIC, TinySite, contents, make_site, paint_theme

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M2 2h4v4h-4z"/></svg>'
PIXELS = ("apple-touch-icon.png", "favicon.ico", "icon-192.png", "icon-512.png")
SHELF = KEPT / "icons"


@pytest.fixture(scope="module", autouse=True)
def _here(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A site in the working directory, with icons that were drawn, and a shelf of its own."""
    site: TinySite = make_site(tmp_path_factory.mktemp("icons") / "site")
    (site.folder / KEPT).unlink()
    site.write("content/mark.svg", MARK)
    paint_theme(site.folder / "painted")
    before = Path.cwd()
    os.chdir(site.folder)
    file = Path("content/site.toml")
    file.write_text(file.read_text(encoding="utf-8") + ARABIC, encoding="utf-8")
    for language in ("en", "ar"):
        Path("output", language).mkdir(parents=True)
    icons.write(SimpleNamespace(settings=settings()))
    yield
    os.chdir(before)


def settings() -> dict[str, Any]:
    content, theme = Path("content"), Path("theme")
    giving, frame = load_giving(content), load_frame(content, theme)
    return {"OUTPUT_PATH": "output", "THEME": "painted", "FRAME": frame, "GIVING": giving}


def pages() -> list[dict[str, Any]]:
    """What is drawn: as large as there is room in tabs, on the sky elsewhere."""
    colours = read_colours(Path("painted")).day
    svg = Path("output/favicon.svg").read_text(encoding="utf-8")
    tabs = [{"size": size, "ground": "", "mark": svg, "part": 1} for size in (16, 32, 48)]
    others = [
        {"size": size, "ground": colours["night"], "mark": svg, "part": 0.56}
        for size in (180, 192, 512)
    ]
    return [*tabs, *others]


@pytest.fixture(scope="module")
def drawn(_here: Any) -> list[Image.Image]:
    return [Image.open(BytesIO(one)) for one in drawing.draw("icon", pages())]


def output() -> dict[str, bytes]:
    return contents(Path("output"))


def test_the_mark_is_drawn_for_every_use(drawn: list[Image.Image]) -> None:
    """Where browsers look for it: alone in tabs, on the night's sky where a system cuts it."""
    made = output()
    lists = {"site.webmanifest", "en/site.webmanifest", "ar/site.webmanifest"}
    assert set(made) == {"favicon.svg", *PIXELS, *lists}
    colours = read_colours(Path("painted")).day
    gold = mark_drawn({"size": "8", "path": "M2 2h4v4h-4z"}, colours["gold"])
    assert made["favicon.svg"].decode() == gold
    for name, one in zip(("apple-touch-icon", "icon-192", "icon-512"), drawn[3:], strict=True):
        file = BytesIO()
        plain = Image.new("RGB", one.size)
        plain.paste(one.convert("RGB"))
        plain.save(file, "PNG", optimize=True)
        assert made[f"{name}.png"] == file.getvalue()
    file = BytesIO()
    drawn[2].save(file, "ICO", sizes=[(16, 16), (32, 32), (48, 48)], append_images=drawn[:2])
    assert made["favicon.ico"] == file.getvalue()
    with Image.open(BytesIO(made["favicon.ico"])) as tabs:
        assert tabs.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    for one in drawn[:3]:
        assert one.convert("RGBA").getchannel("A").getpixel((1, 1)) == 0


NAMES = {
    "zh": ("示例之家", "示例"),
    "en": ("Example House", "Example"),
    "ar": ("示例之家", "示例"),
}


@pytest.mark.parametrize("code", NAMES)
def test_what_installs_the_site_is_told_of_it(code: str) -> None:
    """In each language, by its names; with the mark's version, so that it can be kept."""
    told = settings()
    icons.write(SimpleNamespace(settings=told))
    language = told["FRAME"].language(code)
    root = "/" if code == "zh" else f"/{code}/"
    version = told["GIVING"].organisation.facts["mark"]["version"]
    night = read_colours(Path("painted")).day["night"]
    name, short = (
        told["FRAME"].text(one, language)
        for one in (told["GIVING"].organisation.name, told["GIVING"].organisation.short_name)
    )
    assert (name, short) == NAMES[code]
    text = Path(f"output{root}site.webmanifest").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "name": name,
        "short_name": short,
        "lang": {"zh": "zh-Hans"}.get(code, code),
        "dir": "rtl" if code == "ar" else "ltr",
        "start_url": root,
        "scope": "/",
        "display": "browser",
        "background_color": night,
        "theme_color": night,
        "icons": [
            {
                "src": f"/icon-{size}.png?{version}",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in (192, 512)
        ],
    }
    assert text.splitlines()[1] == f' "name": "{name}",'


def test_icons_are_drawn_once() -> None:
    """And kept by all that decides how they come out; what was is kept for a month."""
    made_of = digest(drawing.recipe("icon"), pages())
    made = output()
    kept = {f"{made_of}-{name}": made[name] for name in PIXELS}
    assert contents(SHELF) == kept
    now = time.time()
    for name, age in (("young", MONTH - 90), ("old", MONTH + 90)):
        (SHELF / name).write_bytes(b"")
        os.utime(SHELF / name, (now - age, now - age))
    for name in kept:
        (SHELF / name).write_bytes(name.encode())
    icons.write(SimpleNamespace(settings=settings()))
    assert set(contents(SHELF)) == {*kept, "young"}
    assert {name: output()[name].decode() for name in PIXELS} == {
        name: f"{made_of}-{name}" for name in PIXELS
    }
    (SHELF / f"{made_of}-icon-512.png").unlink()
    icons.write(SimpleNamespace(settings=settings()))
    assert output() == made
    assert set(contents(SHELF)) == {*kept, "young"}


def test_without_a_mark_there_are_none(tmp_path: Path) -> None:
    """Nor a list of them."""
    told = settings() | {"OUTPUT_PATH": str(tmp_path)}
    organisation = told["GIVING"].organisation
    bare = replace(organisation, facts={**organisation.facts, "mark": {}})
    told["GIVING"] = replace(told["GIVING"], organisation=bare)
    icons.write(SimpleNamespace(settings=told))
    assert list(tmp_path.iterdir()) == []


def test_the_step_is_taken() -> None:
    """What Pelican does not call writes no icon."""
    icons.register()
    try:
        assert icons.write in set(signals.finalized.receivers_for(None))
    finally:
        signals.finalized.disconnect(icons.write)
