"""SVG, by a list of what draws: all else (scripts, photos, notes of a program) is told.

A drawing is a program's text, so the list is short, and a name or an address finds no place in it.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from plugins.hidden_data.parts import Part, Unreadable

SVG = "http://www.w3.org/2000/svg"
ELEMENTS = {
    *("svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline"),
    *("polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask"),
    "pattern",
}
TEXTS = {"text", "tspan"}  # in which a text is drawn
NUMBERS = {
    *("width", "height", "viewBox", "x", "y", "dx", "dy", "x1", "y1", "x2", "y2", "cx", "cy", "r"),
    *("rx", "ry", "fx", "fy", "d", "points", "offset", "rotate"),
}
LOOKS = {
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "opacity"),
    *("stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "color"),
    *("stroke-opacity", "stop-color", "stop-opacity", "clip-path", "clip-rule", "mask", "display"),
    *("font-family", "font-size", "font-weight", "font-style", "text-anchor", "letter-spacing"),
    *("dominant-baseline", "visibility", "vector-effect", "paint-order"),
}
ATTRIBUTES = {
    *NUMBERS,
    *LOOKS,
    *("transform", "gradientTransform", "gradientUnits", "spreadMethod", "preserveAspectRatio"),
    *("clipPathUnits", "maskUnits", "maskContentUnits", "patternUnits", "patternContentUnits"),
    "patternTransform",
}
_REFERENCE = re.compile(r"url\(#n\d+\)")
# CSS's ways to name another file; an escape could spell any of them.
ELSEWHERE = re.compile(r"\\|@|(?:url|src|image[\w-]*)\s*\(", re.IGNORECASE)
_ID = re.compile(r"n\d+")


def svg(data: bytes) -> Iterator[Part]:
    """What a drawing holds beside what it draws. Raises Unreadable."""
    parts: list[Part] = []
    parser = reader()
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        within.append(name)
        if "metadata" in within:  # read as a whole, below
            return
        if name not in ELEMENTS:
            parts.append(Part(f"<{name}>"))
        for attribute, value in attributes.items():
            if not _is_plain(attribute, value):
                parts.append(Part(attribute, value.encode()))

    def text(said: str) -> None:
        if said.strip() and within[-1] not in TEXTS and "metadata" not in within:
            parts.append(Part("text", said.encode()))

    parser.StartElementHandler, parser.EndElementHandler = start, lambda _: within.pop()
    parser.CharacterDataHandler = text
    parser.CommentHandler = lambda said: parts.append(Part("comment", said.encode()))
    parser.ProcessingInstructionHandler = lambda name, _: parts.append(Part(f"<?{name}?>"))
    parser.StartDoctypeDeclHandler = lambda *_: parts.append(Part("DOCTYPE"))
    parse(parser, data)
    metadata = list(_between(data, b"<metadata>", b"</metadata>"))
    parts += [Part("XMP", one) for one in metadata]
    if data.count(b"metadata") != 2 * len(metadata):
        parts.append(Part("<metadata>", data))
    yield from parts


def _between(data: bytes, begin: bytes, end: bytes) -> Iterator[bytes]:
    for part in data.split(end)[:-1]:
        _, begun, within = part.partition(begin)
        if begun:
            yield within


def _is_plain(name: str, value: str) -> bool:
    if name == "id":
        return bool(_ID.fullmatch(value))
    if name == "href":
        return bool(_ID.fullmatch(value.removeprefix("#")))
    if name == "xmlns":
        return value == SVG
    return name in ATTRIBUTES and not ELSEWHERE.search(_REFERENCE.sub("", value))


def reader(separator: str | None = None) -> expat.XMLParserType:
    """An XML parser that unfolds no entity; with ``separator`` it resolves namespaces."""
    parser = expat.ParserCreate(namespace_separator=separator)

    def refuse(*_of: object) -> int:
        raise Unreadable("SVG: an entity is declared")

    parser.EntityDeclHandler = refuse
    return parser


def parse(parser: expat.XMLParserType, data: bytes) -> None:
    """Read ``data`` whole. Raises Unreadable."""
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable(f"SVG: {error}") from None
