"""Draws with typst what the build shows of itself: icons and the pictures that chats show.

What is drawn depends on what is given alone: the font is our own, the colours are the theme's, and
the same words make the same bytes on every computer.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from donations_api import errors

_HERE = Path(__file__).parent
_FONTS = Path(errors.__file__).parent / "fonts"
_TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{3,6});")


def draw(template: str, pages: Sequence[object]) -> list[bytes]:
    """A PNG for each of ``pages``, which ``<template>.typ`` is given as data and sets as a page."""
    # Most builds draw nothing, and spare themselves the time.
    import typst

    compiler = typst.Compiler(_HERE / f"{template}.typ", root=_HERE, font_paths=_fonts())
    inputs = {"pages": json.dumps(pages, ensure_ascii=False)}
    drawn = compiler.compile(format="png", ppi=72, sys_inputs=inputs)  # a point is a pixel
    return drawn if isinstance(drawn, list) else [drawn or b""]


def recipe(template: str) -> bytes:
    """What, beside a page's data, decides how it comes out."""
    return version("typst").encode() + (_HERE / f"{template}.typ").read_bytes()


def colours(theme: Path) -> dict[str, str]:
    """The theme's colours in the light, by the names of their tokens: ``night`` is ``#16203a``."""
    light, _, _ = (theme / "static" / "site.css").read_text(encoding="utf-8").partition("}")
    return dict(_TOKEN.findall(light))


def as_svg(mark: dict[str, str], colour: str) -> str:
    """The mark by itself, in one colour."""
    size, path = mark["size"], mark["path"]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'width="{size}" height="{size}"><path d="{path}" fill="{colour}"/></svg>'
    )


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS]
    )
