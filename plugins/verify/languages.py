"""Rules W1 and W6: each page says its language and knows its sisters; titles tell pages apart."""

from collections import defaultdict
from collections.abc import Iterator

from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Wrong languages, hreflang, canonical links, titles, descriptions and headings."""
    for page in site.pages:
        root = page.all("html")
        if not root or root[0]["lang"] != page.language.tag:
            yield page.problem("W1.lang", tag=page.language.tag)
        if len(page.all("h1")) != 1:
            yield page.problem("W1.one_h1", number=str(len(page.all("h1"))))
        if not _title(page):
            yield page.problem("W6.empty", what="title")
        if not page.meta("description"):
            yield page.problem("W6.empty", what="description")
        if page.indexed:
            yield from _hreflang_problems(page, site, expected)
    yield from _twins(site)


def _title(page: Page) -> str:
    return " ".join(title.text.strip() for title in page.all("title") if "svg" not in title.around)


def _links(page: Page, rel: str) -> list[tuple[str, str]]:
    links = (link for link in page.all("link") if link["rel"] == rel and not link.is_feed)
    return [(link["hreflang"], link["href"]) for link in links]


def _hreflang_problems(page: Page, site: Site, expected: Expectations) -> Iterator[Problem]:
    own = expected.site_url + page.path
    if [href for _, href in _links(page, "canonical")] != [own]:
        yield page.problem("W1.canonical", address=own)
    wanted = {
        sister.language.tag: expected.site_url + sister.path
        for sister in site.by_key[page.key]
        if sister.indexed
    }
    if default := wanted.get(expected.frame.default.tag):
        wanted["x-default"] = default
    # Every page has to list all of its sisters and itself, so the links are reciprocal.
    listed = _links(page, "alternate")
    for tag, address in sorted(set(listed) ^ set(wanted.items())):
        yield page.problem("W1.hreflang", tag=tag, address=address)


def _twins(site: Site) -> Iterator[Problem]:
    told: defaultdict[tuple[str, str, str], list[Page]] = defaultdict(list)
    for page in site.pages:
        if page.indexed:
            told["title", page.language.code, _title(page)].append(page)
            told["description", page.language.code, page.meta("description") or ""].append(page)
    for (what, _, said), pages in told.items():
        if said:
            for twin in pages[1:]:
                other = pages[0].source.as_posix()
                yield twin.problem("W6.same", f"{what}:", what=what, other=other)
