"""Rules L1, L2, L3: the filings, and whom the site may ask."""

import re
from collections.abc import Iterator, Mapping

from plugins.problems import Problem
from plugins.verify import search
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

_FILINGS = "https://beian.miit.gov.cn/"
_POLICE = "https://beian.mps.gov.cn/"


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Pages that break what the law or the organisation's own word demands."""
    for page in site.pages:
        if expected.icp_number and not _has_filing(page, expected.icp_number):
            yield page.problem("L1.missing", number=expected.icp_number)
        if expected.filing and not _has_badge(page, expected.filing):
            yield page.problem("L2.missing", number=expected.filing["number"])
        may_ask = expected.may_ask(page.key, page.language.code)
        yield from _asking_problems(page, expected)
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


def _has_badge(page: Page, filing: Mapping[str, str]) -> bool:
    links = (link for link in page.all("a") if "footer" in link.around)
    linked = any(
        link["href"].startswith(_POLICE)
        and link["href"].endswith(filing["code"])
        and filing["number"] in link.text
        for link in links
    )
    badges = [f"/images/{filing['badge']}"] if filing.get("badge") else []
    return linked and all(
        any(image["src"] == badge and "footer" in image.around for image in page.all("img"))
        for badge in badges
    )


def _asking_problems(page: Page, expected: Expectations) -> Iterator[Problem]:
    """What a page that asks leaves out, and ways to pay that stand where none may (rule L3)."""
    for number in expected.accounts:
        if number in re.sub(r"[ -]", "", page.html):
            yield page.problem("L3.account", number=number)
    if page.key != "donate":
        return
    told = " ".join("".join(one.text for one in page.all("main")).split())
    for fact in expected.declared.get(page.language.code, ()):
        if " ".join(fact.split()) not in told:
            yield page.problem("L3.undisclosed", fact=fact)
    for link in page.all("a"):
        leaves = link["href"].startswith(("http://", "https://"))
        if leaves and "main" in link.around and link["href"] not in expected.allowed:
            yield page.problem("L3.link", link["href"], address=link["href"])
