"""Files that are there whole or not at all: a reader never meets half of one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from donations_api.errors import FileWrong

_OWN = 0o600
_FOR_ALL = 0o644


@contextmanager
def whole_file(file: Path, *, replace: bool, public: bool = False) -> Iterator[Path]:
    """The path to write to; what is written takes its place as ``file`` when all went well.

    Only its owner can read it, unless it is ``public``. Raises FileWrong when ``file`` is there
    and may not be replaced, or when its folder cannot be written to.
    """
    if file.exists() and not replace:
        raise FileWrong("file.there_already", file=str(file), where="")
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=".part")
    except OSError as error:
        raise _unwritable(file, error) from None
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(_FOR_ALL if public else _OWN)
        draft.replace(file)
    except OSError as error:
        raise _unwritable(file, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _unwritable(file: Path, error: OSError) -> FileWrong:
    return FileWrong("file.unwritable", file=str(file), where="", reason=error.strerror or "")
