"""Banks' statements as they are downloaded: each quirk of theirs, and what cannot be read."""

from datetime import date
from pathlib import Path

import pytest

from donations_api.bank_accounts import BankStatementForm, account_named, load_accounts
from donations_api.bank_file import alike, read_statement
from donations_api.errors import Explained, FileWrong
from donations_api.giving import load_giving
from tests.donations.running import CONTENT

ACCOUNTS = load_accounts(CONTENT, load_giving(CONTENT))
CHINESE, ENGLISH = ACCOUNTS
HEADER = "交易日期,收入金额,支出金额,对方户名,对方账号,摘要,附言,交易流水号"
LINE = "2026-11-25,100.00,,张伟,6222020200112233445,转账,捐款K7QM,N001"


def read(text: str | bytes, form: BankStatementForm = CHINESE, encoding: str = "utf-8"):  # type: ignore[no-untyped-def]
    data = text.encode(encoding) if isinstance(text, str) else text
    return read_statement(data, form, "statement.csv")


def only(text: str | bytes, form: BankStatementForm = CHINESE, encoding: str = "utf-8"):  # type: ignore[no-untyped-def]
    found = read(text, form, encoding)
    assert found.bad == ()
    (row,) = found.rows
    return row


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_is_read_in_each_encoding(encoding: str, separator: str, end: str) -> None:
    """Whatever parts the cells and ends the lines; a line of its own above the header."""
    text = f"户名：某某机构 余额\n\n{HEADER}\n{LINE}\n".replace(",", separator).replace("\n", end)
    row = only(text, encoding=encoding)
    assert row.booked_on == date(2026, 11, 25)
    assert (row.amount.minor, row.amount.currency, row.outgoing) == (10000, "CNY", False)
    assert (row.payer, row.payer_account) == ("张伟", "6222020200112233445")
    assert (row.remark, row.reference, row.row) == ("转账 捐款K7QM", "N001", 4)


def test_each_line_may_have_its_own_encoding() -> None:
    """Files that were put together from two programs. 模 in GBK is a right reading in UTF-8 too."""
    lines = [HEADER.encode("gbk"), LINE.encode(), LINE.replace("张伟", "王芳").encode("gbk")]
    lines += [LINE.replace("张伟", "模").replace("转账", "").replace("捐款", "").encode("gbk")]
    found = read(b"\r\n".join(lines))
    assert found.bad == ()
    assert [one.payer for one in found.rows] == ["张伟", "王芳", "模"]


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-25",
        "20261125",
        "2026年11月25日",
        "2026/11/25 08:30:01",
        "２０２６１１２５",
        "2026.11.25",
    ],
)
def test_dates_are_read_as_banks_write_them(written: str) -> None:
    row = only(f"{HEADER}\n{LINE.replace('2026-11-25', written)}")
    assert row.booked_on == date(2026, 11, 25)


def test_what_comes_first_in_a_date_is_declared() -> None:
    """25/11/2026 where days come first; 03/04/2026 is never guessed."""
    header = "Date,Amount,Counterparty,Counterparty account,Description"
    assert only(f"{header}\n25/11/2026,25.00,Ann,1,x", ENGLISH).booked_on == date(2026, 11, 25)
    assert only(f"{header}\n03/04/2026,25.00,Ann,1,x", ENGLISH).booked_on == date(2026, 4, 3)
    (bad,) = read(f"{HEADER}\n{LINE.replace('2026-11-25', '03/04/2026')}").bad
    assert (bad.column, bad.value) == ("交易日期", "03/04/2026")


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ('"1,234.50"', 123450),
        ("１００．５０", 10050),
        ("100\t", 10000),
        ('="100.00"', 10000),
        ("'100.00", 10000),
        ("¥100", 10000),
        ("+100.00", 10000),
    ],
)
def test_amounts_are_read_as_banks_write_them(written: str, minor: int) -> None:
    """Thousands, full-width digits, what keeps Excel from rounding, the currency's sign."""
    assert only(f"{HEADER}\n{LINE.replace('100.00', written)}").amount.minor == minor


@pytest.mark.parametrize(
    ("cells", "minor", "outgoing"),
    [
        (",30.00", 3000, True),
        ("0.00,30.00", 3000, True),
        ("30.00,0.00", 3000, False),
        ("-30.00,", 3000, True),
        (",-30.00", 3000, False),
        ("(30.00),-", 3000, True),
    ],
)
def test_what_leaves_the_account_is_told_from_what_comes(
    cells: str, minor: int, outgoing: bool
) -> None:
    """A credit below zero is taken back, a debit below zero has come back."""
    row = only(f"{HEADER}\n{LINE.replace('100.00,', cells)}")
    assert (row.amount.minor, row.outgoing) == (minor, outgoing)


