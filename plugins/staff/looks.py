"""``make looks``: whether pages still look as they did when somebody last found them good.

The pictures and their comparing live with the tests; ``ACCEPT=yes`` keeps how the pages look now.
"""

import os
import subprocess
import sys

from plugins.staff.messages import Refusal, say
from plugins.staff.steps import ROOT

_COMPARE = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/browser/test_looks.py")


def main(words: list[str]) -> int:
    """Compare; 1 when a page looks other than its picture, or has none. Raises Refusal.

    With ``ACCEPT=yes`` in the environment the pictures are taken anew instead. ``words`` and
    ``ARGS`` go to pytest.
    """
    accept = os.environ.get("ACCEPT", "")
    if accept not in ("", "yes"):
        raise Refusal("looks.accept_unreadable", value=accept)
    arguments = [*words, *os.environ.pop("ARGS", "").split()]
    ran = subprocess.run([sys.executable, *_COMPARE, *arguments], cwd=ROOT, check=False)
    if ran.returncode:
        say("looks.differ")
    elif accept:
        say("looks.kept")
    else:
        say("looks.same")
    return ran.returncode
