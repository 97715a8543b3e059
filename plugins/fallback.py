"""Where a translation is missing, a page that shows the source's text and says that it does.

Menus and links so lead to something in every language, and nothing pretends to be a translation:
the text is marked with its own language, the notice above it is in the reader's, and neither
search engines nor lists nor feeds are told of the page. ``[fallback]`` in ``content/site.toml``
says for which sections.
"""

from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.plugins import signals

from donations_api.frame import Frame
from plugins import sources
from plugins.bilingual import pages_of
from plugins.versions import version


def stand_in(generators: list[Generator]) -> None:
    """Make the pages; as Pelican's hidden ones, which are written and listed nowhere."""
    for generator in generators:
        if isinstance(generator, PagesGenerator):
            _stand_in(generator, sources.PAGES)
        elif isinstance(generator, ArticlesGenerator):
            _stand_in(generator, sources.NEWS)


def _stand_in(generator: Generator, section: str) -> None:
    frame: Frame = generator.settings["FRAME"]
    if section not in frame.fallback:
        return
    for page in pages_of([generator]):
        paths = generator.settings["ADDRESSES"][page.translation_key]
        if page.lang != frame.original(paths).code:
            continue
        for language in frame.languages:
            if language.code not in paths:
                made = version(generator, page, language)
                generator.hidden_translations.append(made)
                table = generator.settings["STAND_INS"].setdefault(page.translation_key, {})
                table[language.code] = made.url


def register() -> None:
    signals.all_generators_finalized.connect(stand_in)
