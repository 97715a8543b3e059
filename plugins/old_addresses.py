"""The one list of addresses that once led somewhere: ``content/redirects.toml``.

``[[moved]]`` leads to a page by its key, never to an address; so nothing can lead on from one old
address to another. ``[[gone]]`` is what was taken down for good. Nothing here knows Pelican, so
that the built site can be held against the same list without it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from plugins.problems import Problem

FILE = "redirects.toml"
# What each kind of entry may say, and what it has to.
_NAMES = {"moved": ({"from", "to", "language"}, {"from", "to"})}
_NAMES["gone"] = ({"from", "language"}, {"from"})
_HEADER = re.compile(r"\s*\[\[\s*(moved|gone)\s*\]\]")
# What means nothing else in any host's file of rules, nor in a file's name on any computer.
_SEGMENT = r"(?!\.{1,2}(?:/|$))[\w.~!()+,=@&-]+"
_PATH = re.compile(rf"/(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?")
_QUERY = re.compile(r"[\w.~%+,=&@!()/-]+", re.ASCII)
# The donation portal's routes, where it shares the site's address.
TAKEN = {"donations", "gifts", "receipts", "pledges", "reminders", "webhooks", "health", "ready"}


@dataclass(frozen=True, slots=True)
class OldAddress:
    """An old address: where it leads, in which language its words are, where it stands in the list.

    ``path`` is readable (``/关于``, not ``/%E5…``) and has no slash at its end, so the home page's
    is empty; ``query`` are the parameters that a visitor's address has to have, whatever else
    (WeChat adds its own) is in it. ``to`` is a page's key, empty for what is gone. ``line`` counts
    from 1.
    """

    path: str
    query: tuple[str, ...]
    to: str
    language: str
    line: int

    @property
    def gone(self) -> bool:
        return not self.to

    @property
    def quoted(self) -> str:
        """The path as browsers send it."""
        return quote(self.path, safe="/~!()+,=@&")

    @property
    def same(self) -> tuple[str, frozenset[str]]:
        """Equal for what no host tells apart."""
        return self.path.casefold(), frozenset(self.query)

    @property
    def page(self) -> str:
        """The path of the HTML page that stands at this address on a host that knows no rules.

        Empty where a static host could not show one: it reads no query, and what ends in ``.php``
        it offers to be saved.
        """
        suffix = PurePosixPath(self.path).suffix.lower()
        if self.query or suffix not in ("", ".html", ".htm"):
            return ""
        return self.path if suffix else f"{self.path}/"

    def __str__(self) -> str:
        return (self.path or "/") + ("?" + "&".join(self.query) if self.query else "")


def read(content: Path, languages: tuple[str, ...]) -> tuple[list[OldAddress], list[Problem]]:
    """The list, the most particular addresses first, and what is wrong with it.

    ``languages`` are codes; an entry that names none is in the first. Without the file the list is
    empty.
    """
    file = content / FILE
    if not file.exists():
        return [], []
    try:
        text = file.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 0
        return [], [Problem("redirects.unreadable", file.as_posix(), line, {"reason": str(error)})]
    addresses: dict[tuple[str, frozenset[str]], OldAddress] = {}
    problems: list[Problem] = []
    if unknown := sorted(set(table) - set(_NAMES)):
        problems.append(Problem("redirects.form", file.as_posix(), params={"name": unknown[0]}))
    for kind, line, entry in _entries(table, text):
        if wrong := _wrong(kind, line, entry, languages, file.as_posix()):
            problems.append(wrong)
            continue
        address = _address(kind, line, entry, languages[0])
        first = addresses.setdefault(address.same, address)
        if first is not address:
            params = {"from": str(address), "first": str(first.line)}
            problems.append(Problem("redirects.twice", file.as_posix(), line, params))
    # A host takes the first rule that fits, and that without a query fits each query.
    return sorted(addresses.values(), key=lambda one: -len(one.query)), problems


def _entries(table: Mapping[str, Any], text: str) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    lines: dict[str, list[int]] = {"moved": [], "gone": []}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            lines[header[1]].append(number)
    for kind, numbers in lines.items():
        entries = table.get(kind, [])
        for place, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            known = numbers[place] if place < len(numbers) else 0
            yield kind, known, entry if isinstance(entry, Mapping) else {"": entry}


def _wrong(
    kind: str, line: int, entry: Mapping[str, Any], languages: tuple[str, ...], file: str
) -> Problem | None:
    """What is wrong with an entry by itself."""
    may, must = _NAMES[kind]
    texts = {name for name, value in entry.items() if isinstance(value, str)}
    if odd := sorted(must - texts) or sorted(set(entry) - (may & texts)):
        return Problem("redirects.form", file, line, {"name": odd[0]})
    path, mark, query = entry["from"].partition("?")
    decoded = unquote(path, errors="replace")
    params = {"from": entry["from"]}
    if not _PATH.fullmatch(decoded) or bool(mark) != bool(_QUERY.fullmatch(query)):
        return Problem("redirects.address", file, line, params)
    if not query and decoded.split("/")[1].lower() in TAKEN:
        return Problem("redirects.taken", file, line, params)
    if (language := entry.get("language", languages[0])) not in languages:
        params = {"language": language, "languages": ", ".join(languages)}
        return Problem("redirects.language", file, line, params)
    return None


def _address(kind: str, line: int, entry: Mapping[str, str], first: str) -> OldAddress:
    path, _, query = entry["from"].partition("?")
    return OldAddress(
        unquote(path).rstrip("/"),
        tuple(filter(None, query.split("&"))),
        entry["to"] if kind == "moved" else "",
        entry.get("language", first),
        line,
    )
