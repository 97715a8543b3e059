"""What will happen in a run: every gift and every fault, chosen from a seed before anything begins.

The same seed, number of gifts and of kills give the same plan on each database.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.faults import post_office, stripe_process
from tests.faults.points import HOLDING, OFTEN, POINTS

SQLITE, POSTGRESQL = "sqlite", "postgresql"

# A gift of each currency, in whole units, and the bank debit that goes with it.
_CURRENCIES = {
    "CNY": (10, 3000, ""),
    "HKD": (10, 3000, ""),
    "USD": (2, 500, "us_bank_account"),
    "EUR": (2, 500, "sepa_debit"),
    "GBP": (2, 500, "bacs_debit"),
    "AUD": (3, 500, "au_becs_debit"),
    "CAD": (3, 500, "acss_debit"),
    "JPY": (300, 90000, ""),
}
# What becomes of gifts, and how many of a hundred.
_FATES = {
    "kept": 56,
    "refunded": 5,
    "partly_refunded": 5,
    "refund_failed": 3,
    "dispute_won": 3,
    "dispute_lost": 3,
    "monthly": 5,
    "renewed": 5,
    "renewal_failed": 3,
    "debit_settled": 6,
    "debit_failed": 3,
    "another_card": 3,
}
_MONTHLY = ("monthly", "renewed", "renewal_failed")
_DEBITS = ("debit_settled", "debit_failed")
_LONGEST = 7.0  # seconds that the portal stands still, or the database is locked
_CLOCK_OFF = 600.0  # seconds
_MANY = 400  # gifts, from which on a run is a long one


@dataclass(frozen=True, slots=True)
class Wish:
    """What a donor will give. ``amount`` is in whole units of ``currency``, ``part`` of it is
    refunded. ``told_again``: its events are delivered once more.
    """

    number: int
    amount: int
    currency: str
    method: str
    fate: str
    part: int
    language: str
    told_again: bool

    @property
    def frequency(self) -> str:
        return "monthly" if self.fate in _MONTHLY else "once"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong when gift ``at`` begins. ``seconds``: for how long.

    ``point`` and ``nth``: at which point of the portal's work, and the how-manieth time.
    ``how``: the mood, or the bytes that a file may have, or the seconds that the clock is off.
    """

    at: int
    kind: str
    seconds: float = 0
    point: str = ""
    nth: int = 0
    how: str = ""

    def __str__(self) -> str:
        parts = [f"{self.at:>5} {self.kind}", self.how]
        if self.point:
            parts.append(f"{self.point} ×{self.nth}")
        if self.seconds:
            parts.append(f"{self.seconds:.2f} s")
        return "  ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Plan:
    """``wishes`` in the order in which they begin, ``faults`` in theirs."""

    database: str
    seed: int
    wishes: tuple[Wish, ...]
    faults: tuple[Fault, ...]

    def kills(self) -> int:
        return sum(fault.kind.startswith("kill") for fault in self.faults)


def least_kills(gifts: int) -> int:
    """A kill for each four gifts, and twelve for a short run."""
    return max(12, math.ceil(gifts / 4))


def plan_for(database: str, seed: int, gifts: int, kills: int) -> Plan:
    chance = random.Random(f"{seed} gifts")  # noqa: S311  # it is to be the same again
    wishes = tuple(_wish(chance, number) for number in range(1, gifts + 1))
    chance = random.Random(f"{seed} faults")  # noqa: S311
    faults = [*_kills(chance, gifts, kills), *_others(chance, database, gifts)]
    return Plan(database, seed, wishes, tuple(sorted(faults, key=lambda fault: fault.at)))


def _wish(chance: random.Random, number: int) -> Wish:
    fate = chance.choices([*_FATES], [*_FATES.values()])[0]
    fitting = [code for code, (_, _, debit) in _CURRENCIES.items() if debit or fate not in _DEBITS]
    currency = chance.choice(fitting)
    smallest, largest, debit = _CURRENCIES[currency]
    amount = chance.randint(smallest, largest)
    return Wish(
        number,
        amount,
        currency,
        debit if fate in _DEBITS else "card",
        fate,
        chance.randint(1, amount - 1),
        chance.choice(("zh", "en")),
        chance.random() < 0.1,
    )


def _kills(chance: random.Random, gifts: int, kills: int) -> Iterator[Fault]:
    """Two of three at a named point, the third at whatever moment it is."""
    points = POINTS if gifts >= _MANY else OFTEN
    for number in range(kills):
        at = 1 + number * gifts // kills
        if chance.random() < 2 / 3:
            yield Fault(at, "kill_at_point", point=chance.choice(points), nth=chance.randint(1, 3))
        else:
            yield Fault(at, "kill", seconds=chance.uniform(0, 0.3))


def _others(chance: random.Random, database: str, gifts: int) -> Iterator[Fault]:
    def some(kind: str, one_in: int, **what: Any) -> Iterator[Fault]:
        for _ in range(math.ceil(gifts / one_in)):
            drawn = {name: value() if callable(value) else value for name, value in what.items()}
            yield Fault(chance.randint(1, max(1, gifts * 9 // 10)), kind, **drawn)

    def briefly() -> float:
        return float(0.1 * (_LONGEST / 0.1) ** chance.random())

    yield from some("stop", 80, seconds=briefly)
    yield from some(
        "stop_at_point",
        160,
        seconds=briefly,
        point=lambda: chance.choice(HOLDING),
        nth=lambda: chance.randint(1, 3),
    )
    # Past the five seconds that a writer waits, in a short run as well.
    yield from some("lock", 400, seconds=_LONGEST if gifts >= _MANY else 5.5)
    yield from some("clock", 250, seconds=1.0, how=str(_CLOCK_OFF))
    yield from some("clock", 250, seconds=1.0, how=str(-_CLOCK_OFF))
    # Some of the time the log can be written and only the tables cannot grow.
    sizes = (0, 4096, 65536, 1048576 + 8192) if gifts >= _MANY else (0, 65536)
    yield from some(
        "full_disk",
        130,
        seconds=lambda: chance.uniform(0.3, 1.5),
        how=lambda: str(chance.choice(sizes)),
    )
    for mood in post_office.MOODS:
        yield from some("mail", 150, seconds=lambda: chance.uniform(0.2, 1), how=mood)
    for mood in stripe_process.MOODS:
        yield from some("stripe", 200, seconds=lambda: chance.uniform(0.2, 0.8), how=mood)
    yield from some("lose_events", 80, seconds=lambda: chance.uniform(0.1, 0.5))
    yield from some("hold_events", 80, seconds=lambda: chance.uniform(0.1, 1))
    if database == POSTGRESQL:
        yield from some("server_restart", 60)
