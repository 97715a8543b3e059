"""A currency that may be given: its amounts, its bounds, and what a payment in it costs."""

import re
from dataclasses import dataclass

from donations_api.money import AmountUnreadable, Money, digits, marks, parse_amount
from donations_api.tables import Table

_PERCENT = re.compile(r"\d(?:\.\d{1,2})?")  # under ten per cent, or it is a slip of the pen


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency that may be given, with its suggested amounts and its bounds (both inclusive).

    What a payment costs is estimated: ``fee_points`` hundredths of a per cent of what is paid, and
    ``fee_fixed`` minor units beside it.
    """

    code: str
    suggested: tuple[Money, ...]
    smallest: Money
    largest: Money
    fee_points: int
    fee_fixed: int

    @property
    def digits(self) -> int:
        """How many digits stand after the point."""
        return digits(self.code)

    @property
    def marks(self) -> str:
        """What may stand beside an amount, in lower case, with blanks between."""
        return " ".join(marks(self.code))

    def fee_cover(self, gift: Money) -> Money:
        """What is to be added to ``gift`` so that it is left when the payment's cost is taken off.

        The smallest such amount; the cost itself is rounded to a minor unit, half up.
        """
        total = gift.minor + self.fee_fixed
        while total - self._cost(total) < gift.minor:
            # Each step brings at least what is still lacking, so there are but a few.
            total += gift.minor - (total - self._cost(total))
        return Money(total - gift.minor, gift.currency)

    def _cost(self, total: int) -> int:
        return (total * self.fee_points + 5_000) // 10_000 + self.fee_fixed


def read_currency(table: Table) -> Currency:
    """A currency as donations.toml has it. Raises FileWrong."""
    code = table.text("code")

    def money(key: str, value: object) -> Money:
        try:
            return parse_amount(str(value), code)
        except AmountUnreadable:
            table.refuse(key, "file.amount", value=str(value), currency=code)

    suggested = tuple(money("suggested", value) for value in table.list("suggested"))
    smallest = money("smallest", table.need("smallest"))
    largest = money("largest", table.need("largest"))
    for amount in suggested:
        if not smallest.minor <= amount.minor <= largest.minor:
            table.refuse(
                "suggested",
                "file.amount_bounds",
                value=str(amount.decimal),
                currency=code,
            )
    points, fixed = _fee(table, code)
    return Currency(code, suggested, smallest, largest, points, fixed)


def _fee(table: Table, code: str) -> tuple[int, int]:
    """The estimated cost of a payment: hundredths of a per cent, and minor units."""
    fee = table.values.get("fee")
    if not isinstance(fee, dict) or not {"percent", "fixed"} <= fee.keys():
        table.refuse("fee", "file.fee")
    percent, fixed = str(fee["percent"]), str(fee["fixed"])
    if not _PERCENT.fullmatch(percent):
        table.refuse("fee.percent", "file.fee")
    whole, _, part = percent.partition(".")
    try:
        minor = parse_amount(fixed, code).minor if fixed.strip("0.") else 0
    except AmountUnreadable:
        table.refuse("fee.fixed", "file.amount", value=fixed, currency=code)
    return int(whole + part.ljust(2, "0")), minor
