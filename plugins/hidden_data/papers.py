"""PDF, read object by object as it lies in the file: what runs, what is attached, who made it.

A file that keeps objects in packed streams or has earlier versions of itself is told of too: there
nothing can be seen from outside. What ``plugins.documents`` writes has neither.
"""

import re
import zlib
from collections.abc import Iterator

from plugins.hidden_data.parts import Part, Unreadable

# What a reader of the document would run, open or send.
_ACTIVE = {
    *("JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "RichMedia"),
    *("Movie", "Sound", "Screen", "Rendition", "SubmitForm", "ImportData", "GoToE", "GoToR", "XFA"),
    *("AcroForm", "Encrypt", "OpenAction", "AA"),
}
# What the people who read a draft wrote beside it, with their names.
_COMMENTS = {
    *("Popup", "Highlight", "FreeText", "StrikeOut", "Squiggly", "Stamp", "Caret", "Redact"),
}
# What a program notes of who made the document, when and with what.
TELLING = {
    *("Info", "Metadata", "Author", "Creator", "Producer", "CreationDate", "ModDate", "Keywords"),
    *("PieceInfo", "LastModified", "Thumb", "AF", "OutputIntents"),
}
_PACKED = {"ObjStm", "XRef"}
_OBJECT = re.compile(rb"(?<!\d)\d+\s+\d+\s+obj\b")
_END = re.compile(rb"endobj")
_STREAM = re.compile(rb"\bstream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_NAME = re.compile(rb"/([^\s/<>\[\](){}%]*)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_TEXT = re.compile(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)", re.DOTALL)
_COMMENT = re.compile(rb"%[^\r\n]*")
_MOST = 1 << 26  # bytes that a picture's stream may unfold into


def pdf(data: bytes) -> Iterator[Part]:
    """What a PDF holds that a reader does not see. Raises Unreadable."""
    if data.count(b"startxref") != 1:
        yield Part("earlier versions")
    if data[data.rfind(b"%%EOF") + 5 :].strip():
        yield Part("data after the end")
    for written, stream in _objects(data):
        names = _names(written)
        for name in sorted(names & (_ACTIVE | _COMMENTS | TELLING | _PACKED)):
            yield Part(name)
        if stream and {"DCTDecode", "DCT"} & names:
            yield Part("JPEG", _unpacked(stream, names))
        elif "JPXDecode" in names:
            yield Part("JPEG 2000")  # can carry as much as a JPEG, and nobody here can read it


def _objects(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What is written of each object, and the bytes of its stream; then what is around them."""
    place, between = 0, b""
    while found := _OBJECT.search(data, place):
        between += _COMMENT.sub(b"", data[place : found.start()])
        end = _end_of_object(data, found.end())
        stream = _STREAM.search(data, found.end(), end.start())
        if not stream:
            yield data[found.end() : end.start()], b""
            place = end.end()
            continue
        written = data[found.end() : stream.start()]
        length = _LENGTH.search(written)
        if not length:
            raise Unreadable("PDF: a stream does not say how long it is")
        after = stream.end() + int(length[1])
        if not data[after : after + 12].lstrip().startswith(b"endstream"):
            raise Unreadable("PDF: a stream is not as long as it says")
        yield written, data[stream.end() : after]
        place = _end_of_object(data, after).end()
    yield between + data[place:], b""


def _end_of_object(data: bytes, start: int) -> re.Match[bytes]:
    found = _END.search(data, start)
    if not found:
        raise Unreadable("PDF: an object is broken off")
    return found


def _names(written: bytes) -> set[str]:
    bare = _TEXT.sub(b"()", written)
    names = (
        _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), one) for one in _NAME.findall(bare)
    )
    return {name.decode("latin-1") for name in names}


def _unpacked(stream: bytes, names: set[str]) -> bytes:
    if stream.startswith(b"\xff\xd8") or not {"FlateDecode", "Fl"} & names:
        return stream
    try:
        return zlib.decompressobj().decompress(stream, _MOST)
    except zlib.error:
        raise Unreadable("PDF: a picture cannot be unpacked") from None
