"""C7: originals are told of wherever they lie, in one process: below content, and kept by git."""

import os
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from plugins import originals
from plugins.problems import Problem, Severity

BROKEN = b"\xff\xd8\xff"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with an empty content."""
    (tmp_path / "content").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, *, film: bool = False, bare: bool = False) -> Problem:
    """A picture that tells what it was made with; what is told of it."""
    file = Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    one, other = (Image.new("RGB", (9, 9), colour) for colour in ("gold", "navy"))
    exif, data = Image.Exif(), BytesIO()
    exif[0x010F] = "SecretPhone"
    if film:
        one.save(data, "WEBP", save_all=True, append_images=[other], exif=exif)
    elif bare:
        one.save(data, "JPEG")
    else:
        one.save(data, "PNG" if ".png" in name.lower() else "JPEG", exif=exif, comment=b"x")
    file.write_bytes(data.getvalue())
    found = "EXIF" if ".png" in name.lower() else "EXIF, comment"
    return Problem("C7.original", name, params={"found": found, "file": name})


def git(*words: str) -> None:
    subprocess.run(["git", *words], check=True, capture_output=True)


@pytest.mark.usefixtures("here")
def test_what_lies_in_the_content_is_told() -> None:
    """Shown or not, whatever its name is written like; what is no picture is not looked at."""
    put("content/.a.jpg")
    put("content/b.pdf")
    put("content/c.jpg", bare=True)
    put("elsewhere.jpg")
    Path("content/d.svg").write_text("<svg><script/></svg>", encoding="utf-8")
    Path("content/e.jpg").mkdir()
    assert list(originals.check(Path("content"))) == []
    wanted = [put("content/images/B.JPG"), put("content/images/a.png"), put("content/old/z.jpeg")]
    Path("content/images/aa.jpg").write_bytes(b"no picture")
    Path("content/images/ab.jpg").write_bytes(BROKEN)
    put("content/images/film.webp", film=True)
    assert list(originals.check(Path("content"))) == [
        wanted[0],
        wanted[1],
        Problem("C7.unreadable", "content/images/aa.jpg", params={"reason": "not JPEG"}),
        Problem(
            "C7.unreadable",
            "content/images/ab.jpg",
            params={"reason": "JPEG: no end"},
        ),
        Problem("C7.moving", "content/images/film.webp"),
        wanted[2],
    ]


@pytest.mark.usefixtures("here")
def test_small_copies_that_windows_keeps_are_told() -> None:
    """C7: they show what was in a folder, deleted pictures too."""
    Path("content/images").mkdir(parents=True)
    for name in ("Thumbs.db", "images/thumbs.db"):
        Path("content", name).write_bytes(b"")
    assert list(originals.check(Path("content"))) == [
        Problem("C7.thumbnails", "content/Thumbs.db"),
        Problem("C7.thumbnails", "content/images/thumbs.db"),
    ]


@pytest.mark.usefixtures("here")
def test_what_git_keeps_is_told() -> None:
    """Anywhere below, once, whatever it is called; what lies there unkept is nobody's yet."""
    odd = os.fsdecode(b"odd \xe9\n.jpg")
    kept = [put("a b.jpg"), put("content/c.jpg"), put("letters/\u4f8b.png"), put(odd)]
    put("gone.jpg")
    put(".hidden.jpg")
    put("note.pdf")
    git("init", "-q")
    git("add", ".")
    Path("gone.jpg").unlink()
    put("later.jpg")
    put("content/later.jpg")
    found = {one.file: one for one in originals.check(Path("content"))}
    assert found == {one.file: one for one in (*kept, put("content/later.jpg"))}


@pytest.mark.usefixtures("here")
def test_what_a_camera_wrote_in_another_format_is_told() -> None:
    """Photos of telephones and films carry as much; nobody here can read what."""
    for name in ("content/IMG_1.HEIC", "letters/a.mov", "b.tif", "later.heic"):
        put(name)
    git("init", "-q")
    git("add", "content", "letters", "b.tif")
    assert list(originals.check(Path("content"))) == [
        Problem("C7.camera", name, params={"format": kind, "file": name})
        for name, kind in (
            ("b.tif", "TIF"),
            ("content/IMG_1.HEIC", "HEIC"),
            ("letters/a.mov", "MOV"),
        )
    ]


@pytest.mark.usefixtures("here")
def test_a_repository_that_git_cannot_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In git's words, on one line; without git nothing can be asked, nor be kept."""
    wanted = put("content/a.jpg")
    Path(".git").mkdir()
    Path("bin").mkdir()
    Path("bin/git").write_text("#!/bin/sh\nprintf 'a\\nb \\377c\\n' >&2\nexit 1\n")
    Path("bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", "bin")
    reason = {"reason": "a b \ufffdc"}
    unasked = Problem("C7.git", ".", params=reason, severity=Severity.WARNING)
    assert list(originals.check(Path("content"))) == [unasked, wanted]
    Path("bin/git").unlink()
    assert list(originals.check(Path("content"))) == [wanted]
