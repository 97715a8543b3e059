"""Rule E5: every link within the site leads to a file that is there, an #anchor to one element.

A list that went with the last story in it (C9, C10) is told of, and refuses nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, urljoin, urlsplit

from plugins.list_addresses import leads_to_list
from plugins.problems import Problem, Severity
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

_ATTRIBUTES = ("href", "src", "poster", "data", "cite")


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Links that lead nowhere or to two places."""
    for page in site.pages:
        for name, times in Counter(one["id"] for one in page.elements if one["id"]).items():
            if times > 1:
                yield page.problem("E5.id_twice", f"{{#{name}}}", name=name)
        for link in _links(page):
            if (target := _within(link, page, expected)) and not _leads(target, site):
                path, _, anchor = target.partition("#")
                if _leads(path, site):
                    yield page.problem("E5.anchor", f"#{anchor}", link=unquote(link))
                elif site.has_gone and leads_to_list(path, expected.frame, expected.terms.values()):
                    found = page.problem("E5.list_gone", link, link=unquote(link))
                    yield replace(found, severity=Severity.WARNING)
                elif (found := page.problem("E5.address", link, link=unquote(link))).line:
                    yield found
                else:  # not in the page's own text, so in what all pages stand in
                    yield Problem("E5.frame_link", "theme/templates", params=found.params)


def _links(page: Page) -> Iterator[str]:
    for element in page.elements:
        for name in _ATTRIBUTES:
            if name in element.attributes:
                yield element[name]
        if "srcset" not in element.attributes:
            continue
        for candidate in re.findall(r"[^\s,]\S*", element["srcset"]):
            if not re.fullmatch(r"[\d.]+[wx],?", candidate):
                yield candidate.rstrip(",")


def _within(link: str, page: Page, expected: Expectations) -> str:
    """The path and anchor that a link leads to; empty for another host, mail, phone, data."""
    home = f"{expected.site_url}/"
    whole = urljoin(home.rstrip("/") + page.path, link)
    if not f"{whole}/".startswith(home):
        return ""
    parts = urlsplit(whole)
    return unquote(parts.path or "/") + (f"#{unquote(parts.fragment)}" if parts.fragment else "")


def _leads(target: str, site: Site) -> bool:
    path, _, anchor = target.partition("#")
    if (f"{path}index.html" if path.endswith("/") else path) not in site.files:
        return False
    page = site.by_path.get(path)
    # To a part of a story that is gone: that is said there, and a refusal would keep it online.
    return not anchor or (page is not None and (page.gone or anchor in page.ids))
