"""English numbers in words and digits: which text is one, and what it is worth."""

import re
from fractions import Fraction

from plugins.numerals.figure import decimal

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {
    "a": 1,
    **{word: number for number, word in enumerate((*_UNITS, *_TEENS), start=1)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
}
_SCALES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 10**3, "m": 10**6, "bn": 10**9,
}  # fmt: skip

_UNIT, _TEEN, _TEN = "|".join(_UNITS), "|".join(_TEENS), "|".join(_TENS)
_BELOW_100 = rf"(?:(?:{_TEN})(?:[\s-](?:{_UNIT}))?|{_TEEN}|(?:{_UNIT}))"
_BELOW_1000 = rf"(?:(?:{_BELOW_100}|a)[\s-]hundred(?:\s(?:and\s)?{_BELOW_100})?|{_BELOW_100})"
_WORDS = (
    rf"(?:{_BELOW_1000}|a)[\s-](?:thousand|million|billion|trillion)\b"
    rf"(?:\s(?:and\s)?{_BELOW_1000}(?:\sthousand)?)?|{_BELOW_1000}"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALED = rf"{_DIGITS}(?:[\s-]?(?:hundred|thousand|million|billion|trillion)|m|bn|k)\b"
# A number, from its first character to its last, in digits or in words.
# Looked for only where one may begin: most characters of a text are inside of words.
AMOUNT = rf"(?:(?<!\w)(?=[\daoftsenAOFTSEN])(?:(?<!\.)(?:{_SCALED}|{_DIGITS})|(?:{_WORDS})\b))"

_ORDINALS = {
    **{
        word: number
        for number, word in enumerate(
            ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
             "tenth", "eleventh", "twelfth"),
            start=1,
        )
    },
    **{f"{word}th": number for number, word in enumerate(_TEENS, start=10) if number > 12},
    **{f"{word[:-1]}ieth": 10 * number for number, word in enumerate(_TENS, start=2)},
}  # fmt: skip
ORDINAL = rf"(?:(?:{_TEN})[\s-])?(?:{'|'.join(_ORDINALS)})"


def value(amount: str) -> Fraction:
    """What an AMOUNT is worth."""
    total, group = Fraction(0), Fraction(0)
    for word in re.findall(r"[\d.,]*\d|[a-z]+", amount.lower()):
        scale = _SCALES.get(word)
        if word[0].isdigit():
            group += decimal(word)
        elif scale == 100:
            group *= 100
        elif scale:
            total, group = total + (group or 1) * scale, Fraction(0)
        elif word in _SMALL:
            group += _SMALL[word]
    return total + group


def scale_of(amount: str) -> int:
    """The last thousand, million … of an AMOUNT; 1 when it has none."""
    words: list[str] = re.findall(r"[a-z]+", amount.lower())
    return _SCALES.get(words[-1], 1) if words else 1


def ordinal(word: str) -> int:
    """Which place ``18th`` or ``twenty-first`` is."""
    if word[0].isdigit():
        return int(word[:-2])
    parts = re.split(r"[\s-]", word.lower())
    return _ORDINALS[parts[-1]] + (_SMALL[parts[0]] if len(parts) > 1 else 0)
