"""C7: JPEG, PNG and WebP, segment by segment: what is no pixel is told by its name."""

import struct
import zlib
from collections.abc import Iterable

import pytest

from plugins.hidden_data import rasters
from plugins.hidden_data.parts import Part, Unreadable

TABLE = b"\xff\xdb\x00\x03\x00"
FRAME = b"\xff\xc0\x00\x03\x01"
SCAN = b"\xff\xda\x00\x03\x01pixels\xff\x00\xff\xd0more"
JFIF = b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
ADOBE = b"Adobe\x00d\x00\x00\x00\x00\x01"


def segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def jpeg(*segments: bytes, behind: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(segments) + TABLE + FRAME + SCAN + b"\xff\xd9" + behind


def told(parts: Iterable[Part]) -> list[tuple[str, bytes]]:
    return [(one.name, one.data) for one in parts]


XMP = b"http://ns.adobe.com/xap/1.0/\x00"
SEGMENTS: dict[str, tuple[int, bytes, list[tuple[str, bytes]]]] = {
    "the least of JFIF": (0xE0, JFIF, []),
    "a thumbnail in JFIF": (0xE0, JFIF[:-2] + b"\1\1abc", [("thumbnail", JFIF[:-2] + b"\1\1abc")]),
    "a wide thumbnail": (0xE0, JFIF[:-2] + b"\1\0", [("thumbnail", JFIF[:-2] + b"\1\0")]),
    "a longer JFIF": (0xE0, JFIF[:-2] + b"\0\0\0", [("thumbnail", JFIF[:-2] + b"\0\0\0")]),
    "JFXX": (0xE0, b"JFXX\x00" + JFIF[5:], [("thumbnail", b"JFXX\x00" + JFIF[5:])]),
    "Adobe's colours": (0xEE, ADOBE, []),
    "more from Adobe": (0xEE, ADOBE + b"x", [("APP14", ADOBE + b"x")]),
    "not from Adobe": (0xEE, b"Other" + ADOBE[5:], [("APP14", b"Other" + ADOBE[5:])]),
    "Adobe's elsewhere": (0xEF, ADOBE, [("APP15", ADOBE)]),
    "JFIF elsewhere": (0xE1, JFIF, [("APP1", JFIF)]),
    "EXIF": (0xE1, b"Exif\x00\x00x", [("EXIF", b"Exif\x00\x00x")]),
    "XMP": (0xE1, XMP + b"<x>" + XMP, [("XMP", b"<x>" + XMP)]),
    "extended XMP": (
        0xE1,
        b"http://ns.adobe.com/xmp/extension/x",
        [("extended XMP", b"http://ns.adobe.com/xmp/extension/x")],
    ),
    "ICC": (0xE2, b"ICC_PROFILE\x00x", [("ICC", b"ICC_PROFILE\x00x")]),
    "further pictures": (0xE2, b"MPF\x00x", [("further pictures", b"MPF\x00x")]),
    "IPTC": (0xED, b"Photoshop 3.0\x00x", [("IPTC", b"Photoshop 3.0\x00x")]),
    "C2PA": (0xEB, b"JPx", [("C2PA", b"JPx")]),
    "a comment": (0xFE, b"Secret", [("comment", b"Secret")]),
    "an empty comment": (0xFE, b"", [("comment", b"")]),
    "EXIF elsewhere": (0xE3, b"Exif\x00", [("APP3", b"Exif\x00")]),
    "the last segment of a program": (0xEF, b"x", [("APP15", b"x")]),
    "no segment of a program": (0xF0, b"x", [("F0", b"x")]),
    "one that nobody knows": (0xC8, b"x", [("C8", b"x")]),
    "small": (0x01, b"x", [("01", b"x")]),
    "a table": (0xC4, b"x", []),
}


@pytest.mark.parametrize("name", SEGMENTS)
def test_a_segment_is_pixels_or_told(name: str) -> None:
    """By marker and beginning; and the bare picture is without it, bit for bit."""
    marker, payload, parts = SEGMENTS[name]
    data = jpeg(segment(marker, payload))
    assert told(rasters.jpeg(data)) == parts
    assert rasters.bare_jpeg(data) == (jpeg() if parts else data)


def test_several_segments_are_told_in_their_order() -> None:
    """Before the pixels, between two scans, and behind the end."""
    comment = segment(0xFE, b"a")
    data = jpeg(segment(0xE1, b"Exif\x00"), comment, SCAN, segment(0xFE, b"b"))
    named = [("EXIF", b"Exif\x00"), ("comment", b"a"), ("comment", b"b")]
    assert told(rasters.jpeg(data)) == named
    assert told(rasters.jpeg(data + b"Secret")) == [*named, ("data after the end", b"Secret")]
    assert rasters.bare_jpeg(data + b"Secret") == jpeg(SCAN)
    assert rasters.bare_jpeg(jpeg()) == jpeg()


def test_a_segment_may_begin_with_more_than_one_sign() -> None:
    """Signs that fill up are no data."""
    data = jpeg(b"\xff\xff" + segment(0xFE, b"a"))
    assert told(rasters.jpeg(data)) == [("comment", b"a")]
    needed = jpeg(b"\xff" + TABLE)
    assert rasters.bare_jpeg(needed) == needed


BROKEN = {
    "no end": (jpeg()[:-2], "JPEG: no end"),
    "nothing": (b"\xff\xd8", "JPEG: no end"),
    "data between": (b"\xff\xd8x" + TABLE, "JPEG: data between two segments"),
    "data between two": (b"\xff\xd8" + TABLE + b"x" + TABLE, "JPEG: data between two segments"),
    "data behind another": (
        b"\xff\xd8" + SCAN + TABLE + b"x\xff\xd9",
        "JPEG: data between two segments",
    ),
    "a segment too long": (b"\xff\xd8\xff\xdb\x00\x04\x00", "JPEG: a segment is broken off"),
    "a segment to the end": (b"\xff\xd8\xff\xdb\x00\x03\x00", "JPEG: no end"),
    "a segment too short": (
        b"\xff\xd8\xff\xdb\x00\x01\xff\xd9",
        "JPEG: a segment is broken off",
    ),
    "the shortest segment": (b"\xff\xd8\xff\xdb\x00\x02", "JPEG: no end"),
    "a long segment": (b"\xff\xd8\xff\xdb\x01\x00" + b"x" * 254, "JPEG: no end"),
    "no length": (b"\xff\xd8\xff\xdb", "JPEG: a segment is broken off"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_jpeg_says_what_is_wrong(name: str) -> None:
    """Nothing is guessed about where the next segment begins."""
    data, reason = BROKEN[name]
    for read in (rasters.jpeg, rasters.bare_jpeg):
        with pytest.raises(Unreadable) as wrong:
            list(read(data))
        assert str(wrong.value) == reason


def chunk(kind: bytes, payload: bytes = b"") -> bytes:
    check = zlib.crc32(kind + payload).to_bytes(4, "big")
    return len(payload).to_bytes(4, "big") + kind + payload + check


def png(*chunks: bytes, behind: bytes = b"") -> bytes:
    pixels = chunk(b"IHDR", b"x" * 300), *chunks, chunk(b"IDAT", b"x")
    return rasters.PNG + b"".join(pixels) + chunk(b"IEND") + behind


FOLDED = zlib.compress(b"Secret")
CHUNKS: dict[str, tuple[bytes, bytes, list[tuple[str, bytes]]]] = {
    "needed": (b"tRNS", b"x", []),
    "EXIF": (b"eXIf", b"x", [("EXIF", b"x")]),
    "ICC": (b"iCCP", b"x", [("ICC", b"x")]),
    "a film": (b"acTL", b"x", [("animation", b"x")]),
    "one that nobody knows": (b"prVt", b"Secret", [("prVt", b"Secret")]),
    "no letters": (b"\xe9\xffXx", b"", [("éÿXx", b"")]),
    "a text": (b"tEXt", b"Author\x00Secret\x00y", [("text", b"Author Secret\x00y")]),
    "a text without a name": (b"tEXt", b"Secret", [("text", b"Secret ")]),
    "a folded text": (b"zTXt", b"A\x00\x00" + FOLDED, [("text", b"A \x00Secret")]),
    "a long folded text": (
        b"zTXt",
        b"A\x00\x00" + zlib.compress(b"y" * ((1 << 20) + 5)),
        [("text", b"A \x00" + b"y" * (1 << 20))],
    ),
    "a text in languages": (b"iTXt", b"A\x00\x00\x00\x00\x00B", [("text", b"A \x00\x00\x00\x00B")]),
    "XMP": (b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00<y>", [("XMP", b"<y>")]),
    "XMP in a language": (
        b"iTXt",
        b"XML:com.adobe.xmp\x00\x00\x00en\x00\x00<y>",
        [("XMP", b"\x00\x00en\x00\x00<y>")],
    ),
    "folded XMP": (
        b"iTXt",
        b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + FOLDED,
        [("XMP", b"\x01\x00\x00\x00Secret")],
    ),
    "XMP in another chunk": (
        b"tEXt",
        b"XML:com.adobe.xmp\x00<y>",
        [("text", b"XML:com.adobe.xmp <y>")],
    ),
    "something that looks folded": (b"tEXt", b"A\x00\x78yy", [("text", b"A \x78yy")]),
    "folded at once": (b"zTXt", b"A\x00" + FOLDED, [("text", b"A Secret")]),
    "folded, and more behind": (b"zTXt", b"A\x00\x00" + FOLDED + b"x", [("text", b"A \x00Secret")]),
    "folded late": (
        b"tEXt",
        b"A\x00" + b"y" * 64 + FOLDED,
        [("text", b"A " + b"y" * 64 + b"Secret")],
    ),
    "folded too late": (
        b"tEXt",
        b"A\x00" + b"y" * 65 + FOLDED,
        [("text", b"A " + b"y" * 65 + FOLDED)],
    ),
}


@pytest.mark.parametrize("name", CHUNKS)
def test_a_chunk_is_pixels_or_told(name: str) -> None:
    """What is folded in a text is told unfolded, as far as it may unfold."""
    kind, payload, parts = CHUNKS[name]
    assert told(rasters.png(png(chunk(kind, payload)))) == parts


def test_what_stands_behind_a_png_is_told() -> None:
    """And what stands between its chunks, in their order."""
    data = png(chunk(b"aaAa", b"1"), chunk(b"tEXt", b"2\x00"), behind=b"Secret")
    parts = [("aaAa", b"1"), ("text", b"2 "), ("data after the end", b"Secret")]
    assert told(rasters.png(data)) == parts


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png()[:-12], "PNG: no end"),
        (rasters.PNG, "PNG: no end"),
        (png()[:-1], "PNG: a chunk is broken"),
        (png().replace(b"IDATx", b"IDATy"), "PNG: a chunk is broken"),
        (rasters.PNG + b"\x00", "PNG: a chunk is broken"),
    ],
)
def test_a_broken_png_says_what_is_wrong(data: bytes, reason: str) -> None:
    """Each chunk has its sum."""
    with pytest.raises(Unreadable) as wrong:
        list(rasters.png(data))
    assert str(wrong.value) == reason


def piece(kind: bytes, payload: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(payload)) + payload + b"\0" * (len(payload) % 2)


def webp(*pieces: bytes, behind: bytes = b"") -> bytes:
    within = b"WEBP" + piece(b"VP8 ", b"x" * 300) + b"".join(pieces)
    return b"RIFF" + struct.pack("<I", len(within)) + within + behind


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (b"VP8X", ""),
        (b"ALPH", ""),
        (b"EXIF", "EXIF"),
        (b"XMP ", "XMP"),
        (b"ICCP", "ICC"),
        (b"ANIM", "animation"),
        (b"ANMF", "animation"),
        (b"prVt", "prVt"),
        (b"\xe9bcd", "ébcd"),
    ],
)
def test_a_piece_of_a_webp_is_pixels_or_told(kind: bytes, name: str) -> None:
    """Of even length and of odd, and again behind it."""
    assert told(rasters.webp(webp(piece(kind, b"")))) == ([(name, b"")] if name else [])
    for payload in (b"Secret", b"Secret!", b"Secre", b""):
        parts = [(name, payload)] if name else []
        end = piece(b"LAST", b"y")
        assert told(rasters.webp(webp(piece(kind, payload), end))) == [*parts, ("LAST", b"y")]


def test_what_stands_behind_a_webp_is_told() -> None:
    """Its head says where it ends."""
    assert told(rasters.webp(webp(behind=b"Secret"))) == [("data after the end", b"Secret")]
    assert told(rasters.webp(webp())) == []


def broken_webp(within: bytes, length: int) -> bytes:
    return b"RIFF" + struct.pack("<I", length) + b"WEBP" + within


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (webp()[:-1], "WebP: broken off"),
        (broken_webp(struct.pack("<4sI", b"VP8 ", 3) + b"ab", 14), "WebP: a chunk is broken off"),
        (broken_webp(b"VP8 \1\0\0", 11), "WebP: a chunk is broken off"),
        (broken_webp(b"VP8 \1\0\0" + b"\0a\0", 11), "WebP: a chunk is broken off"),
        (broken_webp(b"VP8 \1\0\0" + b"y" * 99, 11), "WebP: a chunk is broken off"),
    ],
)
def test_a_broken_webp_says_what_is_wrong(data: bytes, reason: str) -> None:
    """A piece is as long as it says, and lies within the whole."""
    with pytest.raises(Unreadable) as wrong:
        list(rasters.webp(data))
    assert str(wrong.value) == reason
