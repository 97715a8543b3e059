"""What build and check say, in Chinese and in English, since either may be the reader's."""

import sys
from collections.abc import Iterable
from io import TextIOWrapper

from rich.console import Console
from rich.text import Text

from plugins.problems import Problem, Severity, text

_MARKS = {
    Severity.ERROR: Text("✗", "bold red"),
    Severity.WARNING: Text("!", "bold yellow"),
    Severity.NOTICE: Text("·", "bold cyan"),
}
_LANGUAGES = ("zh", "en")


def say(message: str, style: str = "", **params: str) -> None:
    """A message of the catalogs, in both languages."""
    for language in _LANGUAGES:
        _line(Text(text(message, language, **params), style))


def show(problems: Iterable[Problem]) -> None:
    """Each problem: where it is, its rule, what is wrong, how to mend it."""
    for problem in problems:
        place, code = Text(problem.place, "bold"), Text(f"[{problem.code}]", "dim")
        _line(Text(" ").join([_MARKS[problem.severity], place, code]))
        for language in _LANGUAGES:
            _line(Text(f"  {problem.what(language)}"))
            if how := problem.how(language):
                _line(Text(f"  → {how}", "green"))


def show_change(place: str, parts: Iterable[tuple[str, str, str]]) -> None:
    """A line that was changed, as its parts: (the same, removed, added)."""
    line = Text(f"{place}  ", "bold")
    for same, removed, added in parts:
        line.append(same, "not bold")
        line.append(f"[-{removed}-]" if removed else "", "not bold red")
        line.append(f"{{+{added}+}}" if added else "", "not bold green")
    _line(line)


def _line(line: Text) -> None:
    # A terminal that knows no Chinese shows question marks, and the English line after them.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    # Soft wrap: an address or a path that is broken in two cannot be copied.
    Console(highlight=False).print(line, soft_wrap=True)
