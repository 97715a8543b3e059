"""The list of what was withdrawn, and pictures known by their looks, in one process (C10)."""

import io
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from plugins.people import fingerprints
from plugins.people.withdrawals import Withdrawals, Withdrawn, read, write
from plugins.problems import Problem
from tests.site.people import photo

FILE = "content/withdrawn.toml"
DAY = date(2026, 11, 26)
LOOKS = "00ff00ff00ff00ff"
ONE = Withdrawn("C-17", DAY, ("kite.jpg", "door.jpg"), (LOOKS,), ("news/kite",))
WRITTEN = """\
# Written by make withdraw; nothing in it is to be changed by hand.
# 由make withdraw写入，请不要手工修改。

[[withdrawn]]
consent = "C-17"
day = 2026-11-26
pictures = ["kite.jpg", "door.jpg"]
fingerprints = ["00ff00ff00ff00ff"]
stories = ["news/kite"]

[[withdrawn]]
consent = "C-18"
day = 2026-02-28
pictures = []
fingerprints = []
stories = []
"""


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for content in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("content").mkdir()
    return Path("content")


def test_the_list_is_written_as_people_read_it(content: Path) -> None:
    """C10: each entry with its day; what was written is read again; all of it is known by part."""
    entries = (ONE, Withdrawn("C-18", date(2026, 2, 28)))
    write(content, entries)
    assert Path(FILE).read_text("utf-8") == WRITTEN
    assert read(content) == (Withdrawals(entries), [])
    known = Withdrawals(entries)
    assert known.consents == {"C-17", "C-18"}
    assert known.pictures == {"kite.jpg", "door.jpg"}
    assert known.stories == {"news/kite"}
    assert (known.get("C-17"), known.get("C-18")) == entries
    assert known.get("C-1") is None


def test_a_picture_may_be_called_anything(content: Path) -> None:
    """C10: what nobody named by a code goes all the same, and the list can be read again."""
    names = ("𠮷田.jpg", "孩子.jpg", 'a"b\\c.jpg', "del\x7f.jpg", "tab\t.jpg")
    write(content, [Withdrawn("C-17", DAY, names)])
    assert read(content) == (Withdrawals((Withdrawn("C-17", DAY, names),)), [])
    write(content, [Withdrawn("C-17", DAY, ("gbk\udcba.jpg",))])
    assert read(content)[0].pictures == {"gbk?.jpg"}


def test_without_a_list_nothing_was_withdrawn(content: Path) -> None:
    """C10: nor by one that is empty, or that an editor gave a byte order mark."""
    assert read(content) == (Withdrawals(), [])
    Path(FILE).write_bytes(b"")
    assert read(content) == (Withdrawals(), [])
    Path(FILE).write_text(WRITTEN, encoding="utf-8-sig")
    assert [one.consent for one in read(content)[0].entries] == ["C-17", "C-18"]


