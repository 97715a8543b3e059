"""Looks at the built site on its own: Pelican, which can fail open, is never imported here.

``content/`` says what is to be expected; every file of the folder is held against it.
``python -m plugins.verify FOLDER`` does the same by hand.
"""

from pathlib import Path

from plugins.problems import Problem
from plugins.verify import (
    books,
    cards,
    consents,
    exposure,
    fallbacks,
    feeds,
    icons,
    inclusion,
    languages,
    links,
    pictures,
    promises,
    quiet,
    redirects,
    running,
    schedule,
    search,
    sharing,
    sitemap,
    traditional,
    weight,
)
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Site, read_site
from plugins.verify.weight import Weights

__all__ = ["Expectations", "Weights", "verify"]

_CHECKS = (
    inclusion,
    schedule,
    links,
    languages,
    traditional,
    fallbacks,
    sitemap,
    quiet,
    pictures,
    icons,
    cards,
    consents,
    promises,
    exposure,
    books,
    sharing,
    feeds,
    search,
    redirects,
    running,
    weight,
)


def verify(folder: Path, expected: Expectations) -> tuple[list[Problem], Weights]:
    """Every problem of the site in ``folder``, each once, and what its pages weigh."""
    site: Site = read_site(
        folder, expected.frame, expected.content, expected.terms, expected.old_pages
    )
    found = [problem for check in _CHECKS for problem in check.problems(site, expected)]
    once = {(one.code, one.place, tuple(one.params.items())): one for one in found}
    return list(once.values()), weight.weigh(site)
