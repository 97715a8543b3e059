"""C7: a PDF reaches the site as its pages, without what programs and people noted in it."""

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from plugins.verify import Expectations, verify
from tests.seeded_pictures import SECRET, tags
from tests.site.tiny_site import ROOT, Run, TinySite, make_site

ADDRESS = "https://house.example"


def paper(spoil: Callable[[PdfWriter], object] = lambda _: None) -> bytes:
    """A document of one page, which is a photo; ``spoil`` adds something to it."""
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    photo = BytesIO()
    Image.new("RGB", (60, 80), "gold").save(photo, "JPEG", exif=exif, comment=b"Secret")
    Image.new("RGB", (60, 80), "gold").save(file, "PDF")
    writer = PdfWriter(clone_from=PdfReader(file))
    for one in writer._objects:
        if isinstance(one, DictionaryObject) and one.get("/Subtype") == "/Image":
            one._data = photo.getvalue()  # type: ignore[attr-defined]
    writer.metadata = {"/Author": "Secret", "/Title": "Secret", "/Company": "Secret"}
    writer.pages[0][NameObject("/LastModified")] = TextStringObject("D:2026 Secret")
    spoil(writer)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _at_opening(action: str, argument: str) -> Callable[[PdfWriter], object]:
    def spoil(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject(action), NameObject(argument): TextStringObject("x")}
        )

    return spoil


def _comment(writer: PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="Secret", rect=(1, 1, 9, 9)))


ACTIVE: dict[str, Callable[[PdfWriter], object]] = {
    "script": _at_opening("/JavaScript", "/JS"),
    "attachment": lambda writer: writer.add_attachment("a.txt", b"Secret"),
    "launch": _at_opening("/Launch", "/F"),
    "comment": _comment,
    "password": lambda writer: writer.encrypt("secret", algorithm="RC4-128"),
}


def test_a_document_that_holds_more_than_pages_is_refused(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """What runs, is attached or was commented; and what is no document at all."""
    folder = site.folder / "content" / "documents"
    folder.mkdir()
    for name, spoil in ACTIVE.items():
        (folder / f"{name}.pdf").write_bytes(paper(spoil))
    (folder / "broken.pdf").write_bytes(paper()[:400])
    (folder / "张三.pdf").write_bytes(paper())
    (folder / "budget.docx").write_bytes(b"x")
    run = refused()
    for name in ACTIVE:
        run.tells("C7.document_active", f"content/documents/{name}.pdf")
    run.tells("C7.document_unreadable", "content/documents/broken.pdf")
    run.tells("C6.name", "content/documents/张三.pdf")
    run.tells("C7.document_format", "content/documents/budget.docx")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with a document that a page links to in both languages."""
    site = make_site(tmp_path_factory.mktemp("published") / "site")
    (site.folder / "content" / "documents").mkdir()
    (site.folder / "content" / "documents" / "report-1.pdf").write_bytes(paper())
    site.edit("content/pages/about.zh.md", "屋顶是蓝色的。", "[年报](documents/report-1.pdf)。")
    site.edit(
        "content/pages/about.en.md", "The roof is blue.", "The [report](/documents/report-1.pdf)."
    )
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return site


def test_a_document_keeps_its_pages_and_nothing_else(published: TinySite) -> None:
    """exiftool finds no author and no date, and the photo in it is as bare as any other."""
    copy = published.output / "documents" / "report-1.pdf"
    assert SECRET not in copy.read_bytes()
    left = {name for name in tags(copy)[0] if name.split(":")[0] not in ("System", "ExifTool")}
    assert left <= {
        *("SourceFile", "File:FileType", "File:FileTypeExtension", "File:MIMEType"),
        *("PDF:PDFVersion", "PDF:Linearized", "PDF:PageCount"),
    }
    (page,) = PdfReader(copy).pages
    with Image.open(BytesIO(page.images[0].data)) as photo:
        assert photo.tobytes()[1:3] == bytes((215, 0))  # gold as it was


def test_a_link_says_what_it_leads_to(published: TinySite) -> None:
    """A reader on a telephone decides before it is fetched."""
    chinese = (published.output / "about" / "index.html").read_text(encoding="utf-8")
    english = (published.output / "en" / "about" / "index.html").read_text(encoding="utf-8")
    assert '<a href="/documents/report-1.pdf">年报</a>（PDF，1 KB）。' in chinese
    assert '<a href="/documents/report-1.pdf">report</a> (PDF, 1 KB).' in english


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "an original": lambda _: paper(),
    "a script": lambda data: data.replace(b"/Catalog", b"/Catalog /Names << /J#53 (1) >>", 1),
    "an earlier version": lambda data: data + data,
    "a photo with its camera": lambda data: data.replace(b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1"),
    "no document": lambda _: b"x",
}


@pytest.mark.parametrize("name", SPOILED)
def test_the_second_look_sees_what_a_document_hides(
    published: TinySite, tmp_path: Path, name: str
) -> None:
    """The copy in the built site is changed, past everything that the build does."""
    folder = Path(shutil.copytree(published.output, tmp_path / "copy"))
    copy = folder / "documents" / "report-1.pdf"
    spoiled = SPOILED[name](copy.read_bytes())
    assert spoiled != copy.read_bytes()
    expected = Expectations.of_content(
        published.folder / "content", ROOT / "theme", ADDRESS, demo=False
    )
    assert verify(folder, expected)[0] == []
    copy.write_bytes(spoiled)
    further = ["C6.unreadable"] if name == "no document" else []  # nobody can say what is in it
    assert [one.code for one in verify(folder, expected)[0]] == ["C7.hidden_data", *further]
