"""C7: an SVG written anew: each element, attribute and text that stays, and what is refused."""

import pytest

from plugins.anew import drawings
from plugins.hidden_data import Unreadable, ai_label, look
from plugins.hidden_data.drawings import SVG

SPACES = f'xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ed="http://ed.example/"'
BOX = ' viewBox="0 0 30 20"'
ROOT = f'<svg xmlns="{SVG}" viewBox="0 0 30 20" width="30" height="20">'


def svg(within: str = "", about: str = BOX) -> bytes:
    return f"<svg {SPACES}{about}>{within}</svg>".encode()


def anew(within: str = "", about: str = BOX) -> str:
    """What is in the drawing that is written."""
    made = drawings.cleaned(svg(within, about), None)
    assert look(made, "SVG").hidden == ()
    return made.decode().removeprefix(ROOT).removesuffix("</svg>")


KEPT = {
    "nothing": ("", ""),
    "what draws": (
        '<g fill="red"><path d="M0 0"/></g>',
        '<g fill="red"><path d="M0 0"></path></g>',
    ),
    "signs": ('<path d="&quot;&lt;&amp;"/>', "<path d='\"&lt;&amp;'></path>"),
    "a text": (
        "<text>Roof <tspan>and</tspan> &lt;door&gt;</text>",
        "<text>Roof <tspan>and</tspan> &lt;door&gt;</text>",
    ),
    "blanks of a text": ("<text>\t\t<tspan>a</tspan></text>", "<text> <tspan>a</tspan></text>"),
    "blanks elsewhere": ("<g>\n <path/>\n</g>", "<g><path></path></g>"),
    "a text that nobody sees": ("<g>Secret<text>a</text>Secret</g>", "<g><text>a</text></g>"),
    "notes": ("<title>x</title><desc><g>x</g></desc><metadata/><g/>", "<g></g>"),
    "a text behind a note": ("<text>a<desc>b</desc>c</text>", "<text>ac</text>"),
    "an editor's elements": ("<ed:a><g><ed:b/>x</g></ed:a><g/>", "<g></g>"),
    "an editor's attributes": ('<g ed:by="x" fill="red" ed:r="1"/>', '<g fill="red"></g>'),
    "attributes on no list": ('<g class="x" fill="red" data-x="1"/>', '<g fill="red"></g>'),
    "names as numbers": (
        '<g id="Secret"/><use href="#Other"/><use xlink:href="#Secret"/><g id="Third"/>',
        '<g id="n1"></g><use href="#n2"></use><use href="#n1"></use><g id="n3"></g>',
    ),
    "a link of an editor": ('<use ed:href="elsewhere"/>', "<use></use>"),
    "names in colours": (
        "<g id='a' fill='url( \"#b\" ) red' stroke=\"url('#a')\" mask='url(#b)'/>",
        '<g id="n1" fill="url(#n2) red" stroke="url(#n1)" mask="url(#n2)"></g>',
    ),
    "a style": (
        '<g style=" fill : red ;;ed:x; stroke:url(#a);"/>',
        '<g fill="red" stroke="url(#n1)"></g>',
    ),
    "a style over an attribute": ('<g fill="red" style="fill:blue"/>', '<g fill="blue"></g>'),
    "a style beside an attribute": (
        '<path d="M0" style="fill:red"/>',
        '<path d="M0" fill="red"></path>',
    ),
    "a value with a colon": ('<g style="font-family:a:b"/>', '<g font-family="a:b"></g>'),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_draws_stays(name: str) -> None:
    """Letter by letter, and nothing that the look at hidden data tells."""
    within, kept = KEPT[name]
    assert anew(within) == kept


SIZES: dict[str, tuple[str, str, tuple[int, int]]] = {
    "a box": (BOX, 'viewBox="0 0 30 20" width="30" height="20"', (30, 20)),
    "a box elsewhere": (
        ' viewBox="5,6, 30.6 20.4"',
        'viewBox="5,6, 30.6 20.4" width="30.6" height="20.4"',
        (31, 20),
    ),
    "lengths": (
        ' width=" 30px " height="1"',
        'viewBox="0 0 30 1" width="30" height="1"',
        (30, 1),
    ),
    "lengths and a box": (
        f'{BOX} width="3" height="2.0"',
        'viewBox="0 0 30 20" width="3" height="2"',
        (3, 2),
    ),
    "a part of a page and a box": (
        f'{BOX} width="100%" height="2"',
        'viewBox="0 0 30 20" width="30" height="20"',
        (30, 20),
    ),
    "one length and a box": (
        f'{BOX} width="7"',
        'viewBox="0 0 30 20" width="30" height="20"',
        (30, 20),
    ),
    "less than one": (
        ' width="0.6" height="0.9"',
        'viewBox="0 0 0.6 0.9" width="0.6" height="0.9"',
        (1, 1),
    ),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_drawing_says_its_size(name: str) -> None:
    """In CSS pixels, so that a page keeps its place free."""
    about, written, size = SIZES[name]
    made = drawings.cleaned(svg(about=about), None)
    assert made.decode() == f'<svg xmlns="{SVG}" {written}></svg>'
    assert drawings.size(made) == drawings.size(svg(about=about)) == size


def test_what_ai_made_keeps_its_label() -> None:
    """Once, before all that it draws."""
    said = f"<metadata>{ai_label.packet(ai_label.DECLARED).decode()}</metadata>"
    made = drawings.cleaned(svg("<g><path/></g><metadata>x</metadata>"), ai_label.DECLARED)
    assert made.decode() == f"{ROOT}{said}<g><path></path></g></svg>"
    assert look(made, "SVG").label == ai_label.DECLARED


NO_SIZE = "SVG: neither viewBox nor width and height"
REFUSED = {
    "a script": (svg("<script/>"), "SVG: <script>"),
    "a photo": (svg("<g><image/></g>"), "SVG: <image>"),
    "a handler": (svg('<g onClick="x"/>'), "SVG: onClick"),
    "a handler of an editor": (svg('<g ed:onload="x"/>'), "SVG: onload"),
    "a handler of it all": (svg(about=f'{BOX} onload="x"'), "SVG: onload"),
    "another file": (svg('<use href="a.svg#b"/>'), "SVG: href"),
    "another file, as of old": (svg('<use xlink:href="a.svg"/>'), "SVG: href"),
    "a colour from elsewhere": (svg('<g fill="url(a#b)"/>'), "SVG: url()"),
    "a style from elsewhere": (svg('<g style="fill:url(a)"/>'), "SVG: url()"),
    "two, one from elsewhere": (svg('<g fill="url(#a) url(b)"/>'), "SVG: url()"),
    "a colour in disguise": (svg('<g fill="u\\72l(x)"/>'), "SVG: url()"),
    "a reference cut out of another": (svg('<g fill="uurl(#n1)rl(x)"/>'), "SVG: url()"),
    "no size": (svg(about=""), NO_SIZE),
    "no width": (svg(about=' height="2"'), NO_SIZE),
    "no height": (svg(about=' width="2"'), NO_SIZE),
    "nothing wide": (svg(about=' width="0" height="2"'), NO_SIZE),
    "nothing high": (svg(about=' viewBox="0 0 30 0"'), NO_SIZE),
    "below nothing": (svg(about=' viewBox="0 0 -3 5"'), NO_SIZE),
    "three numbers": (svg(about=' viewBox="0 0 30"'), NO_SIZE),
    "five numbers": (svg(about=' viewBox="0 0 30 20 1"'), NO_SIZE),
    "no number": (svg(about=' viewBox="0 0 a 5"'), "SVG: could not convert string to float: 'a'"),
    "two points": (
        svg(about=' width="1.2.3" height="2"'),
        "SVG: could not convert string to float: '1.2.3'",
    ),
    "another root": (
        f'<g xmlns="{SVG}"{BOX}><svg/></g>'.encode(),
        f'SVG: begins with <g xmlns="{SVG}">',
    ),
    "a note for a root": (
        f'<title xmlns="{SVG}"/>'.encode(),
        f'SVG: begins with <title xmlns="{SVG}">',
    ),
    "no namespace": (f"<svg{BOX}/>".encode(), 'SVG: begins with <svg xmlns="">'),
    "no end": (svg()[:-6], "SVG: no element found: line 1, column 133"),
    "an entity": (
        b'<!DOCTYPE svg [<!ENTITY a "x">]>' + svg("<text>&a;</text>"),
        "SVG: an entity is declared",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_another_drawing_is_refused(name: str) -> None:
    """With what it has that may not stay."""
    data, reason = REFUSED[name]
    for read in (lambda: drawings.cleaned(data, None), lambda: drawings.size(data)):
        with pytest.raises(Unreadable) as wrong:
            read()
        assert str(wrong.value) == reason


def test_what_is_left_out_may_hold_anything() -> None:
    """A note or an editor's element with a script in it goes as a whole."""
    assert anew("<ed:a><script/></ed:a><desc><image href='x'/></desc><g/>") == "<g></g>"
