"""C7: a PDF, object by object as it lies in the file: what a reader does not see is told."""

import zlib

import pytest

from plugins.hidden_data import papers
from plugins.hidden_data.parts import Unreadable
from tests.site.tiny_pdf import pdf_of, stream_of

CATALOG = b"<</Type/Catalog>>"


def told(data: bytes) -> list[tuple[str, bytes]]:
    return [(one.name, one.data) for one in papers.pdf(data)]


def names(*objects: bytes, trailer: bytes = b"") -> list[str]:
    return [name for name, _ in told(pdf_of(CATALOG, *objects, trailer=trailer))]


OBJECTS = {
    "nothing": (b"<</Type/Page>>", []),
    "what runs": (b"<</S/JavaScript/JS(app.alert(1))>>", ["JS", "JavaScript"]),
    "what is attached": (b"<</Type/EmbeddedFile>>", ["EmbeddedFile"]),
    "what readers wrote": (b"<</Subtype/FreeText>>", ["FreeText"]),
    "who made it": (b"<</Author(x)/ModDate(y)>>", ["Author", "ModDate"]),
    "a packed object": (b"<</Type/ObjStm>>", ["ObjStm"]),
    "an escaped name": (b"<</S/Java#53cript>>", ["JavaScript"]),
    "an escape of small letters": (b"<</#4a#53(x)>>", ["JS"]),
    "a name in a text": (b"<</Title(/JavaScript \\) /Author)>>", []),
    "a name in a text in a text": (b"<</Title((/Author)/JS)>>", []),
    "a name behind a text": (b"<</Title()/JS()>>", ["JS"]),
    "a name over lines": (b"<</Title(a\nb)\n/JS 1>>", ["JS"]),
    "a longer name": (b"<</JSX/XJS>>", []),
    "no Latin": (b"<</\xe9\xe8>>", []),
    "a picture that nobody can read": (stream_of(b"x", b"/Filter/JPXDecode"), ["JPEG 2000"]),
    "such a name without a picture": (b"<</Filter/JPXDecode>>", ["JPEG 2000"]),
    "a photo": (stream_of(b"\xff\xd8x", b"/Filter/DCTDecode"), ["JPEG"]),
    "a photo with a name": (stream_of(b"x", b"/Filter/DCT/Author 1"), ["Author", "JPEG"]),
    "such a name without a photo": (b"<</Filter/DCTDecode>>", []),
    "a photo that is another too": (stream_of(b"x", b"/Filter[/DCT/JPXDecode]"), ["JPEG"]),
    "another stream": (stream_of(b"/JS", b"/Filter/Other"), []),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_told_by_its_names(name: str) -> None:
    """However they are escaped; in a text or in a stream they are no names."""
    written, found = OBJECTS[name]
    assert names(written) == found
    assert names(written, b"<</Type/Page>>") == found


def test_around_the_objects_names_count_as_well() -> None:
    """In the trailer and between objects; not in a comment, which is none of the document's."""
    assert names(trailer=b"/Info 9 0 R") == ["Info"]
    assert names(trailer=b"/Encrypt 9 0 R/Info 9 0 R") == ["Encrypt", "Info"]
    data = pdf_of(CATALOG, b"<</Type/Page>>")
    between = data.replace(b"\n2 0 obj", b"\n/AA /JS 1\n2 0 obj")
    assert told(between) == [("AA", b""), ("JS", b"")]
    assert told(data.replace(b"\n2 0 obj", b"\n% /AA\n2 0 obj")) == []
    assert told(data.replace(b"\n2 0 obj", b"\n/J%\nS\n2 0 obj")) == []
    assert told(data.replace(b"\n2 0 obj", b"\n/JS% x\n2 0 obj")) == [("JS", b"")]
    assert names(b"<</JS 1>>", b"<</JS 1>>") == ["JS", "JS"]


def test_what_stands_before_each_object_counts() -> None:
    """Not before the last of them alone; and no photo is looked for where there is none."""
    data = pdf_of(CATALOG, b"<</Type/Page>>", b"<</Type/Page>>")
    assert [name for name, _ in told(data.replace(b"\n2 0 obj", b"\n/AA /JS 1\n2 0 obj"))] == [
        "AA",
        "JS",
    ]
    assert names(trailer=b"/Filter/DCTDecode") == []


def test_each_stream_is_that_of_its_own_object() -> None:
    """An object without one is not as long as it says because another follows."""
    assert names(b"<</Length 99>>", stream_of(b"x", b"/Filter/Other")) == []


JPEG = b"\xff\xd8photo"
PHOTOS = {
    "as it is": (JPEG, b"/DCTDecode", JPEG),
    "folded": (zlib.compress(JPEG), b"[/FlateDecode/DCTDecode]", JPEG),
    "folded by the short name": (zlib.compress(JPEG), b"[/Fl/DCT]", JPEG),
    "as it is, whatever it says": (JPEG, b"[/FlateDecode/DCTDecode]", JPEG),
    "in another way": (b"otherwise", b"[/ASCIIHexDecode/DCTDecode]", b"otherwise"),
}


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_is_handed_on_unfolded(name: str) -> None:
    """It is looked into as a JPEG."""
    stream, filters, photo = PHOTOS[name]
    data = pdf_of(CATALOG, stream_of(stream, b"/Filter" + filters))
    assert told(data) == [("JPEG", photo)]


def test_a_photo_unfolds_into_so_many_bytes_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file must not fill the computer's memory."""
    monkeypatch.setattr(papers, "_MOST", 1000)
    filters = b"/Filter[/Fl/DCT]"
    data = pdf_of(CATALOG, stream_of(zlib.compress(b"x" * 5000), filters))
    assert told(data) == [("JPEG", b"x" * 1000)]


def test_earlier_versions_and_what_stands_behind_are_told() -> None:
    """A program that changes a PDF leaves the old one in the file."""
    data = pdf_of(CATALOG)
    assert told(data) == []
    assert told(data + b" \n") == []
    assert told(data + b"Secret") == [("data after the end", b"")]
    assert told(data.rstrip() + b"S") == [("data after the end", b"")]
    assert told(data.replace(b"startxref", b"")) == [("earlier versions", b"")]
    assert told(data + data.partition(b"endobj\n")[2]) == [("earlier versions", b"")]
    twice = data + b"startxref\n9\n%%EOF"
    assert told(twice + b"Secret") == [("earlier versions", b""), ("data after the end", b"")]


def test_a_stream_may_hold_what_looks_like_an_object() -> None:
    """Its length says where it ends, and what follows is read."""
    within = b"endobj 7 0 obj /JS endstream"
    assert names(stream_of(within), b"<</AA 1>>") == ["AA"]
    for end in (b"\r\n", b"", b"\n\n\n"):
        ended = b"<</Length 2>>stream\r\nab%sendstream" % end
        assert names(ended, b"<</AA 1>>") == ["AA"]


BROKEN = {
    "much between a stream and its end": (
        b"1 0 obj <</Length 1>>stream\nx\n\n\n\nendstream endobj",
        "PDF: a stream is not as long as it says",
    ),
    "no end of an object": (b"1 0 obj <</Type/Page>>", "PDF: an object is broken off"),
    "no end of an object with a stream": (
        b"1 0 obj " + stream_of(b"x"),
        "PDF: an object is broken off",
    ),
    "no length": (
        b"1 0 obj <<>>stream\nx\nendstream endobj",
        "PDF: a stream does not say how long it is",
    ),
    "a length elsewhere": (
        b"1 0 obj <</Length 2 0 R>>stream\nx\nendstream endobj",
        "PDF: a stream does not say how long it is",
    ),
    "a length too short": (
        b"1 0 obj <</Length 3>>stream\nxxxxxx\nendstream endobj",
        "PDF: a stream is not as long as it says",
    ),
    "a length too long": (
        b"1 0 obj <</Length 99>>stream\nx\nendstream endobj",
        "PDF: a stream is not as long as it says",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pdf_says_what_is_wrong(name: str) -> None:
    """Nothing is guessed about where a stream ends."""
    data, reason = BROKEN[name]
    for head in (b"%PDF-1.4\n", b""):
        with pytest.raises(Unreadable) as wrong:
            told(head + data)
        assert str(wrong.value) == reason


def test_a_photo_that_cannot_be_unfolded_says_so() -> None:
    """It may hold anything."""
    with pytest.raises(Unreadable, match=r"^PDF: a picture cannot be unpacked$"):
        names(stream_of(b"x\x9cno", b"/Filter[/FlateDecode/DCTDecode]"))
