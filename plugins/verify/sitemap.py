"""Rule W1: the sitemap lists each page that may be found, with its sisters as it names them."""

from collections.abc import Iterator
from xml.etree import ElementTree

from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Site

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_LINK = "{http://www.w3.org/1999/xhtml}link"


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Addresses on which the sitemap and the pages disagree, and robots that know no sitemap."""
    wanted = {
        expected.site_url + page.path: sorted(page.links("alternate"))
        for page in site.pages
        if page.indexed
    }
    listed: dict[str, list[tuple[str, str]]] = {}
    if "/sitemap.xml" in site.files:
        # Made by this very build from the site's own paths, so it holds nothing to expand.
        root = ElementTree.fromstring(site.read("/sitemap.xml"))  # noqa: S314
        listed = {
            url.findtext(f"{_SITEMAP}loc", ""): sorted(
                (link.get("hreflang", ""), link.get("href", "")) for link in url.iter(_LINK)
            )
            for url in root.iter(f"{_SITEMAP}url")
        }
    for address in sorted(wanted.keys() | listed.keys()):
        if wanted.get(address) != listed.get(address):
            yield Problem("W1.sitemap", "/sitemap.xml", params={"address": address})
    if f"Sitemap: {expected.site_url}/sitemap.xml" not in _robots(site):
        yield Problem("W1.robots", "/robots.txt")


def _robots(site: Site) -> list[str]:
    return site.read("/robots.txt").splitlines() if "/robots.txt" in site.files else []
