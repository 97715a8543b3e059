"""L6: the pages of those who gave, as a build makes them, decided in its own process."""

from typing import Any

import pytest

from plugins.books.open_books import Unnamed
from plugins.disclosure import Turn
from plugins.lists import Link
from tests.site.open_pages import MONTHS, described, here, make, read, say, write
from tests.site.test_open_books_sums import CELL

__all__ = ["here"]  # the fixture


def gift(month: str, name: str) -> dict[str, Any]:
    return CELL | {"month": month, "amount": 500, "name": name, "message": ""}


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_donors_have_pages_by_month_and_by_name(code: str) -> None:
    """L6: those who are named, and on the last page of a month how many others there were."""
    named = [gift("2026-11", "赵"), *(gift("2026-10", one) for one in ("钱", "安", "赵", "赵"))]
    others = [CELL | {"gifts": 3}, CELL | {"month": "2026-09", "gifts": None}]
    write(donors=named, unnamed=others)
    settings = read()
    assert settings["PROBLEMS"] == []
    pages = make(settings, code)
    base, by_name, root = (
        "transparency/donors",
        "transparency/donors/names",
        {"zh": "/", "en": "/en/"}[code],
    )
    keys = [base, *(f"{base}/{one}" for one in ("2026-11", "2026-10", "2026-10/p2", "2026-09"))]
    keys += [by_name, f"{by_name}/p2"]
    assert list(pages) == keys
    assert [one.url for one in pages.values()] == [f"{root}{key}/" for key in keys]
    assert {(one.template, one.lang) for one in pages.values()} == {("donors", code)}
    index = settings["AROUND"]["transparency", code]["donors"]
    assert index == Link(pages[base].title, f"{root}{base}/")
    months = [
        Link(MONTHS[code][one], f"{root}{base}/{one}/") for one in ("2026-11", "2026-10", "2026-09")
    ]
    way = (Link(f"Open {code}", "/t/"),)
    names = Link(pages[by_name].title, f"{root}{by_name}/")
    around = {key: settings["AROUND"][key, code] for key in keys}
    assert around[base] == {
        "months": dict(zip(("2026-11", "2026-10", "2026-09"), months, strict=True)),
        "calendar": {"2026": ["2026-09", "2026-10", "2026-11"]},
        "names": names,
        "trail": way,
    }
    books = settings["BOOKS"]
    there = f"{root}{base}/2026-10/"
    assert [around[key] for key in keys[1:5]] == [
        {"named": one, "unnamed": list(other), "turn": turn, "trail": (*way, index)}
        for one, other, turn in (
            ([books.donors[0]], (), Turn(1, 1, "", "")),
            (list(books.donors[1:3]), (), Turn(1, 2, "", f"{there}p2/")),
            (list(books.donors[3:]), books.unnamed[:1], Turn(2, 2, there, "")),
            ([], books.unnamed[1:], Turn(1, 1, "", "")),
        )
    ]
    assert books.unnamed[1] == Unnamed("2026-09", "roof", "CNY", None)
    # By their sounds: An, Qian, Zhao; a month once, however much was given in it.
    first = [("安", [months[1]]), ("钱", [months[1]])]
    assert around[by_name] == {
        "by_name": first,
        "turn": Turn(1, 2, "", f"{root}{by_name}/p2/"),
        "trail": (*way, index),
    }
    assert around[f"{by_name}/p2"]["by_name"] == [("赵", [months[0], months[1]])]
    month = {"month": MONTHS[code]["2026-11"]}
    for key, message, told in (
        (base, "donors", {}),
        (f"{base}/2026-11", "donors.month", month),
        (by_name, "donors.names", {}),
    ):
        assert pages[key].title == say(settings, code, f"{message}.title", **told)
        assert described(pages[key]) == say(settings, code, f"{message}.description", **told)


@pytest.mark.usefixtures("here")
def test_where_nobody_is_named_there_is_no_list_of_names() -> None:
    """L6: the months alone."""
    write(donors=[], unnamed=[CELL | {"gifts": 3}])
    settings = read()
    assert list(make(settings, "zh")) == ["transparency/donors", "transparency/donors/2026-10"]
    assert settings["AROUND"]["transparency/donors", "zh"]["names"] is None
