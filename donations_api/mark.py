"""The organisation's mark, ``content/mark.svg``: plain paths on a square, without colours.

Pages, papers and icons draw it in colours of their own and at any size, so only its shape is read,
and anything that would be lost on the way is refused. A mark may be absent.
"""

import hashlib
import re
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from donations_api.errors import FileWrong

FILE = "mark.svg"
_SVG = "http://www.w3.org/2000/svg"
_BOX = re.compile(r"0[ ,]+0[ ,]+(?P<size>\d+(?:\.\d+)?)[ ,]+(?P=size)")
_PATH = re.compile(r"[Mm][MmLlHhVvCcSsQqTtAaZz\d\s.,eE+-]*")
_LENGTHS = {"width", "height"}  # an editor's; what a page gives the mark counts


def read_mark(content: Path) -> dict[str, str]:
    """``size`` of the square, ``path`` (one, of all that are drawn), ``version``. Raises FileWrong.

    ``version`` changes with the shape, so that no browser keeps an old icon. Empty without a file.
    """
    file = content / FILE
    if not file.exists():
        return {}
    size, paths = _Reader(file).read()
    path = " ".join(paths)
    digest = hashlib.sha256(f"{size} {path}".encode()).hexdigest()
    return {"size": size, "path": path, "version": digest[:10]}


class _Reader:
    def __init__(self, file: Path) -> None:
        self._file, self._size, self._paths = file, "", list[str]()
        self._parser = expat.ParserCreate(namespace_separator=" ")

    def read(self) -> tuple[str, list[str]]:
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = lambda *_: self._refuse("<!DOCTYPE>")
        try:
            self._parser.Parse(self._file.read_bytes(), True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            place, reason = self._file.as_posix(), str(error)
            raise FileWrong("file.unreadable", file=place, reason=reason) from None
        if not self._paths:
            self._refuse("<svg>")
        return self._size, self._paths

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.removeprefix(f"{_SVG} ")
        if not self._size:
            box = _BOX.fullmatch(attributes.pop("viewBox", "").strip())
            if tag != "svg" or not box or not float(box["size"]):
                self._refuse("viewBox")
            self._size = box["size"]
            attributes = {key: text for key, text in attributes.items() if key not in _LENGTHS}
        elif tag == "path":
            path = " ".join(attributes.pop("d", "").split())
            if not _PATH.fullmatch(path):
                self._refuse("d")
            # One path of them all: there a first "m" would go on from where the last one ended.
            self._paths.append(f"M0 0{path}" if self._paths and path[0] == "m" else path)
        else:
            self._refuse(f"<{tag.rpartition(' ')[2]}>")
        for key in attributes:
            self._refuse(key.rpartition(" ")[2])

    def _text(self, text: str) -> None:
        if text.strip():
            self._refuse(text.strip())

    def _refuse(self, found: str) -> NoReturn:
        line = str(self._parser.CurrentLineNumber)
        raise FileWrong("file.mark", file=self._file.as_posix(), line=line, found=found[:40])
