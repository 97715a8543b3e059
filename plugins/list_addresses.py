"""Which pages are lists that go with the last item in them: topics, years, months, further pages.

When that item is a story that has to go (C9, C10), what still leads to its lists is told of and not
refused, since a refusal would keep the story online. What was withdrawn no longer says which lists
it stood in, so they are known by the shape of their addresses alone.
"""

import re
from collections.abc import Iterable

from donations_api.frame import Frame
from plugins import sources
from plugins.terms import Term

_FURTHER = r"p\d+"
_OF_NEWS = re.compile(rf"{sources.NEWS}/(?:{_FURTHER}|\d{{4}}(?:/\d\d)?(?:/{_FURTHER})?)")
_BELOW_TOPIC = re.compile(rf"(?:{_FURTHER}/|feed\.xml)?")


def is_list(key: str, terms: Iterable[str]) -> bool:
    """Whether the page of that key would be such a list; ``terms`` are keys of topics."""
    folder, _, topic = re.sub(rf"/{_FURTHER}$", "", key).partition("/")
    return bool(_OF_NEWS.fullmatch(key)) or (folder == "topics" and topic in terms)


def leads_to_list(path: str, frame: Frame, terms: Iterable[Term]) -> bool:
    """Whether such a list, or the feed of one, would stand at that path, in any language."""
    return any(
        _OF_NEWS.fullmatch(path.removeprefix(language.root).removesuffix("/"))
        or any(
            path.startswith(first := term.address(language))
            and _BELOW_TOPIC.fullmatch(path.removeprefix(first))
            for term in terms
        )
        for language in frame.languages
    )
