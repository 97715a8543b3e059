"""C7: AVIF, box by box: what is neither pixels nor needed for them is told by its name."""

import pytest

from plugins.hidden_data import boxes
from plugins.hidden_data.parts import Unreadable

PIXELS = b"pixels"


def box(kind: bytes, payload: bytes = b"", *, size: int | None = None) -> bytes:
    """A box that says ``size``, or how long it is."""
    said = 8 + len(payload) if size is None else size
    return said.to_bytes(4, "big") + kind + payload


FTYP = box(b"ftyp", b"avif")
AT = len(FTYP) + 8  # where what the first mdat holds begins
META = b"\0\0\0\0"
NAMED = b"\2\0\0\0" + b"\0\1" + b"\0\0" + b"av01"


def infe(number: int = 1, kind: bytes = b"av01", version: int = 2) -> bytes:
    wide = 4 if version >= 3 else 2
    said = bytes([version, 0, 0, 0]) + number.to_bytes(wide, "big") + b"\0\0" + kind + b"name\0"
    return box(b"infe", said)


def iinf(*entries: bytes, version: int = 0) -> bytes:
    return box(b"iinf", bytes([version]) + b"\0" * (7 if version else 5) + b"".join(entries))


def iloc(*items: tuple[int, list[tuple[int, int]]]) -> bytes:
    """Of version 0: where each item lies, in pieces of a start and a length."""
    said = b"\0\0\0\0\x44\0" + len(items).to_bytes(2, "big")
    for number, pieces in items:
        said += number.to_bytes(2, "big") + b"\0\0" + len(pieces).to_bytes(2, "big")
        said += b"".join(one.to_bytes(4, "big") for piece in pieces for one in piece)
    return box(b"iloc", said)


LISTS = iinf(infe()), iloc((1, [(AT, len(PIXELS))]))


def avif(*within: bytes, behind: bytes = b"", pixels: bytes = PIXELS) -> bytes:
    """The pixels first, so that their place is known; then what tells of them."""
    meta = box(b"meta", META + b"".join(within or LISTS))
    return FTYP + box(b"mdat", pixels) + meta + behind


def told(data: bytes) -> list[tuple[str, bytes]]:
    return [(one.name, one.data) for one in boxes.avif(data)]


def test_pixels_and_what_they_need_are_not_told() -> None:
    """All that a decoder needs, in each of its ways to be written."""
    colours = box(b"colr", b"nclx12"), box(b"colr", b"nope"), box(b"av1C", b"x")
    more = (b"ispe", b"pixi", b"auxC", b"irot", b"imir", b"clap", b"pasp")
    held = box(b"ipco", b"".join((*colours, *map(box, more))))
    needed = box(b"hdlr", b"x"), box(b"pitm"), box(b"iref"), box(b"iprp", held + box(b"ipma", b"x"))
    assert told(avif(*needed, *LISTS)) == []
    assert told(avif(iinf(infe(kind=b"grid")), LISTS[1])) == []


AROUND = {
    "a box that nobody knows": (box(b"free", b"Secret"), [("free", b"Secret")]),
    "no Latin": (box(b"\xa9\xe9xy", b"z"), [("©éxy", b"z")]),
    "an empty box": (box(b"free"), [("free", b"")]),
    "a film": (box(b"moov", b"x"), [("animation", b"x")]),
    "a piece of a film": (box(b"moof", b"x"), [("animation", b"x")]),
    "several": (box(b"skip", b"1") + box(b"uuid", b"2"), [("skip", b"1"), ("uuid", b"2")]),
    "the last, to the end": (box(b"free", b"all", size=0), [("free", b"all")]),
    "of great length": (
        box(b"free", (22).to_bytes(8, "big") + b"Secret", size=1) + box(b"skip"),
        [("free", b"Secret"), ("skip", b"")],
    ),
    "of great length, and empty": (
        box(b"free", (16).to_bytes(8, "big"), size=1),
        [("free", b"")],
    ),
    "more than 65,535 bytes": (box(b"free", b"x" * 70000), [("free", b"x" * 70000)]),
    "data of no item": (box(b"mdat", b"x"), [("data that belongs to no item", b"x")]),
    "no data": (box(b"mdat"), []),
}


@pytest.mark.parametrize("name", AROUND)
def test_what_stands_beside_the_pixels_is_told(name: str) -> None:
    """With its bytes, in the order of the file."""
    behind, parts = AROUND[name]
    assert told(avif(behind=behind)) == parts


