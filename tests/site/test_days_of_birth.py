"""C6: the day on which a child was born is found; that of a grown-up or of a house is not."""

from datetime import date

import pytest

from plugins.identifying import birthdays
from plugins.identifying.sentences import Sentences

TODAY = date(2026, 6, 1)


def found(text: str, today: date = TODAY) -> list[str]:
    """The days, with a question mark where a person has to look."""
    told = []
    for said, start, end, certain in birthdays.find(text, Sentences(text), today):
        assert text[start:end] == said
        assert type(certain) is bool
        told.append(said if certain else f"{said} ?")
    return told


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("小明生于2014年5月6日，爱笑。", "2014年5月6日"),
        ("出生日期:2014-05-06", "2014-05-06"),
        ("生日是 2013.11.3", "2013.11.3"),
        ("他出生于二〇一四年五月六日。", "二〇一四年五月六日"),
        ("她二〇一四年十二月三十一日出生。", "二〇一四年十二月三十一日"),
        ("那天是2015年1月1日生", "2015年1月1日"),
        ("2015年1月1日生效", ""),
        ("她2014年5月6日在示例市出生。", "2014年5月6日"),
        ("2014年5月6日(农历四月初八)出生", "2014年5月6日"),
        ("2014年5月6日在示例市发生了地震", ""),
        ("2014年5月6日,在示例市出生的孩子", ""),
        ("出生:20140506", "20140506"),
        ("出生:201405061", ""),
        ("出生:20141306", ""),
        ("He was born in Sample City on 6 May 2014.", "6 May 2014"),
        ("born on the 6th of May 2014", "6th of May 2014"),
        ("born on Tuesday 6 May 2014", "6 May 2014"),
        ("Many were born in Sample City. 6 May 2014 was a holiday.", ""),
        ("2015年1月1日开馆", ""),
        ("She was born on 6 May 2014.", "6 May 2014"),
        ("Born: May 6, 2014", "May 6, 2014"),
        ("DOB 2014-05-06", "2014-05-06"),
        ("他的DOB:2014-05-06", "2014-05-06"),
        ("reborn on 6 May 2014", ""),
        ("births: 6 May 2014", ""),
        ("date of birth: 06/05/2014", "06/05/2014"),
        ("The shelter opened on 6 May 2014.", ""),
        ("DOB 6 May 14", "6 May 14"),
        ("DOB: May 6, '14", "May 6, '14"),
        ("Date of birth: 06/05/14", "06/05/14"),
        ("DOB 6 May 14:00", ""),
        ("DOB 6 May 90", ""),
        ("DOB 6 May 07", ""),
        ("DOB 6 May 08", "6 May 08"),
        ("DOB 6 May 26", "6 May 26"),
        ("DOB 6 May 27", ""),
        ("born 6 May 14 years ago", ""),
        ("出生日期:14年5月6日", "14年5月6日"),
        ("出生日期:14-05-06", "14-05-06"),
        ("他2014年5月6日诞生", "2014年5月6日"),
        ("小中心里的他2014年5月6日诞生", "2014年5月6日"),
        ("她生于农历二〇一四年五月初六", "农历二〇一四年五月初六"),
        ("她2014年农历五月廿六出生", "2014年农历五月廿六"),
        ("他生于农历一九八四年五月初六", ""),
        ("正月初五生意开张", ""),
        ("农历五月初五是端午", ""),
    ],
)
def test_a_day_of_birth_is_found_as_people_write_it(text: str, day: str) -> None:
    """In digits and in Chinese, before and behind its word, in both languages."""
    assert found(text) == ([day] if day else [])


@pytest.mark.parametrize(
    ("year", "today", "is_minor"),
    [
        (2014, TODAY, True),
        (2008, TODAY, True),
        (2007, TODAY, False),
        (1966, TODAY, False),
        (2008, date(2026, 12, 31), True),
        (2008, date(2027, 1, 1), False),
        (1950, date.min, True),
        (2026, TODAY, True),
    ],
)
def test_who_may_still_be_a_minor_is_one(year: int, today: date, is_minor: bool) -> None:
    """Until the end of the year in which somebody comes of age: none is missed by a day."""
    day = f"{year}年5月6日"
    assert found(f"他生于{day}。", today) == ([day] if is_minor else [])
    han = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    assert bool(found(f"他生于{han}年五月六日。", today)) is is_minor


