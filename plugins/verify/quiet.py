"""Rule W2: a page asks no other host for anything, and its policy says what may run: nothing.

Two pages run a script of our own, each its one: see ``running``.
"""

import re
from collections.abc import Iterator

from plugins.problems import Problem
from plugins.verify import running
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Page, Site

_POLICY = "Content-Security-Policy"
_RUNNING = re.compile(r"(?:(?:script|connect|worker|child|frame|object)-src|sandbox)[^;]*")
_FORBIDDEN = {"script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "base"}
_FORBIDDEN |= {"portal", "math", "foreignobject", "set", "animate", "animatemotion"}
_FORBIDDEN |= {"animatetransform", "xmp", "plaintext"}
_RUNS = {"style", "srcdoc", "formaction", "ping", "target", "background"}
_ADDRESSES = ("href", "xlink:href", "src", "action", "data", "poster", "cite", "longdesc")
_SCHEMES = {"http", "https", "mailto", "tel"}
_IGNORED = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\ufeff]")  # what some browser skips
_FETCHED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch"}
_FETCHED_LINKS |= {"modulepreload", "manifest", "apple-touch-icon", "mask-icon", "prerender"}
_URL = re.compile(r"url\(\s*[\"']?([^)\"']*)|@import\s+[\"']([^\"']*)")


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """What would run, or would tell another host of the visit."""
    for page in site.pages:
        policies = [one for one in page.all("meta") if one["http-equiv"] == _POLICY]
        if not policies or not _is_strict(policies[0]["content"], page):
            yield page.problem("W2.policy")
        for element in page.elements:
            yield from _element_problems(page, element, expected)
    for path in sorted(site.files):
        if path.endswith(".css"):
            yield from _css_problems(path, site.read(path), expected.site_url)


def _is_strict(policy: str, page: Page) -> bool:
    allowed = running.allowed(page)
    return "default-src 'none'" in policy and _RUNNING.findall(policy) == allowed


def _element_problems(page: Page, element: Element, expected: Expectations) -> Iterator[Problem]:
    if element.tag in _FORBIDDEN and not (element.is_data or running.may_run(page, element)):
        yield page.problem("W2.script", f"<{element.tag}", found=f"<{element.tag}>")
    order = element["http-equiv"]
    leads_on = order.lower() == "refresh" and page.path in expected.old_pages
    if order not in ("", _POLICY) and not leads_on:
        yield page.problem("W2.script", order, found=f"<meta http-equiv={order}>")
    for name in element.attributes:
        if name.startswith("on") or name in _RUNS:
            yield page.problem("W2.script", f"{name}=", found=f"{name}=")
    for name in _ADDRESSES:
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", _IGNORED.sub("", element[name]).lower())
        drawn = scheme and scheme[1] == "data" and element.tag == "link" and name == "href"
        if scheme and scheme[1] not in _SCHEMES and not drawn:
            yield page.problem("W2.script", element[name], found=element[name][:80])
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
    if "srcset" in element.attributes:
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
