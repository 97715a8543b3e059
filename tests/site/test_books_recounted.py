"""D14: the open books counted again in one process: what each page has to say."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.site.recount import NONE, Look, figures, ledger, look, row, sheet, wanted

__all__ = ["look"]  # the fixture


def test_without_books_nothing_is_wanted(look: Look) -> None:
    """And where no page shows them, nothing either."""
    assert look() == []
    ledger(row(received=100))
    assert look({"transparency": "<p data-written-in='en'></p>"}) == []
    assert len(look()) == 11
    assert look({"transparency": NONE}) == []


def test_each_figure_of_a_month_is_wanted(look: Look) -> None:
    """As it moves the balance; what is nothing is left out, but for the four that are always."""
    ledger(
        row(received=1000, returned=100, disputed=50, fees=20, exchanged=7, corrected=-3),
        row(fund="lamp", received=200, exchanged=-50),
        row(fund="lamp", currency="JPY", received=200),
    )
    sheet("2026-11-03,roof,CNY,0.40")
    assert wanted(look()) == {
        **figures("2026-11/roof/CNY", opening="0.00", received="10.00", returned="-1.00"),
        **figures("2026-11/roof/CNY", disputed="-0.50", fees="-0.20", exchanged="0.07"),
        **figures("2026-11/roof/CNY", corrected="-0.03", spent="-0.40", balance="7.94"),
        **figures("2026-11/lamp/CNY", opening="0.00", received="2.00", exchanged="-0.50"),
        **figures("2026-11/lamp/CNY", spent="0.00", balance="1.50"),
        **figures("2026-11/lamp/JPY", opening="0", received="200", spent="0", balance="200"),
        **figures("2026-11/CNY", opening="0.00", came="12.07", went="2.63", balance="9.44"),
        **figures("2026-11/JPY", opening="0", came="200", went="0", balance="200"),
        **figures("*/CNY", came="12.07", went="2.63", balance="9.44"),
        **figures("*/JPY", came="200", went="0", balance="200"),
        **figures("*/roof/CNY", came="10.07", went="2.13", balance="7.94"),
        **figures("*/lamp/CNY", came="2.00", went="0.50", balance="1.50"),
    }


def test_a_month_begins_with_what_was_left(look: Look) -> None:
    """Also when nothing moved in it; once nothing is left, a fund is told of no more."""
    ledger(row("2026-09", received=100), row("2026-11", "lamp", received=5), row("2026-08", "lamp"))
    sheet("2026-11-01,roof,CNY,1", "2026-12-01,lamp,CNY,0.05", "2027-01-01,lamp,CNY,0.01")
    found = wanted(look())
    assert {name: right for name, right in found.items() if "roof" in name} == {
        **figures(
            "2026-09/roof/CNY", opening="0.00", received="1.00", spent="0.00", balance="1.00"
        ),
        **figures(
            "2026-11/roof/CNY", opening="1.00", received="0.00", spent="-1.00", balance="0.00"
        ),
        **figures("*/roof/CNY", came="1.00", went="1.00", balance="0.00"),
    }
    # A month is one in which something moved somewhere.
    assert sorted({name[:7] for name in found if name[0] != "*"}) == [
        *("2026-08", "2026-09", "2026-11", "2026-12", "2027-01"),
    ]
    assert {name: right for name, right in found.items() if name.startswith("2027")} == {
        **figures("2027-01/lamp/CNY", opening="0.00", received="0.00", spent="-0.01"),
        **figures("2027-01/lamp/CNY", balance="-0.01"),
        **figures("2027-01/CNY", opening="0.00", came="0.00", went="0.01", balance="-0.01"),
    }
    assert found["2026-12/CNY/opening"] == "0.05"
    assert found["2026-11/CNY/balance"] == "0.05"
    ledger(row("2026-09", received=100), row("2026-11", "lamp", received=5))
    Path("data/spending.csv").unlink()
    still = wanted(look())
    assert figures("2026-11/roof/CNY", opening="1.00", balance="1.00").items() <= still.items()
    assert still["2026-11/CNY/balance"] == "1.05"


def test_a_month_of_all_funds_begins_with_what_each_had(look: Look) -> None:
    """In a currency; what another has is no part of it."""
    ledger(
        row("2026-10", received=100),
        row("2026-10", "lamp", received=20),
        row("2026-10", "lamp", "JPY", received=7),
        row(received=1),
    )
    found = wanted(look())
    assert (found["2026-11/CNY/opening"], found["2026-11/CNY/balance"]) == ("1.20", "1.21")
    assert found["2026-11/JPY/opening"] == "7"


def test_what_is_told_twice_counts_twice(look: Look) -> None:
    """A ledger that the build would refuse is no reason to count less."""
    ledger(row(received=1, fees=2), row(received=10, fees=20))
    found = wanted(look())
    assert (found["2026-11/roof/CNY/received"], found["2026-11/roof/CNY/fees"]) == ("0.11", "-0.22")


SHEETS: dict[str, tuple[str, str, str]] = {
    "in English": ("Date, fund ,CURRENCY,amount", "2026-11-03, roof , cny ,4.5", "-4.50"),
    "in Chinese": ("日期,金额,币种,项目,用途", "2026年11月3日,￥4.5,CNY,roof,瓦", "-4.50"),
    "in another order": (
        "amount,x,currency,date,fund",
        '"1,234.5",,CNY,2026/11/3,roof',
        "-1234.50",
    ),
    "with blank lines": ("date,fund,currency,amount", ",,,\n2026-11-03,roof,CNY,1\n , ,,", "-1.00"),
    "more than one": (
        "date,fund,currency,amount",
        "2026-11-03,roof,CNY,1\n2026-11-04,roof,CNY,2",
        "-3.00",
    ),
    "with a part of a cent": ("date,fund,currency,amount", "2026-11-03,roof,CNY,1.009", "-1.01"),
    "over two lines": ('date,"fund",currency,amount,x', '2026-11-03,roof,CNY,1,"a\nb"', "-1.00"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_what_was_spent_is_read(look: Look, name: str) -> None:
    """In each way that the sheet may be written."""
    head, lines, spent = SHEETS[name]
    for encoding in ("utf-8-sig", "utf-8", "gb18030"):
        sheet(lines, head=head, encoding=encoding)
        assert wanted(look())["2026-11/roof/CNY/spent"] == spent
    file = Path("data/spending.csv")
    if "two lines" not in name:
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r"))
        assert wanted(look())["2026-11/roof/CNY/spent"] == spent


def test_other_months_and_currencies_of_the_sheet(look: Look) -> None:
    """A month of one digit, a currency without cents, an empty sheet."""
    sheet("2026-1-3,roof,JPY,40")
    assert wanted(look())["2026-01/roof/JPY/spent"] == "-40"
    Path("data/spending.csv").write_bytes(b"")
    assert look() == []


def test_a_workbook_goes_before_a_table(look: Look) -> None:
    """Its first sheet, with dates and numbers as spreadsheets have them."""
    sheet("2026-11-03,roof,CNY,9")
    with xlsxwriter.Workbook("data/spending.xlsx") as workbook:
        one, other = workbook.add_worksheet(), workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        for page in (one, other):
            page.write_row(0, 0, ["date", "fund", "currency", "amount"])
            page.write_datetime(1, 0, date(2026, 11, 3), day)
        one.write_row(1, 1, ["roof", "CNY", 40.5])
        other.write_row(1, 1, ["roof", "CNY", 7])
    assert wanted(look())["2026-11/roof/CNY/spent"] == "-40.50"
