"""The texts between the two ``---`` of a file, as YAML quotes them."""

import re
from collections.abc import Iterator

import yaml

from plugins.prose.block import HIDDEN, Block, Character
from plugins.prose.inline import readable

# What a reader sees; the other entries are for the program.
_SHOWN = {"title", "description", "lead", "headline", "figures", "closing"}
_HAN = re.compile(r"[\u3400-\u9fff]")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_ESCAPES = {'"': re.compile(r"\\.", re.DOTALL), "'": re.compile("''")}


def texts(text: str, start: int, end: int) -> Iterator[Block]:
    """The texts of the head that lies between two offsets of the file."""
    for key, value in _entries(text[start:end]):
        if str(key.value).lower() in _SHOWN:
            for name, scalars in _below(str(key.value).lower(), value):
                read: list[Character] = []
                for scalar in scalars:
                    value_of_it = list(_scalar(text, start, scalar))
                    if read and value_of_it:
                        read.append(Character("\n", value_of_it[0].offset, True))
                    read += value_of_it
                yield Block(name, tuple(read))


def entry(text: str, start: int, end: int, key: str) -> tuple[str, int] | None:
    """Value and offset of one entry of the head, where it is a text."""
    for name, value in _entries(text[start:end]):
        if name.value == key and isinstance(value, yaml.ScalarNode):
            return value.value.strip(), start + name.start_mark.index
    return None


def _entries(head: str) -> list[tuple[yaml.Node, yaml.Node]]:
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError):  # plugins.front_matter tells of it
        return []
    return node.value if isinstance(node, yaml.MappingNode) else []


def _below(name: str, node: yaml.Node) -> Iterator[tuple[str, list[yaml.ScalarNode]]]:
    """The scalars below a key; those of one mapping (a number and its unit) belong together."""
    if isinstance(node, yaml.ScalarNode):
        yield name, [node]
    elif isinstance(node, yaml.SequenceNode):
        for number, one in enumerate(node.value):
            yield from _below(f"{name}.{number}", one)
    elif isinstance(node, yaml.MappingNode):
        yield name, [value for _, value in node.value if isinstance(value, yaml.ScalarNode)]


def _scalar(text: str, start: int, node: yaml.ScalarNode) -> Iterator[Character]:
    begin, end = start + node.start_mark.index, start + node.end_mark.index
    if node.style in ("|", ">"):
        begin = text.find("\n", begin, end) + 1
    elif node.style:
        begin, end = begin + 1, end - 1
    # Without Chinese a bare value may become a number or a date when its characters change.
    fixed = node.style is None and not _HAN.search(node.value)
    escapes = _ESCAPES.get(node.style or "")
    for match in escapes.finditer(text, begin, end) if escapes else ():
        yield from _lines(text, begin, match.start(), fixed)
        yield Character(HIDDEN, match.start(), True)
        begin = match.end()
    yield from _lines(text, begin, end, fixed)


def _lines(text: str, begin: int, end: int, fixed: bool) -> list[Character]:
    spans = [match.span() for match in _LINE.finditer(text, begin, end)]
    return readable(text, spans, fixed=fixed)
