"""Rule L4: from fresh through the warning to past, and what the portal then still asks for."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from donations_api.console import CATALOGS
from donations_api.errors import FileWrong
from donations_api.frame import translate
from donations_api.giving import load_giving
from tests.donations.running import CONTENT, rig, says
from tests.donations.test_giving import DECLARED

REPORT = """
[[report]]
covers = ["annual", "accounts"]
year = 2026
title = { zh = "年报", en = "Report" }
page = "about"
published = 2027-05-31
"""
PROJECT = """
[[project]]
key = "roof"
name = { zh = "屋顶", en = "The roof" }
started = 2026-01-31
"""
UPDATE = """
[[report]]
covers = ["update"]
project = "roof"
title = { zh = "进展", en = "Update" }
page = "about"
published = 2026-04-20
"""


def content_of(folder: Path, reports: str = "", mode: str = "qualified") -> Path:
    """Content whose recipient is in that mode, and what it published."""
    content = shutil.copytree(CONTENT, folder / "content", dirs_exist_ok=True)
    file = content / "organisation.toml"
    text = file.read_text("utf-8").replace('mode = "undeclared"', f'mode = "{mode}"\n{DECLARED}')
    file.write_text(text, "utf-8")
    (content / "reports.toml").write_text(reports, "utf-8")
    return content


def open_on(content: Path, day: str) -> list[tuple[str, str, str]]:
    """What is to be published, by which day, and how that stands on ``day``."""
    today = date.fromisoformat(day)
    (recipient,) = load_giving(content).recipients
    return [
        (one.kind, one.due.isoformat(), one.state(today)) for one in recipient.duties.open(today)
    ]


def test_the_clock_of_a_year_from_fresh_to_past(tmp_path: Path) -> None:
    """Thirty days before its day a deadline is near; on it there is still time; then it is over."""
    content, due = content_of(tmp_path), "2027-05-31"
    for day, state in {
        "2026-11-26": "fresh",
        "2027-04-30": "fresh",
        "2027-05-01": "near",
        "2027-05-31": "near",
        "2027-06-01": "overdue",
    }.items():
        assert open_on(content, day)[:2] == [("accounts", due, state), ("annual", due, state)], day
        (recipient,) = load_giving(content).recipients
        asks = recipient.may_ask(sandbox=False, today=date.fromisoformat(day))
        assert asks is (state != "overdue"), day


def test_what_was_published_is_owed_no_more_and_what_waits_for_its_day_still_is(
    tmp_path: Path,
) -> None:
    """The years before count on: one report does not make up for another."""
    content = content_of(tmp_path, REPORT)
    assert ("annual", "2027-05-31", "near") in open_on(content, "2027-05-30")
    assert open_on(content, "2027-05-31") == [
        ("accounts", "2028-05-31", "fresh"),
        ("annual", "2028-05-31", "fresh"),
    ]
    only_one = content_of(tmp_path, REPORT.replace('"annual", ', ""))
    assert open_on(only_one, "2027-06-01")[0] == ("annual", "2027-05-31", "overdue")


def test_the_clock_of_a_project(tmp_path: Path) -> None:
    """An update each three months while it runs for over six, a final report three after it."""

    def told(text: str, day: str) -> list[tuple[str, str, str]]:
        found = open_on(content_of(tmp_path, text), day)
        return [one for one in found if one[0] in ("update", "final")]

    assert told(PROJECT, "2026-01-30") == []
    assert told(PROJECT, "2026-03-30") == [("update", "2026-04-30", "fresh")]
    assert told(PROJECT, "2026-05-01") == [("update", "2026-04-30", "overdue")]
    assert told(PROJECT + UPDATE, "2026-05-01") == [("update", "2026-07-20", "fresh")]
    six_months = f"{PROJECT}ends = 2026-07-31\n"
    assert told(six_months, "2026-09-01") == [("final", "2026-10-31", "fresh")]
    longer = f"{PROJECT}ends = 2026-08-01\n"
    assert told(longer, "2026-05-01") == [
        ("update", "2026-04-30", "overdue"),
        ("final", "2026-11-01", "fresh"),
    ]
    at_the_end = UPDATE.replace("2026-04-20", "2026-07-20")
    assert told(longer + at_the_end, "2026-11-02") == [("final", "2026-11-01", "overdue")]
    final = UPDATE.replace('"update"', '"final"').replace("2026-04-20", "2026-11-02")
    assert told(longer + at_the_end + final, "2026-11-02") == []


@pytest.mark.parametrize("mode", ["qualified", "partner"])
def test_nobody_raises_money_for_who_is_overdue_and_the_page_says_why(
    tmp_path: Path, mode: str
) -> None:
    """Neither here nor at a partner's; on the last day both still do."""
    content = content_of(tmp_path, mode=mode)
    file = content / "organisation.toml"
    partner = '\npartner = {name = "示例慈善会", url = "https://gongyi.qq.com/x"}'
    file.write_text(file.read_text("utf-8").replace(DECLARED, DECLARED + partner), "utf-8")
    giving = load_giving(content)
    for day, raises, why in (("2027-05-31", True, "language"), ("2027-06-01", False, "overdue")):
        today = date.fromisoformat(day)
        asking = giving.asking("zh", sandbox=False, today=today)
        assert bool(asking or giving.partners("zh", today=today)) is raises, day
        assert giving.closed(sandbox=False, today=today) == why, day


