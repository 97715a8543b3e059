"""Rule L4, day by day: what is owed, until when, and how reports.toml says what was published."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from donations_api.deadlines import Deadline, Duties, Project, Report, read_duties
from donations_api.errors import FileWrong

BOTH = {"house": 2026, "uk": 0}


def day(text: str) -> date:
    return date.fromisoformat(text)


def project(started: str, ends: str = "", key: str = "roof") -> Project:
    return Project(key, {"zh": "屋顶"}, "house", day(started), day(ends) if ends else None)


def report(published: str, *covers: str, year: int = 0, of: str = "") -> Report:
    return Report(covers, {"zh": "报告"}, "house", day(published), year, of, {}, "about", "")


def owed(duties: Duties, today: str) -> list[tuple[str, str, str]]:
    """Kind, what it is of, and the day, of what is still to be published."""
    return [(one.kind, one.about, one.due.isoformat()) for one in duties.open(day(today))]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2027-04-30", "fresh"),
        ("2027-05-01", "near"),
        ("2027-05-30", "near"),
        ("2027-05-31", "near"),
        ("2027-06-01", "overdue"),
    ],
)
def test_a_deadline_is_near_for_thirty_days_and_on_its_day(today: str, state: str) -> None:
    """On its day there is still time; from the next on it is overdue."""
    assert Deadline("annual", day("2027-05-31"), 2026).state(day(today)) == state
    duties = Duties(2026, (report("2027-01-01", "accounts", year=2026),))
    assert duties.overdue(day(today)) is (state == "overdue")


def test_a_deadline_is_about_a_year_or_a_project() -> None:
    """As a table shows it."""
    assert Deadline("annual", day("2027-05-31"), 2026).about == "2026"
    assert Deadline("final", day("2027-05-31"), project=project("2026-01-01")).about == "roof"


def test_each_year_from_the_first_on_is_owed() -> None:
    """By its last of May; the first one also before it has begun, the others from 1 January."""
    first = [("accounts", "2026", "2027-05-31"), ("annual", "2026", "2027-05-31")]
    second = [("accounts", "2027", "2028-05-31"), ("annual", "2027", "2028-05-31")]
    assert owed(Duties(2026), "2025-06-01") == first
    assert owed(Duties(2026), "2026-12-31") == first
    assert owed(Duties(2026), "2027-01-01") == first + second
    assert owed(Duties(0), "2027-01-01") == []
    assert owed(Duties(0, (), (project("2026-01-01"),)), "2027-01-01") == []


def test_a_report_counts_from_its_day_for_what_it_covers() -> None:
    """For its year alone, and for no other kind."""
    duties = Duties(2026, (report("2027-03-01", "annual", year=2026),))
    accounts, annual = ("accounts", "2026", "2027-05-31"), ("annual", "2026", "2027-05-31")
    assert owed(duties, "2027-02-28")[:2] == [accounts, annual]
    assert owed(duties, "2027-03-01")[:2] == [accounts, ("accounts", "2027", "2028-05-31")]
    other = Duties(2026, (report("2026-03-01", "annual", "accounts", year=2025),))
    assert owed(other, "2026-03-01") == [accounts, annual]
    both = Duties(2026, (report("2026-03-01", "annual", "accounts", year=2026),))
    assert owed(both, "2026-03-01") == []
    assert not both.overdue(day("2026-12-31"))


def of_projects(today: str, *projects: Project, reports: tuple[Report, ...] = ()) -> list[str]:
    """``update roof 2026-04-30``, without the years' reports."""
    year = report("2000-01-01", "annual", "accounts", year=2026)
    duties = Duties(2026, (year, *reports), projects)
    found = owed(duties, today)
    return [" ".join(one) for one in found if one[0] in ("update", "final")]


def test_a_project_is_owed_for_from_its_first_day_on() -> None:
    """Without an end it is long: an update three months later."""
    long = project("2026-01-31")
    assert of_projects("2026-01-30", long) == []
    assert of_projects("2026-01-31", long) == ["update roof 2026-04-30"]


