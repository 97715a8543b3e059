"""What stands near what: the sentences of a plain text, and the children that they speak of.

A school is news; a school beside a child's age is where that child can be found. So places and
days count only near somebody, and this module says whether somebody is there.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from plugins.identifying.words import words

_END = re.compile(
    r"[。!?;]+|(?<!\bNo)(?<!\bSt)(?<!\bMr)(?<!\bMs)(?<!\bDr)\.(?=\s+[\"'“‘(]?[A-Z一-鿿])"
    r"|\n(?=\s*(?:[-*+>#|]|\d{1,2}[.)]\s))|\n\s*\n"
)
_HAN_NUMBER = "一二三四五六七八九十"
_AGES_HAN = {han: at for at, han in enumerate(_HAN_NUMBER, start=1)} | {"两": 2, "一十": 10}
_AGES_HAN |= {
    f"{ten}{_HAN_NUMBER[unit - 1]}": 10 + unit for ten in ("十", "一十") for unit in range(1, 8)
}
AGE_ZH = rf"(?P<age>\d{{1,2}}|[两{_HAN_NUMBER}]{{1,3}})个?(?:周岁|岁)"
_AGE_ZH = re.compile(
    rf"(?<![\d.\-~至到])(?<!未满)(?<!不满)(?<!年满){AGE_ZH}(?!以[上下内]|至|到|-|~|—|及|[的之]?(?:项目|机构|中心|组织|网站|基金|生日会|老树|房子))"
)
_AGE_SAID = re.compile(r"(?:今年|刚满|已满|刚|才)\s?(?P<age>\d{1,2})(?=[,.。、\s]|$)")
_OF_SOMETHING = re.compile(
    r"(?:机构|中心|项目|组织|网站|学校|基金会?|我们|协会|满|未满|不满|年满|超过|不足|大于|小于|平均|至|到|-|~|—|从)"
    r"(?:年龄|已经?|今年|现在|即将|就要|为|是|在|约|不)*$"
)
_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_AGES_SAID = {word: at for at, word in enumerate(f"{_WORDS} sixteen seventeen".split(), start=1)}
AGE_EN = rf"(?P<age>\d{{1,2}}|{'|'.join(_AGES_SAID)})"
_AGES_EN = (
    re.compile(
        rf"(?<![\d.\-–])\b{AGE_EN}(?:-and-a-half)?[- ]years?[- ]olds?\b"
        r"(?P<whom>(?:[ -](?:a|the|street|school|young|little|homeless|left-behind|migrant))*"
        r"[ ,.;:)]*\w*)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:aged?|age of|age is|turned|turns|turning"
        r"|I['’]m|I am|(?:is|[Hh]e['’]s) (?:now |only |just |still )?"
        rf"|was (?:only |just )?)[ :]*{AGE_EN}\b"
        r"(?![-–\d%:/]|\.\d| (?:to|and|or|through) \d"
        r"| ?(?:years?(?! old| of age)|months?|weeks?|days?"
        r"|hours?|per|percent|of|km|kg|metres|meters"
        r"|people|pupils|children|schools|families|million|thousand|times|miles|rooms|staff"
        r"|places|volunteers|boxes|beds|in every|in ten)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![A-Za-z])(?P<name>[A-Z][a-z]+),? \(?(?:aged )?(?P<age>1[0-7]|[3-9])(?:\)|, (?=\w))"
    ),
)
_NO_NAMES = words("no_names")
_THINGS = words("things")
_ONE_ZH = re.compile(
    r"化名|[一这那位名个](?:位|名|个)?(?:\S{0,6}?)(?:男孩|女孩|孩子(?!们)|儿童(?!节)|少年|少女|小朋友|学生(?!们))|男孩(?!们)"
    r"|女孩(?!们)|小(?:明|红|华|军|刚|丽|强|芳|玲|梅|兰|宝|东|龙|虎|杰|宇|轩|雨|雪|武|康|乐|天|伟|燕|勇|霞|娟|星|阳|晨|亮|辉|峰|涛"
    r"|鹏|飞|云|静|敏|慧|花|石头|豆)(?!学|组|时|朋友|型|心|区|镇|村|吃|卖|生|说|麦|米|路)"
    r"|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕]某"
    r"|(?:学生|孩子|儿童|同学)(?:[一-鿿]{2,3})(?:在|今年|是|说|家住|就读)|[他她](?:[^,。]{0,6})(?:上学|读书|就读|念书|住在|家住|家在"
    r"|来自)"
    r"|(?:来自|住在|家住|家在)[^,。]{2,14}的?孩子(?!们)|年级\(?[\d一二三四五六七八九十]+\)?班"
)
_ONE_EN = re.compile(
    r"\b(?:a|the|this|that|one|another|young|little|old|our|homeless) (?:\w+ )?(?:boy|girl|child"
    r"|pupil|orphan|runaway|teenager"
    r"|toddler|youngster|schoolboy|schoolgirl)\b(?!['’]s? (?:rights|centre|home))"
    r"|\bname (?:has been |was |is )?changed|\breal name\b|\bpseudonym"
    r"|\b(?:he|she) (?:\w+ )?(?:attends|goes to|studies|lives|went to|studied|lived|grew up)\b"
    r"|\b(?:his|her) (?:mother|father|grandmother|grandfather|grandparents|parents|classmates"
    r"|teacher)\b",
    re.IGNORECASE,
)
_ADULT = re.compile(
    r"老师|教师|校长|教授|志愿者|任教|支教|捐赠人|teacher|headmaster|principal|volunteer"
)
_FAMILY = re.compile(
    r"家长|监护人|父亲|母亲|爸爸|妈妈|爸|妈|奶奶|爷爷|外婆|外公|姥姥|姥爷|叔叔|班主任|孩子(?!们)|家里"
    r"|\b(?:his|her|child|mother|father|guardian|parents?|grand(?:mother|father|parents?)|aunt"
    r"|uncle)\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a plain text, from ``start`` on."""

    text: str
    start: int

    @property
    def has_age(self) -> bool:
        """Whether it tells the age of a child: not of a group, a building, a programme."""
        return any(
            _is_childs_zh(found)
            for one in (_AGE_ZH, _AGE_SAID)
            for found in one.finditer(self.text)
        ) or any(
            _is_childs_en(found) for pattern in _AGES_EN for found in pattern.finditer(self.text)
        )

    @property
    def has_one(self) -> bool:
        """Whether it speaks of one child rather than of children."""
        return bool(_ONE_ZH.search(self.text) or _ONE_EN.search(self.text))

    @property
    def has_adult(self) -> bool:
        return bool(_ADULT.search(self.text))

    @property
    def has_family(self) -> bool:
        return bool(_FAMILY.search(self.text))


