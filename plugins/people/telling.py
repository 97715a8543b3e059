"""Rule C5: what would tell a visible child's whereabouts or family, in the words beside a picture.

Looks for what has a form: a surname, a school, a village, a street with a number, a day of birth.
On such a page it rather stops one line too many: the writer can say it otherwise.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from plugins.identifying.plain import plain
from plugins.problems import Problem

_SURNAME = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁"
_SURNAME += "潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
_SURNAME += "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_PINYIN = "Wang|Li|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Ma|Zhu|Hu|Guo|He|Gao|Lin|Luo"
_PINYIN += "|Zheng|Liang|Xie|Song|Tang|Han|Feng|Deng|Cao|Peng|Zeng|Xiao|Tian|Dong|Yuan|Pan|Jiang"
_HAN = r"[\u4e00-\u9fff]"
_FORMS = (
    # a surname: 王某, 姓王, 王小明同学, 王小明，9岁; Wang Xiaoming, Xiaoming Wang, 9
    re.compile(rf"[{_SURNAME}]某|姓[{_SURNAME}]"),
    re.compile(rf"[{_SURNAME}]{_HAN}{{1,2}}(?:同学|小朋友|[，,（(]?\s*(?:今年)?\s*\d{{1,2}}\s*岁)"),
    re.compile(rf"\b(?:{_PINYIN}) [A-Z][a-z]{{2,}}\b|\b[A-Z][a-z]{{2,}} (?:{_PINYIN})\b"),
    re.compile(r"\b(?:surname|family name) (?:is )?[A-Z]"),
    # a school, a village, a street
    re.compile(
        rf"{_HAN}{{2,}}(?:小学|中学|初中|高中|幼儿园|学校|中心校|教学点|完小(?=[的读上就在,。]|$))"
        r"|第[一二三四五六七八九十\d]+(?:小学|中学)"
    ),
    re.compile(r"\b[A-Z]\w+ (?:\w+ )?(?:School|Kindergarten|Academy)\b"),
    re.compile(rf"{_HAN}{{1,}}(?:村|屯|寨)(?!民|里|庄)|\b[A-Z]\w+ [Vv]illage\b|\bvillage of [A-Z]"),
    re.compile(rf"{_HAN}{{1,}}(?:路|街|巷|胡同|弄)\s*\d+\s*号|\d+ [A-Z]\w+ (?:Street|Road|Lane)\b"),
    re.compile(r"\b[A-Z]\w+ (?:Street|Road|Lane|Avenue)\b"),
    # a full day of birth
    re.compile(r"(?:出生|生于|生日).{0,6}\d{4}\s*[年/.-]\s*\d{1,2}|\d{1,2}\s*日(?:出生|生)"),
    re.compile(
        r"\b(?:born|birthday|birth)\b.{0,12}\b\d{1,2}\b.{0,12}\b(?:19|20)\d\d\b", re.IGNORECASE
    ),
    re.compile(r"\b(?:born|birthday)\b.{0,6}(?:19|20)\d\d-\d\d-\d\d", re.IGNORECASE),
)
_NO_WORDS = re.compile(r"^(?:author|approved_by)\b")


def problems(file: Path) -> Iterator[Problem]:
    """Lines of a page, or of a picture's declaration, that tell too much; never what they say."""
    text = plain(file.read_text(encoding="utf-8-sig", errors="replace"))
    for number, line in enumerate(text.split("\n"), start=1):
        if not _NO_WORDS.match(line) and any(form.search(line) for form in _FORMS):
            yield Problem("C5.telling", file.as_posix(), number)
