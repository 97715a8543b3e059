"""A file is replaced whole: whoever reads it, whatever goes wrong."""

import os
from pathlib import Path

import pytest

from plugins.whole_files import PRIVATE, write_whole


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_a_file_is_replaced_whole(file: Path) -> None:
    """Who may read it stays; a draft that a kill left is used up; a new one all may read."""
    draft = file.with_name(".register.csv.part")
    draft.write_bytes(b"left by a kill, and longer than what comes")
    draft.chmod(0o666)
    write_whole(file, b"first")
    assert file.read_bytes() == b"first"
    assert mode(file) == 0o644
    file.chmod(0o640)
    write_whole(file, b"second\r\n", PRIVATE)
    assert file.read_bytes() == b"second\r\n"
    assert mode(file) == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_a_new_file_may_be_private(file: Path) -> None:
    """Nobody else may read it, whatever the writer's mask."""
    before = os.umask(0)
    try:
        write_whole(file, b"names", PRIVATE)
    finally:
        os.umask(before)
    assert mode(file) == 0o600


def test_what_a_link_leads_to_is_replaced(file: Path) -> None:
    """A register that lies on another disk, and whoever else has it open, see the new one."""
    there = file.with_name("there.csv")
    there.write_bytes(b"old")
    file.symlink_to(there)
    write_whole(file, b"new")
    assert file.is_symlink()
    assert there.read_bytes() == b"new"


@pytest.mark.parametrize("name", ["open", "fsync", "chmod", "replace"])
def test_what_goes_wrong_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A full disk: the bytes as they were, nothing beside them; until its place it is private."""
    write_whole(file, b"old")
    modes: list[int] = []
    draft = file.with_name(".register.csv.part")

    def fail(*_: object) -> None:
        modes.extend(mode(one) for one in [draft] if one.exists())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if name in ("open", "fsync") else Path, name, fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]
    there = {"open": [], "replace": [0o644]}
    assert modes == there.get(name, [0o600])