@pytest.mark.parametrize(
    "text",
    [
        "我们的生日是2014年5月6日。",
        "中心生日:2014年5月6日",
        "项目是2014年5月6日诞生的。",
        "Our birthday is 6 May 2014.",
        "The charity's birthday is 6 May 2014.",
        "Our first birthday: 6 May 2014",
        "2014年5月6日诞生的第一家中心,收留了他",
        "2014年5月6日诞生的第一家中心收留了他",
        "中心于2014年5月6日诞生。",
        "2014年5月6日诞生了我们的项目",
        "The charity turned 12 on 6 May 2026.",
        "On 6 May 2026 we turned 12 rooms into one.",
        "中心在2026年5月6日过了十二岁生日。",
        "截至2026年5月6日满6周岁的孩子",
    ],
)
def test_a_day_of_something_is_nobodys(text: str) -> None:
    """An organisation is founded and has birthdays, as everybody may know."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Xiaoming turned 12 on 6 May 2026.", "6 May 2026 ?"),
        ("She will turn twelve on May 6, 2026.", "May 6, 2026"),
        ("On 6 May 2026 he turned 12.", "6 May 2026"),
        ("She turned 12 on 6 May 2019.", ""),
        ("She turned 12 on 6 May 2020.", "6 May 2020"),
        ("She turned 1 on 6 May 2026.", "6 May 2026"),
        ("She turned 18 on 6 May 2026.", ""),
        ("She turned forty on 6 May 2026.", ""),
        ("2026年5月6日,他刚满12岁。", "2026年5月6日"),
        ("她在2026年5月6日过了十二岁生日。", "2026年5月6日"),
        ("她在2026年5月6日过了四十岁生日。", ""),
        ("小明是农历五月初六出生的。", "农历五月初六 ?"),
        ("农历生日:腊月廿三", "腊月廿三 ?"),
        ("甲午年五月十六生", "甲午年五月十六 ?"),
        ("老师是农历五月初六出生的。", ""),
    ],
)
def test_a_day_that_tells_it_is_found(text: str, day: str) -> None:
    """Of coming to an age, or in the old calendar; a person looks where it may be no child's."""
    assert found(text) == ([day] if day else [])


def test_two_digits_are_the_last_year_that_they_may_mean() -> None:
    """Whichever day it is."""
    assert found("DOB 6 May 27", date(1945, 1, 1)) == ["6 May 27"]
    assert found("DOB 6 May 26", date(1945, 1, 1)) == []


def test_whose_day_it_is_stands_right_before_it() -> None:
    """What stands behind, or earlier in the text, speaks of something else."""
    assert found("生日是2014年5月6日，学校") == ["2014年5月6日"]
    assert found("学校里的她生日是2014年5月6日。") == ["2014年5月6日"]


def test_days_are_told_in_the_order_of_their_patterns() -> None:
    """Several in a text are several findings."""
    text = "甲生于2014年5月6日。乙2015年1月2日出生。She was born on 6 May 2013."
    assert found(text) == ["2014年5月6日", "2015年1月2日", "6 May 2013"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("小红11岁，生日是5月6日。", "5月6日 ?"),
        ("她今年九岁。生日是十二月三十一日。", ""),
        ("开学了。小红11岁，生日:五月六号", "五月六号 ?"),
        ("老校长的生日是5月6日。", ""),
        ("小红11岁，5月6日来过。", ""),
    ],
)
def test_a_day_without_its_year_counts_beside_an_age(text: str, day: str) -> None:
    """In the same sentence; a person looks, for the two may be of different people."""
    assert found(text) == ([day] if day else [])
