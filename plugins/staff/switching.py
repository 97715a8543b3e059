"""The new site takes the place of the old one: whole, or not at all.

A folder cannot replace another in one step everywhere (Windows), so the old one steps aside and the
new one steps in. Killed between the two, the next command brings the old one back.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

# A folder that nobody has touched for so long belongs to a build that was killed.
_ABANDONED = 3600  # seconds


class NotOurs(Exception):
    """The folder holds something that no build has made; replacing it would lose it."""


@contextmanager
def fresh_beside(served: Path) -> Iterator[Path]:
    """An empty folder on the same disk as ``served``; gone afterwards, unless it was put in place.

    Raises NotOurs.
    """
    _recover(served)
    if served.exists() and any(served.iterdir()) and not (served / "sitemap.xml").exists():
        raise NotOurs
    served.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f"{served.name}.next-", dir=served.parent))
    fresh.chmod(0o755)  # mkdtemp's are for one user only; a web server is another
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def put_in_place(fresh: Path, served: Path) -> None:
    """``fresh`` becomes ``served``. Raises OSError and leaves ``served`` as it was."""
    old = _old(served)
    if served.exists():
        served.rename(old)
    try:
        fresh.rename(served)
    except OSError:
        if old.exists():
            old.rename(served)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _recover(served: Path) -> None:
    old = _old(served)
    if old.exists() and not served.exists():
        old.rename(served)
    shutil.rmtree(old, ignore_errors=True)
    for left in served.parent.glob(f"{served.name}.next-*"):
        if time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


def _old(served: Path) -> Path:
    return served.with_name(f"{served.name}.old")
