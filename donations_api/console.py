"""How commands speak: every line in Chinese and in English, since either may be the reader's.

On a terminal there are tables and progress bars; for machines the same as JSON.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Column, Table
from rich.text import Text

from donations_api.errors import Explained
from donations_api.frame import translate

CATALOGS = (Path(__file__).parent / "locale",)

# Wide enough for a name of Stripe's, when nobody looks at a terminal.
_UNSEEN_WIDTH = 200


@dataclass(frozen=True, slots=True)
class Word:
    """A word that machines read as ``name``, and people by the message ``<about>.<name>``."""

    about: str
    name: str


Cell = str | int | datetime | Word


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the catalogs have ``sheet.<title>`` and ``column.<name>`` of each column."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def text(message: str, **values: str) -> str:
    """A text of the catalogs in both languages, on one line."""
    return " / ".join(translate(CATALOGS, code, message) % values for code in ("zh", "en"))


def why(reason: Explained) -> str:
    return text(reason.message, **reason.values)


def say(message: str, stream: TextIO | None = None, **values: str) -> None:
    """Print a text in both languages."""
    write_line(text(message, **values), stream)


def write_line(line: str, stream: TextIO | None = None) -> None:
    """Print a line; a sign that the terminal does not have becomes ``?``."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()


def show(sheets: Sequence[Sheet], *, as_json: bool, **facts: object) -> None:
    """The sheets as tables, empty ones left out; or all, with ``facts``, as one JSON object.

    In JSON a row is an object by the columns' names, and a time is ISO 8601 in UTC.
    """
    if as_json:
        found = {
            sheet.title: [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
            for sheet in sheets
        }
        write_line(json.dumps(facts | found, ensure_ascii=False, default=_plain))
        return
    console = Console(width=None if sys.stdout.isatty() else _UNSEEN_WIDTH)
    for sheet in sheets:
        if not sheet.rows:
            continue
        # Numbers and Chinese have no spaces to break at, and would be cut off.
        heads = (Column(text(f"column.{one}"), overflow="fold") for one in sheet.columns)
        table = Table(*heads, title=text(f"sheet.{sheet.title}"))
        for row in sheet.rows:
            table.add_row(*(Text(_shown(cell)) for cell in row))
        console.print(table)


def _shown(cell: Cell) -> str:
    match cell:
        case datetime():
            return f"{cell:%F %T}"
        case Word():
            return text(f"{cell.about}.{cell.name}")
    return str(cell)


def _plain(cell: object) -> str:
    """A cell that JSON has no form for."""
    return cell.isoformat() if isinstance(cell, datetime) else cell.name  # type: ignore[attr-defined]


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """Count what is done, step by step, on a terminal's error stream; else say nothing.

    A step's name is that of a message ``progress.<step>``.
    """
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(step: str, number: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(text(f"progress.{step}"), total=None)
            bars.update(tasks[step], advance=number)

        yield advance
