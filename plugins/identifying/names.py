"""The names that must never appear, known only by their HMACs: the list itself tells nothing.

``NAMES_LIST`` is a file outside the project that ``make names`` writes: lines of HMAC-SHA256 in hex
of names in one form, by the key ``NAMES_KEY``. A text is looked through by trying each piece that
could be a name.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from plugins.identifying.finding import Finding
from plugins.identifying.plain import HAN

LIST, KEY = "NAMES_LIST", "NAMES_KEY"
SHORTEST_KEY = 32  # characters
LONGEST = 4  # characters of a Chinese name, words of another
# A list by another key would find nothing, and nobody would notice: its own HMAC has to be in it.
CHECK = "this list was made with this key"
_GAP = r"[ \t\n·・•‧∙.\-_*~`|/\\\"'“”‘’「」]{1,4}"
_RUN = re.compile(rf"[{HAN}](?:(?:{_GAP})?[{HAN}])+")
_GAPS = re.compile(_GAP)
# Chinese texts put a Latin name between Chinese characters, often without a space; a table puts
# given and family name into two cells.
_LETTERS = rf"[^\W\d_{HAN}]+"
_WORDS = re.compile(rf"{_LETTERS}(?:(?:[ \t\n]{{1,4}}|[.·‧・•'’_\-]|\. |, ){_LETTERS})*")
_WORD = re.compile(_LETTERS)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# So short in small letters are ordinary words too: "he ran" is no 何然.
_SHORTEST = 7


class ListUnusable(Exception):
    """Names cannot be looked for; the text says why, and names nobody."""


def _keyed(key: bytes) -> "tuple[hashlib._Hash, hashlib._Hash]":
    """RFC 2104, with the key's part done once: millions of pieces are tried."""
    block = 64
    padded = (hashlib.sha256(key).digest() if len(key) > block else key).ljust(block, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
    return inner, hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))


class Names:
    """The listed names. What was once found to be no name is not tried again."""

    def __init__(self, key: bytes, digests: frozenset[bytes]) -> None:
        self._inner, self._outer = _keyed(key)
        self._digests = digests
        self._clear: set[str] = set()

    def find(self, text: str) -> Iterator[Finding]:
        """Listed names in a plain text."""
        if not self._digests:
            return
        for form, start, end in _pieces(text):
            if form not in self._clear:
                digest = self.digest(form)
                if digest in self._digests:
                    found = text[start:end]
                    yield Finding("C6.listed_name", found, start, end, digest=digest.hex())
                else:
                    self._clear.add(form)

    def digest(self, form: str) -> bytes:
        """HMAC-SHA256 of a name's form, from the halves of it that the key alone decides."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(form.encode())
        outer.update(inner.digest())
        return outer.digest()


NOBODY = Names(b"", frozenset())


def from_environment(environment: Mapping[str, str] = os.environ) -> Names:
    """The list that the environment names; nobody where it names none. Raises ListUnusable."""
    file, key = environment.get(LIST), environment.get(KEY)
    if not file:
        return NOBODY
    if not key or len(key) < SHORTEST_KEY:
        raise ListUnusable(f"{KEY} < {SHORTEST_KEY}")
    try:
        lines = Path(file).read_text(encoding="ascii").split()
        digests = frozenset(bytes.fromhex(line) for line in lines)
    except (OSError, ValueError) as error:
        raise ListUnusable(type(error).__name__) from None
    names = Names(key.encode(), digests)
    if any(len(digest) != hashlib.sha256().digest_size for digest in digests):
        raise ListUnusable("HMAC-SHA256")
    if names.digest(CHECK) not in digests:
        raise ListUnusable(f"{KEY} ≠ {LIST}")
    return names


def forms(name: str) -> set[str]:
    """The forms in which a plain name is looked for; none when it is too short to be one."""
    parts = [part for part in re.split(r"[\s·・•‧.]+", name.strip()) if part]
    if all(re.fullmatch(rf"[{HAN}]+", part) for part in parts):
        whole = "".join(parts)
        # 买买提·吐尔逊 is told by either part.
        pieces = [whole] if len(whole) <= LONGEST else [*parts, whole]
        return {piece[:LONGEST] for piece in pieces if len(piece) > 1}
    words = _WORD.findall(name)
    turned = [*words[1:], *words[:1]], [*words[-1:], *words[:-1]]
    spelled = {" ".join(map(_folded, order)) for order in (words[:LONGEST], *turned)}
    spelled |= {form.replace(" ", "") for form in spelled}
    return {form for form in spelled if len(form.replace(" ", "")) > 3}


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Whatever could be a name: its form, and where it stands."""
    for run in _RUN.finditer(text):
        yield from _chinese(run[0], run.start())
    for run in _WORDS.finditer(text):
        yield from _latin(run[0], run.start())


def _chinese(run: str, start: int) -> Iterator[tuple[str, int, int]]:
    gaps = _GAPS.search(run)
    places = [at for at, sign in enumerate(run) if not gaps or not _GAPS.match(sign)]
    simple = "".join(run[at] for at in places)
    for length in range(2, LONGEST + 1):
        for at in range(len(simple) - length + 1):
            end = places[at + length - 1] + 1
            yield simple[at : at + length], start + places[at], start + end


def _latin(run: str, start: int) -> Iterator[tuple[str, int, int]]:
    words = [hump for word in _WORD.finditer(run) for hump in _humps(word)]
    in_address = " " not in run  # where everything is small
    folded = [_folded(run[begin:end]) for begin, end in words]
    # Letters of a script without capitals are no small ones.
    named = [in_address or not run[begin].islower() for begin, _ in words]
    for first, (begin, _) in enumerate(words):
        form, capitals = "", True
        for last in range(first, min(first + LONGEST, len(words))):
            form = f"{form} {folded[last]}" if form else folded[last]
            capitals = capitals and named[last]
            if capitals or len(form) - (last - first) >= _SHORTEST:
                yield form, start + begin, start + words[last][1]


def _humps(word: re.Match[str]) -> list[tuple[int, int]]:
    """``WangXiaoming`` in its words."""
    said, begin = word[0], word.start()
    if said.islower() or said.istitle():
        return [(begin, word.end())]
    cuts = [0, *(cut.start() for cut in _CAMEL.finditer(said)), len(said)]
    return [(begin + a, begin + b) for a, b in pairwise(cuts)]


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
