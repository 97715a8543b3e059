"""The rules that protect children and donors: each is in words, in messages, and in tests."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.site.tiny_site import ROOT, catalog

RULES = (
    *("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C12"),
    *("L1", "L2", "L3", "L4", "L6", "L8"),
)


@cache
def all_tests() -> tuple[tuple[str, str], ...]:
    """The docstring and the source of each test that builds or verifies a site."""
    files = (ROOT / "tests" / folder for folder in ("site", "faults", "donations"))
    return tuple(
        one
        for folder in files
        for file in sorted(folder.glob("test_*.py"))
        if file != Path(__file__)
        for one in read_tests(file)
    )


def read_tests(file: Path) -> Iterator[tuple[str, str]]:
    text = file.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield ast.get_docstring(node) or "", ast.get_source_segment(text, node) or ""


@cache
def literals() -> str:
    """All that tests of sites say, tables of bad sites too."""
    files = sorted((ROOT / "tests" / "site").glob("test_*.py"))
    return "\n".join(file.read_text("utf-8") for file in files if file != Path(__file__))


def has_good(rule: str) -> bool:
    """A test whose docstring names the rule, and that expects no refusal."""
    named = re.compile(rf"\b{rule}\b")
    return any(
        named.search(said) and f'"{rule}.' not in source and "refused" not in source
        for said, source in all_tests()
    )


def has_bad(rule: str) -> bool:
    """A code of the rule's own in the tests, ``"C9.expired"``."""
    return bool(re.search(rf'"{rule}\.\w+"', literals()))


def has_message(rule: str) -> bool:
    """What is wrong and how to mend it, in both languages."""
    for language in ("zh", "en"):
        words = catalog(language)
        told = [one for one in words if re.fullmatch(rf"problem\.{rule}\.\w+", one)]
        if not told or not all(words.get(f"{one}.mend") and words[one] for one in told):
            return False
    return True


def has_words(rule: str) -> bool:
    """A row of docs/rules.md that says what it wants and which files hold it to that."""
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    row = re.search(rf"(?m)^\| {rule} \|([^|]+)\|([^|]+)\|$", rules)
    return bool(row and row[1].strip() and "`" in row[2])


HELD = {
    "a good site": has_good,
    "a bad site": has_bad,
    "a message": has_message,
    "plain words": has_words,
}


@pytest.mark.parametrize("what", HELD)
def test_each_rule_has_what_holds_it(what: str) -> None:
    """Every one of them."""
    assert [rule for rule in RULES if not HELD[what](rule)] == []


def test_what_rules_md_says_holds_a_rule_is_there() -> None:
    """The files that it names exist."""
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for row in re.findall(r"(?m)^\| [A-Z]\d+ \|[^|]+\|([^|]+)\|$", text):
        for path in re.findall(r"`([\w/.*]+)`", row):
            assert list(ROOT.glob(path.rstrip("/"))), path
