"""The new site takes the old one's place whole or not at all, whenever the power goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugins.staff.switching import NotOurs, fresh_beside, put_in_place
from tests.site.tiny_site import ROOT, TinySite, contents

OLD, NEW = {"index.html": b"old", "sitemap.xml": b""}, {"index.html": b"new", "sitemap.xml": b""}
# A program that switches folders and is killed at the n-th step that changes anything on the disk.
KILLED = """
import os, pathlib, signal, shutil, sys
from plugins.staff import switching
steps = int(sys.argv[2])
def counted(function):
    def call(*given, **named):
        global steps
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        steps -= 1
        return function(*given, **named)
    return call
served = pathlib.Path(sys.argv[1])
pathlib.Path.rename = counted(pathlib.Path.rename)
shutil.rmtree = counted(shutil.rmtree)
with switching.fresh_beside(served) as fresh:
    for name in ("index.html", "sitemap.xml"):
        (fresh / name).write_text("new" if name == "index.html" else "")
    switching.put_in_place(fresh, served)
"""


def lay(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("steps", range(6))
def test_killed_at_any_step_one_whole_site_is_there_after_the_next_command(
    tmp_path: Path, steps: int
) -> None:
    """The old site or the new one, no mixture and not none; and nothing is left beside it."""
    served = lay(tmp_path / "output", OLD)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(served), str(steps)], cwd=ROOT, check=False
    )
    assert ended.returncode == (-signal.SIGKILL if steps < 5 else 0)
    with fresh_beside(served):
        assert contents(served) in (OLD, NEW)
    for left in tmp_path.glob("output.next-*"):
        os.utime(left, (0, 0))  # as if it were from long ago
    with fresh_beside(served):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["output"]


def test_a_folder_that_cannot_step_in_leaves_the_old_one(tmp_path: Path) -> None:
    """As on Windows, where a folder in use cannot be moved."""
    served = lay(tmp_path / "output", OLD)
    with pytest.raises(OSError, match="nowhere"):
        put_in_place(tmp_path / "nowhere", served)
    assert contents(served) == OLD


def test_a_folder_of_somebody_else_is_not_replaced(site: TinySite) -> None:
    """``--into`` the wrong folder must not cost anybody their photographs."""
    site.write("photos/summer.txt", "not to be lost")
    run = site.run("build", "--into", "photos")
    assert run.code == 1
    run.tells("not_ours", "photos")
    assert contents(site.folder / "photos") == {"summer.txt": b"not to be lost"}
    with pytest.raises(NotOurs), fresh_beside(site.folder / "photos"):
        pass


def test_what_is_served_stays_while_a_build_is_killed(site: TinySite) -> None:
    """Killed in the middle of the work; the next build goes through."""
    before = contents(site.output)
    process = subprocess.Popen(
        [sys.executable, "-m", "plugins.staff", "build"],
        cwd=site.folder,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not any(site.folder.glob("output.next-*/*")) and time.monotonic() < deadline:
        time.sleep(0.005)  # between two looks
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert contents(site.output) == before
    assert site.run("build").code == 0
    assert b"last year" not in (site.output / "index.html").read_bytes()
