"""What an amount does, in words: a line rests on a row of the budget, or is refused (rule D3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from donations_api.currencies import Currency
from donations_api.money import AmountUnreadable, Money, parse_amount
from donations_api.tables import Table, Texts


@dataclass(frozen=True, slots=True)
class Meaning:
    """What ``amount``, one of those that the form suggests, does; ``budget`` names its proof."""

    amount: Money
    text: Texts
    budget: Texts


def read_meanings(donations: Table, currencies: Mapping[str, Currency]) -> Iterator[Meaning]:
    """The ``[[meaning]]`` of donations.toml, each with its ``[[budget]]``. Raises FileWrong."""
    rows = donations.tables("budget") if "budget" in donations.values else ()
    budget = {row.text("key"): row.texts("name") for row in rows}
    for table in donations.tables("meaning") if "meaning" in donations.values else ():
        if table.values.get("budget") not in budget:
            table.refuse("budget", "file.uncited")
        yield Meaning(
            _suggested(table, currencies), table.texts("text"), budget[table.text("budget")]
        )


def _suggested(table: Table, currencies: Mapping[str, Currency]) -> Money:
    """Its amount. Under one that the form does not suggest nobody would read the line."""
    code, written = table.text("currency"), str(table.need("amount"))
    if code not in currencies:
        table.refuse("currency", "file.unknown_currency", codes=code)
    try:
        amount = parse_amount(written, code)
    except AmountUnreadable:
        table.refuse("amount", "file.amount", value=written, currency=code)
    if amount not in currencies[code].suggested:
        table.refuse("amount", "file.not_suggested", value=written, currency=code)
    return amount
