"""What was withdrawn, and may not come back: ``content/withdrawn.toml`` (C10).

Each entry is a consent's code, the day, and what went with it: names and fingerprints of pictures,
keys of stories. It holds against a register that is older. ``make withdraw`` writes it; the entry
is the dated line that stays, with nothing personal in it. Nothing here knows Pelican.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plugins.people import fingerprints
from plugins.problems import Problem
from plugins.whole_files import write_whole

FILE = "withdrawn.toml"
_PRINT = re.compile(r"[0-9a-f]{16}")
_HEAD = "# Written by make withdraw; nothing in it is to be changed by hand.\n"
_HEAD += "# 由make withdraw写入，请不要手工修改。\n"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A consent that holds no more. ``pictures`` are names in ``content/images``."""

    consent: str
    day: date
    pictures: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """All of them, in the order of the file."""

    entries: tuple[Withdrawn, ...] = ()

    @property
    def consents(self) -> frozenset[str]:
        return frozenset(one.consent for one in self.entries)

    @property
    def pictures(self) -> frozenset[str]:
        return frozenset(name for one in self.entries for name in one.pictures)

    @property
    def stories(self) -> frozenset[str]:
        """Keys, whose addresses in every language are gone for good."""
        return frozenset(key for one in self.entries for key in one.stories)

    def covers(self, picture: Path) -> bool:
        """Whether it is a withdrawn picture, whatever it is called now."""
        looks = fingerprints.of(picture) if self._fingerprints else None
        return looks is not None and self._knows(looks)

    def shown_in(self, document: Path) -> bool:
        """Whether a withdrawn picture is on the pages of a PDF."""
        return fingerprints.shown_in(document, self._fingerprints)

    def returned(
        self, pictures: Iterable[Path], documents: Iterable[Path] = ()
    ) -> Iterator[Problem]:
        """Those that were withdrawn, or show what was: nothing may bring it back."""
        for picture in pictures:
            if self.covers(picture):
                yield Problem("C10.again", picture.as_posix())
        for document in documents:
            if self.shown_in(document):
                yield Problem("C10.document", document.as_posix())

    @property
    def _fingerprints(self) -> list[str]:
        return [one for entry in self.entries for one in entry.fingerprints]

    def _knows(self, looks: str) -> bool:
        return any(fingerprints.alike(looks, one) for one in self._fingerprints)

    def get(self, consent: str) -> Withdrawn | None:
        return next((one for one in self.entries if one.consent == consent), None)


def read(content: Path) -> tuple[Withdrawals, list[Problem]]:
    """The withdrawals, and what is wrong with their file; without the file there are none."""
    file = content / FILE
    if not file.exists():
        return Withdrawals(), []
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        if table.keys() - {"withdrawn"}:
            raise ValueError(*table.keys() - {"withdrawn"})
        return Withdrawals(tuple(_entry(**one) for one in table.get("withdrawn", []))), []
    except (OSError, ValueError, TypeError) as error:
        return Withdrawals(), [
            Problem("C10.unreadable", file.as_posix(), params={"reason": str(error)})
        ]


def _entry(consent: str, day: date, **lists: list[str]) -> Withdrawn:
    entry = Withdrawn(consent, day, **{name: tuple(value) for name, value in lists.items()})
    names: tuple[object, ...] = (consent, *entry.pictures, *entry.stories)
    texts = all(isinstance(one, str) and one for one in names)
    moment: object = day  # as TOML has it, which may be anything
    if not texts or not isinstance(moment, date):
        raise ValueError(consent)
    if not all(map(_PRINT.fullmatch, entry.fingerprints)):
        raise ValueError(consent)
    return entry


def write(content: Path, entries: Iterable[Withdrawn]) -> None:
    """Put the file in its place, whole or not at all."""
    parts = [_HEAD]
    for one in entries:
        parts.append(f'\n[[withdrawn]]\nconsent = "{one.consent}"\nday = {one.day.isoformat()}\n')
        parts += [
            f"{name} = {_listed(getattr(one, name))}\n"
            for name in ("pictures", "fingerprints", "stories")
        ]
    write_whole(content / FILE, "".join(parts).encode())


def _listed(names: Iterable[str]) -> str:
    """A list of strings, which is the same in TOML and in JSON but for two things.

    TOML knows no pairs of surrogates, and takes no DEL as it is. A name that is no UTF-8 is known
    by what the picture looks like.
    """
    readable = [name.encode(errors="replace").decode() for name in names]
    return json.dumps(readable, ensure_ascii=False).replace("\x7f", "\\u007f")
