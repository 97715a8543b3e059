"""``make status``: how each page stands in each language; ``--json`` for other programs."""

import json
import os
from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from donations_api.errors import FileWrong
from donations_api.frame import Frame, load_frame
from donations_api.giving import Giving, load_giving
from plugins import calendar, deadlines, sources, translations
from plugins.paragraphs import Change, Unreadable
from plugins.problems import Problem
from plugins.staff import printing
from plugins.staff.making import CONTENT, THEME
from plugins.staff.messages import say, text, write_line
from plugins.translations import State

_STYLES = {
    State.COMPLETE: "green",
    State.STALE: "bold yellow",
    State.MISSING: "bold red",
    State.UNMARKED: "cyan",
    State.UNREADABLE: "bold red",
}


def main(words: list[str]) -> int:
    """Show the table; 0 whatever it shows, since nothing in it stops a build."""
    try:
        frame, giving = load_frame(CONTENT, THEME), load_giving(CONTENT)
    except FileWrong as wrong:
        printing.show([Problem.of_content_file(wrong)])
        return 1
    found = report(frame) | {"deadlines": report_deadlines(giving)}
    if "--json" in words or os.environ.get("JSON"):
        write_line(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    Console().print(_table(found))
    for page in found["pages"]:
        for code in page["changes"]:
            show_changes(frame, page["page"], code)
    printing.show(deadlines.check(giving, CONTENT, _today(giving)))
    return 0


def report(frame: Frame) -> dict[str, Any]:
    """``languages``: by code, the name, the number of pages in each state, and the whole per cent
    that is complete. ``pages``: each with its key as ``page``, its ``states`` by language, the
    ``files``, and for what is out of date the ``changes``, as ``plugins.paragraphs.Change`` says.
    """
    survey = translations.survey(CONTENT, frame)
    languages = {}
    for code in next(iter(survey.values()), {}):
        counts = Counter(states[code] for states in survey.values())
        languages[code] = {
            "name": frame.language(code).name,
            "percent": 100 * counts[State.COMPLETE] // len(survey),
            **{one.value: counts[one] for one in State},
        }
    pages = [
        {
            "page": key,
            "states": {code: state.value for code, state in states.items()},
            "files": {code: sources.source(CONTENT, key, code).as_posix() for code in states},
            "changes": {
                code: [asdict(change) for change in _changes(frame, key, code)]
                for code, state in states.items()
                if state is State.STALE
            },
        }
        for key, states in survey.items()
    ]
    return {"languages": languages, "pages": pages}


def report_deadlines(giving: Giving) -> list[dict[str, str]]:
    """What is still to be published (rule L4): ``recipient``, ``kind``, what it is ``about`` (a
    year, or a project's key), the day it is ``due``, and its ``state``, as ``Deadline`` says.
    """
    today = _today(giving)
    return [
        {
            "recipient": recipient.key,
            "kind": one.kind,
            "about": one.about,
            "due": one.due.isoformat(),
            "state": one.state(today),
        }
        for recipient in giving.recipients
        for one in recipient.duties.open(today)
    ]


def _today(giving: Giving) -> date:
    return calendar.today(giving.organisation.facts.get("time_zone", "UTC"))


def show_changes(frame: Frame, key: str, code: str) -> None:
    """What changed in the source since that translation was made, side by side with it."""
    file = sources.source(CONTENT, key, code).as_posix()
    console = Console(highlight=False)
    console.print(Text(file, "bold"), soft_wrap=True)
    if found := _changes(frame, key, code):
        heads = map(_both, ("status.old", "status.new", "status.translation"))
        # Chinese has no spaces to break at, and would be cut off.
        table = Table(*(Column(one, overflow="fold") for one in heads))
        table.show_lines = True
        for change in found:
            table.add_row(Text(change.old), Text(change.new), Text(change.translation))
        console.print(table)
    else:
        say("status.no_copy", source=sources.source(CONTENT, key, frame.default.code).as_posix())
    write_line(f"  → make translated FILE={file}")


def _changes(frame: Frame, key: str, code: str) -> list[Change]:
    try:
        return translations.changes(CONTENT, frame, key, code)
    except Unreadable:
        return []


def _table(found: dict[str, Any]) -> Table:
    languages = found["languages"]
    table = Table(_both("status.page"), *(one["name"] for one in languages.values()))
    for page in found["pages"]:
        states = (State(page["states"][code]) for code in languages)
        cells = (Text(_both(f"status.{state}"), _STYLES[state]) for state in states)
        table.add_row(Text(page["page"]), *cells)
    table.add_section()
    for state in State:
        numbers = [str(one[state.value]) for one in languages.values()]
        if any(number != "0" for number in numbers):
            table.add_row(Text(_both(f"status.{state}")), *numbers)
    percents = (f"{one['percent']} %" for one in languages.values())
    table.add_row(Text(_both("status.percent"), "bold"), *percents)
    return table


def _both(message_id: str) -> str:
    return " · ".join(text(message_id, language) for language in ("zh", "en"))
