"""C7: a PDF's copy, decided in one process: what goes, what stays, what is refused, and why."""

import re
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.plugins import signals
from pelican.settings import read_settings
from PIL import Image
from pypdf import PdfReader

from donations_api.frame import load_frame
from plugins import documents
from plugins.documents import Active, Document, cleaned
from plugins.hidden_data import Unreadable, look
from plugins.problems import Problem
from tests.site.test_safeguarding_pages import generators
from tests.site.tiny_pdf import pages_saying, pdf_of, stream_of
from tests.site.tiny_site import ROOT, TinySite, make_site


def pdf(catalog: bytes = b"", *objects: bytes, page: bytes = b"", trailer: bytes = b"") -> bytes:
    """One empty page; ``objects`` are numbered from 4 on."""
    first = b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    one = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>" % page
    return pdf_of(first, pages, one, *objects, trailer=trailer)


def photo() -> bytes:
    """A JPEG that tells with what it was made."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "gold").save(file, "JPEG", comment=b"Secret", xmp=b"Secret")
    return file.getvalue()


GOES = {
    "nothing": pdf(),
    "who made it": pdf(b"", b"<</Author(Secret)/Producer(Secret)>>", trailer=b"/Info 4 0 R"),
    "what others noted": pdf(b"/Metadata 4 0 R/PieceInfo<</A(Secret)>>", stream_of(b"Secret")),
    "when a page was changed": pdf(page=b"/LastModified(Secret)/PieceInfo(Secret)"),
    "a note in a table in a list": pdf(page=b"/Resources<</X[[<</Author(Secret)>>]/Y]>>"),
    "a note in a table in a table": pdf(page=b"/Resources<</X<</Y<</Creator(Secret)>>>>>>"),
    "notes one beside the other": pdf(page=b"/A<</Thumb 1>>/B<</Keywords(Secret)>>"),
    "the number of its copies": pdf(trailer=b"/ID[<536563726574><536563726574>]"),
    "where it opens": pdf(b"/OpenAction[3 0 R/Fit]"),
    "where it opens, elsewhere": pdf(b"/OpenAction 4 0 R", b"[3 0 R/Fit]"),
    "an empty form": pdf(b"/AcroForm<</Fields[]>>"),
    "an empty form, elsewhere": pdf(b"/AcroForm 4 0 R", b"<</DA(x)>>"),
    "what nothing leads to": pdf(b"", b"<</JavaScript(Secret)>>"),
    "a photo's notes": pdf(b"", stream_of(photo(), b"/Filter/DCTDecode"), page=b"/X 4 0 R"),
    "a listed photo's": pdf(b"", stream_of(photo(), b"/Filter[/DCTDecode]"), page=b"/X 4 0 R"),
}


@pytest.mark.parametrize("name", GOES)
def test_what_a_program_noted_goes(name: str) -> None:
    """The page stays as it was."""
    copy = cleaned(GOES[name])
    for secret in (b"Secret", b"536563726574", b"/ID", b"/OpenAction", b"/AcroForm"):
        assert secret not in copy
    (page,) = PdfReader(BytesIO(copy)).pages
    assert page.mediabox.width == 9


def test_what_looks_alike_stays_apart() -> None:
    """Nothing of the pages is taken for another: each keeps its own text."""
    copy = cleaned(pages_saying("One", "Two", "Two"))
    assert [one.extract_text() for one in PdfReader(BytesIO(copy)).pages] == ["One", "Two", "Two"]
    assert len(re.findall(rb"\d+ 0 obj", copy)) == 2 + 1 + 2 * 3


FIELD = b"<</FT/Tx/T(a)>>"
REFUSED = {
    "a script where it opens": (
        pdf(b"/OpenAction<</S/JavaScript/JS(x)>>"),
        "JS, JavaScript, OpenAction",
    ),
    "a script elsewhere": (
        pdf(b"/OpenAction 4 0 R", b"<</S/URI/URI(x)>>"),
        "OpenAction",
    ),
    "a form": (pdf(b"/AcroForm<</Fields[4 0 R]>>", FIELD), "AcroForm"),
    "a form of another kind": (pdf(b"/AcroForm<</XFA(x)>>"), "AcroForm, XFA"),
    "no form": (pdf(b"/AcroForm[]"), "AcroForm"),
    "a comment and a film": (pdf(page=b"/X<</Popup 1/Movie 1>>"), "Movie, Popup"),
    "a password": (
        pdf(
            b"",
            b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"00" * 32, b"00" * 32),
            trailer=b"/Encrypt 4 0 R/ID[<00><00>]",
        ),
        "Encrypt",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_note_is_named(name: str) -> None:
    """It is refused, since without it the document would be another."""
    data, found = REFUSED[name]
    with pytest.raises(Active) as wrong:
        cleaned(data)
    assert str(wrong.value) == found


def packed(within: int) -> bytes:
    """Whose catalog lies packed in the object of this number, which is 1 in a sound file."""
    about = b"/Type/ObjStm/N 1/First 4"
    first = b"%PDF-1.5\n1 0 obj\n" + stream_of(b"2 0 <</Type/Catalog>>", about) + b"\nendobj\n"
    rows = (0, 0), (1, 9), (2, within), (1, len(first))  # kinds and places of the objects 0 to 3
    table = b"".join(bytes([kind]) + place.to_bytes(2, "big") + b"\0" for kind, place in rows)
    of_table = stream_of(table, b"/Type/XRef/Size 4/Root 2 0 R/W[1 2 1]")
    end = b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(first)
    return first + b"3 0 obj\n" + of_table + end


BROKEN = {
    "nothing": (b"", "Cannot read an empty file"),
    "no document": (b"x", "Stream has ended unexpectedly"),
    "no catalog": (pdf_of(b"5"), "Cannot find Root object in pdf"),
    "no page": (packed(1), "'/Pages'"),
    "packed in a table": (packed(3), "AssertionError"),
    "a broken photo": (
        pdf(b"", stream_of(b"\xff\xd8", b"/Filter/DCTDecode"), page=b"/X 4 0 R"),
        "JPEG: no end",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_says_why(name: str) -> None:
    """In the words of what reads it, or by the name of its error."""
    data, reason = BROKEN[name]
    with pytest.raises(Unreadable) as wrong:
        cleaned(data)
    assert str(wrong.value) == reason


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site in the working directory, with documents of all kinds."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    folder = Path("content/documents")
    (folder / "old.pdf").mkdir(parents=True)
    for name in ("b.pdf", "a.pdf", "张三.pdf", "A.PDF", "x.docx", ".b.pdf", "old.pdf/c.pdf"):
        (folder / name).write_bytes(pdf())
    (folder / "none.pdf").write_bytes(b"")
    (folder / "run.pdf").write_bytes(pdf(b"/AA 1/OpenAction<</S/JS>>"))
    return site


def _settings(*out: str) -> dict[str, Any]:
    settings: dict[str, Any] = {"PATH": "content", "OUTPUT_PATH": "output/new", "PROBLEMS": []}
    settings["DOCUMENTS_OUT"] = [Path("content/documents", one) for one in out]
    settings["FRAME"] = load_frame(Path("content"), ROOT / "theme")
    documents.check_documents(SimpleNamespace(settings=settings))
    return settings


def told(code: str, name: str, **params: str) -> Problem:
    return Problem(code, f"content/documents/{name}", params=params)


@pytest.mark.usefixtures("here")
def test_a_page_stands_in_the_place_of_what_is_out() -> None:
    """C9: in each language, without notes, the same bytes each time; the others stay."""
    found, again = (_settings("b.pdf")["DOCUMENTS"] for _ in range(2))
    assert found == again
    assert found["/documents/a.pdf"].copy == cleaned(pdf())
    copy = found["/documents/b.pdf"].copy
    (page,) = PdfReader(BytesIO(copy)).pages
    said = page.extract_text()
    assert said.index("这份文件暂时不提供") < said.index("This document is not shown")
    assert not look(copy, "PDF").hidden


@pytest.mark.usefixtures("here")
def test_documents_are_read_and_written() -> None:
    """What may be shown, in order of the names; what is wrong with the others, each at its file."""
    settings = _settings()
    files = {f"/documents/{one}": Path("content/documents", one) for one in ("a.pdf", "b.pdf")}
    copy = cleaned(pdf())
    assert settings["DOCUMENTS"] == {path: Document(file, copy) for path, file in files.items()}
    assert settings["PROBLEMS"] == [
        told("C7.document_format", "A.PDF"),
        told("C7.document_unreadable", "none.pdf", reason="Cannot read an empty file"),
        told("C7.document_format", "old.pdf/c.pdf"),
        told("C7.document_active", "run.pdf", found="AA, JS, OpenAction"),
        told("C7.document_format", "x.docx"),
        told("C6.name", "张三.pdf"),
    ]
    for _ in range(2):
        documents.publish(SimpleNamespace(settings=settings))
        assert sorted(one.name for one in Path("output/new/documents").iterdir()) == [
            "a.pdf",
            "b.pdf",
        ]
    assert Path("output/new/documents/a.pdf").read_bytes() == copy


def test_a_size_is_told_as_people_say_it() -> None:
    """In KB up to a thousand of them."""
    sizes = {
        1: "1 KB",
        512 * 3: "2 KB",
        999 * 1024: "999 KB",
        1000 * 1024: "1.0 MB",
        1500 * 1024: "1.5 MB",
    }
    for number, said in sizes.items():
        assert Document(Path("a.pdf"), b"x" * number).size == said


LINKS = {
    '<a href="documents/a.pdf">x</a>': '<a href="/documents/a.pdf">x</a>{}',
    '<a href="/documents/a.pdf#p" id="b">x <b>y</b></a>': (
        '<a href="/documents/a.pdf#p" id="b">x <b>y</b></a>{}'
    ),
    '<a href="/documents/a.pdf">x\ny</a> <a href="/documents/b.pdf?1">z</a>': (
        '<a href="/documents/a.pdf">x\ny</a>{} <a href="/documents/b.pdf?1">z</a>{}'
    ),
    '<a href="/documents/c.pdf">x</a>': '<a href="/documents/c.pdf">x</a>',
    '<a href="/about/">x</a> <a href="other/documents/a.pdf">y</a>': (
        '<a href="/about/">x</a> <a href="other/documents/a.pdf">y</a>'
    ),
}


@pytest.mark.usefixtures("here")
def test_a_link_tells_the_size_in_the_language_of_its_page() -> None:
    """Whatever else stands in it stays; a link to nothing is verify's to tell."""
    settings = _settings()
    _, pages = generators(read_settings(override=settings))
    for code, said in (("zh", "（PDF，1 KB）"), ("en", " (PDF, 1 KB)")):
        for before, after in LINKS.items():
            page = SimpleNamespace(lang=code, _content=before)
            pages.pages = [page]
            documents.describe([pages])
            assert page._content == after.format(*[said] * 2)


def test_each_step_is_taken() -> None:
    """A check that Pelican does not call refuses nothing."""
    steps = (
        (signals.initialized, documents.check_documents),
        (signals.all_generators_finalized, documents.describe),
        (signals.finalized, documents.publish),
    )
    documents.register()
    try:
        for signal, step in steps:
            assert step in set(signal.receivers_for(None))
    finally:
        for signal, step in steps:
            signal.disconnect(step)