PROFILE = box(b"colr", b"profx")
WITHIN = {
    "a box that nobody knows": (box(b"idat", b"x"), [("idat", b"x")]),
    "two of them": (box(b"xml ", b"1") + box(b"xml ", b"2"), [("xml ", b"1"), ("xml ", b"2")]),
    "a profile": (box(b"iprp", box(b"ipco", PROFILE)), [("ICC", b"profx")]),
    "a small profile": (box(b"iprp", box(b"ipco", box(b"colr", b"rICC"))), [("ICC", b"rICC")]),
    "a property that nobody knows": (
        box(b"iprp", box(b"ipma") + box(b"ipco", box(b"ispe") + box(b"uuid", b"x"))),
        [("uuid", b"x")],
    ),
    "such words in another property": (
        box(b"iprp", box(b"ipco", box(b"free", b"prof"))),
        [("free", b"prof")],
    ),
    "what is no list of properties": (
        box(b"iprp", box(b"free", b"x") + box(b"ipco", PROFILE)),
        [("free", b"x"), ("ICC", b"profx")],
    ),
}


@pytest.mark.parametrize("name", WITHIN)
def test_what_stands_among_the_lists_is_told(name: str) -> None:
    """Whatever is on no list of what a decoder needs."""
    one, parts = WITHIN[name]
    assert told(avif(*LISTS, one)) == parts


ITEMS = {
    "EXIF": (b"Exif", "EXIF"),
    "XMP": (b"mime", "XMP"),
    "one that nobody knows": (b"uri ", "uri "),
}


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_pixels_or_told(name: str) -> None:
    """With its bytes, from all the pieces that it lies in, in any way of counting."""
    kind, called = ITEMS[name]
    place = AT + len(PIXELS)
    where = iloc((1, [(AT, 6)]), (2, [(place, 3), (place + 4, 2), (place + 3, 1)]))
    pixels = PIXELS + b"Sec-et"
    for version in (2, 3):
        for of_list in (0, 1):
            kinds = iinf(infe(version=version), infe(2, kind, version), version=of_list)
            assert told(avif(kinds, where, pixels=pixels)) == [(called, b"Secet-")]
    assert told(avif(iinf(infe()), where, pixels=pixels)) == [("?", b"Secet-")]
    far = iinf(infe(70000, kind, 3), infe(2))
    assert told(avif(far, where, pixels=pixels)) == [("?", PIXELS)]
    # What one byte cannot tell from 44.
    assert told(avif(iinf(infe(44), infe(300, kind)), iloc((300, [(AT, 6)])))) == [(called, PIXELS)]


COVERED = {
    "whole": ([(AT, 6)], True),
    "in two pieces": ([(AT, 2), (AT + 2, 4)], True),
    "the last piece first": ([(AT + 2, 4), (AT, 2)], True),
    "one piece in another": ([(AT, 6), (AT + 1, 2)], True),
    "pieces that overlap": ([(AT, 4), (AT + 1, 5)], True),
    "from before it on": ([(AT - 2, 8)], True),
    "and further": ([(AT, 7)], True),
    "but for its end": ([(AT, 5)], False),
    "but for its beginning": ([(AT + 1, 5)], False),
    "but for its middle": ([(AT, 2), (AT + 3, 3)], False),
    "none of it": ([], False),
}


@pytest.mark.parametrize("name", COVERED)
def test_all_data_belongs_to_an_item(name: str) -> None:
    """What no item reaches is told whole."""
    pieces, covered = COVERED[name]
    parts = [] if covered else [("data that belongs to no item", PIXELS)]
    assert told(avif(LISTS[0], iloc((1, pieces)))) == parts


def test_an_item_is_at_most_as_large_as_the_file() -> None:
    """Larger it could only be of pieces that lie over each other."""
    kinds = iinf(infe(kind=b"mime"))
    size = len(avif(kinds, iloc((1, [(0, 0)]))))
    whole = avif(kinds, iloc((1, [(0, size)])))
    assert told(whole) == [("XMP", whole)]


def located(version: int, sizes: int, *numbers: tuple[int, int], sets: int = 0) -> bytes:
    """A list of places as it is written: each number with the bytes that it takes."""
    said = b"".join(number.to_bytes(wide, "big") for number, wide in numbers)
    return box(b"iloc", bytes([version, sets, sets, sets]) + sizes.to_bytes(2, "big") + said)


