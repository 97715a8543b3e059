"""C6: what a file says is read, whatever its format; what nobody can read says so."""

import gzip
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from plugins.identifying import files
from plugins.identifying.files import Unreadable
from tests.site.tiny_pdf import pages_saying

PDF = pages_saying("First sample", "Second sample", about=b"<</Title(A title)/Author(Nobody)>>")


def said(folder: Path, name: str, data: bytes) -> str:
    file = folder / name
    file.write_bytes(data)
    return files.said(file)


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.md", "例小明\n".encode(), "例小明\n"),
        ("a.md", "例小明".encode("utf-8-sig"), "例小明"),
        ("a.csv", "例,明".encode("utf-8-sig"), "例,明"),
        ("a.csv", "例,明".encode("gb18030"), "例,明"),
        ("a.CSV", "㐀,明".encode("gb18030"), "㐀,明"),
        ("a.jpg", b"\xff\xd8", ""),
        ("a.JPEG", b"text", ""),
        ("x.pagefind", b"text", ""),
        ("x.pf_fragment", gzip.compress("例小明".encode(), mtime=0), "例小明"),
        ("x.pf_index", gzip.compress(b"\xff\xe4\xbe\x8b", mtime=0), "\ufffd例"),
        ("none", b"text", "text"),
        ("a.pdf", PDF, "A title\n\nNobody\n\nFirst sample\n\nSecond sample"),
    ],
)
def test_each_format_is_read(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    """Pictures say nothing; tables come as Excel saves them in China; PDFs with their notes."""
    assert said(tmp_path, name, data) == text


def test_a_pdf_without_notes_says_what_its_pages_say(tmp_path: Path) -> None:
    """An empty one nothing."""
    two = said(tmp_path, "a.pdf", pages_saying("First sample", "Second sample"))
    assert two == "First sample\n\nSecond sample"
    assert said(tmp_path, "a.pdf", pages_saying()) == ""


def test_a_pdf_says_what_stands_beside_its_pages(tmp_path: Path) -> None:
    """Bookmarks, words for a picture, the address of a link: each once, and no day."""
    plain = pages_saying("First sample")
    writer = PdfWriter(clone_from=PdfReader(BytesIO(plain)))
    writer.add_outline_item(title="例小明", page_number=0)
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="mailto:child@mail.example"))[
        NameObject("/M")
    ] = TextStringObject("D:20260314093012")
    figure = DictionaryObject({NameObject("/Alt"): TextStringObject("样欣怡")})
    figure[NameObject("/P")] = writer.pages[0].indirect_reference
    writer.root_object[NameObject("/StructTreeRoot")] = ArrayObject([figure])
    data = BytesIO()
    writer.write(data)
    first, *beside = said(tmp_path, "a.pdf", data.getvalue()).split("\n\n")
    assert first == "First sample"
    assert sorted(beside) == ["mailto:child@mail.example", "例小明", "样欣怡"]


def test_a_workbook_says_what_all_its_sheets_say(tmp_path: Path) -> None:
    """A line a row, as a table of text has it."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for text in ("例", "甲"):
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, [text, "b"])
            sheet.write_row(1, 0, [1.5, text])
    assert files.said(tmp_path / "a.xlsx") == "例\tb\n1.5\t例\n甲\tb\n1.5\t甲"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", "例".encode("gb18030"), "UnicodeDecodeError"),
        ("a.csv", b"\xff\xff", "UnicodeDecodeError"),
        ("a.pdf", b"no PDF at all", "PdfStreamError"),
        ("a.xlsx", b"no workbook", "ZipError"),
        ("a.pf_meta", b"no gzip", "BadGzipFile"),
        ("a.pf_meta", gzip.compress(b"text" * 9, mtime=0)[:-9], "EOFError"),
    ],
)
def test_what_cannot_be_read_says_so(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """By the kind of the error alone, which quotes nothing of the file."""
    with pytest.raises(Unreadable) as wrong:
        said(tmp_path, name, data)
    assert str(wrong.value) == reason
    assert wrong.value.__suppress_context__


def test_a_file_that_is_gone_cannot_be_read(tmp_path: Path) -> None:
    """As one that is broken."""
    for name, reason in (("a.txt", "FileNotFoundError"), ("a.pdf", "FileNotFoundError")):
        with pytest.raises(Unreadable, match=f"^{reason}$"):
            files.said(tmp_path / name)
