"""The port of a server on this computer: typed as ``PORT``, and free before anything is built."""

import os
import socket
import sys

from plugins.staff.messages import Refusal


def free_port(command: str, usual: int) -> int:
    """The port that ``PORT`` names, or the usual one of this command of make. Raises Refusal."""
    typed = os.environ.get("PORT") or str(usual)
    if not typed.isdecimal() or not 1024 <= int(typed) <= 65535:
        raise Refusal("port.unreadable", port=typed, command=command)
    port = int(typed)
    if not _is_free(port):
        raise Refusal("port.taken", port=port, command=command, free=_next_free(port))
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
