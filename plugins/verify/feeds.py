"""Each list of news has its Atom feed (RFC 4287): all news of a language, and those of a topic.

What a feed has to tell comes from the built pages: the days that they give to search engines, and
the topics that they link to.
"""

import json
from collections.abc import Iterator
from xml.etree import ElementTree

from plugins import sources
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

LATEST = 50  # of what a feed has to tell, so many at least and at most, or all
_ATOM = "{http://www.w3.org/2005/Atom}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Feeds that are missing, that no reader would take, or that tell other news than the pages."""
    news = [page for page in site.pages if sources.is_news(page.key) and page.indexed]
    wanted = _wanted(site, expected, news)
    for path, (listing, pages) in wanted.items():
        if path not in [one["href"] for one in listing.all("link") if one.is_feed]:
            yield listing.problem("W6.feed_link", address=path)
        if reasons := _wrong(site, path, listing, pages, expected.site_url):
            yield Problem("W6.feed", path, params={"what": ", ".join(reasons)})
    for path in sorted(site.files):
        if path.endswith("/feed.xml") and path not in wanted:
            yield Problem("stray", path)


def _wanted(
    site: Site, expected: Expectations, news: list[Page]
) -> dict[str, tuple[Page, list[Page]]]:
    """The feeds that have to be there, each with the page that lists the same, and its news."""
    wanted: dict[str, tuple[Page, list[Page]]] = {}
    for language in expected.frame.languages:
        listing = site.by_path.get(language.page(sources.NEWS))
        if not listing or not listing.indexed:
            continue
        own = [page for page in news if page.language == language]
        wanted[f"{language.root}feed.xml"] = (listing, own)
        by_topic: dict[str, list[Page]] = {}
        for page in own:
            for link in page.all("a"):
                if link["rel"] == "tag":
                    by_topic.setdefault(link["href"], []).append(page)
        for term in expected.terms.values():
            if gathering := site.by_path.get(path := term.address(language)):
                wanted[f"{path}feed.xml"] = (gathering, by_topic.get(path, []))
    return wanted


def _wrong(site: Site, path: str, listing: Page, pages: list[Page], site_url: str) -> list[str]:
    try:
        # Made by this very build, so it holds nothing to expand.
        feed = ElementTree.fromstring(site.read(path))  # noqa: S314
    except (FileNotFoundError, ElementTree.ParseError) as error:
        return [str(error)]
    entries = feed.findall(f"{_ATOM}entry")
    days = {site_url + page.path: _day(page) for page in pages}
    told = {link for entry in entries for link in _links(entry, "alternate")}
    newest = sorted(days.values(), reverse=True)[:LATEST]
    right = {
        "feed": feed.tag == f"{_ATOM}feed",
        "xml:lang": feed.get(_LANGUAGE) == listing.language.tag,
        "link self": _links(feed, "self") == [site_url + path],
        "link alternate": _links(feed, "alternate") == [site_url + listing.path],
        "author": bool(feed.findtext(f"{_ATOM}author/{_ATOM}name")),
        # Which of those of one day are left out of a long feed is the feed's affair.
        "entry": sorted((days.get(one, "") for one in told), reverse=True) == newest,
        "entry twice": len({entry.findtext(f"{_ATOM}id") for entry in entries}) == len(entries),
    }
    for name in ("title", "id", "updated"):
        right[name] = all(one.findtext(f"{_ATOM}{name}") for one in (feed, *entries))
    return [name for name, is_right in right.items() if not is_right]


def _day(page: Page) -> str:
    """The day of a news item, as its page tells it; empty where it tells none."""
    for block in (element.text for element in page.all("script") if element.is_data):
        try:
            return str(json.loads(block)["datePublished"])
        except (ValueError, KeyError, TypeError):  # told already, as W6.data
            continue
    return ""


def _links(element: ElementTree.Element, rel: str) -> list[str]:
    links = element.findall(f"{_ATOM}link")
    return [link.get("href", "") for link in links if link.get("rel") == rel]
