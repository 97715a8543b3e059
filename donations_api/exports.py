"""Gifts and ledger entries as tables for an accountant, in the words of one language.

    the books, page by page ─▶ rows of words, money and days ─▶ a table (``spreadsheets``)

Each page is a short transaction of its own, so that nobody who writes waits; what is booked after
the start is left aside. Entries are only ever added, so the pages fit together.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from donations_api.entry import Entry
from donations_api.extracts import Extracts, Given, Place, Wanted
from donations_api.frame import Frame, Language, translate
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.spreadsheets import Cell, Table

CATALOG = Path(__file__).parent / "locale"
PAGE = 500  # rows of one transaction

GIFTS = (
    *("day", "number", "name", "email", "amount", "currency", "fee_cover", "returned", "fund"),
    *("recipient", "frequency", "way", "state", "anonymous", "dedication", "in_kind", "gift"),
)
ENTRIES = (
    *("day", "kind", "amount", "currency", "taken_from", "put_into", "fund", "recipient"),
    *("reference", "source", "entered_by", "reason", "booked_on", "gift"),
)

T = TypeVar("T")
Page = Callable[[Extracts, Place], list[tuple[Place, T]]]
Progress = Callable[[str, int], None]


def walk_gifts(ledger: Ledger, wanted: Wanted, started: datetime) -> Iterator[Given]:
    """The gifts of which money came, by the moment when it did. ``started`` is UTC."""
    return _walk(ledger, lambda books, after: books.gifts(wanted, started, after, PAGE))


@dataclass(frozen=True, slots=True)
class Exporter:
    """Fills tables from ``ledger`` in ``language``. ``started`` (UTC): nothing later is in them."""

    ledger: Ledger
    giving: Giving
    frame: Frame
    language: Language
    started: datetime
    progress: Progress = lambda *_: None

    def gifts(self, wanted: Wanted, table: Table) -> int:
        """A row a gift whose money came, then the gifts in kind; how many there are."""
        return self._fill(table, GIFTS, (self._gift(one, wanted) for one in self._gifts(wanted)))

    def entries(self, wanted: Wanted, table: Table) -> int:
        """A row an entry of the ledger; how many there are."""
        found = _walk(
            self.ledger, lambda books, after: books.entries(wanted, self.started, after, PAGE)
        )
        return self._fill(table, ENTRIES, (self._entry(one, wanted) for one in found))

    def _fill(self, table: Table, columns: Iterable[str], rows: Iterable[list[Cell]]) -> int:
        table.add([self._say(f"export.{one}") for one in columns])
        number = 0
        for row in rows:
            table.add(row)
            number += 1
            self.progress("export", 1)
        return number

    def _gifts(self, wanted: Wanted) -> Iterator[Given]:
        yield from walk_gifts(self.ledger, wanted, self.started)
        if not wanted.currency:
            with self.ledger.reading() as books:
                in_kind = books.extracts.gifts_in_kind(wanted)
            yield from in_kind

    def _gift(self, given: Given, wanted: Wanted) -> list[Cell]:
        gift, valued = given.gift, not given.gift.in_kind
        return [
            _day(given.came_at, wanted),
            given.number,
            gift.name,
            gift.email,
            given.came if valued else "",
            given.came.currency if valued else "",
            Money(gift.fee_cover, given.came.currency) if valued else "",
            given.returned if valued else "",
            self._fund(gift.fund),
            self._recipient(gift.recipient),
            self._say(f"frequency.{gift.frequency}"),
            self._say(f"account.{given.way}") if given.way else self._say("export.in_kind"),
            self._say(f"standing.{given.standing}"),
            self._say("export.yes" if gift.anonymous else "export.no"),
            gift.dedication,
            gift.in_kind,
            gift.id,
        ]

    def _entry(self, entry: Entry, wanted: Wanted) -> list[Cell]:
        return [
            _day(entry.received_at, wanted),
            self._say(f"kind.{entry.kind}"),
            entry.amount,
            entry.amount.currency,
            self._say(f"account.{entry.taken_from}"),
            self._say(f"account.{entry.put_into}"),
            self._fund(entry.fund),
            self._recipient(entry.recipient),
            entry.reference,
            entry.source,
            entry.entered_by,
            entry.reason,
            _day(entry.booked_at, wanted),
            entry.gift_id or "",
        ]

    def _fund(self, key: str) -> str:
        fund = self.giving.fund(key)
        return self.frame.text(fund.name, self.language) if fund else key

    def _recipient(self, key: str) -> str:
        recipient = self.giving.recipient(key)
        named = recipient and recipient.legal_name
        return self.frame.text(named, self.language) if named else key

    def _say(self, message: str) -> str:
        # The words for where a gift stands are those that its donor reads.
        folders = (*self.frame.words, CATALOG)
        return translate(folders, self.language, message)


def _walk(ledger: Ledger, page: Page[T]) -> Iterator[T]:
    place = Place()
    while True:
        with ledger.reading() as books:
            found = page(books.extracts, place)
        for place, one in found:  # noqa: B007  # the last place is where the next page begins
            yield one
        if len(found) < PAGE:
            return


def _day(moment: datetime, wanted: Wanted) -> date:
    """The day of a moment (UTC) in the zone in which the days were asked for."""
    return moment.astimezone(wanted.period.zone).date()
