"""Figures in a language whose words are not understood: digits, percentages and years.

What might be part of something longer (``3,8 millions``) is not sure, and neither is what some
languages would read as a thousand and others as one (``1.000``).
"""

import re
from collections.abc import Iterator

from plugins.numerals.figure import NUMBER, PERCENT, Figure, Meaning, Rule, decimal, scan

# Words for thousand, million and more begin so in most languages.
_SCALES = (
    r"(?:mil|mrd|mio|bil|tau|tus|thou|tis|ti[sś]|тыс|мил|млн|млрд|мил|천|만|억|[千百十万萬亿億])"
)
_GAP = "[ \u00a0\u202f]"
_DIGITS = rf"\d{{1,3}}(?:{_GAP}\d{{3}})+(?!\d)|\d+"


def _whole(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, decimal(re.sub(_GAP, "", match[0])))


def _percent(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(PERCENT, decimal(match[1].replace(",", ".")))


def _doubtful(match: re.Match[str]) -> Iterator[Meaning]:
    for part in re.findall(r"\d+", match[0]):
        yield Meaning(NUMBER, decimal(part), sure=False)
    yield Meaning(NUMBER, decimal(re.sub(r"\D", "", match[0])), sure=False)
    if re.fullmatch(r"\d+[.,]\d+", match[0]):
        yield Meaning(NUMBER, decimal(match[0].replace(",", ".")), sure=False)


_RULES = (
    Rule(re.compile(rf"(?<![\d.,])(\d+(?:[.,]\d+)?){_GAP}?[%％]"), _percent),
    Rule(re.compile(r"(?<![\d.,])\d+(?:[.,:/-]\d+)+"), _doubtful),
    Rule(re.compile(rf"(?:{_DIGITS})(?={_GAP}?{_SCALES})", re.IGNORECASE), _doubtful),
    Rule(re.compile(rf"(?:(?<=[^\W\d_])|(?<=[^\W\d_]-))\d+|(?:{_DIGITS})(?=[^\W\d_])"), _doubtful),
    Rule(re.compile(rf"[$€£¥]{_GAP}?(?:{_DIGITS})|(?:{_DIGITS}){_GAP}?[$€£¥]"), _doubtful),
    Rule(re.compile(_DIGITS), _whole),
)


def read(text: str) -> list[Figure]:
    """The figures that stand in digits."""
    return scan(text, _RULES)
