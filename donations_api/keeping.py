"""For how long what is held about donors is kept, and why. Pure.

Years are whole calendar years after the one in which something happened, as books are kept.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from donations_api.giving import Giving

# A gift that was never paid: a bank debit takes two weeks at most, and a donor may ask about one.
UNPAID = timedelta(days=90)
# What letters said, and to where: to answer a donor who asks after one. The receipts stay.
LETTERS = timedelta(days=365)
# What Stripe told us, word by word: a dispute comes within months, and the entries stay.
EVENTS = timedelta(days=365)
# A payment page is open for two hours; what happened on it may be told a little later.
ON_ITS_WAY = timedelta(days=1)
# Gift Aid: six years after the end of the charity's accounting year, which may be in the next one.
DECLARATION_YEARS = 7


def receipt_years(giving: Giving, recipient: str) -> int:
    """How many years a recipient keeps receipts; of one not declared any more, the most."""
    declared = giving.recipient(recipient)
    return declared.receipts_kept_years if declared else longest(giving)


def longest(giving: Giving) -> int:
    """The most years that any recipient keeps its receipts."""
    return max(one.receipts_kept_years for one in giving.recipients)


def zone_of(giving: Giving, recipient: str) -> tzinfo:
    """In whose time a recipient's years begin."""
    declared = giving.recipient(recipient)
    return declared.time_zone if declared else UTC


def first_kept_year(now: datetime, years: int, zone: tzinfo) -> int:
    """The oldest year of which something is still kept ``now`` (UTC)."""
    return now.astimezone(zone).year - years


def beginning(year: int, zone: tzinfo) -> datetime:
    """The first moment of a year somewhere, in UTC."""
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)


def last_day(year: int, years: int) -> str:
    """The last day (ISO 8601) on which something of ``year`` is kept."""
    return f"{year + years}-12-31"


def declaration_is_over(
    declared_at: datetime, last_gift_at: datetime | None, now: datetime
) -> bool:
    """Whether a Gift Aid declaration is needed no longer. ``last_gift_at``: the last it covers."""
    if not last_gift_at:
        return declared_at < now - UNPAID
    return last_gift_at.year < first_kept_year(now, DECLARATION_YEARS, UTC)
