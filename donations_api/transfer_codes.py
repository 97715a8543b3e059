"""Codes that donors copy into the remark of a bank transfer, such as ``K7QM-4TXB``.

Signs that look like another are left out. The last sign is a checksum: a single wrong sign is
noticed, and so are two that were swapped, so that a slip never names somebody else's gift.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator

# Without 0 and O, 1, I and L, S (5), U (V). A prime number of signs: no swap escapes the checksum.
SIGNS = "23456789ABCDEFGHJKMNPQRTVWXYZ"
LENGTH = 8

# What stands between other letters and digits, and the gaps that people leave within a code.
_WRITTEN = re.compile(r"[0-9A-Z]+(?:[\s_\-‐-―−]{1,3}[0-9A-Z]+)*")
_PIECE = re.compile(r"[0-9A-Z]+")


def new_code() -> str:
    """A code that nobody can guess, as donors see it."""
    while True:
        signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1))
        code = signs + _last(signs)
        if _is_code(code):
            return _grouped(code)


def codes_in(text: str) -> tuple[str, ...]:
    """The codes that stand in ``text``, as ``new_code`` writes them; mostly none, or one.

    In any case and width, with or without gaps, amid Chinese; never as a part of a longer number
    or word. What looks like a code by chance is for the caller to tell: nobody was given it.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    found = (_grouped(code) for run in _WRITTEN.findall(plain) for code in _codes_of(run))
    return tuple(dict.fromkeys(found))


def _codes_of(run: str) -> Iterator[str]:
    """Those made of whole pieces of ``run`` that follow one another."""
    pieces = _PIECE.findall(run)
    for first in range(len(pieces)):
        joined = ""
        for piece in pieces[first:]:
            joined += piece
            if len(joined) >= LENGTH:
                break
        if _is_code(joined):
            yield joined


def _is_code(signs: str) -> bool:
    """Whether the checksum is right. A number alone, or a word, is never taken for a code."""
    return (
        len(signs) == LENGTH
        and set(signs) <= set(SIGNS)
        and not signs.isdigit()
        and not signs.isalpha()
        and signs[-1] == _last(signs[:-1])
    )


def _last(signs: str) -> str:
    """The last sign, with which the values, each times its place, add up to a multiple."""
    total = sum(place * SIGNS.index(sign) for place, sign in enumerate(signs, start=1))
    return SIGNS[-total * pow(LENGTH, -1, len(SIGNS)) % len(SIGNS)]


def _grouped(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"
