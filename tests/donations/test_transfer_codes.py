"""Codes for bank transfers: what a slip does to one, and how they are read from a bank's remark."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations_api.transfer_codes import LENGTH, SIGNS, codes_in, new_code

CODES = [new_code() for _ in range(60)]
A_CODE = st.builds(new_code)
# What stands around a code: Chinese, marks, and Latin that a blank does not part from it too well.
AROUND = st.text("捐款张伟，。：/*（）", max_size=6)


def test_a_code_is_short_and_unambiguous() -> None:
    """Two groups of four signs, of which none looks like another; each code is a new one."""
    assert len(set(CODES)) == len(CODES)
    assert not set("0O1ILSU") & set(SIGNS)
    for code in CODES:
        first, second = code.split("-")
        assert (len(first), len(second)) == (4, 4)
        assert set(first + second) <= set(SIGNS)
        assert codes_in(code) == (code,)


def test_every_single_wrong_sign_is_noticed() -> None:
    """At each place, each other sign of the alphabet, and each that is not in it."""
    for code in CODES:
        plain = code.replace("-", "")
        for place in range(LENGTH):
            for sign in set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {plain[place]}:
                assert codes_in(plain[:place] + sign + plain[place + 1 :]) == ()


def test_every_swap_of_two_signs_is_noticed() -> None:
    """Of neighbours and of any two."""
    for code in CODES:
        plain = code.replace("-", "")
        for one in range(LENGTH):
            for other in range(one + 1, LENGTH):
                signs = list(plain)
                signs[one], signs[other] = signs[other], signs[one]
                if signs != list(plain):
                    assert codes_in("".join(signs)) == ()


@given(code=A_CODE, before=AROUND, after=AROUND, lower=st.booleans(), wide=st.booleans())
def test_a_code_is_read_however_it_was_typed(
    code: str, before: str, after: str, lower: bool, wide: bool
) -> None:
    """With a hyphen, a blank or nothing, in any case and width, amid Chinese."""
    for gap in ("-", " ", "", " - ", "－", "\u3000", "—"):
        typed = code.replace("-", gap)
        typed = typed.lower() if lower else typed
        if wide:
            typed = "".join(
                chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in typed
            )
        assert codes_in(f"{before}{typed}{after}") == (code,)


@given(st.text("捐款张伟 abc0123789-，", max_size=30))
def test_nothing_is_read_where_no_code_stands(text: str) -> None:
    """What is read stands there, sign by sign, and its checksum is right."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign in SIGNS)
    for code in codes_in(text):
        assert code.replace("-", "") in plain
        assert codes_in(code) == (code,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "捐款",
        "张伟捐款100元",
        "6222020200112233445",
        "转账 20261125 0001",
        "22222222",  # the checksum is right, but a number is no code
        "SEPA-Gutschrift",
        "gift_0f3c9a",
        "捐款K7QM4TX",
    ],
)
def test_other_remarks_have_no_code(text: str) -> None:
    """Account numbers, dates, words, half a code."""
    assert codes_in(text) == ()


def test_a_code_is_no_part_of_a_longer_number_or_word() -> None:
    """A reference of the bank's that holds a code's signs by chance is none."""
    plain = CODES[0].replace("-", "")
    for text in (f"A{plain}", f"{plain}7", f"{plain}{CODES[1].replace('-', '')}"):
        assert codes_in(text) == ()


def test_two_codes_are_both_read() -> None:
    """In their order, each once."""
    one, other = CODES[:2]
    assert codes_in(f"{one}/{other}、{one}") == (one, other)
    assert codes_in(f"GIFT {one} {other}")[0] == one
    assert other in codes_in(f"GIFT {one} {other}")