# How many; then the item, where from, which file, its base, how many pieces.
ONE, FILE = (1, 2), (0x1234, 2)
PLACES = {
    "with a base": located(0, 0x4420, ONE, ONE, FILE, (AT - 3, 2), ONE, (3, 4), (6, 4)),
    "with a base alone": located(0, 0x0420, ONE, ONE, FILE, (AT, 2), ONE, (6, 4)),
    "with wide places": located(0, 0x8F00, ONE, ONE, FILE, ONE, (AT, 8), (6, 15)),
    "of version 1": located(1, 0x4200, ONE, ONE, (0, 2), FILE, ONE, (AT, 4), (6, 2)),
    "of version 1, with an index": located(
        1, 0x4218, ONE, ONE, (0xFFF0, 2), FILE, (AT - 4, 1), ONE, (9, 8), (4, 4), (6, 2), sets=255
    ),
    "of version 2": located(2, 0x4200, (1, 4), (1, 4), (0, 2), FILE, ONE, (AT, 4), (6, 2)),
}


@pytest.mark.parametrize("name", PLACES)
def test_places_are_read_as_each_version_writes_them(name: str) -> None:
    """Whole, and with nothing behind them; without their last byte they are broken off."""
    assert told(avif(LISTS[0], PLACES[name])) == []
    short = box(b"iloc", PLACES[name][8:-1])
    with pytest.raises(Unreadable, match=r"^AVIF: a list is broken off$"):
        told(avif(LISTS[0], short))


def test_each_item_has_its_own_place() -> None:
    """Two of them, of two pieces each, in a list of version 1 with an index for each piece."""
    first = (1, 2), (0, 2), FILE, (2, 2), (7, 1), (AT, 4), (2, 1), (7, 1), (AT + 4, 4), (2, 1)
    second = (2, 2), (0, 2), FILE, (1, 2), (7, 1), (AT + 2, 4), (2, 1)
    both = located(1, 0x4101, (2, 2), *first, *second)
    kinds = iinf(infe(), infe(2, b"Exif"))
    assert told(avif(kinds, both)) == [("EXIF", b"xe")]


BROKEN = {
    "no list": (FTYP, "AVIF: no box of items"),
    "two lists": (avif(behind=box(b"meta", META)), "AVIF: no box of items"),
    "no kinds": (avif(LISTS[1]), "AVIF: no list of items"),
    "no places": (avif(LISTS[0]), "AVIF: no list of items"),
    "kinds twice": (avif(*LISTS, LISTS[0]), "AVIF: a list is there twice"),
    "properties twice": (avif(*LISTS, box(b"iprp"), box(b"iprp")), "AVIF: a list is there twice"),
    "no kind at all": (avif(box(b"iinf"), LISTS[1]), "AVIF: a box is broken off"),
    "an empty kind": (avif(iinf(box(b"infe")), LISTS[1]), "AVIF: a box is broken off"),
    "a box too long": (avif(behind=box(b"free", b"x", size=10)), "AVIF: a box is broken off"),
    "a box too short": (avif(behind=box(b"free", size=7)), "AVIF: a box is broken off"),
    "a head alone": (avif(behind=b"\0\0\0"), "AVIF: a box is broken off"),
    "a great length too short": (
        avif(behind=box(b"free", (15).to_bytes(8, "big"), size=1)),
        "AVIF: a box is broken off",
    ),
    "a length beyond all files": (
        avif(behind=box(b"free", (16 + (1 << 56)).to_bytes(8, "big"), size=1)),
        "AVIF: a box is broken off",
    ),
    "larger than the file": (
        avif(iinf(infe(kind=b"mime")), iloc((1, [(0, 100)] * 50)), pixels=PIXELS * 9),
        "AVIF: an item is larger than the file",
    ),
    "in another item": (
        avif(LISTS[0], located(1, 0x4400, ONE, ONE, ONE, FILE, ONE, (AT, 4), (6, 4))),
        "AVIF: an item lies in another",
    ),
    "in another item, by the last way": (
        avif(LISTS[0], located(1, 0x4400, ONE, ONE, (8, 2), FILE, ONE, (AT, 4), (6, 4))),
        "AVIF: an item lies in another",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_avif_says_what_is_wrong(name: str) -> None:
    """Nothing is guessed."""
    data, reason = BROKEN[name]
    with pytest.raises(Unreadable) as wrong:
        told(data)
    assert str(wrong.value) == reason
