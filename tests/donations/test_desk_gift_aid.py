"""Gift Aid at the desk: the schedule, what was claimed, and declarations on paper."""

from datetime import UTC, date, datetime

import pytest

from donations_api.claiming import tax_year
from donations_api.gift import Gift
from donations_api.money import Money
from tests.donations.at_the_desk import Office, desk_of, rows_of
from tests.donations.recipients import give_back, given, given_in_china
from tests.donations.running import settings_for

PAPER = {
    "scope": "gift",
    "title": "Ms",
    "first_name": "Zoë",
    "last_name": "Lee",
    "house": "12B",
    "postcode": "sw1a1aa",
    "language": "en",
    "why": "signed at the fair",
}
_years = iter(range(1995, 2020))


def a_year_of_its_own() -> tuple[dict[str, str], datetime]:
    """A time in which no other test has a gift, as the page is asked for it, and a day in it."""
    year = next(_years)
    return {"from": f"{year}-04-06", "to": f"{year + 1}-04-05"}, datetime(year, 6, 1, tzinfo=UTC)


def declared(office: Office, when: datetime, **changed: object) -> Gift:
    with office.clerk() as clerk:
        gift, _ = given(clerk, received_at=when, **changed)
    assert office.treasurer.send(f"/gifts/{gift.id}/gift-aid", **PAPER).status_code == 303
    return gift


def seen(office: Office, time: dict[str, str]) -> str:
    """What the page's form sends of the schedule that it shows."""
    page = office.treasurer.look("/gift-aid", **time).text
    return page.partition('name="seen" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 4, 5), date(2025, 4, 6), date(2026, 4, 5)),
        (date(2026, 4, 6), date(2026, 4, 6), date(2027, 4, 5)),
        (date(2024, 2, 29), date(2023, 4, 6), date(2024, 4, 5)),
    ],
)
def test_the_tax_year_begins_on_the_sixth_of_april(day: date, first: date, last: date) -> None:
    """And lasts until the fifth of the next one."""
    assert tax_year(day) == (first, last)


def test_a_schedule_is_looked_at_and_claimed_once(office: Office) -> None:
    """What was claimed is downloaded as it was, whatever becomes of the gifts."""
    time, when = a_year_of_its_own()
    gift = declared(office, when)
    with office.clerk() as clerk:
        bare, _ = given(clerk, received_at=when)
    page = office.treasurer.look("/gift-aid", **time).text
    assert "£25.00" in page
    assert "没有Gift Aid声明" in page
    assert bare.id in page
    before = office.treasurer.look("/gift-aid/schedule.csv", **time).content
    assert before.decode("utf-8-sig").splitlines()[1].startswith("Ms,Zoe,Lee,12B,SW1A 1AA,,,01/06/")
    shown = seen(office, time)
    no_why = office.treasurer.send("/gift-aid/claim", seen=shown, why="", **time)
    assert (no_why.status_code, 'href="#why"' in no_why.text) == (422, True)
    done = office.treasurer.send("/gift-aid/claim", seen=shown, why="sent", **time)
    assert done.status_code == 303
    assert time["from"] in done.headers["Location"]
    page = office.treasurer.look("/gift-aid", **time).text
    assert "以前的明细表已列入" in page
    with office.clerk() as clerk:
        give_back(clerk, gift, 500)
    cancel = office.treasurer.send(f"/gifts/{gift.id}/gift-aid/cancel", why="a letter")
    assert cancel.status_code == 303
    assert "请向HMRC更正" in office.treasurer.look("/gift-aid", **time).text
    path = page.partition("/gift-aid/claims/")[2].partition('"')[0].replace("&amp;", "&")
    again = office.treasurer.look(f"/gift-aid/claims/{path.partition('?')[0]}")
    assert again.content == before
    assert office.treasurer.look("/gift-aid/claims/none.csv").status_code == 404
    nothing = office.treasurer.send("/gift-aid/claim", seen=seen(office, time), why="again", **time)
    assert nothing.status_code == 422


