"""Stripe's statement against the ledger, over HTTP: lost webhooks, fees, payouts, differences."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from donations_api import account
from donations_api.entry import Account, Kind
from donations_api.errors import StripeUnavailable
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.offline import Correction, correct
from donations_api.rebuilding import rebuild
from donations_api.reconciliation import reconcile
from tests.donations.at_stripe import (
    ask,
    assert_sound,
    charges,
    console,
    kinds,
    lose,
    portal_of,
    told_fees,
)
from tests.donations.running import Rig, until

DEBIT = {"sort_code": "108800", "account_number": "00012345", "name": "张伟"}


def test_what_webhooks_lost_is_booked_from_the_events(both: Rig) -> None:
    """The portal was away: gifts, a refund, a monthly gift and an expired page come back, with
    receipts and mails; events that came meanwhile are not booked twice.
    """
    lose(both)
    both.paid()
    both.paid(frequency="monthly", currency="GBP", amount="15")
    unpaid = both.give().headers["Location"].rpartition("/")[2]
    requests.post(
        f"{both.stripe}/v1/checkout/sessions/{unpaid}/expire",
        headers={
            "Authorization": f"Bearer {both.settings.stripe_api_key}",
            "Stripe-Version": "2026-10-28.endive",
        },
        timeout=20,
    ).raise_for_status()
    console(both, "events", act="stop_losing")
    console(both, f"charges/{charges(both)[1]}", act="refund", amount="50")
    both.deliveries.deliver_due()
    assert kinds(both) == []
    report = reconcile(portal_of(both))
    assert_sound(both, report)
    assert [one for one in kinds(both) if one[0] != "fee"] == [
        ("gift", "15.00", "GBP"),
        ("gift", "200.00", "CNY"),
        ("refund", "50.00", "CNY"),
    ]
    assert sorted(gift.state for gift in both.gifts()) == [
        State.EXPIRED,
        State.RECEIVED,
        State.RECEIVED,
    ]
    before = kinds(both)
    assert_sound(both, reconcile(portal_of(both)))
    assert kinds(both) == before


def test_money_without_any_event_is_found_in_the_statement(both: Rig) -> None:
    """After thirty days Stripe has no event any more: the charge itself leads to the gift. Gifts
    once and monthly, a refund that failed, a dispute that was won, all from the statement alone.
    """
    lose(both)
    both.paid()
    both.paid(frequency="monthly", currency="EUR", amount="20")
    both.paid(currency="USD", amount="40")
    dollars, _, yuan = charges(both)
    console(both, f"charges/{yuan}", act="refund_all")
    refund = ask(both, "/v1/refunds")["data"][0]["id"]
    console(both, f"charges/{yuan}", act="fail_refund", refund=refund)
    console(both, f"charges/{dollars}", act="dispute")
    dispute = ask(both, "/v1/disputes")["data"][0]["id"]
    console(both, f"charges/{dollars}", act="win", dispute=dispute)
    report = reconcile(portal_of(both), events=False)
    assert_sound(both, report)
    assert kinds(both) == [
        ("dispute_reinstated", "40.00", "USD"),
        ("dispute_withdrawn", "40.00", "USD"),
        *told_fees(both),
        ("gift", "20.00", "EUR"),
        ("gift", "200.00", "CNY"),
        ("gift", "40.00", "USD"),
        ("refund", "200.00", "CNY"),
        ("refund_failed", "200.00", "CNY"),
    ]
    # The events that come after all bring nothing new.
    before = kinds(both)
    for event in ask(both, "/v1/events", limit=100)["data"]:
        both.deliveries.redeliver(event["id"])
    both.deliveries.deliver_due()
    assert kinds(both) == before
    until(lambda: len(both.mails()) == 5)  # three receipts, a cancellation, and its restoration


def test_a_debit_on_its_way_is_no_difference_and_a_failed_one_books_nothing(both: Rig) -> None:
    """Stripe lists a bank debit before the bank has decided."""
    lose(both)
    for _ in range(2):
        page = both.give(currency="GBP", amount="30").headers["Location"]
        both.donor.post(
            page,
            {"method": "bacs_debit", "outcome": "pay"} | DEBIT,
            headers={"Origin": both.stripe},
            timeout=20,
        ).raise_for_status()
    assert {one["status"] for one in ask(both, "/v1/charges")["data"]} == {"pending"}
    report = reconcile(portal_of(both), events=False)
    assert report.differences == []
    assert kinds(both) == []
    comes, fails = charges(both)
    console(both, f"charges/{comes}", act="settle")
    console(both, f"charges/{fails}", act="fail_debit")
    assert_sound(both, reconcile(portal_of(both), events=False))
    assert [kind for kind, *_ in kinds(both) if kind != "fee"] == ["gift"]


def test_rebuilt_from_stripe_the_ledger_is_the_same(both: Rig, tmp_path: Path) -> None:
    """With a payout, a fee, a refund and a correction in it; and it tells when it is not."""
    both.paid()
    both.paid(currency="JPY", amount="3000")
    both.deliveries.deliver_due()
    console(both, f"charges/{charges(both)[0]}", act="refund", amount="500")
    both.deliveries.deliver_due()
    for charge in charges(both):
        console(both, f"charges/{charge}", act="available")
    console(both, "payouts", act="pay_out")
    portal = portal_of(both)
    reconcile(portal)
    with portal.ledger.books() as books:
        put = Correction(
            Money(100, "CNY"), Account.BANK, Account.FEES, "bank charge 11", None, "王", "手续费"
        )
        correct(portal.clerk(books), put)
        books.commit()
    scratch = Ledger(f"sqlite:///{tmp_path}/scratch.db")
    assert rebuild(portal, scratch, lambda *_: None) == []
    with portal.ledger.books() as books:
        (entry, *_) = [one for one in books.entries() if one.kind is Kind.REFUND]
        books.post(replace(entry, reference="re_invented"))
        books.commit()
    again = Ledger(f"sqlite:///{tmp_path}/again.db")
    (found,) = rebuild(portal, again, lambda *_: None)
    assert (found.what, found.which) == ("missing_at_stripe", "refund re_invented")


def test_what_no_portal_made_is_a_difference_until_a_person_explains_it(both: Rig) -> None:
    """The ledger has an entry that Stripe does not know: told, once it can be no delay; and a
    correction that names it is the answer.
    """
    both.paid()
    both.deliveries.deliver_due()
    portal = portal_of(both)
    with portal.ledger.books() as books:
        (entry,) = books.entries()
        books.post(
            replace(
                entry,
                kind=Kind.REFUND,
                taken_from=Account.STRIPE,
                put_into=Account.DONORS,
                reference="re_invented",
            )
        )
        books.commit()
    assert reconcile(portal).differences == []
    later = replace(portal, clock=lambda: portal.clock() + timedelta(hours=2))
    (found,) = reconcile(later).differences
    assert (found.what, found.which, found.in_ledger) == (
        "missing_at_stripe",
        "re_invented",
        "200.00 CNY",
    )
    with portal.ledger.books() as books:
        answer = Correction(
            entry.amount, Account.DONORS, Account.STRIPE, "re_invented", entry.gift_id, "王", "误记"
        )
        correct(portal.clerk(books), answer)
        books.commit()
    assert reconcile(later).differences == []


def test_a_walk_that_is_stopped_goes_on_where_it_was(
    both: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of two: the line breaks at the third page; the next run does not begin anew, and what
    came meanwhile is read too.
    """
    monkeypatch.setattr(account, "_A_PAGE", 2)
    for _ in range(6):
        both.paid()
    both.deliveries.deliver_due()
    portal = portal_of(both)
    asked: list[Any] = []
    look_up = portal.gateway.look_up

    def breaking(path: str, **params: Any) -> Any:
        if path == "/v1/balance_transactions":
            asked.append(params.get("starting_after"))
            if len(asked) == 3:
                raise StripeUnavailable("the line broke", worth_retrying=True)
        return look_up(path, **params)

    monkeypatch.setattr(portal.gateway, "look_up", breaking)
    with pytest.raises(StripeUnavailable):
        reconcile(portal)
    both.paid()
    both.deliveries.deliver_due()
    assert_sound(both, reconcile(portal))
    assert asked[3] == asked[2]
    assert asked[3] is not None
    assert len([kind for kind, *_ in kinds(both) if kind == "gift"]) == 7
