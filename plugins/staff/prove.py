"""``make prove``: gifts are given while everything around them fails; one table says what was lost.

First all that the tests only sample is tried in full. The proof lives with the tests; here it is
started, and its figures are shown in both languages.
"""

import json
import os
import random
import subprocess
import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plugins.staff.messages import Refusal, text, write_line
from plugins.staff.steps import ROOT

DATABASES = {
    "sqlite": ("sqlite",),
    "postgresql": ("postgresql",),
    "both": ("sqlite", "postgresql"),
}
GIFTS = 2000
_FIGURES = (
    *("tried", "paid", "in_vain", "lost", "unfounded", "doubled", "wrong", "without_receipt"),
    *("gaps", "unsent", "repeated", "other_ids", "repeated_in_window", "kills", "restarts"),
)
# Of these each run of the tests tries a part.
_ORDERS = (
    "tests/donations/test_orderings_once.py",
    "tests/donations/test_orderings_monthly.py",
    "tests/donations/test_exact_money.py",
    "tests/donations/test_discrepancies.py",
)
_LAST_FIGURES = ("dropped", "seconds")

Outcome = dict[str, Any]


def main(words: list[str]) -> int:
    """Run the proof and print its table; 1 when a figure is not 0 that has to be.

    From the environment: ``N`` gifts, ``SEED``, ``KILLS``, ``DATABASE``; ``JSON=1`` or the word
    ``--json`` prints the figures for machines instead. Raises Refusal.
    """
    orders = _every_order()
    gifts = _number("N", GIFTS)
    kills = _number("KILLS", max(12, -(-gifts // 4)))
    seed = _seed()
    chosen = os.environ.get("DATABASE") or "both"
    if chosen not in DATABASES:
        raise Refusal("prove.database_unknown", value=chosen, known=" ".join(DATABASES))
    command = [sys.executable, "-m", "tests.faults", *map(str, (gifts, kills, seed))]
    ran = subprocess.run(
        [*command, *DATABASES[chosen]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=False,
    )
    if not ran.stdout:
        raise Refusal("prove.broke_off")
    if "--json" in words or os.environ.get("JSON"):
        write_line(ran.stdout)
        return ran.returncode or orders
    outcomes: list[Outcome] = json.loads(ran.stdout)
    Console().print(_table(outcomes))
    for outcome in outcomes:
        for command_line, said in outcome["said"].items():
            write_line(f"── {command_line} ──\n{said}")
    for language in ("zh", "en"):
        _say_verdict(outcomes, language)
        write_line(text("prove.orders_bad" if orders else "prove.orders_good", language))
    return ran.returncode or orders


def _every_order() -> int:
    """All orders of events; amounts and discrepancies by ten thousands; 1 when one fails."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", *_ORDERS],
        cwd=ROOT,
        stdout=sys.stderr,
        env=os.environ | {"WHOLE": "1"},
        check=False,
    )
    return int(ran.returncode != 0)


def _number(name: str, usual: int) -> int:
    typed = os.environ.get(name) or str(usual)
    if not typed.isdecimal() or int(typed) < 1:
        raise Refusal("prove.number_unreadable", name=name, value=typed, example=usual)
    return int(typed)


def _seed() -> int:
    typed = os.environ.get("SEED") or str(random.randrange(10**6))  # noqa: S311  # no secret
    try:
        return int(typed)
    except ValueError:
        raise Refusal("prove.seed_unreadable", value=typed) from None


def _table(outcomes: list[Outcome]) -> Table:
    """The figures one below the other and the databases side by side, as a terminal is wide."""
    first = outcomes[0]
    title = _both("prove.title", gifts=first["gifts"], seed=first["seed"])
    table = Table(_both("prove.figure"), title=title)
    for outcome in outcomes:
        table.add_column(outcome["database"], justify="right")

    def row(label: str, cells: list[Text]) -> None:
        table.add_row(Text(label), *cells)

    for name in _FIGURES:
        row(_both(f"prove.{name}"), [_figure(outcome, name) for outcome in outcomes])
    for kind in sorted({kind for outcome in outcomes for kind in outcome["faults"]}):
        counts = [Text(str(outcome["faults"].get(kind, 0))) for outcome in outcomes]
        row(_both(f"prove.fault.{kind}"), counts)
    for name in _LAST_FIGURES:
        row(_both(f"prove.{name}"), [_figure(outcome, name) for outcome in outcomes])
    for command in first["commands"]:
        codes = [outcome["commands"][command] for outcome in outcomes]
        cells = [Text(str(code), "bold red" if code else "green") for code in codes]
        row(_both("prove.command", command=command), cells)
    return table


def _figure(outcome: Outcome, name: str) -> Text:
    style = ""
    if name in outcome["must_be_zero"]:
        style = "bold red" if outcome[name] else "green"
    return Text(str(outcome[name]), style)


def _say_verdict(outcomes: list[Outcome], language: str) -> None:
    for outcome in outcomes:
        if outcome["good"]:
            continue
        bad = [text(f"prove.{n}", language) for n in outcome["must_be_zero"] if outcome[n]]
        bad += [
            text("prove.command", language, command=command)
            for command, code in outcome["commands"].items()
            if code
        ]
        if outcome["kills"] < outcome["kills_planned"]:
            bad.append(text("prove.too_few_kills", language))
        names = ("gifts", "seed", "database")
        again = {name: outcome[name] for name in names} | {"kills": outcome["kills_planned"]}
        write_line(text("prove.bad", language, which=", ".join(bad), **again))
    if all(outcome["good"] for outcome in outcomes):
        write_line(text("prove.good", language))


def _both(message_id: str, **details: object) -> str:
    """Both languages on one line; an indented label stays indented once."""
    zh, en = (text(message_id, language, **details) for language in ("zh", "en"))
    return f"{zh} · {en.strip()}"
