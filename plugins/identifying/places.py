"""Schools, villages and streets that have a name, and so can be walked to."""

import re
from collections.abc import Iterator

from plugins.identifying.words import one_of, words

_SCHOOL = re.compile(
    r"(?P<name>[一-鿿〇\d]{1,16}?)(?P<kind>小学|中学|初中|高中|幼儿园|学校|学院附中|职高|职中|技校|附小|附中"
    r"|中心校(?![长车区])|教学点(?![评名]))"
    r"(?!园|家长会|教育|阶段|生活|毕业|时代|生(?!活)|校|老师资格|文凭|课程|教材|课本|学历|音乐|年龄|组|联盟)"
)
_NUMBERED = re.compile(
    r"(?P<name>[一-鿿]{2,8}?)(?P<kind>[一二三四五六七八九十]{1,2}[小中]|[完村]小)"
    r"(?=$|[,.。、;:!?)\s\"”]|的|读|上|就|学生|校|[初高]|[一二三四五六]年级|门)"
)
_VILLAGE = re.compile(
    r"(?P<name>(?<![一-鿿])(?=.家)|[一-鿿]{1,10}?)(?P<kind>[一-鿿]家(?:庄|湾|沟|坪|坡|堡|营|窑|河|梁|塬|岭|洼|集|屯|寨|店|坝|坳|畈|冲)村?|村|屯|寨"
    r"|乡|镇)"
    r"(?!民|委|子里人|级|静|土|亲|愁|音|情|长|痛|定|政府|卫生|干部|庄[^\W一-鿿]|里[的人]|口|落|上|下|间|支书|企业)"
)
_STREET = re.compile(
    r"(?P<name>[一-鿿]{2,6}?)(?P<kind>(?:路|街|大街|大道|巷|胡同|弄|里|小区|家属院|公寓"
    r"|花园)[一-鿿]{0,2}?\s?\d+\s?(?:号楼?|弄|栋|幢|单元|室))"
)
_HOME = re.compile(
    r"(?:住在|家住|家在|租住在?|住址[:是]?|搬到了?)(?P<name>[一-鿿]{2,10}?)"
    r"(?P<kind>路|街|大街|巷|胡同|小区|社区|花园|新村|公寓|家属院|城中村)"
)
# Most texts name no such place, and are done with soon.
_ANY = re.compile(
    r"[小中]学|初中|高中|职[高中]|技校|幼儿园|学校|学院|附[小中]|完小|中心校|教学点|[一二三四五六七八九十][小中]|[村屯寨乡镇]|家."
    r"|[路街巷弄里]|胡同|大道|[小社]区|公寓|家属院|花园"
    r"|school|kindergarten|academy|village|township|hamlet|road|street|lane|avenue|\brd|\bst\b"
    r"|close|alley|drive",
    re.IGNORECASE,
)
# What may stand before a place's name in a sentence; the name begins behind the last of them.
_BEFORE = re.compile(rf"{one_of('before_chinese')}|\d+")
_UNNAMED = re.compile(rf"(?:{one_of('unnamed_chinese')})*")
_WIDE = re.compile(r"[一-鿿]{2,8}[省市]")
_OF_NO_FAMILY = frozenset("国全大老自人回我你他她")  # 国家、大家：不是谁家的庄、沟
_CITIES = re.compile(r"石家庄|景德镇|张家")  # cities whose names end as a village's do

_NAME = r"[A-Z][\w'’.&-]*"
_END = r"(?![A-Za-z])"  # of a word, also where a Chinese character follows
_SCHOOL_EN = re.compile(
    rf"(?P<name>(?:(?:{_NAME}|No\.? ?\d+|of|for|\d+(?:st|nd|rd|th)) ){{1,6}})(?:(?:primary"
    rf"|middle|high|secondary|elementary"
    r"|boarding|experimental|central|nursery|junior|senior|vocational|village) ?){0,2}(?i:school"
    rf"|kindergarten|academy){_END}(?:,? No\.? ?\d+)?(?! (?:District|Board))"
    r"|(?i:school) (?P<number>No\.? ?\d+)"
)
_VILLAGE_EN = re.compile(
    rf"(?P<name>(?:{_NAME} ){{1,3}})(?i:village|township|hamlet){_END}(?!-)|(?:village|township"
    rf"|hamlet) (?:of|called) (?P<of>{_NAME})"
)
_STREET_EN = re.compile(
    rf"\d+[A-Za-z]?,? (?P<name>(?:{_NAME} ){{1,3}})(?:Road|Street|Lane|Avenue|Rd|St|Close|Alley"
    rf"|Drive){_END}"
    rf"|(?:[Ll]iv(?:es?|ing|ed)|home|house|stays) (?:on|in|at"
    rf"|off) (?P<of>(?:{_NAME} ){{1,3}})(?:Road|Street|Lane|Avenue|Alley|Close){_END}"
)
_UNNAMED_EN = words("unnamed")


def find(text: str) -> Iterator[tuple[str, int, int]]:
    """Named places in a plain text: what stands there, and from where to where."""
    if not _ANY.search(text):
        return
    for pattern in (_SCHOOL, _NUMBERED, _VILLAGE, _STREET, _HOME):
        for found in pattern.finditer(text):
            start = found.start("name") + _name_begins(found["name"])
            name, kind = text[start : found.end("name")], found["kind"]
            if _is_name(name, kind) and not _CITIES.search(text, start, found.end()):
                yield text[start : found.end()], start, found.end()
    for pattern in (_SCHOOL_EN, _VILLAGE_EN, _STREET_EN):
        for found in pattern.finditer(text):
            named = next(filter(None, found.groups()))
            if any(word.casefold() not in _UNNAMED_EN for word in named.split()):
                yield found[0], *found.span()


def _name_begins(before: str) -> int:
    ends = [found.end() for found in _BEFORE.finditer(before)]
    return ends[-1] if ends else 0


def _is_name(name: str, kind: str) -> bool:
    if not name:
        return kind[1:2] == "家" and kind[0] not in _OF_NO_FAMILY
    return not _UNNAMED.fullmatch(name) and not _WIDE.fullmatch(name)
