"""D14: the pages of the months of the open books, as a build makes them."""

import pytest

from plugins import disclosure
from plugins.books.currency import CurrencyMonth
from plugins.disclosure import Turn
from plugins.lists import Link
from tests.site.open_pages import (
    CODES,
    FUNDS,
    MONTHS,
    described,
    flow,
    here,
    make,
    month_of,
    of_currency,
    read,
    say,
    the_books,
)

__all__ = ["here"]  # the fixture


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.usefixtures("here")
def test_each_month_has_a_page(code: str) -> None:
    """D14: its figures, its payments on as many pages as they need, and the ways from there."""
    the_books()
    settings = read()
    pages = make(settings, code)
    root = "/en/" if code == "en" else "/"
    keys = [f"transparency/{one}" for one in ("2026-11", "2026-10", "2026-10/p2", "2026-09")]
    assert list(pages)[4:] == keys
    assert [pages[one].url for one in keys] == [f"{root}{key}/" for key in keys]
    assert {(pages[one].template, pages[one].lang) for one in keys} == {("ledger_month", code)}
    assert {key: settings["ADDRESSES"][key] for key in keys} == {
        key: {code: f"{root}{key}/"} for key in keys
    }
    month = {"month": MONTHS[code]["2026-10"]}
    first, second = pages[keys[1]], pages[keys[2]]
    assert first.title == say(settings, code, "books.month.title", **month)
    assert described(first) == say(settings, code, "books.month.description", **month)
    assert described(first) in described(second)
    spent, way = list(settings["BOOKS"].spent), Link(f"Open {code}", "/t/")
    newer, middle, older = (month_of(one, code) for one in ("2026-11", "2026-10", "2026-09"))
    there = f"{root}transparency/2026-10/"
    around = [settings["AROUND"][key, code] for key in keys]
    assert [{k: v for k, v in one.items() if k != "currencies"} for one in around] == [
        {
            "month": name,
            "crowded": False,
            "funds": FUNDS[code],
            "payments": payments,
            "turn": turn,
            "trail": trail,
            "newer": before,
            "older": after,
        }
        for name, payments, turn, trail, before, after in (
            ("2026-11", [], Turn(1, 1, "", ""), (way,), None, middle),
            ("2026-10", spent[:2], Turn(1, 2, "", f"{there}p2/"), (way,), newer, older),
            ("2026-10", spent[2:], Turn(2, 2, there, ""), (way, middle), newer, older),
            ("2026-09", [], Turn(1, 1, "", ""), (way,), middle, None),
        )
    ]


@pytest.mark.usefixtures("here")
def test_a_month_tells_each_currency_and_fund() -> None:
    """D14: as the money moved; what is nothing is left out, but for the four that are always."""
    the_books()
    settings = read()
    make(settings, "zh")
    october = settings["AROUND"]["transparency/2026-10", "zh"]["currencies"]
    own = [of_currency(settings, one, "2026-10") for one in CODES]
    assert [shown for shown, _ in october] == [CurrencyMonth.of(one) for one in own]
    assert [[one for one, _ in told] for _, told in october] == own
    assert october[0][0].flow == flow("2026-10", 500, 700, 800)
    told = [[(name, money.minor) for name, money in rows[0][1]] for _, rows in october]
    assert told[0] == [
        *(("opening", 1000), ("received", 500), ("returned", -100)),
        *(("spent", -600), ("balance", 800)),
    ]
    assert told[3] == [
        *(("opening", 0), ("received", 0), ("exchanged", 200), ("spent", 0), ("balance", 200)),
    ]
    assert {money.currency for _, money in october[3][1][0][1]} == {"EUR"}
    november = settings["AROUND"]["transparency/2026-11", "zh"]["currencies"]
    assert november[0][0].flow == flow("2026-11", 10, 50, 760)
    assert [one.fund for one, _ in november[0][1]] == ["lamp", "roof"]


@pytest.mark.parametrize("many", [3, 4])
@pytest.mark.usefixtures("here")
def test_payments_wait_behind_many_statements(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """D14: a page with a lot to say says no payments; where there are none it is one page."""
    the_books()
    monkeypatch.setattr(disclosure, "CROWDED", many)
    settings = read()
    pages = make(settings, "zh")
    months = {key: settings["AROUND"][key, "zh"] for key in pages if "2026" in key}
    crowded = {"transparency/2026-11": True}
    october = [2, 1]
    if many == 3:
        crowded |= dict.fromkeys(
            ("transparency/2026-10", "transparency/2026-10/p2", "transparency/2026-10/p3"), True
        )
        october = [0, 2, 1]
    assert {key: True for key, one in months.items() if one["crowded"]} == crowded
    assert [len(one["payments"]) for key, one in months.items() if "-10" in key] == october
    assert len([one for one in months if "-11" in one]) == 1
