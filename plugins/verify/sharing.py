"""Rule W6: what a page tells chats (Open Graph) and search engines (JSON-LD) is whole and true."""

import json
from collections.abc import Iterator
from typing import Any

from plugins import sources
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

_ANYTHING = None  # the text may be any, as long as there is one


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Previews that lack something or show another page's, and data that cannot be read."""
    for page in site.pages:
        if page.indexed and page.meta("description"):
            yield from _preview_problems(page, expected)
        blocks = [element.text for element in page.all("script") if element.is_data]
        asks = any("DonateAction" in block for block in blocks)
        if asks and not expected.may_ask(page.key, page.language.code):
            yield page.problem("L3.action")
        found = [_read(block) for block in blocks]
        if None in found:
            yield page.problem("W6.data")
        elif [one["@type"] for one in found if one] != _wanted_kinds(page, expected):
            kinds = ", ".join(_wanted_kinds(page, expected)) or "–"
            yield page.problem("W6.data_kind", kinds=kinds)
        for address in _strings(found):
            path = address.removeprefix(expected.site_url)
            own = address.startswith(f"{expected.site_url}/")
            if own and path not in site.by_path and path.partition("?")[0] not in site.files:
                yield page.problem("W6.data_address", address=address)


def _preview_problems(page: Page, expected: Expectations) -> Iterator[Problem]:
    told = {one["property"]: one["content"] for one in page.all("meta") if one["property"]}
    wanted = {
        "og:title": _ANYTHING,
        "og:description": page.meta("description"),
        "og:type": "article" if sources.is_news(page.key) else "website",
        "og:url": expected.site_url + page.path,
        "og:site_name": _ANYTHING,
        "og:locale": page.language.territorial,
        "og:image": _ANYTHING,
        "og:image:alt": _ANYTHING,
    }
    for name, text in wanted.items():
        if not told.get(name, "").strip() or text not in (_ANYTHING, told[name]):
            yield page.problem("W6.preview", name=name)


def _read(block: str) -> dict[str, Any] | None:
    """The JSON object of a block; None when it is none, or could end the block before its end."""
    try:
        read = json.loads(block)
    except json.JSONDecodeError:
        return None
    whole = isinstance(read, dict) and read.get("@context") == "https://schema.org"
    return read if whole and "@type" in read and not set("<>&") & set(block) else None


def _wanted_kinds(page: Page, expected: Expectations) -> list[str]:
    kinds: list[str] = []
    if page.key == "home":
        kinds = ["NGO", "WebSite"]
    elif sources.is_news(page.key) and not page.gone:
        kinds = ["NewsArticle"]
    elif expected.may_ask(page.key, page.language.code):
        kinds = ["DonateAction"]
    # The way to a page that it shows, machines are told of too, where they may look.
    trail = page.indexed and any(one["class"] == "trail" for one in page.all("nav"))
    return [*kinds, "BreadcrumbList"] if trail else kinds


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
