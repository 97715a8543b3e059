"""C7: a photo made anew from its pixels: each way that it may come, and what of it goes on."""

import struct
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageStat, UnidentifiedImageError

from plugins.anew import pixels
from plugins.hidden_data import Unreadable, ai_label, look

KINDS = ("JPEG", "PNG", "WEBP", "AVIF")


def data(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def plain(mode: str = "RGB", size: tuple[int, int] = (6, 4), colour: Any = "navy") -> Image.Image:
    return Image.new(mode, size, colour)


def colour(picture: Image.Image) -> Any:
    return picture.getpixel((1, 1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_is_read_as_what_it_is(kind: str) -> None:
    """And as nothing else, whatever its bytes are."""
    made = pixels.of(data(plain(), kind), kind)
    assert (made.mode, made.size) == ("RGB", (6, 4))
    assert made.info == {}
    assert type(made) is Image.Image
    assert pixels.longest_side(data(plain(size=(3, 9)), kind), kind) == 9
    for other in KINDS:
        if other != kind:
            with pytest.raises(Unreadable, match=f"^not {other}$"):
                pixels.of(data(plain(), kind), other)
            with pytest.raises(UnidentifiedImageError):
                pixels.longest_side(data(plain(), kind), other)


BROKEN: dict[str, tuple[bytes, str, str]] = {
    "no picture": (b"x", "JPEG", "not JPEG"),
    "one broken off": (data(Image.effect_noise((90, 90), 9), "PNG")[:-600], "PNG", ".*truncated.*"),
    "one of nothing": (b"", "WEBP", "not WEBP"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told(name: str) -> None:
    """With a reason that says something to people."""
    broken, kind, reason = BROKEN[name]
    with pytest.raises(Unreadable, match=f"^{reason}$"):
        pixels.of(broken, kind)


def test_what_unfolds_into_too_much_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    """By our own limit, and by that of the library."""
    photo = data(plain(), "PNG")
    monkeypatch.setattr(pixels, "MOST_PIXELS", 24)
    assert pixels.of(photo, "PNG").size == (6, 4)
    monkeypatch.setattr(pixels, "MOST_PIXELS", 23)
    with pytest.raises(pixels.TooLarge):
        pixels.of(photo, "PNG")
    monkeypatch.setattr(pixels, "MOST_PIXELS", 10**9)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 11)  # an error from twice as many on
    with pytest.raises(pixels.TooLarge):
        pixels.of(photo, "PNG")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_a_film_is_no_photo(kind: str) -> None:
    """But what a telephone puts behind its photo is left behind."""
    film = {"save_all": True, "append_images": [plain(colour="gold")]}
    with pytest.raises(pixels.Moving):
        pixels.of(data(plain(), kind, **film), kind)
    both = data(plain(), "MPO", **film)
    with Image.open(BytesIO(both)) as opened:
        assert getattr(opened, "n_frames", 1) == 2
    assert colour(pixels.of(both, "JPEG"))[2] > 100


def test_what_shows_through_stays_so() -> None:
    """In the formats that have it; a palette and two shades are colours like others."""
    clear = plain("RGBA", colour=(0, 0, 128, 90))
    for kind in ("PNG", "WEBP", "AVIF"):
        made = pixels.of(data(clear, kind), kind)
        assert (made.mode, colour(made)[3]) == ("RGBA", 90)
    assert pixels.of(data(plain("RGBA"), "PNG"), "PNG").mode == "RGBA"
    few = plain("P", colour=0)
    few.putpalette([200, 100, 50])
    made = pixels.of(data(few, "PNG"), "PNG")
    assert (made.mode, colour(made)) == ("RGB", (200, 100, 50))
    made = pixels.of(data(few, "PNG", transparency=0), "PNG")
    assert (made.mode, colour(made)) == ("RGBA", (200, 100, 50, 0))
    assert colour(pixels.of(data(plain("1", colour=1), "PNG"), "PNG")) == (255, 255, 255)
    grey = data(plain("L", colour=90), "JPEG")
    assert colour(pixels.of(grey, "JPEG")) == (90, 90, 90)
    assert pixels.of(data(plain("LA", colour=(90, 7)), "PNG"), "PNG").mode == "RGBA"


def test_sixteen_bits_become_eight() -> None:
    """As bright as it was, to the last shade."""
    for bright, shade in ((65_535, 255), (65_435, 254), (257 * 100, 100), (257 * 3, 3), (0, 0)):
        deep = data(plain("I;16", colour=bright), "PNG")
        assert colour(pixels.of(deep, "PNG")) == (shade, shade, shade)


def test_a_photo_stands_upright_and_is_no_larger_than_it_is_shown() -> None:
    """Whatever the telephone's way up; a small one stays as it is."""
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = plain(size=(6, 4))
    photo.paste((255, 255, 255), (0, 0, 3, 4))
    made = pixels.of(data(photo, "PNG", exif=exif), "PNG")
    assert made.size == (4, 6)
    assert (made.getpixel((1, 0)), made.getpixel((1, 5))) == ((255, 255, 255), (0, 0, 128))
    for size, shown in (((1600, 2), (1600, 2)), ((3200, 80), (1600, 40)), ((30, 1700), (28, 1600))):
        assert pixels.of(data(plain(size=size), "PNG"), "PNG").size == shown


def test_colours_are_those_that_browsers_take_without_a_profile() -> None:
    """A profile of other colours changes the numbers; one that does not fit is left behind."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    same = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    orange = plain(colour=(200, 100, 50))
    for profile in (same, lab, b"no profile"):
        assert colour(pixels.of(data(orange, "PNG", icc_profile=profile), "PNG")) == (200, 100, 50)
    wide = swapped(same)
    made = pixels.of(data(orange, "PNG", icc_profile=wide), "PNG")
    assert made.mode == "RGB"
    assert colour(made) != (200, 100, 50)
    assert colour(made)[2] > colour(made)[0]
    clear = plain("RGBA", colour=(200, 100, 50, 90))
    made = pixels.of(data(clear, "PNG", icc_profile=wide), "PNG")
    assert (made.mode, colour(made)[3]) == ("RGBA", 90)
    assert colour(made)[2] > colour(made)[0]
    few = plain("P", colour=0)
    few.putpalette([200, 100, 50])
    assert colour(pixels.of(data(few, "PNG", icc_profile=wide), "PNG")) == (200, 100, 50)


def test_greys_and_inks_are_what_their_profile_says() -> None:
    """As they are shown in the light of a photo, and as they come from a press."""
    grey = profile_of(b"GRAY", b"kTRC", struct.pack(">4s4xIH", b"curv", 1, 256))  # as light adds up
    for picture, kind in ((plain("L", colour=90), "JPEG"), (plain("I;16", colour=257 * 90), "PNG")):
        made = pixels.of(data(picture, kind, icc_profile=grey), kind)
        assert (made.mode, colour(made)) == ("RGB", (160, 160, 160))
    # It does not fit what shows through, nor a palette, where numbers are no light.
    clear = plain("LA", colour=(90, 7))
    made = pixels.of(data(clear, "PNG", icc_profile=grey), "PNG")
    assert (made.mode, made.tobytes()) == ("RGBA", bytes([90, 90, 90, 7]) * 24)
    few = plain("P", colour=1)
    few.putpalette([0, 0, 0, 200, 100, 50])
    assert colour(pixels.of(data(few, "PNG", icc_profile=grey), "PNG")) == (200, 100, 50)
    press = profile_of(b"CMYK", b"A2B0", inks())
    for ink, plainly, printed in (
        ((0, 0, 0, 0), (255, 255, 255), (255, 255, 255)),
        ((0, 0, 0, 255), (0, 0, 0), (0, 0, 0)),
        ((255, 0, 0, 0), (0, 255, 255), (232, 138, 44)),
    ):
        photo = plain("CMYK", colour=ink)
        assert colour(pixels.of(data(photo, "JPEG"), "JPEG")) == plainly
        made = pixels.of(data(photo, "JPEG", icc_profile=press), "JPEG")
        assert colour(made) == pytest.approx(printed, abs=2)


def inks() -> bytes:
    """What a press prints whose cyan is orange: of each mixture of its four inks, L, a and b."""
    white, black, orange = (255, 128, 128), (0, 128, 128), (170, 160, 190)
    mixtures = [
        black if key else orange if cyan else white
        for cyan in (0, 1)
        for _ in range(4)
        for key in (0, 1)
    ]
    straight = bytes(range(256))
    head = struct.pack(
        ">4s4x3Bx9i", b"mft1", 4, 3, 2, *(65_536 * (one % 4 == 0) for one in range(9))
    )
    return head + straight * 4 + b"".join(map(bytes, mixtures)) + straight * 3


def profile_of(space: bytes, name: bytes, tag: bytes) -> bytes:
    """A profile of these colours with nothing in it but what turns them into others."""
    tag += bytes(-len(tag) % 4)
    white = struct.pack(">3i", 63_190, 65_536, 54_061)
    seen = b"XYZ " if space == b"GRAY" else b"Lab "
    table = struct.pack(">I4sII4sII", 2, b"wtpt", 156, 20, name, 176, len(tag))
    head = struct.pack(
        ">I4x4s4s4s4s12x4s28x12s48x",
        176 + len(tag),
        b"\2\x10\0\0",
        b"prtr",
        space,
        seen,
        b"acsp",
        white,
    )
    return head + table + struct.pack(">4s4x12s", b"XYZ ", white) + tag


def swapped(profile: bytes) -> bytes:
    """A profile whose red is blue and whose blue is red."""
    for one, other in ((b"rXYZ", b"bXYZ"),):
        profile = profile.replace(one, b"????").replace(other, one).replace(b"????", other)
    return profile


def test_it_gets_narrower_and_never_wider() -> None:
    """By the nearest height, which is something."""
    photo = plain(size=(300, 200))
    assert pixels.narrowed(photo, 300) is photo
    assert pixels.narrowed(photo, 301) is photo
    assert pixels.narrowed(photo, 299).size == (299, 199)
    assert pixels.narrowed(photo, 30).size == (30, 20)
    assert pixels.narrowed(plain(size=(300, 1)), 30).size == (30, 1)
    edge = plain(size=(90, 9), colour="white")
    edge.paste((0, 0, 0), (0, 0, 45, 9))
    assert pixels.narrowed(edge, 30).tobytes() == edge.resize((30, 3), 1).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_has_the_pixels_and_the_label_alone(kind: str) -> None:
    """The label of what AI made as the law has it; with more quality it is larger, and alike."""
    photo = Image.radial_gradient("L").resize((90, 60)).convert("RGB")
    label = {**ai_label.DECLARED, "ProduceID": "7"}
    bare, marked = (pixels.written(photo, kind, one, 80) for one in (None, label))
    assert look(bare, kind).label is None
    assert look(marked, kind).label == label
    for made in (bare, marked):
        assert look(made, kind).hidden == ()
        with Image.open(BytesIO(made)) as opened:
            assert (opened.format, opened.size) == (kind, (90, 60))
            far = ImageStat.Stat(Image.blend(opened.convert("RGB"), photo, 0.5)).mean[0]
        assert far == pytest.approx(ImageStat.Stat(photo).mean[0], abs=2)
    assert pixels.written(photo, kind, None, 80) == bare
    fine = pixels.written(photo, kind, None, 95)
    assert fine == bare if kind == "PNG" else len(fine) > len(bare)


OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 80, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 80, "method": 4},
    "AVIF": {"quality": 80, "speed": 8, "max_threads": 1},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_written_as_is_best_for_its_format(kind: str) -> None:
    """Byte for byte, so that what is kept and what is made are the same."""
    photo = Image.radial_gradient("L").resize((90, 60)).convert("RGB")
    assert pixels.written(photo, kind, None, 80) == data(photo, kind, **OPTIONS[kind])
