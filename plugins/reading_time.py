"""How long a text takes to read: by characters in Chinese, by words in languages that have spaces.

Brysbaert (2019), doi:10.1016/j.jml.2019.104047: adults read 238 words of English non-fiction a
minute, and in other languages as many words as say the same. What 238 words of English say takes
about 400 characters of Chinese. A mixed text is the sum of both.
"""

import re

from markupsafe import Markup
from pelican.contents import Content
from pelican.plugins import signals

HAN_A_MINUTE, WORDS_A_MINUTE = 400, 238
# The ideographs, with Extension A, the compatibility ones, and the planes that are theirs.
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def minutes(text: str) -> int:
    """Full minutes that the text takes, one at least."""
    words = _WORD.findall(_HAN.sub(" ", text))
    return max(1, round(len(_HAN.findall(text)) / HAN_A_MINUTE + len(words) / WORDS_A_MINUTE))


def measure(content: Content) -> None:
    """Give the templates the ``minutes`` of a page."""
    content.metadata["minutes"] = minutes(Markup(content._content).striptags())  # noqa: S704


def register() -> None:
    signals.content_object_init.connect(measure)
