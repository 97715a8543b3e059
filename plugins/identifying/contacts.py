"""How somebody can be reached: telephones, e-mail, accounts of chats; and the plates of cars.

The organisation's own ways are no secret: they stand in organisation.toml.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plugins.identifying.finding import Finding, letters
from plugins.identifying.sentences import Sentences

# Most texts have neither, and are done with soon.
_MANY = re.compile(r"\d\D{0,3}\d\D{0,3}\d\D{0,3}\d\D{0,3}\d\D{0,3}\d\D{0,3}\d")
_AT = re.compile(r"@|[\[({](?i:at)[\])}]")
_MOBILE = re.compile(
    r"(?<![\d.,])(?:(?:\+|00)? ?86[ -]?|\(\+?86\) ?)?"
    r"(?P<number>1[3-9]\d(?:[ \-‐–—.·_]{0,2}\d{4}){2}|1[3-9]\d[ -]\d{3}[ -]\d{5}"
    r"|1[3-9]\d\d[ -]\d{3}[ -]\d{4}"
    r"|1(?P<gap>[ \-·._*])[3-9](?:(?P=gap)\d){9})(?![\d]|\.\d)"
)
# Broken over two lines, at any place: only behind a word that says what it is.
_BROKEN = re.compile(r"(?<![\d.,])(?P<number>1[ \-–]?\n? ?[3-9](?:[ \-–]?\n? ?\d){9})(?!\d|\.\d)")
_CALLED = re.compile(
    r"(?:电话|手机|联系|拨打|致电|请打|打给|号码|微信|\b(?:tele)?phone|\bmobile|\btel|\bcall|\bring"
    r"|\bcontact)\D{0,12}$",
    re.IGNORECASE,
)
# Between blanks stand figures as well: cells of a table, round amounts, a row of more of them.
_FIGURES = re.compile(r"\d+ {2}\d+ +\d+|\d+ +\d+ {2}\d+|\d\d0 \d\d00 \d\d00")
_ROW_GOES_ON = re.compile(r" +\d{4}(?! ?\d)")
_LANDLINE = re.compile(
    r"(?<![\d.\-])(?:(?:\+|00)?86[ -]?)?(?!080[08])\(?0\d{2,3}\)?[ \-]?\d{3,4}[ -]?\d{4}(?![\d-])"
)
_ABROAD = re.compile(r"(?<![\w+])\+(?!86)[1-9]\d{0,2}[ \-.(]{0,2}\d(?:[ \-.()]{0,2}\d){6,11}(?!\d)")
_EMAIL = re.compile(
    r"(?:[A-Za-z0-9._%+-]+|[一-鿿]{1,8}) ?(?:@|[\[({](?:at|@)[\])}]) ?"
    r"[A-Za-z0-9一-鿿-]+(?:\.[A-Za-z0-9一-鿿-]+)*(?:\.|[\[({]dot[\])}])(?!png|jpe?g|webp|svg|js|css"
    r"|gif)[A-Za-z一-鿿]{2,}",
    re.IGNORECASE,
)
# Nobody has an address there (RFC 2606): forms show one so that it is seen what is meant.
_NOBODYS = re.compile(r"@example\.(?:com|net|org)$", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?:QQ|扣扣|企鹅)(?:号码?|群号?|为|是|:| |number|id|ID)*\s?(?P<qq>[1-9]\d{4,11})(?!\d)"
    r"|(?<!公众)(?:微信|薇信|wechat|weixin|抖音|快手|微博|vx|v信)"
    r"(?! ?(?:pay|支付|公众|小程序|群|朋友圈))"
    r"(?:号码?|账号|帐号|同号| ?id| account)?\s?(?:为|是|is|:|=|\(|(?<=号))\s{0,2}"
    r"(?P<id>[a-z][\w-]{4,19}|\d{5,12})(?![\w.@/])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·.\- ]?"
    r"(?=[A-Z]{0,3}\d)(?P<rest>[A-HJ-NP-Z\d]{5,6})(?![A-Za-z\d])"
)
_INSTITUTION = re.compile(
    r"热线|医院|派出所|救助|民政|公安|办公室|委员会|基金会|中心|[局所院馆站厅](?!有)|政府|酒店|宾馆|大使馆|客服|服务电话|前台|总机|传真"
    r"|hotline|helpline|hospital|office|council|embassy|station|charity|association|bureau"
    r"|foundation|switchboard|society|museum|hotel|fax",
    re.IGNORECASE,
)
_PUBLIC = {
    "email",
    "phone",
    "telephone",
    "mobile",
    "fax",
    "hotline",
    "contact",
    "address",
    "wechat",
}
_PUBLIC |= {"qq", "weibo", "website", "complaints", "safeguarding_email"}


def own(facts: Mapping[str, Any], *, public: bool = False) -> str:
    """Letters and digits of every way to reach the organisation that its facts give."""
    told = []
    for name, value in facts.items():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, Mapping):
                told.append(own(entry, public=public or name in _PUBLIC))
            elif public or name in _PUBLIC:
                told.append(letters(str(entry)))
    return " ".join(filter(None, told))


def find(text: str, sentences: Sentences, known: str) -> Iterator[Finding]:
    """Ways to reach people in a plain text, but for those of ``known``, as ``own`` gives them."""
    if _MANY.search(text):
        yield from _telephones(text, sentences, known)
    if _AT.search(text):
        for found in _EMAIL.finditer(text):
            if letters(found[0]) not in known and not _NOBODYS.search(found[0]):
                yield Finding("L6.contact", found[0], *found.span())
    for found in _ACCOUNT.finditer(text):
        account = found["qq"] or found["id"]
        if letters(account) not in known:
            near, where = _near(sentences, found.start()), found.span("qq" if found["qq"] else "id")
            yield Finding("C6.account", account, *where, near)
    for found in _PLATE.finditer(text):
        if sum(sign.isdigit() for sign in found["rest"]) > 1:
            yield Finding("C6.plate", found[0], *found.span(), False)


def _telephones(text: str, sentences: Sentences, known: str) -> Iterator[Finding]:
    for found in (*_MOBILE.finditer(text), *_broken(text)):
        near = _near(sentences, found.start())
        if letters(found["number"]) not in known and (near or not _is_row_of_figures(found)):
            yield Finding("C6.phone" if near else "L6.contact", found[0], *found.span())
    for pattern in (_LANDLINE, _ABROAD):
        for found in pattern.finditer(text):
            if letters(found[0]) in known or len(letters(found[0])) < 10:
                continue
            if _near(sentences, found.start()):
                yield Finding("C6.phone", found[0], *found.span())
            elif not _INSTITUTION.search(sentences.at(found.start()).text):
                yield Finding("L6.contact", found[0], *found.span(), False)


def _broken(text: str) -> Iterator[re.Match[str]]:
    for found in _BROKEN.finditer(text):
        if found["number"].count("\n") == 1 and _is_called(found):
            yield found


def _is_row_of_figures(found: re.Match[str]) -> bool:
    row = _FIGURES.fullmatch(found[0]) or (
        re.fullmatch(r"\d+ +\d+ +\d+", found[0]) and _ROW_GOES_ON.match(found.string, found.end())
    )
    return bool(row) and not _is_called(found)


def _is_called(found: re.Match[str]) -> bool:
    """Whether a word before it says that it is a telephone's number."""
    return bool(_CALLED.search(found.string, 0, found.start()))


def _near(sentences: Sentences, place: int) -> bool:
    sentence = sentences.at(place)
    return sentence.has_age or sentence.has_one or sentence.has_family
