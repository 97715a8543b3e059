"""PDFs written object by object, with nothing in them that a test did not put there."""


def stream_of(data: bytes, about: bytes = b"") -> bytes:
    """An object with a stream."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (about, len(data), data)


def pdf_of(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1 on; the first is its catalog."""
    written, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(written)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return written + table + end


def pages_saying(*texts: str, about: bytes = b"") -> bytes:
    """A page for each text; ``about`` is the table of notes, such as ``<</Title(A)>>``."""
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + 2 * len(texts), 2))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(texts), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        about or b"<<>>",
    ]
    for number, text in enumerate(texts):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>>>>>" % (6 + 2 * number),
            stream_of(b"BT /F 9 Tf 9 9 Td (%s) Tj ET" % text.encode("ascii")),
        ]
    return pdf_of(*objects, trailer=b"/Info 4 0 R" if about else b"")
