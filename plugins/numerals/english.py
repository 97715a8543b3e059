"""Figures as English writes them: ``3.8 million``, ``two thirds``, ``five per cent``, ``May 2016``.

“One” and “a” are often no figure, “a dozen” or “both” need none in a translation: those are unsure.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from plugins.numerals import english_dates
from plugins.numerals.currencies import ENGLISH, SIGNS, code, one_of
from plugins.numerals.english_words import AMOUNT, ORDINAL, ordinal, scale_of, value
from plugins.numerals.figure import NUMBER, PERCENT, TIME, Figure, Meaning, Rule, idiom, scan

_TO = r"\s?(?:[-–—~]|to|and|or)\s?"
_SCALE = r"(?:thousand|million|billion|m|bn|k)\b"
_IDIOMS = (
    r"one\sanother|no[\s-]one|one\sof|one\sby\sone|one\s(?:day|thing)|(?:this|that|which|each|every|any)\sone"
    r"|first\s(?:of\sall|aid|name|hand|and\sforemost|step)|first-hand|at\sfirst|second[\s-]hand|(?:a|every|each)\ssecond"
    r"|second\s(?:chance|thoughts?|to\snone)|fifty-fifty|a\sthousand\sthanks|four-letter|on\sall\sfours"
    r"|in\stwo\sminds|at\ssixes\sand\ssevens|one-off|one-stop|one-to-one|one-way|two-way|all\sin\sone|zero\stolerance"
)
_FRACTIONS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
# Words that say a number without being one: they vouch, and ask for nothing.
_VOUCHERS = {
    1: "a|an|once|single|first|per|each|every",
    2: "both|pairs?|couple|twice|double|doubled|twins?|dual|bilingual|twofold|either|second",
    3: "triple|tripled|trebled|threefold|third",
    10: "decades?",
    12: "dozen",
    14: "fortnight",
}


def _range(match: re.Match[str], kind: str) -> Iterator[Meaning]:
    """Both ends of a range have the unit that stands at one of them."""
    last = value(match["to"])
    if match["from"]:
        first, scale = value(match["from"]), scale_of(match["to"])
        # 3 to 4 million begins at three million; 500 to 1 million does not begin at 500 million.
        yield Meaning(kind, first * scale if first * scale < last else first)
    yield Meaning(kind, last)


def _percent(match: re.Match[str]) -> Iterator[Meaning]:
    return _range(match, PERCENT)


def _scaled(match: re.Match[str]) -> Iterator[Meaning]:
    return _range(match, NUMBER)


def _money_after_sign(match: re.Match[str]) -> Iterator[Meaning]:
    return _range(match, code(match["sign"], SIGNS))


def _money_before_word(match: re.Match[str]) -> Iterator[Meaning]:
    kind = code(match["word"], ENGLISH)
    first = match["to"].split()[0].lower() in ("a", "one")
    return (one._replace(sure=not first) for one in _range(match, kind))


def _fraction(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, value(match[1]) / _FRACTIONS[match[2].lower().rstrip("s")])


def _slash(match: re.Match[str]) -> Iterator[Meaning]:
    if int(match[2]):
        yield Meaning(NUMBER, Fraction(int(match[1]), int(match[2])))


def _out_of(match: re.Match[str]) -> Iterator[Meaning]:
    part, whole = value(match[1]), value(match[2])
    if whole:
        yield Meaning(NUMBER, part / whole, sure=False)
    yield Meaning(NUMBER, part, sure=False)
    yield Meaning(NUMBER, whole, sure=False)


def _and_a_half(match: re.Match[str]) -> Iterator[Meaning]:
    whole, scale = match[1].lower(), value(f"1 {match[2] or ''}")
    sure = whole not in ("a", "an")
    yield Meaning(NUMBER, ((value(whole) if sure else 1) + Fraction(1, 2)) * scale, sure)


def _half_of_scale(match: re.Match[str]) -> Iterator[Meaning]:
    kind = code(match[2], ENGLISH) if match[2] else NUMBER
    yield Meaning(kind, value(f"1 {match[1]}") / 2)


def _half(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, Fraction(1, 2), sure=False)
    yield Meaning(PERCENT, 50, sure=False)
    parts = {"year": 6, "hour": 30, "dozen": 6, "century": 50, "decade": 5}
    if match[1]:
        yield Meaning(NUMBER, parts[match[1].lower()], sure=False)


def _decades(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, value(match[1]) * 10)


def _day_and_night(_match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, 24, sure=False)
    yield Meaning(NUMBER, 7, sure=False)


def _ordinal(match: re.Match[str]) -> Iterator[Meaning]:
    number = ordinal(match["ordinal"])
    # “The second” counts; “second” and “third” without it may be anything, and “first” always.
    yield Meaning(NUMBER, number, sure=number > 3 or (number > 1 and bool(match["the"])))


def _number(match: re.Match[str]) -> Iterator[Meaning]:
    first = re.split(r"[\s-]", match[0].lower())[0]
    number = value(match[0])
    yield Meaning(NUMBER, number, sure=first != "a" and not (number == 1 and first == "one"))


def _clock(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(TIME, 0 if match[0].lower() == "midnight" else 12 * 60, sure=False)


def _voucher(number: int, words: str) -> Rule:
    meaning = Meaning(NUMBER, number, sure=False)
    return Rule(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), lambda _match: (meaning,))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_BETWEEN = rf"(?:(?P<from>{AMOUNT}){_TO})?(?P<to>{AMOUNT})"
_RULES = (
    Rule(_compiled(r"\b24/7\b"), _day_and_night),
    Rule(_compiled(rf"\b(?:{_IDIOMS})\b"), idiom),
    Rule(
        _compiled(rf"\bhalf\sa\s(thousand|million|billion)\b(?:\s({one_of(ENGLISH)})\b)?"),
        _half_of_scale,
    ),
    Rule(
        re.compile(
            rf"(?<![A-Za-z])(?P<sign>{one_of(SIGNS)})\s?(?:(?P<from>[\d.,]*\d)\s?(?:[-–—~]|to)\s?"
            rf"(?:{one_of(SIGNS)})?\s?)?(?P<to>[\d.,]*\d(?:[\s-]?{_SCALE})?)"
        ),
        _money_after_sign,
    ),
    Rule(_compiled(rf"{_BETWEEN}[\s-]?(?P<word>{one_of(ENGLISH)})\b"), _money_before_word),
    Rule(
        _compiled(
            rf"(?:(?P<from>{AMOUNT})\s?[%％]?{_TO})?(?P<to>{AMOUNT})[\s-]?(?:[%％]|per\s?cent\b|percentage)"
        ),
        _percent,
    ),
    *english_dates.RULES,
    Rule(_compiled(r"\b(?:noon|midnight)\b"), _clock),
    # MP3, A17, COVID-19: names, and no figures.
    Rule(re.compile(r"\b[A-Za-z]+-?\d[\w-]*"), idiom),
    Rule(
        _compiled(
            rf"({AMOUNT}|\ban?)\s(?:\w+\s)?and\sa\shalf\b(?:\s(thousand|million|billion)\b)?"
        ),
        _and_a_half,
    ),
    Rule(
        _compiled(rf"({AMOUNT})[\s-](third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)s?\b"),
        _fraction,
    ),
    Rule(_compiled(r"\b(a)\s(third|quarter|fifth|tenth)\sof\b"), _fraction),
    Rule(re.compile(r"(?<![\d/])(\d{1,3})/(\d{1,3})(?![\d/])"), _slash),
    Rule(_compiled(rf"({AMOUNT})\sout\sof\s(?:every\s)?({AMOUNT})"), _out_of),
    Rule(_compiled(rf"\b(one)\sin\s(?:every\s)?({AMOUNT})"), _out_of),
    Rule(
        _compiled(
            r"\bhal(?:f|ves)(?:[\s-]?an?[\s-](year|hour|dozen|century|decade)\b|[\s-](hour)\b)?"
        ),
        _half,
    ),
    Rule(_compiled(rf"({AMOUNT})\sdecades\b"), _decades),
    Rule(_compiled(rf"\b(?P<the>the\s)?(?P<ordinal>\d+(?:st|nd|rd|th)|{ORDINAL})\b"), _ordinal),
    Rule(
        _compiled(rf"(?P<from>\b\d[\d.,]*)(?:[-–—]|\sto\s|\sor\s)(?P<to>\d[\d.,]*\s?{_SCALE})"),
        _scaled,
    ),
    Rule(_compiled(AMOUNT), _number),
    *(_voucher(number, words) for number, words in _VOUCHERS.items()),
)


def read(text: str) -> list[Figure]:
    """The figures of an English text."""
    return scan(text, _RULES)
