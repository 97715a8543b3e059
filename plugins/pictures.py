"""The pictures in ``content/images`` and what is declared of each in a file beside it (C1, E5).

``door.jpg`` is described by ``door.jpg.toml``. Nothing here knows Pelican, so that the built site
can be held against the same declarations without it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugins import sources
from plugins.people.approval import same_person
from plugins.people.consent_register import CODE
from plugins.problems import Problem

FOLDER = "images"
ILLUSTRATION = "/theme/withdrawn.svg"  # stands where a picture may be shown no more (C9, C10)
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
FORMATS |= {".avif": "AVIF", ".svg": "SVG"}
# Of the copies that the site shows: the widest they may be, in pixels; their formats, best first.
WIDTHS = (480, 960, 1440)
SMALLER = {"AVIF": "avif", "WEBP": "webp"}
_COPY = re.compile(r"(?P<name>[^.]+\.[A-Za-z]+)\.(?:480|960|1440)\.(?:avif|webp|jpg|png)")
# Letters that stand in an address as they are; and no child is called IMG_0042.
NAME = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z]+")
PEOPLE = ("none", "adult", "minor")
IDENTITY = ("visible", "obscured", "none")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose declaration is whole: its original, and what is said of it.

    ``alt`` is its alternative text by language code, and so is ``credit``, whom to thank for it.
    Whether the consents in ``consent_ids`` let it be shown is for ``plugins.people.consents``.
    """

    original: Path
    alt: Mapping[str, str]
    ai_generated: bool
    people: str
    identity: str
    consent_ids: tuple[str, ...]
    credit: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where its copy lives in the site."""
        return f"/{FOLDER}/{self.original.name}"

    @property
    def may_travel(self) -> bool:
        """Whether chats may be given it, whose copies no withdrawal reaches (C10)."""
        return (self.people, self.identity) != ("minor", "visible")


def original_of(name: str) -> str:
    """The name of the picture in the content whose copy in the site has that ``name``."""
    copy = _COPY.fullmatch(name)
    return copy["name"] if copy else name


def declared_path(path: str) -> str:
    """Where the declared picture is that the file at ``path`` is a copy of; else ``path``."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/{original_of(name)}" if folder == f"/{FOLDER}" else path


def names_of(name: str) -> list[str]:
    """All that copies of the picture ``name`` may be called in the site."""
    smaller = [f"{name}.{width}.{ending}" for width in WIDTHS for ending in SMALLER.values()]
    return [name, *smaller, *(f"{name}.{WIDTHS[-1]}.{ending}" for ending in ("jpg", "png"))]


def read(content: Path, languages: tuple[str, ...]) -> tuple[list[Picture], list[Problem]]:
    """The pictures that are declared as they should be, and what is wrong with the others."""
    pictures: list[Picture] = []
    problems: list[Problem] = []
    for file in sorted((content / FOLDER).rglob("*")):
        if file.is_dir() or not sources.somebodys(file):
            continue
        if file.suffix == ".toml":
            if not file.with_suffix("").exists():
                problems.append(Problem("C1.no_picture", file.as_posix()))
            continue
        found = list(_check(file, content / FOLDER, languages))
        problems += found
        if not found:
            table = tomllib.loads(_sidecar(file).read_text(encoding="utf-8-sig"))
            pictures.append(
                Picture(
                    original=file,
                    alt=table["alt"],
                    ai_generated=table["ai_generated"],
                    people=table["people"],
                    identity=table["identity"],
                    consent_ids=tuple(table.get("consent_ids", ())),
                    credit=_texts(table.get("credit", {}), languages),
                )
            )
    return pictures, problems


def _sidecar(file: Path) -> Path:
    return file.with_name(f"{file.name}.toml")


def _check(file: Path, folder: Path, languages: tuple[str, ...]) -> Iterator[Problem]:
    place = file.as_posix()
    if file.suffix.lower() not in FORMATS or file.parent != folder:
        yield Problem("C7.format", place, params={"formats": " ".join(FORMATS)})
    if not NAME.fullmatch(file.name):
        yield Problem("C6.name", place)
    sidecar = _sidecar(file)
    if not sidecar.exists():
        yield Problem("C1.no_sidecar", place, params={"sidecar": sidecar.name})
        return
    try:
        table = tomllib.loads(sidecar.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield Problem("C1.unreadable", sidecar.as_posix(), params={"reason": str(error)})
        return
    yield from _check_sidecar(table, sidecar.as_posix(), languages)


def _check_sidecar(
    table: Mapping[str, Any], place: str, languages: tuple[str, ...]
) -> Iterator[Problem]:
    for name, choices in (("people", PEOPLE), ("identity", IDENTITY)):
        if table.get(name) not in choices:
            params = {"name": name, "choices": ", ".join(choices)}
            yield Problem("C1.one_of", place, params=params)
    if not _is_text(table.get("approved_by")):
        yield Problem("C1.approved_by", place)
    if not isinstance(table.get("ai_generated"), bool):
        yield Problem("C1.ai_generated", place)
    people, identity = table.get("people"), table.get("identity")
    if people in PEOPLE and identity in IDENTITY and (people == "none") != (identity == "none"):
        yield Problem("C1.contradiction", place)
    ids = table.get("consent_ids", [])
    if not isinstance(ids, list) or not all(isinstance(i, str) and CODE.fullmatch(i) for i in ids):
        yield Problem("C1.consent_ids", place)
    if people in ("adult", "minor") and not _is_text(table.get("author")):
        yield Problem("C8.missing", place, params={"name": "author"})
    if same_person(table.get("author"), table.get("approved_by")):
        yield Problem("C8.same", place)
    credit = _texts(table.get("credit", {}), languages)
    if not isinstance(credit, dict) or not all(map(_is_text, credit.values())):
        yield Problem("E5.credit", place)
    alt = table.get("alt")
    for language in languages:
        if not isinstance(alt, dict) or not _is_text(alt.get(language)):
            yield Problem("E5.alt", place, params={"language": language})


def _texts(value: Any, languages: tuple[str, ...]) -> Any:
    """One text that is the same in all languages, or what stands there for each."""
    return dict.fromkeys(languages, value) if isinstance(value, str) else value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
