"""Stories about somebody: what their heads declare (C2-C5, C8), read before Pelican does.

A story is a page or a news item whose head has any of the names below; then it has to have all.
Where its key is a story in one language, it is one in all: each file declares for itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins import paragraphs, sources
from plugins.paragraphs import Unreadable
from plugins.people import consent_register
from plugins.people.approval import said, same_person
from plugins.problems import Problem

NAMES = ("subjects", "pseudonym", "place_level", "risk_flags")
PLACES = ("country", "province", "city")
FLAGS = ("abuse", "exploitation", "offence", "illness", "trafficking")


@dataclass(frozen=True, slots=True)
class Story:
    """A story in one language. ``subjects`` are codes of the register."""

    key: str
    language: str
    file: Path
    subjects: tuple[str, ...]
    pseudonym: bool
    risk_flags: tuple[str, ...]

    def problem(self, code: str, name: str = "subjects", **params: str) -> Problem:
        """A problem of this story, at the line of its head that has ``name``."""
        return Problem(code, self.file.as_posix(), line_of(self.file, name), params)


def read(content: Path) -> tuple[list[Story], list[Problem]]:
    """The stories of the content, and what is wrong with their heads.

    A head that cannot be read is told by ``plugins.front_matter``.
    """
    stories: list[Story] = []
    problems: list[Problem] = []
    for file in sources.files(content):
        try:
            head, _ = paragraphs.read(file)
        except Unreadable:
            continue
        problems += _approval(head, file)
        if head.keys() & set(NAMES):
            found = list(_check(head, file))
            problems += found
            if not found:
                key, language = sources.named(file.relative_to(content).as_posix())
                subjects, flags = tuple(head["subjects"]), tuple(head["risk_flags"])
                stories.append(Story(key, language, file, subjects, head["pseudonym"], flags))
    return stories, problems


def _check(head: Mapping[str, Any], file: Path) -> Iterator[Problem]:
    place = file.as_posix()
    subjects = head.get("subjects")
    codes = subjects if isinstance(subjects, list) else []
    if not codes or not all(
        isinstance(one, str) and consent_register.CODE.fullmatch(one) for one in codes
    ):
        yield Problem("C2.subjects", place, line_of(file, "subjects"))
    if not isinstance(head.get("pseudonym"), bool):
        yield Problem("C4.yes_or_no", place, line_of(file, "pseudonym"))
    if head.get("place_level") not in PLACES:
        params = {"places": ", ".join(PLACES)}
        yield Problem("C5.place", place, line_of(file, "place_level"), params)
    flags = head.get("risk_flags")
    if not isinstance(flags, list) or any(one not in FLAGS for one in flags):
        params = {"flags": ", ".join(FLAGS)}
        yield Problem("C3.flags", place, line_of(file, "risk_flags"), params)
    for name in ("author", "approved_by"):
        if not said(head.get(name)):
            yield Problem("C8.missing", place, line_of(file, name), {"name": name})


def _approval(head: Mapping[str, Any], file: Path) -> Iterator[Problem]:
    if same_person(head.get("author"), head.get("approved_by")):
        yield Problem("C8.same", file.as_posix(), line_of(file, "approved_by"))


def line_of(file: Path, name: str) -> int:
    """The line of a head that begins with ``name``, or else the first."""
    lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    beginnings = (line.partition(":")[0].strip().lower() for line in lines)
    return next((at for at, one in enumerate(beginnings, start=1) if one == name), 1)
