"""Carries out the faults of a plan while its gifts are given, and then leaves everything well."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, Thread

from tests.faults import bases, post_office, stripe_process
from tests.faults.plan import Fault, Plan
from tests.faults.stand import Stand

# Faults of one lane come one after the other, those of different ones at the same time.
_LANES = {
    "kill": "kills",
    "kill_at_point": "kills",
    "stop": "portal",
    "stop_at_point": "portal",
    "clock": "portal",
    "lock": "database",
    "full_disk": "database",
    "server_restart": "database",
    "mail": "mail",
    "stripe": "stripe",
    "lose_events": "events",
    "hold_events": "events",
}
_AHEAD = 12  # gifts that may begin before a kill that was due
_REACHED_WITHIN = 4.0  # seconds until a point that is not reached is given up
_MET_WITHIN = 3.0  # seconds
_LOOK_EVERY = 0.005


@dataclass(frozen=True, slots=True)
class Window:
    """When a fault lasted, in epoch seconds; ``lane`` is what it was of."""

    lane: str
    kind: str
    begun: float
    ended: float


@dataclass
class Breaking:
    """Begins at once, and waits for the gifts. ``windows``: what was carried out, and when."""

    stand: Stand
    plan: Plan
    windows: list[Window] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._begun, self._kills_left = 0, [f.at for f in self._of_lane("kills")]
        self._news = Condition()
        self._failures: list[BaseException] = []
        self._threads = [
            Thread(target=self._go_through, args=(lane,), daemon=True)
            for lane in sorted(set(_LANES.values()))
        ]
        for thread in self._threads:
            thread.start()

    def begin(self, number: int) -> None:
        """Gift ``number`` is about to begin: it waits for the kills that are long due."""
        with self._news:
            self._begun = max(self._begun, number)
            self._news.notify_all()
            self._news.wait_for(
                lambda: (
                    bool(self._failures)
                    or not self._kills_left
                    or self._kills_left[0] > number - _AHEAD
                )
            )
        if self._failures:
            raise self._failures[0]

    def finish(self) -> None:
        """Wait until the last fault is over."""
        with self._news:
            self._begun = len(self.plan.wishes) + 1
            self._news.notify_all()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    def _of_lane(self, lane: str) -> list[Fault]:
        return [fault for fault in self.plan.faults if _LANES[fault.kind] == lane]

    def _go_through(self, lane: str) -> None:
        for fault in self._of_lane(lane):
            with self._news:
                self._news.wait_for(lambda: self._begun >= fault.at)  # noqa: B023  # at once
            begun = time.time()
            try:
                kind = self._carry_out(fault)
            except BaseException as error:  # noqa: BLE001  # told by finish()
                self._failures.append(error)
                kind = ""
            with self._news:
                if kind:
                    self.windows.append(Window(lane, kind, begun, time.time()))
                if lane == "kills":
                    self._kills_left.pop(0)
                    self._news.notify_all()

    def _carry_out(self, fault: Fault) -> str:
        """What was done in the end: a point that nobody reaches is left, for a kill anywhere."""
        portal, stripe, base = self.stand.portal, self.stand.stripe, self.stand.base
        match fault.kind:
            case "kill":
                time.sleep(fault.seconds)  # the plan's moment, wherever the portal is then
                return self._kill()
            case "kill_at_point":
                kills = portal.kills()
                portal.orders.give(signal.SIGKILL, fault.point, fault.nth)
                if not _within(_REACHED_WITHIN, lambda: not self._stands(signal.SIGKILL)):
                    portal.orders.withdraw(signal.SIGKILL)
                    return self._kill()
                _within(_REACHED_WITHIN, lambda: portal.kills() > kills)
            case "stop":
                portal.stop()
                time.sleep(fault.seconds)  # it stays frozen that long
                portal.go_on()
            case "stop_at_point":
                portal.orders.give(signal.SIGSTOP, fault.point, fault.nth)
                if not _within(_REACHED_WITHIN, lambda: not self._stands(signal.SIGSTOP)):
                    portal.orders.withdraw(signal.SIGSTOP)
                    return ""
                time.sleep(fault.seconds)  # it stays frozen that long
                portal.go_on()
            case "clock":
                portal.set_clock(float(fault.how))
                time.sleep(fault.seconds)  # it is wrong that long
                portal.set_clock(0)
            case "lock":
                bases.lock(base.url, fault.seconds)
            case "full_disk":
                base.fill_disk(portal, int(fault.how))
                time.sleep(fault.seconds)  # it is full that long
                base.empty_disk(portal)
            case "server_restart":
                base.restart()
            case "mail":
                self.stand.post.mood = fault.how
                _last(fault.seconds, lambda: self.stand.post.met)
                self.stand.post.mood = post_office.WELL
                return f"mail_{fault.how}"
            case "stripe":
                stripe.set_mood(fault.how)
                _last(fault.seconds, lambda: stripe.met)
                stripe.set_mood(stripe_process.WELL)
                return f"stripe_{fault.how}"
            case "lose_events" | "hold_events":
                begin, end = {
                    "lose_events": ("lose", "stop_losing"),
                    "hold_events": ("hold", "release"),
                }[fault.kind]
                stripe.press("/events", act=begin)
                _last(fault.seconds, lambda: len(stripe.statement.events("dropped", "held")))
                stripe.press("/events", act=end)
        return fault.kind

    def _kill(self) -> str:
        portal = self.stand.portal
        kills, killed = portal.kills(), False
        while not killed:  # it may have ended by itself just now
            portal.kill()
            killed = _within(_REACHED_WITHIN, lambda: portal.kills() > kills)
        return "kill"

    def _stands(self, deed: signal.Signals) -> bool:
        return self.stand.portal.orders.stands(deed)


def faults_by_kind(windows: list[Window]) -> dict[str, int]:
    """How often each kind was carried out."""
    return dict(sorted(Counter(window.kind for window in windows).items()))


def _last(seconds: float, met: Callable[[], int]) -> None:
    """So long, and until somebody has met with it, but no longer than anybody comes."""
    before = met()
    time.sleep(seconds)  # what breaks lasts that long at least
    _within(_MET_WITHIN, lambda: met() > before)


def _within(seconds: float, happened: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > give_up:
            return False
        time.sleep(_LOOK_EVERY)  # between two looks
    return True