def test_what_came_since_the_page_was_opened_is_not_claimed_unseen(office: Office) -> None:
    """Else it would stand in no file that was sent, and in no later schedule."""
    time, when = a_year_of_its_own()
    declared(office, when)
    shown = seen(office, time)
    declared(office, when, name="Bo Ray", email="bo@example.org")
    late = office.treasurer.send("/gift-aid/claim", seen=shown, why="sent", **time)
    assert late.status_code == 422
    assert "有了变动" in late.text
    lines = office.treasurer.look("/gift-aid/schedule.csv", **time).text.splitlines()
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("time", "says"),
    [
        ({"from": "2026-13-01"}, "不是日期"),
        ({"from": "2026-05-01", "to": "2026-04-01"}, "请对调"),
    ],
)
def test_a_time_that_is_none_is_told_of(office: Office, time: dict[str, str], says: str) -> None:
    """At its field; the page shows the tax year meanwhile."""
    answer = office.treasurer.look("/gift-aid", **time)
    assert (answer.status_code, 'href="#from"' in answer.text) == (422, True)
    assert says in answer.text
    assert office.treasurer.look("/gift-aid/schedule.csv", **time).status_code == 422
    assert office.treasurer.send("/gift-aid/claim", why="x", **time).status_code == 422


def test_a_declaration_on_paper_is_entered_and_cancelled(office: Office) -> None:
    """All that is wrong is told at once; the words are those of the paper's language."""
    with office.clerk() as clerk:
        gift, _ = given(clerk)
    story, path = f"/gifts/{gift.id}", f"/gifts/{gift.id}/gift-aid"
    assert path in office.treasurer.look(story).text
    assert "I am a UK taxpayer" in office.treasurer.look(path, "en").text
    wrong = office.treasurer.send(path, **(PAPER | {"house": "", "language": "fr", "why": ""}))
    assert wrong.status_code == 422
    assert all(f'href="#{one}"' in wrong.text for one in ("house", "language", "why"))
    assert 'value="Zoë"' in wrong.text
    assert office.treasurer.send(path, **PAPER).status_code == 303
    with office.ledger.reading() as books:
        (kept,) = books.wishes.declarations_about("uk", gift.id, gift.email)
    assert (kept.first_name, kept.postcode, kept.language) == ("Zoë", "SW1A 1AA", "en")
    assert kept.statement.startswith("I want to Gift Aid my donation of £25.00")
    assert "Zoë" in office.treasurer.look(path).text
    assert office.treasurer.send(f"{path}/cancel", why="").status_code == 422
    assert office.treasurer.send(f"{path}/cancel", why="a letter").status_code == 303
    assert [one[0] for one in office.acts(gift.id)] == ["gift_aid_declared", "gift_aid_cancelled"]
    assert 'name="first_name"' in office.treasurer.look(path).text


def test_only_gifts_in_pounds_to_the_uk_can_be_declared(office: Office) -> None:
    """For others nothing is offered, and there is no such page."""
    with office.clerk() as clerk:
        dollars, _ = given(clerk, amount=Money(2500, "USD"))
        china, _ = given_in_china(clerk)
    for gift in (dollars, china):
        assert "gift-aid" not in office.treasurer.look(f"/gifts/{gift.id}").text.replace(
            'href="/gift-aid"', ""
        )
        assert office.treasurer.look(f"/gifts/{gift.id}/gift-aid").status_code == 404
        assert office.treasurer.send(f"/gifts/{gift.id}/gift-aid", **PAPER).status_code == 404
        cancel = office.treasurer.send(f"/gifts/{gift.id}/gift-aid/cancel", why="x")
        assert cancel.status_code == 404


def test_the_menu_has_it_only_where_a_recipient_is_in_the_uk(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Elsewhere the page says what content would need."""
    assert 'href="/gift-aid"' in office.treasurer.look("/").text
    settings = settings_for(
        tmp_path_factory.mktemp("china"), database_url=office.settings.database_url
    )
    with desk_of(settings) as treasurer:
        treasurer.sit_down()
        assert 'href="/gift-aid"' not in treasurer.look("/").text
        answer = treasurer.look("/gift-aid")
    assert answer.status_code == 422
    assert "organisation.toml" in answer.text
    assert rows_of(answer) == []
