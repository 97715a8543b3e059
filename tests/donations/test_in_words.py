"""Amounts in words: what is written is read back by readers that know nothing of the writer."""

import re
import tomllib

import pytest
from babel.numbers import get_currency_precision
from hypothesis import example, given, settings
from hypothesis import strategies as st

from donations_api.in_words import in_words
from donations_api.money import Money
from tests.donations.running import CONTENT

DONATIONS = tomllib.loads((CONTENT / "donations.toml").read_text("utf-8"))
CODES = [one["code"] for one in DONATIONS["currency"]]

amounts = st.builds(
    Money,
    # From one to ten digits alike, so that short gaps and long ones come.
    st.integers(1, 10).flatmap(lambda digits: st.integers(1, 10**digits - 1)),
    st.sampled_from(CODES),
)

CAPITALS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}
UNITS = {
    "CNY": "人民币", "HKD": "港币", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "AUD": "澳元",
    "CAD": "加元", "JPY": "日元",
}  # fmt: skip


def read_capitals(text: str) -> int:
    total = section = digit = 0
    for sign in text:
        if sign in CAPITALS:
            digit = CAPITALS[sign]
        elif sign in PLACES:
            section += digit * PLACES[sign]
            digit = 0
        else:
            total += (section + digit) * {"万": 10**4, "亿": 10**8}[sign]
            section = digit = 0
    return total + section + digit


def read_chinese(text: str, currency: str) -> int:
    """Minor units of ``currency``."""
    assert text.startswith(UNITS[currency])
    unit = "镑" if currency == "GBP" else "元"
    whole, found, part = text.removeprefix(UNITS[currency]).rpartition(unit)
    minor = read_capitals(whole) * 10 ** get_currency_precision(currency) if found else 0
    part = part.removesuffix("整").removeprefix("零")
    if pence := re.fullmatch("(.+)便士", part):
        return minor + read_capitals(pence[1])
    for sign, worth in re.findall("(.)([角分])", part):
        minor += CAPITALS[sign] * {"角": 10, "分": 1}[worth]
    return minor


# fmt: off
ENGLISH = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}
LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
# fmt: on


def read_english(text: str) -> int:
    """The number alone: what follows the last word of a number is not looked at."""
    total = group = 0
    for word in re.split("[ -]", text):
        if word in ENGLISH:
            group += ENGLISH[word]
        elif word == "hundred":
            group *= 100
        elif word in LARGE:
            total += group * LARGE[word]
            group = 0
    return total + group


SMALL = re.compile(r"(?:^| and )([a-z-]+(?: [a-z-]+)?) (?:fen|cents?|penny|pence)$")


@settings(max_examples=300)
@given(amounts)
@example(Money(9_999_999_999, "CNY"))
@example(Money(9_999_999_999, "JPY"))
@example(Money(1, "CNY"))
def test_words_are_read_back_to_the_same_amount(amount: Money) -> None:
    """In both languages, in every currency that may be given, from 0.01 to 99,999,999.99."""
    assert read_chinese(in_words(amount, "zh"), amount.currency) == amount.minor
    text = in_words(amount, "en")
    small = SMALL.search(text)
    hundredths = read_english(small[1]) if small else 0
    rest = text[: small.start()] if small else text
    scale = 10 ** get_currency_precision(amount.currency)
    assert read_english(rest) * scale + hundredths == amount.minor


@given(amounts)
def test_chinese_words_are_as_a_bill_wants_them(amount: Money) -> None:
    """One 零 for a gap and none before a unit; 整 unless 分 or 便士 follows; never 拾 alone."""
    text = in_words(amount, "zh")
    assert not re.search("零零|零[拾佰仟万亿角分元镑整]", text)
    assert text.endswith("整") != text.endswith(("分", "便士"))
    assert not re.search("(?<![壹贰叁肆伍陆柒捌玖])[拾佰仟]", text)


@pytest.mark.parametrize(
    ("minor", "currency", "chinese", "english"),
    [
        (100005000, "CNY", "人民币壹佰万零伍拾元整", "one million and fifty yuan"),
        (15, "CNY", "人民币壹角伍分", "fifteen fen"),
        (5, "CNY", "人民币伍分", "five fen"),
        (
            123450,
            "CNY",
            "人民币壹仟贰佰叁拾肆元伍角整",
            "one thousand two hundred and thirty-four yuan and fifty fen",
        ),
        (100105, "CNY", "人民币壹仟零壹元零伍分", "one thousand and one yuan and five fen"),
        (1000, "CNY", "人民币壹拾元整", "ten yuan"),
        (10000000000, "CNY", "人民币壹亿元整", "one hundred million yuan"),
        (10500000000, "CNY", "人民币壹亿零伍佰万元整", "one hundred and five million yuan"),
        (1000100000, "CNY", "人民币壹仟万壹仟元整", "ten million one thousand yuan"),
        (0, "CNY", "人民币零元整", "zero yuan"),
        (10000, "USD", "美元壹佰元整", "one hundred US dollars"),
        (101, "USD", "美元壹元零壹分", "one US dollar and one cent"),
        (10005, "GBP", "英镑壹佰镑零伍便士", "one hundred pounds and five pence"),
        (2595, "GBP", "英镑贰拾伍镑玖拾伍便士", "twenty-five pounds and ninety-five pence"),
        (3000, "JPY", "日元叁仟元整", "three thousand yen"),
        (120050, "EUR", "欧元壹仟贰佰元伍角整", "one thousand two hundred euros and fifty cents"),
    ],
)
def test_words_as_a_treasurer_writes_them(
    minor: int, currency: str, chinese: str, english: str
) -> None:
    assert in_words(Money(minor, currency), "zh") == chinese
    assert in_words(Money(minor, currency), "en") == english


def test_a_currency_that_nobody_named_has_no_words() -> None:
    """Better none than wrong ones."""
    assert in_words(Money(100, "XXX"), "zh") == in_words(Money(100, "XXX"), "en") == ""
