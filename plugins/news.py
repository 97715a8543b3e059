"""News: the items of each language, newest first, and an Atom feed of them (RFC 4287).

A language has a feed when it has a page that lists the news, ``content/pages/news.<language>.md``.
The feed is there when nothing was published yet, too: whoever subscribes early misses nothing.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import StringIO
from pathlib import Path
from typing import Any

from feedgenerator import Atom1Feed
from markupsafe import escape
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from donations_api.frame import Frame, Language
from plugins import sources
from plugins.bilingual import days_of, pages_of

LIST = "news"  # the key of the page that lists them


@dataclass(frozen=True, slots=True)
class Item:
    """A news item as the list and the feed show it; ``path`` is its address within the site."""

    path: str
    title: str
    description: str
    published: date
    modified: date


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a language's feed is, and what readers call it."""

    path: str
    title: str


class _Atom(Atom1Feed):
    """An Atom feed that says the same in every build."""

    def latest_post_date(self) -> datetime:
        """The library takes this very moment for a feed in which there is nothing yet."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)


def begin(pelican: Pelican) -> None:
    """Lay out the tables by the languages' codes; settings and templates share them."""
    settings = pelican.settings
    settings["NEWS"] = {language.code: [] for language in settings["FRAME"].languages}
    settings["FEEDS"] = {}


def gather(generators: list[Generator]) -> None:
    """Collect the items and the feeds of each language for the pages that show them."""
    settings = generators[0].settings
    for page in pages_of(generators):
        if sources.is_news(page.translation_key):
            days = days_of(page)
            modified = days.get("modified", days["date"])
            said = page.metadata["description"]
            item = Item(page.url, page.title, said, days["date"], modified)
            settings["NEWS"][page.lang].append(item)
        elif page.translation_key == LIST:
            language = settings["FRAME"].language(page.lang)
            title = f"{page.title} · {_organisation(settings, language)}"
            settings["FEEDS"][page.lang] = Feed(f"{language.root}feed.xml", title)
    for items in settings["NEWS"].values():
        items.sort(key=lambda item: (item.published, item.path), reverse=True)


def write(pelican: Pelican) -> None:
    """Write the feeds beside the pages."""
    settings = pelican.settings
    for code, feed in settings["FEEDS"].items():
        file = Path(settings["OUTPUT_PATH"], feed.path.removeprefix("/"))
        file.write_text(_atom(settings, feed, code), encoding="utf-8")


def _atom(settings: dict[str, Any], feed: Feed, code: str) -> str:
    language, site_url = settings["FRAME"].language(code), settings["SITE_URL"]
    atom = _Atom(
        title=feed.title,
        link=site_url + language.page(LIST),
        description=None,
        language=language.tag,
        author_name=_organisation(settings, language),
        feed_url=site_url + feed.path,
        feed_guid=site_url + feed.path,
    )
    for item in settings["NEWS"][code]:
        atom.add_item(
            title=item.title,
            link=site_url + item.path,
            description=escape(item.description),  # the library says that it is HTML
            unique_id=site_url + item.path,
            pubdate=_begin_of(item.published),
            updateddate=_begin_of(item.modified),
        )
    written = StringIO()
    atom.write(written, "utf-8")
    return written.getvalue()


def _organisation(settings: dict[str, Any], language: Language) -> str:
    frame: Frame = settings["FRAME"]
    return frame.text(settings["GIVING"].organisation.name, language)


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def register() -> None:
    signals.initialized.connect(begin)
    signals.all_generators_finalized.connect(gather)
    signals.finalized.connect(write)
