"""Which day it is where the organisation is: the rules that know a term all ask here.

``SITE_DAY`` (``2026-11-26``) in the environment is another day, to see a term pass on it.
"""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo


def today(zone: str) -> date:
    """The day in ``zone``, a name of the time zone database.

    Raises what ``zoneinfo`` raises for a name that it does not know, and ValueError for a
    ``SITE_DAY`` that is no day.
    """
    if day := os.environ.get("SITE_DAY"):
        return date.fromisoformat(day)
    return datetime.now(ZoneInfo(zone)).date()
