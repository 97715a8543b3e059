"""D14: what came, went and is left, added up, and what is shown of a currency."""

from collections.abc import Iterable

import pytest

from donations_api.money import Money
from plugins.books import bars, charts, currency, flows
from plugins.books.currency import CurrencyBooks, CurrencyMonth
from plugins.books.flows import Flow
from plugins.books.open_books import FIGURES, Statement

NAMES = {"lamp": "灯", "roof": "屋顶"}


def statement(month: str, fund: str, opening: int, came: int, went: int) -> Statement:
    """In euros, which have cents."""
    figures = dict.fromkeys(FIGURES, 0) | {"received": came, "spent": went}
    return Statement(month, fund, "EUR", 1, opening, figures, opening + came - went)


# Two funds; the second one begins later, and the first one's last month is not the last one.
STATEMENTS = (
    statement("2025-11", "roof", 0, 1000, 300),
    statement("2025-12", "lamp", 0, 50, 0),
    statement("2025-12", "roof", 700, 0, 800),
    statement("2026-01", "lamp", 50, 20, 10),
)


def flow(key: str, *minor: int) -> Flow:
    return Flow(key, *(Money(one, "EUR") for one in minor))


MONTHS = [
    flow("2025-11", 1000, 300, 700),
    flow("2025-12", 50, 800, -50),
    flow("2026-01", 20, 10, 60),
]
YEARS = [flow("2025", 1050, 1100, -50), flow("2026", 20, 10, 60)]
FUNDS = [flow("lamp", 70, 10, 60), flow("roof", 1000, 1100, -100)]
TOTAL = flow("*", 1070, 1110, -40)


def test_flows_by_month_year_and_fund() -> None:
    """What is left is that of each fund's last statement."""
    assert flows.by_month(STATEMENTS) == MONTHS
    assert flows.by_year(STATEMENTS) == YEARS
    assert flows.by_fund(STATEMENTS) == FUNDS
    assert flows.by_fund(STATEMENTS[::-1])[0].key == "lamp"
    assert flows.total(STATEMENTS) == TOTAL
    assert flows.together(MONTHS) == flow("*", 1070, 1110, 60)
    assert flows.together(MONTHS[1:2]) == flow("*", 50, 800, -50)


def newest_first(months: Iterable[str]) -> list[str]:
    return sorted(months, reverse=True)


def test_all_months_are_shown_while_they_are_few() -> None:
    """With their sums by fund; the years by themselves say nothing more."""
    months = newest_first({one.month for one in STATEMENTS})
    own = CurrencyBooks.of(STATEMENTS, months, NAMES)
    assert own == CurrencyBooks(
        code="EUR",
        total=TOTAL,
        months=MONTHS,
        years=[],
        funds=FUNDS,
        months_drawn=charts.columns(MONTHS),
        years_drawn=None,
        funds_drawn=bars.of_funds(FUNDS, NAMES),
    )
    assert own.shown == flow("*", 1070, 1110, 60)


@pytest.mark.parametrize("shown", [1, 2, 3])
def test_what_is_older_is_told_by_the_year(shown: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last months of all the books are shown, also when a currency has nothing in them."""
    monkeypatch.setattr(currency, "SHOWN", shown)
    months = newest_first({one.month for one in STATEMENTS})
    own = CurrencyBooks.of(STATEMENTS, months, NAMES)
    assert own.months == MONTHS[-shown:]
    drawn = charts.columns(MONTHS[-shown:]) if shown > 1 else bars.of_month(MONTHS[2])
    assert own.months_drawn == drawn
    assert own.years == (YEARS if shown < 3 else [])
    assert own.years_drawn == (charts.columns(YEARS) if shown < 3 else None)
    old = CurrencyBooks.of(STATEMENTS[:1], ["2026-03", "2026-02", "2026-01", "2025-11"], NAMES)
    assert old == CurrencyBooks(
        code="EUR",
        total=flow("*", 1000, 300, 700),
        months=[],
        years=[flow("2025", 1000, 300, 700)],
        funds=[],
        months_drawn=None,
        years_drawn=None,
        funds_drawn=None,
    )


def test_twelve_months_are_shown() -> None:
    """A year of them."""
    months = [f"2025-{month:02}" for month in range(1, 13)]
    statements = [statement(one, "roof", 0, 1, 1) for one in ("2024-12", *months)]
    own = CurrencyBooks.of(statements, newest_first(one.month for one in statements), NAMES)
    assert [one.key for one in own.months] == months
    assert [one.key for one in own.years] == ["2024", "2025"]


@pytest.mark.parametrize("minor", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, -1)])
def test_a_long_figure_makes_a_currency_long(minor: tuple[int, int, int]) -> None:
    """From a million on, whatever it is a figure of; a million cents are not that many."""
    for size, is_long in ((99_999_999, False), (100_000_000, True)):
        told = flow("2026-01", *(one * size for one in minor))
        own = CurrencyBooks("EUR", told, [MONTHS[0], told], [], [], None, None, None)
        assert own.is_long is is_long


def test_a_month_of_a_currency() -> None:
    """Over all its funds, and each by itself."""
    december = STATEMENTS[1:3]
    own = CurrencyMonth.of(december)
    assert own == CurrencyMonth("EUR", MONTHS[1], bars.of_month(MONTHS[1]), december)
    assert own.opening == Money(700, "EUR")
    assert CurrencyMonth.of(STATEMENTS[:1]).code == "EUR"
