"""Rule W1: a page in Traditional Chinese is not in Simplified, whoever made it.

Told by the standards of the two scripts, and not by the program that converts.
"""

import re
from collections import Counter
from collections.abc import Iterator

from babel import Locale

from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site

_HAN = re.compile(r"[\u4e00-\u9fff]")
# A name, a quotation may be Simplified on such a page; of a Simplified text it is a third and more.
_MOST = 0.1
_VERBATIM = {"code", "kbd", "pre", "samp", "var"}


def problems(site: Site, _expected: Expectations) -> Iterator[Problem]:
    """Pages that were left as they were."""
    for page in site.pages:
        if page.indexed and Locale.parse(page.language.locale).script == "Hant":
            han = _words(page)
            left = [one for one in han if _is_simplified(one)]
            if sum(han[one] for one in left) > _MOST * han.total():
                params = {"tag": page.language.tag, "found": "".join(left[:10])}
                yield page.problem("W1.simplified", left[0], **params)


def _words(page: Page) -> Counter[str]:
    """How often each Han character stands in the page's own words.

    Not in code, nor in a part that says its own language or wants no translation.
    """
    words = Counter(_HAN.findall("".join(part.text for part in page.all("title", "main"))))
    for part in page.elements:
        set_apart = part.tag in _VERBATIM or part["lang"] or part["translate"] == "no"
        if set_apart and "main" in part.around and not _VERBATIM & part.around:
            words -= Counter(_HAN.findall(part.text))
    return words


def _is_simplified(character: str) -> bool:
    return _has("gb2312", character) and not _has("big5", character)


def _has(encoding: str, character: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False
