"""``make mutants``: spoils books and rules by one small thing at a time; a test must notice each.

``tests/mutants.toml`` says which modules, which tests look at each, and which mutants change
nothing that anybody could notice. All happens in copies under ``var/mutants/``, so that a run that
is stopped leaves the code as it was. Decorated functions (properties, context managers) and what
stands outside of functions are not spoiled: the tool cannot switch them in a running program.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from plugins.staff.messages import Refusal, say, text, write_line
from plugins.staff.steps import ROOT

KEPT = ROOT / "tests" / "mutants.toml"
FOLDER = ROOT / "var" / "mutants"
COPIED = ("donations_api", "plugins", "tests", "content", "theme")
# Where the tests of a package's modules are. A mutant lives in the process of its test: what a test
# starts runs the program as it is.
TESTS = {"donations_api": "tests/donations", "plugins": "tests/site"}

# What never comes back from a mutant (an endless loop) was noticed as well.
_NOTICED = {"killed", "timeout", "segfault"}


class Mutant(NamedTuple):
    """A function with one thing spoiled: how that line was, and what became of it."""

    module: str
    function: str
    was: str
    becomes: str


class Result(NamedTuple):
    """What came of one module's mutants: how many there were, and those that no test noticed."""

    number: int
    survivors: list[Mutant]


def main(words: list[str]) -> int:
    """Spoil each module of ``words`` and of ``MODULES`` in the environment, or else all of them.

    Returns 1 when a mutant is neither noticed nor explained.
    """
    kept = tomllib.loads(KEPT.read_text(encoding="utf-8"))
    asked = [*words, *os.environ.get("MODULES", "").split()] or list(kept["modules"])
    for name in asked:
        if name not in kept["modules"]:
            raise Refusal("mutants.unknown", module=name, modules=" ".join(kept["modules"]))
    explained = [_explained(one) for one in kept["explained"] if one["module"] in asked]
    results = {}
    for name in asked:
        say("mutants.spoiling", module=name)
        results[name] = _spoil(name, kept["modules"][name])
    survivors = [one for result in results.values() for one in result.survivors]
    left = [one for one in survivors if one not in explained]
    _show("mutants.left", left)
    _show("mutants.stale", [one for one in explained if one not in survivors])
    _print_table(results, explained)
    say("mutants.some_left" if left else "mutants.none_left", number=len(left))
    return 1 if left else 0


def _explained(entry: dict[str, str]) -> Mutant:
    return Mutant(*(" ".join(entry[field].split()) for field in Mutant._fields))


def _spoil(name: str, about: dict[str, Any]) -> Result:
    """Run the module's tests against each of its mutants. Raises Refusal when that cannot be."""
    called = name.replace("/", ".")
    folder, log = FOLDER / called, FOLDER / f"{called}.log"
    _copy(folder, name, about)
    processes = os.environ.get("PROCESSES") or str(os.cpu_count())
    with log.open("wb") as said:
        ran = _mutmut(folder, "run", "--max-children", processes, stdout=said)
    results = _mutmut(folder, "results", "--all", "true", stdout=subprocess.PIPE).stdout or ""
    statuses = dict(line.strip().rsplit(": ", 1) for line in results.splitlines())
    if ran.returncode or not statuses or "not checked" in statuses.values():
        raise Refusal("mutants.broken", module=name, log=log.relative_to(ROOT).as_posix())
    unnoticed = [key for key, status in statuses.items() if status not in _NOTICED]
    return Result(len(statuses), [_mutant(folder, name, key) for key in unnoticed])


def _copy(folder: Path, name: str, about: dict[str, Any]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for part in COPIED:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=leave)
    # One database proves the bookkeeping as well as two, in half the time.
    but = " or ".join(["postgresql", *about.get("without", [])])
    package = about.get("package", "donations_api")
    settings = {
        "source_paths": [package],
        "only_mutate": [f"{package}/{name}.py"],
        "also_copy": [part for part in COPIED if part not in (package, "tests")],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-k", f"not ({but})"],
        "pytest_add_cli_args_test_selection": [
            f"{TESTS[package]}/{file}" for file in about["tests"]
        ],
    }
    # A list of plain strings is the same in TOML and in JSON.
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in settings.items()]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        project + "\n[tool.mutmut]\n" + "".join(lines), encoding="utf-8"
    )


def _mutmut(folder: Path, *words: str, stdout: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def _mutant(folder: Path, module: str, key: str) -> Mutant:
    """The mutant that the tool calls ``key``, from the difference that it shows."""
    shown = _mutmut(folder, "show", key, stdout=subprocess.PIPE).stdout or ""
    changed = shown.partition("\n@@")[2].splitlines()[1:]
    was, becomes = (
        " ".join(" ".join(line[1:] for line in changed if line.startswith(sign)).split())
        for sign in "-+"
    )
    # donations_api.money.xǁMoneyǁdisplay__mutmut_1, donations_api.money.x_parse_amount__mutmut_1
    name = key.rpartition(".")[2].rpartition("__mutmut_")[0]
    function = name[2:].replace("ǁ", ".")
    return Mutant(module, function, was, becomes)


def _show(message_id: str, mutants: list[Mutant]) -> None:
    if mutants:
        say(message_id)
    for one in mutants:
        write_line(f"  {one.module}.{one.function}\n    - {one.was}\n    + {one.becomes}")


def _print_table(results: dict[str, Result], explained: list[Mutant]) -> None:
    columns = ("module", "number", "killed", "survived", "explained")
    table = Table(
        *(
            " · ".join(text(f"mutants.{one}", language) for language in ("zh", "en"))
            for one in columns
        )
    )
    table.columns[0].no_wrap = True  # a name that is cut off could be any module's
    table.columns[0].overflow = "fold"
    table.columns[0].min_width = max(map(len, results), default=0)
    sums = [0, 0, 0, 0]
    for name, (number, survivors) in results.items():
        known = sum(one in explained for one in survivors)
        figures = [number, number - len(survivors), len(survivors), known]
        sums = [before + now for before, now in zip(sums, figures, strict=True)]
        table.add_row(name, *map(str, figures))
    table.add_section()
    table.add_row("", *map(str, sums))
    Console().print(table)
