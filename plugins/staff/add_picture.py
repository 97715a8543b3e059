"""``make add-picture FILE=…``: the one way in which a picture comes into ``content/images``.

It is made anew before (upright, smaller, with nothing of the camera's), and what has to be known of
it is asked, in Chinese and English. Each answer can be given as an option instead, after the
file or in ``ARGS``.
"""

import argparse
import json
import os
import shlex
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from donations_api.errors import FileWrong
from donations_api.frame import Language, load_frame
from plugins import anew, pictures
from plugins.people import withdrawals
from plugins.problems import Problem
from plugins.staff import printing, taking_in
from plugins.staff.making import CONTENT, THEME
from plugins.staff.messages import Refusal, say

QUALITY = 90  # of 100; the copy for the site is made from this one
MOST_BYTES = 100_000_000
_YES, _NO = "yes", "no"


def main(words: list[str]) -> int:
    """Take in the picture that a word or ``FILE`` names; 1 when it is refused. Raises Refusal."""
    options = _parse([*words, *shlex.split(os.environ.get("ARGS", ""))])
    file = Path(options.file or os.environ.get("FILE", "").strip())
    try:
        languages = load_frame(CONTENT, THEME).written
        original = _original(file)
    except FileWrong as wrong:
        printing.show([Problem.of_content_file(wrong)])
        return 1
    except anew.Refused as refused:
        printing.show([refused.problem])
        return 1
    taking_in.finish(CONTENT)
    name = _name(options.name, file)
    answers = _answers(options, languages, original)
    place = (CONTENT / pictures.FOLDER / name).as_posix()
    files = {
        name: original.taken_in(
            place, ai_generated=answers["ai_generated"] == _YES, quality=QUALITY
        ),
        f"{name}.toml": _sidecar(answers, options, languages).encode(),
    }
    codes = tuple(language.code for language in languages)
    if found := taking_in.take_in(CONTENT, files, lambda folder: _wrong(folder, codes)):
        printing.show(found)
        say("add.refused", to_errors=True, file=file.as_posix())
        return 1
    say("add.done", place=place, name=name, size=f"{len(files[name]) / 1024:.0f}")
    return 0


def _wrong(folder: Path, languages: tuple[str, ...]) -> list[Problem]:
    declared, problems = pictures.read(folder, languages)
    withdrawn, unreadable = withdrawals.read(folder)
    return [*problems, *unreadable, *withdrawn.returned(one.original for one in declared)]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refusal("add.options", reason=message)


def _parse(words: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="make add-picture", description=__doc__)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--name")
    parser.add_argument("--people", choices=pictures.PEOPLE)
    parser.add_argument("--identity", choices=pictures.IDENTITY)
    parser.add_argument("--consent", action="append", metavar="CODE")
    parser.add_argument("--author")
    parser.add_argument("--approver")
    parser.add_argument("--ai-generated", choices=(_YES, _NO))
    parser.add_argument("--alt", action="append", default=[], metavar="LANGUAGE=TEXT")
    return parser.parse_args(words)


def _original(file: Path) -> anew.Original:
    """The picture, which can be made anew. Raises Refusal and anew.Refused."""
    place = file.as_posix()
    if not file.is_file():
        raise Refusal("add.no_file", file=place)
    if file.suffix.lower() not in pictures.FORMATS:
        params = {"formats": " ".join(pictures.FORMATS)}
        raise anew.Refused(Problem("C7.format", place, params=params))
    if file.stat().st_size > MOST_BYTES:
        raise anew.Refused(Problem("C7.too_large", place))
    original = anew.read(file, place)
    original.size(place)
    return original


def _name(given: str | None, file: Path) -> str:
    """The name in the site: a code, since it stands in an address. Raises Refusal."""
    ending = file.suffix.lower()

    def is_free(name: str) -> bool:
        return not (CONTENT / pictures.FOLDER / f"{name}{ending}").exists()

    def is_good(name: str) -> bool:
        return bool(pictures.NAME.fullmatch(f"{name}{ending}")) and is_free(name)

    name = given if given is not None else _ask("add.name", "--name", is_good)
    if not pictures.NAME.fullmatch(f"{name}{ending}"):
        raise Refusal("add.bad_name", name=name)
    if not is_free(name):
        raise Refusal("add.taken", name=f"{name}{ending}")
    return f"{name}{ending}"


def _answers(
    options: argparse.Namespace, languages: tuple[Language, ...], original: anew.Original
) -> dict[str, str]:
    """All that the sidecar says, by its names there; ``alt.zh`` is one of them. Raises Refusal."""
    people = options.people or _ask("add.people", "--people", _one_of(pictures.PEOPLE))
    answers = {"people": people, "identity": "none"}
    if people != "none" or options.identity:
        answers["identity"] = options.identity or _ask(
            "add.identity", "--identity", _one_of(pictures.IDENTITY)
        )
    if people != "none" and options.consent is None:
        options.consent = _ask("add.consents", "--consent", bool).replace("，", " ").split()
    answers["author"] = options.author or _ask("add.author", "--author", bool)
    answers["approved_by"] = options.approver or _ask("add.approver", "--approver", bool)
    if original.label and options.ai_generated == _NO:
        raise Refusal("add.is_ai")
    if original.label:
        options.ai_generated = _YES
    answers["ai_generated"] = options.ai_generated or _ask(
        "add.ai_generated", "--ai-generated", _one_of((_YES, _NO))
    )
    given = dict(one.split("=", 1) for one in options.alt if "=" in one)
    for language in languages:
        words = given.get(language.code, "").strip()
        answers[f"alt.{language.code}"] = words or _ask(
            "add.alt", f"--alt {language.code}=…", bool, name=language.name
        )
    return answers


def _one_of(choices: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda typed: typed in choices


def _ask(message: str, option: str, is_good: Callable[[str], bool], **details: object) -> str:
    """What is typed, once it can be used. Raises Refusal when nobody is there to type it."""
    while True:
        say(message, to_errors=False, **details)
        try:
            typed = input("> ").strip()
        except EOFError:
            raise Refusal("add.unanswered", option=option) from None
        if is_good(typed):
            return typed
        say("add.again")


def _sidecar(
    answers: Mapping[str, str], options: argparse.Namespace, languages: tuple[Language, ...]
) -> str:
    lines = [f"{name} = {json.dumps(answers[name])}" for name in ("people", "identity")]
    if options.consent:
        lines.append(f"consent_ids = {json.dumps(options.consent, ensure_ascii=False)}")
    words = ["author", "approved_by", *(f"alt.{language.code}" for language in languages)]
    lines += [f"{name} = {json.dumps(answers[name], ensure_ascii=False)}" for name in words]
    lines.append(f"ai_generated = {'true' if answers['ai_generated'] == _YES else 'false'}")
    text = "\n".join(lines) + "\n"
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal("add.options", reason=error) from None
    return text
