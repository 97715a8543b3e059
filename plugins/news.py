"""News: the items of each language, newest first, for the lists and feeds that show them."""

from dataclasses import dataclass
from datetime import date

from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from plugins import sources
from plugins.bilingual import days_of, pages_of


@dataclass(frozen=True, slots=True)
class Item:
    """A news item as lists and feeds show it; ``path`` is its address within the site."""

    key: str
    path: str
    title: str
    description: str
    published: date
    modified: date
    topics: tuple[str, ...]


def begin(pelican: Pelican) -> None:
    """Lay out the table by the languages' codes; the plugins that show news share it."""
    settings = pelican.settings
    settings["NEWS"] = {language.code: [] for language in settings["FRAME"].languages}


def gather(generators: list[Generator]) -> None:
    """Collect the items of each language."""
    news: dict[str, list[Item]] = generators[0].settings["NEWS"]
    for page in pages_of(generators):
        if sources.is_news(page.translation_key):
            days = days_of(page)
            item = Item(
                key=page.translation_key,
                path=page.url,
                title=page.title,
                description=page.metadata["description"],
                published=days["date"],
                modified=days.get("modified", days["date"]),
                topics=tuple(page.metadata["topics"]),
            )
            news[page.lang].append(item)
    for items in news.values():
        items.sort(key=lambda item: (item.published, item.path), reverse=True)


def register() -> None:
    signals.initialized.connect(begin)
    signals.all_generators_finalized.connect(gather)
