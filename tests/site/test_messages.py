"""What the checks say: every code has its words and its cure, in every language."""

import re
from pathlib import Path

import pytest

from plugins.facts import unknown
from plugins.problems import Problem
from tests.site.tiny_site import BASE, ROOT, catalog

SOURCES = sorted((ROOT / "plugins").rglob("*.py"))
# Problem("code", … / page.problem("code", … / Finding("code", …
_NAMED = re.compile(r"(?:[Pp]roblem|Finding)\(\s*\"([^\"]+)\"")
_SAID = re.compile(r"\bsay\(\s*\"((?:build|check|verify)\.[^\"]+)\"")


def codes() -> set[str]:
    """Every code that a module gives to a problem."""
    texts = [file.read_text(encoding="utf-8") for file in SOURCES]
    facts = re.findall(r"\"(fact\.\w+)\"", "".join(texts))
    return {code for text in texts for code in _NAMED.findall(text)} | set(facts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_problem_has_its_words_and_its_cure(language: str) -> None:
    """A code without words would show nothing but itself."""
    texts = catalog(language)
    wanted = {f"problem.{code}{end}" for code in codes() for end in ("", ".mend")}
    assert len(codes()) > 60
    assert wanted - set(texts) == set()
    said = {found for file in SOURCES for found in _SAID.findall(file.read_text("utf-8"))}
    assert said - set(texts) == set()


def test_the_catalogs_hold_the_same_ids_with_the_same_gaps_to_fill() -> None:
    """A gap that one language lacks would lose what the other says."""
    chinese, english = catalog("zh"), catalog("en")
    assert set(chinese) == set(english)
    for message, text in english.items():
        gaps = set(re.findall(r"%\((\w+)\)s", text))
        assert gaps == set(re.findall(r"%\((\w+)\)s", chinese[message])), message


def test_no_text_is_for_a_problem_that_nobody_tells() -> None:
    """Dead texts mislead whoever translates them."""
    told = {message.removesuffix(".mend") for message in catalog("en") if "problem." in message}
    # facts.py makes these codes from the names of what may be missing.
    made = {f"problem.{one.code}" for one in unknown(BASE / "content")} | {"problem.fact.email"}
    made |= {"problem.fact.icp_number", "problem.fact.confirmation"}
    assert told - {f"problem.{code}" for code in codes()} - made == set()


def test_a_problem_without_its_place_in_the_catalog_is_an_error() -> None:
    """Never an id in place of words."""
    with pytest.raises(LookupError):
        Problem("no.such.code", str(Path("x"))).what("zh")
