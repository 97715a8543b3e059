"""The consent register, read in one process: each column, each cell, each way a file is spoiled."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plugins.people import consent_register
from plugins.people.consent_register import (
    COLUMNS,
    Consent,
    Register,
    RegisterRefused,
    Row,
    choices,
    column,
    latest,
    rows_with_status,
    spoken,
)
from plugins.problems import Problem, text
from tests.site.people import ROW, written

CONSENT = Consent(
    consent_id="C-17",
    subject_code="A17",
    minor=True,
    child_assent=True,
    guardian="parent",
    scope=frozenset({"web"}),
    languages=frozenset({"zh", "en"}),
    given=date(2026, 1, 10),
    expires=date(2027, 12, 31),
    status="active",
    approved_by="Keeper",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def load(file: Path, data: str | bytes) -> dict[str, Consent]:
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return dict(consent_register.load(file).consents)


def refused(file: Path, data: str | bytes) -> list[Problem]:
    with pytest.raises(RegisterRefused) as told:
        load(file, data)
    assert str(told.value) == str([one.code for one in told.value.problems])
    return told.value.problems


def wrong(code: str, line: int = 2, **params: str) -> Problem:
    return Problem(code, "register.csv", line, params)


# What stands in one cell, and what is understood: None where it refuses the register.
VALUES: tuple[tuple[str, str, Any], ...] = (
    *(("consent_id", said, said) for said in ("C-1", "1", "a1-B-2")),
    *(("consent_id", said, None) for said in ("", "Xiaoming", "C_1", "C-1-", "王1", "C 1")),
    ("subject_code", "A-2", "A-2"),
    ("subject_code", "Xiaoming", None),
    *(("minor", said, True) for said in ("yes", "YES", " Yes ", "是", "ｙｅｓ")),
    *(("minor", said, False) for said in ("no", "否")),
    *(("minor", said, None) for said in ("", "y", "maybe", "parent")),
    ("child_assent", "no", False),
    ("child_assent", "否", False),
    ("child_assent", "active", None),
    ("guardian", "legal guardian", "legal"),
    ("guardian", "legal", "legal"),
    ("guardian", "民政部门", "civil-affairs"),
    ("guardian", "none", "none"),
    ("guardian", "mother", None),
    ("scope", "web, print;fundraising", {"web", "print", "fundraising"}),
    ("scope", "网站、印刷品，募款", {"web", "print", "fundraising"}),
    ("scope", "; PRINT ;", {"print"}),
    ("scope", "web, posters", None),
    ("scope", ",", None),
    ("languages", "ZH", {"zh"}),
    ("languages", "zh-Hant；en", {"zh", "en"}),
    ("languages", "yue", {"yue"}),
    ("languages", ";", None),
    ("languages", "zh, 1", None),
    ("languages", "中文", None),
    ("given", "2026-1-5", date(2026, 1, 5)),
    ("given", "2026/01/05", date(2026, 1, 5)),
    ("given", "2026.1.5", date(2026, 1, 5)),
    ("given", "2026年1月5日", date(2026, 1, 5)),
    ("given", "2026-01-05 00:00:00", date(2026, 1, 5)),
    *(("given", said, None) for said in ("", "26-1-5", "5/1/2026", "2026-02-30", "soon")),
    ("expires", "2026-01-10", date(2026, 1, 10)),
    ("expires", "2026-01-09", None),
    ("expires", "2028-01-10", date(2028, 1, 10)),
    ("expires", "soon", None),
    ("status", "已撤回", "withdrawn"),
    ("status", "有效", "active"),
    ("status", "gone", None),
    ("approved_by", " 甲 ", "甲"),
    ("approved_by", " ", None),
)


@pytest.mark.parametrize(("name", "said", "meant"), VALUES)
def test_each_cell_is_understood_or_told(file: Path, name: str, said: str, meant: Any) -> None:
    """C1: by row and column, in either language; never by what stands there."""
    data = written({name: said})
    if meant is None:
        told = refused(file, data)
        assert told == [wrong("C1.register_cell", column=name)]
        assert len(said) < 3 or said not in "".join(told[0].what(one) for one in ("zh", "en"))
    else:
        consent = replace(CONSENT, **{name: meant})
        assert load(file, data) == {consent.consent_id: consent}


def test_a_consent_holds_24_months_at_most(file: Path) -> None:
    """C9: to the day; from the last of February to the last of February."""
    for given, last in (
        ("2026-01-10", "2028-01-10"),
        ("2026-12-31", "2028-12-31"),
        ("2026-01-31", "2028-01-31"),
        ("2024-02-28", "2026-02-28"),
        ("2024-02-29", "2026-02-28"),
        ("2022-02-28", "2024-02-28"),
        ("2026-11-01", "2028-11-01"),
    ):
        end = date.fromisoformat(last)
        assert latest(date.fromisoformat(given)) == end
        assert load(file, written({"given": given, "expires": last}))["C-17"].expires == end
        after = end.replace(day=1, month=end.month % 12 + 1, year=end.year + end.month // 12)
        told = refused(file, written({"given": given, "expires": after.isoformat()}))
        assert told == [wrong("C9.too_long", months="24")]


def test_all_rows_count(file: Path) -> None:
    """C1: blank ones are passed by; all that is wrong is told at once, with its row."""
    more = [{"consent_id": f"C-{one}"} for one in range(3)]
    blank = dict.fromkeys(ROW, " ")
    assert list(load(file, written(more[0], blank, more[1]))) == ["C-0", "C-1"]
    bad = {"consent_id": "C-9", "minor": "x", "status": "x"}
    assert refused(file, written(more[0], blank, bad, more[0], more[1], more[1])) == [
        wrong("C1.register_cell", 4, column="minor"),
        wrong("C1.register_cell", 4, column="status"),
        wrong("C1.register_twice", 5),
        wrong("C1.register_twice", 7),
    ]


def test_codes_that_differ_in_their_capitals_are_one(file: Path) -> None:
    """C1: the row that says no may be typed otherwise than the one that says yes."""
    no = {"status": "withdrawn", "subject_code": "a17", "consent_id": "c-17"}
    assert refused(file, written({}, {**no, "subject_code": "A17"})) == [
        wrong("C1.register_twice", 3)
    ]
    assert refused(file, written({}, {**no, "consent_id": "C-18"})) == [
        wrong("C1.register_spelled", 3)
    ]
    more = [{"consent_id": "C-18"}, {"consent_id": "C-19", "subject_code": "A18"}]
    assert list(load(file, written({}, *more))) == ["C-17", "C-18", "C-19"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_headings_and_words_are_known_in_each_language(language: str) -> None:
    """C1: as the catalogs have them, as the code has them, in capitals, wide, among blanks."""
    for name in COLUMNS:
        said = text(f"register.column.{name}", language)
        assert {column(one) for one in (said, f" {said} ", said.upper(), name)} == {name}
        assert column(f"{said}x") is None
    assert column("ＣＯＮＳＥＮＴ") == "consent_id"
    for name in ("minor", "child_assent", "guardian", "scope", "status"):
        known = choices(name)
        for one in set(known.values()):
            said = text(f"register.value.{name}.{one}", language).casefold()
            assert (known[said], known[one]) == (one, one)
    assert set(choices("guardian").values()) == {"parent", "legal", "civil-affairs", "none"}


def columns(*names: str) -> Problem:
    return wrong("C1.register_columns", 1, columns=", ".join(names))


def no_column(*letters: str) -> list[Problem]:
    return [wrong("C1.register_column", 1, column=one) for one in letters]


def table(headings: str, *rows: str) -> str:
    """A register of these lines, with what makes it whole before them."""
    whole = written({}).splitlines()
    return "\n".join([f"{whole[0]}{headings}", *(f"{whole[1]}{row}" for row in rows), ""])


def test_a_column_that_the_site_does_not_know_refuses(file: Path) -> None:
    """C1: it might hold a name; also with no heading, or far out. What is empty does no harm."""
    assert load(file, table("", ",, ,")) == {"C-17": CONSENT}
    assert load(file, table(", ", "")) == {"C-17": CONSENT}
    assert refused(file, table(",姓名", "")) == no_column("L")
    assert refused(file, table("", ",甲")) == no_column("L")
    assert refused(file, table("", ",", ",,甲")) == no_column("M")
    assert refused(file, table(",status,x", "")) == no_column("L", "M")
    assert refused(file, table("," * 15 + "x,y", "")) == no_column("Z", "A")


def test_a_column_that_is_not_there_refuses(file: Path) -> None:
    """C1: each is named; so is all of it when there is nothing."""
    assert refused(file, "") == [columns(*COLUMNS)]
    data = written({}).replace("guardian", "carer")
    assert refused(file, data) == [*no_column("E"), columns("guardian")]
    lines = [line.rpartition(",")[0] for line in written({}).splitlines()]
    assert refused(file, "\n".join(lines)) == [columns("approved_by")]
    assert refused(file, table("", "").rpartition(",")[0]) == [
        wrong("C1.register_cell", column="approved_by")
    ]


def test_consents_are_found_by_code_and_by_person() -> None:
    """The latest first, in whatever order they were written."""
    days = [date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 1)]
    first, last, oldest = (
        replace(CONSENT, consent_id=f"C-{number}", given=day) for number, day in enumerate(days)
    )
    other = replace(CONSENT, subject_code="A2")
    register = Register({one.consent_id: one for one in (first, last, other, oldest)})
    assert register.of_subject("A17") == [last, first, oldest]
    assert register.of_subject("A2") == [other]
    assert register.of_subject("A3") == []
    assert register.get("C-1") == last
    assert register.get("A17") is None
    assert [spoken(one) for one in ("zh", "zh-hant", "zh-hant-hk")] == ["zh"] * 3


def test_one_row_gets_another_status() -> None:
    """C10: its status alone, wherever the columns are; short rows are left as they are."""
    rows: list[Row] = [
        ["状态", "Consent", "x"],
        ["active", "C-1", "C-17"],
        ["active"],
        [],
        ["有效", " C-17 ", "y"],
        ["C-17", "C-170", ""],
    ]
    marked = [list(row) for row in rows]
    marked[4][0] = "withdrawn"
    assert list(rows_with_status(rows, "C-17", "withdrawn")) == marked
    assert rows[4][0] == "有效"
    assert list(rows_with_status(rows, "Consent", "withdrawn")) == rows
