"""The second look at a copy of a built site, in which a test has spoiled something."""

import hashlib
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from plugins.problems import Problem
from plugins.verify import Expectations, verify
from tests.site.tiny_site import ROOT, TinySite, contents

Look = Callable[[Path], list[Problem]]
# The file, what is changed in it, into what, and the code of the problem that is to be told.
Spoiled = tuple[str, str, str, str]


def copy_of(site: TinySite, folder: Path) -> Path:
    """A copy of what was built, in ``folder``."""
    return Path(shutil.copytree(site.output, folder / "copy"))


def expected_of(site: TinySite, address: str, *, demo: bool = False) -> Expectations:
    """What the content of ``site`` lets one expect of it at ``address``."""
    return Expectations.of_content(site.folder / "content", ROOT / "theme", address, demo=demo)


def look_for(site: TinySite, address: str, *, demo: bool = False) -> Look:
    """Verify folders against the content that ``site`` was built from."""
    return partial(_look, expected=expected_of(site, address, demo=demo))


def _look(folder: Path, expected: Expectations) -> list[Problem]:
    return verify(folder, expected)[0]


def spoil(file: Path, old: str, new: str) -> None:
    """Change a built file; what is to be changed is there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


_GOOD: set[tuple[Look, str]] = set()


def assert_good(copy: Path, look: Look) -> None:
    """Nothing is wrong with the copy; one that equals another byte for byte is looked at once."""
    digest = hashlib.sha256()
    for name, content in contents(copy).items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    if (look, digest.hexdigest()) not in _GOOD:
        assert look(copy) == []
        _GOOD.add((look, digest.hexdigest()))


def assert_noticed(copy: Path, look: Look, spoiled: Spoiled) -> None:
    """Nothing is wrong with the copy until it is spoiled, and then that is told, in words."""
    file, old, new, code = spoiled
    assert_good(copy, look)
    spoil(copy / file, old, new)
    found = look(copy)
    assert code in {problem.code for problem in found}
    for problem in found:
        assert all(problem.what(language) + problem.how(language) for language in ("zh", "en"))
