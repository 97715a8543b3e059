"""A month later: the same day of the month, or its last day where there is no such day."""

import calendar
from datetime import UTC, datetime


def month_after(moment: int, anchor: int) -> int:
    """``anchor`` is the moment whose day and time of day are kept; all in epoch seconds, UTC.

    The 31st of January is followed by the last of February, and that by the 31st of March.
    """
    at, first = datetime.fromtimestamp(moment, UTC), datetime.fromtimestamp(anchor, UTC)
    year, month = (at.year, at.month + 1) if at.month < 12 else (at.year + 1, 1)
    day = min(first.day, calendar.monthrange(year, month)[1])
    return int(first.replace(year=year, month=month, day=day).timestamp())
