"""W6: what chats show of a page, in the process of a build: its picture, its words."""

import os
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.contents import Page
from pelican.plugins import signals
from pelican.settings import read_settings
from PIL import Image

from donations_api.colours import read_colours
from donations_api.frame import load_frame
from donations_api.giving import load_giving
from donations_api.typesetting import mark_drawn
from plugins import drawing, hidden_data, sharing
from plugins.copies import Copy
from plugins.kept import KEPT, MONTH, digest
from plugins.pictures import Picture
from plugins.problems import Problem, Severity
from plugins.sharing import Shared
from tests.site.test_safeguarding_pages import generators
from tests.site.tiny_site import ARABIC, TRADITIONAL, TinySite, contents, make_site, paint_theme

PLAIN = ARABIC.replace('"ar_EG"', '"eo"').replace('"ar"', '"eo"')
SHELF = KEPT / "cards"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory, of five languages, with a shelf of its own."""
    site = make_site(tmp_path / "site")
    (site.folder / KEPT).unlink()
    paint_theme(site.folder / "painted")
    monkeypatch.chdir(site.folder)
    file = Path("content/site.toml")
    text = file.read_text(encoding="utf-8")
    file.write_text(text + ARABIC + TRADITIONAL + PLAIN, encoding="utf-8")
    return site


def begun() -> dict[str, Any]:
    content, theme = Path("content"), Path("theme")
    ours = {
        "PATH": "content",
        "THEME": "painted",
        "OUTPUT_PATH": "output",
        "FRAME": load_frame(content, theme),
        "GIVING": load_giving(content),
        "ON_PAGE": {},
        "PROBLEMS": [],
    }
    settings: dict[str, Any] = read_settings(override=ours)
    sharing.begin(SimpleNamespace(settings=settings))
    assert (settings["SHARED"], settings["CARDS"]) == ({}, {})
    return settings


class Pages:
    """The pages of a build, of which some have a file."""

    def __init__(self) -> None:
        self.settings = begun()
        self.generators = generators(self.settings)

    def add(self, key: str, code: str = "zh", *, made: bool = False, **about: Any) -> None:
        """A page that is read, or ``made``; ``shown`` are its pictures and their usual copies."""
        shown, lines = about.pop("shown", []), about.pop("lines", "---\n---\n")
        metadata = {"title": f"T {key}", "description": "D", "lang": code, "translation_key": key}
        source = f"content/pages/{key.replace('/', '-')}.{code}.md"
        Path(source).write_text(lines, encoding="utf-8")
        page = Page(
            "", metadata | about, self.settings, None if made else str(Path(source).resolve())
        )
        self.settings["ON_PAGE"][key, code] = shown
        self.generators[1].pages.append(page)

    def choose(self) -> dict[Any, Shared]:
        sharing.choose(self.generators)
        shared: dict[Any, Shared] = self.settings["SHARED"]
        return shared

    def card(self, key: str, code: str = "zh") -> dict[str, str]:
        """What is drawn for a page."""
        card: dict[str, str] = self.settings["CARDS"][self.settings["SHARED"][key, code].path]
        return card


def colours() -> dict[str, str]:
    told = read_colours(Path("painted")).day
    return {one: told[one] for one in ("night", "dusk", "gold")} | {
        "ink": told["on_night"],
        "soft": told["on_night_soft"],
    }


LANGUAGES = {
    "zh": ("示例之家", "zh", "cn"),
    "en": ("Example House", "en", "gb"),
    "zh-hant": ("示例之家", "zh", "hk"),
    "ar": ("示例之家", "ar", "eg"),
    "eo": ("示例之家", "eo", "00"),
}


def test_a_card_has_the_pages_title_and_the_mark() -> None:
    """In the theme's colours, in each language; its path changes with all that is on it."""
    pages = Pages()
    for code in LANGUAGES:
        pages.add("about", code)
    shared = pages.choose()
    mark = pages.settings["GIVING"].organisation.facts["mark"]
    for code, (name, language, region) in LANGUAGES.items():
        own = pages.settings["GIVING"].organisation.name
        assert pages.settings["FRAME"].text(own, pages.settings["FRAME"].language(code)) == name
        card = pages.card("about", code)
        assert card == {
            "title": "T about",
            "name": name,
            "mark": mark_drawn(mark, colours()["gold"]),
            "language": language,
            "region": region,
            **colours(),
        }
        version = digest(drawing.recipe("card"), card)[:10]
        path = f"/share/{code}/about.{version}.jpg"
        assert shared["about", code] == Shared(path, 1200, 630, "T about")
    assert len(pages.settings["CARDS"]) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("名 Name é", "名 Name é"),
        ("שלום", ""),
        ("a \u0590", ""),
        ("a \u1fff", ""),
        ("a \u058f", "a \u058f"),
        ("a \u2000", "a \u2000"),
    ],
)
def test_what_the_font_does_not_know_is_not_drawn(written: str, drawn: str) -> None:
    """The words of the preview say it all the same."""
    pages = Pages()
    told = pages.settings["GIVING"]
    named = replace(told.organisation, name={"zh": written, "en": written}, facts={"mark": {}})
    pages.settings["GIVING"] = replace(told, organisation=named)
    pages.add("about", title=written)
    pages.add("home", title="x", headline=["One", "two"])
    shared = pages.choose()
    card = pages.card("about")
    assert (card["title"], card["name"], card["mark"]) == (drawn, drawn, "")
    assert shared["about", "zh"].alt == written
    assert (pages.card("home")["title"], shared["home", "zh"].alt) == ("One\ntwo", "x")


