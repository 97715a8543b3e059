"""Many processes at the same moment: forks of one that has loaded all that they need."""

import multiprocessing
from collections.abc import Callable
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
# Whose functions run in them. One list: what each module said for itself would replace the others'.
FORKS.set_forkserver_preload(
    [f"tests.donations.test_{name}" for name in ("booking_races", "outbox", "postgresql")]
)
PROCESSES = 16


def run_all(work: Callable[..., None], arguments: list[tuple[Any, ...]]) -> None:
    """A process for each tuple of arguments; all of them end well."""
    workers = [FORKS.Process(target=work, args=given) for given in arguments]
    for one in workers:
        one.start()
    for one in workers:
        one.join(120)
    assert [one.exitcode for one in workers] == [0] * len(workers)
