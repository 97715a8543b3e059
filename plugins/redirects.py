"""Old addresses lead to the pages of today: ``content/redirects.toml``, checked and written out.

A file of rules for each kind of host that has rules, and for the others an HTML page at each old
address, which leads on without script.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals

from donations_api import templating
from plugins import host_rules, old_addresses, pictures
from plugins.bilingual import NOT_FOUND, address, written_pages
from plugins.host_rules import FILES, Rule
from plugins.list_addresses import is_list
from plugins.old_addresses import OldAddress
from plugins.problems import Problem, Severity, collected


def read(pelican: Pelican) -> None:
    """Read the list, and collect what is wrong with it by itself."""
    settings = pelican.settings
    content = Path(os.path.relpath(settings["PATH"]))
    languages = tuple(language.code for language in settings["FRAME"].languages)
    settings["OLD_ADDRESSES"], problems = old_addresses.read(content, languages)
    collected(settings).extend(problems)


def check(generators: list[Generator]) -> None:
    """Hold the list against the pages that there are."""
    settings = generators[0].settings
    file = Path(os.path.relpath(settings["PATH"]), old_addresses.FILE).as_posix()
    settings["OLD_ADDRESSES"] = [_as_gone(settings, old, file) for old in settings["OLD_ADDRESSES"]]
    for old in settings["OLD_ADDRESSES"]:
        collected(settings).extend(_wrong(old, settings["ADDRESSES"], file))
    settings["TITLES"] = {page.url: page.title for page in written_pages(generators)}


def _as_gone(settings: dict[str, Any], old: OldAddress, file: str) -> OldAddress:
    """``old``, which is gone where it leads to a list that went with the last story in it."""
    there = settings["ADDRESSES"].get(old.to, {})
    if old.language in there or not settings["GONE"] or not is_list(old.to, settings["TERMS"]):
        return old
    told = {"from": str(old), "to": old.to}
    collected(settings).append(
        Problem("redirects.list_gone", file, old.line, told, Severity.WARNING)
    )
    return replace(old, to="")


def _wrong(old: OldAddress, pages: dict[str, dict[str, str]], file: str) -> Iterator[Problem]:
    params = {"from": str(old)}
    target = pages.get(old.to, {}).get(old.language)
    if not old.gone and (target is None or old.to == NOT_FOUND):
        told = params | {"to": old.to, "language": old.language}
        yield Problem("redirects.target", file, old.line, told)
    shown = {path.rstrip("/") for paths in pages.values() for path in paths.values()}
    folder = re.sub(r"/index\.html?$", "", old.path.casefold())
    if old.query:
        # A page is shown whatever its query; it only may not lead to itself.
        if target and target.rstrip("/") == folder:
            yield Problem("redirects.loop", file, old.line, params)
    elif folder in shown:
        yield Problem("redirects.taken", file, old.line, params)


def write_pages(generator: PagesGenerator, **_given: Any) -> None:
    """Write a page at each old address where a static host can show one."""
    settings = generator.settings
    template = generator.get_template("moved")
    for rule in _rules(settings):
        if rule.old.page:
            name = rule.old.page.removeprefix("/")
            file = Path(settings["OUTPUT_PATH"], name + "index.html" * name.endswith("/"))
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8") as page:  # never over a page of today
                page.write(template.render(_standing(settings, rule)))


def write_rules(pelican: Pelican) -> None:
    """Write the files of rules beside the pages, if anything has moved or is gone."""
    settings = pelican.settings
    if rules := _rules(settings) + _taken_down(settings):
        for name, host in FILES.items():
            file = Path(settings["OUTPUT_PATH"], name)
            file.write_text(host.text(rules, settings["SITE_URL"]), encoding="utf-8")


def _rules(settings: dict[str, Any]) -> list[Rule]:
    pages: dict[str, dict[str, str]] = settings["ADDRESSES"]
    return [
        Rule(
            old,
            address(settings["FRAME"].language(old.language), NOT_FOUND)
            if old.gone
            else pages[old.to][old.language],
        )
        for old in settings["OLD_ADDRESSES"]
    ]


def _taken_down(settings: dict[str, Any]) -> list[Rule]:
    """What is shown no more (C9, C10): a story, of which a page says so, and a picture."""
    pages: dict[str, dict[str, str]] = settings["ADDRESSES"]
    stories = [path for key in settings["GONE"] for path in pages[key].values()]
    lost = address(settings["FRAME"].languages[0], NOT_FOUND)
    return [
        *(host_rules.gone(path, path) for path in sorted(stories)),
        *(
            host_rules.gone(f"/{pictures.FOLDER}/{name}", lost)
            for path in sorted(settings["OUT"])
            for name in pictures.names_of(Path(path).name)
        ),
    ]


def _standing(settings: dict[str, Any], rule: Rule) -> dict[str, Any]:
    return templating.page_context(
        settings["FRAME"],
        settings["FRAME"].language(rule.old.language),
        organisation=settings["GIVING"].organisation,
        site_url=settings["SITE_URL"],
        demo=settings["DEMO"],
        donations_url=settings["DONATIONS_URL"],
        alternates=settings["ADDRESSES"].get(rule.old.to),
    ) | {
        "how": "gone" if rule.old.gone else "moved",
        "target": rule.target,
        "target_title": settings["TITLES"].get(rule.target),
    }


def register() -> None:
    signals.initialized.connect(read)
    signals.all_generators_finalized.connect(check)
    signals.page_writer_finalized.connect(write_pages)
    signals.finalized.connect(write_rules)
