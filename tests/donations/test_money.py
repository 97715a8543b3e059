"""Money: what people type, in integer minor units, and what they read."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations_api.money import AmountUnreadable, Money, parse_amount


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("200", "CNY", 20000),
        (" 200 ", "CNY", 20000),
        ("２００", "CNY", 20000),
        ("２００．５０", "CNY", 20050),
        ("200元", "CNY", 20000),
        ("200 块", "CNY", 20000),
        ("人民币200", "CNY", 20000),
        ("¥200", "CNY", 20000),
        ("￥２００", "CNY", 20000),
        ("CNY 200", "CNY", 20000),
        ("rmb200", "CNY", 20000),
        ("1,000", "CNY", 100000),
        ("1，000", "CNY", 100000),
        ("1 000 000", "CNY", 100000000),
        ("1'000.5", "CNY", 100050),
        ("£25", "GBP", 2500),
        ("0.01", "GBP", 1),
        ("3000円", "JPY", 3000),
        ("¥3,000", "JPY", 3000),
        ("3000.00", "JPY", 3000),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, currency: str, minor: int) -> None:
    """Full-width digits, separators, signs, codes and words of the same currency are understood."""
    assert parse_amount(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency", "reason"),
    [
        ("", "CNY", "empty"),
        ("　", "CNY", "empty"),
        ("abc", "CNY", "not_a_number"),
        ("1,00", "CNY", "not_a_number"),
        ("1.2.3", "CNY", "not_a_number"),
        ("1e9", "CNY", "not_a_number"),
        ("0x10", "CNY", "not_a_number"),
        ("9" * 41, "CNY", "not_a_number"),
        ("-5", "CNY", "not_positive"),
        ("−5", "CNY", "not_positive"),
        ("0", "CNY", "not_positive"),
        ("0.00", "CNY", "not_positive"),
        ("1.005", "CNY", "too_precise"),
        ("100.5", "JPY", "too_precise"),
        ("10.000", "GBP", "too_precise"),  # ten thousand to a reader of German
        ("3.000", "JPY", "too_precise"),
        ("£20", "CNY", "other_currency"),
        ("20元", "GBP", "other_currency"),
        ("USD 20", "GBP", "other_currency"),
        ("200日元", "CNY", "other_currency"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(
    typed: str, currency: str, reason: str
) -> None:
    """Nothing is guessed: least of all a currency other than the one that was chosen."""
    with pytest.raises(AmountUnreadable) as caught:
        parse_amount(typed, currency)
    assert caught.value.reason == reason


def test_a_long_text_is_refused_before_it_costs_anything() -> None:
    """Half a megabyte of blanks, as a form may carry, would take a pattern many minutes."""
    began = time.process_time()
    with pytest.raises(AmountUnreadable, match="not_a_number"):
        parse_amount("x" + " " * 500_000 + "y", "CNY")
    assert time.process_time() - began < 1


@given(minor=st.integers(1, 10**12), currency=st.sampled_from(["CNY", "GBP", "JPY", "KWD"]))
def test_an_amount_survives_being_written_and_read(minor: int, currency: str) -> None:
    """Whatever the currency's digits, the decimal form reads back to the same minor units."""
    assert parse_amount(str(Money(minor, currency).decimal), currency) == Money(minor, currency)


@given(typed=st.text(max_size=60))
def test_no_text_breaks_the_reader(typed: str) -> None:
    """Any text is an amount of more than nothing, or refused: there is no third way."""
    with suppress(AmountUnreadable):
        assert parse_amount(typed, "CNY").minor > 0


def test_money_is_shown_as_its_reader_writes_it() -> None:
    """The sign is the reader's: yuan are ¥ in Chinese and CN¥ in English; yen have no cents."""
    assert Money(20050, "CNY").display("zh_Hans_CN") == "¥200.50"
    assert Money(20050, "CNY").display("en_GB") == "CN¥200.50"
    assert Money(3000, "JPY").display("en_GB") == "JP¥3,000"
    assert Money(20000, "CNY").display("zh_Hans_CN", whole=True) == "¥200"
    assert Money(20050, "CNY").display("zh_Hans_CN", whole=True) == "¥200.50"


def test_two_currencies_are_never_added() -> None:
    """A sum of yuan and pounds is an error, not a number."""
    assert Money(1, "CNY") + Money(2, "CNY") == Money(3, "CNY")
    with pytest.raises(ValueError, match="CNY and GBP"):
        Money(1, "CNY") + Money(2, "GBP")


def test_zeros_are_left_out_only_where_a_whole_amount_is_asked_for() -> None:
    """A receipt says ¥200.00; a button, which asks for it, ¥200."""
    assert Money(20000, "CNY").display("zh_Hans_CN") == "¥200.00"
    assert Money(20000, "CNY").display("zh_Hans_CN", whole=False) == "¥200.00"


def test_the_longest_text_that_is_read_has_forty_characters() -> None:
    """Zeros before the amount count for nothing, however many a form has let through."""
    assert parse_amount("200".zfill(40), "CNY") == Money(20000, "CNY")
    with pytest.raises(AmountUnreadable, match="not_a_number"):
        parse_amount("200".zfill(41), "CNY")


@pytest.mark.parametrize("typed", ["200 apples", "about 200", "200 kč", "$¥200"])
def test_a_word_that_is_no_currency_is_not_taken_for_one(typed: str) -> None:
    """The donor is told that it is no amount, not that the amount is in another currency."""
    with pytest.raises(AmountUnreadable) as caught:
        parse_amount(typed, "CNY")
    assert caught.value.reason == "not_a_number"
