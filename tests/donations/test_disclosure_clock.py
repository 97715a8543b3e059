"""Rule L4, day by day: what is owed, and until when."""

from datetime import date

import pytest

from donations_api.deadlines import Deadline, Duties, Project, Report


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


def test_what_presses_is_near_or_overdue() -> None:
    """Staff are told of it; of what has time still they are not."""
    duties = Duties(2026, (), (project("2026-11-30"), project("2026-02-28", "2027-02-28", "lamp")))
    pressing = [(one.kind, one.about) for one in duties.pressing(day("2027-01-29"))]
    assert pressing == [("update", "lamp"), ("update", "roof")]
    assert [one.about for one in duties.pressing(day("2027-01-28"))] == ["lamp"]