class Sentences:
    """The sentences of a plain text, by where they stand."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _END.finditer(self._text))]

    @cached_property
    def _all(self) -> list[Sentence]:
        ends = [*self._starts[1:], len(self._text)]
        return [Sentence(self._text[a:b], a) for a, b in zip(self._starts, ends, strict=True)]

    def at(self, place: int) -> Sentence:
        return self._all[bisect_right(self._starts, place) - 1]

    def beside(self, place: int) -> list[Sentence]:
        """The sentence before and the sentence after."""
        number = bisect_right(self._starts, place) - 1
        return self._all[max(0, number - 1) : number] + self._all[number + 1 : number + 2]


def childs_age(said: str) -> int:
    """A child's age in years, as digits and words say it; 0 for a number that is none."""
    if said.isdecimal():
        return int(said) if int(said) < 18 else 0
    return _AGES_HAN.get(said) or _AGES_SAID.get(said.lower(), 0)


def _is_childs_zh(found: re.Match[str]) -> bool:
    return childs_age(found["age"]) > 0 and not _OF_SOMETHING.search(found.string[: found.start()])


def _is_childs_en(found: re.Match[str]) -> bool:
    groups = found.groupdict()
    whom = (groups.get("whom") or "").replace("-", " ").split()
    last = [word.lower() for word in whom[-1:]]
    of_thing = any(word in _THINGS or word.removesuffix("s") in _THINGS for word in last)
    return childs_age(found["age"]) > 0 and not of_thing and groups.get("name") not in _NO_NAMES
