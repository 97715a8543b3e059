"""A span of days in somebody's time zone: a month, a year, from one day to another. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from donations_api.errors import WordWrong

# Which years can be meant; any other is a slip of the pen.
YEARS = range(1990, 2200)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, both days included, as they are counted in ``zone``."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """Its first moment, UTC."""
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it, UTC."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def month(self) -> str:
        """The month in which it begins: ``2026-11``."""
        return f"{self.first:%Y-%m}"

    def months(self) -> Iterator["Period"]:
        """The months that it touches, whole, the first one first."""
        year, month = self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            yield _month(year, month, self.zone)
            year, month = _next(year, month)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)


def month_of(typed: str, zone: ZoneInfo) -> Period:
    """The month that is written ``2026-11``. Raises WordWrong."""
    found = _MONTH.fullmatch(typed.strip())
    if not found or int(found[1]) not in YEARS or not 1 <= int(found[2]) <= _DECEMBER:
        raise WordWrong("period.month", typed=typed)
    return _month(int(found[1]), int(found[2]), zone)


def year_of(typed: str, zone: ZoneInfo) -> Period:
    """The year that is written ``2026``. Raises WordWrong."""
    if not re.fullmatch(r"\d{4}", typed.strip(), re.ASCII) or int(typed) not in YEARS:
        raise WordWrong("period.year", typed=typed)
    return Period(date(int(typed), 1, 1), date(int(typed), _DECEMBER, 31), zone)


def days_of(first: str, last: str, zone: ZoneInfo) -> Period:
    """From the day ``first`` to ``last`` (``2026-11-01``); empty: as far as there is anything.

    Raises WordWrong.
    """
    period = Period(
        day_of(first) if first.strip() else date(YEARS[0], 1, 1),
        day_of(last) if last.strip() else date(YEARS[-1], _DECEMBER, 31),
        zone,
    )
    if period.first > period.last:
        raise WordWrong("period.backwards", first=first, last=last)
    return period


def day_of(typed: str) -> date:
    """The day that is written ``2026-11-01``. Raises WordWrong."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise WordWrong("period.day", typed=typed) from None
    if day.year not in YEARS:
        raise WordWrong("period.day", typed=typed)
    return day


def _month(year: int, month: int, zone: ZoneInfo) -> Period:
    return Period(date(year, month, 1), date(*_next(year, month), 1) - timedelta(days=1), zone)


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == _DECEMBER else (year, month + 1)
