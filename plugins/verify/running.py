"""The scripts of our own, each on the pages that it is for (rules W2 and W5)."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass

from donations_api.frame import DONATE, SEARCH
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Page, Site


@dataclass(frozen=True, slots=True)
class Script:
    """A script: its path, what the policy of its page allows it, its most bytes compressed."""

    path: str
    allowed: tuple[str, ...]
    heaviest: int


_EVERYWHERE = ("connect-src 'self'",)
# By the key of the page that it is for.
_SCRIPTS = {
    SEARCH: Script("/theme/search.js", ("script-src 'self' 'wasm-unsafe-eval'",), 4096),
    DONATE: Script("/theme/giving.js", ("script-src 'self'",), 6144),
}


def is_script(path: str) -> bool:
    """Whether this file is one of them."""
    return any(one.path == path for one in _SCRIPTS.values())


def allowed(page: Page) -> list[str]:
    """What the policy of the page has to allow to run and to be asked for, and nothing else."""
    return [*_EVERYWHERE, *(_SCRIPTS[page.key].allowed if page.key in _SCRIPTS else ())]


def may_run(page: Page, element: Element) -> bool:
    """Whether the element is the script of its page."""
    path, own = element["src"].partition("?")[0], {"type", "src"}
    as_module = element["type"] == "module" and set(element.attributes) == own
    known = page.key in _SCRIPTS and _SCRIPTS[page.key].path == path
    return known and element.tag == "script" and as_module


def problems(site: Site, _expected: Expectations) -> Iterator[Problem]:
    """Scripts that are too heavy."""
    for one in _SCRIPTS.values():
        if one.path in site.files:
            size = len(gzip.compress(site.read(one.path).encode()))
            if size > one.heaviest:
                most = f"{one.heaviest // 1024}"
                yield Problem("W5.heavy_script", one.path, params={"most": most})
