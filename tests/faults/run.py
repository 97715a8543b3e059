"""One run on one database: gifts are given while faults come, then peace, then the verdict."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.faults import aftermath
from tests.faults.breaking import Breaking, faults_by_kind
from tests.faults.donors import Donors
from tests.faults.held import held_in
from tests.faults.plan import Plan, Wish
from tests.faults.repeats import Copy, Repeats, count_repeats
from tests.faults.stand import Stand, stand_for
from tests.faults.verdict import FAULTS, Verdict, judge, message_id_of

_EVENTS_WAITING = 60
_LOOK_EVERY = 0.05
_AT_ONCE = 12  # donors


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is told of a run. ``in_vain``: the gifts whose donor gave up trying.

    ``kills``: lives that ended by a kill; ``restarts``: lives but the first. ``dropped``: events
    that never came. ``faults``: how often each kind was carried out, kills among them.
    """

    plan: Plan
    tried: int
    in_vain: list[int]
    verdict: Verdict
    repeats: Repeats
    kills: int
    restarts: int
    dropped: int
    faults: dict[str, int]
    commands: list[aftermath.Ran]
    seconds: float

    @property
    def good(self) -> bool:
        enough = self.kills >= self.plan.kills()
        commands = all(ran.code == 0 for ran in self.commands)
        fine = self.verdict.good and not self.repeats.unexplained
        return fine and commands and enough and not self.in_vain

    def told(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "database": self.plan.database,
            "seed": self.plan.seed,
            "gifts": len(self.plan.wishes),
            "tried": self.tried,
            "in_vain": len(self.in_vain),
            **asdict(self.verdict),
            "repeated": self.repeats.unexplained,
            "repeated_in_window": self.repeats.explained,
            "kills": self.kills,
            "kills_planned": self.plan.kills(),
            "restarts": self.restarts,
            "dropped": self.dropped,
            "faults": self.faults,
            "commands": {ran.command: ran.code for ran in self.commands},
            "said": {ran.command: ran.said for ran in self.commands if ran.code},
            "seconds": round(self.seconds, 1),
            "must_be_zero": ["in_vain", *FAULTS, "repeated"],
            "good": self.good,
        }


def run(plan: Plan, tell: Callable[[int], None] = lambda _: None) -> Outcome:
    """Carry out a plan; ``tell`` hears how many gifts have been given so far."""
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="faults-") as folder,
        stand_for(plan.database, Path(folder)) as stand,
    ):
        donors, breaking = Donors(stand), Breaking(stand, plan)
        _give_all(plan, donors, breaking, tell)
        breaking.finish()
        dropped = len(stand.stripe.statement.events("dropped"))
        aftermath.settle(stand)
        commands = aftermath.run_commands(stand)
        seconds = time.monotonic() - begun
        return _outcome(plan, stand, donors, breaking, dropped, commands, seconds)


def _give_all(plan: Plan, donors: Donors, breaking: Breaking, tell: Callable[[int], None]) -> None:
    def give(wish: Wish) -> None:
        breaking.begin(wish.number)
        # So that the events of the gifts meet with the faults, and not with the peace after them.
        while donors.stand.stripe.statement.waiting() > _EVENTS_WAITING:
            time.sleep(_LOOK_EVERY)  # between two looks
        donors.give(wish)
        tell(donors.paid)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            for given in [pool.submit(give, wish) for wish in plan.wishes]:
                given.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _outcome(
    plan: Plan,
    stand: Stand,
    donors: Donors,
    breaking: Breaking,
    dropped: int,
    commands: list[aftermath.Ran],
    seconds: float,
) -> Outcome:
    mails, reports = stand.post.mails, stand.portal.reports
    killed = stand.portal.kills()
    return Outcome(
        plan=plan,
        tried=donors.tried,
        in_vain=donors.in_vain,
        verdict=judge(stand.stripe.statement.owed(), held_in(stand.base.url), mails),
        repeats=count_repeats(
            [Copy(one.at, message_id_of(one), one.mood) for one in mails],
            reports.tries,
            reports.lives,
            breaking.windows,
        ),
        # The last life is ended by the run itself.
        kills=killed - 1,
        restarts=len(reports.lives) - 1,
        dropped=dropped,
        faults=faults_by_kind(breaking.windows),
        commands=commands,
        seconds=seconds,
    )
