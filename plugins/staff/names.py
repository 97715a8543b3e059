"""``make names FILE=…``: a private file of real names becomes the list that builds look for.

The list (``NAMES_LIST``) holds HMACs by ``NAMES_KEY`` and as many random lines as it takes to hide
how many names there are. Both files stay outside the project, which is copied and published.
"""

import os
import secrets
from itertools import product
from pathlib import Path

from pypinyin import Style, pinyin

from plugins.identifying import names
from plugins.identifying.plain import plain
from plugins.people.consent_register import decoded
from plugins.staff.messages import Refusal, say
from plugins.whole_files import PRIVATE, write_whole

_SMALLEST = 256  # lines; a longer list is padded to the next power of two
_UMLAUT = ("v", "u", "yu")  # how ü is written without one


def main(words: list[str]) -> int:
    """Write the list. Raises Refusal; its message never holds a name."""
    key = os.environ.get(names.KEY, "")
    if len(key) < names.SHORTEST_KEY:
        length = names.SHORTEST_KEY
        raise Refusal("names.key", length=length, example=secrets.token_hex(length // 2))
    target = _outside(os.environ.get(names.LIST, ""), "names.list")
    source = _outside(" ".join(words) or os.environ.get("FILE", ""), "names.file")
    try:
        text, _ = decoded(source.read_bytes())
    except (OSError, ValueError) as error:
        raise Refusal("names.unreadable", reason=type(error).__name__) from None
    if "\0" in text:  # a document's bytes can pass as GBK, and nobody's name would be looked for
        raise Refusal("names.unreadable", reason="NUL")
    lines = enumerate(text.splitlines(), start=1)
    named = {number: line for number, line in lines if line.strip()}
    by_line = {number: spelled(plain(line)) for number, line in named.items()}
    if short := [str(number) for number, forms in by_line.items() if not forms]:
        raise Refusal("names.short", lines=" ".join(short))
    if not by_line:
        raise Refusal("names.file")
    _write(target, names.Names(key.encode(), frozenset()), set().union(*by_line.values()))
    say("names.made", number=len(by_line))
    return 0


def spelled(name: str) -> set[str]:
    """A name's forms; a Chinese one in Latin letters too, as translations and addresses have it."""
    forms = names.forms(name)
    for form in sorted(forms):
        if not form.isascii():
            for sounds in _readings(form):
                forms |= names.forms(" ".join(sounds))
                for family in (1, 2):  # characters: 欧阳 is one word
                    first, given = "".join(sounds[:family]), sounds[family:]
                    forms |= names.forms(f"{first} {' '.join(given)}")
                    forms |= names.forms(f"{first} {''.join(given)}")
    return forms


def _readings(form: str) -> set[tuple[str, ...]]:
    """In each way in which it may be read and typed: 单 is Shan as a name, 吕 is Lyu, Lv or Lu."""
    read = product(*pinyin(form, style=Style.NORMAL, heteronym=True))
    return {
        tuple(one.replace("v", typed) for one in sounds) for sounds, typed in product(read, _UMLAUT)
    }


def _outside(path: str, refusal: str) -> Path:
    file = Path(path).resolve()
    if not path.strip() or file.is_relative_to(Path.cwd().resolve()):
        raise Refusal(refusal)
    return file


def _write(target: Path, by_key: names.Names, forms: set[str]) -> None:
    digests = {by_key.digest(form).hex() for form in (names.CHECK, *forms)}
    wanted = _SMALLEST
    while wanted < len(digests):
        wanted *= 2
    while len(digests) < wanted:
        digests.add(secrets.token_hex(32))
    text = "\n".join(sorted(digests)) + "\n"
    # Nobody else on this computer needs to read it.
    write_whole(target, text.encode("ascii"), PRIVATE)
