"""Atom feeds (RFC 4287): of all news of a language, and of each topic in it.

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
from plugins.bilingual import pages_of
from plugins.news import Item

LATEST = 50  # items in a feed; older ones are in the lists


@dataclass(frozen=True, slots=True)
class Feed:
    """``path`` is the feed's own address, ``title`` what readers call it.

    ``listing`` is the path of the page that lists the same.
    """

    path: str
    title: str
    listing: str
    language: Language
    items: tuple[Item, ...]


class _Atom(Atom1Feed):
    """An Atom feed that says the same in every build."""

    def latest_post_date(self) -> datetime:
        """The library takes this very moment for a feed in which there is nothing yet."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)


def begin(pelican: Pelican) -> None:
    """Lay out the table of the languages' feeds; settings and templates share it."""
    pelican.settings["FEEDS"] = {}
    pelican.settings["TOPIC_FEEDS"] = []


def gather(generators: list[Generator]) -> None:
    """Find the feeds of each language for the pages that name them."""
    settings = generators[0].settings
    frame: Frame = settings["FRAME"]
    for page in pages_of(generators):
        if page.translation_key == sources.NEWS:
            language = frame.language(page.lang)
            path, items = f"{language.root}feed.xml", settings["NEWS"][page.lang]
            title = f"{page.title} · {_organisation(settings, language)}"
            settings["FEEDS"][page.lang] = _feed(path, title, page.url, language, items)
    titles = {page.url: page.title for page in pages_of(generators)}
    for key in settings["TERMS"]:
        for code, path in settings["ADDRESSES"].get(f"topics/{key}", {}).items():
            if code in settings["FEEDS"]:
                language = frame.language(code)
                items = [item for item in settings["NEWS"][code] if key in item.topics]
                title = f"{titles[path]} · {_organisation(settings, language)}"
                feed = _feed(f"{path}feed.xml", title, path, language, items)
                settings["TOPIC_FEEDS"].append(feed)
                settings["AROUND"][f"topics/{key}", code]["topic_feed"] = feed


def _feed(path: str, title: str, listing: str, language: Language, items: list[Item]) -> Feed:
    return Feed(path, title, listing, language, tuple(items[:LATEST]))


def write(pelican: Pelican) -> None:
    """Write the feeds beside the pages."""
    settings = pelican.settings
    for feed in (*settings["FEEDS"].values(), *settings["TOPIC_FEEDS"]):
        file = Path(settings["OUTPUT_PATH"], feed.path.removeprefix("/"))
        file.write_text(_atom(settings, feed), encoding="utf-8")


def _atom(settings: dict[str, Any], feed: Feed) -> str:
    site_url = settings["SITE_URL"]
    atom = _Atom(
        title=feed.title,
        link=site_url + feed.listing,
        description=None,
        language=feed.language.tag,
        author_name=_organisation(settings, feed.language),
        feed_url=site_url + feed.path,
        feed_guid=site_url + feed.path,
    )
    for item in feed.items:
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
