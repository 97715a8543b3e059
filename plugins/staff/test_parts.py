"""What the tests need besides Python's packages: programs and fonts of the system, npm's packages.

``python3 -m plugins.staff.test_parts`` brings them as well. A set-up starts that beside pip, which
takes about as long; whether it came to its end is for ``bring``, which waits for it, to see.
"""

import contextlib
import ctypes.util
import hashlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from plugins.staff import system_parts
from plugins.staff.messages import Refusal
from plugins.staff.steps import ROOT, Steps

LOG = ROOT / "var" / "test-parts.log"
NPM_LOCK = ROOT / "package-lock.json"
NPM_STAMP = ROOT / "node_modules" / "made-from"


def bring(*, to_measure: bool = False) -> None:
    """Install what is missing; returns at once when nothing is. Raises Refusal.

    ``to_measure``: also what ``make lighthouse`` alone wants of npm, which is more than all the
    rest.
    """
    if not _packages() and _npm_is_good(to_measure):
        return
    with Steps(LOG) as steps:
        if packages := _packages():
            system_parts.install(packages, steps)
        if not _npm_is_good(to_measure):
            npm = [shutil.which("npm") or "npm", "ci"]
            steps.run("setup.npm_packages", npm if to_measure else [*npm, "--omit=dev"])
            NPM_STAMP.write_text("\n".join(_made_of(to_measure)))


def begin() -> None:
    """Start bringing them, and do not wait."""
    nothing = subprocess.DEVNULL
    command = [sys.executable, "-m", "plugins.staff.test_parts"]
    subprocess.Popen(
        command, cwd=ROOT, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )


def _packages() -> list[str]:
    """Debian packages of which this computer lacks what the tests want of them."""
    wanted = {
        _chromium(): any(map(shutil.which, ("chromium-headless-shell", "chromium"))),
        # Playwright brings a Node.js of its own, which needs this one library.
        "libatomic1": bool(ctypes.util.find_library("atomic")),
        "fontconfig": bool(shutil.which("fc-list")),
        "fonts-noto-cjk": _has_chinese_font(),
        "postgresql": bool(shutil.which("pg_ctl") or list(Path("/usr/lib/postgresql").glob("*"))),
        "poppler-utils": bool(shutil.which("pdftotext")),
        "libimage-exiftool-perl": bool(shutil.which("exiftool")),
        "pgbouncer": bool(shutil.which("pgbouncer") or Path("/usr/sbin/pgbouncer").exists()),
        "nodejs": bool(shutil.which("node")),
        "npm": bool(shutil.which("npm")),
        "default-jre-headless": bool(shutil.which("java")),
    }
    return [package for package, there in wanted.items() if not there]


def _chromium() -> str:
    """Debian has the browser without windows and buttons of its own as well, which suffices."""
    name = platform.freedesktop_os_release().get("ID") if sys.platform == "linux" else ""
    return "chromium-headless-shell" if name == "debian" else "chromium"


def _has_chinese_font() -> bool:
    if not (fc_list := shutil.which("fc-list")):
        return False
    fonts = subprocess.run([fc_list, ":lang=zh-cn"], capture_output=True, check=False)
    return bool(fonts.stdout.strip())


def _npm_is_good(to_measure: bool) -> bool:
    wanted = _made_of(to_measure)
    return NPM_STAMP.exists() and NPM_STAMP.read_text().split("\n")[: len(wanted)] == wanted


def _made_of(to_measure: bool) -> list[str]:
    # Who has all of it has what the tests want.
    lock = hashlib.sha256(NPM_LOCK.read_bytes()).hexdigest()
    return [lock, "to measure"] if to_measure else [lock]


if __name__ == "__main__":
    with contextlib.suppress(Refusal):
        bring()
