"""The site's colours written out, for what knows no names of colours in CSS: mails, pictures."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TOKEN = re.compile(r"--([a-z-]+): *#([0-9a-f]{3}|[0-9a-f]{6});")
_NIGHT = "@media (prefers-color-scheme: dark)"


class Colours(NamedTuple):
    """By their names in ``site.css`` (``on_night``), as ``#16203a``: by day and by night."""

    day: Mapping[str, str]
    night: Mapping[str, str]


@cache
def read_colours(theme: Path) -> Colours:
    """The tokens at the head of the theme's ``site.css``; by night, those of the day unless others
    are said.
    """
    tokens = (theme / "static" / "site.css").read_text(encoding="utf-8")
    before, _, after = tokens.partition(_NIGHT)
    day = _named(before)
    return Colours(day, day | _named(after.partition("\n}")[0]))


def _named(css: str) -> dict[str, str]:
    return {name.replace("-", "_"): _whole(digits) for name, digits in _TOKEN.findall(css)}


def _whole(digits: str) -> str:
    """With six digits, as the oldest mail programs want it."""
    return "#" + (digits if len(digits) == 6 else "".join(2 * one for one in digits))
