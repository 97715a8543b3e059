"""Draws what the build shows of itself: icons, the pictures that chats show of a page, a notice.

What is drawn depends on what is given alone: the font is our own, the colours are the theme's, and
the same words make the same bytes on every computer.
"""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from donations_api import typesetting

_HERE = Path(__file__).parent


def draw(template: str, pages: Sequence[object]) -> list[bytes]:
    """A PNG for each of ``pages``, which ``<template>.typ`` is given as data and sets as a page."""
    return typesetting.pictures(_HERE / f"{template}.typ", pages)


def paper(template: str, said: Sequence[object]) -> bytes:
    """A PDF in which ``<template>.typ`` sets what is said."""
    return typesetting.typeset(_HERE / f"{template}.typ", {"said": said}, "pdf")


def recipe(template: str) -> bytes:
    """What, beside a page's data, decides how it comes out."""
    return version("typst").encode() + (_HERE / f"{template}.typ").read_bytes()
