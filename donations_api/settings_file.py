"""The settings of whoever types commands: the file ``.env`` in the project's folder.

It holds what the operator would put into the environment, a ``NAME=value`` a line. It is read by
commands alone, and only where the environment does not say which Stripe is meant: a host that is
set up is not changed by a file that lies there.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from donations_api.errors import SettingWrong
from donations_api.settings import ROOT

FILE = ROOT / ".env"
_LINE = re.compile(r"\s*(?:export\s+)?([A-Z][A-Z_]*)\s*=\s*(.*?)\s*")
_QUOTED = re.compile(r"(['\"])(.*)\1")


def given(environ: Mapping[str, str]) -> Mapping[str, str]:
    """What is set: by the environment, and below it by the file. Raises SettingWrong."""
    if "STRIPE_API_KEY" in environ or not FILE.exists():
        return environ
    return {**read(FILE), **environ}


def read(file: Path) -> dict[str, str]:
    """The settings that ``file`` names. Raises SettingWrong, with the line that is wrong."""
    found: dict[str, str] = {}
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise SettingWrong("setting.file_not_utf8", file=str(file)) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not (setting := _LINE.fullmatch(line)):
            raise SettingWrong("setting.file_line", file=str(file), line=str(number))
        name, value = setting.groups()
        quoted = _QUOTED.fullmatch(value)
        found[name] = quoted[2] if quoted else value
    return found
