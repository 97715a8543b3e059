"""What tests do and see at Stripe: the console's buttons, the account's lists, what must agree."""

from typing import Any

import requests

from donations_api import account
from donations_api.app import portal_for
from donations_api.books import INVARIANTS
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.portal import Portal
from donations_api.reconciliation import Report
from tests.donations.running import Rig


def portal_of(both: Rig) -> Portal:
    return portal_for(both.settings)


def console(both: Rig, path: str, **fields: str) -> None:
    """Press a button of the sandbox's console."""
    answer = requests.post(
        f"{both.stripe}/{path}", fields, headers={"Origin": both.stripe}, timeout=20
    )
    assert answer.ok, answer.text


def ask(both: Rig, path: str, **params: Any) -> Any:
    return portal_of(both).gateway.look_up(path, **params)


def lose(both: Rig) -> None:
    console(both, "events", act="lose")


def charges(both: Rig) -> list[str]:
    """Newest first."""
    return [one["id"] for one in ask(both, "/v1/charges")["data"]]


def kinds(both: Rig) -> list[tuple[str, str, str]]:
    with Ledger(both.settings.database_url).books() as books:
        return sorted(
            (one.kind.value, str(one.amount.decimal), one.amount.currency)
            for one in books.entries()
        )


def assert_sound(both: Rig, report: Report) -> None:
    """Nothing differs, and the ledger says of the balance at Stripe what Stripe says."""
    assert report.differences == []
    with Ledger(both.settings.database_url).books() as books:
        assert [row for one in INVARIANTS for row in books.broken(one)] == []
        booked = {
            one.amount.currency: one.amount.minor
            for one in books.balances()
            if one.account == "stripe"
        }
        sums: dict[str, int] = {}
        for one in books.balances():
            sums[one.amount.currency] = sums.get(one.amount.currency, 0) + one.amount.minor
    assert set(sums.values()) <= {0}
    at_stripe = account.balances(portal_of(both))
    assert {c: n for c, n in booked.items() if n} == {c: n for c, n in at_stripe.items() if n}


def told_fees(both: Rig) -> list[tuple[str, str, str]]:
    """What Stripe's own list of transactions says of fees."""
    found = ask(both, "/v1/balance_transactions", limit=100)["data"]
    fees = [Money(one["fee"], one["currency"].upper()) for one in found if one["fee"]]
    return sorted(("fee", str(money.decimal), money.currency) for money in fees)
