"""The lists of each language: all news, that of a year or a month, and what belongs to a topic.

A list is as many pages as its items need; below the first lie ``p2/``, ``p3/``, … They are pages as
any other, in the table of addresses too, so that the switch, hreflang and the sitemap know them.
What stands around a page's own text (the list it shows, the way to it, its neighbours) is in
``settings["AROUND"]`` by the page's key and the language's code, for the templates.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from pelican import Pelican
from pelican.contents import Page
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals

from donations_api.frame import Language
from plugins import sources
from plugins.bilingual import pages_of
from plugins.made_pages import Maker
from plugins.news import Item

PER_PAGE = 12
MANY = 3 * PER_PAGE  # a year with more news than this is listed by months too
_YEAR, _MONTH = "y", "yMMMM"  # skeletons of Unicode's TR 35


@dataclass(frozen=True, slots=True)
class Link:
    """Where one can go from a list, or has come from."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. ``newer`` and ``older`` are the paths of its neighbours, or empty.

    ``pages`` have no day: a topic's pages stand above its news. ``periods`` divide the list.
    """

    items: tuple[Item, ...]
    number: int
    count: int
    newer: str
    older: str
    pages: tuple[Link, ...] = ()
    topics: tuple[Link, ...] = ()
    periods: tuple[Link, ...] = ()


def begin(pelican: Pelican) -> None:
    """Lay out what stands around the pages."""
    pelican.settings["AROUND"] = {}


def make(generators: list[Generator]) -> None:
    """Make the lists of each language, of the pages and news that it has."""
    generator = next(one for one in generators if isinstance(one, PagesGenerator))
    pages: dict[str, list[Any]] = defaultdict(list)
    for page in pages_of(generators):
        pages[page.lang].append(page)
    for language in generator.settings["FRAME"].languages:
        _Lists(generator, language, pages[language.code]).make()


class _Lists:
    """The lists of one language."""

    def __init__(self, generator: PagesGenerator, language: Language, pages: list[Any]) -> None:
        self.settings, self.language = generator.settings, language
        self._maker = Maker(generator, language, "news")
        self._say = self._maker.say
        self.pages = [page for page in pages if not sources.is_news(page.translation_key)]
        self.items: list[Item] = self.settings["NEWS"][language.code]
        self.news = next((one for one in self.pages if one.translation_key == sources.NEWS), None)
        self.terms = {
            key: Link(self.settings["FRAME"].text(term.name, language), term.address(language))
            for key, term in self.settings["TERMS"].items()
            if any(key in one.topics for one in self.items) or self._pages_about(key)
        }

    def make(self) -> None:
        for key, link in self.terms.items():
            title = self._say("topic.title", name=link.text)
            said = self._say("topic.description", name=link.text)
            first = self._maker.page(f"topics/{key}", link.path, title, said)
            items = [item for item in self.items if key in item.topics]
            self._fill(first, items, self._way(), pages=self._pages_about(key))
        if self.news:
            years = dict(self._periods(self.items, _YEAR))
            links = tuple(self._period(items, _YEAR) for items in years.values())
            topics = tuple(self.terms.values())
            self._fill(self.news, self.items, (), topics=topics, periods=links)
            for items in years.values():
                self._make_year(items)
        for item, newer, older in zip(
            self.items, [None, *self.items], [*self.items[1:], None], strict=False
        ):
            self.settings["AROUND"][item.key, self.language.code] = {
                "trail": (*self._way(), self._period([item], _YEAR)) if self.news else (),
                "newer": newer,
                "older": older,
                "topics": [self.terms[key] for key in self.terms if key in item.topics],
            }

    def _make_year(self, items: list[Item]) -> None:
        months = dict(self._periods(items, _MONTH)) if len(items) > MANY else {}
        links = tuple(self._period(items, _MONTH) for items in months.values())
        year = self._period(items, _YEAR)
        self._fill(self._page_of(items, _YEAR), items, self._way(), periods=links)
        for of_month in months.values():
            self._fill(self._page_of(of_month, _MONTH), of_month, (*self._way(), year))

    def _fill(
        self, first: Page, items: list[Item], way: tuple[Link, ...], **beside: tuple[Link, ...]
    ) -> None:
        """Show the items on the page ``first`` and on as many more as they need."""
        parts = [items[at : at + PER_PAGE] for at in range(0, len(items), PER_PAGE)] or [[]]
        keys, paths = self._maker.further(first, len(parts))
        for number, part in enumerate(parts, start=1):
            key = keys[number - 1]
            trail = way if number == 1 else (*way, Link(first.title, first.url))
            listing = Listing(
                items=tuple(part),
                number=number,
                count=len(parts),
                newer=paths[number - 2] if number > 1 else "",
                older=paths[number] if number < len(parts) else "",
                **(beside if number == 1 else {}),
            )
            around = {"listing": listing, "trail": trail}
            self.settings["AROUND"][key, self.language.code] = around

    def _page_of(self, items: list[Item], skeleton: str) -> Page:
        period = self._period(items, skeleton)
        title = self._say("period.title", period=period.text)
        said = self._say("period.description", period=period.text)
        key = _period_key(items[0].published, skeleton)
        return self._maker.page(key, period.path, title, said)

    def _period(self, items: list[Item], skeleton: str) -> Link:
        day = items[0].published
        text = format_skeleton(skeleton, day, locale=self.language.locale)
        return Link(text, self.language.page(_period_key(day, skeleton)))

    def _periods(self, items: Iterable[Item], skeleton: str) -> Iterator[tuple[str, list[Item]]]:
        found: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            found[_period_key(item.published, skeleton)].append(item)
        yield from found.items()

    def _pages_about(self, key: str) -> tuple[Link, ...]:
        about = (page for page in self.pages if key in page.metadata["topics"])
        return tuple(Link(page.title, page.url) for page in about)

    def _way(self) -> tuple[Link, ...]:
        return (Link(self.news.title, self.news.url),) if self.news else ()


def _period_key(day: date, skeleton: str) -> str:
    return f"{sources.NEWS}/{day:%Y}" if skeleton == _YEAR else f"{sources.NEWS}/{day:%Y/%m}"


def register() -> None:
    signals.initialized.connect(begin)
    signals.all_generators_finalized.connect(make)
