"""Rules C1-C5, C8-C10, C12 at build: nobody is shown without a consent that holds today.

All is decided before Pelican reads. What may be shown no more leaves the site without a refusal:
a neutral illustration stands in a picture's place, and a page that says so in a story's and in that
of a PDF which shows such a picture.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from markupsafe import Markup
from pelican import Pelican
from pelican.contents import Page
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals

from donations_api import frame as framing
from donations_api.frame import Frame, Language
from plugins import bilingual, documents, pictures, sources
from plugins.people import consent_register, fingerprints, stories, telling, withdrawals
from plugins.people.consent_register import Register, RegisterRefused
from plugins.people.consents import Consents
from plugins.people.stories import Story
from plugins.people.withdrawals import Withdrawals
from plugins.pictures import ILLUSTRATION, Picture
from plugins.problems import Problem, Severity, collected

SAFEGUARDING = "safeguarding"  # the key of the page that says whom to ask (C12)
# Markdown's ![…](address) and ![…][name], [name]: address, and HTML's own ways to show something.
_MARKDOWN = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]*)")
_BY_NAME = re.compile(r"!\[[^\]]*\]\s?\[")
_HTML = re.compile(
    r"<(?:img|picture|source|video|audio|object|embed|iframe|svg|image)\b", re.IGNORECASE
)
_NAMED = re.compile(r"\bimages/([A-Za-z0-9_-]+\.[A-Za-z]+)")
_SHOWN = re.compile(r"<img\b[^>]*?\bsrc=\"(/?images/[^\"]+)\"[^>]*>")


def check(content: Path, shown: set[str], people: set[str]) -> Iterator[Problem]:
    """Pictures in the Markdown files that are none of ``shown``, by their paths.

    And links to those of ``people``, by their names: nobody asks whether the page may show them,
    and on the day when one has to go the link would lead nowhere and refuse the build.
    """
    for file in sources.files(content):
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            for address in _MARKDOWN.findall(line):
                if f"/{address.lstrip('/')}" not in shown:
                    yield Problem("C1.elsewhere", file.as_posix(), number, {"address": address})
            linked = not people.isdisjoint(_NAMED.findall(_MARKDOWN.sub("", line)))
            if linked or _BY_NAME.search(line) or _HTML.search(line):
                yield Problem("C1.html", file.as_posix(), number)


def decide(pelican: Pelican) -> None:
    """Collect what is wrong; the pictures that may be shown go on to ``plugins.images``."""
    settings = pelican.settings
    content = Path(os.path.relpath(settings["PATH"]))
    languages = tuple(language.code for language in settings["FRAME"].written)
    declared, problems = pictures.read(content, languages)
    told, wrong = stories.read(content)
    withdrawn, unreadable = withdrawals.read(content)
    found = collected(settings)
    found += [*problems, *wrong, *unreadable]
    papers = sorted((content / documents.FOLDER).glob("*.pdf"))
    found += withdrawn.returned((one.original for one in declared), papers)
    # A refused picture is told once, not at every page that shows it.
    names = {Path(problem.file).name.removesuffix(".toml") for problem in problems}
    refused = {f"/{pictures.FOLDER}/{name}" for name in names}
    off = {f"/{pictures.FOLDER}/{name}" for name in withdrawn.pictures}
    shows = [one.original for one in declared if one.people != "none"]
    people = {one.name for one in shows}
    found += check(content, {one.path for one in declared} | refused | off, people)
    settings["CONSENTS"] = _consents(settings, declared, told, withdrawn)
    settings["PICTURES"] = list(_shown(settings, declared))
    settings["OUT"] = off | (
        {one.path for one in declared} - {p.path for p in settings["PICTURES"]}
    )
    over = [one.original for one in declared if one.path in settings["OUT"]]
    settings["DOCUMENTS_OUT"] = _showing(papers, over)
    found += [
        Problem("C9.document", one.as_posix(), severity=Severity.WARNING)
        for one in settings["DOCUMENTS_OUT"]
    ]
    settings["STORIES"] = {(one.key, one.language): one for one in told}
    settings["GONE"] = set(withdrawn.stories) | _gone(settings, told, declared)
    facts = settings["GIVING"].organisation.facts
    if (told or shows) and not any(facts.get(one) for one in ("email", "phone", "address")):
        found.append(Problem("C12.no_contact", (content / "organisation.toml").as_posix()))
    if (told or shows) and not sources.source(content, SAFEGUARDING, languages[0]).exists():
        first = [*(one.file for one in told), *shows][0]
        found.append(Problem("C12.nowhere", first.as_posix()))


def _consents(
    settings: dict[str, Any], declared: list[Picture], told: list[Story], withdrawn: Withdrawals
) -> Consents:
    """The register is opened only when somebody is shown; then it has to be there and whole."""
    register = Register({})
    if told or any(one.people != "none" for one in declared):
        try:
            register = consent_register.declared()
        except RegisterRefused as refused:
            collected(settings).extend(refused.problems)
    return Consents(register, withdrawn.consents, settings["TODAY"])


def _shown(settings: dict[str, Any], declared: list[Picture]) -> Iterator[Picture]:
    for picture in declared:
        verdict = settings["CONSENTS"].of_picture(picture)
        collected(settings).extend(verdict.problems)
        if not verdict.out:
            yield picture


def _showing(papers: Iterable[Path], pictures: Iterable[Path]) -> list[Path]:
    """The PDFs that show one of the pictures."""
    looks = list(filter(None, map(fingerprints.of, pictures)))
    return [one for one in papers if fingerprints.shown_in(one, looks)]


def _gone(settings: dict[str, Any], told: list[Story], declared: list[Picture]) -> set[str]:
    gone = set()
    consents: Consents = settings["CONSENTS"]
    for story in told:
        verdict = consents.of_story(story)
        collected(settings).extend(verdict.problems)
        if verdict.out:
            gone.add(story.key)
        for picture in consents.exposed(story, declared):
            collected(settings).append(_visible(story, picture))
    return gone


def _visible(story: Story, picture: Picture) -> Problem:
    return story.problem("C3.visible", "risk_flags", picture=picture.original.as_posix())


def leave_out(generator: Generator, metadata: dict[str, Any]) -> None:
    """Have Pelican leave out a story that may be shown no more, in all its languages."""
    if metadata["translation_key"] in generator.settings["GONE"]:
        metadata["status"] = "skip"


def protect(generators: list[Generator]) -> None:
    """Look at what each page shows, and put what is neutral in the place of what is out."""
    settings = generators[0].settings
    known = {one.path: one for one in settings["PICTURES"]}
    frame: Frame = settings["FRAME"]
    for page in bilingual.pages_of(generators):
        paths = {f"/{path.removeprefix('/')}" for path in _SHOWN.findall(page._content)}
        on_page = [known[path] for path in sorted(paths & known.keys())]
        collected(settings).extend(_of_page(settings, page, on_page))
        story: Story | None = settings["STORIES"].get((page.translation_key, page.lang))
        if story:
            collected(settings).extend(
                _visible(story, picture)
                for picture in settings["CONSENTS"].visible_on(story, on_page)
            )
        people = any(one.people != "none" for one in on_page)
        page.metadata["removal"] = bool(story) or people or bool(paths & settings["OUT"])
        page.metadata["pseudonym"] = bool(story and story.pseudonym)
        page._content = _without(page._content, settings["OUT"], frame, page.lang)
    for generator in generators:
        if isinstance(generator, PagesGenerator):
            for key in sorted(settings["GONE"]):
                for language in frame.languages:
                    _tombstone(generator, key, language)


def _of_page(settings: dict[str, Any], page: Any, on_page: Iterable[Picture]) -> Iterator[Problem]:
    file = Path(os.path.relpath(page.source_path))
    for picture in on_page:
        yield from settings["CONSENTS"].of_picture_on(picture, page.translation_key, page.lang)
    visible = [one for one in on_page if (one.people, one.identity) == ("minor", "visible")]
    if visible:
        yield from telling.problems(file)
    for picture in visible:
        yield from telling.problems(picture.original.with_name(f"{picture.original.name}.toml"))


def _without(html: str, out: set[str], frame: Frame, language: str) -> str:
    def replace(match: re.Match[str]) -> str:
        if f"/{match[1].removeprefix('/')}" not in out:
            return match[0]
        return illustration(framing.translate(frame.words, frame.language(language), "picture.out"))

    return _SHOWN.sub(replace, html)


def illustration(alt: str) -> str:
    """The element that stands in a picture's place."""
    return Markup('<img src="{}" alt="{}" width="640" height="400" loading="lazy">').format(
        ILLUSTRATION, alt
    )


def _tombstone(generator: PagesGenerator, key: str, language: Language) -> None:
    """A page at the address of a story that is gone; in no list, feed, map or index."""
    settings = generator.settings
    metadata = {"lang": language.code, "translation_key": key}
    bilingual.settle(generator, metadata)
    for name in ("title", "description"):
        metadata[name] = framing.translate(settings["FRAME"].words, language, f"story.gone.{name}")
    metadata["template"] = "gone"
    page = Page("", metadata, settings, context=generator.context)
    generator.hidden_translations.append(page)
    settings["ADDRESSES"].setdefault(key, {})[language.code] = page.url


def register() -> None:
    signals.initialized.connect(decide)
    signals.page_generator_context.connect(leave_out)
    signals.article_generator_context.connect(leave_out)
    signals.all_generators_finalized.connect(protect)
