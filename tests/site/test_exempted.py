"""C6, C8: an exception lets one thing stand, for a reason, until a day, by somebody else."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plugins import exceptions
from plugins.exceptions import Exceptions
from plugins.identifying import Finding
from plugins.problems import Problem, Severity

TODAY = date(2026, 6, 1)
PAGE = "content/pages/about.zh.md"
FILE = "content/exceptions.toml"
PLACE = Finding("C6.place", "示例小学", 3, 7)


def entry(**other: str) -> str:
    """An exception that holds, but for what is changed; an empty value leaves a line out."""
    values = {
        "rule": '"C6.place"',
        "file": f'"{PAGE}"',
        "text": '"示例小学"',
        "reason": '" 一位作家的回忆 "',
        "approved_by": '"Somebody Else"',
        "author": '"Writer"',
        "until": "2026-06-01",
    }
    lines = (f"{name} = {value}\n" for name, value in (values | other).items() if value)
    return f"[[exception]]\n{''.join(lines)}\n"


def load(text: str, today: date = TODAY) -> tuple[Exceptions, list[Problem]]:
    Path(FILE).write_text(text, encoding="utf-8-sig")
    return exceptions.load(Path("content"), today)


def wrong_with(text: str) -> tuple[str, dict[str, str]]:
    """The code and the values of the one problem."""
    excepted, (problem,) = load(text)
    assert excepted.held == []
    assert (problem.file, problem.line, problem.severity) == (FILE, 0, Severity.ERROR)
    return problem.code, dict(problem.params)


@pytest.mark.usefixtures("nameless")
def test_an_exception_is_read_as_it_is_written() -> None:
    """Blanks around its words do not count; its number is its place in the file."""
    excepted, problems = load(entry(reason="") + entry())
    assert [one.code for one in problems] == ["C6.exception_wrong"]
    assert excepted.place == FILE
    (held,) = excepted.held
    assert held == exceptions.Exemption(
        number=2,
        rule="C6.place",
        file=PAGE,
        said="示例小学",
        reason="一位作家的回忆",
        approved_by="Somebody Else",
        until=TODAY,
    )
    (by_hash,) = load(entry(rule='"C6.listed_name"', text="", hash='"AB12"'))[0].held
    assert by_hash.said == "ab12"
    (alone,) = load(entry().replace("[[exception]]", "[exception]"))[0].held
    assert alone.number == 1
    (spaced,) = load(entry(text='"示例 &#23567;学"'))[0].held
    assert spaced.said == "示例小学"


@pytest.mark.usefixtures("nameless")
def test_without_a_file_there_are_none() -> None:
    """And nothing is wrong. A file without exceptions is as good."""
    assert exceptions.load(Path("content"), TODAY) == (Exceptions(FILE), [])
    assert load("") == (Exceptions(FILE), [])
    assert load("exception = []") == (Exceptions(FILE), [])


WRONG = {
    "no reason": (entry(reason=""), "reason"),
    "an empty reason": (entry(reason='" "'), "reason"),
    "a number for a reason": (entry(reason="5"), "reason"),
    "no rule": (entry(rule=""), "rule"),
    "no file": (entry(file=""), "file"),
    "nobody": (entry(approved_by=""), "approved_by"),
    "neither text nor hash": (entry(text=""), "text / hash"),
    "text and hash": (entry(hash='"ab"'), "text / hash"),
    "a number for a text": (entry(text="5"), "text / hash"),
    "no letter in the text": (entry(text='"--"'), "text / hash"),
    "a name in clear": (entry(rule='"C6.listed_name"'), "hash"),
    "no day": (entry(until=""), "until"),
    "a text for a day": (entry(until='"2026-06-01"'), "until"),
    "a moment for a day": (entry(until="2026-06-01T00:00:00"), "until"),
    "no author": (entry(author=""), "author"),
    "an empty author": (entry(author='""'), "author"),
    "no table": ('exception = ["x"]', "[[exception]]"),
    "one table": ('exception = "x"', "[[exception]]"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.usefixtures("nameless")
def test_what_an_exception_lacks_is_told(name: str) -> None:
    """C6: by its number; nothing is excepted by half."""
    text, reason = WRONG[name]
    assert wrong_with(text) == ("C6.exception_wrong", {"number": "1", "reason": reason})


@pytest.mark.usefixtures("nameless")
def test_several_mistakes_are_told_each_with_its_number() -> None:
    """C6, C8: in the order of the file, and those that hold do hold."""
    texts = (entry(until=""), entry(until="2026-05-31"), entry(author='"somebody  ELSE"'), entry())
    excepted, problems = load("".join(texts) + entry(author=""))
    told = [(one.code, dict(one.params)) for one in problems]
    assert told == [
        ("C6.exception_wrong", {"number": "1", "reason": "until"}),
        ("C6.exception_expired", {"number": "2", "day": "2026-05-31"}),
        ("C8.exception", {"number": "3"}),
        ("C6.exception_wrong", {"number": "5", "reason": "author"}),
    ]
    assert {(one.file, one.line) for one in problems} == {(FILE, 0)}
    assert [one.number for one in excepted.held] == [4]


@pytest.mark.usefixtures("nameless")
def test_an_exception_holds_through_its_last_day() -> None:
    """C6: on it still, on the next no more."""
    for day, holds in ((date(2026, 5, 31), True), (TODAY, True), (date(2026, 6, 2), False)):
        excepted, problems = load(entry(), day)
        assert [one.number for one in excepted.held] == ([1] if holds else [])
        assert [one.code for one in problems] == ([] if holds else ["C6.exception_expired"])


@pytest.mark.usefixtures("nameless")
def test_a_file_that_cannot_be_read_excepts_nothing() -> None:
    """C6: no TOML, no UTF-8; the reason is told."""
    code, params = wrong_with("[[exception]")
    assert (code, params["number"]) == ("C6.exception_wrong", "-")
    assert "line 1" in params["reason"]
    Path(FILE).write_bytes(entry().encode("gb18030"))
    _, (problem,) = exceptions.load(Path("content"), TODAY)
    assert "utf-8" in problem.params["reason"]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("author: Writer\n", ""),
        ("authors:  Writer  \n", ""),
        ("author: Somebody Else\n", "C8.exception"),
        ("authors:  somebody else \n", "C8.exception"),
        ("author:\n", "C6.exception_wrong"),
        (" author: Writer\n", "C6.exception_wrong"),
        ("", "C6.exception_wrong"),
    ],
)
@pytest.mark.usefixtures("nameless")
def test_the_author_may_stand_in_the_head_of_the_page(head: str, code: str) -> None:
    """C8: whoever wrote the page approves nothing of it."""
    Path(PAGE).write_text(f"{head}---\n", encoding="utf-8-sig")
    excepted, problems = load(entry(author=""))
    assert [one.code for one in problems] == ([code] if code else [])
    assert len(excepted.held) == (0 if code else 1)


@pytest.mark.usefixtures("nameless")
def test_a_page_that_cannot_be_read_has_no_author() -> None:
    """C8: one that is not there or is no UTF-8."""
    author = {"number": "1", "reason": "author"}
    assert wrong_with(entry(author="", file='"nowhere"')) == ("C6.exception_wrong", author)
    Path(PAGE).write_bytes("author: 某人\n".encode("gb18030"))
    assert wrong_with(entry(author="")) == ("C6.exception_wrong", author)


def held(**other: Any) -> Exceptions:
    fields: dict[str, Any] = {
        "number": 7,
        "rule": "C6.place",
        "file": PAGE,
        "said": "示例小学",
        "reason": "一位作家的回忆",
        "approved_by": "Somebody Else",
        "until": TODAY,
    }
    return Exceptions(FILE, [exceptions.Exemption(**(fields | other))])


COVERED: dict[str, tuple[Finding, str, bool]] = {
    "it": (PLACE, PAGE, True),
    "wherever the site shows it": (PLACE, "", True),
    "in another file": (PLACE, "content/pages/help.zh.md", False),
    "another text": (Finding("C6.place", "例城小学", 0, 4), PAGE, False),
    "written in another way": (Finding("C6.place", "示例 小_学", 0, 6), PAGE, True),
    "by another rule": (Finding("C6.birthday", "示例小学", 0, 4), PAGE, False),
    "a name": (Finding("C6.place", "示例小学", 0, 4, digest="ab"), PAGE, False),
}


@pytest.mark.parametrize("name", COVERED)
def test_an_exception_covers_one_finding(name: str) -> None:
    """C6: by rule, file and text; a listed name by its digest alone."""
    one, file, covers = COVERED[name]
    excepted = held()
    assert (excepted.covering(one, file) is not None) is covers
    assert excepted.used == ({7} if covers else set())
    digest = held(said="ab")
    assert (digest.covering(one, file) is not None) is (name == "a name")


def test_a_finding_is_an_error_a_warning_or_excepted() -> None:
    """C6: what is not certain is a warning; what is excepted is told with who answers for it."""
    unsure = Finding("C6.place", "示例小学", 0, 4, False)
    name = Finding("C6.listed_name", "例小明", 0, 3, digest="ab12")
    none = Exceptions()
    params = {"found": "示**", "hash": ""}
    assert exceptions.told(PLACE, "a.md", none) == Problem("C6.place", "a.md", 0, params)
    warning = Problem("C6.place", "a.md", 5, params, Severity.WARNING)
    assert exceptions.told(unsure, "a.md", none, 5) == warning
    assert exceptions.told(name, "a.md", none).params == {"found": "例**", "hash": "ab12"}
    told = {
        "rule": "C6.place",
        "found": "示**",
        "reason": "一位作家的回忆",
        "who": "Somebody Else",
        "day": "2026-06-01",
    }
    excepted = Problem("C6.excepted", PAGE, 5, told, Severity.NOTICE)
    assert exceptions.told(PLACE, PAGE, held(), 5) == excepted


def test_what_nobody_needs_any_more_is_a_warning() -> None:
    """C6: each that covered nothing, with its number, rule and file."""
    two = Exceptions(FILE, [*held(number=3).held, *held(number=4, said="例").held])
    assert two.covering(PLACE, PAGE)
    params = {"number": "4", "rule": "C6.place", "file": PAGE}
    unused = Problem("C6.exception_unused", FILE, 0, params, Severity.WARNING)
    assert list(two.unused()) == [unused]
    assert [one.params["number"] for one in held().unused()] == ["7"]
