"""Marks in Chinese text: full width, no typed spaces, ``……`` and ``——`` (CLREQ, GB/T 15834).

Spaces between Chinese and Latin characters are the style sheet's business (``text-autospace``).
"""

import re
from collections.abc import Iterator

from plugins.marks.change import HAN, LATIN, Change, narrowed, replaced

_WIDE = str.maketrans(",;:?!", "，；：？！")
_CLOSED = rf"[{HAN}，。、；：？！）》”’」』】]"  # after these only Chinese marks follow
_SIDE = rf"{HAN}，。、；：？！（）《》「」『』【】“”‘’"
_SPACE = r"[ \t]*"

_FULL_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]+|(?<=[0-9０-９])．(?=[0-9０-９])")
_DOTS = re.compile(
    rf"(?<=[{_SIDE}])(?:\.{{2,}}(?!/)|…+|[·・•]{{3,}})|(?:\.{{3,}}|…+)(?=[{_SIDE}])|。{{3,}}"
)
# Not after a digit or a unit of time: 2001年—2006年 has the single dash of a range.
_DASH = re.compile(
    rf"(?<=[{_SIDE}])(?<![年月日号]){_SPACE}(?:-{{2,}}(?!\w)|(?<!—)(?:—|—{{3,}})(?!—)|——){_SPACE}"
    rf"|(?<![{LATIN}年月日号—-])(?:-{{2,}}|(?<!—)(?:—|—{{3,}})(?!—)|——){_SPACE}(?=[{HAN}“《])"
    rf"|(?<=[A-Za-z]){_SPACE}(?:-{{2,}}|—){_SPACE}(?=[{HAN}“《])"
)
# 北京—上海: the single dash between two names is that of a range too.
_FROM, _TO = (
    re.compile(rf"(?:^|[^{HAN}])[{HAN}]{{2,4}}$"),
    re.compile(rf"[{HAN}]{{2,4}}(?:$|[^{HAN}])"),
)
_QUOTED = re.compile(r'["＂]([^"＂]*)["＂]')
_QUOTED_WITHIN = re.compile(rf"(?<![{LATIN}'])'([^'\n]*[{HAN}][^'\n]*)'(?![{LATIN}'])")
_BRACKETED = re.compile(r"([ \t]*)\(([^()]*)\)([ \t]*)")
_AFTER = re.compile(rf"(?<={_CLOSED}){_SPACE}[,;:?!]+{_SPACE}(?!//)")
_BEFORE = re.compile(rf"(?<=[{LATIN}%\])\"'”’\ufffc])[,;:?!]+{_SPACE}(?=[{HAN}“《（])")
_STOP = re.compile(rf"(?<={_CLOSED}){_SPACE}\.(?:[ \t]+(?=[{_SIDE}])|(?=[”’）」』]|\s*$))")
# A clause of some length ends there; after less it may be the dot in 列夫.托尔斯泰.
_STOP_INSIDE = re.compile(rf"(?<=[{HAN}]{{8}})\.(?=[{HAN}“《])")
_DOUBLED = re.compile(r"([，、；：？！])\1+|(?<!。)(。)。(?!。)")
_NAME_DOT = re.compile(rf"(?<=[{HAN}]){_SPACE}[•・‧∙⋅]{_SPACE}(?=[{HAN}])")
_TYPED_SPACE = re.compile(
    rf"(?<=[{HAN}])[ \t]+(?=[{LATIN}])|(?<=[{LATIN}%])[ \t]+(?=[{HAN}])"
    r"|(?<=[，。、；：？！（）《》「」『』【】])[ \t\u3000]+(?=\S)"
    r"|(?<=\S)[ \t\u3000]+(?=[，。、；：？！（）《》「」『』【】])"
)


def changes(text: str) -> Iterator[Change]:
    """What to change in a paragraph; where two overlap, the earlier one counts."""
    yield from narrowed(_FULL_WIDTH, text)
    yield from replaced(_DOTS, text, "……")
    yield from _dashes(text)
    yield from _quotation_marks(text)
    yield from _brackets(text)
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(text):
            yield Change(*match.span(), _widened(match[0].strip()))
    yield from replaced(_STOP, text, "。")
    yield from replaced(_STOP_INSIDE, text, "。")
    for match in _DOUBLED.finditer(text):
        yield Change(*match.span(), match[0][0])
    yield from replaced(_NAME_DOT, text, "·")
    yield from replaced(_TYPED_SPACE, text, "")


def _dashes(text: str) -> Iterator[Change]:
    for one in replaced(_DASH, text, "——"):
        left, right = text[: one.start][-5:], text[one.end :][:5]
        if text[one.start : one.end] == "—" and _FROM.search(left) and _TO.match(right):
            continue
        yield one


def _widened(marks: str) -> str:
    return re.sub(r"(.)\1+", r"\1", marks.translate(_WIDE))


def _quotation_marks(text: str) -> Iterator[Change]:
    if len(re.findall('["＂]', text)) % 2 == 0:
        for match in _QUOTED.finditer(text):
            if re.search(rf"[{HAN}]", match[1]):
                yield Change(match.start(), match.start() + 1, "“")
                yield Change(match.end() - 1, match.end(), "”")
    for match in _QUOTED_WITHIN.finditer(text):
        yield Change(match.start(), match.start() + 1, "‘")
        yield Change(match.end() - 1, match.end(), "’")


def _brackets(text: str) -> Iterator[Change]:
    for match in _BRACKETED.finditer(text):
        before, inside, after = match.groups()
        left = text[: match.start()][-1:]
        if re.search(rf"[{HAN}]", inside) or re.fullmatch(_CLOSED, left):
            begin, end = match.start() + len(before), match.end() - len(after)
            yield Change(match.start(), begin + 1, "（")
            yield Change(end - 1, match.end() if text[match.end() :].strip() else end, "）")
