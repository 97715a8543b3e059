"""Dates and times in English. A date is its parts, since languages name more or fewer of them."""

import re
from collections.abc import Iterator

from plugins.numerals.figure import MONTH, NUMBER, TIME, Meaning, Rule

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NAMES = "|".join(
    rf"{name[:3].title()}(?:{name[3:]}|\.)?" if len(name) > 3 else name.title() for name in _MONTHS
) + r"|Sept\.?"  # fmt: skip
_MONTH = rf"(?P<month>{_NAMES})(?![a-z])"
# Names that are no other word of English need nothing beside them.
_ALONE = "|".join(name.title() for name in _MONTHS if name not in ("march", "may", "august"))
_DAY = r"(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_BEFORE = (
    "in|since|until|till|by|from|of|to|and|or|last|next|early|late|mid|end|each|every|before|after"
)


def _date(match: re.Match[str]) -> Iterator[Meaning]:
    parts = match.groupdict()
    for name in ("day", "last", "year"):
        if parts.get(name):
            yield Meaning(NUMBER, int(parts[name] or ""))
    number = next(
        at for at, name in enumerate(_MONTHS, 1) if name[:3] == parts["month"][:3].lower()
    )
    yield Meaning(MONTH, number)


def digital_date(match: re.Match[str]) -> Iterator[Meaning]:
    """``2016-05-03``, in any language."""
    yield Meaning(NUMBER, int(match[1]))
    yield Meaning(MONTH, int(match[2]))
    if match[3]:
        yield Meaning(NUMBER, int(match[3]))


def _with_slashes(match: re.Match[str]) -> Iterator[Meaning]:
    # 03/05/2016 is in May in London and in March in New York.
    for part in (match[1], match[2]):
        yield Meaning(NUMBER, int(part), sure=False)
        yield Meaning(MONTH, int(part), sure=False)
    yield Meaning(NUMBER, int(match[3]))


def _time(match: re.Match[str]) -> Iterator[Meaning]:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match.groupdict().get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    yield Meaning(TIME, hour * 60 + minute)


def _time_range(match: re.Match[str]) -> Iterator[Meaning]:
    noon = 12 if match["half"].lower() == "p" else 0
    end = int(match["to"]) % 12 + noon
    begin = int(match["hour"]) % 12 + noon
    yield Meaning(TIME, (begin if begin < end else begin - 12) * 60)
    yield Meaning(TIME, end * 60)


def _hour_alone(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(TIME, int(match[1]) * 60, sure=False)
    yield Meaning(NUMBER, int(match[1]), sure=False)


def _decade(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, int(match[1]))


def _years(match: re.Match[str]) -> Iterator[Meaning]:
    first, last = match[1], match[1][:2] + match[2]
    yield Meaning(NUMBER, int(first))
    yield Meaning(NUMBER, int(last))


DIGITAL = Rule(
    re.compile(
        r"(?<![\d-])((?:1[5-9]|20)\d\d)[-/.](0?[1-9]|1[0-2])(?:[-/.](0?[1-9]|[12]\d|3[01]))?(?![\d./-]*\d)"
    ),
    digital_date,
)
RULES = (
    DIGITAL,
    Rule(re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?![\d/])"), _with_slashes),
    Rule(
        re.compile(
            rf"(?<![\d.,])(?P<day>\d{{1,2}}){_DAY}(?:\s?(?:[-–—]|to|and)\s?(?P<last>\d{{1,2}}){_DAY})?"
            rf"\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?"
        ),
        _date,
    ),
    Rule(
        re.compile(
            rf"\b{_MONTH}\s(?P<day>\d{{1,2}}){_DAY}(?!\d)(?:\s?[-–—]\s?(?P<last>\d{{1,2}}){_DAY}(?!\d))?"
            rf"(?:,?\s{_YEAR})?"
        ),
        _date,
    ),
    Rule(re.compile(rf"\b{_MONTH},?\s{_YEAR}"), _date),
    Rule(re.compile(rf"(?<![A-Za-z])(?i:{_BEFORE})[\s-]{_MONTH}"), _date),
    Rule(re.compile(rf"\b(?P<month>{_ALONE})\b"), _date),
    Rule(
        re.compile(
            r"\b(?P<hour>\d{1,2})\s?(?:[-–—]|to)\s?(?P<to>\d{1,2})\s?(?P<half>[aApP])\.?[mM]\b\.?"
        ),
        _time_range,
    ),
    Rule(
        re.compile(
            r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[aApP])\.?[mM]\b\.?"
        ),
        _time,
    ),
    Rule(re.compile(r"(?<![\d:])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?![\d:])"), _time),
    Rule(re.compile(r"\b(\d{1,2})\so['’]clock\b"), _hour_alone),
    Rule(re.compile(r"\b((?:1[5-9]|20)\d0)['’]?s\b"), _decade),
    Rule(re.compile(r"(?<![\d.,-])((?:19|20)\d\d)[-–—/](\d\d)(?![\d.,-]*\d)"), _years),
)
