"""C5, C6, L6: a build looks through all of its content, and says what it did not look for."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pelican.plugins import signals

from donations_api.giving import load_giving
from plugins import exceptions, exposure
from plugins.exceptions import Exceptions
from plugins.identifying import Detector, names
from plugins.identifying.names import Names
from plugins.problems import Problem, Severity
from tests.site.test_exempted import FILE, PAGE, TODAY, entry
from tests.site.tiny_site import TinySite

KEY = "a key for children who do not exist"
DIGEST = Names(KEY.encode(), frozenset()).digest("例小明")


def scan() -> Detector:
    """One that knows a name, and the ways of the organisation."""
    listed = Names(KEY.encode(), frozenset({DIGEST}))
    return Detector.of_site({"email": "hello@house.example"}, listed, TODAY)


def checked() -> list[tuple[str, str, int]]:
    found = exposure.check(Path("content"), scan(), Exceptions())
    return [(one.code, one.file, one.line) for one in found]


def test_each_file_below_the_content_is_looked_through(nameless: TinySite) -> None:
    """C6: its name and what it says, in the order of the names; hidden ones are no content."""
    assert checked() == []
    nameless.write("content/b/13800138001.txt", "甲\n例小明,例小明\n")
    nameless.write("content/a.csv", "甲\n\n例小明\n例小明")
    nameless.write("content/.git/a", "例小明")
    nameless.write("content/b/.hidden", "例小明")
    nameless.write("content/b/~$c.xlsx", "what Office keeps beside an open file")
    nameless.write("content/c.json", "例小明")
    assert checked() == [
        ("C6.listed_name", "content/a.csv", 3),
        ("C6.listed_name", "content/a.csv", 4),
        ("L6.contact", "content/b/138***.txt", 0),
        ("C6.listed_name", "content/b/138***.txt", 2),
        ("C6.listed_name", "content/c.json", 1),
    ]


def test_a_file_that_nobody_can_read_is_told_and_the_others_are_looked_at(
    nameless: TinySite,
) -> None:
    """C6: it may hold anything."""
    (nameless.folder / "content" / "a.txt").write_bytes("例".encode("gb18030"))
    nameless.write("content/b.txt", "例小明")
    unreadable, name = exposure.check(Path("content"), scan(), Exceptions())
    assert unreadable == Problem(
        "C6.unreadable", "content/a.txt", params={"reason": "UnicodeDecodeError"}
    )
    assert (name.code, name.file) == ("C6.listed_name", "content/b.txt")


def test_an_exception_may_quote_what_it_excepts(nameless: TinySite) -> None:
    """C6: in its own file, and what else stands there is found."""
    nameless.write(PAGE, "他11岁，在示例小学。")
    text = entry() + "# 她9岁，在示例小学\n\n# 她9岁，在例城小学\n"
    nameless.write(FILE, text)
    excepted, problems = exceptions.load(Path("content"), TODAY)
    assert problems == []
    found = list(exposure.check(Path("content"), scan(), excepted))
    line = text.count("\n")
    assert [(one.code, one.file, one.line) for one in found] == [
        ("C6.place", FILE, line),
        ("C6.excepted", PAGE, 1),
    ]


Look = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def look(nameless: TinySite) -> Look:
    """What a build collects."""

    def looked(**settings: Any) -> list[tuple[str, str]]:
        content = nameless.folder / "content"
        about: dict[str, Any] = {"PATH": str(content), "GIVING": load_giving(content)}
        about |= {"TODAY": TODAY} | settings
        exposure.check_content(SimpleNamespace(settings=about))
        problems: list[Problem] = about["PROBLEMS"]
        return [(one.code, one.file) for one in problems]

    return looked


NO_LIST = ("C6.no_names_list", "NAMES_LIST")


def test_a_build_looks_through_its_content(nameless: TinySite, look: Look) -> None:
    """C6: notes that nobody's name is known, what is wrong with exceptions, what is found."""
    assert look() == [NO_LIST]
    nameless.write(PAGE, "他11岁，在示例小学。电话0917-5550199")
    nameless.edit("content/organisation.toml", "founded", 'phone = "0917-5550199"\nfounded')
    nameless.write(FILE, entry() + entry(reason="") + entry(text='"例城小学"'))
    assert look() == [
        NO_LIST,
        ("C6.exception_wrong", FILE),
        ("C6.excepted", PAGE),
        ("C6.exception_unused", FILE),
    ]
    assert ("C6.place", PAGE) in look(TODAY=date(2026, 6, 2))


def test_a_build_without_a_day_holds_everybody_to_be_a_minor(
    nameless: TinySite, look: Look
) -> None:
    """C6: and lets no exception end."""
    nameless.write(PAGE, "他生于1950年5月6日，在示例小学。")
    assert look() == [NO_LIST]
    about: dict[str, Any] = {"PATH": "content", "GIVING": load_giving(Path("content"))}
    exposure.check_content(SimpleNamespace(settings=about))
    assert [one.code for one in about["PROBLEMS"]] == ["C6.no_names_list", "C6.birthday"]


def test_a_notice_says_that_no_names_are_known(
    nameless: TinySite, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C6: it refuses nothing; a list that cannot be used does, and nothing is looked at."""
    settings: dict[str, Any] = {"PROBLEMS": []}
    look(**settings)
    (notice,) = settings["PROBLEMS"]
    assert notice == Problem("C6.no_names_list", "NAMES_LIST", severity=Severity.NOTICE)
    nameless.write(PAGE, "他11岁，在示例小学。例小明")
    monkeypatch.setenv("NAMES_LIST", str(tmp_path / "nowhere"))
    monkeypatch.setenv("NAMES_KEY", KEY)
    settings["PROBLEMS"].clear()
    look(**settings)
    reason = {"reason": "FileNotFoundError"}
    assert settings["PROBLEMS"] == [Problem("C6.names_list", "NAMES_LIST", params=reason)]
    check = Names(KEY.encode(), frozenset()).digest(names.CHECK)
    (tmp_path / "list").write_text(f"{check.hex()}\n{DIGEST.hex()}", encoding="ascii")
    monkeypatch.setenv("NAMES_LIST", str(tmp_path / "list"))
    assert look() == [("C6.place", PAGE), ("C6.listed_name", PAGE)]


def test_it_looks_before_anything_is_read() -> None:
    """C6: a check that Pelican does not call refuses nothing."""
    exposure.register()
    try:
        assert exposure.check_content in set(signals.initialized.receivers_for(None))
    finally:
        signals.initialized.disconnect(exposure.check_content)
