"""Text as a reader would read it: what hides a name from programs is undone, the lines stay lines.

Everything that looks for something in a text looks at this form of it.
"""

import re
from functools import cache
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote

HAN = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{2})")
# An ASCII text without these is plain: what is escaped, and what ends a line for Python alone.
_NOT_PLAIN = frozenset("&%\\\r\x0b\x0c\x1c\x1d\x1e")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
# What has no width or only chooses a form of the sign before it (Unicode's Cf, and fillers), and
# what normal forms leave of marks above and below others.
_UNSEEN = re.compile(
    "[\u00ad\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# Small pictures: they part nothing but numbers.
_EMOJI = "[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]"
_EMOJI_AT_DIGIT = re.compile(rf"(?<=\d){_EMOJI}+|{_EMOJI}+(?=\d)")
_EMOJI_ELSEWHERE = re.compile(f"{_EMOJI}+")
# Letters of other scripts that look like Latin ones, where they stand among such.
_LATIN_OR_ALIKE = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u052f]{2,}")
_LOOK = "АВЕЅІЈКМНОРСТУХаеѕіјорсухѵԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν"
_LIKE = "ABESIJKMHOPCTYXaesijopcyxvdqwABEZHIKMNOPTYXoav"
_ALIKE = str.maketrans(_LOOK, _LIKE)
_LATIN = re.compile("[A-Za-z]")
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|body|caption|dd|div|dl|dt|figcaption|figure|footer"
    r"|form|h[1-6]|head|header|hr|html|li|main|nav|ol|option|p|pre|script|section|select|style"
    r"|summary|table|tbody|thead|title|tr|ul|entry|feed|url|urlset|text)\b[^<>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</?(?:td|th|br)\b[^<>]*>", re.IGNORECASE)
# Readings above characters, <ruby>字<rt>zì</rt></ruby>, and what stands for them elsewhere.
_READING = re.compile(r"<(?:rt\b[^<>]*>([^<]*)|rp\b[^<>]*>[^<]*)", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--|-->|<!\[CDATA\[|\]\]>|<[?!][^<>]*>")


# Characters as PDFs and what is copied from them have them; normal forms leave these alone.
_RADICALS = "⺁⺇⺌⺒⺓⺝⺠⺩⺮⺷⺻⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰"
_CHARACTERS = "厂几小巳幺月民王竹羊聿虎西见角贝车长长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾齐齿龙"


def plain(text: str) -> str:
    """``text`` in Simplified, with one width of signs, no invisible ones, and nothing escaped."""
    if text.isascii() and _NOT_PLAIN.isdisjoint(text):
        return text
    return "\n".join(map(_line, text.split("\n")))


def views(text: str) -> list[str]:
    """A plain text as it is read without tags, and what stands in the tags and above others."""
    if "<" not in text:
        return [text]
    inside = [tag[1:-1] for tag in _TAG.findall(text) if len(tag) > len("</script>")]
    if readings := [one for one in _READING.findall(text) if one]:
        inside.append(" ".join(readings))
    flat = _CELL.sub(" ", _BLOCK.sub("\n\n", _READING.sub("", text)))
    return [_TAG.sub("", flat), "\n\n".join(inside)]


def simplified(text: str) -> str:
    """``text`` with each character as it is in Simplified Chinese, whatever stands beside it."""
    return text.translate(_simple_characters())


@cache
def _simple_characters() -> dict[int, str]:
    from opencc import OpenCC  # its tables take a while to load

    typed = [chr(number) for number in range(0x3400, 0xA000)]
    # Hong Kong's knows all that the general one does, and 衞 too.
    simple = OpenCC("hk2s").convert("\n".join(typed)).split("\n")
    pairs = [*zip(typed, simple, strict=True), *zip(_RADICALS, _CHARACTERS, strict=True)]
    return {ord(one): other for one, other in pairs if one != other and len(other) == 1}


def _line(line: str) -> str:
    if "&" in line:
        line = unescape(line)
    if "%" in line:
        line = _PERCENT.sub(lambda found: unquote(found[0]), line)
    if "\\" in line:
        line = _ESCAPED.sub(_character, line)
    if not line.isascii():
        line = simplified(_UNSEEN.sub("", normalize("NFKC", line)))
        line = _EMOJI_ELSEWHERE.sub("", _EMOJI_AT_DIGIT.sub(" ", line))
        line = _LATIN_OR_ALIKE.sub(_in_latin, line)
    return " ".join(line.splitlines())


def _in_latin(found: re.Match[str]) -> str:
    return found[0].translate(_ALIKE) if _LATIN.search(found[0]) else found[0]


def _character(found: re.Match[str]) -> str:
    number = int(found[1] or found[2] or found[3], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]
