"""Full days of birth of people who are, or may be, minors."""

import re
from collections.abc import Iterator
from datetime import date

from plugins.identifying.sentences import AGE_EN, AGE_ZH, Sentences, childs_age
from plugins.identifying.words import words

_HAN = "〇零一二三四五六七八九十"
_YEAR_ZH = r"(?:(?:19|20)\d\d|[〇零一二三四五六七八九]{4})"
_DAY = (
    rf"{_YEAR_ZH}\s?(?:[-./]|年的?)\s?"
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
# With the year in two digits: behind a word that leaves no doubt.
_SHORT_DAY = r"(?P<two>\d\d)\s?(?:[-./]|年)\s?\d{1,2}\s?[-月./]\s?\d{1,2}(?![\d:])[日号]?"
_SHORT_DAY_EN = (
    rf"(?:{_NUMBER}(?: of)? {_MONTH},? |{_MONTH} {_NUMBER},? "
    r"|\d{1,2}(?P<gap>[-/. ])\d{1,2}(?P=gap))['’]?(?P<two>\d\d)(?![\d:])"
)
_BORN = r"(?:出生|降生|来到人世|生(?![效产活物日态命意变长火病气]))"
_PATTERNS = (
    re.compile(rf"(?:出生|生于|生日)(?:日期|年月日?)?[\s:是为在于|\"]{{0,5}}(?P<day>{_DAY})"),
    re.compile(
        rf"(?P<day>{_DAY})\s?(?:\([^()]{{1,12}}\)|在[^,。;]{{2,10}}?)(?:出生|降生|来到人世)"
    ),
    re.compile(rf"(?P<day>{_DAY})\s?(?:{_BORN}|(?P<literary>诞生))"),
    re.compile(
        r"(?<![a-z])(?:born|date of birth|birth ?date|birthday|birth|d\.?o\.?b\.?)(?![a-z])"
        r"(?: in(?: [a-z][\w'’-]*,?){1,3} on)?"
        rf"(?: on| is| was| the| [a-z]+day|\s?[:=]|\W){{0,4}}\s?\"?(?P<day>{_DAY_EN})",
        re.IGNORECASE,
    ),
    re.compile(rf"出生(?:日期|年月日)[\s:是为\"]{{0,5}}(?P<day>{_SHORT_DAY})"),
    re.compile(
        r"(?<![a-z])(?:date of birth|birth ?date|d\.?o\.?b\.?)(?![a-z])"
        rf"(?: is| was|\s?[:=]|\W){{0,4}}(?P<day>{_SHORT_DAY_EN})",
        re.IGNORECASE,
    ),
)
# The day on which somebody came to an age tells day and year of birth.
_TURNED = r"(?:(?:has|had|will|is|just|only) ){0,2}(?:turned|turns?|turning)"
_COMING_TO_AN_AGE = (
    re.compile(
        rf"(?P<who>[\w'’]+) {_TURNED} {AGE_EN}(?: years old)? on (?P<day>{_DAY_EN})", re.IGNORECASE
    ),
    re.compile(
        rf"\bon (?P<day>{_DAY_EN}),? (?P<who>[\w'’]+) {_TURNED} {AGE_EN}\b(?! [a-z])",
        re.IGNORECASE,
    ),
)
_COMING_TO_AN_AGE_ZH = re.compile(
    rf"(?<![至到止])(?P<day>{_DAY})(?:这天|那天|当天)?,?[他她]?(?:就|刚刚?|将|正好)?(?:满|过了?){AGE_ZH}(?!的)"
)
_LUNAR_MONTH = r"闰?[正一二三四五六七八九十冬腊]{1,2}月"
_LUNAR_DAY = rf"{_LUNAR_MONTH}(?:初[{_HAN}]|[一二]?十[{_HAN}]?|廿[{_HAN}]?|三十)(?![{_HAN}日号\d])"
_LUNAR_YEAR = rf"(?:(?:{_YEAR_ZH}|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年的?\s?)?"
_LUNAR = rf"{_LUNAR_YEAR}(?:(?:农历|阴历|旧历)的?\s?)?{_LUNAR_YEAR}{_LUNAR_DAY}"
_LUNAR_BIRTHDAYS = (
    re.compile(rf"(?:出生|生于|生日|生辰)[\s:是为在于]{{0,3}}(?P<day>{_LUNAR})"),
    re.compile(rf"(?P<day>{_LUNAR})(?:那天|这天)?\s?(?:{_BORN}|的?生日)"),
)
_NO_YEAR = re.compile(rf"生日[\s:是为在]{{0,3}}(?P<day>[\d{_HAN}]{{1,3}}月[\d{_HAN}]{{1,3}}[日号])")
_OF_SOMETHING = re.compile(
    r"(?:机构|中心|组织|网站|基金会?|我们|新中国|协会|项目|公司|学校)(?:的|是)?$"
    r"|\b(?:our|centre's|charity's|organisation's|its|project's)(?: \w+)? ?$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^,。;!?\n]*")
# What is "born" in the words of those who found it.
_FOUNDED = r"(?:机构|中心|组织|网站|基金会?|协会|项目|公司|品牌|计划|节目|之家|第一[家所个座])"
_FOUNDED_THERE = re.compile(rf"诞生[的了][^,。;他她孩]{{0,8}}{_FOUNDED}")
_SOMEBODY = re.compile(r"[他她]|孩子|男孩|女孩|宝宝|婴儿|小朋友")
_NOBODY = words("things") | {"it", "we", "that", "which", "this", "home", "library", "association"}
_OF_YEAR = re.compile(r"(?:19|20)\d\d|[〇零一二三四五六七八九]{4}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def find(text: str, sentences: Sentences, today: date) -> Iterator[tuple[str, int, int, bool]]:
    """What stands there, from where to where, and whether it is a child's for certain."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            two = found.groupdict().get("two")
            years = [_last(two, today)] if two else _years(found)
            if not _is_of_something(found) and _is_minor(years, today):
                yield found["day"], *found.span("day"), True
    for pattern in _COMING_TO_AN_AGE:
        for found in pattern.finditer(text):
            who = found["who"].lower()
            if who not in _NOBODY and _came_to_an_age(found, today):
                yield found["day"], *found.span("day"), who in ("he", "she")
    for found in _COMING_TO_AN_AGE_ZH.finditer(text):
        sentence = sentences.at(found.start())
        somebody = _SOMEBODY.search(sentence.text) or sentence.has_one
        if somebody and _came_to_an_age(found, today):
            yield found["day"], *found.span("day"), True
    for pattern in _LUNAR_BIRTHDAYS:
        for found in pattern.finditer(text):
            years = _years(found)
            if _is_minor(years, today) if years else not sentences.at(found.start()).has_adult:
                yield found["day"], *found.span("day"), bool(years)
    for found in _NO_YEAR.finditer(text):
        if sentences.at(found.start()).has_age:
            yield found["day"], *found.span("day"), False


def _is_of_something(found: re.Match[str]) -> bool:
    """Whether a centre, a project was born that day, and not somebody."""
    text = found.string
    if _OF_SOMETHING.search(text[: found.start()]):
        return True
    if not found.groupdict().get("literary"):
        return False
    clause = next(one[0] for one in _CLAUSE.finditer(text) if one.end() >= found.end())
    if _FOUNDED_THERE.search(clause):
        return True
    return bool(re.search(_FOUNDED, clause)) and not _SOMEBODY.search(clause)


def _came_to_an_age(found: re.Match[str], today: date) -> bool:
    """Whether the age is a child's, and who was so old then still may be one."""
    age = childs_age(found["age"])
    return age > 0 and _is_minor([year - age for year in _years(found)], today)


def _last(two: str, today: date) -> int:
    """The last year that two digits may mean."""
    year = 2000 + int(two)
    return year if year <= today.year else year - 100


def _years(found: re.Match[str]) -> list[int]:
    return [int(year.translate(_DIGITS)) for year in _OF_YEAR.findall(found["day"])]


def _is_minor(born: list[int], today: date) -> bool:
    # A day too early, none of a minor's is missed.
    return any(today.year - year <= 18 for year in born)
