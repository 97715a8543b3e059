"""What is kept from one build to the next: each file whole, and none longer than it may be."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from plugins.kept import MONTH, Shelf, digest

NOW = 1_800_000_000
HOUR = 3600


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the shelf, which nobody has made yet. It is always the same second."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(time, "time", lambda: NOW)
    return tmp_path / "var" / "kept" / "copies"


def lay(folder: Path, name: str, *, age: int) -> None:
    """A file that was last used ``age`` seconds ago."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"old")
    os.utime(file, (NOW - age, NOW - age))


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_what_was_put_is_taken(folder: Path) -> None:
    """Also what another build put there; on a shelf of its own."""
    shelf = Shelf("copies")
    assert shelf.take("a") is None
    shelf.put({"a": b"1", "b": b"2"})
    assert names(folder) == ["a", "b"]
    assert [Shelf("copies").take(name) for name in ("a", "b", "c")] == [b"1", b"2", None]
    assert Shelf("cards").take("a") is None
    shelf.put({"a": b"3"})
    assert shelf.take("a") == b"3"
    shelf.put({})
    assert names(folder) == ["a", "b"]


def test_a_file_is_there_whole_or_not_at_all(folder: Path) -> None:
    """It is begun beside its place, under a name that says so, and which no other build uses."""
    (folder / "a").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        Shelf("copies").put({"a": b"1"})
    assert names(folder) == [f".a.{os.getpid()}", "a"]
    assert (folder / f".a.{os.getpid()}").read_bytes() == b"1"


def test_what_nobody_uses_goes(folder: Path) -> None:
    """At once, or when it was not used for so long; taking it is using it."""
    for name, age in (("a", 0), ("b", MONTH - 1), ("c", MONTH), ("d", MONTH + 1), ("taken", MONTH)):
        lay(folder, name, age=age)
    shelf = Shelf("copies")
    shelf.take("taken")
    assert (folder / "taken").stat().st_mtime != NOW - MONTH
    shelf.take("not there")
    shelf.clear(after=MONTH)
    assert names(folder) == ["a", "b", "taken"]
    shelf.put({"put": b""})
    os.utime(folder / "put", (0, 0))
    os.utime(folder / "taken", (0, 0))
    shelf.clear(after=MONTH)
    shelf.clear()
    assert names(folder) == ["put", "taken"]
    Shelf("copies").clear()
    assert names(folder) == []
    Shelf("cards").clear()
    Shelf("cards").forget("a")


def test_what_another_build_has_begun_is_left_to_it(folder: Path) -> None:
    """For an hour: by then it was killed."""
    for name, age in ((".a.1", HOUR - 1), (".b.1", HOUR), (".c.1", MONTH)):
        lay(folder, name, age=age)
    shelf = Shelf("copies")
    shelf.clear(after=MONTH)
    assert names(folder) == [".a.1", ".b.1"]
    shelf.clear()
    assert names(folder) == [".a.1"]


def test_what_is_withdrawn_is_forgotten(folder: Path) -> None:
    """All that was made of it, also what is only begun, and nothing that only sounds like it."""
    for name in ("door.jpg.1", "door.jpg.480.avif.1", ".door.jpg.1.9", "door.jpg", "door.jpgs.1"):
        lay(folder, name, age=0)
    lay(folder, "x.door.jpg.1", age=0)
    Shelf("copies").forget("door.jpg")
    assert names(folder) == ["door.jpg", "door.jpgs.1", "x.door.jpg.1"]


def test_another_build_may_be_faster(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it threw out before us is gone, and nothing is wrong."""
    monkeypatch.setattr(Path, "glob", lambda *_: iter([folder / "gone"]))
    Shelf("copies").forget("gone")
    Shelf("copies").clear()


def test_a_name_depends_on_all_of_it() -> None:
    """On bytes and on what is told in words, one after the other."""
    assert (
        digest(b"ab", "x", 1, {"A": 2})
        == hashlib.sha256(b"6162\n'x'\n1\n{'A': 2}").hexdigest()[:32]
    )
    assert digest("甲") == hashlib.sha256("'甲'".encode()).hexdigest()[:32]
