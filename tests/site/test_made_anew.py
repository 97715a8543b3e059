"""C7: the one way in which a picture is made anew: what is made, and what is refused."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from plugins import anew
from plugins.anew import Form, Original, drawings, pixels
from plugins.hidden_data import ai_label, look
from plugins.problems import Problem

PLACE = "content/images/door.jpg"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><path d="M0 0"/></svg>'
OTHERS = {**ai_label.DECLARED, "ProduceID": "7"}


def photo(kind: str = "JPEG", size: tuple[int, int] = (90, 60), colour: str = "navy") -> bytes:
    file, mode = BytesIO(), "RGBA" if len(colour) == 9 else "RGB"
    Image.new(mode, size, colour).save(file, kind)
    return file.getvalue()


def marked(kind: str) -> bytes:
    """A picture that says of itself that somebody's AI made it."""
    if kind == "SVG":
        return drawings.cleaned(DRAWING, OTHERS)
    return pixels.written(Image.new("RGB", (9, 6), "navy"), kind, OTHERS, 80)


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG", "a.png", "a.webp", "a.avif", "a.svg"])
def test_a_picture_is_read_by_its_name(name: str, tmp_path: Path) -> None:
    """With the label that it came with."""
    kind = {"jpg": "JPEG"}.get(name[2:], name[2:].upper())
    for data, label in ((marked(kind), OTHERS), (photo(kind) if kind != "SVG" else DRAWING, None)):
        (tmp_path / name).write_bytes(data)
        assert anew.read(tmp_path / name, PLACE) == Original(data, kind, label)


def test_a_photo_says_how_large_it_is_and_whether_one_sees_through() -> None:
    """As it came, and as it goes out."""
    large = Original(photo(size=(3200, 20)), "JPEG", None)
    assert (large.longest_side, large.size(PLACE)) == (3200, (1600, 10))
    drawing = Original(DRAWING, "SVG", OTHERS)
    assert drawing.size(PLACE) == (30, 20)
    for colour, through in (("#00008080", True), ("navy", False)):
        assert Original(photo("WEBP", colour=colour), "WEBP", None).see_through is through


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "SVG"])
def test_what_ai_made_says_so(kind: str) -> None:
    """By the label that it came with, or by that of its sidecar; what it did not make, does not."""
    bare = DRAWING if kind == "SVG" else photo(kind)
    forms = [Form(kind, 30, 80)]
    for data, label, by_ai, wanted in (
        (marked(kind), OTHERS, True, OTHERS),
        (bare, None, True, ai_label.DECLARED),
        (bare, None, False, None),
        (marked(kind), OTHERS, False, None),
    ):
        original = Original(data, kind, label)
        for made in (
            *original.made(PLACE, forms, ai_generated=by_ai),
            original.taken_in(PLACE, ai_generated=by_ai, quality=80),
        ):
            assert look(made, kind).label == wanted
            assert look(made, kind).hidden == ()


def test_a_photo_is_made_in_each_form() -> None:
    """Of the same pixels; a drawing has but its own."""
    original = Original(photo(size=(90, 60)), "JPEG", None)
    forms = [Form("AVIF", 30, 60), Form("PNG", 45, 0), Form("JPEG", 900, 95)]
    made = original.made(PLACE, forms, ai_generated=False)
    whole = pixels.of(original.data, "JPEG")
    assert made == [
        pixels.written(pixels.narrowed(whole, 30), "AVIF", None, 60),
        pixels.written(pixels.narrowed(whole, 45), "PNG", None, 0),
        pixels.written(whole, "JPEG", None, 95),
    ]
    drawn = Original(DRAWING, "SVG", None).made(PLACE, forms, ai_generated=False)
    assert drawn == [drawings.cleaned(DRAWING, None)] * 3


def test_what_is_taken_in_is_no_larger_than_pages_need() -> None:
    """In its own format, with the quality that is asked for."""
    original = Original(photo(size=(2000, 1000)), "JPEG", None)
    whole = pixels.of(original.data, "JPEG")
    assert whole.size == (1600, 800)
    taken = original.taken_in(PLACE, ai_generated=False, quality=91)
    assert taken == pixels.written(whole, "JPEG", None, 91)
    assert taken != pixels.written(whole, "JPEG", None, 80)


def film() -> bytes:
    file, frames = BytesIO(), [Image.new("RGB", (9, 9), one) for one in ("gold", "navy")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    return file.getvalue()


REFUSED = {
    "a film": (film(), "WEBP", "C7.moving"),
    "too much": (photo("PNG", (100, 100)), "PNG", "C7.too_large"),
    "no photo": (b"x", "JPEG", "C7.unreadable"),
    "no drawing": (b"<svg>", "SVG", "C7.unreadable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_made_is_refused_at_its_place(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason, by each way."""
    data, kind, code = REFUSED[name]
    monkeypatch.setattr(pixels, "MOST_PIXELS", 9_999)
    original = Original(data, kind, None)
    for ask in (
        lambda: original.size(PLACE),
        lambda: original.made(PLACE, [Form(kind, 9, 80)], ai_generated=False),
        lambda: original.taken_in(PLACE, ai_generated=False, quality=80),
    ):
        with pytest.raises(anew.Refused) as refused:
            ask()
        problem = refused.value.problem
        assert str(refused.value) == code
        assert problem == Problem(code, PLACE, params=problem.params)
        assert list(problem.params) == (["reason"] if code == "C7.unreadable" else [])
        assert problem.params.get("reason", "x") not in ("", "None")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """One that is not there, one that is something else."""
    (tmp_path / "a.png").write_bytes(photo("JPEG"))
    for name, reason in (("a.png", "not PNG"), ("b.png", "No such file")):
        with pytest.raises(anew.Refused) as refused:
            anew.read(tmp_path / name, PLACE)
        problem = refused.value.problem
        assert problem == Problem("C7.unreadable", PLACE, params=problem.params)
        assert reason in problem.params["reason"]
