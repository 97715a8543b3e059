"""C7: SVG, element by element: what does not draw is told by its name."""

import pytest

from plugins.hidden_data import drawings
from plugins.hidden_data.drawings import SVG
from plugins.hidden_data.parts import Unreadable


def svg(*within: str, about: str = "") -> bytes:
    return f'<svg xmlns="{SVG}"{about}>{"".join(within)}</svg>'.encode()


def told(data: bytes) -> list[tuple[str, bytes]]:
    return [(one.name, one.data) for one in drawings.svg(data)]


def test_what_draws_is_not_told() -> None:
    """Lines, colours, texts that are seen, and names that are numbers."""
    drawn = (
        '<defs><linearGradient id="n1"><stop offset="1" stop-color="red"/></linearGradient></defs>',
        '<g fill="url(#n1)" transform="scale(2)">\n <path d="M0 0h9"/>\n</g><use href="#n12"/>',
        '<text x="1">Roof <tspan dy="2">and door</tspan> &amp; wall</text>',
    )
    assert told(svg(*drawn, about=' viewBox="0 0 9 9" width="9"')) == []


PARTS: dict[str, tuple[str, list[tuple[str, bytes | None]]]] = {
    "a script": ("<script>x</script>", [("<script>", b""), ("text", b"x")]),
    "a photo": ('<image href="#n1"/>', [("<image>", b"")]),
    "a handler": ('<path onload="x()"/>', [("onload", b"x()")]),
    "an editor's word": ('<path ed:by="Secret"/>', [("ed:by", b"Secret")]),
    "a style": ('<g style="fill:red"/>', [("style", b"fill:red")]),
    "a layer's name": ('<g id="Secret"/>', [("id", b"Secret")]),
    "more than a number for a name": ('<g id="n1x"/>', [("id", b"n1x")]),
    "no number for a name": ('<g id="n"/>', [("id", b"n")]),
    "a name as a link has it": ('<g id="#n1"/>', [("id", b"#n1")]),
    "another file": ('<use href="a.svg#n1"/>', [("href", b"a.svg#n1")]),
    "a link without a sign": ('<use href="n1"/>', []),
    "another namespace": ('<g xmlns="x"/>', [("xmlns", b"x")]),
    "its own namespace again": (f'<g xmlns="{SVG}"/>', []),
    "a colour from elsewhere": ('<g fill="url(a)"/>', [("fill", b"url(a)")]),
    "two, one from elsewhere": ('<g fill="url(#n1) URL( x)"/>', [("fill", b"url(#n1) URL( x)")]),
    "an image in a colour": ('<g fill="image-set(x)"/>', [("fill", b"image-set(x)")]),
    "an escape": ('<g fill="u\\72l"/>', [("fill", b"u\\72l")]),
    "a reference cut out of another": ('<g fill="uurl(#n1)rl(x)"/>', [("fill", None)]),
    "two at once": ('<a b="1" c="2"/>', [("<a>", b""), ("b", b"1"), ("c", b"2")]),
    "a comment": ("<!-- Secret -->", [("comment", b" Secret ")]),
    "an instruction": ("<?php Secret?>", [("<?php?>", b"")]),
    "a text that nobody sees": ("<g>Gömd</g>", [("text", "Gömd".encode())]),
    "a text around others": ("<g> <text>seen</text>not</g>", [("text", b"not")]),
    "a label": ("<metadata>x\ny</metadata>", [("XMP", b"x\ny")]),
    "a label with elements": ("<metadata><a b='1'>x</a></metadata>", [("XMP", None)]),
    "two labels": (
        "<metadata>1</metadata><metadata>2</metadata>",
        [("XMP", b"1"), ("XMP", b"2")],
    ),
    "a comment in a label": (
        "<metadata><!--x--></metadata>",
        [("comment", b"x"), ("XMP", b"<!--x-->")],
    ),
    "what follows a label": ("<metadata>x</metadata><a/>", [("<a>", b""), ("XMP", b"x")]),
    "a label of its own kind": ("<metadata a='1'>x</metadata>", [("<metadata>", None)]),
    "a label that is empty": ("<metadata/>", [("<metadata>", None)]),
    "a label in a label": (
        "<metadata><metadata>x</metadata></metadata>",
        [("XMP", b"<metadata>x"), ("<metadata>", None)],
    ),
    "the end of a label alone": (
        "<!--</metadata>--><metadata>x</metadata>",
        [("comment", b"</metadata>"), ("XMP", b"x"), ("<metadata>", None)],
    ),
    "a label in the middle of a name": ("<g><metadatas/></g>", [("<metadatas>", b"")]),
}


@pytest.mark.parametrize("name", PARTS)
def test_what_does_not_draw_is_told(name: str) -> None:
    """In the order of the file, the labels last."""
    within, parts = PARTS[name]
    data = svg(within)
    if name == "a label in the middle of a name":
        parts = [*parts, ("<metadata>", data)]
    found = told(data)
    assert [one for one, _ in found] == [one for one, _ in parts]
    for (_, have), (kind, want) in zip(found, parts, strict=True):
        if want is not None:
            assert have == want
        elif kind == "<metadata>":
            assert have == data


def test_a_kind_of_document_is_told() -> None:
    """It could name another file."""
    assert told(b'<!DOCTYPE svg SYSTEM "http://x">' + svg()) == [("DOCTYPE", b"")]


BROKEN = {
    "an entity": (b'<!DOCTYPE svg [<!ENTITY a "x">]>' + svg("&a;"), "SVG: an entity is declared"),
    "an entity elsewhere": (
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "x">]>' + svg("&a;"),
        "SVG: an entity is declared",
    ),
    "one of the kind of document": (
        b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "x"> %a;]>' + svg(),
        "SVG: an entity is declared",
    ),
    "no end": (svg()[:-6], "SVG: no element found: line 1, column 40"),
    "no XML": (svg("<g></f>"), "SVG: mismatched tag: line 1, column 45"),
    "an encoding that nobody knows": (
        b'<?xml version="1.0" encoding="nope"?>' + svg(),
        "SVG: unknown encoding: nope",
    ),
    "an encoding of several bytes": (
        b'<?xml version="1.0" encoding="gbk"?>' + svg(),
        "SVG: multi-byte encodings are not supported",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_drawing_says_what_is_wrong(name: str) -> None:
    """What cannot be read to its end is refused."""
    data, reason = BROKEN[name]
    with pytest.raises(Unreadable) as wrong:
        told(data)
    assert str(wrong.value) == reason
