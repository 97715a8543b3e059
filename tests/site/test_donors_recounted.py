"""L6: the donors that the pages name against those of the file, and no way to reach one."""

import json
from pathlib import Path

import pytest

from plugins.problems import Problem
from tests.site.recount import FIRST, Look, look

__all__ = ["look"]  # the fixture

NAMED = "transparency/donors/2026-11"


def donors(*named: tuple[str, str]) -> None:
    told = {"donors": [{"month": month, "name": name} for month, name in named]}
    Path("data/donors.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def named(*names: str) -> str:
    return "<meta name='robots' content='noindex'>" + "".join(
        f"<main><span translate='no'>{one}</span><b translate='no'>x</b><span>y</span></main>"
        for one in names
    )


def test_donors_are_those_of_the_file_each_as_often(look: Look) -> None:
    """By month, on as many pages as they need, in each language."""
    donors(("2026-11", "甲"), ("2026-11", "乙"), ("2026-11", "乙"), ("2026-10", "甲"))
    right = {
        NAMED: named("甲", "乙"),
        f"{NAMED}/p2": named("乙"),
        "transparency/donors/2026-10": named("甲"),
        "transparency/donors/names": named("丙"),
        "transparency/donors": named("丙"),
    }
    assert look(right) == []
    english = {f"en/{path}": main for path, main in right.items()}
    assert look(right | english | {"en/transparency": ""}) == []

    def differs(what: str, path: str = FIRST) -> Problem:
        return Problem("D14.donors", path, params={"what": what})

    assert look(right | {NAMED: named("甲")}) == [differs("2026-11 乙")]
    assert look(right | {NAMED: named("甲", "乙", "乙")}) == [differs("2026-11 乙")]
    assert look(right | {NAMED: named("甲", "丙")}) == [
        differs("2026-11 乙"),
        differs("2026-11 丙"),
    ]
    assert look(right | {f"{NAMED}/p12": named("丁")}) == [differs("2026-11 丁")]
    assert look(right | {"en/transparency": ""} | english | {f"en/{NAMED}": named("甲")}) == [
        differs("2026-11 乙", "/en/transparency/")
    ]
    Path("data/donors.json").write_text("{}", encoding="utf-8")
    assert look() == []
    Path("data/donors.json").unlink()
    assert look({NAMED: named("甲")}) == [differs("2026-11 甲")]


def test_donors_are_offered_to_no_search(look: Look) -> None:
    """L6: neither to those of the world, nor to the site's own."""
    hidden = "<meta name='robots' content='noindex'>"
    page = "transparency/donors/names"
    wrong = [Problem("L6.indexed", f"/{page}/")]
    assert look({page: hidden}) == []
    assert look({page: ""}) == wrong
    assert look({page: f"{hidden}<p></p><main data-pagefind-body></main>"}) == wrong
    assert look({f"en/{page}": ""}) == [Problem("L6.indexed", f"/en/{page}/")]
    assert look({"transparency/2026-11": ""}) == []


WAYS = {
    "an address for mail": ("a@b.example", "a@b"),
    "one in disguise": ("a ＠ b", "a ＠ b"),
    "a number": ("call 0917-123.45", "0917-123.45"),
    "a number set apart": ("1 2 3 4 5 6 7", "1 2 3 4 5 6 7"),
    "a short number": ("123 456", ""),
    "a day": ("2026年11月26日", ""),
    "two days": ("2026-11-26 2026/1/2", ""),
    "a day and a number": ("2026-11-26 1234567", "1234567"),
    "a link": ("see WWW.x.example", "WWW."),
    "a house": ("示例路12号", "路12号"),
    "a flat": ("3单元", "3单元"),
    "a street": ("at 12 Example Long Street", "12 Example Long Street"),
    "a street's beginning": ("12 rd for all", ""),
    "nothing": ("加油！", ""),
}


@pytest.mark.parametrize("name", WAYS)
def test_no_way_to_reach_a_donor_is_shown(look: Look, name: str) -> None:
    """L6: in what they wrote themselves, on each of their pages."""
    text, found = WAYS[name]
    page = "transparency/donors/names"
    hidden = "<meta name='robots' content='noindex'>"
    wrong = [Problem("L6.donor", f"/{page}/", params={"found": found})] if found else []
    assert look({page: f"{hidden}<main><p translate=no>{text}</p></main>"}) == wrong
    assert look({page: f"{hidden}<main><p>{text}</p></main><p translate=no>{text}</p>"}) == []
    assert look({"work": f"<main><p translate=no>{text}</p></main>"}) == []
