"""What is shown of one currency: its sums, its tables, and the drawing above each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from donations_api.money import Money
from plugins.books import bars, charts, flows
from plugins.books.charts import Chart
from plugins.books.flows import Flow
from plugins.books.open_books import Statement

SHOWN = 12  # the last months of all the books; what is older is told by the year
_LONG = 1_000_000


@dataclass(frozen=True, slots=True)
class CurrencyBooks:
    """A currency over all months. The first of its months, years and funds come first.

    ``years`` is empty while all months are shown, and ``funds`` where there is only one. A drawing
    is None where there is nothing to be compared.
    """

    code: str
    total: Flow
    months: Sequence[Flow]
    years: Sequence[Flow]
    funds: Sequence[Flow]
    months_drawn: Chart | None
    years_drawn: Chart | None
    funds_drawn: Chart | None

    @classmethod
    def of(
        cls, statements: Sequence[Statement], months: Sequence[str], names: Mapping[str, str]
    ) -> Self:
        """Of the statements of one currency. ``months`` are those of all books, the newest first.

        ``names`` by the funds' keys.
        """
        shown = [one for one in flows.by_month(statements) if one.key in months[:SHOWN]]
        years = flows.by_year(statements) if len(months) > SHOWN else []
        funds = flows.by_fund(statements)
        return cls(
            code=statements[0].currency,
            total=flows.total(statements),
            months=shown,
            years=years,
            funds=funds if len(funds) > 1 else [],
            months_drawn=_drawn(shown),
            years_drawn=charts.columns(years) if len(years) > 1 else None,
            funds_drawn=bars.of_funds(funds, names) if len(funds) > 1 else None,
        )

    @property
    def shown(self) -> Flow:
        """Of the months that are shown together."""
        return flows.together(self.months)

    @property
    def is_long(self) -> bool:
        """Whether its figures have more digits than stand beside each other on a phone."""
        figures = (one for flow in self.months for one in (flow.came, flow.went, flow.balance))
        return any(abs(one.decimal) >= _LONG for one in figures)


@dataclass(frozen=True, slots=True)
class CurrencyMonth:
    """A currency in one month: over all funds, and each fund by itself."""

    code: str
    flow: Flow
    drawn: Chart
    statements: Sequence[Statement]

    @property
    def opening(self) -> Money:
        """What was left of the month before."""
        return Money(sum(one.opening for one in self.statements), self.code)

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> Self:
        """Of a month's statements in one currency."""
        (flow,) = flows.by_month(statements)
        return cls(statements[0].currency, flow, bars.of_month(flow), statements)


def _drawn(months: Sequence[Flow]) -> Chart | None:
    if len(months) == 1:
        return bars.of_month(months[0])
    return charts.columns(months) if months else None
