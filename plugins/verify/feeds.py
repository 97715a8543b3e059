"""Each language that lists its news has an Atom feed of exactly these (RFC 4287), and says so."""

from collections.abc import Iterator
from xml.etree import ElementTree

from donations_api.frame import Language
from plugins import sources
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Site

_ATOM = "{http://www.w3.org/2005/Atom}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Feeds that are missing, that no reader would take, or that leave news out."""
    for language in expected.frame.languages:
        path = f"{language.root}feed.xml"
        listing = site.by_path.get(language.page(sources.NEWS))
        if not listing or listing.written_in:
            continue
        if path not in [one["href"] for one in listing.all("link") if one.is_feed]:
            yield listing.problem("W6.feed_link", address=path)
        if reasons := _wrong(site, path, language, expected.site_url):
            yield Problem("W6.feed", path, params={"what": ", ".join(reasons)})


def _wrong(site: Site, path: str, language: Language, site_url: str) -> list[str]:
    try:
        # Made by this very build, so it holds nothing to expand.
        feed = ElementTree.fromstring(site.read(path))  # noqa: S314
    except (FileNotFoundError, ElementTree.ParseError) as error:
        return [str(error)]
    entries = feed.findall(f"{_ATOM}entry")
    wanted = {
        site_url + page.path
        for page in site.pages
        if sources.is_news(page.key) and page.language == language and not page.written_in
    }
    right = {
        "feed": feed.tag == f"{_ATOM}feed",
        "xml:lang": feed.get(_LANGUAGE) == language.tag,
        "link self": _links(feed, "self") == [site_url + path],
        "link alternate": _links(feed, "alternate") == [site_url + language.page(sources.NEWS)],
        "author": bool(feed.findtext(f"{_ATOM}author/{_ATOM}name")),
        "entry": {link for entry in entries for link in _links(entry, "alternate")} == wanted,
        "entry twice": len({entry.findtext(f"{_ATOM}id") for entry in entries}) == len(entries),
    }
    for name in ("title", "id", "updated"):
        right[name] = all(one.findtext(f"{_ATOM}{name}") for one in (feed, *entries))
    return [name for name, is_right in right.items() if not is_right]


def _links(element: ElementTree.Element, rel: str) -> list[str]:
    links = element.findall(f"{_ATOM}link")
    return [link.get("href", "") for link in links if link.get("rel") == rel]
