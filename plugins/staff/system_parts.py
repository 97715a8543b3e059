"""What pip and npm cannot bring: a browser, fonts, Java, Python's own venv."""

import os
import shutil
import subprocess

from plugins.staff.messages import Refusal
from plugins.staff.steps import Steps

# One step: without a network it is the first that says why, though the second is the one to fail.
_APT = 'apt-get -qy update && apt-get -qy install --no-install-recommends "$@"'


def install(packages: list[str], steps: Steps) -> None:
    """Install Debian ``packages`` through apt where that needs no password.

    Raises Refusal with the one command to type where it does, or where there is no apt.
    """
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Refusal("parts.install_yourself", packages=names)
    apt = [*_as_root(names), "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", _APT, "apt-get"]
    steps.run("parts.installing", [*apt, *packages], packages=names)


def _as_root(names: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    raise Refusal("parts.needs_root", packages=names)
