"""Rule E3: is each translation of what its source says today?

A translation keeps in its head a mark of the text that it translates (``translates: "…"``), and in
``content/translated/`` that text lies as it was, so that what changed since can be shown without
git. ``make translated`` writes both (ADR 22). The source is the file in the default language.
"""

import hashlib
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from pelican.generators import Generator
from pelican.plugins import signals

from donations_api.frame import Frame
from plugins import paragraphs, sources
from plugins.bilingual import pages_of
from plugins.paragraphs import MARK, Change, Unreadable
from plugins.problems import Problem, Severity, collected

FOLDER = "translated"


class State(StrEnum):
    """How a page stands in a language.

    ``UNMARKED``: nobody has said yet which text it translates. ``UNREADABLE``: the file or its
    source is no page, which ``make check`` explains.
    """

    COMPLETE = "complete"
    STALE = "stale"
    MISSING = "missing"
    UNMARKED = "unmarked"
    UNREADABLE = "unreadable"


Survey = Mapping[str, Mapping[str, State]]


def survey(content: Path, frame: Frame) -> Survey:
    """The state of each page, by its key, in each language that people write, by its code."""
    codes = [language.code for language in frame.languages if not language.made_from]
    named = (_named(content, file) for file in sources.files(content))
    keys = dict.fromkeys(key for key, code in named if code in codes)
    return {key: {code: state(content, frame, key, code) for code in codes} for key in keys}


def state(content: Path, frame: Frame, key: str, language: str) -> State:
    """How the page ``key`` stands in ``language``, a code."""
    file = sources.source(content, key, language)
    source = sources.source(content, key, frame.default.code)
    if not file.exists():
        return State.MISSING
    try:
        head, _ = paragraphs.read(file)
        if file == source or not source.exists():
            return State.COMPLETE
        mark = fingerprint(paragraphs.of_file(source))
    except Unreadable:
        return State.UNREADABLE
    if not head.get(MARK):
        return State.UNMARKED
    return State.COMPLETE if str(head[MARK]) == mark else State.STALE


def changes(content: Path, frame: Frame, key: str, language: str) -> list[Change]:
    """What changed in the source since the page ``key`` was translated.

    Empty when nothing did, and when the text that was translated is not kept. Raises Unreadable.
    """
    file = sources.source(content, key, language)
    source = paragraphs.of_file(sources.source(content, key, frame.default.code))
    head, _ = paragraphs.read(file)
    try:
        old = paragraphs.split(copy(content, key, language).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if fingerprint(old) != str(head.get(MARK)):  # of some other text: it would show what is not so
        return []
    return paragraphs.changes(old, source, paragraphs.of_file(file))


def copy(content: Path, key: str, language: str) -> Path:
    """Where the text lies that the page ``key`` in ``language`` translates."""
    within = sources.source(content, key, language).relative_to(content)
    return content / FOLDER / within.with_suffix(".txt")


def as_text(source: list[str]) -> str:
    """The paragraphs of a source as their copy holds them."""
    return "\n\n".join(source) + "\n"


def fingerprint(source: list[str]) -> str:
    """The mark of a text: 16 hexadecimal digits of its SHA-256, against changes, not forgers."""
    return hashlib.sha256(as_text(source).encode()).hexdigest()[:16]


def tell(generators: list[Generator]) -> None:
    """Warn of what is out of date, and let the page say so: ``page.stale`` in its template."""
    settings = generators[0].settings
    content = Path(os.path.relpath(settings["PATH"]))
    frame: Frame = settings["FRAME"]
    for page in pages_of(generators):
        # By its file: a version that is made has the state of the text that it is made from.
        key, language = _named(content, Path(os.path.relpath(page.source_path)))
        page.metadata["stale"] = state(content, frame, key, language) is State.STALE
        if page.metadata["stale"] and page.lang == language:
            file = sources.source(content, key, language).as_posix()
            source = sources.source(content, key, frame.default.code).as_posix()
            params = {"file": file, "source": source}
            collected(settings).append(Problem("E3.stale", file, 0, params, Severity.WARNING))


def _named(content: Path, file: Path) -> tuple[str, str]:
    return sources.named(file.relative_to(content).as_posix())


def register() -> None:
    signals.all_generators_finalized.connect(tell)