def test_the_law_is_that_of_mainland_china(tmp_path: Path) -> None:
    """Whoever receives elsewhere owes these reports to nobody here."""
    content = content_of(tmp_path)
    file = content / "organisation.toml"
    text = file.read_text("utf-8").replace('country = "CN"', 'country = "HK"')
    text = text.replace('receipt = "cn"', 'receipt = "acknowledgement"')
    file.write_text(text.replace("reports_from = 2026\n", ""), "utf-8")
    assert open_on(content, "2030-01-01") == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("covers", "cover", "report[1].covers"),
        ('"annual", ', '"annuel", ', "report[1].covers"),
        ("year = 2026", "", "report[1].year"),
        ("year = 2026", 'year = "2026"', "report[1].year"),
        ("2027-05-31", '"2027-05-31"', "report[1].published"),
        ('page = "about"', "", "report[1].page"),
        ('covers = ["annual", "accounts"]', 'covers = ["final"]', "report[1].project"),
        ('page = "about"', 'page = "about"\nrecipient = "x"', "report[1].recipient"),
        ("[[report]]", "[[reports]]", "reports"),
        ("started = 2026-01-31", "started = 2026-01-31\nends = 2025-01-01", "project[1].ends"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, where: str) -> None:
    """Nothing is guessed: a report that cannot be read would count as published, or not."""
    text = REPORT + PROJECT
    assert old in text
    content = content_of(tmp_path, text.replace(old, new))
    with pytest.raises(FileWrong) as wrong:
        load_giving(content)
    assert wrong.value.values["file"].endswith("reports.toml")
    assert wrong.value.values["where"] == where
    for language in ("zh", "en"):
        assert translate(CATALOGS, language, wrong.value.message) % wrong.value.values


def test_who_asks_in_mainland_china_says_since_when_it_reports(tmp_path: Path) -> None:
    """Without the year nothing would ever be overdue."""
    content = content_of(tmp_path)
    file = content / "organisation.toml"
    file.write_text(file.read_text("utf-8").replace("reports_from = 2026\n", ""), "utf-8")
    with pytest.raises(FileWrong) as wrong:
        load_giving(content)
    assert wrong.value.values["where"] == "recipient[1].reports_from"


def test_the_portal_asks_until_a_report_is_overdue_and_again_when_it_is_there(
    tmp_path: Path,
) -> None:
    """By hand too, over HTTP; the same portal, while days pass."""
    now = datetime.now(UTC)  # as at Stripe's stand-in, which refuses pages of another year
    clock = [now]
    begun = f"{now - timedelta(days=60):%Y-%m-%d}"
    content = content_of(tmp_path, PROJECT.replace("2026-01-31", begun))
    with rig(tmp_path / "late", content=content, clock=lambda: clock[0]) as both:
        assert both.give().status_code == 303
        clock[0] += timedelta(days=40)
        refused = both.give()
        assert refused.status_code == 403
        assert says(refused, "problem.closed.title")
        assert both.give(way="transfer").status_code == 403
        assert len(both.gifts()) == 1
    begun = f"{now - timedelta(days=120):%Y-%m-%d}"
    late = PROJECT.replace("2026-01-31", begun)
    with rig(tmp_path / "over", content=content_of(tmp_path, late)) as both:
        assert both.give().status_code == 403
    published = UPDATE.replace("2026-04-20", f"{now - timedelta(days=1):%Y-%m-%d}")
    with rig(tmp_path / "there", content=content_of(tmp_path, late + published)) as both:
        assert both.give().status_code == 303
