"""The disclosure clock (rule L4): what a recipient has to publish, and until when.

``content/reports.toml`` says what was published (``[[report]]``) and which projects and campaigns
run (``[[project]]``). By the law of mainland China, which holds for recipients there alone:

- the report of a year and its accounts, by 31 May of the next, from ``reports_from`` on;
- of what runs for over six months an update every three;
- of what has ended a final report within three months.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from donations_api.tables import Table, Texts

FILE = "reports.toml"
WARNING = timedelta(days=30)  # so long before its day a deadline is near
COUNTRY = "CN"
_OF_A_YEAR, _OF_A_PROJECT = ("annual", "accounts"), ("update", "final")
_KINDS = (*_OF_A_YEAR, *_OF_A_PROJECT, "other")
_MAY, _LAST_OF_MAY = 5, 31
_QUARTER, _LONG = 3, 6  # months
_YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class Project:
    """A project or a campaign. ``ends`` is its last day, None while nobody knows it."""

    key: str
    name: Texts
    recipient: str
    started: date
    ends: date | None

    @property
    def is_long(self) -> bool:
        return self.ends is None or self.ends > _later(self.started, _LONG)


@dataclass(frozen=True, slots=True)
class Report:
    """Something that was published on the day ``published``.

    ``covers``: for what it counts, of ``annual``, ``accounts``, ``update``, ``final``, ``other``.
    ``year`` is 0 and ``project`` empty where it is of none. ``files`` are names of PDFs in
    ``content/documents`` by the code of their language; or ``page`` is the key of a page of the
    site. ``platform`` is its address where the ministry publishes it, if it is known.
    """

    covers: tuple[str, ...]
    title: Texts
    recipient: str
    published: date
    year: int
    project: str
    files: Mapping[str, str]
    page: str
    platform: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """What has to be published by the day ``due``: ``kind`` of a year, or of a project."""

    kind: str
    due: date
    year: int = 0
    project: Project | None = None

    @property
    def about(self) -> str:
        """The year, or the project's key."""
        return self.project.key if self.project else str(self.year)

    def state(self, today: date) -> str:
        """``fresh``, ``near`` from thirty days before, ``overdue`` from the day after."""
        if today > self.due:
            return "overdue"
        return "near" if today >= self.due - WARNING else "fresh"


@dataclass(frozen=True, slots=True)
class Duties:
    """What a recipient owes to the public; nothing at all where ``reports_from`` is 0."""

    reports_from: int = 0
    reports: tuple[Report, ...] = ()
    projects: tuple[Project, ...] = ()

    def open(self, today: date) -> list[Deadline]:
        """What is still to be published, the most urgent first. What waits for its day counts not.

        A year is there from its first day on, a project from its own.
        """
        found = [*self._of_years(today), *self._of_projects(today)] if self.reports_from else []
        return sorted(found, key=lambda one: (one.due, one.kind))

    def pressing(self, today: date) -> list[Deadline]:
        """Of ``open``, what is near or overdue."""
        return [one for one in self.open(today) if one.state(today) != "fresh"]

    def overdue(self, today: date) -> bool:
        """Whether a day has passed by which something had to be published: no asking then."""
        return any(one.state(today) == "overdue" for one in self.open(today))

    def _of_years(self, today: date) -> Iterator[Deadline]:
        for year in range(self.reports_from, max(today.year, self.reports_from) + 1):
            for kind in _OF_A_YEAR:
                if not any(one.year == year for one in self._published(kind, today)):
                    yield Deadline(kind, date(year + 1, _MAY, _LAST_OF_MAY), year=year)

    def _of_projects(self, today: date) -> Iterator[Deadline]:
        for project in (one for one in self.projects if one.started <= today):
            of_it = [one for one in self._published("final", today) if one.project == project.key]
            if of_it:
                continue
            told = (
                one.published
                for one in self._published("update", today)
                if one.project == project.key
            )
            update = _later(max(told, default=project.started), _QUARTER)
            if project.is_long and not (project.ends and update > project.ends):
                yield Deadline("update", update, project=project)
            if project.ends:
                yield Deadline("final", _later(project.ends, _QUARTER), project=project)

    def _published(self, kind: str, today: date) -> Iterator[Report]:
        return (one for one in self.reports if kind in one.covers and one.published <= today)


def read_duties(content: Path, since: Mapping[str, int]) -> dict[str, Duties]:
    """What each recipient owes, by its key; ``since`` has the year in which that begins, or 0.

    There may be no file while nothing was published. Raises FileWrong.
    """
    file = content / FILE
    if not file.exists():
        return {key: Duties(year) for key, year in since.items()}
    table = Table.read(file)
    projects = [_project(one, since) for one in _tables(table, "project")]
    reports = [_report(one, since, projects) for one in _tables(table, "report")]
    if unknown := sorted(set(table.values) - {"project", "report"}):
        table.refuse(unknown[0], "file.one_of", choices="project, report")
    return {
        key: Duties(
            year,
            tuple(one for one in reports if one.recipient == key),
            tuple(one for one in projects if one.recipient == key),
        )
        for key, year in since.items()
    }


def _tables(table: Table, key: str) -> Iterator[Table]:
    return table.tables(key) if table.values.get(key) else iter(())


def _project(table: Table, recipients: Mapping[str, int]) -> Project:
    started, ends = _day(table, "started"), None
    if "ends" in table.values:
        ends = _day(table, "ends")
        if ends < started:
            table.refuse("ends", "file.backwards")
    name = table.texts("name")
    return Project(table.text("key"), name, _recipient(table, recipients), started, ends)


def _report(table: Table, recipients: Mapping[str, int], projects: list[Project]) -> Report:
    covers = tuple(table.list("covers"))
    if set(covers) - set(_KINDS):
        table.refuse("covers", "file.one_of", choices=", ".join(_KINDS))
    year, project = table.values.get("year", 0), table.values.get("project", "")
    if type(year) is not int or (set(covers) & set(_OF_A_YEAR) and not year):
        table.refuse("year", "file.year")
    own = _recipient(table, recipients)
    known = [one.key for one in projects if one.recipient == own]
    if (project or set(covers) & set(_OF_A_PROJECT)) and project not in known:
        table.refuse("project", "file.one_of", choices=", ".join(known) or "[[project]]")
    files = table.texts("file") if "file" in table.values else {}
    page = table.text("page") if not files else ""
    return Report(
        covers=covers,
        title=table.texts("title"),
        recipient=own,
        published=_day(table, "published"),
        year=year,
        project=project,
        files=files,
        page=page,
        platform=table.address("platform") if "platform" in table.values else "",
    )


def _recipient(table: Table, recipients: Mapping[str, int]) -> str:
    """Whose it is; where there is but one recipient nobody has to say so."""
    if len(recipients) == 1 and "recipient" not in table.values:
        return next(iter(recipients))
    key = table.text("recipient")
    if key not in recipients:
        table.refuse("recipient", "file.one_of", choices=", ".join(recipients))
    return key


def _day(table: Table, key: str) -> date:
    day = table.need(key)
    if type(day) is not date:
        table.refuse(key, "file.day")
    return day


def _later(day: date, months: int) -> date:
    """The same day so many months later; the last one of a shorter month."""
    year, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
