"""Files for the accountant: they fit the books, and no spreadsheet runs what donors typed."""

import csv
import re
import zipfile
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from donations_api import exports
from donations_api.cli import main
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.extracts import Wanted
from donations_api.gift import Gift, State
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.periods import days_of
from donations_api.settings import Settings
from donations_api.spreadsheets import CsvTable
from tests.donations.running import environment_of
from tests.donations.stripe_events import NOW, kept
from tests.exports_bench import HOSTILE, fill, measured


def book(ledger: Ledger, gift: Gift, kind: Kind = Kind.GIFT, **changed: Any) -> None:
    """An entry of ``gift``, all of it unless said otherwise."""
    taken_from, put_into = changed.get("route") or ROUTES[kind]
    moment = changed.get("at", NOW)
    entry = Entry(
        kind,
        gift.id,
        taken_from,
        put_into,
        changed.get("amount", gift.amount),
        gift.fund,
        gift.recipient,
        changed.get("reference", f"{kind}_{gift.id}"),
        "evt_1",
        moment,
        changed.get("booked_at", NOW),
    )
    with ledger.books() as books:
        assert books.post(entry)
        books.commit()


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    return lambda *words: main(list(words))


def read(file: Path) -> list[dict[str, str]]:
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_gifts_as_csv_that_excel_opens(run: Any, ledger: Ledger, tmp_path: Path) -> None:
    """UTF-8 with its mark and CRLF; a row a gift, its day in the recipient's zone, what went back;
    the words in the language that was asked for; what never came is not in it.
    """
    late = datetime.fromisoformat("2026-11-30T17:00:00+00:00")
    first = kept(ledger, state=State.RECEIVED, name="=1+1", dedication="-2")
    second = kept(ledger, state=State.RECEIVED, amount=Money(3000, "JPY"), frequency="monthly")
    kept(ledger)
    kept(ledger, state=State.RECEIVED, amount=Money(0, "XXX"), in_kind="棉衣20件")
    book(ledger, first)
    book(ledger, first, Kind.REFUND, amount=Money(5050, "CNY"))
    book(ledger, second, at=late)
    file = tmp_path / "gifts.csv"
    assert run("export", "gifts", "--into", str(file), "--language", "en") == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfdate,")
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n") == 4
    one, two, three = read(file)
    assert (one["date"], one["amount"], one["returned"]) == ("2026-11-23", "200.00", "50.50")
    assert (one["donor"], one["dedication"]) == ("'=1+1", "'-2")
    assert (one["state"], one["fund"]) == ("Partly refunded", "Where it is needed most")
    assert (two["date"], two["amount"], two["currency"]) == ("2026-12-01", "3000", "JPY")
    assert (three["in kind"], three["amount"]) == ("棉衣20件", "")
    assert file.stat().st_mode & 0o077 == 0


