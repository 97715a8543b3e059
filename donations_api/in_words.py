"""Amounts in words, as papers give them beside the figures: pure, exact, in Chinese and in English.

The numerals are notation and stand here; what a currency's units are called is in the catalogs,
as ``unit.<currency>``. Chinese follows the rules for bills: capital numerals, one 零 for a gap,
整 where no 分 follows.
"""

from pathlib import Path

from babel.numbers import get_currency_precision

from donations_api.frame import translate
from donations_api.money import Money

_CATALOGS = (Path(__file__).parent / "locale",)

_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_MYRIADS = ("", "万", "亿", "兆")
_WHOLE = "整"

# fmt: off
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
_TENS = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
# fmt: on
_THOUSANDS = ("", "thousand", "million", "billion", "trillion")


def in_words(amount: Money, language: str) -> str:
    """``amount`` (zero or more) in words; English for a ``language`` (its code) that is not ``zh``.

    Empty for a currency whose units the catalogs do not name.
    """
    try:
        units = translate(_CATALOGS, language, f"unit.{amount.currency}").split("/")
    except LookupError:
        return ""
    whole, part = divmod(amount.minor, 10 ** get_currency_precision(amount.currency))
    return _chinese(whole, part, units) if language == "zh" else _english(whole, part, units)


def _chinese(whole: int, part: int, units: list[str]) -> str:
    """``units``: the currency's name, its unit, and 角 and 分, or one unit for hundredths."""
    name, unit, *small = units
    text = f"{_capitals(whole)}{unit}" if whole or not part else ""
    if not part:
        return f"{name}{text}{_WHOLE}"
    if len(small) == 1:
        gap = "零" if whole and part < 10 else ""
        return f"{name}{text}{gap}{_capitals(part)}{small[0]}"
    tenths, hundredths = divmod(part, 10)
    if tenths:
        text += f"{_CAPITALS[tenths]}{small[0]}"
    elif whole:
        text += "零"
    return f"{name}{text}" + (f"{_CAPITALS[hundredths]}{small[1]}" if hundredths else _WHOLE)


def _capitals(number: int) -> str:
    """A number in capital numerals, four digits to a group: 壹佰万零伍拾."""
    if not number:
        return _CAPITALS[0]
    digits = [int(digit) for digit in str(number)]
    places = range(len(digits) - 1, -1, -1)
    text, gap = "", False
    for digit, place in zip(digits, places, strict=True):
        myriad, within = divmod(place, 4)
        if digit:
            text += ("零" if gap else "") + _CAPITALS[digit] + _PLACES[within]
        # A gap is told before the next digit; one at the end of a group ends with the group's name.
        gap = not digit
        if within == 0 and number // 10**place % 10_000:
            text += _MYRIADS[myriad]
            gap = False
    return text


def _english(whole: int, part: int, units: list[str]) -> str:
    """``units``: the unit, more than one of it, a hundredth, more than one of these."""
    said = []
    if whole or not part:
        said.append(f"{_spelt(whole)} {units[0 if whole == 1 else 1]}")
    if part:
        said.append(f"{_spelt(part)} {units[2 if part == 1 else 3]}")
    return " and ".join(said)


def _spelt(number: int) -> str:
    """A number as British English says it: one million and fifty, two hundred and one thousand."""
    if not number:
        return _ONES[0]
    groups, rest = [], number
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    said = [
        f"{_below_thousand(group)} {thousand}".strip()
        for group, thousand in reversed(list(zip(groups, _THOUSANDS, strict=False)))
        if group
    ]
    if len(said) > 1 and 0 < groups[0] < 100:
        said[-1] = f"and {said[-1]}"
    return " ".join(said)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    said = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        said.append(
            _ONES[rest] if rest < 20 else "-".join([_TENS[tens], *([_ONES[ones]] if ones else [])])
        )
    return " and ".join(said)