@pytest.mark.parametrize(
    ("started", "ends", "is_long"),
    [
        ("2026-01-31", "2026-07-31", False),
        ("2026-01-31", "2026-08-01", True),
        ("2026-08-31", "2027-02-28", False),
        ("2026-08-31", "2027-03-01", True),
        ("2026-01-31", "", True),
    ],
)
def test_over_six_months_is_long(started: str, ends: str, is_long: bool) -> None:
    """To the day, and the last day of a shorter month is as good as the same."""
    assert project(started, ends).is_long is is_long


def test_updates_follow_each_other_until_the_end() -> None:
    """The last one counts from the latest, and none is due after the end."""
    long = project("2026-01-31", "2026-10-15")
    first = report("2026-04-20", "update", of="roof")
    second = report("2026-07-15", "update", of="roof")
    final = "final roof 2027-01-15"
    assert of_projects("2026-05-01", long) == ["update roof 2026-04-30", final]
    assert of_projects("2026-05-01", long, reports=(first,)) == ["update roof 2026-07-20", final]
    assert of_projects("2026-07-15", long, reports=(second, first)) == [
        "update roof 2026-10-15",
        final,
    ]
    later = report("2026-07-16", "update", of="roof")
    assert of_projects("2026-07-16", long, reports=(later, second)) == [final]
    assert of_projects("2026-07-15", long, reports=(later, first)) == [
        "update roof 2026-07-20",
        final,
    ]
    other = report("2026-07-15", "update", of="lamp")
    assert of_projects("2026-07-15", long, reports=(other,)) == ["update roof 2026-04-30", final]


def test_a_final_report_ends_what_is_owed_for_its_project_alone() -> None:
    """From its day; the projects behind it go on."""
    short = project("2026-01-31", "2026-02-28")
    lamp = project("2026-02-01", key="lamp")
    final = report("2026-05-28", "final", of="roof")
    update = "update lamp 2026-05-01"
    assert of_projects("2026-05-01", short) == ["final roof 2026-05-28"]
    before = [update, "final roof 2026-05-28"]
    assert of_projects("2026-05-27", short, lamp, reports=(final,)) == before
    assert of_projects("2026-05-28", short, lamp, reports=(final,)) == [update]
    another = report("2026-05-28", "final", of="lamp")
    assert of_projects("2026-05-28", short, lamp, reports=(another,)) == ["final roof 2026-05-28"]


@pytest.mark.parametrize(
    ("ends", "due"),
    [
        ("2026-09-30", "2026-12-30"),
        ("2026-10-01", "2027-01-01"),
        ("2026-11-30", "2027-02-28"),
        ("2027-11-30", "2028-02-29"),
        ("2026-12-31", "2027-03-31"),
        ("2026-01-31", "2026-04-30"),
    ],
)
def test_three_months_later_is_the_same_day_of_the_month(ends: str, due: str) -> None:
    """Or the last one, where the month is shorter; also over the end of the year."""
    assert of_projects(ends, project(ends, ends)) == [f"final roof {due}"]


def test_the_most_urgent_comes_first() -> None:
    """By the day, then by the kind."""
    duties = Duties(2026, (), (project("2026-11-30"), project("2026-02-28", "2027-02-28", "lamp")))
    assert owed(duties, "2026-12-01") == [
        ("update", "lamp", "2026-05-28"),
        ("update", "roof", "2027-02-28"),
        ("final", "lamp", "2027-05-28"),
        ("accounts", "2026", "2027-05-31"),
        ("annual", "2026", "2027-05-31"),
    ]


PROJECT = """
[[project]]
key = "roof"
name = { zh = "屋顶", en = "The roof" }
started = 2026-01-31
"""
YEAR = """
[[report]]
covers = ["annual", "accounts"]
year = 2026
title = { zh = "年报", en = "Report" }
page = "about"
published = 2027-05-31
"""
UPDATE = """
[[report]]
covers = ["update"]
project = "roof"
title = { zh = "进展" }
file = { zh = "update-1.pdf" }
page = "about"
platform = "https://platform.example/1"
published = 2026-04-20
"""