def test_what_is_chosen_is_in_it_alone(run: Any, ledger: Ledger, tmp_path: Path) -> None:
    """A month, days, a fund, a recipient, a currency; the month's days are the recipient's."""
    for at, currency, fund in (
        ("2026-10-31T16:00:00+00:00", "CNY", "most-needed"),
        ("2026-11-30T15:59:59+00:00", "GBP", "most-needed"),
        ("2026-11-30T16:00:00+00:00", "CNY", "other"),
    ):
        gift = kept(ledger, state=State.RECEIVED, amount=Money(100, currency), fund=fund)
        book(ledger, gift, at=datetime.fromisoformat(at))
    file = tmp_path / "out.csv"

    def days(*words: str) -> list[str]:
        for what in ("gifts", "entries"):
            assert run("export", what, "--into", str(file), "--replace", *words) == 0
        return [row["日期"] for row in read(file)]

    assert days("--month", "2026-11") == ["2026-11-01", "2026-11-30"]
    assert days("--from", "2026-11-30") == ["2026-11-30", "2026-12-01"]
    assert days("--to", "2026-11-01") == ["2026-11-01"]
    assert days("--currency", "gbp") == ["2026-11-30"]
    assert days("--fund", "most-needed") == ["2026-11-01", "2026-11-30"]
    assert len(days("--recipient", "house")) == 3


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--month", "2026-13"), "2026-13"),
        (("--month", "２０２６-11"), "２０２６-11"),
        (("--month", "2026-11", "--to", "2026-11-02"), "--from"),
        (("--from", "yesterday"), "yesterday"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "2026-11-02"),
        (("--fund", "nothing"), "most-needed"),
        (("--recipient", "nobody"), "nobody"),
        (("--currency", "XYZ"), "XYZ"),
        (("--language", "xx"), "xx"),
        (("--into", "table.ods"), ".xlsx"),
        (("--into", "/nowhere/table.csv"), "/nowhere/table.csv"),
    ],
)
def test_a_word_that_cannot_be_used_is_told(
    words: tuple[str, ...],
    told: str,
    run: Any,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Exit 2, a line in both languages, and no file."""
    assert run("export", "gifts", "--into", str(tmp_path / "new.csv"), *words) == 2
    line = capfd.readouterr().err
    assert told in line
    assert " / " in line
    assert [one.name for one in tmp_path.iterdir()] == ["donations.db"]


def test_a_file_that_is_there_stays(run: Any, tmp_path: Path) -> None:
    """It is replaced only when that was said."""
    file = tmp_path / "gifts.csv"
    file.write_text("mine")
    assert run("export", "gifts", "--into", str(file)) == 2
    assert file.read_text() == "mine"
    assert run("export", "gifts", "--into", str(file), "--replace") == 0
    assert file.read_bytes() != b"mine"


def test_xlsx_holds_numbers_days_and_texts(run: Any, ledger: Ledger, tmp_path: Path) -> None:
    """Amounts are numbers with their currency's digits, days are days, names are texts; whatever a
    donor typed, there is no formula and no link in it.
    """
    for name in HOSTILE:
        book(ledger, kept(ledger, state=State.RECEIVED, name=name, message=name, dedication=name))
    book(ledger, kept(ledger, state=State.RECEIVED, amount=Money(3000, "JPY")))
    file = tmp_path / "gifts.xlsx"
    assert run("export", "gifts", "--into", str(file)) == 0
    header, *rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    table = [dict(zip(header, row, strict=True)) for row in rows]
    assert {row["捐赠人"] for row in table} == {*HOSTILE, "张伟"}
    assert {(row["金额"], row["币种"]) for row in table} == {(200.0, "CNY"), (3000.0, "JPY")}
    assert {row["日期"] for row in table} == {date(2026, 11, 23)}
    with zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
        assert not any("drawing" in name or "externalLink" in name for name in parts.namelist())
    assert not re.search("<f[ >]|hyperlink", sheet)
    assert re.search('formatCode="0.00"|numFmtId="2"', styles)
    assert re.search('formatCode="0"|numFmtId="1"', styles)


def test_money_stays_a_number_and_text_a_text() -> None:
    """In CSV an amount below zero is a number; a text that begins like one is none."""
    stream = StringIO(newline="")
    hostile = ["=1", "+1", "-5.00", "@x", "\t1", "\r1", "\n1", "＝1", "－1"]
    table = CsvTable(stream)
    table.add([Money(-500, "CNY"), Money(-5, "JPY"), -3, *hostile])
    (row,) = csv.reader(StringIO(stream.getvalue().removeprefix("\ufeff"), newline=""))
    assert row == ["-5.00", "-5", "-3", *(f"'{one}" for one in hostile)]


def test_entries_add_up_to_the_books(run: Any, ledger: Ledger, tmp_path: Path) -> None:
    """Each entry is there once over all pages, also those of one moment."""
    gift = kept(ledger, state=State.RECEIVED)
    with ledger.books() as books:
        for number in range(2 * exports.PAGE + 1):
            books.post(
                Entry(
                    Kind.FEE,
                    gift.id,
                    *ROUTES[Kind.FEE],
                    Money(number + 1, "CNY"),
                    gift.fund,
                    gift.recipient,
                    f"txn_{number}",
                    "txn",
                    NOW + timedelta(seconds=number // 700),
                    NOW,
                )
            )
        books.commit()
    file = tmp_path / "entries.csv"
    assert run("export", "entries", "--into", str(file)) == 0
    found = read(file)
    assert len({row["凭证编号"] for row in found}) == len(found) == 2 * exports.PAGE + 1
    assert {(row["转出账户"], row["转入账户"]) for row in found} == {("Stripe余额", "手续费")}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_memory_does_not_grow_with_the_gifts(settings: Settings, tmp_path: Path) -> None:
    """Five thousand gifts take hardly more than one."""
    peaks = {}
    for what in ("few", "many"):
        if what == "many":
            fill(settings, 5_000)
        for kind in ("csv", "xlsx"):
            file = tmp_path / f"{what}.{kind}"
            peaks[what, kind] = measured(settings, "export", "gifts", "--into", str(file)).peak
    assert len(read(tmp_path / "many.csv")) == 5_000
    for kind in ("csv", "xlsx"):
        assert peaks["many", kind] - peaks["few", kind] < 12_000, peaks


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_who_writes_is_not_held_up(settings: Settings, ledger: Ledger) -> None:
    """While an export stands still between two rows, a gift is booked; it is not in the export."""
    fill(settings, exports.PAGE + 1)
    wanted = Wanted(days_of("", "", ZoneInfo("UTC")))
    walk = exports.walk_gifts(ledger, wanted, NOW)
    next(walk)
    kept(ledger, state=State.RECEIVED)
    late = kept(ledger, state=State.RECEIVED, id="gift_late")
    book(ledger, late, booked_at=NOW + timedelta(seconds=1))
    assert len(list(walk)) == exports.PAGE
