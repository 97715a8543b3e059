"""How a picture and its sidecar come into ``content/images``: both or neither.

They are laid beside it first, where the checks of the build can look at them as if they were in.
Renaming that folder is the moment from which they count as taken in; what a kill leaves undone
after it the next command does.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from plugins.pictures import FOLDER
from plugins.problems import Problem

_DRAFT, _READY = ".adding", ".added"  # within the content folder

Check = Callable[[Path], list[Problem]]


def take_in(content: Path, files: Mapping[str, bytes], check: Check) -> list[Problem]:
    """Put ``files`` (by name) into ``content/images``, unless ``check`` finds something.

    ``check`` gets a content folder that has no other pictures than these, and the tables of
    ``content`` beside them. Returns what it found, told of where the files would be.
    """
    finish(content)
    draft = content / _DRAFT
    shutil.rmtree(draft, ignore_errors=True)  # of one that was killed before it was ready
    try:
        (draft / FOLDER).mkdir(parents=True)
        for name, data in files.items():
            with (draft / FOLDER / name).open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for table in content.glob("*.toml"):  # what may not come back is told in one of them
            shutil.copyfile(table, draft / table.name)
        if found := check(draft):
            return [replace(one, file=one.file.replace(f"{_DRAFT}/", "")) for one in found]
        draft.rename(content / _READY)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    finish(content)
    return []


def finish(content: Path) -> None:
    """Move what is ready to where it belongs; there is mostly nothing to do."""
    ready = content / _READY
    if not ready.is_dir():
        return
    (content / FOLDER).mkdir(exist_ok=True)
    # The sidecar first: a picture never stands without what was said of it.
    for file in sorted((ready / FOLDER).iterdir(), key=lambda one: one.suffix != ".toml"):
        with suppress(FileNotFoundError):  # another command has moved it at the same moment
            file.replace(content / FOLDER / file.name)
    shutil.rmtree(ready, ignore_errors=True)