def read(folder: Path, text: str, since: Mapping[str, int]) -> dict[str, Duties]:
    (folder / "reports.toml").write_text(text, "utf-8")
    return read_duties(folder, since)


def test_what_was_published_is_read_as_it_is_written(tmp_path: Path) -> None:
    """A page or files; whatever need not be there is empty."""
    text = PROJECT + "ends = 2026-01-31\n" + YEAR + UPDATE
    duties = read(tmp_path, text, {"house": 2026})
    roof = Project(
        "roof", {"zh": "屋顶", "en": "The roof"}, "house", day("2026-01-31"), day("2026-01-31")
    )
    yearly = Report(
        covers=("annual", "accounts"),
        title={"zh": "年报", "en": "Report"},
        recipient="house",
        published=day("2027-05-31"),
        year=2026,
        project="",
        files={},
        page="about",
        platform="",
    )
    update = Report(
        covers=("update",),
        title={"zh": "进展"},
        recipient="house",
        published=day("2026-04-20"),
        year=0,
        project="roof",
        files={"zh": "update-1.pdf"},
        page="",
        platform="https://platform.example/1",
    )
    assert duties == {"house": Duties(2026, (yearly, update), (roof,))}
    (endless,) = read(tmp_path, PROJECT, {"house": 2026})["house"].projects
    assert endless.ends is None


def test_without_the_file_the_years_count_all_the_same(tmp_path: Path) -> None:
    """Nothing was published yet; an empty list is as good."""
    none = {"house": Duties(2026), "uk": Duties(0)}
    assert read_duties(tmp_path, BOTH) == none
    assert read(tmp_path, "", BOTH) == none
    assert read(tmp_path, "report = []\nproject = []", BOTH) == none


def test_each_recipient_has_what_is_its_own(tmp_path: Path) -> None:
    """Of several, a report and a project say whose they are."""
    owns = {one: f'recipient = "{one}"\n' for one in BOTH}
    lamp = PROJECT.replace('"roof"', '"lamp"')
    text = PROJECT + owns["house"] + lamp + owns["uk"] + UPDATE + owns["house"] + YEAR + owns["uk"]
    duties = read(tmp_path, text, BOTH)
    assert list(duties) == ["house", "uk"]
    keys = {
        key: ([one.key for one in of.projects], [one.covers for one in of.reports])
        for key, of in duties.items()
    }
    assert keys == {
        "house": (["roof"], [("update",)]),
        "uk": (["lamp"], [("annual", "accounts")]),
    }
    (alone,) = read(tmp_path, PROJECT + owns["house"], {"house": 1})["house"].projects
    assert alone.recipient == "house"


