"""Entries: from where to where money moves, and where a gift stands after its own."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from donations_api.entry import ROUTES, Account, Entry, Kind, Standing, standing
from donations_api.gift import State
from donations_api.money import Money
from tests.donations.stripe_events import NOW, a_gift

GIFT, OFFLINE = (Kind.GIFT, 20000), (Kind.OFFLINE_GIFT, 20000)
Moved = tuple[Kind, int]


def an_entry(kind: Kind, minor: int) -> Entry:
    # An offline gift has no route of its own: it leads to where it came in.
    route = ROUTES.get(kind, (Account.DONORS, Account.CASH))
    names = "most-needed", "house", f"re_{kind}_{minor}", "evt_1"
    return Entry(kind, "gift_1", *route, Money(minor, "CNY"), *names, NOW, NOW)


def stands(*moved: Moved, **changed: Any) -> Standing:
    """Where a gift stands whose money came, unless ``changed`` says otherwise, and moved so."""
    gift = a_gift(**({"state": State.RECEIVED} | changed))
    return standing(gift, [an_entry(kind, minor) for kind, minor in moved])


@pytest.mark.parametrize("state", State)
def test_without_money_a_gift_stands_where_its_state_is(state: State) -> None:
    assert stands(state=state) == state.value
    assert stands((Kind.FEE, 500), state=state) == state.value


@pytest.mark.parametrize("came", [GIFT, OFFLINE])
@pytest.mark.parametrize(
    ("settled_at", "paid_out_at", "expected"),
    [
        (None, None, Standing.RECEIVED),
        (NOW, None, Standing.SETTLED),
        (NOW, NOW, Standing.PAID_OUT),
        (None, NOW, Standing.PAID_OUT),
    ],
)
def test_money_that_came_is_followed_to_the_bank(
    came: Moved, settled_at: datetime | None, paid_out_at: datetime | None, expected: Standing
) -> None:
    """From whichever side it came."""
    assert stands(came, settled_at=settled_at, paid_out_at=paid_out_at) == expected


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ([(Kind.REFUND, 1)], Standing.PARTLY_REFUNDED),
        ([(Kind.REFUND, 19999)], Standing.PARTLY_REFUNDED),
        ([(Kind.REFUND, 20000)], Standing.REFUNDED),
        ([(Kind.REFUND, 20001)], Standing.REFUNDED),
        ([(Kind.REFUND, 15000), (Kind.REFUND, 5000)], Standing.REFUNDED),
        ([(Kind.REFUND, 20000), (Kind.REFUND_FAILED, 1)], Standing.PARTLY_REFUNDED),
        ([(Kind.REFUND, 20000), (Kind.REFUND_FAILED, 20000)], Standing.SETTLED),
        ([(Kind.GIFT, 20000), (Kind.REFUND, 20000)], Standing.PARTLY_REFUNDED),
        ([(Kind.FEE, 20000)], Standing.SETTLED),
    ],
)
def test_what_went_back_is_reckoned_from_all_entries(
    moved: list[Moved], expected: Standing
) -> None:
    """All or a part; a refund that failed did not go back. It goes before what is settled."""
    for order in (moved, moved[::-1]):
        assert stands(GIFT, *order, settled_at=NOW) == expected
    assert stands(GIFT, *moved, settled_at=NOW, paid_out_at=NOW) == (
        Standing.PAID_OUT if expected is Standing.SETTLED else expected
    )


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ([(Kind.DISPUTE_WITHDRAWN, 1)], Standing.DISPUTED),
        ([(Kind.DISPUTE_WITHDRAWN, 2), (Kind.DISPUTE_REINSTATED, 1)], Standing.DISPUTED),
        ([(Kind.DISPUTE_WITHDRAWN, 2), (Kind.DISPUTE_REINSTATED, 2)], Standing.RECEIVED),
        ([(Kind.DISPUTE_REINSTATED, 2)], Standing.RECEIVED),
        ([(Kind.DISPUTE_WITHDRAWN, 5000), (Kind.REFUND, 20000)], Standing.DISPUTED),
    ],
)
def test_while_the_bank_holds_any_of_it_a_gift_is_disputed(
    moved: list[Moved], expected: Standing
) -> None:
    """Whatever else happened to it."""
    assert stands(GIFT, *moved) == expected


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.GIFT, 700),
        (Kind.OFFLINE_GIFT, 700),
        (Kind.REFUND, -700),
        (Kind.REFUND_FAILED, 700),
        (Kind.DISPUTE_WITHDRAWN, -700),
        (Kind.DISPUTE_REINSTATED, 700),
        (Kind.FEE, 0),
        (Kind.EXCHANGE_OUT, 0),
        (Kind.EXCHANGE_IN, 0),
        (Kind.PAYOUT, 0),
        (Kind.PAYOUT_FAILED, 0),
    ],
)
def test_an_entry_adds_to_what_was_given_or_takes_from_it(kind: Kind, given: int) -> None:
    """Only what crosses the line to the donors' side; what we do with the money is our affair."""
    assert an_entry(kind, 700).given == Money(given, "CNY")


def test_what_is_undone_leaves_every_account_as_it_was() -> None:
    """A refund that failed, a dispute that was won, a payout that came back."""
    undone = {
        Kind.REFUND: Kind.REFUND_FAILED,
        Kind.DISPUTE_WITHDRAWN: Kind.DISPUTE_REINSTATED,
        Kind.PAYOUT: Kind.PAYOUT_FAILED,
        Kind.EXCHANGE_OUT: Kind.EXCHANGE_IN,
    }
    for done, back in undone.items():
        accounts: Counter[Account] = Counter()
        for taken_from, put_into in (ROUTES[done], ROUTES[back]):
            assert taken_from is not put_into
            accounts[taken_from] -= 1
            accounts[put_into] += 1
        assert not any(accounts.values()), done
