"""Languages: where each page lives, which pages belong together, and what each stands in.

One table of pages and languages gives the switch, hreflang, canonical links, the sitemap and the
links between pages: ``settings["ADDRESSES"]``, from a page's key and a language's code to a path.
``settings["STAND_INS"]`` is the same for the pages that show the source's text in the frame of a
language that has none yet (``plugins.fallback``), so that only who asks for these gets them.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from pelican import Pelican
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.plugins import signals
from pelican.writers import Writer

from donations_api import templating
from donations_api.frame import Frame, Language
from plugins import sources, structured_data
from plugins.problems import Problem, Severity, collected

NOT_FOUND = "404"


def address(language: Language, key: str) -> str:
    """The path of a page; the one for lost visitors has the name that static hosts look for."""
    return f"{language.root}404.html" if key == NOT_FOUND else language.page(key)


def settle(generator: Generator, metadata: dict[str, Any]) -> None:
    """Give a page or a news item its path and its template, from its key and its language."""
    language = generator.settings["FRAME"].language(metadata["lang"])
    key = metadata["translation_key"]
    path = address(language, key)
    metadata["url"] = path
    metadata["save_as"] = path.removeprefix("/") + ("index.html" if path.endswith("/") else "")
    own = Path(generator.theme, "templates", f"{key}.html")
    usual = "article" if sources.is_news(key) else "page"
    metadata.setdefault("template", key if own.exists() else usual)


def pair(generators: list[Generator]) -> None:
    """Fill the table of addresses, and say which translations are missing."""
    settings = generators[0].settings
    table: dict[str, dict[str, str]] = settings["ADDRESSES"]
    frame: Frame = settings["FRAME"]
    content = sources.relative(settings["PATH"])
    for page in pages_of(generators):
        table.setdefault(page.translation_key, {})[page.lang] = page.url
    for key in dict.fromkeys(page.translation_key for page in pages_of(generators)):
        paths = table[key]
        for language in frame.written:
            missing = sources.source(content, key, language.code)
            # What is there and not for today has been told of already.
            if language.code not in paths and missing not in settings["WITHHELD"]:
                there = sources.source(content, key, frame.original(paths).code).as_posix()
                collected(settings).append(
                    Problem(
                        "translation.missing",
                        there,
                        params={"file": missing.as_posix(), "language": language.name},
                        severity=Severity.WARNING,
                    )
                )


class LanguageWriter(Writer):
    """Writes each page in the context of its own language."""

    def write_file(
        self, name: str, template: Any, context: dict[str, Any], *args: Any, **given: Any
    ) -> None:
        """As Pelican's; the template's ``page`` is its front matter and its ``content``."""
        if not name:  # Pelican's page of a category, which this site does not have
            return
        page = given.pop("article", None) or given.pop("page")
        content = Markup(page.content)  # noqa: S704  made by Markdown; verify looks at it again
        standing = _standing(context, page)
        told = standing | {"language": standing["written_in"]}  # machines are told of the text
        shared = context["SHARED"].get((page.translation_key, told["language"].code))
        head = page.metadata | days_of(page) | {"shared": shared, "pictured": "<img" in content}
        standing["structured_data"] = structured_data.describe(page.translation_key, head, told)
        given["page"] = SimpleNamespace(**head, content=content)
        super().write_file(name, template, context | standing, *args, **given)


def _standing(settings: dict[str, Any], page: Any) -> dict[str, Any]:
    frame: Frame = settings["FRAME"]
    giving = settings["GIVING"]
    around: dict[str, Any] = settings["AROUND"].get((page.translation_key, page.lang), {})
    standing = templating.page_context(
        frame,
        frame.language(page.lang),
        organisation=giving.organisation,
        site_url=settings["SITE_URL"],
        demo=settings["DEMO"],
        donations_url=settings["DONATIONS_URL"],
        page_key=page.translation_key,
        alternates=settings["ADDRESSES"][page.translation_key],
        stand_ins=settings["STAND_INS"].get(page.translation_key),
        otherwise=_above(page.translation_key, settings["ADDRESSES"]),
    )
    # Pelican's own name for what a site is called, which would be the same in all languages.
    standing["SITENAME"] = frame.text(giving.organisation.name, standing["language"])
    standing |= giving.form(page.lang, sandbox=settings["DEMO"], today=settings["TODAY"])
    standing |= {"form": {"values": {}, "errors": []}, "feed": settings["FEEDS"].get(page.lang)}
    return standing | around


def _above(key: str, addresses: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What a page stands below, in each language: where the switch leads if there is no sister."""
    parts = key.split("/")
    found: dict[str, str] = {}
    for depth in range(1, len(parts)):
        found |= addresses.get("/".join(parts[:depth]), {})
    return found


def begin(pelican: Pelican) -> None:
    """Lay out the tables of addresses; settings and generators share them."""
    pelican.settings["ADDRESSES"] = {}
    pelican.settings["STAND_INS"] = {}


def prepare(generator: Generator) -> None:
    """Give the templates their words and filters."""
    templating.prepare(generator.env, *generator.settings["FRAME"].words)
    # Chinese stays readable in a page's JSON; Jinja's filter escapes what HTML would act on.
    generator.env.policies["json.dumps_kwargs"] = {"ensure_ascii": False}


def choose_writer(_pelican: Pelican) -> type[Writer]:
    """Pelican's signal for a writer of one's own."""
    return LanguageWriter


def pages_of(generators: list[Generator]) -> list[Any]:
    """All pages and news items, in all languages; no page that only stands in for another."""
    found: list[Any] = []
    for generator in generators:
        if isinstance(generator, PagesGenerator):
            found += [*generator.pages, *generator.translations]
        elif isinstance(generator, ArticlesGenerator):
            found += [*generator.articles, *generator.translations]
    return found


def written_pages(generators: list[Generator]) -> list[Any]:
    """Every page that Pelican will write from a file: also those that stand in for another."""
    stand_ins = (getattr(generator, "hidden_translations", []) for generator in generators)
    return pages_of(generators) + [page for pages in stand_ins for page in pages]


def days_of(page: Any) -> dict[str, date]:
    """The days that a page's head names: when it was written, when it was changed."""
    return {
        name: page.metadata[name].date() for name in ("date", "modified") if name in page.metadata
    }


def register() -> None:
    signals.initialized.connect(begin)
    signals.generator_init.connect(prepare)
    signals.page_generator_context.connect(settle)
    signals.article_generator_context.connect(settle)
    signals.all_generators_finalized.connect(pair)
    signals.get_writer.connect(choose_writer)
