"""The lines of a Markdown text: which of them are one paragraph, and which are nothing to read."""

import re
from collections.abc import Iterator

Spans = list[tuple[int, int]]

# Verbatim over many lines; nothing in it is prose, and nothing in it is a mark of Markdown.
_VERBATIM = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)[ ]*$"
    r"|<(?P<element>pre|script|style)\b.*?</(?P=element)>|<!--.*?-->",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_INDENT = re.compile(r"[ \t]*")
_QUOTE = re.compile(r"(?:[ \t]*>[ \t]?)+")
_ITEM = re.compile(r"(?:[-+*]|\d+\.|:|\[\^[^\]]+\]:)[ \t]+")
_HEADING = re.compile(r"#{1,6}[ \t]*")
_HEADING_END = re.compile(r"[ \t]*#*[ \t]*(?:\{[^}\n]*\}[ \t]*)?$")
# A rule or the line below a heading; an address by name; an abbreviation.
_NOTHING = re.compile(r"(?:[-*_=][ \t]*){3,}|=+|-+|\[(?!\^)[^\]]+\]:[ \t]*\S+.*|\*\[[^\]]+\]:.*")
_TABLE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_BAR = re.compile(r"(?<!\\)\|")


def pieces(text: str, start: int) -> Iterator[Spans]:
    """The paragraphs, headings, items and cells from ``start`` on, each as its lines' offsets."""
    open_items = 0  # so many lists and notes deep may the next paragraph lie
    for paragraph in _paragraphs(text, start):
        first = text[slice(*paragraph[0])]
        indent = len(_indent(first).expandtabs(4))
        if indent < 4 and not _ITEM.match(first.lstrip()):
            open_items = 0
        if indent >= 4 * (open_items + 1):
            continue  # code
        for begin, end in paragraph:
            line = text[begin:end]
            if _ITEM.match(line.lstrip()):
                open_items = len(_indent(line).expandtabs(4)) // 4 + 1
        yield from _split(text, paragraph)


def _paragraphs(text: str, start: int) -> Iterator[Spans]:
    """Runs of lines between blank ones; what is verbatim counts as blank."""
    plain = _VERBATIM.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text[start:])
    run: Spans = []
    for match in re.finditer(r"[^\n]*\n?", plain):
        if match[0].strip():
            run.append((start + match.start(), start + match.start() + len(match[0].rstrip())))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _split(text: str, paragraph: Spans) -> Iterator[Spans]:
    """The parts of a paragraph that stand for themselves: items, headings, rows, lines of one."""
    bare = [text[begin:end].strip() for begin, end in paragraph]
    is_table = any("|" in line and _TABLE.fullmatch(line) for line in bare)
    part: Spans = []
    for begin, end in paragraph:
        line = text[begin:end]
        mark = _QUOTE.match(line)
        at = begin + len(mark[0] if mark else _indent(line))
        at += len(_indent(text[at:end]))
        item, heading = _ITEM.match(text, at, end), _HEADING.match(text, at, end)
        nothing = _NOTHING.fullmatch(text, at, end)
        if part and (item or heading or nothing or is_table):
            yield part
            part = []
        if nothing or (is_table and _TABLE.fullmatch(text, at, end)):
            continue
        if is_table:
            yield from _cells(text, at, end)
        elif heading:
            last = _HEADING_END.search(text, heading.end(), end)
            yield [(heading.end(), last.start() if last else end)]
        else:
            part.append((item.end() if item else at, end))
    if part:
        yield part


def _cells(text: str, begin: int, end: int) -> Iterator[Spans]:
    bars = [match.start() for match in _BAR.finditer(text, begin, end)]
    for left, right in zip([begin, *(bar + 1 for bar in bars)], [*bars, end], strict=True):
        cell = text[left:right]
        if cell.strip():
            yield [(left + len(cell) - len(cell.lstrip()), left + len(cell.rstrip()))]


def _indent(line: str) -> str:
    found = _INDENT.match(line)
    return found[0] if found else ""
