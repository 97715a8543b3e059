"""Rules L1, L3: the filing number, and whom the site may ask."""

from collections.abc import Iterator

from plugins.problems import Problem
from plugins.verify import search
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

_FILINGS = "https://beian.miit.gov.cn/"


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Pages that break what the law or the organisation's own word demands."""
    for page in site.pages:
        if expected.icp_number and not _has_filing(page, expected.icp_number):
            yield page.problem("L1.missing", number=expected.icp_number)
        may_ask = expected.may_ask(page.key, page.language.code)
        for form in page.all("form"):
            gives = may_ask and form["action"].endswith("/donations")
            if not gives and not search.asks(page, form):
                yield page.problem("L3.form", "<form")
        ribbons = [element for element in page.elements if "data-demo" in element.attributes]
        if expected.demo and not ribbons:
            yield page.problem("L3.no_ribbon")
        if ribbons and not expected.demo:
            yield page.problem("L3.ribbon")


def _has_filing(page: Page, number: str) -> bool:
    links = (link for link in page.all("a") if "footer" in link.around)
    return any(link["href"] == _FILINGS and number in link.text for link in links)
