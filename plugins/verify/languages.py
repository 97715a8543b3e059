"""Rules W1 and W6: each page says its language and knows its sisters; titles tell pages apart."""

from collections import defaultdict
from collections.abc import Iterator

from donations_api.frame import Language
from plugins.problems import Problem
from plugins.verify import scripts
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Wrong languages, hreflang, canonical links, titles, descriptions and headings."""
    for page in site.pages:
        root = page.all("html")
        if not root or root[0]["lang"] != page.language.tag:
            yield page.problem("W1.lang", tag=page.language.tag)
        said = page.texts.get(page.language.tag, [])
        # Words that a catalog lacks are English, which ``check`` tells of.
        own = " ".join(text for text in said if text.strip() not in expected.stopgaps)
        if scripts.disagree(own, page.language):
            yield page.problem("W1.script", tag=page.language.tag)
        if len(page.all("h1")) != 1:
            yield page.problem("W1.one_h1", number=str(len(page.all("h1"))))
        if not _title(page):
            yield page.problem("W6.empty", what="title")
        if not page.meta("description"):
            yield page.problem("W6.empty", what="description")
        if page.indexed:
            yield from _hreflang_problems(page, site, expected)
        for language in expected.frame.languages:
            if language != page.language:
                yield from _switch_problems(page, language, site, expected)
    yield from _twins(site)


def _title(page: Page) -> str:
    return " ".join(title.text.strip() for title in page.all("title") if "svg" not in title.around)


def _hreflang_problems(page: Page, site: Site, expected: Expectations) -> Iterator[Problem]:
    own = expected.site_url + page.path
    if [href for _, href in page.links("canonical")] != [own]:
        yield page.problem("W1.canonical", address=own)
    links = page.links("alternate")
    wanted = {
        (sister.language.tag, expected.site_url + sister.path)
        for sister in site.by_key[page.key]
        if sister.indexed
    }
    # The same page may have another name in another language: then it has to list this one too.
    for tag, address in set(links) - wanted:
        other = site.by_path.get(address.removeprefix(expected.site_url))
        listed = other and other.indexed and set(other.links("alternate")) == set(links)
        if other and listed and other.language.tag == tag:
            wanted.add((tag, address))
    addresses = dict(wanted)
    first = next(one.tag for one in expected.frame.languages if one.tag in addresses)
    wanted.add(("x-default", addresses[first]))
    for tag, address in sorted(set(links) ^ wanted):
        yield page.problem("W1.hreflang", tag=tag, address=address)
    if len(links) > len(set(links)):
        yield page.problem("W1.hreflang", tag="*", address=own)


def _switch_problems(
    page: Page, language: Language, site: Site, expected: Expectations
) -> Iterator[Problem]:
    """The header's link to ``language``: to where hreflang says, and nowhere that is not there."""
    found = [
        (link["href"], link["hreflang"], link["rel"] == "alternate")
        for link in page.all("a")
        if "header" in link.around and link["lang"] == language.tag
    ]
    listed = dict(page.links("alternate")).get(language.tag)
    sisters = [one for one in site.by_key[page.key] if one.language == language]
    if listed:
        right = found == [(listed.removeprefix(expected.site_url), language.tag, True)]
    elif sisters:
        text_in = sisters[0].written_in or language.tag
        right = [one[:2] for one in found] == [(sisters[0].path, text_in)]
    else:
        there = site.by_path.get(found[0][0]) if found else None
        right = len(found) == 1 and there is not None and there.language == language
    if not right:
        address = (listed or "").removeprefix(expected.site_url)
        address = address or (sisters[0].path if sisters else language.root)
        yield page.problem("W1.switch", tag=language.tag, address=address)


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
