"""What the head of a story declares, read in one process: each name, missing or wrong."""

from pathlib import Path
from typing import Any

import pytest

from plugins.people import stories
from plugins.people.approval import said, same_person
from plugins.people.stories import Story
from plugins.problems import Problem

FILE = "content/news/kite.zh.md"
HEAD = {
    "subjects": "[A17, B-2-c]",
    "pseudonym": "true",
    "place_level": "city",
    "risk_flags": "[abuse, illness]",
    "author": "Writer",
    "approved_by": "Approver",
}
LINES = {name: number for number, name in enumerate(HEAD, start=3)}
PLACES = {"places": "country, province, city"}
FLAGS = {"flags": "abuse, exploitation, offence, illness, trafficking"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for content in the working directory."""
    monkeypatch.chdir(tmp_path)
    for folder in ("pages", "news"):
        Path("content", folder).mkdir(parents=True)


def write(file: str = FILE, **values: str) -> None:
    """A story; an empty value leaves out its name."""
    head = [f"{name}: {value}" for name, value in (HEAD | values).items() if value]
    text = "\n".join(["---", "title: 甲", *head, "---", "", "正文。", ""])
    Path(file).write_text(text, encoding="utf-8")


def read() -> tuple[list[Story], list[Problem]]:
    return stories.read(Path("content"))


def wrong(code: str, name: str, line: int | None = None, /, **params: str) -> Problem:
    return Problem(code, FILE, LINES[name] if line is None else line, params)


def test_whole_heads_are_stories() -> None:
    """C2: pages and news, each language for itself; what declares nobody is none."""
    write("content/news/kite.zh.md")
    write("content/news/kite.zh-hant.md", pseudonym="false", risk_flags="[]")
    write("content/pages/door.en.md", subjects="[A1]")
    Path("content/pages/about.zh.md").write_text("---\ntitle: 甲\nauthor: 乙\n---\n", "utf-8")
    Path("content/pages/broken.zh.md").write_text("---\n[\n---\n", "utf-8")
    first = Story("door", "en", Path("content/pages/door.en.md"), ("A1",), True, HARD)
    others = [
        Story("news/kite", "zh-hant", Path("content/news/kite.zh-hant.md"), TWO, False, ()),
        Story("news/kite", "zh", Path(FILE), TWO, True, HARD),
    ]
    assert read() == ([first, *others], [])


TWO, HARD = ("A17", "B-2-c"), ("abuse", "illness")
SUBJECTS = ("", "[]", "A17", "[王小明]", "[A17, Xiaoming]", "[A17, 3]", "17", "{A17: 1}")
FLAGGED = ("", "abuse", "[abuse, unknown]", "true", "{abuse: 1}")
HEADS: dict[str, tuple[dict[str, str], list[Problem]]] = {
    **{
        f"subjects {one}": ({"subjects": one}, [wrong("C2.subjects", "subjects", 3 if one else 1)])
        for one in SUBJECTS
    },
    **{
        f"risk_flags {one}": (
            {"risk_flags": one},
            [wrong("C3.flags", "risk_flags", 6 if one else 1, **FLAGS)],
        )
        for one in FLAGGED
    },
    **{
        f"pseudonym {one}": (
            {"pseudonym": one},
            [wrong("C4.yes_or_no", "pseudonym", 4 if one else 1)],
        )
        for one in ("", "maybe", "1", "'true'")
    },
    **{
        f"place_level {one}": (
            {"place_level": one},
            [wrong("C5.place", "place_level", 5 if one else 1, **PLACES)],
        )
        for one in ("", "village", "[city]")
    },
    "no author": ({"author": ""}, [wrong("C8.missing", "author", 1, name="author")]),
    "a blank author": ({"author": "' '"}, [wrong("C8.missing", "author", name="author")]),
    "nobody approved": (
        {"approved_by": ""},
        [wrong("C8.missing", "approved_by", 1, name="approved_by")],
    ),
    "a number approved": (
        {"approved_by": "7"},
        [wrong("C8.missing", "approved_by", name="approved_by")],
    ),
    "the author approved": ({"approved_by": "' wri  TER'"}, [wrong("C8.same", "approved_by")]),
}


@pytest.mark.parametrize("name", HEADS)
def test_each_name_is_there_and_right(name: str) -> None:
    """C2-C5, C8: told at its line; else at the first. What is not whole is no story."""
    values, problems = HEADS[name]
    write(**values)
    found, told = read()
    assert told == problems
    # Who approved is no part of what a story says: it is read, and refused.
    assert len(found) == (problems[0].code == "C8.same")


@pytest.mark.parametrize("name", stories.NAMES)
def test_one_name_asks_for_all(name: str) -> None:
    """C2: a head with any of the four is that of a story, however its letters are."""
    write(**dict.fromkeys(HEAD, "") | {name.title(): HEAD[name]})
    codes = {
        "subjects": "C2.subjects",
        "pseudonym": "C4.yes_or_no",
        "place_level": "C5.place",
        "risk_flags": "C3.flags",
    }
    expected = [code for one, code in codes.items() if one != name]
    found, told = read()
    assert found == []
    assert [one.code for one in told] == [*expected, "C8.missing", "C8.missing"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    """C8 holds for pages that are no stories, too; one bad head keeps no other from being read."""
    write("content/news/a.zh.md", subjects="")
    write("content/news/b.zh.md")
    Path("content/news/c.zh.md").write_text("---\n[\n---\n", "utf-8")
    page = "---\ntitle: 甲\nauthor: 乙\napproved_by: 乙\n---\n"
    Path("content/pages/d.zh.md").write_text(page, "utf-8")
    write("content/news/e.zh.md", place_level="", risk_flags="")
    found, told = read()
    assert [one.key for one in found] == ["news/b"]
    assert [(one.code, one.file, one.line) for one in told] == [
        ("C8.same", "content/pages/d.zh.md", 4),
        ("C2.subjects", "content/news/a.zh.md", 1),
        ("C5.place", "content/news/e.zh.md", 1),
        ("C3.flags", "content/news/e.zh.md", 1),
    ]


LINE_OF: dict[str, tuple[bytes, int]] = {
    "as it is": (b"---\nsubjects: [A1]\n", 2),
    "with a colon behind": (b"---\nsubjects: [A1] # so: it is\n", 2),
    "in capitals, indented": (b"---\n  SUBJECTS : [A1]\n", 2),
    "the first of two": (b"a\nb\nsubjects: 1\nsubjects: 2\n", 3),
    "nowhere": (b"a\nthe subjects: 1\n", 1),
    "behind a byte order mark": (b"\xef\xbb\xbfsubjects: 1\nsubjects: 2\n", 1),
    "behind what is no text": (b"\xff\xfe\nsubjects: 1\n", 2),
}


@pytest.mark.parametrize("name", LINE_OF)
def test_a_name_is_found_in_any_file(name: str) -> None:
    """A message leads to where one has to mend."""
    data, line = LINE_OF[name]
    Path(FILE).write_bytes(data)
    story = Story("news/kite", "zh", Path(FILE), ("A1",), True, ())
    assert stories.line_of(Path(FILE), "subjects") == line
    assert story.problem("C2.story", subject="A1") == Problem(
        "C2.story", FILE, line, {"subject": "A1"}
    )
    assert story.problem("C4.pseudonym", "pseudonym") == Problem("C4.pseudonym", FILE, 1)


NAMES: tuple[tuple[Any, Any, bool], ...] = (
    ("Writer", "writer", True),
    ("甲 乙", "甲乙", True),
    (" Ann\tLee ", "annLEE", True),
    ("STRASSE", "straße", True),
    ("甲", "乙", False),
    ("", "", False),
    (" ", "", False),
    (None, None, False),
    (7, 7, False),
    ("甲", None, False),
    (["甲"], ["甲"], False),
)


@pytest.mark.parametrize(("author", "approver", "same"), NAMES)
def test_a_name_is_one_however_it_is_written(author: Any, approver: Any, same: bool) -> None:
    """C8: spaces and capitals make nobody another person; who is not named is nobody."""
    assert same_person(author, approver) is same
    assert (said(author) == said(approver) != "") is same
