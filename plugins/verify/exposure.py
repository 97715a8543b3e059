"""Rules C5, C6, L6 in the built site: every file, whatever its format, tells nobody's data.

Pages, feeds, the search's index, data for search engines, PDFs, drawings, and all their addresses
are read on their own here. What only a person can judge was told where it is written.
"""

from collections.abc import Iterator

from plugins import exceptions
from plugins.identifying import Detector, Finding, ListUnusable, files, names
from plugins.identifying.plain import plain
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Site


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """What must not be in the files, nor in their addresses; and files that nobody can read."""
    try:
        detector = Detector.of(expected.facts, expected.today)
    except ListUnusable as error:
        yield Problem("C6.names_list", names.LIST, params={"reason": str(error)})
        return
    excepted, wrong = exceptions.load(expected.content, expected.today)
    yield from wrong
    for path in sorted(site.files):
        found = detector.look(plain(path))
        try:
            text = files.said(site.folder / path.removeprefix("/"))
        except files.Unreadable as error:
            yield Problem("C6.unreadable", path, params={"reason": str(error)})
        else:
            found += [one for _, one in detector.find(text)]
        for one in found:
            # Wherever the site shows again what may stand in one file, it may stand.
            if one.certain and not excepted.covering(one, ""):
                yield _problem(site, path, one)


def _problem(site: Site, path: str, one: Finding) -> Problem:
    page = site.by_path.get(path.removesuffix("index.html"))
    params = {"found": one.masked, "hash": one.digest}
    if page:
        return page.problem(one.code, one.text, **params)
    return Problem(one.code, path, params=params)
