"""C7: pictures in the process of a build: what is refused, what a page shows, what goes out."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.plugins import signals
from pelican.settings import read_settings
from PIL import Image

from donations_api.frame import load_frame
from plugins import anew, copies, images
from plugins.anew import pixels
from plugins.hidden_data import ai_label
from plugins.kept import KEPT
from plugins.pictures import Picture
from plugins.problems import Problem
from plugins.showing import Showing
from tests.site.test_safeguarding_pages import generators
from tests.site.tiny_site import TinySite, contents, make_site

FOLDER = Path("content/images")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory, with a shelf of its own."""
    site = make_site(tmp_path / "site")
    (site.folder / KEPT).unlink()
    monkeypatch.chdir(site.folder)
    FOLDER.mkdir()
    return site


def picture(name: str = "door.png", data: bytes | None = None, *, by_ai: bool = False) -> Picture:
    """A picture that is declared; ``data`` is a small photo otherwise."""
    file = FOLDER / name
    if data is None:
        Image.new("RGB", (30, 20), "navy").save(file)
    else:
        file.write_bytes(data)
    return Picture(file, {"zh": "门", "en": "A door"}, by_ai, "none", "none", ())


def marked() -> bytes:
    return pixels.written(Image.new("RGB", (9, 6)), "PNG", ai_label.DECLARED, 0)


def read(*found: Picture) -> dict[str, Any]:
    """The settings of a build, when the originals are read."""
    frame = load_frame(Path("content"), Path("theme"))
    ours = {"PATH": "content", "THEME": "theme", "PICTURES": list(found), "FRAME": frame}
    settings: dict[str, Any] = read_settings(override=ours)
    images.check_originals(SimpleNamespace(settings=settings))
    return settings


def planned(one: Picture) -> copies.Copies:
    return copies.of(one, anew.read(one.original, "x"))


def test_what_will_be_made_is_known_of_each_picture() -> None:
    """Also of what AI made, with its word or without."""
    some = (picture(), picture("a.png", marked(), by_ai=True), picture("b.jpg", by_ai=True))
    settings = read(*some)
    assert settings["PROBLEMS"] == []
    assert settings["COPIES"] == {one.path: planned(one) for one in some}
    assert settings["ON_PAGE"] == {}


def test_what_is_wrong_with_a_picture_is_told_once_at_its_place() -> None:
    """Of all of them; what is wrong is not shown."""
    line, drawing = BytesIO(), b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 9"/>'
    Image.new("RGB", (1601, 2)).save(line, "PNG")
    just = BytesIO()
    Image.new("RGB", (1600, 2)).save(just, "PNG")
    exif, secret = Image.Exif(), BytesIO()
    exif[0x010F] = "SecretPhone"
    Image.new("RGB", (9, 9)).save(secret, "PNG", exif=exif)
    good = picture("just.png", just.getvalue()), picture("long.svg", drawing)
    settings = read(
        picture("label.png", marked()),
        picture("large.png", line.getvalue()),
        picture("none.jpg", b"x"),
        picture("plan.svg", b"<svg>"),
        picture("secret.png", secret.getvalue()),
        *good,
    )
    place = FOLDER.as_posix()
    no_photo, telling, label, large, no_plan = settings["PROBLEMS"]
    assert no_photo == Problem("C7.unreadable", f"{place}/none.jpg", params={"reason": "not JPEG"})
    told = {"found": "EXIF", "file": f"{place}/secret.png"}
    assert telling == Problem("C7.original", f"{place}/secret.png", params=told)
    assert label == Problem("C7.ai_label", f"{place}/label.png.toml")
    told = {"longest": "1600", "file": f"{place}/large.png"}
    assert large == Problem("C7.oversized", f"{place}/large.png", params=told)
    assert (no_plan.code, no_plan.file) == ("C7.unreadable", f"{place}/plan.svg")
    assert settings["COPIES"] == {one.path: planned(one) for one in good}


def test_each_page_shows_its_pictures() -> None:
    """In its language; which they are is noted, in their order."""
    one, other = picture(), picture("roof.png")
    settings = read(one, other)
    made = generators(settings)
    html = "".join(f'<p><img src="/images/{name}.png" alt=""></p>' for name in ("roof", "door"))
    pages = {}
    for code in ("zh", "en"):
        page = SimpleNamespace(translation_key="news/a", lang=code, _content=html)
        made[1].pages.append(page)
        pages[code] = page
    images.describe(made)
    known = {each.path: each for each in (one, other)}
    for code, page in pages.items():
        language = settings["FRAME"].language(code)
        showing = Showing(known, settings["COPIES"], settings["FRAME"], language)
        assert page._content == showing.of("news/a", html) != html
        assert settings["ON_PAGE"]["news/a", code] == [
            (each, settings["COPIES"][each.path].usual) for each in (other, one)
        ]
    assert "门" in pages["zh"]._content
    assert "A door" in pages["en"]._content


def test_the_copies_go_out_and_what_is_shown_no_more_goes() -> None:
    """C9, C10: from the shelf too, at once."""
    one, other = picture(), picture("roof.png")
    settings = read(one, other) | {"OUTPUT_PATH": "output/new"}
    pelican: Any = SimpleNamespace(settings=settings)
    images.publish(pelican)
    made = contents(Path("output/new"))
    assert sorted(f"/{path}" for path in made) == sorted(
        copy.path for each in (one, other) for copy in planned(each)
    )
    for copy in planned(one):
        with Image.open(BytesIO(made[copy.path.removeprefix("/")])) as opened:
            assert (opened.format, opened.size) == (copy.kind, copy.size)
    shelf = KEPT / "copies"
    assert {file.name.partition(".")[0] for file in shelf.iterdir()} == {"door", "roof"}
    settings["PICTURES"] = [one]
    images.publish(pelican)
    assert {file.name.partition(".")[0] for file in shelf.iterdir()} == {"door"}
    assert contents(Path("output/new")) == made


def test_each_step_is_taken() -> None:
    """What Pelican does not call shows no picture."""
    steps = (
        (signals.initialized, images.check_originals),
        (signals.all_generators_finalized, images.describe),
        (signals.finalized, images.publish),
    )
    images.register()
    try:
        for signal, step in steps:
            assert step in set(signal.receivers_for(None))
    finally:
        for signal, step in steps:
            signal.disconnect(step)
