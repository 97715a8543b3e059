"""Rule L4: how reports.toml says what was published, and each mistake that it may have."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from donations_api.deadlines import Duties, Project, Report, read_duties
from donations_api.errors import FileWrong
from tests.donations.test_deadlines import PROJECT, REPORT

BOTH = {"house": 2026, "uk": 0}
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
    text = PROJECT + "ends = 2026-01-31\n" + REPORT + UPDATE
    duties = read(tmp_path, text, {"house": 2026})
    roof = Project(
        "roof",
        {"zh": "屋顶", "en": "The roof"},
        "house",
        date.fromisoformat("2026-01-31"),
        date.fromisoformat("2026-01-31"),
    )
    yearly = Report(
        covers=("annual", "accounts"),
        title={"zh": "年报", "en": "Report"},
        recipient="house",
        published=date.fromisoformat("2027-05-31"),
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
        published=date.fromisoformat("2026-04-20"),
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
    text = (
        PROJECT + owns["house"] + lamp + owns["uk"] + UPDATE + owns["house"] + REPORT + owns["uk"]
    )
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
    "a platform that is not filled in": (
        "https://platform.example/1",
        "https://…",
        "report[2].platform",
        "https",
        {},
    ),
    "a platform without https": (
        "https://platform.example/1",
        "www.platform.example",
        "report[2].platform",
        "https",
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
    "no table": (PROJECT + REPORT + UPDATE, 'report = "x"', "report", "list", {}),
    "no table in the list": (
        PROJECT + REPORT + UPDATE,
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
    text = PROJECT + REPORT + UPDATE
    assert old in text
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, text.replace(old, new, 1), {"house": 2026})
    told: dict[str, Any] = {"file": str(tmp_path / "reports.toml"), "where": where, **more}
    assert (wrong.value.message, wrong.value.values) == (f"file.{message}", told)


def test_among_several_recipients_nobody_is_guessed(tmp_path: Path) -> None:
    """Whose it is has to be said; a project of another's is none of its own."""
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, REPORT, BOTH)
    assert (wrong.value.message, wrong.value.values["where"]) == (
        "file.needed",
        "report[1].recipient",
    )
    of_uk = f'{PROJECT}recipient = "uk"\n'
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, f'{of_uk}{UPDATE}recipient = "house"\n', BOTH)
    assert wrong.value.values["choices"] == "[[project]]"
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, f'{REPORT}recipient = "x"\n', BOTH)
    assert wrong.value.values["choices"] == "house, uk"
    two = of_uk + of_uk.replace('"roof"', '"lamp"')
    with pytest.raises(FileWrong) as wrong:
        read(tmp_path, two + UPDATE.replace('"roof"', '"x"') + 'recipient = "uk"\n', BOTH)
    assert wrong.value.values["choices"] == "roof, lamp"
