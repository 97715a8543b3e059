"""What takes long to make is kept in ``var/kept/`` from one build to the next.

A name there says of what it was made and all that the bytes depend on, so that what is kept is
never out of date. What nobody asks for any more goes: at once where somebody may be seen on it, or
else after a month.
"""

import hashlib
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

KEPT = Path("var", "kept")
COPIES, CARDS, ICONS = "copies", "cards", "icons"  # the shelves
MONTH = 30 * 86_400  # seconds
_HOUR = 3600


class Shelf:
    """A folder of kept files. What was taken from it or put on it is in use."""

    def __init__(self, name: str) -> None:
        self._folder = KEPT / name
        self._used: set[str] = set()

    def take(self, name: str) -> bytes | None:
        """The bytes that are kept as ``name``; None where they have to be made."""
        self._used.add(name)
        file = self._folder / name
        try:
            os.utime(file)
            return file.read_bytes()
        except FileNotFoundError:
            return None

    def put(self, made: Mapping[str, bytes]) -> None:
        """Keep these, each whole or not at all: other builds may read them at this moment."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, data in made.items():
            self._used.add(name)
            begun = self._folder / f".{name}.{os.getpid()}"
            begun.write_bytes(data)
            begun.replace(self._folder / name)

    def forget(self, name: str) -> None:
        """Throw out, at once, all that was made of what has that ``name``."""
        for file in (*self._folder.glob(f"{name}.*"), *self._folder.glob(f".{name}.*")):
            file.unlink(missing_ok=True)

    def clear(self, *, after: int = 0) -> None:
        """Throw out what is not in use and was not for ``after`` seconds."""
        for file in self._folder.glob("*"):
            # What another build has begun to write is left to it, unless it was killed.
            least = max(after, _HOUR) if file.name.startswith(".") else after
            with suppress(FileNotFoundError):  # another build may have been faster
                if file.name not in self._used and time.time() - file.stat().st_mtime >= least:
                    file.unlink()


def digest(*parts: object) -> str:
    """A name for what depends on all of ``parts``."""
    told = "\n".join(part.hex() if isinstance(part, bytes) else repr(part) for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
