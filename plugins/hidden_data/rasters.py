"""JPEG, PNG and WebP, read segment by segment: what is not known to be pixels is told.

Only what a decoder needs is on the lists, so that a place to hide something which nobody has heard
of yet is found as well. No picture library is used: those pass over what they do not know.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from plugins.hidden_data.parts import MOVING, Part, Unreadable

PNG = b"\x89PNG\r\n\x1a\n"
XMP_IN_JPEG = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_IN_PNG = b"XML:com.adobe.xmp\x00"
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_SCAN, _END = 0xDA, 0xD9
# Tables, frames and scans of JPEG.
_PIXELS_OF_JPEG = {*range(0xC0, 0xC8), *range(0xC9, 0xD0), 0xDB, 0xDD, _SCAN, _END}
_SEGMENTS = (
    (0xE1, b"Exif\x00", "EXIF"),
    (0xE1, XMP_IN_JPEG, "XMP"),
    (0xE1, b"http://ns.adobe.com/xmp/extension/", "extended XMP"),
    (0xE2, b"ICC_PROFILE\x00", "ICC"),
    (0xE2, b"MPF\x00", "further pictures"),
    (0xED, b"Photoshop 3.0\x00", "IPTC"),
    (0xEB, b"JP", "C2PA"),
    (0xFE, b"", "comment"),
)
_PIXELS_OF_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM"}
_OF_PNG = {b"eXIf": "EXIF", b"iCCP": "ICC", b"acTL": MOVING, b"fcTL": MOVING, b"fdAT": MOVING}
_PIXELS_OF_WEBP = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH"}
_OF_WEBP = {b"EXIF": "EXIF", b"XMP ": "XMP", b"ICCP": "ICC", b"ANIM": MOVING, b"ANMF": MOVING}
_MOST = 1 << 20  # bytes that a compressed text may unfold into


def jpeg(data: bytes) -> Iterator[Part]:
    """The segments of a JPEG that are no pixels. Raises Unreadable."""
    for start, end, marker in _segments(data):
        payload = data[start + 4 : end]
        if not _is_needed(marker, payload):
            yield _segment(marker, payload)
    if data[end:]:
        yield Part("data after the end", data[end:])


def bare_jpeg(data: bytes) -> bytes:
    """The same pixels, bit for bit, without the other segments. Raises Unreadable."""
    kept, reached = [data[:2]], 2
    for start, end, marker in _segments(data):
        # What lies before a segment and in none is the pixels of the scan that it follows.
        kept.append(data[reached:start])
        if _is_needed(marker, data[start + 4 : end]):
            kept.append(data[start:end])
        reached = end
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each segment begins and ends, and its marker. Raises Unreadable."""
    place, scanned = 2, False
    while found := _MARKER.search(data, place):
        if found.start() != place and not scanned:
            raise Unreadable("JPEG: data between two segments")
        marker, start = found[1][0], found.end() - 2
        if marker == _END:
            yield start, found.end(), marker
            return
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        place, scanned = start + 2 + length, marker == _SCAN
        if length < 2 or place > len(data):
            raise Unreadable("JPEG: a segment is broken off")
        yield start, place, marker
    raise Unreadable("JPEG: no end")


def _is_needed(marker: int, payload: bytes) -> bool:
    return marker in _PIXELS_OF_JPEG or _is_plain(marker, payload)


def _is_plain(marker: int, payload: bytes) -> bool:
    # JFIF without its thumbnail; what Adobe says of the colours.
    if marker == 0xE0:
        return payload.startswith(b"JFIF\x00") and len(payload) == 14 and payload[12:] == b"\0\0"
    return marker == 0xEE and payload.startswith(b"Adobe") and len(payload) == 12


def _segment(marker: int, payload: bytes) -> Part:
    if marker == 0xE0:
        return Part("thumbnail", payload)
    for number, start, name in _SEGMENTS:
        if marker == number and payload.startswith(start):
            return Part(name, payload.removeprefix(start) if name == "XMP" else payload)
    is_programs = marker in range(0xE1, 0xF0)
    return Part(f"APP{marker - 0xE0}" if is_programs else f"{marker:02X}", payload)


def png(data: bytes) -> Iterator[Part]:
    """The chunks of a PNG that are no pixels. Raises Unreadable."""
    place = len(PNG)
    while place < len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind, payload = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        check = data[place + 8 + length : place + 12 + length]
        if check != zlib.crc32(kind + payload).to_bytes(4, "big"):
            raise Unreadable("PNG: a chunk is broken")
        place += 12 + length
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            yield _text(kind, payload)
        elif kind not in _PIXELS_OF_PNG:
            yield Part(_OF_PNG.get(kind, kind.decode("latin-1")), payload)
        if kind == b"IEND":
            if data[place:]:
                yield Part("data after the end", data[place:])
            return
    raise Unreadable("PNG: no end")


def _text(kind: bytes, payload: bytes) -> Part:
    keyword, _, rest = payload.partition(b"\x00")
    if kind == b"iTXt" and payload.startswith(_XMP_IN_PNG):
        plain = payload.removeprefix(_XMP_IN_PNG).removeprefix(b"\x00\x00\x00\x00")
        return Part("XMP", _unfolded(plain))
    return Part("text", keyword + b" " + _unfolded(rest))


def _unfolded(data: bytes) -> bytes:
    """The data with what is compressed in it made readable: a label may stand there."""
    start = data.find(b"\x78")
    if start < 0 or start > 64:
        return data
    try:
        return data[:start] + zlib.decompressobj().decompress(data[start:], _MOST)
    except zlib.error:
        return data


def webp(data: bytes) -> Iterator[Part]:
    """The chunks of a WebP that are no pixels. Raises Unreadable."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Unreadable("WebP: broken off")
    place = 12
    while place < end:
        if place + 8 > end:
            raise Unreadable("WebP: a chunk is broken off")
        kind, length = struct.unpack_from("<4sI", data, place)
        payload = data[place + 8 : place + 8 + length]
        if len(payload) != length:
            raise Unreadable("WebP: a chunk is broken off")
        place += 8 + length + length % 2
        if kind not in _PIXELS_OF_WEBP:
            yield Part(_OF_WEBP.get(kind, kind.decode("latin-1")), payload)
    if data[end:]:
        yield Part("data after the end", data[end:])
