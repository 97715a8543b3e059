"""How templates write money: as one says it, and as one reads it in a column."""

import pytest

from donations_api.filters import FILTERS
from donations_api.frame import EN, Language
from donations_api.money import Money

ZH = Language("zh", "zh-Hans", "简体中文", "", "zh_Hans_CN")


@pytest.mark.parametrize(
    ("minor", "chinese", "english"),
    [
        (66_12, "¥66.12", "CN¥66.12"),
        (942_64, "¥943", "CN¥943"),
        (-942_64, "-¥943", "-CN¥943"),
        (1_603_26, "¥1603", "CN¥1.6K"),
        (12_440_00, "¥1.2万", "CN¥12.4K"),
    ],
)
def test_about_is_never_to_the_cent(minor: int, chinese: str, english: str) -> None:
    """But for small sums, which have hardly anything else."""
    amount = Money(minor, "CNY")
    assert FILTERS["about"]({"language": ZH}, amount) == chinese
    assert FILTERS["about"]({"language": EN}, amount) == english


def test_what_went_has_a_minus_that_is_seen() -> None:
    """A sign as wide as a digit, and no hyphen."""
    assert FILTERS["figure"]({"language": EN}, Money(-1_066_12, "CNY")) == "−1,066.12"
