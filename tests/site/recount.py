"""Pages of a site without any build, and the second look at what they say of the books."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugins.problems import Problem
from plugins.verify import books
from plugins.verify.expectations import Expectations
from plugins.verify.pages import read_site
from tests.site.tiny_site import ROOT, make_site

FIRST = "/transparency/"
FIGURES = ("received", "returned", "disputed", "fees", "exchanged", "corrected")
Look = Callable[..., list[Problem]]
NONE = "no page"


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Looks at pages, given by their paths; the first page of Chinese is there anyway."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    Path("data").mkdir()
    content = Path("content")
    told = Expectations.of_content(content, ROOT / "theme", "https://x.example", demo=False)
    expected = replace(told, books=Path("data"))

    def look(pages: dict[str, str] | None = None) -> list[Problem]:
        shutil.rmtree("output", ignore_errors=True)
        Path("output").mkdir()
        for path, main in ({"transparency": ""} | (pages or {})).items():
            if main != NONE:
                site.write(f"output/{path}/index.html", main)
        read = read_site(Path("output"), told.frame, content, told.terms, told.old_pages)
        return list(books.problems(read, expected))

    return look


def row(month: str = "2026-11", fund: str = "roof", currency: str = "CNY", **moved: int) -> Any:
    """A row of the ledger, with a balance that is wrong: nobody may rest on it."""
    of_month = {"month": month, "fund": fund, "currency": currency, "balance": 5}
    return of_month | dict.fromkeys(FIGURES, 0) | moved


def ledger(*rows: Any) -> None:
    Path("data/ledger.json").write_text(json.dumps({"months": rows}), encoding="utf-8")


def sheet(
    *lines: str, head: str = "date,fund,currency,amount", encoding: str = "utf-8-sig"
) -> None:
    Path("data/spending.csv").write_bytes("\n".join([head, *lines]).encode(encoding))


def wanted(found: list[Problem]) -> dict[str, str]:
    """The figures that a page without any lacks."""
    assert {(one.code, one.file, one.params["shown"]) for one in found} <= {
        ("D14.figure", FIRST, "-")
    }
    return {one.params["name"]: one.params["right"] for one in found}


def figures(of: str, **told: str) -> dict[str, str]:
    return {f"{of}/{name}": right for name, right in told.items()}


def data(name: str, value: str, text: str = "") -> str:
    return f'<data data-sum="{name}" value="{value}">{text or value}</data>'
