"""``python -m tests.exposure``: how much the scan finds, how often it is wrong, how fast it is.

``ordinary.txt`` is what such a site says and nobody should be bothered with; ``exposing.txt`` what
must be found, each line behind the code of its rule. ``names.txt`` are children who do not exist.
"""

import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

from plugins.identifying import Detector, names
from plugins.identifying.plain import plain
from plugins.staff.names import spelled

FOLDER = Path(__file__).parent
TODAY = date(2026, 6, 1)
OWN = "hello@house.example 0917-5550199"
KEY = b"a key for children who do not exist"


class Measured(NamedTuple):
    """How many sentences there were, and those that the scan was wrong about."""

    ordinary: int
    alarms: list[str]
    exposing: int
    missed: list[str]


def lines(name: str) -> list[str]:
    """The sentences of a corpus, one a line; ⏎ is where the text itself has a new line."""
    said = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("⏎", "\n") for line in said]


def detector() -> Detector:
    """One that knows the names of ``names.txt``, and how an invented charity is reached."""
    by_key = names.Names(KEY, frozenset())
    forms = {form for name in lines("names.txt") for form in spelled(plain(name))}
    listed = names.Names(KEY, frozenset(map(by_key.digest, forms)))
    return Detector.of_site({"contact": OWN.split()}, listed, TODAY)


def measure() -> Measured:
    """Look through both corpora."""
    scan = detector()
    ordinary, exposing = lines("ordinary.txt"), [one.split(" ", 1) for one in lines("exposing.txt")]
    alarms = [line for line in ordinary if scan.find(line)]
    missed = [
        f"{code} {line}"
        for code, line in exposing
        if code not in {one.code for _, one in scan.find(line)}
    ]
    return Measured(len(ordinary), alarms, len(exposing), missed)


def articles(number: int) -> list[str]:
    """So many articles of about a thousand words each, no two alike."""
    said = lines("ordinary.txt")
    return [
        "\n\n".join(f"{line} {at * 7919 + n}" for n, line in enumerate(said[at % 7 :: 4]))
        for at in range(number)
    ]


def main(words: list[str]) -> None:
    measured = measure()
    alarms, missed = len(measured.alarms), len(measured.missed)
    sys.stdout.write(
        f"{measured.ordinary} ordinary sentences: {alarms} false alarms "
        f"({100 * alarms / measured.ordinary:.2f} %)\n"
        f"{measured.exposing} exposing sentences: {missed} missed "
        f"(recall {100 * (1 - missed / measured.exposing):.2f} %)\n"
    )
    for line in (*measured.alarms, *measured.missed):
        sys.stdout.write(f"  {line}\n")
    codes = Counter(line.split(" ", 1)[0] for line in lines("exposing.txt"))
    sys.stdout.write(f"  {dict(codes)}\n")
    if words:
        texts, scan = articles(int(words[0])), detector()
        begun = time.process_time()
        for text in texts:
            scan.find(text)
        taken = time.process_time() - begun
        size = sum(map(len, texts)) / 1e6
        sys.stdout.write(f"{len(texts)} articles, {size:.1f} M signs: {taken:.1f} s of a core\n")


if __name__ == "__main__":
    main(sys.argv[1:])
