"""What donors load has to work in Chromium 87: the oldest that still opens much of WeChat's web.

The desk and the preview are left out: who sits there has a browser of this year.
"""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import ROOT

STATIC = ROOT / "theme" / "static"
TABLE = ROOT / "tests" / "architecture" / "only_adds.toml"
PLANTED = {
    "planted.css": ".a:has(b) { color: red; }\n.b { aspect-ratio: 1; width: max(1px, 2px); }\n"
    ".c:is(d) { inset: 0; }\n@container (min-width: 1px) { a { color: oklch(1 1 1); } }\n"
    "@supports selector(:has(a)) { .guarded:has(a) { color: red; } }\n",
    "planted.js": "const last = things.at(-1);\nstructuredClone(last);\nlast ??= a?.b;\n"
    "navigator.share?.(last);\n'x'.replaceAll('x', 'y');\n",
    "syntax.js": "class A { static { this.b = 1; } }\n",
}
FOUND = {
    ("planted.css", 1, ":has"),
    ("planted.css", 1, "css-has"),
    ("planted.css", 2, "property aspect-ratio"),
    ("planted.css", 3, ":is"),
    ("planted.css", 4, "@container"),
    ("planted.css", 4, "css-container-queries"),
    ("planted.css", 4, "oklch()"),
    ("planted.css", 4, "css-lch-lab"),
    ("planted.js", 1, ".at"),
    ("planted.js", 2, "structuredClone is not supported in Chrome 87"),
    ("syntax.js", 1, "Parsing error: Unexpected token {"),
}

Finding = dict[str, Any]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """All that is too new in our own files and in the planted ones, looked for once."""
    folder = tmp_path_factory.mktemp("planted")
    for name, text in PLANTED.items():
        (folder / name).write_text(text, encoding="utf-8")
    ours = sorted([*STATIC.glob("*.css"), *STATIC.glob("*.js")])
    assert ours
    ran = subprocess.run(
        [
            *(shutil.which("node") or "node", Path(__file__).with_name("old_browsers.mjs")),
            *(*ours, *sorted(folder.iterdir())),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return [json.loads(line) for line in ran.stdout.splitlines()]


def excuses(exception: Finding, finding: Finding) -> bool:
    within: str = exception.get("within", "")
    return finding["feature"] == exception["name"] and within in finding["text"]


def test_nothing_essential_is_newer_than_chromium_87(found: list[Finding]) -> None:
    """What is newer stands in one table with the reason why it only adds; no line there is idle."""
    ours = [one for one in found if Path(one["file"]).parent == STATIC]
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))["feature"]
    assert all(exception["why"] for exception in table)
    left = [one for one in ours if not any(excuses(exception, one) for exception in table)]
    assert left == [], "too new: say it otherwise, put it into @supports, or into only_adds.toml"
    idle = [row for row in table if not any(excuses(row, one) for one in ours)]
    assert idle == [], f"nothing needs these lines of {TABLE.name} any more"


def test_what_is_too_new_would_be_found(found: list[Finding]) -> None:
    """The control: planted rules and calls, and none of those that Chromium 87 knows."""
    planted = {
        (Path(one["file"]).name, one["line"], one["feature"])
        for one in found
        if Path(one["file"]).parent != STATIC
    }
    assert {one for one in planted if "Array" not in one[2]} == FOUND
