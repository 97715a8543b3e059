"""What a file of the content or of the built site says, whatever its format."""

import gzip
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, TextStringObject
from python_calamine import CalamineError, CalamineWorkbook

# It would write what it stumbles over into the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".ico"}
_SEARCH = {".pf_fragment", ".pf_index", ".pf_meta", ".pf_filter"}
_WORKBOOK = ".xlsx"
_TABLE = ".csv"  # as Excel saves it in China, it is GB18030
# Of a PDF: days, whose digits would be taken for a telephone's.
_DAYS = {"/CreationDate", "/ModDate", "/LastModified", "/M"}
_PROGRAM = ".pagefind"  # the search's own, the same on every site


class Unreadable(Exception):
    """Nobody can say what is in the file; the text is the reason."""


def said(file: Path) -> str:
    """All text in it. Pictures show theirs to people alone. Raises Unreadable."""
    kind = file.suffix.lower()
    if kind in _PICTURES or kind == _PROGRAM:
        return ""
    try:
        if kind == ".pdf":
            return _said_in_pdf(file)
        if kind in _SEARCH:
            return gzip.decompress(file.read_bytes()).decode(errors="replace")
        if kind == _WORKBOOK:
            return _said_in_workbook(file)
        if kind == _TABLE:
            return _said_in_table(file)
        return file.read_text(encoding="utf-8-sig")
    except (OSError, EOFError, zlib.error, ValueError, PyPdfError) as error:
        raise Unreadable(type(error).__name__) from None


def _said_in_table(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return file.read_text(encoding="gb18030")


def _said_in_workbook(file: Path) -> str:
    """A line a row, of all its sheets."""
    try:
        book = CalamineWorkbook.from_path(file)
        rows = [
            row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
        ]
    except CalamineError as error:
        raise Unreadable(type(error).__name__) from None
    return "\n".join("\t".join(map(str, row)) for row in rows)


def _said_in_pdf(file: Path) -> str:
    try:
        reader = PdfReader(file)
        told = [str(value) for value in (reader.metadata or {}).values()]
        told += [page.extract_text() for page in reader.pages]
        told += _beside_the_pages(reader)
    except Exception as error:  # noqa: BLE001  # a broken PDF fails in any way there is
        raise Unreadable(type(error).__name__) from None
    return "\n\n".join(told)


def _beside_the_pages(reader: PdfReader) -> Iterator[str]:
    """Bookmarks, what is said of a picture to those who cannot see it, where links lead."""
    waiting, met = [reader.trailer.raw_get("/Root")], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in met:
                continue
            met.add(one.idnum)
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            waiting += [one.raw_get(name) for name in one if name not in _DAYS]
        elif isinstance(one, ArrayObject):
            waiting += list(one)
        elif isinstance(one, TextStringObject):
            yield str(one)
