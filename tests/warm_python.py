"""A Python that has read its libraries already, so that a command of ours starts at once.

``run`` does what ``subprocess.run([sys.executable, "-m", module, *words])`` does. The process that
runs the module is forked from one that holds other people's packages alone: what it imports of this
project, from whatever folder, and what it leaves behind, no other run sees. They share one hash
seed; a test that looks for accidents of order starts Pythons of its own.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import re
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

from babel.dates import format_date
from markdown import Markdown
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
OURS = ("plugins", "donations_api")
LARGEST = 200_000  # bytes of a request: the environment is most of it


def run(
    module: str,
    *words: str,
    cwd: Path,
    env: Mapping[str, str],
    typed: bytes = b"",
    together: bool = False,
    timeout: float = 60,
) -> subprocess.CompletedProcess[bytes]:
    """``python -m module words`` in the folder ``cwd``; ``timeout`` in seconds.

    ``together``: what goes to stderr stands in ``stdout``, in its order.
    """
    with (
        tempfile.TemporaryFile() as entered,
        tempfile.TemporaryFile() as said,
        tempfile.TemporaryFile() as complained,
    ):
        entered.write(typed)
        entered.seek(0)
        streams = (entered, said, said if together else complained)
        request = {"module": module, "words": words, "cwd": str(cwd), "env": dict(env)}
        code = _ask(_home(), request, streams, timeout)
        for stream in streams:
            stream.seek(0)
        return subprocess.CompletedProcess(
            [sys.executable, "-m", module, *words], code, said.read(), complained.read()
        )


@cache
def _home() -> str:
    """The address of this process' own warm Python, which ends with it."""
    address = str(Path(tempfile.mkdtemp(prefix="warm-"), "socket"))
    keeper = subprocess.Popen(
        [sys.executable, __file__, address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert keeper.stdin
    assert keeper.stdout
    atexit.register(keeper.stdin.close)
    assert keeper.stdout.readline() == b"warm\n"
    return address


def _ask(
    address: str, request: Mapping[str, Any], streams: tuple[IO[Any], ...], timeout: float | None
) -> int:
    """The exit code. Raises TimeoutExpired, with the command and what it had started killed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
        asking.connect(address)
        message = json.dumps(request).encode()
        assert len(message) < LARGEST
        socket.send_fds(asking, [message], [stream.fileno() for stream in streams])
        group = int(asking.recv(LARGEST))
        asking.settimeout(timeout)
        try:
            return int(asking.recv(LARGEST))
        except TimeoutError:
            os.killpg(group, signal.SIGKILL)
            raise subprocess.TimeoutExpired(request["module"], timeout or 0) from None


# What follows happens in the warm Python.


def _keep_warm(address: str) -> None:
    """Answer until the process that wants it is gone."""
    _read_libraries(str(Path(address).parent))
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that answer
        sys.stdout.write("warm\n")
        sys.stdout.flush()
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            asked, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _answer(asked, address)
            asked.close()


def _read_libraries(compiled: str) -> None:
    """Import all that our modules need, and forget our modules; templates are ``compiled`` once."""
    re._MAXCACHE = 10_000  # type: ignore[attr-defined]  # patterns are compiled once for all runs
    sys.path[0] = str(ROOT)
    importlib.import_module("pelican")
    for package in OURS:
        found = pkgutil.walk_packages([str(ROOT / package)], f"{package}.")
        for module in [one.name for one in found if not one.name.endswith("__main__")]:
            importlib.import_module(module)
    importlib.import_module("tests.compiled_templates").compile_once(compiled)
    for name in [one for one in sys.modules if one.split(".")[0] in (*OURS, "tests")]:
        del sys.modules[name]
    _use_libraries()
    assert threading.active_count() == 1, "a thread would not outlive the fork"
    gc.collect()
    gc.freeze()


def _use_libraries() -> None:
    """Have the libraries load what they load at their first use, a fifth of a small build."""
    Image.init()
    Markdown(extensions=["extra", "toc", "codehilite", "meta"]).convert("text")
    for locale in ("zh_Hans_CN", "zh_Hant_HK", "en_GB"):
        format_date(date(2026, 1, 1), locale=locale)
    for name in ("opencc.clib", "rich.status", "jinja2.ext", "yaml.cyaml"):
        importlib.import_module(name)


def _answer(asked: socket.socket, address: str) -> NoReturn:
    """Start what is asked for in a further process, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgrp()
    message, streams, _, _ = socket.recv_fds(asked, LARGEST, 3)
    child = os.fork()
    if child == 0:
        asked.close()
        _become(json.loads(message), streams, address)
    asked.send(str(os.getpgrp()).encode())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    asked.send(str(code).encode())
    os._exit(0)


def _become(request: Mapping[str, Any], streams: list[int], address: str) -> NoReturn:
    """Be the Python that runs the module, and end as it does."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["cwd"])
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:1] = [request["cwd"], *filter(None, given)]
    sys.path_importer_cache.clear()
    sys.argv[1:] = request["words"]
    _start_further_ones_warm(address)
    code: object = 0
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001  as Python does with what nobody caught
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


def _start_further_ones_warm(address: str) -> None:
    """A module that this one starts as a Python of its own is started in the same way."""
    cold = subprocess.run

    def start(command: Any, **how: Any) -> subprocess.CompletedProcess[Any]:
        plain = {"stdin", "stdout", "stderr", "env"}
        if list(command[:2]) != [sys.executable, "-m"] or how.keys() != plain:
            return cold(command, **how)
        request = {"module": command[2], "words": command[3:], "cwd": str(Path.cwd())}
        request["env"] = dict(how["env"])
        with Path(os.devnull).open("rb") as nothing:
            streams = (nothing, how["stdout"], how["stderr"])
            return subprocess.CompletedProcess(command, _ask(address, request, streams, None))

    subprocess.run = start  # type: ignore[assignment]


if __name__ == "__main__":
    _keep_warm(sys.argv[1])
