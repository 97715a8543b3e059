"""``python -m tests.faults <gifts> <kills> <seed> <database>…``: a run a database.

The plan goes to standard error, how far it is as well; the outcomes, as a list in JSON, to standard
output. The exit code is 1 when a number is not 0 that has to be.
"""

import json
import signal
import sys

from tests.faults.plan import plan_for
from tests.faults.run import run


def main(gifts: int, kills: int, seed: int, databases: list[str]) -> int:
    # So that what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    outcomes = []
    for database in databases:
        plan = plan_for(database, seed, gifts, kills)
        _say(f"{database}  N={gifts}  KILLS={kills}  SEED={seed}")
        for fault in plan.faults:
            _say(str(fault))
        outcomes.append(run(plan, lambda given: _far(given, gifts)))
    json.dump([one.told() for one in outcomes], sys.stdout, ensure_ascii=False, indent=2)
    return 0 if all(one.good for one in outcomes) else 1


def _far(given: int, gifts: int) -> None:
    if given % max(1, gifts // 20) == 0:
        _say(f"{given}/{gifts}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(int(words[0]), int(words[1]), int(words[2]), words[3:]))
