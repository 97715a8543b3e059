"""AVIF, read box by box: what is neither pixels nor what a decoder needs for them is told."""

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.hidden_data.parts import MOVING, Part, Unreadable

_AROUND = {b"ftyp", b"meta", b"mdat"}
_IN_META = {b"hdlr", b"pitm", b"iloc", b"iinf", b"iref", b"iprp"}
_PROPERTIES = {b"ispe", b"pixi", b"av1C", b"colr", b"auxC", b"irot", b"imir", b"clap", b"pasp"}
_PIXELS = {b"av01", b"grid"}
_OF_ITEMS = {b"Exif": "EXIF", b"mime": "XMP"}


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int  # of the payload, in what was read
    data: bytes


def avif(data: bytes) -> Iterator[Part]:
    """What an AVIF holds beside its pixels. Raises Unreadable."""
    try:
        yield from _of_file(data)
    except IndexError:
        raise Unreadable("AVIF: a box is broken off") from None


def _of_file(data: bytes) -> Iterator[Part]:
    boxes = list(_boxes(data))
    meta = [box for box in boxes if box.kind == b"meta"]
    if len(meta) != 1:
        raise Unreadable("AVIF: no box of items")
    for box in boxes:
        if box.kind in (b"moov", b"moof"):
            yield Part(MOVING, box.data)
        elif box.kind not in _AROUND:
            yield Part(_name(box.kind), box.data)
    within: dict[bytes, bytes] = {}
    for box in _boxes(meta[0].data[4:]):
        if box.kind not in _IN_META:
            yield Part(_name(box.kind), box.data)
        elif box.kind in within:  # and a decoder may take the other one
            raise Unreadable("AVIF: a list is there twice")
        within[box.kind] = box.data
    yield from _properties(within.get(b"iprp", b""))
    if b"iinf" not in within or b"iloc" not in within:
        raise Unreadable("AVIF: no list of items")
    kinds, places = _kinds(within[b"iinf"]), _places(within[b"iloc"])
    used: list[tuple[int, int]] = []
    for item, extents in places.items():
        if sum(length for _, length in extents) > len(data):
            # Pieces that lie over each other: a small file would unfold into gigabytes.
            raise Unreadable("AVIF: an item is larger than the file")
        used += extents
        kind = kinds.get(item, b"?")
        if kind not in _PIXELS:
            payload = b"".join(data[start : start + length] for start, length in extents)
            yield Part(_OF_ITEMS.get(kind, _name(kind)), payload)
    for box in boxes:
        if box.kind == b"mdat" and not _covered(box, used):
            yield Part("data that belongs to no item", box.data)


def _boxes(data: bytes) -> Iterator[_Box]:
    place = 0
    while place < len(data):
        size, head = _number(data[place : place + 4]), 8
        if size == 1:
            size, head = _number(data[place + 8 : place + 16]), 16
        size = size or len(data) - place  # 0: to the end
        if size < head or place + size > len(data):
            raise Unreadable("AVIF: a box is broken off")
        kind = data[place + 4 : place + 8]
        yield _Box(kind, place + head, data[place + head : place + size])
        place += size


def _properties(data: bytes) -> Iterator[Part]:
    for list_ in _boxes(data):
        if list_.kind == b"ipma":
            continue
        if list_.kind != b"ipco":
            yield Part(_name(list_.kind), list_.data)
            continue
        for one in _boxes(list_.data):
            if one.kind == b"colr" and one.data[:4] in (b"prof", b"rICC"):
                yield Part("ICC", one.data)
            elif one.kind not in _PROPERTIES:
                yield Part(_name(one.kind), one.data)


def _kinds(data: bytes) -> dict[int, bytes]:
    """What each item is, by its number."""
    kinds: dict[int, bytes] = {}
    start = 6 if data[0] == 0 else 8
    for entry in _boxes(data[start:]):
        wide = 4 if entry.data[0] >= 3 else 2
        number = _number(entry.data[4 : 4 + wide])
        kinds[number] = entry.data[6 + wide : 10 + wide]
    return kinds


class _Numbers:
    """Big-endian numbers, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def next(self, size: int) -> int:
        self._place += size
        if self._place > len(self._data):
            raise Unreadable("AVIF: a list is broken off")
        return _number(self._data[self._place - size : self._place])


def _places(data: bytes) -> dict[int, list[tuple[int, int]]]:
    """Where in the file the bytes of each item are: pairs of start and length."""
    numbers = _Numbers(data)
    version = numbers.next(4) >> 24
    sizes = numbers.next(2)
    of_offset, of_length, of_base, of_index = ((sizes >> shift) & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    places: dict[int, list[tuple[int, int]]] = {}
    for _ in range(numbers.next(wide)):
        item = numbers.next(wide)
        if version and numbers.next(2) & 15:
            raise Unreadable("AVIF: an item lies in another")
        numbers.next(2)  # which file: this one
        base = numbers.next(of_base)
        extents = []
        for _ in range(numbers.next(2)):
            if version:
                numbers.next(of_index)
            extents.append((base + numbers.next(of_offset), numbers.next(of_length)))
        places[item] = extents
    return places


def _covered(box: _Box, used: list[tuple[int, int]]) -> bool:
    reached = box.start
    for start, length in sorted(used):
        if start <= reached:
            reached = max(reached, start + length)
    return reached >= box.start + len(box.data)


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _name(kind: bytes) -> str:
    return kind.decode("latin-1")
