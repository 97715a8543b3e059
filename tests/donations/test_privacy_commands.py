"""``erase-donor``, ``donor-data`` and ``retention`` as they are typed."""

import json
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from donations_api import monthly
from donations_api.cli import main
from donations_api.commands import DONE, FOUND, WRONG
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.settings import Settings
from tests.donations.a_donor import DEDICATION, EMAIL, NAME, her_gift, left
from tests.donations.at_stripe import portal_of
from tests.donations.guards import Rows
from tests.donations.running import Rig, environment_of, rig
from tests.donations.stripe_events import NOW

Run = Callable[..., tuple[int, str]]
ERASE = ("erase-donor", "--by", "Wang Fang", "--why", "asked by letter")


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as both:
        yield both


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command with the settings of a portal: its exit code, and all that it says."""

    def run(settings: Settings, *words: str) -> tuple[int, str]:
        for name, value in environment_of(settings).items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main([*words])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_books_and_a_rebuilt_ledger_agree_after_an_erasing(
    both: Rig, run: Run, tmp_path: Path
) -> None:
    """A monthly giver is refused until the giving has ended. Then ``check``, ``reconcile`` and
    ``rebuild`` find all in order; a link that was mailed shows no name but on the receipt itself,
    and no gift of anybody else.
    """
    both.paid(email=EMAIL, name=NAME, dedication=DEDICATION)
    both.paid(email=EMAIL, name=NAME, frequency="monthly", currency="GBP", amount="15")
    both.deliveries.deliver_due()
    her, monthly_gift = both.gifts()
    portal, rows = portal_of(both), Rows(both.settings.database_url)
    code, told = run(both.settings, *ERASE, "--email", EMAIL)
    assert code == FOUND
    with portal.ledger.books() as books:
        pledge = books.pledge(monthly_gift.pledge_id or "")
    assert pledge
    assert pledge.subscription_id
    assert pledge.subscription_id in told
    monthly.end(portal, pledge, portal.gateway.subscription(pledge.subscription_id))
    both.deliveries.deliver_due()

    before = left(rows)
    code, told = run(both.settings, *ERASE, "--email", EMAIL, "--look-only", "--json")
    looked = json.loads(told)
    assert (code, looked["look_only"], left(rows)) == (DONE, True, before)
    code, told = run(both.settings, *ERASE, "--email", EMAIL, "--json")
    assert code == DONE
    assert json.loads(told) == looked | {"look_only": False}
    assert {row["what"]: row["rows_erased"] for row in looked["erased"]}["gifts"] == 2
    assert len(looked["left_at_stripe"]) == 3  # two payments and a subscription
    assert {table for table, _ in left(rows)} == {"receipts"}

    other = her_gift(portal.ledger, email="", created_at=portal.clock())
    assert run(both.settings, *ERASE, "--gift", other.id)[0] == FOUND  # it may still be paid
    for command in (("check",), ("reconcile",), ("rebuild", "--into", str(tmp_path / "new.db"))):
        assert run(both.settings, *command)[0] == DONE
    link = portal.links.my_gift(her.id)
    page = requests.get(link, timeout=20)
    assert page.ok
    assert EMAIL.lower() not in page.text.lower()
    assert NAME not in page.text
    listed = requests.get(f"{link.partition('?')[0]}/gifts.csv", timeout=20)
    assert listed.ok
    assert len(listed.content.splitlines()) == 1  # the headings alone
    assert run(both.settings, *ERASE, "--email", EMAIL)[0] == FOUND  # nothing is left to erase


def test_an_erasing_is_told_in_both_languages(settings: Settings, ledger: Ledger, run: Run) -> None:
    """What went and what stayed, why and until when; and where else to look."""
    her_gift(ledger, created_at=NOW.replace(year=2020))
    code, told = run(settings, *ERASE, "--email", EMAIL)
    assert code == DONE
    assert "已清除的个人信息 / Personal data" in told
    assert "依法" not in told  # there is no receipt
    assert "属于账目" not in told
    assert "账目的一部分" in told
    assert "A rebuild fetches the names" in told


def test_a_gift_without_an_address_is_named_by_its_id(
    settings: Settings, ledger: Ledger, rows: Rows, run: Run
) -> None:
    """Offline gifts have none, often; one that has is found by it, with all the others."""
    long_ago = NOW.replace(year=2020)
    gift = her_gift(ledger, email="", created_at=long_ago)
    with_address = her_gift(ledger, created_at=long_ago)
    assert run(settings, *ERASE, "--gift", "gift_unknown")[0] == FOUND
    assert run(settings, *ERASE, "--email", "nobody@example.org")[0] == FOUND
    code, told = run(settings, *ERASE, "--gift", with_address.id)
    assert (code, "--email" in told) == (FOUND, True)
    assert run(settings, *ERASE, "--gift", gift.id)[0] == DONE
    assert rows("SELECT id FROM gifts WHERE name <> ''") == [(with_address.id,)]


def test_donor_data_is_a_file_for_its_owner_alone(
    settings: Settings, ledger: Ledger, run: Run, tmp_path: Path
) -> None:
    """UTF-8 that a person can read; a file that is there is left, and a bad place is told."""
    her_gift(ledger)
    file = tmp_path / "donor.json"
    words = ("donor-data", "--email", EMAIL, "--into")
    assert run(settings, *words, str(file))[0] == DONE
    assert NAME in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code, told = run(settings, *words, str(file))
    assert (code, str(file) in told) == (FOUND, True)
    code, told = run(settings, *words, str(tmp_path / "no" / "donor.json"))
    assert (code, "No such file" in told) == (WRONG, True)
    assert json.loads(file.read_text(encoding="utf-8"))["tables"]["gifts"]["rows"]


def test_retention_is_run_by_a_schedule(
    settings: Settings, ledger: Ledger, rows: Rows, run: Run
) -> None:
    """It says what went; with nothing to do it says that, and is content."""
    her_gift(ledger, created_at=NOW.replace(year=2020))
    code, told = run(settings, "retention", "--look-only", "--json")
    assert (code, json.loads(told)["erased"]) == (DONE, [{"what": "gifts", "rows_erased": 1}])
    assert left(rows)
    assert run(settings, "retention")[0] == DONE
    assert left(rows) == set()
    code, told = run(settings, "retention")
    assert (code, "Nothing is past its time" in told) == (DONE, True)


def test_the_schedule_of_a_host_sweeps(
    ledger: Ledger, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``handler.retention_scheduled``: how many rows went; nothing is left for a second run."""
    from donations_api import handler

    her_gift(ledger, state=State.EXPIRED, created_at=datetime(2020, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(handler, "_settings", lambda: settings)
    assert handler.retention_scheduled({}, None) >= 1
    assert handler.retention_scheduled({}, None) == 0
