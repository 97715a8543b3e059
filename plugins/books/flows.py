"""What came, went and is left in one currency: by month, by year, by fund, and in all.

Each takes the statements of one currency, in the order of their months.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from donations_api.money import Money
from plugins.books.open_books import Statement

ALL = "*"  # the key of what is counted over all months


@dataclass(frozen=True, slots=True)
class Flow:
    """``key`` is a month, a year, a fund, or ``ALL``; ``balance`` is what was left at its end."""

    key: str
    came: Money
    went: Money
    balance: Money


def by_month(statements: Sequence[Statement]) -> list[Flow]:
    """The first month first."""
    return _grouped(statements, lambda one: one.month)


def by_year(statements: Sequence[Statement]) -> list[Flow]:
    """The first year first."""
    return _grouped(statements, lambda one: one.month[:4])


def by_fund(statements: Sequence[Statement]) -> list[Flow]:
    """In the order of their keys."""
    return sorted(_grouped(statements, lambda one: one.fund), key=lambda one: one.key)


def total(statements: Sequence[Statement]) -> Flow:
    """Of all the statements together. There is one at least."""
    return _grouped(statements, lambda _: ALL)[0]


def together(flows: Sequence[Flow]) -> Flow:
    """Of several months or years that follow each other, the first one first."""
    came, went = flows[0].came, flows[0].went
    for one in flows[1:]:
        came, went = came + one.came, went + one.went
    return Flow(ALL, came, went, flows[-1].balance)


def _grouped(statements: Iterable[Statement], key: Callable[[Statement], str]) -> list[Flow]:
    groups: dict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        groups[key(one)].append(one)
    return [_sum(name, group) for name, group in groups.items()]


def _sum(name: str, group: Sequence[Statement]) -> Flow:
    currency, last = group[0].currency, {one.fund: one.balance for one in group}
    came, went = (sum(getattr(one, way).minor for one in group) for way in ("came", "went"))
    left = sum(last.values())
    return Flow(name, Money(came, currency), Money(went, currency), Money(left, currency))
