"""How much memory and time an export of many gifts takes: ``python -m tests.exports_bench 100000``.

The database is filled past the program, since booking each gift would take longer than all else.
"""

import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from donations_api.databases import database_at
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.rows import columns
from donations_api.settings import ROOT, Settings
from tests.donations.running import environment_of, settings_for
from tests.donations.stripe_events import a_gift

# What a spreadsheet would run, or take for a number, if it were let.
HOSTILE = ('=HYPERLINK("http://x.example","!")', "@SUM(1)", "+1", "-1", "\t=1", "＝1", "张伟")
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Measured:
    """``peak`` in kB, ``seconds`` of the clock."""

    peak: int
    seconds: float


def fill(settings: Settings, gifts: int) -> None:
    """Put so many gifts with their entries into the books, five minutes apart."""
    rows: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for number in range(gifts):
        came = BEGAN + timedelta(minutes=5 * number)
        gift = a_gift(
            id=f"gift_{number:08}",
            state=State.RECEIVED,
            amount=Money(1000 + number, "CNY"),
            name=HOSTILE[number % len(HOSTILE)],
            created_at=came,
        )
        accounts = ROUTES[Kind.GIFT]
        meant = gift.fund, gift.recipient
        entry = Entry(
            Kind.GIFT, gift.id, *accounts, gift.amount, *meant, f"pi_{number}", "evt", came, came
        )
        rows[0].append(columns(gift))
        rows[1].append({"id": f"entry_{number:08}", **columns(entry)})
    with closing(database_at(settings.database_url).connect()) as connection:
        sqlite = database_at(settings.database_url).driver == "sqlite3"
        connection.execute("BEGIN")
        for table, values in zip(("gifts", "entries"), rows, strict=True):
            names = list(values[0])
            marks = ", ".join(f":{one}" if sqlite else f"%({one})s" for one in names)
            sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
            connection.cursor().executemany(sql, values)
        connection.commit()


def measured(settings: Settings, *words: str) -> Measured:
    """Run a command in a process of its own."""
    # Not getrusage: its peak is that of the process before exec, which is ours.
    program = (
        "import re, sys; from donations_api.cli import main; code = main(sys.argv[1:]);"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]); sys.exit(code)"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        env=environment_of(settings),
        capture_output=True,
        check=True,
    )
    return Measured(int(done.stdout.split()[-1]), time.monotonic() - began)


def main(gifts: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder))
        Ledger(settings.database_url).migrate()
        fill(settings, gifts)
        for words in (("gifts", "a.csv"), ("gifts", "a.xlsx"), ("entries", "b.csv")):
            file = Path(folder) / words[1]
            found = measured(settings, "export", words[0], "--into", str(file))
            sys.stdout.write(
                f"{' '.join(words)}: {found.peak // 1024} MB, {found.seconds:.1f} s,"
                f" {file.stat().st_size // 1024} kB\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]))