ENTRY = '[[withdrawn]]\nconsent = "C-17"\nday = 2026-11-26\n'
SPOILED: dict[str, tuple[str, str]] = {
    "another table": (f"{ENTRY}[[others]]\n", "others"),
    "a consent that is no text": (ENTRY.replace('"C-17"', "17"), "17"),
    "an empty consent": (ENTRY.replace("C-17", ""), ""),
    "a day that is none": (ENTRY.replace("2026-11-26", '"2026-11-26"'), "C-17"),
    "a picture that is no text": (f"{ENTRY}pictures = [1]\n", "C-17"),
    "an empty picture": (f'{ENTRY}pictures = [""]\n', "C-17"),
    "a story that is no text": (f"{ENTRY}stories = [[]]\n", "C-17"),
    "an empty story": (f'{ENTRY}stories = [""]\n', "C-17"),
    "a short print": (f'{ENTRY}fingerprints = ["00ff"]\n', "C-17"),
    "one print of two": (f'{ENTRY}fingerprints = ["{LOOKS}", "{LOOKS}0"]\n', "C-17"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_list_is_told(content: Path, name: str) -> None:
    """C10: what was withdrawn would not be known; the reason names the entry."""
    text, reason = SPOILED[name]
    Path(FILE).write_text(text, encoding="utf-8")
    problem = Problem("C10.unreadable", FILE, 0, {"reason": reason})
    assert read(content) == (Withdrawals(), [problem])


@pytest.mark.parametrize(
    "data", [b"[[withdrawn", b'[[withdrawn]]\nconsent = "C-1"\n', b"\xff\xfe", b"withdrawn = 1\n"]
)
def test_what_is_no_list_is_told(content: Path, data: bytes) -> None:
    """C10: no TOML, no day, no text, no tables."""
    Path(FILE).write_bytes(data)
    found, (problem,) = read(content)
    assert found == Withdrawals()
    assert (problem.code, problem.file, problem.line) == ("C10.unreadable", FILE, 0)
    assert problem.params["reason"] not in ("", "None")


def test_a_moment_is_a_day_too(content: Path) -> None:
    """C10: TOML has days with an hour as well."""
    Path(FILE).write_text(ENTRY.replace("26\n", "26T08:00:00\n"), encoding="utf-8")
    (entry,) = read(content)[0].entries
    assert entry.day == datetime(2026, 11, 26, 8)  # noqa: DTZ001  as it is written


def test_a_withdrawn_picture_is_known_by_its_looks(content: Path) -> None:
    """C10: whatever it is called now; what cannot be opened is none."""
    files = [content / name for name in ("one.png", "two.jpg", "three.png", "none.jpg")]
    for seed, file in enumerate(files[:3]):
        photo(seed).save(file)
    files[3].write_text("no picture")
    first, _, third = (fingerprints.of(file) or "" for file in files[:3])
    withdrawn = Withdrawals(
        (Withdrawn("C-1", DAY), Withdrawn("C-2", DAY, (), (first, third)), Withdrawn("C-3", DAY))
    )
    assert [withdrawn.covers(file) for file in files] == [True, False, True, False]
    assert list(withdrawn.returned(files)) == [
        Problem("C10.again", "content/one.png"),
        Problem("C10.again", "content/three.png"),
    ]
    assert not any(map(Withdrawals((Withdrawn("C-1", DAY),)).covers, files))


def test_a_withdrawn_picture_is_known_in_a_document(content: Path) -> None:
    """C10: on any page, of another size; an ornament and what cannot be opened are none."""
    names = ("one.pdf", "two.pdf", "ornament.pdf", "none.pdf", "small.pdf", "spoiled.pdf")
    files = [content / name for name in names]
    photo(1).save(content / "one.png")
    pages = [photo(seed, (200, 150)).convert("RGB") for seed in (2, 1)]
    pages[0].save(files[0], save_all=True, append_images=pages[1:])
    photo(2).save(files[1])
    photo(1, (84, 63)).save(files[2])
    files[3].write_text("no document")
    photo(1, (85, 64)).save(files[4])
    spoil_first_picture(files[4], files[5])
    looks = fingerprints.of(content / "one.png") or ""
    withdrawn = Withdrawals((Withdrawn("C-2", DAY, (), (looks,)),))
    shown = [True, False, False, False, True, True]
    assert [withdrawn.shown_in(file) for file in files] == shown
    assert list(withdrawn.returned([], files)) == [
        Problem("C10.document", f"content/{name}.pdf") for name in ("one", "small", "spoiled")
    ]
    assert not any(map(Withdrawals((Withdrawn("C-1", DAY),)).shown_in, files))


def spoil_first_picture(file: Path, into: Path) -> None:
    """The same page with another picture before its own, which nobody can open."""
    writer = PdfWriter(clone_from=PdfReader(file))
    pictures = writer.pages[0]["/Resources"]["/XObject"]  # type: ignore[index]
    ((name, own),) = [(one, pictures.raw_get(one)) for one in pictures]
    broken = StreamObject()
    broken.update(own.get_object())
    broken.set_data(b"no picture")
    del pictures[name]
    pictures[NameObject("/broken")] = writer._add_object(broken)
    pictures[name] = own
    writer.write(into)


def spots(*rows: str) -> Image.Image:
    """Nine spots wide and eight high, a pixel each: each figure is its brightness, times 2."""
    data = bytes(2 * int(one) for row in (*rows, *["000000000"] * (8 - len(rows))) for one in row)
    return Image.frombytes("L", (9, 8), data)


def steps(*grey: int) -> Image.Image:
    """A first row of these greys, and all else black."""
    return Image.frombytes("L", (9, 8), bytes([*grey, *[0] * (72 - len(grey))]))


Make = Callable[[], Image.Image]
PRINTS: dict[str, tuple[Make, str]] = {
    "darker to the right": (lambda: spots("987654321"), "0" * 16),
    "much darker": (lambda: spots("909090909"), "aa" + "0" * 14),
    "in the last row": (lambda: spots(*["000000000"] * 7, "000000090"), "0" * 15 + "1"),
    "in two rows": (lambda: spots("900000000", "090000000"), "8040" + "0" * 12),
    "two steps are noise": (lambda: steps(9, 7, 5, 3, 1), "0" * 16),
    "three are not": (lambda: steps(9, 6, 3, 0), "e0" + "0" * 14),
}


@pytest.mark.parametrize("name", PRINTS)
def test_each_bit_says_what_is_brighter(content: Path, name: str) -> None:
    """Row by row: whether a spot is clearly brighter than its neighbour on the right."""
    make, looks = PRINTS[name]
    make().save(content / "one.png")
    assert fingerprints.of(content / "one.png") == looks


def test_a_picture_is_seen_as_browsers_show_it(content: Path) -> None:
    """Turned as its EXIF data says, on white where it is clear."""
    plain, file = content / "plain.png", content / "other.png"
    photo().save(plain)
    turned = Image.Exif()
    turned[0x0112] = 8
    photo().transpose(Image.Transpose.ROTATE_270).save(file, exif=turned)
    assert fingerprints.of(file) == fingerprints.of(plain)
    clear = Image.new("RGBA", (90, 80), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (50, 0, 90, 80))
    clear.save(file)
    white = Image.new("L", (90, 80), "white")
    white.paste(0, (50, 0, 90, 80))
    white.save(plain)
    assert fingerprints.of(file) == fingerprints.of(plain) == "08" * 8


def test_looks_stay_what_they_were(content: Path) -> None:
    """C10: those in the list were taken years ago, and are to be known all the same."""
    for seed, looks in ((17, "e27a4dd1cb55a865"), (18, "ddb24c186366518b")):
        photo(seed).save(content / "one.png")
        assert fingerprints.of(content / "one.png") == looks


def test_a_large_photo_is_read_at_a_fraction(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soon as it stays as large as the spots need; then the limit is on what is read."""
    for size in ((512, 512), (512, 600), (600, 512)):
        photo(17, size).save(content / "one.jpg")
        monkeypatch.setattr(fingerprints, "_MOST_PIXELS", size[0] * size[1] // 4)
        assert fingerprints.of(content / "one.jpg")


def test_what_cannot_be_opened_has_no_looks(
    content: Path, recwarn: pytest.WarningsRecorder
) -> None:
    """Nor what is too large to be opened; nobody is warned, since it is refused anyway."""
    file = content / "one.png"
    for data in (b"no picture", _png()[:40], _png()[:-30]):
        file.write_bytes(data)
        assert fingerprints.of(file) is None
    assert fingerprints.of(content / "none.png") is None
    for width in (50_000_001, 100_000_000, 200_000_000):
        file.write_bytes(_huge(width))
        assert fingerprints.of(file) is None
    assert not recwarn.list


def test_a_large_picture_is_opened_up_to_a_limit(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As wide by as high as the limit it is; no pixel more."""
    photo().save(content / "one.png")
    monkeypatch.setattr(fingerprints, "_MOST_PIXELS", 320 * 240)
    assert fingerprints.of(content / "one.png")
    monkeypatch.setattr(fingerprints, "_MOST_PIXELS", 320 * 240 - 1)
    assert fingerprints.of(content / "one.png") is None


def _png() -> bytes:
    stream = io.BytesIO()
    photo().save(stream, "PNG")
    return stream.getvalue()


def _huge(width: int) -> bytes:
    """A picture whose head says that it is a line of so many spots."""
    plain = _png()
    head = b"IHDR" + width.to_bytes(4) + (1).to_bytes(4) + plain[24:29]
    return plain[:12] + head + zlib.crc32(head).to_bytes(4) + plain[33:]


def test_near_is_the_same() -> None:
    """Of 64 bits 8 may differ, however they lie; not 9."""
    assert fingerprints.alike("0" * 16, "00000000000000ff")
    assert fingerprints.alike("f" * 16, "7ffffffffffffe3c")
    assert not fingerprints.alike("0" * 16, "00000000000001ff")
    assert not fingerprints.alike("8" + "0" * 15, "00000000000000ff")
