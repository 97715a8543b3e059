"""The head of each page: read before Pelican does, so that what is wrong has a file and a line.

Pelican drops a page whose head it cannot read; some heads it reads as something else than was meant
(``title: 2026`` is a number), and ``translation: true`` makes it fail without naming the file.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from pelican import Pelican
from pelican.plugins import signals
from pelican.plugins.yaml_metadata.yaml_metadata import HEADER_RE

from plugins import sources
from plugins.figures import EXCUSE
from plugins.problems import Problem, collected
from plugins.terms import Term, nearest

_NAME = re.compile(r"(?P<key>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<language>[a-z-]+)\.md")
_TEXTS = ("title", "description")
_TEXTS_IF_THERE = (EXCUSE,)
_DATES = ("date", "modified", "expires")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# A name and a colon that YAML takes for text: it stumbles over a later line and tells that one.
_NO_COLON = re.compile(r"([A-Za-z_]+)(?:：|:(?![\s/]|$))")
# The file's name says these, or this version has no use for them; Pelican would act on them.
_RESERVED = {"lang", "slug", "url", "save_as", "status", "translation", "translation_key", "path"}
# Pelican groups pages by these; here topics do.
_GROUPS = {"tags", "category"}


def check(
    folder: Path, languages: tuple[str, ...], templates: Path, terms: Mapping[str, Term]
) -> list[Problem]:
    """What is wrong with the files' names and heads in ``folder``: that of pages, or of news."""
    found: list[Problem] = []
    for file in sorted(folder.rglob("*")):
        if file.is_dir() or not sources.somebodys(file):
            continue
        named = _NAME.fullmatch(file.name)
        if file.parent != folder or not named or named["language"] not in languages:
            known = ", ".join(languages)
            found.append(Problem("name", file.as_posix(), params={"languages": known}))
        elif folder.name == sources.NEWS and sources.names_list(named["key"]):
            found.append(Problem("name.list", file.as_posix(), params={"name": named["key"]}))
        else:
            found += _check_file(file, templates, terms)
    return found


def _check_file(file: Path, templates: Path, terms: Mapping[str, Term]) -> Iterator[Problem]:
    place = file.as_posix()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        yield Problem("encoding", place, line)
        return
    head = HEADER_RE.fullmatch(text)
    if not head:
        yield Problem("head.none", place, 1)
        return
    first = text[: head.start("metadata")].count("\n")
    lines = head["metadata"].splitlines()
    if joined := [
        Problem("head.colon", place, first + number, {"name": found[1]})
        for number, line in enumerate(lines, start=1)
        if (found := _NO_COLON.match(line))
    ]:
        yield from joined
        return
    try:
        loader = yaml.SafeLoader(head["metadata"])
        node = loader.get_single_node()
        impossible = [*_impossible_days(node, loader)]
    except yaml.MarkedYAMLError as error:
        # Quotation marks left open are noticed at the end; they have to be closed where they began.
        quoted = "quoted" in (error.context or "")
        mark = error.context_mark if quoted else error.problem_mark
        line = mark.line if mark else 0
        reason = error.problem or str(error)
        yield Problem("head.yaml", place, first + line + 1, {"reason": reason})
        return
    except yaml.YAMLError as error:  # a character YAML forbids
        yield Problem("head.yaml", place, first + 1, {"reason": str(error).replace("\n", " ")})
        return
    if not isinstance(node, yaml.MappingNode):
        yield Problem("head.none", place, first + 1)
        return
    if impossible:
        for key, value in impossible:
            told = {"name": str(key.value), "value": _shown(value)}
            yield Problem("head.date", place, first + key.start_mark.line + 1, told)
        return
    yield from _check_values(node, place, first, templates)
    yield from _check_ends(node, lines, place, first)
    for key, value in node.value:
        if str(key.value).lower() == "topics":
            yield from _check_topics(value, place, first, terms)


