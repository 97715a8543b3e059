"""``content/exceptions.toml``: what looks like a child's data and is none, and who says so.

    [[exception]]
    rule = "C6.place"
    file = "content/news/visit.zh.md"
    text = "城南小学"          # a listed name is given by its hash instead, as the message tells it
    reason = "一位校友的回忆"
    approved_by = "…"
    author = "…"               # not needed where the head of the file says it
    until = 2027-01-31

Nothing here knows Pelican: build and verify decide alike.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from plugins.identifying import Finding
from plugins.identifying.finding import letters
from plugins.identifying.plain import plain
from plugins.people.approval import same_person
from plugins.problems import Problem, Severity

FILE = "exceptions.toml"
_NAMES = ("rule", "file", "reason", "approved_by")
_AUTHOR = re.compile(r"^authors?:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Exemption:
    """One finding that may stand, for a reason and until a day."""

    number: int
    rule: str
    file: str
    said: str
    reason: str
    approved_by: str
    until: date

    def covers(self, one: Finding, file: str) -> bool:
        """Whether it is this finding. Without a ``file``, wherever the site shows it again."""
        there = one.digest or letters(plain(one.text))
        return self.rule == one.code and self.said == there and file in ("", self.file)


@dataclass(slots=True)
class Exceptions:
    """Those that hold today; ``used`` are the numbers of those that were needed."""

    place: str = ""
    held: list[Exemption] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def covering(self, one: Finding, file: str) -> Exemption | None:
        found = next((held for held in self.held if held.covers(one, file)), None)
        if found:
            self.used.add(found.number)
        return found

    def unused(self) -> Iterator[Problem]:
        """What nobody needs any more."""
        for held in self.held:
            if held.number not in self.used:
                params = {"number": str(held.number), "rule": held.rule, "file": held.file}
                yield Problem("C6.exception_unused", self.place, 0, params, Severity.WARNING)


def load(content: Path, today: date) -> tuple[Exceptions, list[Problem]]:
    """The exceptions that hold, and what is wrong with the others."""
    file = content / FILE
    exceptions, problems = Exceptions(file.as_posix()), list[Problem]()
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("exception", [])
    except FileNotFoundError:
        return exceptions, []
    except (OSError, ValueError) as error:
        params = {"number": "-", "reason": str(error)}
        return exceptions, [Problem("C6.exception_wrong", file.as_posix(), 0, params)]
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        of_it = {"number": str(number)}
        if wrong := _wrong(entry):
            wanted = of_it | {"reason": wrong}
            problems.append(Problem("C6.exception_wrong", file.as_posix(), 0, wanted))
        elif entry["until"] < today:
            passed = of_it | {"day": entry["until"].isoformat()}
            problems.append(Problem("C6.exception_expired", file.as_posix(), 0, passed))
        elif not (author := _author(entry)):
            wanted = of_it | {"reason": "author"}
            problems.append(Problem("C6.exception_wrong", file.as_posix(), 0, wanted))
        elif same_person(author, entry["approved_by"]):
            problems.append(Problem("C8.exception", file.as_posix(), 0, of_it))
        else:
            exceptions.held.append(_exemption(number, entry))
    return exceptions, problems


def told(one: Finding, file: str, exceptions: Exceptions, line: int = 0) -> Problem:
    """The problem that a finding in a file is, or the notice that somebody answers for it."""
    params = {"found": one.masked, "hash": one.digest}
    if held := exceptions.covering(one, file):
        told = {"rule": one.code, "found": one.masked, "reason": held.reason}
        told |= {"who": held.approved_by, "day": held.until.isoformat()}
        return Problem("C6.excepted", file, line, told, Severity.NOTICE)
    severity = Severity.ERROR if one.certain else Severity.WARNING
    return Problem(one.code, file, line, params, severity)


def _exemption(number: int, entry: Mapping[str, Any]) -> Exemption:
    said = entry["hash"].lower() if "hash" in entry else letters(plain(entry["text"]))
    texts = {name: entry[name].strip() for name in _NAMES}
    return Exemption(number, said=said, until=entry["until"], **texts)


def _wrong(entry: object) -> str:
    if not isinstance(entry, dict):
        return "[[exception]]"
    for name in _NAMES:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            return name
    given = [entry[name] for name in ("text", "hash") if name in entry]
    if len(given) != 1 or not isinstance(given[0], str) or not letters(given[0]):
        return "text / hash"
    if entry["rule"] == "C6.listed_name" and "hash" not in entry:
        return "hash"
    return "" if type(entry.get("until")) is date else "until"


def _author(entry: Mapping[str, Any]) -> str:
    """Who wrote it: as the entry says, or the page's head."""
    if "author" in entry:
        return str(entry["author"])
    try:
        found = _AUTHOR.search(Path(entry["file"]).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return ""
    return found[1] if found else ""
