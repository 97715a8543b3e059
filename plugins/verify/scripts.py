"""Whether a text is in the script of the language that it is said to be in (rule W1)."""

import re

from babel import Locale
from babel.core import get_global

from donations_api.frame import Language

FEW = 30  # words, or characters of Chinese: titles and names alone may well be foreign
# What one word of each script looks like; in Chinese and Japanese a character counts as one.
_WORDS = {
    "Han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
    "Kana": re.compile("[\u3040-\u30ff]"),
    "Hangul": re.compile("[\uac00-\ud7af]+"),
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+"),
    "Cyrillic": re.compile("[\u0400-\u052f]+"),
    "Greek": re.compile("[\u0370-\u03ff]+"),
    "Arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]+"),
    "Hebrew": re.compile("[\u0590-\u05ff]+"),
    "Devanagari": re.compile("[\u0900-\u097f]+"),
    "Thai": re.compile("[\u0e00-\u0e7f]+"),
}
# By the codes of ISO 15924. A script that is not here is not looked at.
_OWN = {
    "Hans": {"Han"},
    "Hant": {"Han"},
    "Jpan": {"Han", "Kana"},
    "Kore": {"Hangul", "Han"},
    "Latn": {"Latin"},
    "Cyrl": {"Cyrillic"},
    "Grek": {"Greek"},
    "Arab": {"Arabic"},
    "Hebr": {"Hebrew"},
    "Deva": {"Devanagari"},
    "Thai": {"Thai"},
}


def disagree(text: str, language: Language) -> bool:
    """Whether most of ``text`` is in another script than ``language`` is written in."""
    own = _OWN.get(_script(language))
    if not own:
        return False
    counts = {script: len(words.findall(text)) for script, words in _WORDS.items()}
    total = sum(counts.values())
    return total >= FEW and 2 * sum(counts[script] for script in own) < total


def _script(language: Language) -> str:
    """ISO 15924 code of the script; where the locale does not name it, the usual one."""
    locale = Locale.parse(language.locale)
    likely = get_global("likely_subtags").get(locale.language, "")
    return locale.script or next((part for part in likely.split("_") if len(part) == 4), "")