KINDS = "annual, accounts, update, final, other"
NEITHER: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    "an unknown kind": (
        '"annual", ',
        '"yearly", ',
        "report[1].covers",
        "one_of",
        {"choices": KINDS},
    ),
    "no kind": ('covers = ["annual", "accounts"]', "covers = []", "report[1].covers", "needed", {}),
    "no year": ("year = 2026", "", "report[1].year", "year", {}),
    "no year in the number": ("year = 2026", "year = 0", "report[1].year", "year", {}),
    "a text for a year": ("year = 2026", 'year = "2026"', "report[1].year", "year", {}),
    "a truth for a year": ("year = 2026", "year = true", "report[1].year", "year", {}),
    "accounts without a year": (
        'covers = ["annual", "accounts"]\nyear = 2026',
        'covers = ["other", "accounts"]',
        "report[1].year",
        "year",
        {},
    ),
    "another's wrong year": (
        'covers = ["annual", "accounts"]\nyear = 2026',
        'covers = ["other"]\nyear = "x"',
        "report[1].year",
        "year",
        {},
    ),
    "no project": ('project = "roof"', "", "report[2].project", "one_of", {"choices": "roof"}),
    "another project": (
        'project = "roof"',
        'project = "lamp"',
        "report[2].project",
        "one_of",
        {"choices": "roof"},
    ),
    "a project that nobody knows, of a year": (
        "year = 2026",
        'year = 2026\nproject = "lamp"',
        "report[1].project",
        "one_of",
        {"choices": "roof"},
    ),
    "no title": ('title = { zh = "进展" }', "", "report[2].title", "needed", {}),
    "no day": ("published = 2026-04-20", "", "report[2].published", "needed", {}),
    "a text for a day": ("2026-04-20", '"2026-04-20"', "report[2].published", "day", {}),
    "a moment for a day": ("2026-04-20", "2026-04-20T00:00:00Z", "report[2].published", "day", {}),
    "neither page nor file": (
        'page = "about"\npublished',
        "published",
        "report[1].page",
        "needed",
        {},
    ),
    "a text for files": (
        'file = { zh = "update-1.pdf" }',
        'file = "update-1.pdf"',
        "report[2].file",
        "texts",
        {},
    ),
    "a number for a page": (
        'page = "about"\npublished',
        "page = 5\npublished",
        "report[1].page",
        "text",
        {},
    ),
    "a number for a platform": (
        '"https://platform.example/1"',
        "5",
        "report[2].platform",
        "text",
        {},
    ),
    "an unknown recipient": (
        "year = 2026",
        'year = 2026\nrecipient = "x"',
        "report[1].recipient",
        "one_of",
        {"choices": "house"},
    ),
    "a number for a recipient": (
        "year = 2026",
        "year = 2026\nrecipient = 5",
        "report[1].recipient",
        "text",
        {},
    ),
    "a project of nobody": (
        "started",
        'recipient = "x"\nstarted',
        "project[1].recipient",
        "one_of",
        {"choices": "house"},
    ),
    "a project without a name": (
        'name = { zh = "屋顶", en = "The roof" }',
        "",
        "project[1].name",
        "needed",
        {},
    ),
    "a project without a key": ('key = "roof"\n', "", "project[1].key", "needed", {}),
    "a project without a day": ("started = 2026-01-31", "", "project[1].started", "needed", {}),
    "a text for its day": ("2026-01-31", '"2026"', "project[1].started", "day", {}),
    "a text for its end": (
        "2026-01-31",
        '2026-01-31\nends = "2026"',
        "project[1].ends",
        "day",
        {},
    ),
    "an end before its day": (
        "2026-01-31",
        "2026-01-31\nends = 2026-01-30",
        "project[1].ends",
        "backwards",
        {},
    ),
    "an unknown table": (
        PROJECT,
        f"{PROJECT}[zoo]\n[reports]\n",
        "reports",
        "one_of",
        {"choices": "project, report"},
    ),
    "no table": (PROJECT + YEAR + UPDATE, 'report = "x"', "report", "list", {}),
    "no table in the list": (
        PROJECT + YEAR + UPDATE,
        'project = ["x"]',
        "project",
        "tables",
        {"table": "project"},
    ),
}


@pytest.mark.parametrize("name", NEITHER)
def test_a_mistake_is_told_with_its_place_and_what_would_do(tmp_path: Path, name: str) -> None:
    """Nothing is guessed."""
    old, new, where, message, more = NEITHER[name]
    text = PROJECT + YEAR + UPDATE
    assert old in text
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, text.replace(old, new, 1), {"house": 2026})
    told: dict[str, Any] = {"file": str(tmp_path / "reports.toml"), "where": where, **more}
    assert (wrong.value.message, wrong.value.values) == (f"file.{message}", told)


def test_among_several_recipients_nobody_is_guessed(tmp_path: Path) -> None:
    """Whose it is has to be said; a project of another's is none of its own."""
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, YEAR, BOTH)
    assert (wrong.value.message, wrong.value.values["where"]) == (
        "file.needed",
        "report[1].recipient",
    )
    of_uk = f'{PROJECT}recipient = "uk"\n'
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, f'{of_uk}{UPDATE}recipient = "house"\n', BOTH)
    assert wrong.value.values["choices"] == "[[project]]"
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, f'{YEAR}recipient = "x"\n', BOTH)
    assert wrong.value.values["choices"] == "house, uk"
    two = of_uk + of_uk.replace('"roof"', '"lamp"')
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, two + UPDATE.replace('"roof"', '"x"') + 'recipient = "uk"\n', BOTH)
    assert wrong.value.values["choices"] == "roof, lamp"
