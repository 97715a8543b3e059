"""Rules L1 and L3 at the portal's doors: what the site may not ask for, no route asks for."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from donations_api.app import create_app
from donations_api.giving import load_giving
from donations_api.links import Links
from donations_api.monthly import remind
from donations_api.pledge import PledgeState
from tests.donations.running import FORM, Rig, listening, rig, says
from tests.donations.test_giving import DECLARED, TODAY
from tests.donations.test_my_pages import a_reminder, pledge_of, portal
from tests.donations.test_transfers import content_with

FILED = "https://beian.miit.gov.cn/"


def in_chinese_alone(content: Path) -> None:
    file = content / "organisation.toml"
    file.write_text(file.read_text("utf-8").replace('["zh", "en"]', '["zh"]'), "utf-8")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A portal that may ask, in the sandbox, with an account for transfers."""
    folder = tmp_path_factory.mktemp("open")
    with rig(folder, content=content_with(folder)) as both:
        yield both


@pytest.fixture(params=["info-only", "partner", "qualified", "zh only"], scope="module")
def closed(
    request: pytest.FixtureRequest, both: Rig, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    """The same books, and a portal that may not ask: or, at the last, not in English.

    The qualified one lacks its facts.
    """
    mode, folder = request.param, tmp_path_factory.mktemp("closed")
    content = content_with(folder, mode="undeclared" if mode == "zh only" else mode)
    if mode == "zh only":
        file = content / "organisation.toml"
        file.write_text(file.read_text("utf-8").replace('["zh", "en"]', '["zh"]'), "utf-8")
    settings = replace(both.settings, content=content)
    app = create_app(settings)
    with listening(app) as address:
        yield replace(both, settings=settings, portal=address, app=app)


def test_no_route_asks_where_nobody_may(both: Rig, closed: Rig) -> None:
    """L3: forms by hand, transfers, reminders and their pages; to end a pledge is always open."""
    pledge = a_reminder(both, id=f"pledge_{id(closed)}", language="en")
    announced = both.give(way="transfer", language="en").headers["Location"]
    before = len(both.gifts())
    for typed in ({}, {"recipient": "", "way": "transfer"}, {"frequency": "monthly"}):
        answer = closed.give(language="en", **typed)
        assert answer.status_code == 403
        assert says(answer, "problem.closed.title", "en")
        assert FILED in answer.text
    here = closed.portal
    mine = Links(replace(both.settings, site_url=here))
    assert requests.get(mine.next_gift(pledge.id, "2026-12"), timeout=10).status_code == 403
    page = requests.get(mine.my_pledge(pledge.id), timeout=10)
    assert page.status_code == 200
    assert 'name="amount"' not in page.text
    assert 'value="end"' in page.text
    raised = {"wish": "amount", "amount": "50", "once": "1"}
    assert requests.post(mine.my_pledge(pledge.id), raised, timeout=10).status_code == 403
    transfer = requests.get(f"{here}{announced}", timeout=10)
    assert says(transfer, "transfer.no_account", "en")
    assert "DEMO 0000" not in transfer.text
    assert remind(portal(closed), datetime.now(UTC)) == 0
    assert len(both.gifts()) == before
    assert requests.post(mine.stop(pledge.id), timeout=10).status_code == 200
    assert pledge_of(both, pledge).state is PledgeState.ENDED


def test_the_account_is_told_in_the_languages_of_appeal_only(tmp_path: Path) -> None:
    """L3: the letter that the desk sends to who reads English says no account either."""
    content = content_with(tmp_path)
    (recipient,) = load_giving(content).recipients
    assert recipient.shown_bank("en", sandbox=True, today=TODAY)
    in_chinese_alone(content)
    (recipient,) = load_giving(content).recipients
    assert recipient.shown_bank("zh", sandbox=True, today=TODAY)
    assert recipient.shown_bank("en", sandbox=True, today=TODAY) == {}
    assert recipient.shown_bank("zh", sandbox=False, today=TODAY) == {}


def test_the_portals_form_says_who_receives(tmp_path: Path) -> None:
    """L3: also when it comes back to be mended, and on the page of a transfer; L1 at each foot."""
    content = shutil.copytree(content_with(tmp_path), tmp_path / "declared")
    file = content / "organisation.toml"
    declared = f'mode = "qualified"\n{DECLARED}'
    file.write_text(file.read_text("utf-8").replace('mode = "undeclared"', declared), "utf-8")
    with rig(tmp_path, content=content) as both:
        mended = both.give(email="none")
        transfer = both.give(way="transfer").headers["Location"]
        pages = [
            mended,
            requests.get(f"{both.portal}{transfer}", timeout=10),
            both.give(cover_fee="yes"),
            requests.get(f"{both.portal}/nowhere", timeout=10),
            requests.get(f"{both.portal}/gifts/forged", timeout=10),
            requests.put(f"{both.portal}/donations", timeout=10),
            requests.post(f"{both.portal}/donations", FORM | {"message": "x" * 2**21}, timeout=10),
        ]
    assert [page.status_code for page in pages] == [422, 200, 200, 404, 404, 405, 413]
    for page in pages[:2]:
        for fact in (
            "示例基金会",
            "示募证000号",
            "contact@house.example",
            "https://register.example/",
        ):
            assert fact in page.text
    for page in pages:
        assert f'<a href="{FILED}"' in page.text.partition("<footer")[2]
