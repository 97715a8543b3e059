"""Findings of the text scan as a table of cases writes them."""

from collections.abc import Iterable

from plugins.identifying import Finding


def seen(text: str, found: Iterable[Finding]) -> list[str]:
    """``C6.place 示例小学``, with a question mark where a person has to look; each in its place."""
    told = []
    for one in found:
        assert text[one.start : one.end] == one.text
        assert type(one.certain) is bool
        told.append(f"{one.code} {one.text}{'' if one.certain else ' ?'}")
    return told
