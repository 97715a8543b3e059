"""The vectors of ``vectors.txt``: what somebody may put into a Markdown file to harm visitors."""

import re
from dataclasses import dataclass

from tests.site.tiny_site import ROOT

FILE = ROOT / "tests" / "site" / "vectors.txt"
_ESCAPE = re.compile(r"\\(u[0-9a-f]{4}|[nt\\])")
_MEANT = {"n": "\n", "t": "\t", "\\": "\\"}


@dataclass(frozen=True)
class Vector:
    """``kind``: active, alone, left or inert, as the head of the file explains them."""

    kind: str
    markdown: str


def read_vectors() -> list[Vector]:
    """All of them, in the order of the file."""
    found, kind = [], ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith(";;"):
            kind = line[3:].partition(":")[0]
        elif line:
            found.append(Vector(kind, _ESCAPE.sub(_meant, line)))
    return found


def _meant(match: re.Match[str]) -> str:
    return _MEANT.get(match[1]) or chr(int(match[1][1:], 16))
