"""How a command starts: on a bare Python, after a set-up that may be cut short; never a trace."""

import ast
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.staff.__main__ import COMMANDS
from tests.architecture.tree import ROOT

BARE = [
    "plugins/__init__.py",
    "plugins/staff/__init__.py",
    "plugins/staff/__main__.py",
    "plugins/staff/messages.py",
]
# The environments made here hold no package, so that nothing is fetched.
NO_NETWORK = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "0",
    "PIP_NO_CACHE_DIR": "1",
}
CHECK = """
import os, sys

def main(words):
    print("checked", words, os.environ.get("PORT"), sys.prefix)
    return 3
"""
INSTALL = """
import os
from plugins.staff.steps import Steps
from plugins.staff.system_parts import install

def main(words):
    os.environ["PATH"] = "tools:" + os.environ["PATH"]
    with Steps() as steps:
        install(["chromium"], steps)
"""
# Slower than pip, so that who does not wait for it begins without it.
NPM = """#!/bin/sh
until grep -q requirements-test .venv/made-from; do sleep 0.1; done
sleep 2
mkdir -p node_modules
tr '\\0' ' ' < /proc/$PPID/cmdline >> ran
echo "$@" >> asked
"""
MEASURE = """
from pathlib import Path
from plugins.staff import test_parts

def main(words):
    there = Path("ran").exists()
    test_parts.bring(to_measure=True)
    test_parts.bring(to_measure=True)
    test_parts.bring()
    return 7 if there else 1
"""
TRACE = "Traceback"


