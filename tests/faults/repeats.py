"""Which mails were taken more than once, and whether a fault between the two explains it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.faults.breaking import Window
from tests.faults.reports import Life, Try

_LOCKED_OUT = 6.0  # seconds for which the books let a writer wait, and a little


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail as the server took it: when, under which Message-ID, and in which mood."""

    at: float
    message_id: str
    mood: str


@dataclass(frozen=True, slots=True)
class Repeats:
    """``explained``: by a fault between the server's taking the mail and the row's being marked."""

    explained: int
    unexplained: int


def count_repeats(
    copies: Iterable[Copy], tries: Sequence[Try], lives: Sequence[Life], windows: Sequence[Window]
) -> Repeats:
    by_mail: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_mail[copy.message_id].append(copy)
    tries_of: dict[str, list[Try]] = defaultdict(list)
    for one in tries:
        tries_of[one.message_id].append(one)
    verdicts = [
        _explained(first, later, tries_of[message_id], lives, windows)
        for message_id, mine in by_mail.items()
        for first, later in pairwise(mine)
    ]
    return Repeats(sum(verdicts), len(verdicts) - sum(verdicts))


def _explained(
    first: Copy,
    later: Copy,
    tries: Sequence[Try],
    lives: Sequence[Life],
    windows: Sequence[Window],
) -> bool:
    before = [one for one in tries if one.begun <= first.at]
    if not before or before[-1].marked:
        return False  # who has marked it, or nobody known, must not send it again
    the_try = before[-1]
    if first.mood.startswith("took"):
        return True
    if any(
        life.pid == the_try.pid and life.by and life.died and the_try.begun <= life.died <= later.at
        for life in lives
    ):
        return True
    until = (the_try.ended or first.at) + _LOCKED_OUT
    return any(
        window.kind in ("stop", "stop_at_point", "lock", "full_disk", "server_restart")
        and window.begun <= until
        and window.ended >= the_try.begun
        for window in windows
    )
