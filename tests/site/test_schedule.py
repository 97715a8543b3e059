"""Drafts wait, what is dated ahead waits for its day, what is over goes; staff are told of each."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.site.second_look import look_for
from tests.site.test_good_site import read
from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import PICTURES, Run, TinySite, contents, make_site

HELD = {
    "content/news/plan.zh.md": "schedule.draft",
    "content/news/plan.en.md": "schedule.draft",
    "content/news/half.en.md": "schedule.draft",
    "content/news/ahead.zh.md": "schedule.later",
    "content/news/over.zh.md": "schedule.over",
    "content/pages/secret.zh.md": "schedule.draft",
}
# As the preview makes the site: with what is not for today.
_WITH_DRAFTS = """\
from pathlib import Path
from plugins.staff.making import make
made = make(Path("all"), "http://127.0.0.1:8000", demo=False, drafts=True)
print(*(f"{one.place} {one.code} {one.params}" for one in made.problems if one.severity == "error"))
"""


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, Run]:
    """A site with something of each kind, built as for the web although DRAFTS is set."""
    site = make_site(tmp_path_factory.mktemp("held") / "site")
    write_lists(site)
    for name, head in {
        "shown.zh": "2026-03-05\nexpires: 2999-01-01\ndraft: false",
        "shown.en": "2026-03-05",
        "plan.zh": "2026-03-05\ndraft: true",
        "plan.en": "2026-03-05\ndraft: yes",
        "half.zh": "2026-03-05",
        "half.en": "2026-03-05\ndraft: true",
        "ahead.zh": "2999-01-01",
        "over.zh": "2025-03-05\nexpires: 2025-03-06",
    }.items():
        write_item(site, name, head, title=f"{name}一条")
    site.write(
        "content/pages/secret.zh.md",
        "---\ntitle: Title of secret\ndescription: 甲乙丙丁\ndraft: true\n---\n\n"
        "[甲]({filename}../news/plan.zh.md)\n",
    )
    run = site.run("build", DRAFTS="yes")
    assert run.code == 0, run.said
    return site, run


def test_what_is_not_for_today_is_in_no_file(held: tuple[TinySite, Run]) -> None:
    """Neither as a page nor in a list, a feed or the sitemap."""
    site, _ = held
    everything = "".join(
        data.decode() for name, data in contents(site.output).items() if not name.endswith(PICTURES)
    )
    assert "shown.zh一条" in everything
    assert "half.zh一条" in everything
    for name in ("plan.zh", "plan.en", "half.en", "ahead.zh", "over.zh"):
        assert f"{name}一条" not in everything, name
    assert "Title of secret" not in everything
    for address in ("news/plan/", "en/news/half/", "news/ahead/", "/secret/"):
        assert address not in everything, address
    assert not (site.output / "drafts").exists()
    assert 'href="/en/news/" lang="en"' in read(site, "news/half/index.html")


def test_staff_are_told_of_each(held: tuple[TinySite, Run]) -> None:
    """As a notice; a translation that is written and waits is not told of as missing."""
    _, run = held
    for place, code in HELD.items():
        run.tells(code, place)
    assert "translation.missing" not in run.said


def test_the_preview_shows_all_and_verify_lets_none_of_it_pass(
    held: tuple[TinySite, Run],
) -> None:
    """Each such page says what it is; in a site for the web the second look refuses it."""
    site, _ = held
    ended = subprocess.run(
        [sys.executable, "-c", _WITH_DRAFTS],
        cwd=site.folder,
        capture_output=True,
        encoding="utf-8",
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, ""), ended.stdout + ended.stderr
    plan = (site.folder / "all/en/news/plan/index.html").read_text(encoding="utf-8")
    assert "only the preview shows it" in plan
    assert "ahead.zh一条" in (site.folder / "all/news/index.html").read_text(encoding="utf-8")
    shown = (site.folder / "all/en/news/shown/index.html").read_text(encoding="utf-8")
    assert "only the preview shows it" not in shown
    look = look_for(site, "http://127.0.0.1:8000")
    found = {one.file for one in look(site.folder / "all")}
    news = {"/news/plan/", "/en/news/plan/", "/en/news/half/", "/news/ahead/", "/news/over/"}
    assert found == news | {"/secret/", "/en/secret/"}  # which stands in for a translation
    assert look(site.output) == []


@pytest.mark.parametrize(
    ("zone", "is_shown"), [("Pacific/Kiritimati", True), ("Etc/GMT+12", False)]
)
def test_days_are_those_of_the_organisation(site: TinySite, zone: str, is_shown: bool) -> None:
    """The day begins first in Kiritimati; where it begins last, it is still another day."""
    today = datetime.now(ZoneInfo("Pacific/Kiritimati")).date().isoformat()
    site.edit("content/organisation.toml", "founded", f'time_zone = "{zone}"\nfounded')
    write_lists(site)
    write_item(site, "roof.zh", today)
    run = site.run("build")
    assert run.code == 0, run.said
    assert (site.output / "news/roof/index.html").exists() == is_shown


def test_a_link_to_what_is_not_shown_is_refused(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """It would lead nowhere; and a day needs a time zone that exists."""
    write_lists(site)
    write_item(site, "roof.zh", "2026-03-05", "[甲]({filename}plan.zh.md)")
    write_item(site, "plan.zh", "2026-03-05\ndraft: true")
    refused().tells("schedule.link", "content/news/roof.zh.md:7")
    site.edit("content/organisation.toml", "founded", 'time_zone = "Asia/Nowhere"\nfounded')
    refused().tells("time_zone", "content/organisation.toml")
