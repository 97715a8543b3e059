"""``make demo``: site, donation portal and a stand-in for the payment provider on one address."""

import subprocess
import sys

from plugins.books.open_books import DEMO
from plugins.staff import build
from plugins.staff.ports import free_port
from plugins.staff.setting_up import hand_over

USUAL_PORT = 8000
SITE = "var/demo-site"


def main(_words: list[str]) -> int:
    """Build the site for this address, then become the demo server until Ctrl-C.

    The port comes from the environment variable ``PORT``. Raises Refusal before anything is built
    when the port cannot be had.
    """
    port = free_port("demo", USUAL_PORT)
    address = f"http://127.0.0.1:{port}"
    # What was given in this demo before stands in its open books.
    books = [sys.executable, "-m", "donations_api.demo", "--publish", DEMO.as_posix()]
    if failed := subprocess.run(books, check=False).returncode:
        return failed
    if failed := build.main(["--demo", "--site-url", address, "--into", SITE]):
        return failed
    return hand_over(["-m", "donations_api.demo", "--port", str(port), "--site", SITE])
