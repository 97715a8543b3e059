"""The open books: they add up to the entries, and tell of nobody who did not ask to be named."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from donations_api.clerk import Clerk
from donations_api.cli import main
from donations_api.contact_details import contact_detail
from donations_api.entry import Kind
from donations_api.errors import FileWrong
from donations_api.gift import Gift, State
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.month_end import OURS
from donations_api.open_books import Published, publish
from donations_api.records import MESSAGE_DECLINED, MESSAGE_PUBLISHED, Signed
from donations_api.settings import Settings
from tests.donations.guards import Rows
from tests.donations.running import environment_of
from tests.donations.stripe_events import NOW, kept
from tests.donations.test_exports import book

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIER = datetime(2026, 10, 31, 16, tzinfo=UTC)  # the first of November there


def given(ledger: Ledger, **changed: Any) -> Gift:
    gift = kept(ledger, state=State.RECEIVED, **changed)
    book(ledger, gift)
    return gift


def published(ledger: Ledger, folder: Path) -> tuple[Published, Any, Any]:
    found = publish(ledger, folder, SHANGHAI, NOW, demo=True)
    books = [json.loads((folder / f"{name}.json").read_text()) for name in ("ledger", "donors")]
    return found, *books


@pytest.fixture
def decide(ledger: Ledger, giving: Giving, settings: Settings) -> Any:
    def decide(kind: str, gift: Gift, second: int) -> None:
        with ledger.books() as books:
            clerk = Clerk(books, giving, settings, NOW.replace(second=second))
            clerk.act(kind, gift.id, Signed("Wang Fang", "read"), gift.id)
            books.commit()

    return decide


def test_the_figures_add_up_to_the_entries(ledger: Ledger, tmp_path: Path) -> None:
    """Months, funds and currencies together are what the entries say, to the minor unit."""
    for number, (currency, fund) in enumerate([("CNY", "most-needed"), ("GBP", "other")] * 3):
        gift = kept(ledger, state=State.RECEIVED, amount=Money(1001 + number, currency), fund=fund)
        book(ledger, gift, at=NOW if number % 2 else EARLIER)
        book(ledger, gift, Kind.FEE, amount=Money(33, currency))
        if number == 4:
            book(ledger, gift, Kind.REFUND, amount=Money(7, currency))
            book(ledger, gift, Kind.DISPUTE_WITHDRAWN, amount=Money(5, currency))
            book(ledger, gift, Kind.PAYOUT, amount=Money(500, currency))
    _, books, donors = published(ledger, tmp_path)
    assert (books["demo"], books["as_of"], books["time_zone"]) == (
        True,
        "2026-11-23",
        "Asia/Shanghai",
    )
    told: Counter[tuple[str, str]] = Counter()
    for row in books["months"]:
        for figure in ("received", "returned", "disputed", "fees"):
            told[figure, row["currency"]] += row[figure]
    with ledger.reading() as open_ones:
        entries = open_ones.entries()
        balances = open_ones.balances()
    kinds = {
        Kind.GIFT: "received",
        Kind.REFUND: "returned",
        Kind.DISPUTE_WITHDRAWN: "disputed",
        Kind.FEE: "fees",
    }
    wanted: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if entry.kind in kinds:
            wanted[kinds[entry.kind], entry.amount.currency] += entry.amount.minor
    assert +told == wanted
    for currency in ("CNY", "GBP"):
        (last,) = [row for row in books["months"] if row["currency"] == currency][-1:]
        ours = [
            one.amount.minor
            for one in balances
            if one.account in OURS and one.amount.currency == currency
        ]
        assert last["balance"] == sum(ours)
    assert donors["donors"] == []


def test_only_who_asked_is_named(ledger: Ledger, tmp_path: Path) -> None:
    """With the name, month and what was not returned; who got all of it back is left out; no
    address and no id of a gift is in the files.
    """
    given(ledger, name="匿名者", anonymous=True)
    given(ledger, name="李 娜", anonymous=False, message="加油")
    partly = given(ledger, name="Anna", anonymous=False)
    book(ledger, partly, Kind.REFUND, amount=Money(5000, "CNY"))
    fully = given(ledger, name="Back", anonymous=False)
    book(ledger, fully, Kind.REFUND)
    taken = given(ledger, name="Taken", anonymous=False)
    book(ledger, taken, Kind.DISPUTE_WITHDRAWN, amount=Money(1, "CNY"))
    kept(ledger, name="Never", anonymous=False)
    found, _, donors = published(ledger, tmp_path)
    assert [(one["name"], one["amount"], one["message"]) for one in donors["donors"]] == [
        ("Anna", 15000, ""),
        ("李 娜", 20000, ""),
    ]
    assert {one["month"] for one in donors["donors"]} == {"2026-11"}
    assert (found.named, found.withheld) == (2, [])
    for file in ("ledger.json", "donors.json"):
        text = (tmp_path / file).read_text()
        assert not any(word in text for word in ("@", "gift_", "匿名者", "Back", "Taken", "加油"))


def test_a_message_is_read_when_staff_let_it(ledger: Ledger, decide: Any, tmp_path: Path) -> None:
    """The last word on it counts, whichever it is."""
    gift = given(ledger, anonymous=False)

    def message() -> str:
        text: str = published(ledger, tmp_path)[2]["donors"][0]["message"]
        return text

    assert message() == ""
    decide(MESSAGE_PUBLISHED, gift, 1)
    assert message() == "愿孩子们平安"
    decide(MESSAGE_DECLINED, gift, 2)
    assert message() == ""
    decide(MESSAGE_PUBLISHED, gift, 3)
    assert message() == "愿孩子们平安"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_count_that_points_at_somebody_is_kept_back(ledger: Ledger, tmp_path: Path) -> None:
    """Of one or two unnamed donors no number is told, also when those who are named are known."""
    for name in ("Anna", "Ben", "Carl"):
        given(ledger, name=name, anonymous=False)

    def counts() -> tuple[Any, list[Any]]:
        _, books, donors = published(ledger, tmp_path)
        (row,) = books["months"]
        return row["gifts"], [one["gifts"] for one in donors["unnamed"]]

    assert counts() == (3, [])
    given(ledger)
    assert counts() == (None, [None])
    given(ledger)
    assert counts() == (None, [None])
    given(ledger)
    assert counts() == (6, [3])


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_ways_to_reach_somebody_are_kept_back_and_told(
    settings: Settings,
    ledger: Ledger,
    decide: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In a name, or in a message that was let through: the gift is named to staff, exit 1."""
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    assert main(["publish-ledger", "--into", str(tmp_path)]) == 0
    by_name = given(ledger, name="wei@example.org", anonymous=False)
    by_message = given(ledger, name="Anna", anonymous=False, message="微信 138 0013 8000")
    decide(MESSAGE_PUBLISHED, by_message, 1)
    capfd.readouterr()
    assert main(["publish-ledger", "--into", str(tmp_path), "--json"]) == 1
    told = json.loads(capfd.readouterr().out)
    assert {(one["gift"], one["what"], one["why"]) for one in told["withheld"]} == {
        (by_name.id, "name", "email"),
        (by_message.id, "message", "number"),
    }
    donors = json.loads((tmp_path / "donors.json").read_text())
    assert [(one["name"], one["message"]) for one in donors["donors"]] == [("Anna", "")]
    assert main(["publish-ledger", "--into", str(tmp_path / "nowhere" / "at-all")]) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@b.example", "email"),
        ("ａ＠ｂ.example", "email"),
        ("a @ b", "email"),
        ("13800138000", "number"),
        ("+44 20 7946 0000", "number"),
        ("138-0013-8000", "number"),
        ("一三八〇零一三八零零零", "number"),
        ("１３８００１３８０００", "number"),
        ("138\u00ad0013\u200b8000", "number"),
        ("61032419900101123X", "number"),
        ("see www.example.org", "link"),
        ("人民路12号", "address"),
        ("3号楼2单元", "address"),
        ("12b Old Mill Lane", "address"),
        ("第3小学12岁的同学", ""),
        ("12 friends of St Mary", ""),
        ("张伟", ""),
        ("一家三口", ""),
        ("2026-11-23 愿你们平安", ""),
        ("2026年11月23日", ""),
        ("100 for 20 children", ""),
    ],
)
def test_what_counts_as_a_way_to_reach_somebody(text: str, found: str) -> None:
    """Addresses, links and long numbers, however they are written; dates and small figures not."""
    assert contact_detail(text) == found


