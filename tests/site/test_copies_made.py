"""The copies of a picture: which there are of it, what is in them, and what is kept of them."""

from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from plugins import anew, copies, hidden_data
from plugins.copies import QUALITY, Copies, Copy
from plugins.hidden_data import ai_label
from plugins.kept import Shelf, digest
from plugins.pictures import Picture

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><path d="M0 0"/></svg>'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without anything kept."""
    monkeypatch.chdir(tmp_path)


def picture(
    name: str, size: tuple[int, int] = (30, 20), mode: str = "RGB", by_ai: bool = False
) -> Picture:
    """A picture in the content."""
    file = Path(name)
    if name.endswith(".svg"):
        file.write_text(SVG, encoding="utf-8")
    else:
        Image.new(mode, size, "#0000805a" if mode == "RGBA" else "navy").save(file)
    return Picture(file, {}, by_ai, "none", "none", ())


def of(one: Picture) -> Copies:
    return copies.of(one, anew.read(one.original, one.original.as_posix()))


def smaller(name: str, *sizes: tuple[int, int, int]) -> dict[str, tuple[Copy, ...]]:
    """The widest that each may be, and its width and height, in both formats."""
    return {
        kind: tuple(Copy(f"/images/{name}.{most}.{end}", kind, w, h) for most, w, h in sizes)
        for kind, end in (("AVIF", "avif"), ("WEBP", "webp"))
    }


WIDTHS = {
    90: [(480, 90, 60)],
    480: [(480, 480, 320)],
    551: [(480, 480, 320)],
    552: [(480, 480, 320), (960, 552, 368)],
    1100: [(480, 480, 320), (960, 960, 640)],
    1105: [(480, 480, 320), (960, 960, 640), (1440, 1105, 737)],
    1600: [(480, 480, 320), (960, 960, 640), (1440, 1440, 960)],
}


@pytest.mark.parametrize("wide", WIDTHS)
def test_a_photo_has_copies_that_fit(wide: int) -> None:
    """Never wider than itself, none hardly narrower, and one for every browser."""
    high = round(wide * 2 / 3)
    photo = picture("door.jpg", (wide, high))
    assert of(photo) == Copies(
        Copy("/images/door.jpg", "JPEG", wide, high), smaller("door.jpg", *WIDTHS[wide])
    )


def test_a_drawing_has_but_itself() -> None:
    """It is as sharp in every size."""
    assert of(picture("a.svg")) == Copies(Copy("/images/a.svg", "SVG", 30, 20), {})


def test_every_browser_gets_one_that_it_knows() -> None:
    """A PNG where the page shows through; no larger than the widest copy."""
    for name, mode, size, usual in (
        ("a.webp", "RGB", (30, 20), Copy("/images/a.webp.1440.jpg", "JPEG", 30, 20)),
        ("b.webp", "RGBA", (30, 20), Copy("/images/b.webp.1440.png", "PNG", 30, 20)),
        ("c.avif", "RGB", (1500, 10), Copy("/images/c.avif.1440.jpg", "JPEG", 1440, 10)),
        ("d.webp", "RGB", (1600, 1), Copy("/images/d.webp.1440.jpg", "JPEG", 1440, 1)),
        ("e.png", "RGBA", (30, 20), Copy("/images/e.png", "PNG", 30, 20)),
    ):
        found = of(picture(name, size, mode))
        assert found.usual == usual
        assert found.usual.size == (usual.width, usual.height)
    # What is flat is not nothing high.
    assert found.smaller == smaller("e.png", (480, 30, 20))
    flat = of(picture("f.png", (1000, 1)))
    assert {one.height for one in flat} == {1}
    long = of(picture("g.webp", (1600, 1500)))
    assert long.usual.size == (1440, 1350)
    assert [one.path for one in long] == [
        "/images/g.webp.1440.jpg",
        *(f"/images/g.webp.{most}.{end}" for end in ("avif", "webp") for most in (480, 960, 1440)),
    ]


@pytest.mark.parametrize("by_ai", [False, True])
def test_copies_are_made_and_kept(by_ai: bool) -> None:
    """Each in its format and size; what AI made says so in each; none twice."""
    photo = picture("door.jpg", (600, 400), by_ai=by_ai)
    planned = of(photo)
    made = copies.made(photo, planned, Shelf("copies"))
    assert list(made) == [one.path for one in planned]
    for one in planned:
        with Image.open(BytesIO(made[one.path])) as opened:
            assert (opened.format, opened.size) == (one.kind, one.size)
        label = hidden_data.look(made[one.path], one.kind).label
        assert label == (ai_label.DECLARED if by_ai else None)
    ending = digest(photo.original.read_bytes(), by_ai, QUALITY, version("pillow"))
    shelf = Path("var/kept/copies")
    names = {one.path: f"{one.path.removeprefix('/images/')}.{ending}" for one in planned}
    assert {path: (shelf / name).read_bytes() for path, name in names.items()} == made
    for name in names.values():
        (shelf / name).write_bytes(name.encode())
    again = copies.made(photo, planned, Shelf("copies"))
    assert again == {path: name.encode() for path, name in names.items()}
    (shelf / names[planned.usual.path]).unlink()
    assert copies.made(photo, planned, Shelf("copies")) == made


def test_copies_have_the_quality_of_their_format() -> None:
    """As the encoder writes it with that number."""
    file = Path("door.jpg")
    Image.radial_gradient("L").resize((90, 60)).convert("RGB").save(file, quality=95)
    photo = Picture(file, {}, False, "none", "none", ())
    planned = of(photo)
    made = copies.made(photo, planned, Shelf("copies"))
    original = anew.read(file, "x")
    for one in planned:
        form = anew.Form(one.kind, one.width, {"AVIF": 60, "WEBP": 80, "JPEG": 82}[one.kind])
        assert made[one.path] == original.made("x", [form], ai_generated=False)[0]


def test_a_drawing_is_written_anew() -> None:
    """By the way that it was kept on, too."""
    drawing = picture("a.svg")
    made = copies.made(drawing, of(drawing), Shelf("copies"))
    original = anew.read(drawing.original, "x")
    form = anew.Form("SVG", 0, 0)
    assert made == {"/images/a.svg": original.made("x", [form], ai_generated=False)[0]}


def test_a_picture_that_became_a_film_is_refused_at_its_place() -> None:
    """Between the look at it and the making."""
    photo = picture("door.webp")
    planned = of(photo)
    frames = [Image.new("RGB", (9, 9), one) for one in ("gold", "navy")]
    frames[0].save(photo.original, save_all=True, append_images=frames[1:])
    with pytest.raises(anew.Refused) as refused:
        copies.made(photo, planned, Shelf("copies"))
    assert (refused.value.problem.code, refused.value.problem.file) == ("C7.moving", "door.webp")


def test_a_picture_that_is_broken_is_refused_at_its_place() -> None:
    """What came of it in the meantime is not in the site."""
    photo = picture("door.jpg")
    planned = of(photo)
    photo.original.write_bytes(b"\xff\xd8\xffx")
    with pytest.raises(anew.Refused) as refused:
        copies.made(photo, planned, Shelf("copies"))
    assert (refused.value.problem.code, refused.value.problem.file) == ("C7.unreadable", "door.jpg")
    with pytest.raises(anew.Refused) as refused:
        copies.of(photo, anew.Original(b"\xff\xd8\xffx", "JPEG", None))
    assert (refused.value.problem.code, refused.value.problem.file) == ("C7.unreadable", "door.jpg")
