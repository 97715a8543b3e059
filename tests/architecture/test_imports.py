"""Who may import whom. The rules stand in pyproject.toml; here each is shown to bite."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, modules

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

FORBIDDEN = {
    "sideways, between stations of the route": (
        "donations_api/checkout.py",
        "donations_api.webhook",
    ),
    "upwards, against the route": ("donations_api/money.py", "donations_api.ledger"),
    "from the portal into the site": ("donations_api/money.py", "plugins.staff"),
    "from the site into the books": ("plugins/staff/messages.py", "donations_api.ledger"),
    "of Pelican, where the built site is verified": ("plugins/verify/__init__.py", "pelican"),
    "of the provider's stand-in by the portal": ("donations_api/app.py", "donations_api.sandbox"),
    "of stripe outside its gateway": ("donations_api/webhook.py", "stripe"),
    "of smtplib outside the mailer": ("donations_api/outbox.py", "smtplib"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of both packages that may be spoiled."""
    for package in ("donations_api", "plugins"):
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the import rules of ``folder``."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_packages_keep_the_rules(copy: Path) -> None:
    """As they are, both packages keep every rule (the control of the test below)."""
    linted = lint(copy)
    assert linted.returncode == 0, linted.stdout
    assert " 0 broken" in linted.stdout


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_a_planted_import_is_refused(copy: Path, kind: str) -> None:
    """An import against a rule, even inside a function, turns the check red."""
    place, imported = FORBIDDEN[kind]
    with (copy / place).open("a", encoding="utf-8") as module:
        module.write(f"\n\ndef _planted() -> None:\n    import {imported}\n")
    linted = lint(copy)
    assert linted.returncode != 0
    assert " 1 broken" in linted.stdout, linted.stdout


def test_a_new_module_needs_a_place_in_the_route(copy: Path) -> None:
    """A module of the portal that no layer names is refused: nobody would know where it belongs."""
    (copy / "donations_api/somewhere.py").write_text('"""New."""\n')
    assert lint(copy).returncode != 0


def test_the_stand_in_knows_only_money() -> None:
    """The provider's stand-in shares no code with what it tests, money apart."""
    ours = {
        name
        for path in modules("donations_api/sandbox")
        for name in imports_of(path.read_text(encoding="utf-8"))
        if name.startswith(("donations_api", "plugins"))
        and not name.startswith("donations_api.sandbox")
    }
    assert ours <= {"donations_api.money"}


def test_imports_are_read_from_every_form() -> None:
    """Each way to write an import is seen by the test above."""
    source = "import a.b\nfrom c.d import e\nfrom donations_api import f\ndef g():\n    import h\n"
    assert set(imports_of(source)) == {"a.b", "c.d", "donations_api.f", "h"}


def imports_of(source: str) -> Iterator[str]:
    """Absolute names of the modules that ``source`` imports, at any depth."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            package = node.module or ""
            if package == "donations_api":
                yield from (f"{package}.{alias.name}" for alias in node.names)
            else:
                yield package
