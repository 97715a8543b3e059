"""``make demo``: site, donation portal and a stand-in for the payment provider on one address."""

import os
import socket
import sys

from plugins.staff import build
from plugins.staff.messages import Refusal
from plugins.staff.setting_up import hand_over

USUAL_PORT = "8000"
SITE = "var/demo-site"


def main(_words: list[str]) -> int:
    """Build the site for this address, then become the demo server until Ctrl-C.

    The port comes from the environment variable ``PORT``. Raises Refusal before anything is built
    when the port cannot be had.
    """
    port = _free_port(os.environ.get("PORT") or USUAL_PORT)
    address = f"http://127.0.0.1:{port}"
    if failed := build.main(["--demo", "--site-url", address, "--into", SITE]):
        return failed
    return hand_over(["-m", "donations_api.demo", "--port", str(port), "--site", SITE])


def _free_port(typed: str) -> int:
    if not typed.isdecimal() or not 1024 <= int(typed) <= 65535:
        raise Refusal("demo.port_unreadable", port=typed)
    port = int(typed)
    if not _is_free(port):
        raise Refusal("demo.port_taken", port=port, free=_next_free(port))
    return port


def _next_free(port: int) -> int:
    later = (other for other in range(port + 1, port + 100) if other <= 65535 and _is_free(other))
    return next(later, 8010)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            # As the server does it: a port that was left a moment ago counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
