"""``python3 -m plugins.staff <command> [words]``: what ``make`` and ``make.bat`` forward to.

Started by whatever Python the computer has, so this module and ``messages`` keep to Python 3.6 and
the standard library. Everything after ``check_python`` may use what ``.venv`` holds.
A word such as ``PORT=8010`` becomes an environment variable, which is where make puts it as well.
"""

import errno
import importlib
import os
import re
import sys
import traceback

from plugins.staff.messages import Refusal, say, text, write_line

OLDEST_PYTHON = (3, 11)
COMMANDS = (
    "help",
    "demo",
    "desk",
    "build",
    "check",
    "fix",
    "status",
    "translated",
    "names",
    "add-picture",
    "preview",
    "consent",
    "withdraw",
    "test",
    "mutants",
    "prove",
    "looks",
    "lighthouse",
)
FOR_DEVELOPERS = ("test", "mutants", "prove", "looks", "lighthouse")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TRACE = os.path.join("var", "error.log")


def main(words: "list[str]") -> int:
    """Run one command from the project's root and return its exit code; 1 after a refusal."""
    try:
        return _run(words)
    except Refusal as refusal:
        say(refusal.message_id, to_errors=True, **refusal.details)
    except KeyboardInterrupt:
        say("stopped", to_errors=True)
        return 130
    except OSError as error:
        full = error.errno == errno.ENOSPC
        say("disk_full" if full else "system_error", to_errors=True, place=ROOT, reason=error)
    except Exception as error:
        _keep_trace()
        say("unexpected", to_errors=True, reason=repr(error), log=TRACE)
    return 1


def _run(words: "list[str]") -> int:
    variables = [word for word in words if re.match("[A-Z_]+=", word)]
    os.environ.update((name, value) for name, _, value in (w.partition("=") for w in variables))
    command, *rest = [word for word in words if word not in variables] or ["help"]
    if command == "help":
        return _help()
    if command not in COMMANDS:
        raise Refusal("command.unknown", word=command, commands=" ".join(COMMANDS))
    check_python(sys.version_info[:2])
    os.chdir(ROOT)
    setting_up = importlib.import_module("plugins.staff.setting_up")
    if not setting_up.inside_environment():
        setting_up.make_ready(for_tests=command in FOR_DEVELOPERS)
        return int(setting_up.hand_over(["-m", "plugins.staff", command, *rest]))
    if command in FOR_DEVELOPERS:
        importlib.import_module("plugins.staff.test_parts").bring()
    return int(importlib.import_module("plugins.staff." + command.replace("-", "_")).main(rest))


def check_python(version: "tuple[int, ...]") -> None:
    """Raise Refusal when ``version`` (major, minor) is older than this project can run on."""
    if version < OLDEST_PYTHON:
        found, needed = (".".join(map(str, v)) for v in (version, OLDEST_PYTHON))
        raise Refusal("python.too_old", found=found, needed=needed)


def _help() -> int:
    for command in COMMANDS:
        name = "make " + command
        write_line("{:<14}{}".format(name, text("command." + command, "zh")))
        write_line("{:<14}{}".format("", text("command." + command, "en")))
    return 0


def _keep_trace() -> None:
    os.makedirs("var", exist_ok=True)
    with open(TRACE, "w", encoding="utf-8") as log:
        traceback.print_exc(file=log)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