def test_a_signed_amount_says_where_money_goes() -> None:
    header = "Date,Amount,Counterparty,Counterparty account,Description"
    assert only(f"{header}\n25/11/2026,-25.00,Ann,1,x", ENGLISH).outgoing
    assert only(f"{header}\n25/11/2026,25.00,José,1,x", ENGLISH, "cp1252").payer == "José"


@pytest.mark.parametrize(
    ("line", "column", "value", "message"),
    [
        (LINE.replace("2026-11-25", "2026-13-25"), "交易日期", "2026-13-25", "bank_file.date"),
        (LINE.replace("2026-11-25", "合计"), "交易日期", "合计", "bank_file.date"),
        (LINE.replace("100.00", "壹佰"), "收入金额", "壹佰", "bank_file.amount"),
        (LINE.replace("100.00", "$100"), "收入金额", "$100", "bank_file.amount"),
        (LINE.replace("100.00,", "100.00,7"), "收入金额", "100.00", "bank_file.both"),
        (LINE.replace("100.00", ""), "收入金额", "", "bank_file.no_amount"),
        (LINE.replace("张伟", '"张伟'), "", None, "bank_file.quotes"),
        (LINE + ",谢谢", "", None, "bank_file.cells"),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_read(
    line: str, column: str, value: str | None, message: str
) -> None:
    """With its number, its column, and what stands there."""
    found = read(f"{HEADER}\n{LINE}\n{line}\n{LINE}\n")
    assert [one.row for one in found.rows] == [2, 4]
    (bad,) = found.bad
    assert (bad.row, bad.column, bad.reason.message) == (3, column, message)
    assert bad.value == (line if value is None else value)


def test_signs_that_no_encoding_has_are_told() -> None:
    """A name that is broken is not booked under another one."""
    data = f"{HEADER}\n{LINE}\n".encode("gbk").replace("张伟".encode("gbk"), b"\xff\xff")
    (bad,) = read(data).bad
    assert (bad.row, bad.column, bad.reason.message) == (2, "对方户名", "bank_file.signs")


def test_empty_and_idle_rows_are_passed_over() -> None:
    """Rows of separators, and those in which no money moves."""
    found = read(f"{HEADER}\n,,,,,,,\n{LINE.replace('100.00,', '0.00,0.00')}\n\n")
    assert (found.rows, found.bad) == ((), ())


@pytest.mark.parametrize(
    "data",
    [b"\xd0\xcf\x11\xe0 an old Excel file", b"PK\x03\x04 a new one", b"<html>", b"\xff\xfeD\x00"],
)
def test_what_is_no_csv_file_is_refused_with_a_way_out(data: bytes) -> None:
    with pytest.raises(Explained) as refused:
        read(data)
    assert refused.value.message == "bank_file.not_csv"


def test_a_header_that_is_not_there_is_told_by_its_missing_columns() -> None:
    with pytest.raises(Explained) as refused:
        read(HEADER.replace("附言", "备注") + f"\n{LINE}")
    assert refused.value.values["missing"] == "附言"


def test_names_are_compared_by_every_sign_of_theirs() -> None:
    """Width and blanks do not count; Chinese is never stripped away."""
    assert alike(" ＡＢＣ　有限公司 ") == alike("ABC 有限公司")
    assert alike("张伟") != alike("王芳")
    assert alike("张伟") != alike("张玮")


def test_an_account_that_nobody_declared_is_told_with_those_that_are_there() -> None:
    with pytest.raises(Explained) as refused:
        account_named(ACCOUNTS, "nowhere")
    assert refused.value.values["known"] == "sample-zh, sample-en"


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('recipient = "house"', 'recipient = "nobody"', "account[1].recipient"),
        ('encoding = "gb18030"', 'encoding = "martian"', "account[1].encoding"),
        ('dates = "year"', 'dates = "week"', "account[1].dates"),
        ('currency = "CNY"', 'currency = "CHF"', "account[1].currency"),
        ('debit = "支出金额"', "", "account[1].columns.amount"),
        ('date = "交易日期"', "", "account[1].columns.date"),
        ('name = "sample-en"', 'name = "sample-zh"', "account.name"),
    ],
)
def test_a_wrong_word_in_the_file_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    text = (CONTENT / "bank_statements.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "bank_statements.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(FileWrong) as refused:
        load_accounts(tmp_path, load_giving(CONTENT))
    assert refused.value.values["where"] == where


def test_a_line_without_end_is_no_header_and_no_fault_of_ours() -> None:
    """What another program made may have no line breaks for megabytes."""
    with pytest.raises(Explained) as refused:
        read(b"\0" * 200_000)
    assert refused.value.message == "bank_file.header"
