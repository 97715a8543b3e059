"""Rule W5: a page's HTML and CSS fit the first round trip of a slow connection."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

FIRST_ROUND_TRIP = 14 * 1024  # bytes: ten packets, which a server sends before it hears back


@dataclass(frozen=True, slots=True)
class Weights:
    """How many pages and languages there are, and the heaviest page: its path, its bytes."""

    pages: int = 0
    languages: int = 0
    biggest: tuple[str, int] = ("", 0)


def weigh(site: Site) -> Weights:
    """What there is, and what it weighs."""
    weights = ((page.path, _compressed(page, site)) for page in site.pages)
    languages = {page.language.code for page in site.pages}
    biggest = max(weights, key=lambda one: one[1], default=("", 0))
    return Weights(len(site.pages), len(languages), biggest)


def problems(site: Site, _expected: Expectations) -> Iterator[Problem]:
    """Pages that are too heavy."""
    for page in site.pages:
        if (size := _compressed(page, site)) > FIRST_ROUND_TRIP:
            yield page.problem("W5.heavy", size=f"{size / 1024:.1f}")


def _compressed(page: Page, site: Site) -> int:
    linked = (link for link in page.all("link") if "stylesheet" in link["rel"])
    sheets = {link["href"].split("?")[0] for link in linked}
    texts = [page.html, *(site.read(sheet) for sheet in sorted(sheets & site.files))]
    return sum(map(_size, texts))


@cache
def _size(text: str) -> int:
    return len(gzip.compress(text.encode()))
