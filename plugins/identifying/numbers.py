"""Numbers by which a state knows a person: those of identity cards, as far as they can be checked.

GB 11643 (mainland China, 18 digits with a check sign, and the 15 digits of before 1999), Hong
Kong's and Taiwan's cards, the US and UK numbers, and what a label says is one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from operator import mul

from plugins.identifying.finding import Finding

# Digits can be set apart, and written in Chinese.
_GAP = r"[ \-‐–—.·_/*]{0,2}"
_OR_LINE = rf"(?:{_GAP}|\n)"  # where a check sign says that the digits are one number
_EIGHTEEN = re.compile(rf"(?<!\d)(?=([1-8](?:{_OR_LINE}\d){{16}}{_OR_LINE}[\dXx])(?!\d))")
_FIFTEEN = re.compile(r"(?<![\d.])(?=([1-8]\d{5}[ -]?\d{6}[ -]?\d{3})(?!\d))")
_ANY = re.compile(r"\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")
_IN_CHINESE = re.compile(r"[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{11,}")
_DIGITS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)}
_PROVINCES |= {*range(61, 66), 71, 81, 82, 83}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LABELLED = re.compile(
    r"(?:身份证|公民身份号码|户口簿|户籍|学籍|学号|护照|通行证|出生证|残疾人?证|证件|passport"
    r"|(?:national )?(?:id|identity)(?: card)?|nhs|social security|ssn|national insurance)"
    r"\s?(?:编号|号码?|number|no\.?|#)?\s?(?:为|是|is|:|=|\()?\s{0,2}"
    rf"(?P<number>[A-Z]{{0,2}}\d(?:{_GAP}\d){{6,18}}[A-Za-z]?)(?!\d)",
    re.IGNORECASE,
)
_HONG_KONG = re.compile(r"(?<![A-Za-z0-9])([A-Z]{1,2})(\d{6}) ?\(([\dA])\)")
_TAIWAN = re.compile(r"(?<![A-Za-z0-9])([A-Z])([12]\d{8})(?![A-Za-z0-9])")
_US = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")
_UK = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r" ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Z0-9])"
)
_OF_TAIWAN = {letter: at for at, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", start=10)}
_WEIGHTS_OF_TAIWAN = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


def in_digits(text: str) -> str:
    """``text`` with long rows of Chinese digits as digits; nothing else moves."""
    return _IN_CHINESE.sub(lambda found: found[0].translate(_DIGITS), text)


def find(text: str) -> Iterator[Finding]:
    """Identity numbers in a plain text."""
    if not _ANY.search(text):
        return
    for found in _LABELLED.finditer(text):
        # A label's number need not be right to tell who is meant.
        yield Finding("C6.id_number", found["number"], *found.span("number"))
    for pattern, is_one in ((_EIGHTEEN, _is_eighteen), (_FIFTEEN, _is_fifteen)):
        for found in pattern.finditer(text):
            # Signs of several kinds part several numbers: coordinates, a table's row.
            parted = set(re.sub(r"[\dXx\n]", "", found[1]))
            if len(parted) < 2 and is_one(re.sub(r"[^\dXx]", "", found[1])):
                certain = pattern is _EIGHTEEN
                yield Finding("C6.id_number", found[1], *found.span(1), certain)
    checked: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
        (_HONG_KONG, _is_hong_kong),
        (_TAIWAN, _is_taiwan),
    )
    for pattern, is_right in checked:
        for found in pattern.finditer(text):
            if is_right(found):
                yield Finding("C6.id_number", found[0], *found.span())
    for pattern in (_US, _UK):
        for found in pattern.finditer(text):
            yield Finding("C6.id_number", found[0], *found.span(), False)


def _is_eighteen(digits: str) -> bool:
    if not _is_born(digits[:2], digits[6:14]):
        return False
    total = _weighed(map(int, digits[:17]), _WEIGHTS)
    return "10X98765432"[total % 11] == digits[17].upper()


def _is_fifteen(digits: str) -> bool:
    return _is_born(digits[:2], f"19{digits[6:12]}")


def _is_born(province: str, day: str) -> bool:
    try:
        born = date.fromisoformat(day)
    except ValueError:
        return False
    return int(province) in _PROVINCES and 1900 <= born.year < 2100


def _is_hong_kong(found: re.Match[str]) -> bool:
    values = [36] * (2 - len(found[1])) + [int(letter, 36) for letter in found[1]]
    values += [int(digit) for digit in found[2]]
    total = _weighed(values, range(9, 1, -1))
    return (total + (10 if found[3] == "A" else int(found[3]))) % 11 == 0


def _is_taiwan(found: re.Match[str]) -> bool:
    digits = map(int, f"{_OF_TAIWAN[found[1]]}{found[2]}")
    return _weighed(digits, _WEIGHTS_OF_TAIWAN) % 10 == 0


def _weighed(digits: Iterable[int], weights: Iterable[int]) -> int:
    total: int = sum(map(mul, digits, weights))
    return total