def _impossible_days(
    node: yaml.Node | None, loader: yaml.SafeLoader
) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """What looks like a date, and there is no such day: Pelican could not read the head."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        try:
            loader.construct_object(value, deep=True)
        except ValueError:
            yield key, value


def _check_values(
    node: yaml.MappingNode, place: str, first: int, templates: Path
) -> Iterator[Problem]:
    seen: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name, line = str(key.value).lower(), first + key.start_mark.line + 1
        of_name = {"name": str(key.value)}
        if _kind(key) != "str":
            yield Problem("head.key", place, line, of_name)
        elif name in seen:
            yield Problem("head.twice", place, line, of_name)
        elif name in _RESERVED:
            yield Problem("head.reserved", place, line, of_name)
        elif name in _GROUPS:
            yield Problem("head.group", place, line, of_name)
        elif name in _DATES and not _is_day(value):
            yield Problem("head.date", place, line, of_name | {"value": _shown(value)})
        elif name in (*_TEXTS, *_TEXTS_IF_THERE) and _kind(value) not in ("str", "null"):
            yield Problem("head.text", place, line, of_name | {"value": _shown(value)})
        elif name in (*_TEXTS, *_TEXTS_IF_THERE) and not value.value.strip():
            yield Problem("head.empty", place, line, of_name)
        elif name == "traditional" and _kind(value) != "bool":
            yield Problem("head.yes_or_no", place, line, of_name | {"value": _shown(value)})
        elif name == "template" and not _is_template(value, templates):
            yield Problem("head.template", place, line, {"value": _shown(value)})
        elif name == "draft" and _kind(value) != "bool":
            yield Problem("head.draft", place, line, {"value": _shown(value)})
        seen[name] = value
    for name in _TEXTS:
        if name not in seen:
            yield Problem("head.empty", place, first + 1, {"name": name})
    if "date" not in seen and Path(place).parent.name == sources.NEWS:
        yield Problem("head.undated", place, first + 1)


def _check_ends(
    node: yaml.MappingNode, lines: list[str], place: str, first: int
) -> Iterator[Problem]:
    for key, value in node.value:
        end, name = value.end_mark, str(key.value)
        # For YAML what follows is a remark.
        if name.lower() in _TEXTS and lines[end.line][end.column :].lstrip().startswith("#"):
            yield Problem("head.cut", place, first + end.line + 1, {"name": name})


def _check_topics(
    node: yaml.Node, place: str, first: int, terms: Mapping[str, Term]
) -> Iterator[Problem]:
    if not isinstance(node, yaml.SequenceNode):
        yield Problem("head.topics", place, first + node.start_mark.line + 1)
        return
    for one in node.value:
        line, topic = first + one.start_mark.line + 1, _shown(one)
        if topic not in terms and terms:
            known = {"topic": topic, "nearest": nearest(topic, terms)}
            yield Problem("topic.unknown", place, line, known)
        elif topic not in terms:
            yield Problem("topic.none", place, line, {"topic": topic})


def _kind(value: yaml.Node) -> str:
    return str(value.tag).rpartition(":")[2]


def _shown(value: yaml.Node) -> str:
    return value.value if isinstance(value, yaml.ScalarNode) else "…"


def _is_day(value: yaml.Node) -> bool:
    return _kind(value) == "timestamp" and bool(_DAY.fullmatch(value.value))


def _is_template(value: yaml.Node, templates: Path) -> bool:
    name = _shown(value)
    return bool(re.fullmatch(r"[a-z0-9_-]+", name)) and (templates / f"{name}.html").exists()


def check_pages(pelican: Pelican) -> None:
    """Collect what is wrong, with paths as the writer knows them."""
    settings = pelican.settings
    content = sources.relative(settings["PATH"])
    languages = tuple(language.code for language in settings["FRAME"].languages)
    for folder in sources.FOLDERS:
        templates = Path(settings["THEME"], "templates")
        found = check(content / folder, languages, templates, settings["TERMS"])
        collected(settings).extend(found)


def register() -> None:
    signals.initialized.connect(check_pages)
