"""Full days of birth of people who are, or may be, minors."""

import re
from collections.abc import Iterator
from datetime import date

from plugins.identifying.sentences import Sentences

_HAN = "〇零一二三四五六七八九十"
_DAY = (
    r"(?:(?:19|20)\d\d|[〇零一二三四五六七八九]{4})\s?(?:[-./]|年的?)\s?"
    rf"[\d{_HAN}]{{1,3}}\s?[-月./]\s?[\d{_HAN}]{{1,3}}\s?[日号]?"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_DAY_EN = (
    rf"(?:{_NUMBER}(?: of)? {_MONTH},? {_YEAR}|{_MONTH} {_NUMBER},? {_YEAR}"
    rf"|{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR})"
)
_PATTERNS = (
    re.compile(rf"(?:出生|生于|生日)(?:日期|年月日?)?[\s:是为在于|\"]{{0,5}}(?P<day>{_DAY})"),
    re.compile(
        rf"(?P<day>{_DAY})\s?(?:\([^()]{{1,12}}\)|在[^,。;]{{2,10}}?)(?:出生|降生|来到人世)"
    ),
    re.compile(rf"(?P<day>{_DAY})\s?(?:出生|降生|来到人世|诞生|生(?![效产活物日态命意变长]))"),
    re.compile(
        r"(?<![a-z])(?:born|date of birth|birth ?date|birthday|birth|d\.?o\.?b\.?)(?![a-z])"
        r"(?: in(?: [a-z][\w'’-]*,?){1,3} on)?"
        rf"(?: on| is| was| the| [a-z]+day|\s?[:=]|\W){{0,4}}\s?\"?(?P<day>{_DAY_EN})",
        re.IGNORECASE,
    ),
)
_NO_YEAR = re.compile(rf"生日[\s:是为在]{{0,3}}(?P<day>[\d{_HAN}]{{1,3}}月[\d{_HAN}]{{1,3}}[日号])")
_OF_SOMETHING = re.compile(
    r"(?:机构|中心|组织|网站|基金会?|我们|新中国|协会|项目|公司|学校)(?:的|是)?$"
    r"|\b(?:our|centre's|charity's|organisation's|its|project's)(?: \w+)? ?$",
    re.IGNORECASE,
)
_OF_YEAR = re.compile(r"(?:19|20)\d\d|[〇零一二三四五六七八九]{4}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def find(text: str, sentences: Sentences, today: date) -> Iterator[tuple[str, int, int, bool]]:
    """What stands there, from where to where, and whether it is a child's for certain."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if not _OF_SOMETHING.search(text[: found.start()]) and _is_minor(found["day"], today):
                yield found["day"], *found.span("day"), True
    for found in _NO_YEAR.finditer(text):
        if sentences.at(found.start()).has_age:
            yield found["day"], *found.span("day"), False


def _is_minor(day: str, today: date) -> bool:
    years = [int(year.translate(_DIGITS)) for year in _OF_YEAR.findall(day)]
    # A day too early, none of a minor's is missed.
    return any(today.year - year <= 18 for year in years)
