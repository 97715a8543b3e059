"""``make consent``: which consent stands behind what, and what is to be seen to; ``--json`` too."""

import json
import os
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from donations_api.errors import FileWrong
from donations_api.frame import load_frame
from donations_api.giving import load_giving
from plugins import calendar, pictures
from plugins.people import consent_register, stories, withdrawals
from plugins.people.consent_register import Register, RegisterRefused
from plugins.people.consents import WARNED, Consents, State
from plugins.problems import Problem
from plugins.staff import printing
from plugins.staff.making import CONTENT, THEME
from plugins.staff.messages import say, text, write_line

_STYLES = {
    "holds": "green",
    "soon": "bold yellow",
    "ahead": "bold red",
    "expired": "bold red",
    "withdrawn": "bold red",
    "missing": "bold red",
}


def main(words: list[str]) -> int:
    """Show the table; 1 when the register or the content cannot be read."""
    try:
        found = report()
    except FileWrong as wrong:
        printing.show([Problem.of_content_file(wrong)])
        return 1
    except RegisterRefused as refused:
        printing.show(refused.problems)
        return 1
    if "--json" in words or os.environ.get("JSON"):
        write_line(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    if found["used"]:
        Console().print(_table(found["used"]))
    else:
        say("consent.none_used")
    for name in ("without", "unused"):
        if found[name]:
            say(f"consent.{name}", number=len(found[name]))
            for one in found[name]:
                write_line(f"  {one}")
    return 0


def report() -> dict[str, Any]:
    """``used``: rows of the ``consent``'s code, the ``file`` that rests on it, its ``state`` and
    the day it ``expires``. ``without``: files of people that no consent covers. ``unused``: codes
    of the register behind nothing. Raises FileWrong, RegisterRefused.
    """
    frame = load_frame(CONTENT, THEME)
    zone = load_giving(CONTENT).organisation.facts.get("time_zone", "UTC")
    declared, _ = pictures.read(CONTENT, tuple(one.code for one in frame.written))
    told, _ = stories.read(CONTENT)
    shown = [one for one in declared if one.people != "none"]
    register = consent_register.declared() if shown or told or _is_named() else Register({})
    withdrawn, _ = withdrawals.read(CONTENT)
    consents = Consents(register, withdrawn.consents, calendar.today(zone))
    rests = [(code, one.original) for one in shown for code in one.consent_ids]
    without = [one.original for one in shown if not one.consent_ids]
    for story in told:
        for subject in story.subjects:
            covering = consents.covering(subject, story.language)
            rests += [(one.consent_id, story.file) for one in covering[:1]]
            without += [] if covering else [story.file]
    used = [_row(code, file, consents) for code, file in sorted(rests)]
    unused = sorted(register.consents.keys() - {code for code, _ in rests})
    return {"used": used, "without": [one.as_posix() for one in without], "unused": unused}


def _is_named() -> bool:
    return bool(os.environ.get(consent_register.VARIABLE, "").strip())


def _row(code: str, file: Path, consents: Consents) -> dict[str, str]:
    consent = consents.register.get(code)
    if code in consents.withdrawn:
        state = State.WITHDRAWN.value
    elif not consent:
        state = "missing"
    else:
        state = consents.state(consent).value
        if state == State.HOLDS and consent.expires - consents.today <= WARNED:
            state = "soon"
    expires = consent.expires.isoformat() if consent else ""
    return {"consent": code, "file": file.as_posix(), "state": state, "expires": expires}


def _table(rows: list[dict[str, str]]) -> Table:
    # A file's name that is cut off names no file.
    table = Table(*(Column(_both(f"consent.{name}"), overflow="fold") for name in rows[0]))
    for row in rows:
        state = Text(_both(f"consent.state.{row['state']}"), _STYLES[row["state"]])
        table.add_row(row["consent"], row["file"], state, row["expires"])
    return table


def _both(message_id: str) -> str:
    return " · ".join(text(message_id, language) for language in ("zh", "en"))
