"""Rule W2: a page asks no other host for anything, runs no script, and says so in its policy."""

import re
from collections.abc import Iterator

from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Page, Site

_POLICY = "Content-Security-Policy"
_FORBIDDEN = {"script", "style", "iframe", "frame", "object", "embed", "base", "portal"}
_FETCHED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch"}
_FETCHED_LINKS |= {"modulepreload", "manifest", "apple-touch-icon", "mask-icon", "prerender"}
_URL = re.compile(r"url\(\s*[\"']?([^)\"']*)|@import\s+[\"']([^\"']*)")


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """What would run, or would tell another host of the visit."""
    for page in site.pages:
        policies = [one for one in page.all("meta") if one["http-equiv"] == _POLICY]
        if not policies or "default-src 'none'" not in policies[0]["content"]:
            yield page.problem("W2.policy")
        for element in page.elements:
            yield from _element_problems(page, element, expected)
    for path in sorted(site.files):
        if path.endswith(".css"):
            yield from _css_problems(path, site.read(path), expected.site_url)


def _element_problems(page: Page, element: Element, expected: Expectations) -> Iterator[Problem]:
    if element.tag in _FORBIDDEN and not element.is_data:
        yield page.problem("W2.script", f"<{element.tag}", found=f"<{element.tag}>")
    if element["http-equiv"].lower() == "refresh" and page.path not in expected.old_pages:
        yield page.problem("W2.script", "refresh", found="<meta http-equiv=refresh>")
    for name in element.attributes:
        if name.startswith("on") or name == "style":
            yield page.problem("W2.script", f"{name}=", found=f"{name}=")
    for address in _fetched(element):
        if _is_foreign(address, expected.site_url):
            yield page.problem("W2.other_host", address, address=address)


def _fetched(element: Element) -> Iterator[str]:
    """The addresses that a browser asks for by itself when it shows the element."""
    if element.tag == "link" and _FETCHED_LINKS & set(element["rel"].lower().split()):
        yield element["href"]
    for name in ("src", "poster", "data", "background", "ping"):
        if name in element.attributes:
            yield element[name]
    yield from (found.rstrip(",") for found in re.findall(r"\S*//\S+", element["srcset"]))
    if element.tag in ("image", "use"):
        yield element["href"] or element["xlink:href"]


def _is_foreign(address: str, site_url: str) -> bool:
    if address.startswith("data:"):
        return False
    elsewhere = re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", address.strip().lower())
    return bool(elsewhere) and not f"{address}/".startswith(f"{site_url}/")


def _css_problems(path: str, css: str, site_url: str) -> Iterator[Problem]:
    for match in _URL.finditer(css):
        address = match[1] or match[2] or ""
        if _is_foreign(address, site_url):
            yield Problem("W2.other_host", path, params={"address": address})
    if "@font-face" in css:
        yield Problem("W2.font", path)
