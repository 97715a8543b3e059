"""Gift Aid: what a donor declares, which gifts that covers, and HMRC's schedule."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from donations_api import gift_aid
from donations_api.claiming import Schedule, claim, lines, schedule
from donations_api.clerk import Clerk
from donations_api.copies import resend
from donations_api.entry import Account
from donations_api.errors import Explained, FormRefused
from donations_api.gift import Gift
from donations_api.gift_aid import Declared, read_declared
from donations_api.money import Money
from donations_api.records import Signed
from donations_api.settings import Settings
from tests.donations.guards import Rows
from tests.donations.recipients import (
    SIGNED,
    Desk,
    content_with_both,
    desk_over,
    give_back,
    given,
    given_in_china,
)
from tests.donations.stripe_events import NOW

FORM = {
    "scope": "all",
    "title": "Ms",
    "first_name": "Zoë",
    "last_name": "O’Neill-Lee",
    "house": "12B",
    "postcode": "sw1a1aa",
    "agreed": "yes",
}
YEAR = date(2026, 4, 6), date(2027, 4, 5)
ALL = read_declared(FORM)
ONE = replace(ALL, scope="gift")


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, content=content_with_both(tmp_path))


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return desk_over(settings)


def declare(clerk: Clerk, gift: Gift, declared: Declared) -> None:
    gift_aid.declare(clerk, gift, declared, "I want to Gift Aid …", "en")


def made(clerk: Clerk, first: date = YEAR[0], last: date = YEAR[1]) -> Schedule:
    recipient = clerk.giving.recipient("uk")
    assert recipient
    return schedule(clerk, recipient, first, last)


def whys(found: Schedule) -> dict[str, str]:
    return {one.given.gift_id: one.why for one in found.apart}


def test_the_letters_of_an_address_may_be_large_or_small(desk: Desk) -> None:
    """A telephone writes the first one large: it is the same donor, and covered, and cancelled."""
    with desk() as clerk:
        first, _ = given(clerk, email="ann@example.org")
        second, _ = given(clerk, email="Ann@example.org")
        stranger, _ = given(clerk, email="joann@example.org")
        assert {one.id for one in clerk.books.gifts_of(second.email)} == {first.id, second.id}
        declare(clerk, first, ALL)
        assert {one.given.gift_id for one in made(clerk).claimed} == {first.id, second.id}
        assert whys(made(clerk)) == {stranger.id: "no_declaration"}
        gift_aid.cancel(clerk, second)
        (declaration,) = clerk.books.wishes.declarations_about("uk", first.id, first.email)
        assert declaration.cancelled_at


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        ("ＥＣ１Ａ 1bb", "EC1A 1BB"),
        ("m11ae", "M1 1AE"),
        ("gir0aa", "GIR 0AA"),
    ],
)
def test_a_postcode_is_kept_as_hmrc_writes_it(typed: str, kept: str) -> None:
    """In capitals, with its blank."""
    assert read_declared(FORM | {"postcode": typed}).postcode == kept


def test_outside_the_uk_stands_an_x() -> None:
    assert read_declared(FORM | {"postcode": "", "abroad": "yes"}).postcode == "X"


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"scope": "some"}, "scope.missing"),
        ({"title": "Professor"}, "title.too_long"),
        ({"first_name": ""}, "first_name.empty"),
        ({"first_name": "安"}, "first_name.not_latin"),
        ({"last_name": "L" * 36}, "last_name.too_long"),
        ({"last_name": "=SUM(A1)"}, "last_name.not_latin"),
        ({"house": "=1+1"}, "house.begins"),
        ({"house": ""}, "house.empty"),
        ({"postcode": ""}, "postcode.empty"),
        ({"postcode": "100080"}, "postcode.not_uk"),
        ({"abroad": "yes"}, "postcode.both"),
        ({"agreed": ""}, "agreed.missing"),
    ],
)
def test_what_hmrc_would_refuse_is_told_to_the_donor(changed: dict[str, str], wrong: str) -> None:
    """One thing at a time here; nothing is agreed to unless it is ticked."""
    with pytest.raises(FormRefused) as refused:
        read_declared(FORM | changed)
    assert [one.message for one in refused.value.errors] == [f"error.{wrong}"]


def test_a_schedule_as_hmrc_wants_it(desk: Desk) -> None:
    """The columns, the day there (July already), accents left out, refunds taken off."""
    with desk() as clerk:
        gift, _ = given(clerk, received_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
        give_back(clerk, gift, 501)
        declare(clerk, gift, ONE)
        head, line = lines(made(clerk))
    assert head[:5] == (
        *("Title", "First name or initial", "Last name", "House name or number", "Postcode"),
    )
    name = ("Ms", "Zoe", "O'Neill-Lee", "12B", "SW1A 1AA")
    assert line == (*name, "", "", "01/07/26", "19.99")


def test_which_gifts_a_declaration_for_all_covers(desk: Desk) -> None:
    """Those of four years before it, to the day, and those until it is cancelled; no stranger's."""
    with desk() as clerk:
        moments = {
            "too early": datetime(2022, 11, 22, 23, 59, tzinfo=UTC),
            "early": datetime(2022, 11, 23, 12, tzinfo=UTC),
            "now": NOW,
            "late": datetime(2026, 12, 24, tzinfo=UTC),
            "too late": datetime(2026, 12, 26, tzinfo=UTC),
        }
        gifts = {name: given(clerk, received_at=at)[0] for name, at in moments.items()}
        stranger, _ = given(clerk, email="other@example.org")
        declare(clerk, gifts["now"], ALL)
    with desk(datetime(2026, 12, 25, tzinfo=UTC)) as clerk:
        gift_aid.cancel(clerk, gifts["early"])
        found = made(clerk, date(2022, 1, 1))
    claimed = [one.given.gift_id for one in found.claimed]
    assert claimed == [gifts[name].id for name in ("early", "now", "late")]
    assert whys(found) == {
        gifts["too early"].id: "before",
        gifts["too late"].id: "after",
        stranger.id: "no_declaration",
    }


