"""What in a donor's message should make who judges it look twice: above all, children."""

import re
import unicodedata

# Each name has its words as the message ``desk.hint.<name>``. Too many hints do less harm than one
# too few.
_SIGNS = {
    "child": re.compile(
        r"[\d〇零一二三四五六七八九十两]{1,3}\s*(?:周?岁|年级|班)|小学|中学|初中|高中|学校|学院|幼儿园|校区"
        r"|\b\d{1,2}[ -]?(?:years?[ -]old|y/?o)\b|\baged? \d"
        r"|\b(?:school|kindergarten|nursery|grade \d)",
        re.IGNORECASE,
    ),
    "identity": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|身份证|护照|\bpassport\b", re.IGNORECASE),
    "email": re.compile(r"[^\s@]+@[^\s@]+\.\w"),
    "phone": re.compile(
        r"(?<!\d)(?:\+?\d[ ()-]{0,2}){7,16}(?!\d)|电话|手机|\bphone\b", re.IGNORECASE
    ),
    "contact": re.compile(r"微信|QQ|wechat|whatsapp|https?:|www\.|抖音|小红书", re.IGNORECASE),
    "address": re.compile(
        r"[一-龥]{1,8}(?:街道?|路|巷|弄|村|小区|镇)\s*\d*\s*号?|\b(?:street|road|avenue)\b",
        re.IGNORECASE,
    ),
}


def hints(message: str) -> list[str]:
    """The names of the hints that fit ``message``."""
    text = unicodedata.normalize("NFKC", message)
    return [name for name, sign in _SIGNS.items() if sign.search(text)]