def start(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Start a command of ``folder`` as make does."""
    return subprocess.run(
        [sys.executable, "-m", "plugins.staff", *words],
        cwd=folder,
        env=os.environ | NO_NETWORK,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def begin(folder: Path, *words: str, **how: Any) -> subprocess.Popen[str]:
    """The same, which goes on beside the test."""
    return subprocess.Popen(
        [sys.executable, "-m", "plugins.staff", *words],
        cwd=folder,
        env=os.environ | NO_NETWORK,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **how,
    )


def make_project(folder: Path) -> Path:
    shutil.copytree(ROOT / "plugins/staff", folder / "plugins/staff")
    shutil.copy(ROOT / "plugins/__init__.py", folder / "plugins")
    shutil.copy(ROOT / "Makefile", folder)
    for lock in ("requirements.txt", "requirements-test.txt"):
        (folder / lock).write_text("")
    (folder / "plugins/staff/check.py").write_text(CHECK)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that needs no package and whose only command prints what reached it."""
    return make_project(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, str]]]:
    """A project whose command was started in two windows at once; how each ended, what it said."""
    folder = make_project(tmp_path_factory.mktemp("made"))
    both = [begin(folder, "check", "word", "PORT=8010") for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    return folder, [(one.returncode, text) for one, text in zip(both, said, strict=True)]


@pytest.fixture
def ready(made: tuple[Path, list[tuple[int, str]]], tmp_path: Path) -> Path:
    """The same with a finished environment: a copy, which takes a second where making takes six."""
    project = tmp_path / "ready"
    shutil.copytree(made[0], project, symlinks=True)
    stamp = project / ".venv/made-from"
    stamp.write_text(stamp.read_text().replace(str(made[0]), str(project)))
    assert "Making the Python environment" not in start(project, "check").stdout
    return project


@pytest.mark.parametrize("module", BARE)
def test_what_runs_first_is_python_3_6(module: str) -> None:
    """An old Python can read the modules that tell its owner it is too old."""
    source = (ROOT / module).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__" not in source


def test_newer_syntax_would_be_noticed() -> None:
    """The test above refuses what Python 3.6 cannot read."""
    with pytest.raises(SyntaxError):
        ast.parse("if (a := 1):\n    pass\n", feature_version=(3, 6))


def test_an_old_python_is_told_so() -> None:
    """One line a language says what is needed and what is there."""
    program = (
        "import sys; sys.version_info = (3, 9, 18); "
        "from plugins.staff.__main__ import main; sys.exit(main(['demo']))"
    )
    started = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert started.returncode == 1
    chinese, english = started.stderr.splitlines()
    assert "3.11" in chinese
    assert english.startswith("Python 3.11 or newer is needed; this is 3.9.")


def test_an_unknown_word_is_answered_with_the_known_ones(project: Path) -> None:
    """Whoever mistypes a command sees which there are; make passes unknown words on."""
    # make test runs this under make, whose own flags must not reach the make started here.
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    made = subprocess.run(
        ["make", "bild", f"PYTHON={sys.executable}"],
        cwd=project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode != 0
    assert f"没有“bild”这个命令。可用的命令：{' '.join(COMMANDS)}\n" in made.stderr
    assert not (project / ".venv").exists()


def test_the_first_start_makes_the_environment_and_the_second_none(
    made: tuple[Path, list[tuple[int, str]]],
) -> None:
    """The command runs in the project's environment; words, variables, exit code pass through.

    Started in two windows at once, one makes the environment and the other waits for it.
    """
    project, started = made
    assert [code for code, _ in started] == [3, 3]
    for _, said in started:
        assert f"checked ['word'] 8010 {project / '.venv'}" in said
    assert sorted("Making the Python environment" in said for _, said in started) == [False, True]
    second = start(project, "check", "word")
    assert second.returncode == 3
    assert second.stdout.startswith("checked ['word']")


def test_a_new_lock_file_makes_the_environment_anew(ready: Path) -> None:
    """Nothing of the old environment stays behind: a forgotten plugin would load by itself."""
    (ready / ".venv/leftover").touch()
    (ready / "requirements.txt").write_text("# changed\n")
    assert_made_anew(ready)


def test_an_environment_that_is_linked_to_is_left_alone(ready: Path, tmp_path: Path) -> None:
    """It is that of another copy, where somebody may be at work; this one gets its own."""
    other = tmp_path / "other"
    (ready / ".venv").rename(other)
    (ready / ".venv").symlink_to(other)
    stamp = (other / "made-from").read_text().replace(str(ready), str(tmp_path))
    (other / "made-from").write_text(stamp)
    before = sorted(other.rglob("*"))
    assert "Making the Python environment" in start(ready, "check").stdout
    assert not (ready / ".venv").is_symlink()
    assert sorted(other.rglob("*")) == before
    assert (other / "made-from").read_text() == stamp


def test_no_network_is_one_clear_line(ready: Path) -> None:
    """When packages cannot be fetched, pip's own words stay in the log; nothing counts as made.

    What only the tests need is added to a good environment, which then is but half made.
    """
    shutil.copy(ROOT / "requirements-test.txt", ready)
    started = start(ready, "test")
    assert started.returncode == 1
    assert "Making the Python environment" not in started.stdout
    assert len(started.stderr.splitlines()) == 2
    assert "cannot be reached" in started.stderr
    assert TRACE not in started.stdout + started.stderr
    assert not (ready / ".venv/made-from").exists()
    (ready / ".venv/leftover").touch()
    assert_made_anew(ready)


def test_a_killed_set_up_is_made_anew(project: Path) -> None:
    """After a kill in the middle the next start clears what is there and ends well."""
    killed = begin(project, "check", start_new_session=True)
    python = project / ".venv/bin/python"
    wait_until(python.exists)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    (project / ".venv/leftover").touch()
    again = start(project, "check")
    assert again.returncode == 3
    assert "Making the Python environment" in again.stdout
    assert not (project / ".venv/leftover").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_set_up_says_so_and_leaves_nothing_running(
    project: Path, stop: signal.Signals
) -> None:
    """Ctrl-C and a stop from outside end the installer too; one line a language, no trace."""
    stopped = begin(project, "check")
    wait_until((project / ".venv/bin/python").exists)
    stopped.send_signal(stop)
    _, errors = stopped.communicate(timeout=30)
    assert stopped.returncode == 1
    assert len(errors.splitlines()) == 2
    assert "The set-up was stopped" in errors
    wait_until(lambda: not running_in(project))  # all were told to stop; each does in its time


def test_no_network_is_said_of_system_packages_too(ready: Path) -> None:
    """apt only warns that its lists did not come, and then blames a name that it does not know."""
    tools = {
        "apt-get": """case "$*" in
            *update*) echo "W: Failed to fetch http://x/  Temporary failure resolving 'x'" ;;
            *) echo "E: Unable to locate package chromium"; exit 100 ;;
        esac""",
        "sudo": 'shift; exec "$@"',
    }
    for name, script in tools.items():
        tool = ready / "tools" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
    (ready / "plugins/staff/check.py").write_text(INSTALL)
    started = start(ready, "check")
    assert started.returncode == 1
    assert len(started.stderr.splitlines()) == 2
    assert "cannot be reached" in started.stderr


def test_programs_that_the_tests_need_are_brought_beside_pip_and_once(
    ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tests or measures waits for all of them, and not for one after the other."""
    npm = ready / "tools" / "npm"
    npm.parent.mkdir()
    npm.write_text(NPM)
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent), prepend=os.pathsep)
    (ready / "package-lock.json").write_text("{}")
    (ready / "plugins/staff/lighthouse.py").write_text(MEASURE)
    started = start(ready, "lighthouse")
    assert started.returncode == 7, started.stdout + started.stderr
    begun = (ready / "ran").read_text().split()
    assert begun[1:3] == ["-m", "plugins.staff.test_parts"]
    # What measuring alone wants is left to whoever measures.
    assert (ready / "asked").read_text().splitlines() == ["ci --omit=dev", "ci"]


def test_a_fault_of_ours_leaves_its_trace_in_a_file(ready: Path) -> None:
    """Whoever hits a bug reads one line a language; the trace waits in var/error.log."""
    (ready / "plugins/staff/check.py").write_text("def main(words):\n    return 1 / 0\n")
    started = start(ready, "check")
    assert started.returncode == 1
    assert len(started.stderr.splitlines()) == 2
    assert TRACE not in started.stderr
    assert "ZeroDivisionError" in (ready / "var/error.log").read_text(encoding="utf-8")


def test_a_taken_port_is_said_before_anything_is_built() -> None:
    """The demo names a port that is free instead, at once."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        started = start(ROOT, "demo", f"PORT={taken}")
    assert started.returncode == 1
    assert started.stdout == ""
    chinese, english = started.stderr.splitlines()
    assert str(taken) in chinese
    offered = re.search(r"make demo PORT=(\d+)$", english)
    assert offered
    assert int(offered[1]) != taken


@pytest.mark.parametrize("typed", ["eighty", "80", "70000", "-1"])
def test_a_port_that_is_none_is_refused(typed: str) -> None:
    """What is no usable port number is named, with an example of one."""
    started = start(ROOT, "demo", f"PORT={typed}")
    assert started.returncode == 1
    assert f"PORT={typed} is not a port number" in started.stderr


def assert_made_anew(project: Path) -> None:
    """The next start clears the environment and makes another, which need not be waited for."""
    started = begin(project, "check")
    wait_until(lambda: not (project / ".venv/leftover").exists())
    wait_until((project / ".venv/bin/python").exists)
    started.send_signal(signal.SIGINT)
    assert "Making the Python environment" in started.communicate(timeout=30)[0]


def running_in(folder: Path) -> list[str]:
    """Command lines of the processes that run from ``folder``."""
    listed = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, encoding="utf-8", check=True
    )
    return [line for line in listed.stdout.splitlines() if str(folder) in line]


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Return once ``happened()``; fail when it has not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # between two looks, never instead of one
