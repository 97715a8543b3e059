"""C6, L6: how somebody can be reached is found, but for the organisation's own ways."""

from typing import Any

import pytest

from plugins.identifying import contacts
from plugins.identifying.sentences import Sentences
from tests.site.findings import seen


def found(text: str, known: str = "") -> list[str]:
    return seen(text, contacts.find(text, Sentences(text), known))


REACHED = {
    "手机:13800138001": ["L6.contact 13800138001"],
    "138 0013 8003": ["L6.contact 138 0013 8003"],
    "138–0013—8003": ["L6.contact 138–0013—8003"],
    "138-001-38004": ["L6.contact 138-001-38004"],
    "1380-013-8004": ["L6.contact 1380-013-8004"],
    "1 3 8 0 0 1 3 8 0 0 9": ["L6.contact 1 3 8 0 0 1 3 8 0 0 9"],
    "+86 13800138005": ["L6.contact +86 13800138005"],
    "第13800138001号和13900139001": ["L6.contact 13800138001", "L6.contact 13900139001"],
    "12800138001": [],
    "138001380011": [],
    "0.13800138001": [],
    "13800138001.5": [],
    "孩子妈妈的电话是13800138010。": ["C6.phone 13800138010"],
    "小明的电话是13800138010。": ["C6.phone 13800138010"],
    "9岁,电话13800138010。": ["C6.phone 13800138010"],
    "9岁。电话13800138010。": ["L6.contact 13800138010"],
    "电话13800138010。9岁": ["L6.contact 13800138010"],
    "150 2000 3000": [],
    "电话150 2000 3000": ["L6.contact 150 2000 3000"],
    "他妈妈:150 2000 3000": ["C6.phone 150 2000 3000"],
    "150 2000 3001": ["L6.contact 150 2000 3001"],
    "+86 150 2000 3000": ["L6.contact +86 150 2000 3000"],
    "+86 138 1250 3790 4120": ["L6.contact +86 138 1250 3790"],
    "150-2000-3000": ["L6.contact 150-2000-3000"],
    "138  1250  3790": [],
    "138 1250  3790": [],
    "138 1250 3790 4120": [],
    "138 1250 3790 138 0013 8000": ["L6.contact 138 1250 3790", "L6.contact 138 0013 8000"],
    "手机1380013\n8015": ["L6.contact 1380013\n8015"],
    "电话:138-0013-\n8016": ["L6.contact 138-0013-\n8016"],
    "Call 138\n0013 8018": ["L6.contact 138\n0013 8018"],
    "手机1\n3\n800138018": [],
    "1500\n2000000": [],
    "写信给tester@mail.example": ["L6.contact tester@mail.example"],
    "to first.last+x@sub.mail.example today": ["L6.contact first.last+x@sub.mail.example"],
    "类似name@example.com。": [],
    "name@Example.org": [],
    "name@example.com.cn": ["L6.contact name@example.com.cn"],
    "name@myexample.com": ["L6.contact name@myexample.com"],
    "tester [at] mail.example": ["L6.contact tester [at] mail.example"],
    "a@b.example, c@d.example": ["L6.contact a@b.example", "L6.contact c@d.example"],
    "logo@2x.png": [],
    "电话0917-5550124": ["L6.contact 0917-5550124 ?"],
    "(0917) 555 0124": ["L6.contact (0917) 555 0124 ?"],
    "010-5550124": ["L6.contact 010-5550124 ?"],
    "奶奶家的电话:0917-5550125": ["C6.phone 0917-5550125"],
    "热线0917-5550124": [],
    "派出所。电话0917-5550124": ["L6.contact 0917-5550124 ?"],
    "派出所0917-5550124。电话0917-5550125": ["L6.contact 0917-5550125 ?"],
    "孩子,派出所0917-5550124": ["C6.phone 0917-5550124"],
    "0800-5550124": [],
    "+44 7700 900123": ["L6.contact +44 7700 900123 ?"],
    "+1 2345 6789": [],
    "+1 2345 67890": ["L6.contact +1 2345 67890 ?"],
    "+1 2345 6789, +1 2345 67890": ["L6.contact +1 2345 67890 ?"],
    "His aunt: +44 7700 900123": ["C6.phone +44 7700 900123"],
    "他的QQ:123456789": ["C6.account 123456789 ?"],
    "QQ号 12345": ["C6.account 12345 ?"],
    "QQ 1234": [],
    "小明的QQ:123456789": ["C6.account 123456789"],
    "微信号:test_child_01": ["C6.account test_child_01 ?"],
    "她妈妈微信:test_child_01": ["C6.account test_child_01"],
    "QQ:123456789,微信:test_child_01": [
        "C6.account 123456789 ?",
        "C6.account test_child_01 ?",
    ],
    "微信号test_child_01": ["C6.account test_child_01 ?"],
    "加微信test_child_01": [],
    "微信支付:test_child_01": [],
    "车牌号陕C12345": ["C6.plate 陕C12345 ?"],
    "川A1B234和京A·12345": ["C6.plate 川A1B234 ?", "C6.plate 京A·12345 ?"],
    "京ABCDE1": [],
    "京ABCD1E": [],
    "京ABCD12": ["C6.plate 京ABCD12 ?"],
    "京ABC123": ["C6.plate 京ABC123 ?"],
    "1 2 3 4 5 6": [],
    "没有": [],
}


