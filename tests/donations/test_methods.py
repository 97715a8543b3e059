"""What a payment costs, and which ways to pay fit: exact, and as Stripe has it."""

import random
import shutil
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from donations_api.currencies import Currency
from donations_api.errors import FileWrong
from donations_api.giving import load_giving
from donations_api.methods import METHODS, fitting
from donations_api.money import AmountUnreadable, Money, parse_amount
from tests.donations.running import CONTENT

CURRENCIES = load_giving(CONTENT).currencies


def left_of(total: int, currency: Currency) -> int:
    """What is left of ``total`` minor units, reckoned in another way than the program does."""
    share = Decimal(total) * currency.fee_points / 10_000
    return total - int(share.quantize(Decimal(1), ROUND_HALF_UP)) - currency.fee_fixed


@pytest.mark.parametrize("currency", CURRENCIES, ids=lambda one: str(one.code))
def test_the_cover_is_exact_and_the_smallest(currency: Currency) -> None:
    """10,000 random gifts: with the cover the gift is left, with one unit less it is not."""
    chance = random.Random(f"cover {currency.code}")  # noqa: S311  # to be replayed
    for _ in range(10_000):
        gift = chance.randint(currency.smallest.minor, currency.largest.minor)
        cover = currency.fee_cover(Money(gift, currency.code))
        assert cover.currency == currency.code
        assert left_of(gift + cover.minor, currency) >= gift
        assert left_of(gift + cover.minor - 1, currency) < gift


@pytest.mark.parametrize(
    ("currency", "frequency", "offered", "once_only", "other_currency"),
    [
        ("CNY", "once", ["card", "alipay", "wechat_pay"], [], []),
        ("CNY", "monthly", ["card"], ["alipay", "wechat_pay"], []),
        ("CNY", "reminder", ["card", "alipay", "wechat_pay"], [], []),
        ("GBP", "monthly", ["card", "bacs_debit"], ["alipay", "wechat_pay"], []),
        ("CHF", "once", ["card"], [], ["alipay", "wechat_pay"]),
    ],
)
def test_what_fits_is_offered_and_the_rest_has_its_reason(
    currency: str,
    frequency: str,
    offered: list[str],
    once_only: list[str],
    other_currency: list[str],
) -> None:
    fit = fitting(list(METHODS), currency, frequency)
    assert [one.key for one in fit.offered] == offered
    assert [one.key for one in fit.once_only] == once_only
    assert [one.key for one in fit.other_currency] == other_currency


@pytest.mark.parametrize(
    ("file", "old", "new", "message", "where"),
    [
        ("organisation", '"alipay", ', '"alypay", ', "file.one_of", "recipient[1].methods"),
        ("organisation", 'methods = ["card"', 'methods = "card" # [', "file.one_of", "methods"),
        ("donations", 'fee.percent = "2.90"', 'fee.percent = "29"', "file.fee", "fee.percent"),
        ("donations", 'fee.percent = "2.90"', 'fee.percent = "a"', "file.fee", "fee.percent"),
        ("donations", 'fee.fixed = "2.00"', 'fee.fixed = "2.005"', "file.amount", "fee.fixed"),
        ("donations", 'fee.fixed = "2.00"', "", "file.fee", "currency[1].fee"),
    ],
)
def test_a_slip_in_the_files_is_said_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, message: str, where: str
) -> None:
    content = shutil.copytree(CONTENT, tmp_path / "content")
    toml = content / f"{file}.toml"
    text = toml.read_text("utf-8")
    assert old in text
    toml.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(FileWrong) as caught:
        load_giving(content)
    assert caught.value.message == message
    assert caught.value.values["file"] == str(toml)
    assert where in caught.value.values["where"]


def test_a_recipient_that_says_nothing_takes_cards(tmp_path: Path) -> None:
    content = shutil.copytree(CONTENT, tmp_path / "content")
    toml = content / "organisation.toml"
    lines = [
        line for line in toml.read_text("utf-8").splitlines() if not line.startswith("methods")
    ]
    toml.write_text("\n".join(lines), "utf-8")
    assert load_giving(content).recipients[0].methods == ("card",)


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("HK$200", "HKD"),
        ("200港元", "HKD"),
        ("200 港币", "HKD"),
        ("US$ 200", "USD"),
        ("200美元", "USD"),
        ("200美金", "USD"),
        ("$200", "USD"),
        ("$200", "CAD"),
        ("200 dollars", "AUD"),
        ("A$200", "AUD"),
        ("AU$200", "AUD"),
        ("200澳元", "AUD"),
        ("C$200", "CAD"),
        ("CA$200", "CAD"),
        ("200加元", "CAD"),
        ("€200", "EUR"),
        ("200 euros", "EUR"),
        ("200欧元", "EUR"),
    ],
)
def test_each_currencys_own_marks_are_understood(typed: str, currency: str) -> None:
    assert parse_amount(typed, currency) == Money(20000, currency)


@pytest.mark.parametrize(
    ("typed", "currency"), [("HK$200", "USD"), ("US$200", "HKD"), ("200欧元", "GBP"), ("€2", "USD")]
)
def test_another_currencys_mark_is_refused(typed: str, currency: str) -> None:
    """Rather than charged in the wrong one."""
    with pytest.raises(AmountUnreadable) as caught:
        parse_amount(typed, currency)
    assert caught.value.reason == "other_currency"