def shown(
    name: str, size: tuple[int, int] = (300, 300), kind: str = "JPEG", people: str = "none"
) -> tuple[Picture, Copy]:
    identity = "none" if people == "none" else "visible"
    file = Path(f"content/images/{name}.jpg")
    picture = Picture(file, {"zh": f"图 {name}", "en": f"P {name}"}, False, people, identity, ())
    return picture, Copy(f"/images/{name}", kind, *size)


def test_a_picture_of_the_pages_own_goes_before_a_card() -> None:
    """The first that may leave the site, and is large enough for a chat; of no drawing."""
    pages = Pages()
    child, drawn = shown("c", people="minor"), shown("d", kind="SVG")
    before = [child, drawn, shown("low", (900, 299)), shown("slim", (299, 900))]
    for code in ("zh", "en"):
        pages.add("a", code, shown=[*before, shown("x", (300, 900)), shown("y")])
    pages.add("b", shown=before)
    shared = pages.choose()
    assert shared["a", "zh"] == Shared("/images/x", 300, 900, "图 x")
    assert shared["a", "en"] == Shared("/images/x", 300, 900, "P x")
    assert shared["b", "zh"].path.startswith("/share/zh/b.")
    assert list(pages.settings["CARDS"]) == [shared["b", "zh"].path]


def test_a_page_without_a_file_has_the_picture_of_the_page_above() -> None:
    """The nearest that has one, else the home page's; who is lost is shown nothing."""
    pages = Pages()
    for key in ("home", "news", "news/2026", "404"):
        pages.add(key)
    made = ("news/2026/11", "news/2025/01", "topics/roof", "other")
    for key in made:
        pages.add(key, made=True)
    pages.add("other", "en", made=True)
    shared = pages.choose()
    above = {one: shared[one, "zh"] for one in ("home", "news", "news/2026")}
    assert shared == {(key, "zh"): one for key, one in above.items()} | {
        (key, "zh"): above[one]
        for key, one in zip(made, ("news/2026", "news", "home", "home"), strict=True)
    }


def test_words_that_chats_cut_off_are_told() -> None:
    """Where they stand, also behind the mark that some editors begin a file with; a Latin letter
    takes half of the room; of what is written by hand.
    """
    pages = Pages()
    pages.add("fits", title="名" * 30, description="d" * 160)
    for code in ("zh", "zh-hant"):
        pages.add(
            "long",
            code,
            title="名" * 29 + "＋a" + "“",
            description="述" * 80 + "d",
            lines="---\ndate: x\nTitle: x\ntitle: y\n---\n",
        )
    pages.add("marked", title="名" * 31, lines="\ufeffTitle: x\n")
    pages.add("made", made=True, title="名" * 31)
    pages.choose()
    title, description = (
        {"most": most, "twice": twice, "name": name}
        for most, twice, name in (("30", "60", "title"), ("80", "160", "description"))
    )
    assert pages.settings["PROBLEMS"] == [
        Problem("W6.long", f"content/pages/{file}.zh.md", line, params, Severity.WARNING)
        for file, line, params in (
            ("long", 3, {"length": "31.5"} | title),
            ("long", 0, {"length": "80.5"} | description),
            ("marked", 1, {"length": "31"} | title),
        )
    ]


def jpeg(png: bytes) -> bytes:
    file, drawn = BytesIO(), Image.open(BytesIO(png)).convert("RGB")
    plain = Image.new("RGB", drawn.size)
    plain.paste(drawn)
    plain.save(file, "JPEG", quality=86, optimize=True, progressive=True)
    return file.getvalue()


def test_cards_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of many, some at a time; kept by the page's key, as long as it is shown and a month."""
    monkeypatch.setattr(sharing, "_AT_ONCE", 2)
    pages = Pages()
    for key in ("a", "b/c", "d"):
        pages.add(key)
    shared, pelican = pages.choose(), SimpleNamespace(settings=pages.settings)
    sharing.publish(pelican)
    cards = [pages.card(key) for key in ("a", "b/c", "d")]
    paths = [shared[key, "zh"].path for key in ("a", "b/c", "d")]
    drawn = dict(zip(paths, map(jpeg, drawing.draw("card", cards)), strict=True))
    assert {f"/{path}": data for path, data in contents(Path("output")).items()} == drawn
    for data in drawn.values():
        assert Image.open(BytesIO(data)).size == (1200, 630)
        assert hidden_data.look(data, "JPEG").hidden == ()
    recipe = drawing.recipe("card")
    kept = {
        f"{path.removeprefix('/share/').replace('/', '_')}.{digest(recipe, card)}": drawn[path]
        for path, card in zip(paths, cards, strict=True)
    }
    assert contents(SHELF) == kept
    now = time.time()
    for name, age in (("young", MONTH - 90), ("old", MONTH + 90)):
        (SHELF / name).write_bytes(b"")
        os.utime(SHELF / name, (now - age, now - age))
    first, *others = kept
    (SHELF / first).unlink()
    for name in others:
        (SHELF / name).write_bytes(name.encode())
    sharing.publish(pelican)
    assert set(contents(SHELF)) == {*kept, "young"}
    assert [*contents(Path("output")).values()] == [kept[first], *(one.encode() for one in others)]


def test_each_step_is_taken() -> None:
    """What Pelican does not call is in no chat."""
    steps = (
        (signals.initialized, sharing.begin),
        (signals.all_generators_finalized, sharing.choose),
        (signals.finalized, sharing.publish),
    )
    sharing.register()
    try:
        for signal, step in steps:
            assert step in set(signal.receivers_for(None))
    finally:
        for signal, step in steps:
            signal.disconnect(step)
