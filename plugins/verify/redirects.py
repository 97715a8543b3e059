"""Old addresses: each page that stands at one leads to its page of today, and to nothing else."""

from collections.abc import Iterator

from plugins.list_addresses import is_list
from plugins.old_addresses import FILE, OldAddress
from plugins.people import withdrawals
from plugins.problems import Problem
from plugins.verify.consents import pictures_out
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

_HOST_FILES = ("_redirects", "redirects.nginx.conf", ".htaccess")


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Old addresses that lead nowhere, elsewhere, or over a file of the site of today."""
    file = (expected.content / FILE).as_posix()
    for old in expected.old_addresses:
        params = {"from": str(old)}
        if not old.query and old.path in site.files and old.path != old.page:
            yield Problem("redirects.taken", file, old.line, params)
        page = site.by_path.get(old.page) if old.page else None
        may_be_gone = old.gone or (site.has_gone and is_list(old.to, expected.terms))
        if old.page and (page is None or not _leads(page, old, site, may_be_gone)):
            yield Problem("redirects.page", file, old.line, params)
    for name in host_files(site, expected):
        if f"/{name}" not in site.files:
            yield Problem("redirects.rules", file, params={"name": name})


def host_files(site: Site, expected: Expectations) -> tuple[str, ...]:
    """The files of rules, where anything has moved or is gone."""
    withdrawn, _ = withdrawals.read(expected.content)
    gone = site.has_gone or withdrawn.pictures
    moved = expected.old_addresses or gone or pictures_out(expected, withdrawn)
    return _HOST_FILES if moved else ()


def _leads(page: Page, old: OldAddress, site: Site, may_be_gone: bool) -> bool:
    """Whether a page leads where the list says, at once and by a link; or, being gone, nowhere."""
    targets = [one.path for one in site.by_key.get(old.to, []) if one.language.code == old.language]
    at_once = [one["content"] for one in page.all("meta") if one["http-equiv"].lower() == "refresh"]
    links = {link["href"] for link in page.all("a") if "main" in link.around}
    return (
        not page.indexed
        and at_once == [f"0; url={target}" for target in targets]
        and (bool(targets) or may_be_gone)
        and links.issuperset(targets)
    )
