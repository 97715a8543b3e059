"""``make desk``: the treasurer's desk in the browser, with the settings of the file ``.env``.

The file holds what the operator would put into the environment, a ``NAME=value`` a line; what the
environment has already, stays.
"""

import os
import re
from pathlib import Path

from plugins.staff.messages import Refusal
from plugins.staff.setting_up import hand_over
from plugins.staff.steps import ROOT

SETTINGS = ROOT / ".env"
_LINE = re.compile(r"\s*(?:export\s+)?([A-Z][A-Z_]*)\s*=\s*(.*?)\s*")
_QUOTED = re.compile(r"(['\"])(.*)\1")


def main(words: list[str]) -> int:
    """Become the desk until Ctrl-C; ``words`` go to it. Raises Refusal."""
    if SETTINGS.exists():
        for name, value in read(SETTINGS).items():
            os.environ.setdefault(name, value)
    elif "STRIPE_API_KEY" not in os.environ:
        raise Refusal("desk.no_settings", file=SETTINGS)
    return hand_over(["-m", "donations_api", "desk", *words])


def read(file: Path) -> dict[str, str]:
    """The settings that ``file`` names. Raises Refusal, which says in which line it is wrong."""
    found: dict[str, str] = {}
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Refusal("desk.not_utf8", file=file) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not (setting := _LINE.fullmatch(line)):
            raise Refusal("desk.bad_line", file=file, line=number)
        name, value = setting.groups()
        quoted = _QUOTED.fullmatch(value)
        found[name] = quoted[2] if quoted else value
    return found
