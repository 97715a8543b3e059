"""The open books: two files for the public site, made by looking into the ledger alone.

Both begin with ``demo`` (no real money moved), ``as_of`` (the day on which they were made) and
``time_zone`` (in which months are counted). Amounts are whole minor units of ``currency``.

``ledger.json``: ``months``, sorted by ``month`` (``2026-11``), ``fund``, ``currency``; in each what
was ``received`` in ``gifts``, ``returned``, ``disputed`` (withdrawn by a donor's bank), ``fees``,
``exchanged``, ``corrected``, and the ``balance`` after it:

    balance before + received - returned - disputed - fees + exchanged + corrected = balance

``fund`` is empty for what belongs to none. ``gifts`` is null where one or two are of donors who are
not named, since a count would then tell what one of them gave.

``donors.json``: ``donors``, those who asked to be named, sorted by ``month``, ``fund``,
``currency``, ``name``, each with the ``amount`` that was not returned and the ``message``, empty
unless staff let it be read. ``unnamed``: the other gifts of a month, a fund and a currency, counted
in ``gifts`` as above.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from donations_api.contact_details import contact_detail
from donations_api.entry import Standing
from donations_api.exports import Progress, walk_gifts
from donations_api.extracts import Given, Wanted
from donations_api.ledger import Ledger
from donations_api.month_end import MonthEnd, month_ends
from donations_api.periods import Period, days_of
from donations_api.whole_files import whole_file

FEW = 3  # so many donors who are not named hide one another

_FIGURES = ("received", "returned", "disputed", "fees", "exchanged", "corrected")
_GONE = (Standing.REFUNDED, Standing.DISPUTED)

Cell = tuple[str, str, str]  # a month, a fund, a currency


@dataclass(frozen=True, slots=True)
class Withheld:
    """A ``name`` or ``message`` (``what``) that is not published, since ``found`` is in it."""

    gift_id: str
    what: str
    found: str


@dataclass(frozen=True, slots=True)
class Published:
    """How many months and named gifts the files hold, and what a person should look at."""

    months: int
    named: int
    withheld: list[Withheld]


@dataclass(frozen=True, slots=True)
class _Named:
    month: str
    fund: str
    currency: str
    name: str
    amount: int
    message: str

    @property
    def cell(self) -> Cell:
        return self.month, self.fund, self.currency


def publish(
    ledger: Ledger,
    folder: Path,
    zone: ZoneInfo,
    now: datetime,
    *,
    demo: bool,
    progress: Progress = lambda *_: None,
) -> Published:
    """Write both files into ``folder``, with months as ``zone`` counts them. ``now`` is UTC.

    Raises FileWrong when ``folder`` cannot be written to, and LedgerUnavailable; the files that
    were there stay.
    """
    today = now.astimezone(zone).date()
    with ledger.reading() as books:
        first = books.extracts.first_entry()
        allowed = books.extracts.published_messages()
        span = first and Period(first.astimezone(zone).date(), today, zone)
        months = list(month_ends(books.extracts, span)) if span else []
    withheld: list[Withheld] = []
    named: list[_Named] = []
    unnamed: Counter[Cell] = Counter()
    for given in walk_gifts(ledger, Wanted(days_of("", "", zone)), now):
        if not _stands(given):
            continue
        if one := _named(given, zone, allowed, withheld):
            named.append(one)
        else:
            unnamed[_cell(given, zone)] += 1
        progress("publish", 1)
    named.sort(key=lambda one: tuple(asdict(one).values()))
    counted = _counted(months, named)
    about = {"demo": demo, "as_of": today.isoformat(), "time_zone": zone.key}
    files = {
        "ledger.json": about | {"months": _months(months, counted)},
        "donors.json": about
        | {"donors": [asdict(one) for one in named], "unnamed": _unnamed(unnamed)},
    }
    with suppress(OSError):  # what cannot be written to is told below
        folder.mkdir(exist_ok=True)
    for name, content in files.items():
        with whole_file(folder / name, replace=True, public=True) as draft:
            draft.write_text(_text(content), encoding="utf-8")
    return Published(len(months), len(named), withheld)


def _stands(given: Given) -> bool:
    """Whether something of the gift is left; what went back is nobody's gift any more."""
    return given.standing not in _GONE and given.came.minor > given.returned.minor


def _cell(given: Given, zone: ZoneInfo) -> Cell:
    return f"{given.came_at.astimezone(zone):%Y-%m}", given.gift.fund, given.came.currency


def _named(
    given: Given, zone: ZoneInfo, allowed: set[str], withheld: list[Withheld]
) -> _Named | None:
    """The gift as its donor wants it to be read; None: not by name."""
    gift, kept = given.gift, given.came.minor - given.returned.minor
    name = " ".join(gift.name.split())
    if gift.anonymous or not name:
        return None
    if found := contact_detail(name):
        withheld.append(Withheld(gift.id, "name", found))
        return None
    message = " ".join(gift.message.split()) if gift.id in allowed else ""
    if found := contact_detail(message):
        withheld.append(Withheld(gift.id, "message", found))
        message = ""
    return _Named(*_cell(given, zone), name, kept, message)


def _counted(months: Iterable[MonthEnd], named: Iterable[_Named]) -> Mapping[Cell, tuple[int, int]]:
    """How many gifts of each cell there are: in all, and of donors who are not named."""
    by_name = Counter(one.cell for one in named)
    return {
        cell: (fund.gifts, fund.gifts - by_name[cell])
        for end in months
        for fund in end.funds
        if fund.gifts
        for cell in [(end.period.month, fund.fund, fund.currency)]
    }


def _months(
    months: Iterable[MonthEnd], counted: Mapping[Cell, tuple[int, int]]
) -> list[dict[str, Any]]:
    rows = []
    for end in months:
        for fund in end.funds:
            figures = {figure: getattr(fund, figure) for figure in _FIGURES}
            cell = end.period.month, fund.fund, fund.currency
            if not any((*figures.values(), fund.closing, fund.gifts)):
                continue  # a payout alone: the money stays with us
            gifts, others = counted.get(cell, (0, 0))
            rows.append(
                dict(zip(("month", "fund", "currency"), cell, strict=True))
                | {"gifts": None if 0 < others < FEW else gifts, **figures}
                | {"balance": fund.closing}
            )
    return rows


def _unnamed(unnamed: Mapping[Cell, int]) -> list[dict[str, Any]]:
    return [
        dict(zip(("month", "fund", "currency"), cell, strict=True))
        | {"gifts": None if number < FEW else number}
        for cell, number in sorted(unnamed.items())
    ]


def _text(content: Mapping[str, Any]) -> str:
    """The same content is the same text, so that only what is new is a change to the site."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
