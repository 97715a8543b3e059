"""Orders for the portal's process: at which point of its work, and the how-manieth time, it falls.

They lie in a page of memory that the run and every life of the portal map, so that an order given
now acts now, and one that was carried out by dying is gone for the next life.
"""

import mmap
import os
import signal
import struct
from pathlib import Path
from threading import Lock

# What can be ordered, each in a slot of its own: to die, or to stand still until it is continued.
DEEDS = (signal.SIGKILL, signal.SIGSTOP)
_SLOT = struct.Struct("<ii")  # the point's number from 1, or 0 for none; how often until it acts


class Orders:
    """``points`` are the names of the points. The file is made when it is not there."""

    def __init__(self, path: Path, points: tuple[str, ...]) -> None:
        self._points = points
        self._lock = Lock()
        if not path.exists():
            path.write_bytes(bytes(mmap.PAGESIZE))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def give(self, deed: signal.Signals, point: str, nth: int) -> None:
        """Let the portal kill or stop itself the ``nth`` time from now that it is at ``point``."""
        self._write(deed, 1 + self._points.index(point), nth)

    def withdraw(self, deed: signal.Signals) -> bool:
        """Take an order back; whether it was still to be carried out."""
        open_still = self.stands(deed)
        self._write(deed, 0, 0)
        return open_still

    def stands(self, deed: signal.Signals) -> bool:
        """Whether an order is still to be carried out."""
        return self._read(deed)[0] > 0

    def pass_by(self, point: str) -> None:
        """The portal is at ``point``: it dies or stands still here if that was ordered."""
        if not any(self._read(deed)[0] for deed in DEEDS):
            return
        with self._lock:  # its threads count together
            due = [deed for deed in DEEDS if self._counted(deed, point)]
        for deed in due:
            os.kill(os.getpid(), deed)

    def _counted(self, deed: signal.Signals, point: str) -> bool:
        number, left = self._read(deed)
        if number != 1 + self._points.index(point):
            return False
        left -= 1
        self._write(deed, number if left else 0, left)
        return not left

    def _read(self, deed: signal.Signals) -> tuple[int, int]:
        number, left = _SLOT.unpack_from(self._page, _SLOT.size * DEEDS.index(deed))
        return number, left

    def _write(self, deed: signal.Signals, number: int, left: int) -> None:
        _SLOT.pack_into(self._page, _SLOT.size * DEEDS.index(deed), number, left)
