"""Makes ``.venv``, the Python environment of every command, and keeps to the lock files.

``.venv/made-from`` lists what the environment was made from: Python and place, then a line for each
lock file. It is written last, so a set-up that was killed leaves none and the next one starts anew.
"""

import hashlib
import importlib.util
import os
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import FrameType

from plugins.staff import system_parts, test_parts
from plugins.staff.messages import Refusal
from plugins.staff.steps import ROOT, Steps

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "made-from"
LOCKS = ROOT / "requirements.txt", ROOT / "requirements-test.txt"


def inside_environment() -> bool:
    """Whether this very process runs on the Python of ``.venv``."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def make_ready(*, for_tests: bool) -> None:
    """Make or mend ``.venv``; returns at once when it is what the lock files say.

    ``for_tests`` adds what only the tests need. Raises Refusal.
    """
    # The second lock file holds all of the first, so each is a longer beginning of the same list.
    locks = LOCKS if for_tests else LOCKS[:1]
    wanted = [f"python {sys.version_info[0]}.{sys.version_info[1]} {VENV}", *map(_digest, locks)]
    if _made_from()[: len(wanted)] == wanted:
        return
    if for_tests:
        test_parts.begin()
    usual = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with Steps() as steps:
            made = _made_from()
            if made[: len(wanted)] != wanted:
                anew = not made or made != wanted[: len(made)]
                _make(steps, wanted, locks[-1], anew=anew, compiled=not for_tests)
    except KeyboardInterrupt:
        raise Refusal("setup.stopped") from None
    finally:
        signal.signal(signal.SIGTERM, usual)


def hand_over(words: list[str]) -> int:
    """Go on as ``.venv``'s Python with ``words``; returns only on Windows, with the exit code."""
    # Chinese in and out whatever the computer's own code page is.
    os.environ.setdefault("PYTHONUTF8", "1")
    command = [str(PYTHON), *words]
    sys.stdout.flush()
    if os.name != "nt":
        # The same process goes on, so Ctrl-C and a stop from outside reach it and leave no orphan.
        os.execv(command[0], command)  # noqa: S606  no shell is wanted
    return subprocess.run(command).returncode


def _make(steps: Steps, wanted: list[str], lock: Path, *, anew: bool, compiled: bool) -> None:
    if VENV.is_symlink():  # it would be changed where it leads, under whoever works there
        VENV.unlink()
    STAMP.unlink(missing_ok=True)
    if anew:
        if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            system_parts.install([f"python{version}-venv"], steps)
        steps.run("setup.environment", [sys.executable, "-m", "venv", "--clear", VENV])
    packages = len(re.findall(r"^\S+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        # The tests' Pythons compile what they use, beside each other, in less than half the time.
        *([] if compiled else ["--no-compile"]),
    ]
    steps.run(
        "setup.packages",
        [*pip, "--progress-bar", "off", "--require-hashes", "-r", lock],
        done=_packages_ready,
        total=packages,
        packages=packages,
    )
    STAMP.write_text("\n".join(wanted) + "\n", encoding="utf-8")


def _packages_ready(output: str) -> int:
    # pip fetches all packages and then installs all; each half takes about half of the time.
    fetched = len(
        re.findall(r"^(?:Collecting|Processing|Ignoring|Requirement) ", output, re.MULTILINE)
    )
    place = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))
    return (fetched + len([*place.glob("*.dist-info")])) // 2


def _made_from() -> list[str]:
    if not (PYTHON.exists() and STAMP.exists()):
        return []
    return STAMP.read_text(encoding="utf-8").splitlines()


def _digest(lock: Path) -> str:
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
