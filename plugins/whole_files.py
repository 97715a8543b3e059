"""A file that people would miss is written whole: a reader meets the old bytes or the new ones."""

import os
from pathlib import Path

FOR_ALL, PRIVATE = 0o644, 0o600


def write_whole(file: Path, data: bytes, new: int = FOR_ALL) -> None:
    """Put ``data`` in the place of ``file``, which keeps its mode; one that is new gets ``new``.

    Where ``file`` is a link, what it leads to is replaced. Raises OSError and leaves it as it was.
    """
    file = file.resolve()
    # The same name each time: what a kill leaves is used up. No check or build reads it.
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.unlink(missing_ok=True)  # whoever may read it by its old mode does not get the new
        with open(draft, "xb", opener=_private) as written:
            written.write(data)
            written.flush()
            os.fsync(written.fileno())
        draft.chmod(file.stat().st_mode & 0o777 if file.exists() else new)
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)
