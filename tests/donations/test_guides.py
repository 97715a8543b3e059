"""Each command in the treasurer's guide is run as it stands there, in its order."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from donations_api import cli
from donations_api.commands import DONE, FOUND
from donations_api.settings import ROOT
from tests.donations.guards import Rows
from tests.donations.recipients import content_with_both
from tests.donations.running import Rig, rig

STATEMENT = """交易日期,收入金额,支出金额,对方户名,对方账号,摘要,附言,交易流水号
{day},100.00,,张伟,6217000000000001,转账,,A0002
{day},,35.00,银行,,手续费,,A0004
{day},12.34,,,,结息,,A0005
"""

# What is for a person to look at: open lines, and what the tickets' file could not know.
LEAVES_SOMETHING = ("import-statement", "bank-lines")


@pytest.fixture
def charity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A portal beside its Stripe, with a recipient in China and one in the UK, and two gifts."""
    with rig(tmp_path, content=content_with_both(tmp_path)) as both:
        both.paid(name="张伟", email="zhang@example.org", recipient="house")
        ann = {"name": "Ann Lee", "email": "ann@example.org", "language": "en"}
        both.paid(**ann, currency="GBP", amount="25", recipient="uk")
        both.deliveries.deliver_due()
        # Commands read the environment; the content of this test lies elsewhere.
        settings = replace(both.settings)
        monkeypatch.setattr(cli, "Settings", SimpleNamespace(from_environ=lambda _: settings))
        work = tmp_path / "work"
        (work / "content" / "data").mkdir(parents=True)
        monkeypatch.chdir(work)
        yield both


def commands_in(guide: Path) -> list[list[str]]:
    """The words of each command, lines that are continued put together."""
    text = re.sub(r"\\\n\s+", "", guide.read_text(encoding="utf-8"))
    lines = re.findall(r"^    python -m donations_api (.+)$", text, re.MULTILINE)
    return [shlex.split(line) for line in lines]


def of_today(word: str, lines: list[str]) -> str:
    """A word of the guide, with this year's numbers, today's month and the line that is meant."""
    today: date = datetime.now(UTC).date()
    word = re.sub(r"^2026-11-\d\d$", f"{today - timedelta(days=1)}", word)
    word = re.sub(r"^2026-11$", f"{today:%Y-%m}", word)
    word = re.sub(r"^(XX|UK)-2026-", rf"\1-{today.year}-", word)
    word = word.replace("2026-01-01", f"{today.year}-01-01").replace("2026-12", f"{today.year}-12")
    if word == "2026":
        return str(today.year)
    if found := re.fullmatch(r"bankline_(\d)", word):
        return lines[int(found[1]) - 1]
    return word


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_command_of_the_guide_does_its_work(
    charity: Rig, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it is typed there, with the numbers of these books."""
    rows = Rows(charity.settings.database_url)
    day = f"{datetime.now(UTC).date() - timedelta(days=1)}"
    Path("statement.csv").write_bytes(STATEMENT.format(day=day).encode("gb18030"))
    Path("tickets.csv").write_text(
        f"receipt,ticket,date\nXX-{day[:4]}-000001,6100012345,{day}\n", "utf-8"
    )
    commands = commands_in(ROOT / "docs" / f"treasurer.{language}.md")
    assert len(commands) > 25
    for words in commands:
        lines = [
            line for (line,) in rows("SELECT id FROM bank_lines ORDER BY payer = '', row_number")
        ]
        code = cli.main([of_today(word, lines) for word in words])
        said = capsys.readouterr()
        wanted = FOUND if words[0] in LEAVES_SOMETHING else DONE
        assert code == wanted, (words, said.out, said.err)
    for file in ("receipt.pdf", "wanted.csv", "gifts.xlsx", "entries.csv", "zhao.json"):
        assert Path(file).stat().st_size > 0
    assert Path("content/data/ledger.json").exists()


def test_both_guides_have_the_same_commands() -> None:
    """What one reader can do, so can the other."""
    zh, en = (commands_in(ROOT / "docs" / f"treasurer.{one}.md") for one in ("zh", "en"))
    assert [words[0] for words in zh] == [words[0] for words in en]