@pytest.mark.parametrize("text", REACHED)
def test_each_way_to_reach_somebody_is_found(text: str) -> None:
    """A child's in the same sentence is told as a child's; an authority's number is none."""
    assert found(text) == REACHED[text]


OWN = {
    "请打13800138000": [],
    "请打+86 138-0013-8000": [],
    "请打13800138000,或13800138001": ["L6.contact 13800138001"],
    "HELLO@house.example": [],
    "hello@house.example, a@b.example": ["L6.contact a@b.example"],
    "0917-5550199": [],
    "0917-5550199和0917-5550198": ["L6.contact 0917-5550198 ?"],
    "+44 7700 900123": [],
    "+44 7700 900123, +44 7700 900124": ["L6.contact +44 7700 900124 ?"],
    "QQ:987654321": [],
    "QQ:987654321,QQ:987654322": ["C6.account 987654322 ?"],
    "微信:Example_House": [],
}


@pytest.mark.parametrize("text", OWN)
def test_the_organisations_own_ways_are_no_secret(text: str) -> None:
    """However they are written; what stands behind them is looked at all the same."""
    known = contacts.own(
        {
            "phone": ["13800138000", "0917-5550199", "+44 7700 900123"],
            "email": "hello@house.example",
            "qq": 987654321,
            "wechat": "example_house",
        }
    )
    assert found(text, known) == OWN[text]


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        ({}, ""),
        ({"phone": "0917-555 0199"}, "09175550199"),
        ({"email": "Hello@House.example", "qq": 12345}, "hellohouseexample 12345"),
        ({"founded": 1999, "name": {"zh": "示例", "en": "Example"}}, ""),
        ({"contact": ["a@b.example", "0917-5550199"]}, "abexample 09175550199"),
        ({"contact": {"zh": "甲路1号", "desk": ["乙", {"x": "丙"}]}}, "甲路1号 乙 丙"),
        ({"offices": [{"phone": "1-2", "staff": "Wang"}, {"x": {"fax": 3}}]}, "12 3"),
        ({"offices": {"rooms": 7}, "weibo": "甲"}, "甲"),
        ({"phone": "--", "fax": "1"}, "1"),
    ],
)
def test_own_ways_are_what_the_facts_give(facts: dict[str, Any], known: str) -> None:
    """By the name of the fact, at any depth; what is below such a name counts whole."""
    assert contacts.own(facts) == known
