"""Rule C7 for PDFs: those in ``content/documents`` reach the site as copies that say no more.

What programs note in a document (who wrote it, on which computer, from which photo) is taken out.
What would run, and what people attached or commented, is no note: such a document is refused.
A link to a document says what it is and how large. In the place of one that shows a picture whose
consent is over (C9) stands a page that says so, and links to it still lead somewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from donations_api.frame import Frame, translate
from plugins import drawing, hidden_data, pictures, sources
from plugins.bilingual import written_pages
from plugins.hidden_data.papers import TELLING
from plugins.hidden_data.rasters import bare_jpeg
from plugins.problems import Problem, collected

FOLDER = "documents"
# What pypdf raises for files that are none, or broken off, or go too deep.
_BROKEN = (
    *(PyPdfError, ValueError, TypeError, LookupError, AttributeError, OSError, RuntimeError),
    AssertionError,
)
_LINK = re.compile(r"<a href=\"/?(?P<path>documents/[^\"#?]+)(?P<rest>[^>]*>.*?)</a>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may be shown: its original, and the copy for the site, byte for byte."""

    original: Path
    copy: bytes

    @property
    def path(self) -> str:
        """Where its copy lives in the site."""
        return f"/{FOLDER}/{self.original.name}"

    @property
    def size(self) -> str:
        """As people say it: ``320 KB``, ``1.4 MB``."""
        kilobytes = len(self.copy) / 1024
        if kilobytes < 1000:
            return f"{max(1, kilobytes):.0f} KB"
        return f"{kilobytes / 1024:.1f} MB"


def read(content: Path) -> tuple[list[Document], list[Problem]]:
    """The documents that may be shown, and what keeps the others from it."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in sorted((content / FOLDER).rglob("*")):
        if file.is_dir() or not sources.somebodys(file):
            continue
        place = file.as_posix()
        if file.suffix != ".pdf" or file.parent != content / FOLDER:
            problems.append(Problem("C7.document_format", place))
        elif not pictures.NAME.fullmatch(file.name):
            problems.append(Problem("C6.name", place))
        else:
            try:
                documents.append(Document(file, cleaned(file.read_bytes())))
            except hidden_data.Unreadable as error:
                params = {"reason": str(error)}
                problems.append(Problem("C7.document_unreadable", place, params=params))
            except Active as active:
                params = {"found": str(active)}
                problems.append(Problem("C7.document_active", place, params=params))
    return documents, problems


class Active(Exception):
    """The document runs, holds or tells what cannot be taken out; the text is its names for it."""


def cleaned(data: bytes) -> bytes:
    """The document's pages alone. Raises Unreadable and Active."""
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise Active("Encrypt")
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        writer._ID = None  # by which all copies of one document can be told from others
        _strip(writer)
        writer.compress_identical_objects(remove_duplicates=False)  # what nothing leads to any more
        file = BytesIO()
        writer.write(file)
    except _BROKEN as error:
        raise hidden_data.Unreadable(str(error) or type(error).__name__) from None
    if left := hidden_data.look(file.getvalue(), "PDF").hidden:
        raise Active(", ".join(left))
    return file.getvalue()


def _strip(writer: PdfWriter) -> None:
    root = writer.root_object
    opened = root.get("/OpenAction")
    # Where the document opens is nothing that runs; an action is looked at like any other.
    if isinstance(_direct(opened), ArrayObject):
        del root["/OpenAction"]
    form = _direct(root.get("/AcroForm"))
    if isinstance(form, DictionaryObject) and not form.get("/Fields") and "/XFA" not in form:
        del root["/AcroForm"]
    for one in writer._objects:
        for table in _tables(one):
            for name in TELLING:
                table.pop(f"/{name}", None)
            if isinstance(table, StreamObject) and table.get("/Filter") in _JPEG:
                table._data = bare_jpeg(table._data)


_JPEG = ("/DCTDecode", ["/DCTDecode"])


def _tables(value: PdfObject | None) -> Iterator[DictionaryObject]:
    """The dictionaries in a value that are written in it itself."""
    if isinstance(value, DictionaryObject):
        yield value
        for one in list(value.values()):
            yield from _tables(one)
    elif isinstance(value, ArrayObject):
        for one in value:
            yield from _tables(one)


def _direct(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def check_documents(pelican: Pelican) -> None:
    """Collect what is wrong; ``settings["DOCUMENTS"]`` has those that may be shown, by path."""
    settings = pelican.settings
    documents, problems = read(sources.relative(settings["PATH"]))
    out = settings["DOCUMENTS_OUT"]
    settings["DOCUMENTS"] = {
        one.path: replace(one, copy=_instead(settings["FRAME"])) if one.original in out else one
        for one in documents
    }
    collected(settings).extend(problems)


def _instead(frame: Frame) -> bytes:
    """A PDF that says that the document is not shown, in each language."""
    said = [
        {
            "title": translate(frame.words, one, "document.out.title"),
            "text": translate(frame.words, one, "document.out.text"),
            "language": one.locale.partition("_")[0],
        }
        for one in frame.languages
    ]
    return cleaned(drawing.paper("out", said))


def describe(generators: list[Generator]) -> None:
    """Say at each link to a document what it leads to, in the page's language."""
    settings = generators[0].settings
    frame = settings["FRAME"]
    for page in written_pages(generators):

        def link(match: re.Match[str], language: str = page.lang) -> str:
            document = settings["DOCUMENTS"].get(f"/{match['path']}")
            if not document:
                return match[0]  # leads nowhere, which verify tells
            words = translate(frame.words, frame.language(language), "document.size")
            told = Markup.escape(words % {"size": document.size})
            return f'<a href="{document.path}{match["rest"]}</a>{told}'

        page._content = _LINK.sub(link, page._content)


def publish(pelican: Pelican) -> None:
    """Write the copies into the new site."""
    settings = pelican.settings
    for document in settings["DOCUMENTS"].values():
        copy = Path(settings["OUTPUT_PATH"], document.path.removeprefix("/"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(document.copy)


def register() -> None:
    signals.initialized.connect(check_documents)
    signals.all_generators_finalized.connect(describe)
    signals.finalized.connect(publish)
