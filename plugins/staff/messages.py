"""What the commands say, in Chinese and then in English, since either may be the reader's language.

Runs on any Python from 3.6 with nothing installed: it must be able to say that Python is too old.
"""

import ast
import functools
import io
import os
import re
import sys

_LOCALE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
_ENTRY = re.compile(r'^msgid (".*")\nmsgstr ((?:".*"\n?)+)', re.MULTILINE)


class Refusal(Exception):
    """The command cannot go on. Whoever catches it says the message and ends with code 1.

    ``message_id`` is an id of the catalogs, ``details`` what its braces stand for.
    """

    def __init__(self, message_id: str, **details: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.details = details


@functools.lru_cache(maxsize=None)
def catalog(language: str) -> "dict[str, str]":
    """Message ids and texts of ``language`` (``zh``, ``en``)."""
    with io.open(os.path.join(_LOCALE, language + ".po"), encoding="utf-8") as po:
        entries = _ENTRY.findall(po.read())
    # A quoted string of a .po file is one of Python's too, and so are several in a row.
    return {ast.literal_eval(key): ast.literal_eval("(" + text + ")") for key, text in entries}


def text(message_id: str, language: str, **details: object) -> str:
    """One message in one language. Raises KeyError for an id that the catalog does not have."""
    return catalog(language)[message_id].format(**details)


def say(message_id: str, to_errors: bool = False, **details: object) -> None:
    """Print a message, Chinese line first, on standard output or on standard error."""
    for language in ("zh", "en"):
        write_line(text(message_id, language, **details), to_errors)


def write_line(line: str, to_errors: bool = False) -> None:
    """Print a line; what an old terminal cannot show becomes a question mark, never an error."""
    stream = sys.stderr if to_errors else sys.stdout
    encoding = stream.encoding or "ascii"
    stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()
