"""Setting what we have drawn or written with typst: papers as PDF, keepsakes and cards as pictures.

What is to be said is handed over as data, so that no text of a donor's can be code; only the folder
of the template can be read. The fonts are our own, since a host may have none.
"""

import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).parent / "fonts"

_GOLD = "#f2b134"  # the mark's colour on the site
_INK = "#1b2440"


def typeset(template: Path, data: Mapping[str, Any], into: Literal["pdf", "png"]) -> bytes:
    """``template`` with ``data``, plain JSON values; the same bytes for the same data.

    A picture is one page, of two pixels a point.
    """
    made = _compiler(template).compile(format=into, ppi=144, sys_inputs=_inputs(data))
    assert isinstance(made, bytes)  # noqa: S101  # one file, though pictures are one a page
    return made


def pictures(template: Path, pages: Sequence[object]) -> list[bytes]:
    """A PNG for each of ``pages``, which ``template`` is given as data; a pixel is a point."""
    made = _compiler(template).compile(format="png", ppi=72, sys_inputs=_inputs(pages))
    return made if isinstance(made, list) else [made or b""]


def mark_drawn(mark: Mapping[str, Any] | None, colour: str = _GOLD) -> str:
    """The organisation's mark as SVG, in one colour; empty where it has none."""
    if not mark:
        return ""
    size, path = escape(str(mark["size"])), escape(mark["path"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'width="{size}" height="{size}"><path fill="{colour}" d="{path}"/></svg>'
    )


def code_drawn(address: str) -> str:
    """The QR code of an address, as SVG."""
    import segno

    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, dark=_INK)
    return drawn.getvalue().decode()


def _inputs(data: object) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}


def _compiler(template: Path) -> "typst.Compiler":
    # A cold start that only takes a webhook sets nothing, and most builds draw nothing.
    import typst

    return typst.Compiler(template, root=template.parent, font_paths=_fonts())


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