def test_the_same_books_are_the_same_files(ledger: Ledger, tmp_path: Path) -> None:
    """Byte by byte; and when they cannot be written, what was there stays."""
    for name in ("Ben", "Anna"):
        given(ledger, name=name, anonymous=False)
    published(ledger, tmp_path)
    first = [(tmp_path / f"{name}.json").read_bytes() for name in ("ledger", "donors")]
    published(ledger, tmp_path)
    assert first == [(tmp_path / f"{name}.json").read_bytes() for name in ("ledger", "donors")]
    assert not list(tmp_path.glob(".*"))
    with pytest.raises(FileWrong):
        publish(ledger, tmp_path / "nowhere" / "at-all", SHANGHAI, NOW, demo=True)


@pytest.fixture
def only_reading(settings: Settings, rows: Rows, tmp_path: Path) -> Iterator[Ledger]:
    """The same ledger, with leave to read and no more."""
    if rows.on_sqlite:
        (tmp_path / "donations.db").chmod(0o444)
        yield Ledger(settings.database_url)
        return
    rows("CREATE ROLE reader LOGIN")
    rows("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    yield Ledger(settings.database_url.replace("postgres@", "reader@"))
    rows("DROP OWNED BY reader")
    rows("DROP ROLE reader")


def test_leave_to_read_is_enough(
    ledger: Ledger, rows: Rows, only_reading: Ledger, tmp_path: Path
) -> None:
    """A role that may only SELECT, a file that may only be read, while somebody else writes."""
    given(ledger)
    before = (tmp_path / "donations.db").read_bytes() if rows.on_sqlite else b""
    assert only_reading.ready()
    with ledger.books():
        publish(only_reading, tmp_path, SHANGHAI, NOW, demo=True)
    assert json.loads((tmp_path / "ledger.json").read_text())["months"]
    if rows.on_sqlite:
        assert (tmp_path / "donations.db").read_bytes() == before
