"""``make translated FILE=content/pages/about.en.md``: this translation says what its source says.

The mark goes into the file's head, and the source's text beside it into ``content/translated/``.
Without ``FILE`` it shows which translations are out of date, and the paragraphs that changed.
"""

import os
import re
from pathlib import Path
from typing import Any

import yaml

from donations_api.errors import FileWrong
from donations_api.frame import Frame, load_frame
from plugins import paragraphs, sources, translations
from plugins.paragraphs import MARK, Unreadable
from plugins.problems import Problem
from plugins.staff import printing, status
from plugins.staff.making import CONTENT, THEME
from plugins.staff.messages import Refusal, say
from plugins.translations import State
from plugins.whole_files import write_whole

# As the front matter's reader takes it, but with the line ends that the file has.
_HEAD = re.compile(
    r"\ufeff?(?:\s*\n)?---(?P<end>\r?\n)(?P<head>.*?)^(?:---|\.\.\.)\r?$", re.MULTILINE | re.DOTALL
)


def main(words: list[str]) -> int:
    """Mark the file that a word or ``FILE`` names, or show what is out of date. Raises Refusal."""
    try:
        frame = load_frame(CONTENT, THEME)
    except FileWrong as wrong:
        printing.show([Problem.of_content_file(wrong)])
        return 1
    if named := " ".join(words) or os.environ.get("FILE", "").strip():
        _mark(frame, Path(os.path.relpath(named)))
    else:
        _show_open(frame)
    return 0


def _mark(frame: Frame, file: Path) -> None:
    place = file.as_posix()
    if not file.is_file():
        raise Refusal("translated.no_file", file=place)
    if file not in sources.files(CONTENT):
        raise Refusal("translated.no_page", file=place)
    key, code = sources.named(file.relative_to(CONTENT).as_posix())
    if code not in [one.code for one in frame.languages if not one.made_from]:
        raise Refusal("translated.no_language", file=place)
    source = sources.source(CONTENT, key, frame.default.code)
    if file == source:
        raise Refusal("translated.is_source", file=place)
    if not source.is_file():
        raise Refusal("translated.no_source", source=source.as_posix(), file=place)
    for one in (file, source):
        try:
            paragraphs.read(one)
        except Unreadable:
            raise Refusal("translated.unreadable", file=one.as_posix()) from None
    current = paragraphs.of_file(source)
    copy, text = translations.copy(CONTENT, key, code), translations.as_text(current)
    done = translations.state(CONTENT, frame, key, code) is State.COMPLETE
    if done and copy.is_file() and copy.read_bytes() == text.encode():
        say("translated.already", source=source.as_posix(), file=place)
        return
    marked = _marked(file, translations.fingerprint(current))
    # The text first: broken off between the two, the translation still counts as out of date.
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_whole(copy, text.encode())
    write_whole(file, marked)
    say("translated.done", source=source.as_posix(), file=place)


def _marked(file: Path, mark: str) -> bytes:
    """The file's bytes with the mark in its head, and all the rest as it is. Raises Refusal."""
    text = file.read_bytes().decode("utf-8")
    found = _HEAD.match(text)
    if not found:  # lines that end as on no computer of today
        raise Refusal("translated.unreadable", file=file.as_posix())
    head, line, end = found["head"], f'{MARK}: "{mark}"', found["end"]
    changed = head + line + end
    node: Any = yaml.compose(head, Loader=yaml.SafeLoader)
    for key, value in node.value:
        if str(key.value).lower() == MARK:
            changed = head[: key.start_mark.index] + line + head[value.end_mark.index :]
    marked = text[: found.start("head")] + changed + text[found.end("head") :]
    if not _says_only_more(head, changed, mark):
        raise Refusal("translated.not_marked", file=file.as_posix(), line=line)
    return marked.encode()


def _says_only_more(head: str, changed: str, mark: str) -> bool:
    # A head may be written in ways of YAML that take no further line.
    try:
        before, after = yaml.safe_load(head), yaml.safe_load(changed)
    except yaml.YAMLError:
        return False
    kept = [{k: v for k, v in one.items() if str(k).lower() != MARK} for one in (before, after)]
    return kept[0] == kept[1] and after.get(MARK) == mark


def _show_open(frame: Frame) -> None:
    survey = translations.survey(CONTENT, frame)
    for wanted in (State.STALE, State.UNMARKED):
        files = [
            (key, code)
            for key, states in survey.items()
            for code, found in states.items()
            if found is wanted
        ]
        if files:
            say(f"translated.{wanted}", number=len(files))
        for key, code in files:
            status.show_changes(frame, key, code)
    if not any(State.STALE in states.values() for states in survey.values()):
        say("translated.none_stale")
