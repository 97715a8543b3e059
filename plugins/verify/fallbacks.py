"""Rule W1: a page that shows the source's text in place of a translation says so, to everybody.

To readers by its notice and its marks of language, to machines by what it names as the original.
"""

import json
from collections.abc import Iterator

from plugins import sources
from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Pages that pretend to be translations, or that stand in where they need not."""
    for page in site.pages:
        wrong = []
        if page.written_in:
            wrong = _wrong(page, site, expected)
        # That a story is gone is said in each language, also where it was not told.
        elif not page.gone and not page.source.exists() and _is_translated_from_nothing(page, site):
            wrong = ["data-written-in"]
        if wrong:
            yield page.problem("W1.fallback", what=", ".join(wrong))


def _is_translated_from_nothing(page: Page, site: Site) -> bool:
    """Somebody wrote the page in another language, and it is not made from that one."""
    written = {one.language.code for one in site.by_key[page.key] if one.source.exists()}
    return bool(written) and page.language.made_from not in written


def _wrong(page: Page, site: Site, expected: Expectations) -> list[str]:
    section = sources.NEWS if sources.is_news(page.key) else sources.PAGES
    originals = [
        one
        for one in site.by_key[page.key]
        if one.language.tag == page.written_in and not one.written_in
    ]
    if not originals:
        return ["data-written-in"]
    original = originals[0]
    own = sources.source(expected.content, page.key, page.language.code)
    canonical = [expected.site_url + original.path] if original.indexed else []
    locales = [one["content"] for one in page.all("meta") if one["property"] == "og:locale"]
    titles = [one for one in page.all("title", "h1") if "svg" not in one.around]
    right = {
        "[fallback]": section in expected.frame.fallback,
        own.name: not own.exists(),
        "noindex": not page.indexed,
        "canonical": [address for _, address in page.links("canonical")] == canonical,
        "hreflang": not page.links("alternate"),
        "lang": all(one.lang == page.written_in for one in titles),
        "og:locale": locales == [original.language.territorial] * len(canonical),
        "inLanguage": all(one == page.written_in for one in _told_languages(page)),
        "data-pagefind-body": not any(
            "data-pagefind-body" in one.attributes for one in page.elements
        ),
    }
    return [name for name, is_right in right.items() if not is_right]


def _told_languages(page: Page) -> Iterator[str]:
    for block in (one.text for one in page.all("script") if one.is_data):
        try:
            yield json.loads(block).get("inLanguage", page.written_in)
        except (json.JSONDecodeError, AttributeError):
            yield ""
