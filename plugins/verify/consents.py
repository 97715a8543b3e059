"""Rules C1, C4, C9, C10, C12 in the built site: nobody is on it whose consent does not hold today.

Decided anew from the declarations and the register, without a word of those who made the site; and
pictures are known by what they look like, whatever they are called.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from plugins import sources
from plugins.people import consent_register, fingerprints, withdrawals
from plugins.people.consent_register import Register, RegisterRefused
from plugins.people.withdrawals import Withdrawals
from plugins.pictures import FOLDER, FORMATS, declared_path, original_of
from plugins.problems import Problem
from plugins.verify import heads
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site
from plugins.verify.withdrawn import left


@dataclass(slots=True)
class Wrong:
    """What may not be on the site today, and why: names of pictures, keys and languages of stories.

    ``told`` are all stories.
    ``changed``: keys and languages of stories that have to say that names were changed.
    """

    pictures: dict[str, str] = field(default_factory=dict)
    stories: dict[tuple[str, str], str] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)
    changed: set[tuple[str, str]] = field(default_factory=set)


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Pictures and stories that are up without a consent, or without what has to stand by them."""
    withdrawn, _ = withdrawals.read(expected.content)
    wrong = wrong_today(expected, withdrawn)
    yield from left(site.folder, withdrawn)
    yield from _of_pictures(site, expected.content, wrong)
    for page in site.pages:
        for story in () if page.gone else _stories(page, expected):
            if why := wrong.stories.get(story):
                yield shown(why, page.path)
            marks = {name for one in page.elements for name in one.attributes}
            if story in wrong.changed and "data-name-changed" not in marks:
                yield page.problem("C4.mark")
            if story in wrong.told and "data-removal" not in marks:
                yield page.problem("C12.missing")


def _stories(page: Page, expected: Expectations) -> set[tuple[str, str]]:
    """The story on the page, as its file may be named: by the text's language or its source."""
    tag = page.written_in or page.language.tag
    language = next(one for one in expected.frame.languages if one.tag == tag)
    return {(page.key, language.code), (page.key, language.source)}


def wrong_today(expected: Expectations, withdrawn: Withdrawals) -> Wrong:
    """What the content declares and the register does not let stand on the day of ``expected``."""
    register = _register()
    wrong = Wrong(pictures_out(expected, withdrawn))
    for file in sources.files(expected.content):
        if "subjects" in (head := heads.parsed(heads.text(file))):
            story = sources.named(file.relative_to(expected.content).as_posix())
            wrong.told.add(story)
            if head.get("pseudonym"):
                wrong.changed.add(story)
            if not all(
                _covered(register, one, story[1], withdrawn, expected) for one in head["subjects"]
            ):
                wrong.stories[story] = "expired"
    return wrong


def pictures_out(expected: Expectations, withdrawn: Withdrawals) -> dict[str, str]:
    """The names of the pictures that may not be on the site today, and why."""
    register, out = _register(), {}
    for sidecar in sorted((expected.content / FOLDER).glob("*.toml")):
        table = _read(sidecar)
        ids = table.get("consent_ids", [])
        reasons = _reasons(register, ids, withdrawn, expected)
        if table.get("people") != "none" and not ids:
            reasons.add("unknown")
        if reasons:
            out[sidecar.name.removesuffix(".toml")] = max(reasons)
    return out


def _register() -> Register:
    try:
        return consent_register.declared()
    except RegisterRefused:  # then nobody may be shown
        return Register({})


def _read(sidecar: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(sidecar.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _reasons(
    register: Register, ids: list[str], withdrawn: Withdrawals, expected: Expectations
) -> set[str]:
    reasons = set()
    for one in ids:
        consent = register.get(one)
        if one in withdrawn.consents or (consent and consent.status != "active"):
            reasons.add("withdrawn")
        elif not consent:
            reasons.add("unknown")
        elif not consent.given <= expected.today <= consent.expires:
            reasons.add("expired")
    return reasons


def _covered(
    register: Register,
    subject: Any,
    language: str,
    withdrawn: Withdrawals,
    expected: Expectations,
) -> bool:
    covering = [
        one
        for one in register.of_subject(str(subject))
        if "web" in one.scope and consent_register.spoken(language) in one.languages
    ]
    if not covering:
        return False
    latest = covering[0]
    holds = latest.given <= expected.today <= latest.expires and latest.status == "active"
    return holds and latest.consent_id not in withdrawn.consents


def _of_pictures(site: Site, content: Path, wrong: Wrong) -> Iterator[Problem]:
    unwanted = {
        looks: why
        for name, why in wrong.pictures.items()
        if (looks := fingerprints.of(content / FOLDER / name))
    }
    for path in sorted(site.files):
        if PurePosixPath(path).suffix.lower() not in FORMATS:
            continue
        name = original_of(PurePosixPath(path).name)
        if name in wrong.pictures:
            yield shown(wrong.pictures[name], path)
            continue
        declared = fingerprints.of(content / FOLDER / name)
        if not (declared or unwanted):
            continue
        looks = fingerprints.of(site.folder / path.removeprefix("/"))
        for one, why in unwanted.items():
            if looks and fingerprints.alike(looks, one):
                yield shown(why, path)
        if declared and not (looks and fingerprints.alike(looks, declared)):
            yield Problem("C1.other_picture", path)
    for path in sorted(one for one in site.files if one.endswith(".pdf")):
        for looks, why in unwanted.items():
            if fingerprints.shown_in(site.folder / path.removeprefix("/"), [looks]):
                yield shown(why, path)
    people = {
        f"/{FOLDER}/{sidecar.name.removesuffix('.toml')}"
        for sidecar in (content / FOLDER).glob("*.toml")
        if _read(sidecar).get("people") != "none"
    }
    for page in site.pages:
        for link in page.all("a"):
            if declared_path(unquote(urlsplit(link["href"]).path)) in people:
                yield page.problem("C1.html", link["href"])
        for name, why in wrong.pictures.items():
            if f"/{FOLDER}/{name}" in page.html:
                yield shown(why, page.path)


def shown(why: str, place: str) -> Problem:
    """What is told of a place that shows what it may not."""
    if why == "withdrawn":
        return Problem("C10.shown", place)
    return Problem("C9.shown", place) if why == "expired" else Problem("C1.shown", place)