def test_no_address_is_nobodys(desk: Desk) -> None:
    """A paper declaration for all gifts covers no other gift without an address."""
    with desk() as clerk:
        mine, _ = given(clerk, email="", account=Account.CASH)
        others, _ = given(clerk, email="", account=Account.CASH)
        named, _ = given(clerk, email="n@example.org", account=Account.CASH)
        gift_aid.declare(clerk, mine, ALL, "I want …", "en", SIGNED)
        gift_aid.cancel(clerk, others)
        found = made(clerk)
    assert [one.given.gift_id for one in found.claimed] == [mine.id]
    assert whys(found) == {others.id: "anonymous_cash", named.id: "no_declaration"}


def test_a_declaration_goes_along_when_the_address_is_corrected(desk: Desk) -> None:
    """So that the gifts to come, under the right address, are covered too."""
    with desk() as clerk:
        gift, receipt = given(clerk, email="wrong@example.org")
        declare(clerk, gift, ALL)
        resend(clerk, receipt, SIGNED, "ann@example.org")
        later, _ = given(clerk)
        found = made(clerk)
    assert [one.given.gift_id for one in found.claimed] == sorted([gift.id, later.id])


def test_why_a_gift_is_not_in_the_schedule(desk: Desk) -> None:
    """Returned, in another currency, cancelled; and a gift to a recipient elsewhere is none."""
    with desk() as clerk:
        returned, _ = given(clerk)
        dollars, _ = given(clerk, amount=Money(2500, "USD"))
        cancelled, _ = given(clerk, email="c@example.org")
        elsewhere, _ = given_in_china(clerk, email="ann@example.org")
        declare(clerk, returned, ALL)
        declare(clerk, cancelled, ONE)
        gift_aid.cancel(clerk, cancelled)
        give_back(clerk, returned, 2500)
        found = made(clerk)
        with pytest.raises(Explained, match="other_currency"):
            declare(clerk, dollars, ONE)
        with pytest.raises(Explained, match="not_uk"):
            declare(clerk, elsewhere, ONE)
    assert found.claimed == []
    assert whys(found) == {
        returned.id: "refunded",
        dollars.id: "other_currency",
        cancelled.id: "after",
    }


def test_nothing_is_claimed_twice(desk: Desk, rows: Rows) -> None:
    """A later schedule says so; and when some went back since, that HMRC must be told."""
    with desk() as clerk:
        first, second = given(clerk)[0], given(clerk)[0]
        declare(clerk, first, ALL)
        recipient = clerk.giving.recipient("uk")
        assert recipient
        with pytest.raises(Explained, match="who_and_why"):
            claim(clerk, recipient, made(clerk), *YEAR, Signed("", ""))
        claim(clerk, recipient, made(clerk), *YEAR, SIGNED)
        third, _ = given(clerk)
        give_back(clerk, second, 1)
        found = made(clerk)
        later = made(clerk, date(2027, 4, 6), date(2028, 4, 5))
    assert [one.given.gift_id for one in found.claimed] == [third.id]
    assert whys(found) == {first.id: "claimed", second.id: "claimed_too_much"}
    assert whys(later) == {second.id: "claimed_too_much"}
    ((about,),) = rows("SELECT about FROM acts WHERE kind = 'gift_aid_claimed'")
    assert about == "uk"


def test_a_time_that_ends_before_it_begins(desk: Desk) -> None:
    with desk() as clerk, pytest.raises(Explained, match=r"gift_aid\.time"):
        made(clerk, *reversed(YEAR))


def test_an_acknowledgement_knows_of_an_earlier_declaration(desk: Desk) -> None:
    """The next gift's says that Gift Aid was declared; once it is cancelled, it does not."""
    with desk() as clerk:
        gift, first = given(clerk)
        declare(clerk, gift, ALL)
        _, second = given(clerk)
        gift_aid.cancel(clerk, gift)
        _, third = given(clerk)
        _, elsewhere = given_in_china(clerk)
    said = [one.snapshot.get("gift_aid") for one in (first, second, third, elsewhere)]
    assert said == [False, True, False, None]
