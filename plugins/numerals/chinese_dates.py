"""Dates and times in Chinese; a date is its parts, as in English."""

import re
from collections.abc import Iterator

from plugins.numerals.chinese_numerals import AMOUNT, value
from plugins.numerals.english_dates import DIGITAL
from plugins.numerals.figure import MONTH, NUMBER, TIME, Meaning, Rule

_DAYTIME = "上午|下午|晚上|早上|早晨|清晨|中午|凌晨|傍晚|早|晚"
_HOUR = r"(?:(?<![\d.])\d{1,2}|[一二两三四五六七八九十]{1,3})"
_AFTERNOON = ("下午", "晚上", "傍晚", "晚")


def _month(match: re.Match[str]) -> Iterator[Meaning]:
    for part in match["months"], match["last"]:
        if part:
            yield Meaning(MONTH, value(part))
    if match["day"]:
        yield Meaning(NUMBER, value(match["day"]))


def _year_in_characters(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, value(match[0]))


def _decade(match: re.Match[str]) -> Iterator[Meaning]:
    century = {"二十一": 2000, "21": 2000, "本": 2000}.get(match[1] or match[2] or "", 1900)
    yield Meaning(NUMBER, century + value(match[3]))


def _years(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, int(match[1]))
    yield Meaning(NUMBER, int(match[1][:2] + match[2]))


def _time(match: re.Match[str]) -> Iterator[Meaning]:
    daytime = match["daytime"] or ""
    first, certain = _minutes(match, "", daytime)
    yield Meaning(TIME, first, sure=certain or bool(daytime))
    if match["hour_to"]:
        last, certain_to = _minutes(match, "_to", match["daytime_to"] or daytime)
        # 上午九点到五点: the end has the next half of the day.
        yield Meaning(TIME, last + 12 * 60 * (last <= first), sure=certain_to or bool(daytime))
    if not certain and not daytime:
        # 三点 may be three points: without a time of day or minutes it asks for nothing.
        for hour in filter(None, (match["hour"], match["hour_to"])):
            yield Meaning(NUMBER, value(hour), sure=False)


def _minutes(match: re.Match[str], which: str, daytime: str) -> tuple[int, bool]:
    """Minutes since midnight, and whether they are surely a time."""
    hour = int(value(match[f"hour{which}"]))
    if (daytime in _AFTERNOON and hour < 12) or (daytime == "中午" and hour < 3):
        hour += 12
    exact = match[f"digits{which}"] or match[f"minute{which}"]
    part = {"半": 30, "一刻": 15, "三刻": 45}.get(match[f"part{which}"] or "", 0)
    certain = bool(exact or part or match[f"clock{which}"])
    return hour * 60 + (int(value(exact)) if exact else part), certain


def _clock(which: str) -> str:
    return (
        rf"(?P<daytime{which}>{_DAYTIME})?\s?(?P<hour{which}>{_HOUR})"
        rf"(?:[:：](?P<digits{which}>[0-5]\d)(?!\d)"
        rf"|[点點](?P<clock{which}>[钟鐘整])?(?:(?P<minute{which}>{AMOUNT})分|(?P<part{which}>半|[一三]刻))?"
        r"|(?<=\d)[时時](?![间間候代]))"
    )


RULES = (
    DIGITAL,
    Rule(re.compile(r"[一二][零〇一二三四五六七八九]{3}(?=年)"), _year_in_characters),
    Rule(re.compile(r"(?<![\d.,-])((?:19|20)\d\d)[-–—/](\d\d)(?=年|学年|财年)"), _years),
    Rule(
        re.compile(
            r"(?:(?:(二十一|二十|十九|21|20|19)世纪|(上|本)世纪))?([二三四五六七八九]十|\d0)年代"
        ),
        _decade,
    ),
    Rule(
        re.compile(
            rf"(?:(?P<months>{_HOUR})月?[-–—~至到、和])?(?P<last>{_HOUR})月(?:份|(?P<day>{_HOUR})(?=[日号號至到–—-]))?"
        ),
        _month,
    ),
    Rule(re.compile(rf"{_clock('')}(?:\s?[-–—~至到]+\s?{_clock('_to')})?"), _time),
)
