"""D14: each figure that a page says, and each bar beside it, against the books counted again."""

import re

import pytest

from plugins.problems import Problem
from tests.site.recount import FIRST, Look, data, figures, ledger, look, row, wanted

__all__ = ["look"]  # the fixture


def test_the_first_page_shows_twelve_months(look: Look) -> None:
    """The last ones; the months before have pages of their own, and count in their year."""
    ledger(*(row(f"20{26 + at // 12}-{at % 12 + 1:02}", received=1) for at in range(12)))
    months = [f"2026-{month:02}" for month in range(1, 13)]
    assert [name for name in on_the_first(look) if name.endswith("came")] == [
        *("*/CNY/came", *(f"{one}/CNY/came" for one in months)),
    ]
    ledger(*(row(f"20{26 + at // 12}-{at % 12 + 1:02}", received=1) for at in range(13)))
    found = on_the_first(look)
    assert [name for name in found if name.endswith("came")] == [
        *("*/CNY/came", *(f"{one}/CNY/came" for one in months[1:])),
        *("2026/CNY/came", "2027-01/CNY/came", "2027/CNY/came"),
    ]
    years = figures("2026/CNY", came="0.12", went="0.00", balance="0.12")
    years |= figures("2027/CNY", came="0.01", went="0.00", balance="0.13")
    assert years.items() <= found.items()


def on_the_first(look: Look) -> dict[str, str]:
    """What lacks beside pages of months that say everything."""
    every = wanted(look())
    pages = {
        f"transparency/{month}": "".join(
            data(name, value) for name, value in every.items() if name.startswith(month)
        )
        for month in {name[:7] for name in every if re.match(r"\d{4}-", name)}
    }
    return wanted(look(pages))


def shown(path: str, name: str, text: str, right: str) -> Problem:
    return Problem("D14.figure", path, params={"name": name, "shown": text, "right": right})


def test_each_figure_stands_once_and_is_right(look: Look) -> None:
    """On the pages of each language, its value and what one reads; wherever the page is."""
    ledger(row(received=123_456))
    month = {"opening": "0.00", "received": "1234.56", "spent": "0.00", "balance": "1234.56"}
    of_all = {"came": "1234.56", "went": "0.00", "balance": "1234.56"}
    first = "".join(
        data(f"{of}/CNY/{name}", one) for of in ("*", "2026-11") for name, one in of_all.items()
    )
    own = "".join(data(f"2026-11/roof/CNY/{name}", one) for name, one in month.items())
    own += "".join(data(f"2026-11/CNY/{name}", one) for name, one in of_all.items())
    own += data("2026-11/CNY/opening", "0.00")
    own = own.replace(">1234.56", ">1,234.56 元")
    pages = {"transparency": first, "transparency/2026-11": own}
    assert look(pages) == []
    english = {f"en/{path}": main for path, main in pages.items()}
    assert look(pages | english) == []
    for path in ("", "en/"):
        there, name = f"{path}transparency/2026-11", "2026-11/roof/CNY/received"
        for old, new, text in (
            ('value="1234.56">1,234.56', 'value="1234.57">1,234.57', "1,234.57 元 (1234.57)"),
            (">1,234.56", ">1,234.57", "1,234.57 元 (1234.56)"),
            (">1,234.56", ">-1,234.56", "-1,234.56 元 (1234.56)"),
        ):
            spoiled = (pages | english)[there].replace(old, new, 1)
            assert look(pages | english | {there: spoiled}) == [
                shown(f"/{there}/", name, text, "1234.56")
            ]
        lacks = (pages | english)[there].replace(name, "x")
        assert look(pages | english | {there: lacks}) == [
            shown(f"/{there}/", "x", "1,234.56 元 (1234.56)", "-"),
            shown(f"/{path}transparency/", name, "-", "1234.56"),
        ]
        # On the page of a month only what is of months counts as said, and the other way round.
        moved = (pages | english) | {there: own + first, f"{path}transparency": ""}
        assert {one.params["name"] for one in look(moved)} == {
            f"{of}/CNY/{name}" for of in ("*", "2026-11") for name in of_all
        }


PLACES = {
    "": "content/pages/home.zh.md",
    "en/": "content/pages/home.en.md",
    "thanks/": "/thanks/",
    "transparency-2/": "/transparency-2/",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_figure_is_right_on_every_page(look: Look, place: str) -> None:
    """Also on the home page, which shows the sums; the books' pages have to say them themselves."""
    ledger(row(received=123_456))
    lacking = look()
    name, right = "*/CNY/balance", "1234.56"
    assert look({place: data(name, right)}) == lacking
    for value, text in (("1234.57", "1234.57"), ("1234.56", "1234.57"), ("1234.57", "1234.56")):
        wrong = shown(PLACES[place], name, f"{text} ({value})", right)
        assert look({place: data(name, value, text)}) in ([wrong, *lacking], [*lacking, wrong])
    for value in (right, "-"):
        unknown = shown(PLACES[place], "*/GBP/came", f"{value} ({value})", "-")
        assert unknown in look({place: data("*/GBP/came", value)})


def test_a_minus_is_one_in_either_form(look: Look) -> None:
    """As programs write it and as readers see it; and without it the figure is wrong."""
    ledger(row(fees=100))
    lacking = look()
    name, right = "*/CNY/balance", "-1.00"
    for text in ("-1.00", "−1.00 元"):
        assert look({"": data(name, right, text)}) == lacking
    wrong = shown(PLACES[""], name, f"1.00 ({right})", right)
    assert look({"": data(name, right, "1.00")}) == [wrong, *lacking]


def test_what_is_compared_is_drawn(look: Look) -> None:
    """What came and went, of months, years and funds, but for nothing, and for what stands alone;
    on each page that says it.
    """
    ledger(row("2026-10", received=300), row("2026-11", fees=100), row(fund="lamp", received=50))
    every = wanted(look())
    months = {
        f"transparency/{one}": "".join(data(*told) for told in every.items() if one in told[0])
        for one in ("2026-10", "2026-11")
    }
    first = "".join(data(*one) for one in wanted(look(months)).items())
    drawn = {
        *("2026-10/CNY/came", "2026-11/CNY/came", "2026-11/CNY/went"),
        *("*/roof/CNY/came", "*/roof/CNY/went", "*/lamp/CNY/came"),
    }
    found = look(months | {"transparency": first})
    assert {one.params["name"]: one.params["right"] for one in found} == {
        one: every[one] for one in drawn
    }
    assert {(one.file, one.params["shown"]) for one in found} == {(FIRST, "-")}

    def bar(name: str) -> str:
        return f'<rect data-drawn="{name}" width="1%" height="{float(every[name]) * 10}">'

    whole = first + "".join(f"<svg>{bar(one)}</svg>" for one in sorted(drawn))
    assert look(months | {"transparency": whole}) == []
    assert look(months | {"transparency": whole, "transparency/cny": whole}) == []
    other = look(months | {"transparency": whole, "transparency/cny": first})
    assert {one.file for one in other} == {"/transparency/cny/"}
    assert {one.params["name"] for one in other} == drawn
