"""What a check finds: every check returns Problems, and build, check and verify show them alike.

A problem's words are in the catalogs: ``problem.<code>`` says what is wrong, and
``problem.<code>.mend`` how to mend it. What the portal's readers find in the content's TOML files
has its words in the portal's catalogs.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from donations_api import errors, frame
from plugins.identifying import all_veiled, veiled

_OWN = Path(__file__).parent / "locale"
_PORTAL = Path(errors.__file__).parent / "locale"


class Severity(StrEnum):
    """An error refuses the build, a warning does not, a notice asks for what only people know."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend.

    ``code`` begins with the id of the rule it breaks (``C1.no_sidecar``) where there is one.
    ``file`` is a path from the project's folder; ``line`` counts from 1, 0 is the whole file.
    Whatever it quotes is masked where it would tell who somebody is: messages are read aloud,
    kept in logs and sent to maintainers.
    """

    code: str
    file: str = ""
    line: int = 0
    params: Mapping[str, str] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", veiled(self.file))
        shown = all_veiled({name: str(value) for name, value in self.params.items()})
        object.__setattr__(self, "params", shown)

    @classmethod
    def of_content_file(cls, wrong: errors.FileWrong) -> "Problem":
        """The problem that the portal's readers found in a TOML file."""
        line = int(wrong.values.get("line", 0))
        return cls(wrong.message, wrong.values["file"], line, params=wrong.values)

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def what(self, language: str) -> str:
        """What is wrong, in the language of that code."""
        if self.code.startswith("file."):
            return _filled((_PORTAL,), language, self.code, self.params)
        return _filled((_OWN,), language, f"problem.{self.code}", self.params)

    def how(self, language: str) -> str:
        """How to mend it; empty where ``what`` says so already."""
        if self.code.startswith("file."):
            return ""
        return _filled((_OWN,), language, f"problem.{self.code}.mend", self.params)


def text(message: str, language: str, **params: str) -> str:
    """Any message of the site's own catalogs."""
    return _filled((_OWN,), language, message, params)


def collected(settings: dict[str, Any]) -> list[Problem]:
    """The list in which one run of Pelican collects what its checks find."""
    found: list[Problem] = settings.setdefault("PROBLEMS", [])
    return found


def errors_among(problems: Iterable[Problem]) -> list[Problem]:
    """Those that refuse the build."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def write_report(file: Path, plugins: Iterable[str], problems: Iterable[Problem]) -> None:
    """Leave what a run found for the program that started it, and which plugins took part."""
    report = {"plugins": list(plugins), "problems": [asdict(problem) for problem in problems]}
    file.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


def read_report(file: Path) -> tuple[list[str], list[Problem]] | None:
    """The plugins and problems of a run; None when it left no report."""
    if not file.exists():
        return None
    report = json.loads(file.read_text(encoding="utf-8"))
    return report["plugins"], [
        Problem(**{**problem, "severity": Severity(problem["severity"])})
        for problem in report["problems"]
    ]


def _filled(
    folders: tuple[Path, ...], language: str, message: str, params: Mapping[str, str]
) -> str:
    found = frame.translate(folders, language, message)
    return found % params if params else found
