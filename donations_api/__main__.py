"""``python -m donations_api``: see ``cli``.

A Python that lacks our packages hands over to that of ``.venv``, which ``make`` sets up: so what
the guides say to type works in any terminal.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parents[1] / ".venv"
_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def main(words: list[str]) -> int:
    """Run the command here, or as ``.venv``'s Python; the exit code."""
    if importlib.util.find_spec("stripe") or not _PYTHON.exists():
        from donations_api.cli import main

        return main(words)
    # Chinese in and out whatever the computer's own code page is.
    os.environ.setdefault("PYTHONUTF8", "1")
    command = [str(_PYTHON), "-m", "donations_api", *words]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606  no shell is wanted
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
