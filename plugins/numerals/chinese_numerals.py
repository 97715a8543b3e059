"""Chinese numbers (``380万``, ``三百八十``): which text is one, and what it is worth."""

import re
from fractions import Fraction

from plugins.numerals.figure import decimal

_ONES = {
    character: number
    for number, characters in enumerate(
        ("零〇", "一壹", "二贰两兩", "三叁", "四", "五", "六", "七", "八", "九")
    )
    for character in characters
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

CHARACTERS = "零〇一二两兩三四五六七八九十百千万萬亿億"
_SCALE = r"(?:[十百千](?![米克瓦卡分])|[万萬亿億])"  # 3千米 are three kilometres
DIGITS = r"(?:(?<![\d.,])(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?))"
# 1亿2000万; 600多万 and 二十余万 are numbers with a word of doubt inside.
SCALED = rf"{DIGITS}\s?[多余餘]?{_SCALE}+(?:\d+(?:\.\d+)?{_SCALE}+)*"
WORDS = rf"[{CHARACTERS}]+(?:(?<=[十百千])[多余餘](?=[万萬亿億])[万萬亿億]+)?"
AMOUNT = rf"(?:{SCALED}|{DIGITS}|{WORDS})"


def value(amount: str) -> Fraction:
    """What an AMOUNT is worth."""
    text = re.sub(r"[多余餘\s]", "", amount)
    if len(text) > 1 and all(character in _ONES for character in text):
        return Fraction("".join(str(_ONES[character]) for character in text))
    total, section = Fraction(0), Fraction(0)
    number: Fraction | None = None
    last = 1  # the unit before: 三万五 is 35,000
    for part in re.findall(r"[\d.,]*\d|\D", text):
        if part[0].isdigit():
            number, last = decimal(part), 1
        elif part in _ONES:
            number, last = Fraction(_ONES[part]), last if _ONES[part] else 1
        elif part in _TENS:
            section += (1 if number is None else number) * _TENS[part]
            number, last = None, _TENS[part]
        else:
            section += number or 0
            whole = total + section if _MYRIADS[part] > 10**4 else section
            rest = Fraction(0) if _MYRIADS[part] > 10**4 else total
            if not whole and part in "亿億万萬":
                whole = Fraction(1)
            total, section, number, last = (
                rest + whole * _MYRIADS[part],
                Fraction(0),
                None,
                _MYRIADS[part],
            )
    if number is not None:
        section += number * (last // 10 if last > 10 else 1)
    return total + section


def is_round(words: str) -> bool:
    """Whether ``words`` are a unit and nothing else, as in 近百名: a hundred, more or less."""
    return all(character in _TENS or character in _MYRIADS for character in words)
