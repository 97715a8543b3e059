"""Rule C7: an original is told of wherever it lies in the repository, before it can be built from.

Whoever can read the repository, now or from its history, would see what the camera wrote.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from plugins import hidden_data, sources
from plugins.pictures import FORMATS
from plugins.problems import Problem, Severity

# What cameras write and the site does not show: there is nothing here to see what it hides.
_CAMERAS = {
    *(".heic", ".heif", ".hif", ".tif", ".tiff", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf"),
    *(".orf", ".rw2", ".mp4", ".m4v", ".mov", ".avi", ".3gp"),
}


def check(content: Path) -> Iterator[Problem]:
    """Pictures that carry hidden data: all in ``content``, and those that git keeps elsewhere."""
    within = [file for file in content.rglob("*") if file.is_file() and _is_picture(file)]
    for file in sorted(content.rglob("*")):
        if file.name.lower() == sources.THUMBNAILS:
            yield Problem("C7.thumbnails", file.as_posix())
    tracked, reason = _tracked()
    if reason:
        yield Problem("C7.git", ".", params={"reason": reason}, severity=Severity.WARNING)
    for file in sorted({*within, *tracked}):
        kind = file.suffix.lower()
        if kind in _CAMERAS:
            params = {"format": kind.removeprefix(".").upper(), "file": file.as_posix()}
            yield Problem("C7.camera", file.as_posix(), params=params)
            continue
        try:
            carried = hidden_data.look(file.read_bytes(), FORMATS[kind])
        except (hidden_data.Unreadable, OSError) as error:
            yield Problem("C7.unreadable", file.as_posix(), params={"reason": str(error)})
            continue
        if carried.moving:
            yield Problem("C7.moving", file.as_posix())
        elif carried.hidden:
            found = {"found": ", ".join(carried.hidden), "file": file.as_posix()}
            yield Problem("C7.original", file.as_posix(), params=found)


def _is_picture(file: Path) -> bool:
    kind = file.suffix.lower()
    # No camera writes a drawing: what a program noted in it is left out of its copy.
    return (kind in _CAMERAS or FORMATS.get(kind, "SVG") != "SVG") and file.name[0] != "."


def _tracked() -> tuple[list[Path], str]:
    """The pictures that git keeps from here on down, and why it could not be asked."""
    if not Path(".git").exists():
        return [], ""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True)
    except FileNotFoundError:
        return [], ""
    except subprocess.CalledProcessError as failed:
        return [], failed.stderr.decode(errors="replace").strip().replace("\n", " ")
    files = (Path(name) for name in os.fsdecode(listed.stdout).split("\0"))
    return [file for file in files if _is_picture(file) and file.is_file()], ""
