"""Languages: where each page lives, which pages belong together, and what each stands in.

One table of pages and languages gives the switch, hreflang, canonical links and the sitemap:
``settings["ADDRESSES"]``, from a page's key and a language's code to a path.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from pelican import Pelican
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals
from pelican.writers import Writer

from donations_api import frame as framing
from donations_api.frame import Frame, Language
from plugins.problems import Problem, Severity, collected

NOT_FOUND = "404"


def address(language: Language, key: str) -> str:
    """The path of a page; the one for lost visitors has the name that static hosts look for."""
    return f"{language.root}404.html" if key == NOT_FOUND else language.page(key)


def settle(generator: PagesGenerator, metadata: dict[str, Any]) -> None:
    """Give a page its path and its template, from its key and its language."""
    language = generator.settings["FRAME"].language(metadata["lang"])
    key = metadata["translation_key"]
    path = address(language, key)
    metadata["url"] = path
    metadata["save_as"] = path.removeprefix("/") + ("index.html" if path.endswith("/") else "")
    own = Path(generator.theme, "templates", f"{key}.html")
    metadata.setdefault("template", key if own.exists() else "page")


def pair(generators: list[Generator]) -> None:
    """Fill the table of addresses, and say which translations are missing."""
    settings = generators[0].settings
    table: dict[str, dict[str, str]] = settings["ADDRESSES"]
    frame: Frame = settings["FRAME"]
    for page in _pages(generators):
        table.setdefault(page.translation_key, {})[page.lang] = page.url
    for key, paths in table.items():
        for language in frame.languages:
            if language.code not in paths:
                missing = f"content/pages/{key}.{language.code}.md"
                there = f"content/pages/{key}.{next(iter(paths))}.md"
                collected(settings).append(
                    Problem(
                        "translation.missing",
                        there,
                        params={"file": missing, "language": language.name},
                        severity=Severity.WARNING,
                    )
                )


class LanguageWriter(Writer):
    """Writes each page in the context of its own language."""

    def write_file(
        self, name: str, template: Any, context: dict[str, Any], *args: Any, **given: Any
    ) -> None:
        """As Pelican's; the template's ``page`` is its front matter and its ``content``."""
        page = given.pop("page")
        content = Markup(page.content)  # noqa: S704  made by Markdown; verify looks at it again
        given["page"] = SimpleNamespace(**(page.metadata | {"content": content}))
        super().write_file(name, template, context | _standing(context, page), *args, **given)


def _standing(settings: dict[str, Any], page: Any) -> dict[str, Any]:
    frame: Frame = settings["FRAME"]
    giving = settings["GIVING"]
    language = frame.language(page.lang)
    return framing.page_context(
        frame,
        language,
        organisation=giving.organisation,
        site_url=settings["SITE_URL"],
        demo=settings["DEMO"],
        donations_url=settings["DONATIONS_URL"],
        page_key=page.translation_key,
        alternates=settings["ADDRESSES"][page.translation_key],
    ) | {
        "giving": giving,
        "recipients": giving.asking(page.lang, sandbox=settings["DEMO"]),
        "form": {"values": {}, "errors": []},
    }


def begin(pelican: Pelican) -> None:
    """Lay out the table of addresses; settings and generators share it."""
    pelican.settings["ADDRESSES"] = {}


def prepare(generator: Generator) -> None:
    """Give the templates their words and filters."""
    framing.prepare(generator.env, Path(generator.theme, "locale"))


def choose_writer(_pelican: Pelican) -> type[Writer]:
    """Pelican's signal for a writer of one's own."""
    return LanguageWriter


def _pages(generators: list[Generator]) -> list[Any]:
    found = next(one for one in generators if isinstance(one, PagesGenerator))
    return [*found.pages, *found.translations]


def register() -> None:
    signals.initialized.connect(begin)
    signals.generator_init.connect(prepare)
    signals.page_generator_context.connect(settle)
    signals.all_generators_finalized.connect(pair)
    signals.get_writer.connect(choose_writer)
