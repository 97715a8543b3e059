"""Rule L8: the words that donors agree to have a version, and no version ever changes its words.

The form's words stand in the catalogs; ``content/consent_texts.toml`` keeps what each version said,
in each language. A gift is stored with its version, so this file tells what its donor agreed to.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from donations_api.frame import EN, Frame, translate
from plugins.problems import Problem, collected

FILE = "consent_texts.toml"
_WORDS = ("form.consent.text", "form.consent.label")


def words(frame: Frame) -> dict[str, str]:
    """What donors agree to, by the code of each language that people write."""
    return {
        one.code: " ".join(translate(frame.words, one, message) for message in _WORDS)
        for one in frame.written
    }


def check(content: Path, version: str, said: Mapping[str, str]) -> Iterator[Problem]:
    """Whether ``version`` is kept with the words that the form says now, by language."""
    file = content / FILE
    try:
        kept = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        kept = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield Problem("L8.unreadable", file.as_posix(), params={"reason": str(error)})
        return
    texts = kept.get(version)
    if not isinstance(texts, dict):
        yield Problem("L8.unrecorded", file.as_posix(), params={"version": version})
        return
    for language, text in said.items():
        # Where a language has no words of its own, the form's are English.
        before = texts.get(language, texts.get(EN.code, ""))
        if not isinstance(before, str) or before.split() != text.split():
            told = {"version": version, "language": language, "text": text}
            yield Problem("L8.changed", file.as_posix(), params=told)


def look(pelican: Pelican) -> None:
    """Hold the form's words against those that are kept."""
    settings = pelican.settings
    content = Path(os.path.relpath(settings["PATH"]))
    version = settings["GIVING"].consent_version
    collected(settings).extend(check(content, version, words(settings["FRAME"])))


def register() -> None:
    signals.initialized.connect(look)
