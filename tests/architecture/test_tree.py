"""What holds for every file of the project."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from plugins.staff.__main__ import COMMANDS
from tests.architecture.tree import CODE, ROOT, files, modules

LONGEST_MODULE = 300  # lines
REGISTRY = re.compile(r"(?:pypi|pythonhosted|npmjs|npmmirror|yarnpkg|crates)\.(?:org|com|io)\b")
LOOSE_END = re.compile("TO" + "DO|FIX" + "ME")
CATALOGS = sorted(path.parent for path in files() if path.name == "zh.po")


def found(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    """``file:line: text`` of every line that ``pattern`` matches."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def names_of_the_organisation() -> re.Pattern[str]:
    """The organisation's whole names and its number, whichever organisation content/ is about."""
    facts = tomllib.loads((ROOT / "content/organisation.toml").read_text(encoding="utf-8"))
    words = {*facts["name"].values(), facts.get("icp_number", "")}
    return re.compile("|".join(map(re.escape, sorted(words - {""}))), re.IGNORECASE)


def test_a_module_stays_short() -> None:
    """No module of the site or the portal is longer than one sitting of reading."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(*CODE)}
    assert lengths
    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the computer's business; a file of ours must not fix it."""
    assert found(REGISTRY, files()) == []


def test_no_loose_end_is_left() -> None:
    """Unfinished things belong into issues, where somebody sees them."""
    assert found(LOOSE_END, (path for path in files() if path.name != "package-lock.json")) == []


def test_the_organisation_is_named_in_content_only() -> None:
    """Another charity takes the project over by changing content/ alone."""
    assert found(names_of_the_organisation(), files(*CODE, "theme")) == []


def test_the_search_for_names_finds_the_names_in_content() -> None:
    """The guard above looks for something: content/ itself is full of it."""
    assert found(names_of_the_organisation(), [ROOT / "content/organisation.toml"])


@pytest.mark.parametrize("folder", CATALOGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_message_is_there_in_both_languages(folder: Path) -> None:
    """A message has a text in Chinese and in English, neither empty nor left to be confirmed."""
    chinese, english = (messages(folder / f"{language}.po") for language in ("zh", "en"))
    assert chinese
    assert chinese.keys() ^ english.keys() == set()
    for catalog in (chinese, english):
        assert [key for key, message in catalog.items() if not is_finished(message)] == []


@pytest.mark.parametrize("folder", CATALOGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_both_languages_fill_in_the_same_details(folder: Path) -> None:
    """What stands in braces or behind a per cent sign is named alike in both languages."""
    chinese, english = (messages(folder / f"{language}.po") for language in ("zh", "en"))
    differing = [k for k in chinese.keys() & english if details(chinese[k]) != details(english[k])]
    assert differing == []


def messages(catalog: Path) -> dict[str, Message]:
    """Messages of a .po file by id; an id that stands twice is an error."""
    text = catalog.read_text(encoding="utf-8")
    ids = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert len(ids) == len(set(ids)), f"{catalog}: a message id stands there twice"
    with catalog.open("rb") as po:
        return {str(message.id): message for message in read_po(po) if message.id}


def is_finished(message: Message) -> bool:
    """Whether a message has a text and nobody marked it as doubtful."""
    return bool(message.string) and not message.fuzzy


def details(message: Message) -> set[str]:
    """What a message leaves to be filled in: ``{amount}``, ``%(amount)s``."""
    return set(re.findall(r"\{\w*\}|%\(\w+\)", str(message.string)))


def test_every_command_is_everywhere() -> None:
    """A word of make is a module, and it stands in the Makefile, in make.bat and in the help."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    batch = (ROOT / "make.bat").read_text(encoding="utf-8")
    listed = " ".join(COMMANDS)
    assert f".PHONY: {listed}\n" in makefile
    assert f"\n{listed}:\n" in makefile
    assert f": {listed}\n" in batch
    assert "plugins.staff %*" in batch
    folder = ROOT / "plugins/staff"
    assert [word for word in COMMANDS[1:] if not (folder / f"{word}.py").exists()] == []
    for language in ("zh", "en"):
        texts = messages(folder / f"locale/{language}.po")
        assert [word for word in COMMANDS if f"command.{word}" not in texts] == []


def test_make_bat_has_the_line_ends_of_windows() -> None:
    """cmd.exe loses its way in labels when lines end as on other systems."""
    lines = (ROOT / "make.bat").read_bytes().split(b"\n")
    assert all(line.endswith(b"\r") for line in lines[:-1])
