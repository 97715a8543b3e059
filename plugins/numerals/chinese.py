"""Figures as Chinese writes them: ``380万``, ``三分之一``, ``百分之五``, ``2016年5月``, ``十二岁``.

A numeral of one character is a figure where a measure word follows (三个); elsewhere it may be part
of a name or a word (四川, 三明), so it is unsure. 一 and 半 always are. Traditional characters too.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from plugins.numerals import chinese_dates
from plugins.numerals.chinese_numerals import (
    AMOUNT,
    CHARACTERS,
    DIGITS,
    SCALED,
    WORDS,
    is_round,
    value,
)
from plugins.numerals.currencies import CHINESE, SIGNS, code, one_of
from plugins.numerals.figure import NUMBER, PERCENT, Figure, Meaning, Rule, idiom, scan

_IDIOMS = (
    "第一时间|第一线|第一手|一对一|一站式|一次性|统一|唯一|单一|万一|之一|一一|逐一|"
    "千(?=[米克瓦卡])|成千上万|千千万万|千万(?=[别不要])|千方百计|万分|万物|百姓|百货|百科|百般|十分|十足|十字|"
    "三五成群|千辛万苦|千家万户|百里挑一|三长两短|四通八达|五湖四海|九死一生|十全十美|一五一十|三令五申|"
    "接二连三|三番五次|三心二意|丢三落四|乱七八糟|七上八下|不三不四|再三|四面八方|五颜六色|四处|四周|四季|四肢|五官|"
    "(?:星期|礼拜|周)[一二三四五六]|二手|二维码|三轮车|三文鱼|三明治|四合院|三角|张三|李四|两全|两难|两口子|"
    "四川|三明(?!治)|三亚|三门峡|三峡|三原|九江|六安|六盘水|十堰|万州|万宁|百色|九寨沟|八达岭|两广|两岸|两会|"
    "新冠(?:-19)?|零食|零售|零钱|零散|零星|零花"
)
_MEASURES = (
    "个|個|名|位|岁|歲|年|天|周|週|次|件|种|種|条|條|项|項|家|所|间|間|座|本|张|張|封|届|屆|期|级|级|层|層|楼|樓|户|戶|"
    "小时|小時|分钟|分鐘|秒|公里|千米|米|公斤|千克|克|斤|吨|噸|倍|组|組|批|队|隊|对|對|套|台|辆|輛|支|部|册|冊|篇|页|頁|"
    "份|门|門|堂|节|節|课|課|场|場|轮|輪|步|人|类|類|大|月|日|号|號|代|亩|畝|笔|筆|片|只|頭|头|台|盏|扇|顿|碗|双|雙|"
    "多名|多个|多位|多年|余名|余个|余年|来个|來個|口之家|成员|孩子|儿童|兒童"
)
_TO = r"(?:[-–—~～至到]|——)"
_VOUCHERS = {1: "首|头|單|单", 2: "双|雙|俩|倆|另", 10: "旬", 12: "打"}


def _sure(words: str, measured: bool) -> bool:
    """Whether a numeral in characters, followed by a measure word or not, is surely a figure."""
    if len(words) > 1:
        return not is_round(words)
    return measured and words not in "一二零〇百千万萬亿億"


def _ranged(match: re.Match[str], kind: str) -> Iterator[Meaning]:
    """Both ends of a range are of the kind that stands at one of them."""
    for end in ("from", "to"):
        if match[end]:
            round_one = is_round(re.sub("[多余餘]", "", match[end]))
            yield Meaning(kind, value(match[end]), sure=not round_one)


def _percent(match: re.Match[str]) -> Iterator[Meaning]:
    return _ranged(match, PERCENT)


def _tenths(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(PERCENT, value(match[1]) * 10)


def _money_after_sign(match: re.Match[str]) -> Iterator[Meaning]:
    return _ranged(match, code(match["sign"] or "RMB", SIGNS))


def _money_before_word(match: re.Match[str]) -> Iterator[Meaning]:
    return _ranged(match, code(match["word"], CHINESE))


def _fraction(match: re.Match[str]) -> Iterator[Meaning]:
    if whole := value(match[1]):
        yield Meaning(NUMBER, value(match[2]) / whole)


def _slash(match: re.Match[str]) -> Iterator[Meaning]:
    if int(match[2]):
        yield Meaning(NUMBER, Fraction(int(match[1]), int(match[2])))


def _and_a_half(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, value(match[1]) + Fraction(1, 2))


def _metres(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, value(match[1]) + value(match[2]) / 10)


def _half(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, Fraction(1, 2), sure=False)
    yield Meaning(PERCENT, 50, sure=False)
    parts = {"年": 6, "小时": 30, "个小时": 30, "世纪": 50, "个世纪": 50, "个多世纪": 50}
    if match[1]:
        yield Meaning(NUMBER, parts[match[1]], sure=False)


def _either(match: re.Match[str]) -> Iterator[Meaning]:
    """七八个, 三四十, 十七八岁: one number or the next, and often only “several”."""
    first, second = value(match["one"]), value(match["next"])
    if second != first + 1:
        yield from _words(match)
        return
    unit = value(match["unit"]) if match["unit"] else 1
    more = 10 if match["ten"] else 0
    for number in (first, second):
        yield Meaning(NUMBER, number * unit + more, sure=False)


def _ordinal(match: re.Match[str]) -> Iterator[Meaning]:
    number = value(match[1])
    # 第二天 is the next day, and 第一 often the best.
    yield Meaning(NUMBER, number, sure=number > 2 or (number == 2 and not match[2]))


def _scaled_range(match: re.Match[str]) -> Iterator[Meaning]:
    unit = value("1" + match["unit"])
    for end in ("from", "to"):
        yield Meaning(NUMBER, value(match[end]) * unit)


def _digits(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, value(match[0]))


def _round(match: re.Match[str]) -> Iterator[Meaning]:
    yield Meaning(NUMBER, value(match[0]), sure=False)


def _words(match: re.Match[str]) -> Iterator[Meaning]:
    words = match.groupdict().get("words") or match[0]
    if all(character in "零〇一二三四五六七八九" for character in words) and 1 < len(words) < 4:
        return  # 三三两两, 五四: not how a number is written
    measured = bool(re.match(_MEASURES, match.string[match.start() + len(words) :]))
    yield Meaning(NUMBER, value(words), sure=_sure(words, measured))


def _voucher(number: int, words: str) -> Rule:
    meaning = Meaning(NUMBER, number, sure=False)
    return Rule(re.compile(words), lambda _match: (meaning,))


_RULES = (
    Rule(re.compile(rf"百分之(?:(?P<from>{AMOUNT}){_TO}(?:百分之)?)?(?P<to>{AMOUNT})"), _percent),
    Rule(re.compile(rf"({AMOUNT})分之({AMOUNT})"), _fraction),
    Rule(re.compile(_IDIOMS), idiom),
    Rule(
        re.compile(
            rf"(?<![A-Za-z])(?:(?P<sign>{one_of(SIGNS)})|人民币|人民幣)\s?(?:(?P<from>{AMOUNT}){_TO})?"
            rf"(?P<to>{AMOUNT})\s?(?:{one_of(CHINESE)})?"
        ),
        _money_after_sign,
    ),
    Rule(
        re.compile(
            rf"(?:(?P<from>{AMOUNT})(?:元)?{_TO})?(?P<to>{AMOUNT})[多余餘]?\s?(?P<word>{one_of(CHINESE)})(?![旦月宵素])"
        ),
        _money_before_word,
    ),
    Rule(
        re.compile(
            rf"(?:(?P<from>{AMOUNT})\s?[%％]?{_TO})?(?P<to>{AMOUNT})\s?(?:[%％]|个百分点|個百分點)"
        ),
        _percent,
    ),
    *chinese_dates.RULES,
    Rule(re.compile(r"[A-Za-z]+-?\d[\w-]*", re.ASCII), idiom),
    Rule(re.compile(r"(?<![\d/])(\d{1,3})/(\d{1,3})(?![\d/])"), _slash),
    Rule(re.compile(rf"({AMOUNT})(?:个|個|年|天|倍|岁|歲|公里|小时|米|吨)半"), _and_a_half),
    Rule(re.compile(rf"({AMOUNT})米([\d一二三四五六七八九])(?![\d.{CHARACTERS}])"), _metres),
    Rule(re.compile("(?<!多)半(年|小时|个小时|世纪|个世纪|个多世纪)?"), _half),
    Rule(re.compile(r"([二三四五六七八九\d])成(?![员員立为為功长長人果年绩绩本熟])"), _tenths),
    # Several, some dozen, hundreds of: no figure.
    Rule(re.compile("[几幾数數]+[十百千万萬亿億]*|十[几幾]"), idiom),
    Rule(
        re.compile(
            rf"(?<![{CHARACTERS}])(?P<words>(?P<ten>十?)(?P<one>[一二两三四五六七八])(?P<next>[二两三四五六七八九])"
            rf"(?P<unit>[十百千万]?))(?![{CHARACTERS}])"
        ),
        _either,
    ),
    Rule(re.compile(rf"第\s?({AMOUNT})([天年日早])?"), _ordinal),
    Rule(
        re.compile(rf"(?P<from>{DIGITS}){_TO}(?P<to>{DIGITS})(?P<unit>[十百千]?[万萬亿億])"),
        _scaled_range,
    ),
    Rule(re.compile(rf"{SCALED}|{DIGITS}"), _digits),
    Rule(re.compile(rf"(?<![{CHARACTERS}])十(?=[多余餘来來])(?!.[万萬亿億])"), _round),
    Rule(re.compile(WORDS), _words),
    *(_voucher(number, words) for number, words in _VOUCHERS.items()),
)


def read(text: str) -> list[Figure]:
    """The figures of a Chinese text."""
    # Full-width digits are digits, one for one.
    return scan(text.translate(_NARROW), _RULES)


_NARROW = {ord("０") + digit: str(digit) for digit in range(10)}
