"""C6: whether a child is near, sentence by sentence: what is found depends on it."""

import pytest

from plugins.identifying.sentences import Sentences


def parted(text: str) -> list[str]:
    """The sentences, as each of their characters finds them."""
    sentences, told = Sentences(text), list[str]()
    for place in range(len(text)):
        one = sentences.at(place)
        assert one.text == text[one.start : one.start + len(one.text)]
        assert one.start <= place < one.start + len(one.text)
        if not told or told[-1] != one.text:
            told.append(one.text)
    return told


@pytest.mark.parametrize(
    "sentences",
    [
        ["一句话"],
        ["第一句。", "第二句!", "第三句?!", "第四句;", "末"],
        ["He came. ", "She left."],
        ["See No. 5 and Mr. Sample of St. Example."],
        ["甲\n", "- 乙\n", "- 丙"],
        ["甲\n\n", "乙"],
        ["甲\n乙"],
        ["3.5 kg. of it"],
    ],
)
def test_a_text_is_parted_into_its_sentences(sentences: list[str]) -> None:
    """By marks, items of a list and empty lines; a title's point ends none."""
    told = parted("".join(sentences))
    assert [one.strip() for one in told] == [one.strip() for one in sentences]


def test_beside_are_the_one_before_and_the_one_after() -> None:
    """One on each side, fewer at an end; never the sentence itself."""
    text = "甲。乙。丙。丁"
    sentences = Sentences(text)
    near = {
        text[place]: "".join(one.text for one in sentences.beside(place))
        for place in range(0, len(text), 2)
    }
    assert near == {"甲": "乙。", "乙": "甲。丙。", "丙": "乙。丁", "丁": "丙。"}
    assert Sentences("只有一句").beside(2) == []


AGES = {
    "他11岁": True,
    "他 1 岁": False,
    "1岁": True,
    "0岁": False,
    "17岁": True,
    "18岁": False,
    "99岁": False,
    "两岁": True,
    "一岁": True,
    "九岁": True,
    "十岁": True,
    "十一岁": True,
    "十七岁": True,
    "十八岁": False,
    "一十七岁": True,
    "二十岁": False,
    "二十一岁": False,
    "一二岁": False,
    "三四岁": False,
    "两十岁": False,
    "五个周岁": True,
    "今年13,": True,
    "今年13": True,
    "今年18,": False,
    "今年0,": False,
    "机构11岁": False,
    "机构今年11岁": False,
    "机构是11岁": False,
    "机构里他11岁": True,
    "机构成立11年": False,
    "年满16岁": False,
    "11岁以下": False,
    "11岁老树": False,
    "11岁孩子的机构": True,
    "机构今年11岁，他12岁": True,
}


@pytest.mark.parametrize("text", AGES)
def test_an_age_in_chinese_is_a_childs(text: str) -> None:
    """From one to seventeen, in digits and in Chinese; a programme's or a limit's is none."""
    assert Sentences(text).at(0).has_age is AGES[text]


AGES_IN_ENGLISH = {
    "The 11-year-old boy": True,
    "an 11-year-old": True,
    "An 11-year-old programme": False,
    "an 11-year-old charity programme": False,
    "eleven years old trees": False,
    "ten year old trucks": False,
    "ten year old Trucks": False,
    "an 11-year-old bus": False,
    "A 17 year old": True,
    "An 18-year-old": False,
    "a 0-year-old": False,
    "a 1-year-old": True,
    "a nine-year-old homeless girl": True,
    "SEVENTEEN YEARS OLD": True,
    "a one-year-old": True,
    "an 11-year-old-school": False,
    "an 11-year-old school girl": True,
    "aged 10": True,
    "aged 18": False,
    "he is 12 years old": True,
    "he is 12 months": False,
    "turned ten": True,
    "Lily (11)": True,
    "认识了Lily (11)": True,
    "Lily, 11, sang": True,
    "Lily (18)": False,
    "May, 11, was cold": False,
    "Chapter (11)": False,
    "nothing of it": False,
}


@pytest.mark.parametrize("text", AGES_IN_ENGLISH)
def test_an_age_in_english_is_a_childs(text: str) -> None:
    """In figures and in words; of no thing, of no month, of no chapter."""
    assert Sentences(text).at(0).has_age is AGES_IN_ENGLISH[text]


@pytest.mark.parametrize(
    ("text", "one", "adult", "family"),
    [
        ("一名男孩", True, False, False),
        ("孩子们来了", False, False, False),
        ("小明在家", True, False, False),
        ("A boy sang.", True, False, False),
        ("The boys sang.", False, False, False),
        ("王老师", False, True, False),
        ("the headmaster", False, True, False),
        ("监护人的电话", False, False, True),
        ("his aunt", False, False, True),
        ("her mother", True, False, True),
        ("屋顶修好了", False, False, False),
    ],
)
def test_who_is_there(text: str, one: bool, adult: bool, family: bool) -> None:
    """A child rather than children; somebody who works there; a child's family."""
    sentence = Sentences(text).at(0)
    assert (sentence.has_one, sentence.has_adult, sentence.has_family) == (one, adult, family)
