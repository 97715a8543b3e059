"""C6: numbers by which a state knows a person are found, and those that are alike are not.

Nobody has these numbers: each is built from a day, zeros, and the check digit that fits.
"""

from operator import mul

import pytest

from plugins.identifying import numbers
from tests.site.findings import seen

NUMBER = "110101201405060000"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check(digits: str) -> str:
    """Seventeen digits and the check sign of GB 11643."""
    total = sum(map(mul, map(int, digits), _WEIGHTS))
    return digits + str((12 - total % 11) % 11).replace("10", "X")


def found(text: str) -> list[str]:
    return seen(text, numbers.find(text))


def certain(*texts: str) -> list[str]:
    return [f"C6.id_number {text}" for text in texts]


@pytest.mark.parametrize("last", range(30))
def test_each_check_sign_is_known(last: int) -> None:
    """The right sign makes a number of eighteen signs one; every other sign makes it none."""
    digits = f"110101201405060{last:02}"
    right = with_check(digits)
    for sign in "0123456789X":
        assert found(digits + sign) == (certain(right) if digits + sign == right else []), sign


@pytest.mark.parametrize(
    ("first", "is_one"),
    [
        *((f"{province:02}010120140506000", True) for province in (11, 15, 21, 23, 31, 37, 41)),
        *((f"{province:02}010120140506000", True) for province in (46, 50, 54, 61, 65, 71, 83)),
        *((f"{province:02}010120140506000", False) for province in (10, 16, 20, 24, 30, 38, 40)),
        *((f"{province:02}010120140506000", False) for province in (47, 55, 60, 66, 70, 72, 84)),
        ("11010119000101000", True),
        ("11010118991231000", False),
        ("11010120991231000", True),
        ("11010121000101000", False),
        ("11010120141231000", True),
        ("11010120141301000", False),
        ("11010120140230000", False),
        ("11010120120229000", True),
    ],
)
def test_province_and_day_of_birth_have_to_exist(first: str, is_one: bool) -> None:
    """Of people born from 1900 to 2099, in what GB/T 2260 lists."""
    number = with_check(first)
    assert found(number) == (certain(number) if is_one else [])


X = "11010120140506006X"
APART = {
    "11010120140506006x": ["11010120140506006x"],
    "110101 20140506 006X": ["110101 20140506 006X"],
    "110101 20140506 006 x": ["110101 20140506 006 x"],
    "110101-20140506-0000": ["110101-20140506-0000"],
    "110101/20140506/0000": ["110101/20140506/0000"],
    "110101  20140506  0000": ["110101  20140506  0000"],
    "110101\n201405060000": ["110101\n201405060000"],
    "110101 2014\n0506 0000": ["110101 2014\n0506 0000"],
    "110101–20140506–0000": ["110101–20140506–0000"],
    "110101\n\n201405060000": [],
    "110101   20140506   0000": [],
    "110101-20140506 0000": [],
    "110101, 20140506, 0000": [],
    f"第{NUMBER}号": [NUMBER],
    f"1{NUMBER}": [],
    f"{NUMBER}1": [],
    f"{NUMBER}；{X}": [NUMBER, X],
    "12345": [],
    "": [],
}


@pytest.mark.parametrize("text", APART)
def test_a_number_may_be_set_apart_by_signs_of_one_kind(text: str) -> None:
    """Two kinds of signs part several numbers, three of a sign as well."""
    assert found(text) == certain(*APART[text])


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("110101140506000", True),
        ("110101 140506 000", True),
        ("110101-140506-000", True),
        ("110101-140506 000", False),
        ("160101140506000", False),
        ("110101141306000", False),
        ("110101000229000", False),
        ("110101040229000", True),
        ("0.110101140506000", False),
        ("1101011405060001", False),
    ],
)
def test_fifteen_digits_may_be_one(text: str, is_one: bool) -> None:
    """They have no check sign: a person looks at them. They are of people born in 19xx."""
    assert found(text) == ([f"C6.id_number {text} ?"] if is_one else [])


CARDS = {
    "A123456(3)": True,
    "AB123456(9)": True,
    "Z987654(6)": True,
    "WX123456(9)": True,
    "A100004(A)": True,
    "A123456 (3)": True,
    "A123456(4)": False,
    "A123456(A)": False,
    "A100004(0)": False,
    "AB123456(3)": False,
    "BA123456(9)": False,
    "A123465(3)": False,
    "A123456789": True,
    "B123456780": True,
    "I123456781": True,
    "O287654328": True,
    "Z100000002": True,
    "W200000003": True,
    "A123456788": False,
    "B123456789": False,
    "A132456789": False,
    "I123456780": False,
    "A323456789": False,
}


@pytest.mark.parametrize("card", CARDS)
def test_cards_of_hong_kong_and_taiwan_are_checked(card: str) -> None:
    """Each letter and each digit has its weight."""
    text = f"号码 {card}。"
    assert found(text) == (certain(card) if CARDS[card] else [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("看 219-09-9999 吧", "219-09-9999"),
        ("000-12-3456", ""),
        ("666-12-3456", ""),
        ("900-12-3456", ""),
        ("219-00-9999", ""),
        ("219-09-0000", ""),
        ("看 AA 12 34 56 A 吧", "AA 12 34 56 A"),
        ("AA123456D", "AA123456D"),
        ("AA123456E", ""),
        ("BG123456A", ""),
    ],
)
def test_numbers_without_a_check_digit_are_for_a_person_to_look_at(text: str, number: str) -> None:
    """Those of the US and the UK."""
    assert found(text) == ([f"C6.id_number {number} ?"] if number else [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("学籍号：G110101201405060001", "G110101201405060001"),
        ("护照号码是E12345678", "E12345678"),
        ("His passport number is E12345678.", "E12345678"),
        ("ID card: 1234567", "1234567"),
        ("NHS number 943 476 5919", "943 476 5919"),
        ("残疾证 1234567", "1234567"),
        ("证件号 123456", ""),
        ("ID: 123456", ""),
    ],
)
def test_what_a_label_says_is_one_is_one(text: str, number: str) -> None:
    """Right or wrong, in seven digits or more: it tells who is meant."""
    normal = text.replace("：", ":")
    assert found(normal) == (certain(number) if number else [])


def test_a_number_behind_a_label_is_found_once_for_each_reason() -> None:
    """By its label first, then by its check sign."""
    assert found(f"身份证 {NUMBER}") == certain(NUMBER, NUMBER)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("〇零一二三四五六七八九", "00123456789"),
        ("幺壹贰叁肆伍陆柒捌玖零", "11234567890"),
        ("一三八零零一三八零零八打来", "13800138008打来"),
        ("一二三四五六七八九零", "一二三四五六七八九零"),
        ("二〇一四年五月六日", "二〇一四年五月六日"),
    ],
)
def test_a_long_row_of_chinese_digits_is_a_number(text: str, digits: str) -> None:
    """From eleven signs on; a shorter one is a year or a quantity and stays as it is."""
    assert numbers.in_digits(text) == digits
