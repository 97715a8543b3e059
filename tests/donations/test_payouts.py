"""Payouts to the bank, and money that Stripe changes into another currency."""

from pathlib import Path

from donations_api import account
from donations_api.ledger import Ledger
from donations_api.rebuilding import rebuild
from donations_api.reconciliation import reconcile
from tests.donations.at_stripe import ask, assert_sound, charges, console, kinds, portal_of
from tests.donations.running import Rig, rig


def test_a_payout_marks_its_gifts_and_one_that_comes_back_unmarks_them(both: Rig) -> None:
    """Settled, paid out; the bank sends it back, and it is settled only; the next payout has it."""
    both.paid()
    both.deliveries.deliver_due()
    (gift,) = both.gifts()
    reconcile(portal_of(both))
    console(both, f"charges/{charges(both)[0]}", act="available")
    assert_sound(both, reconcile(portal_of(both)))
    assert both.gifts()[0].settled_at
    console(both, "payouts", act="pay_out")
    assert_sound(both, reconcile(portal_of(both)))
    assert not both.gifts()[0].paid_out_at
    payout = ask(both, "/v1/payouts")["data"][0]["id"]
    console(both, f"payouts/{payout}", act="payout_paid")
    assert_sound(both, reconcile(portal_of(both)))
    assert both.gifts()[0].paid_out_at
    console(both, f"payouts/{payout}", act="payout_failed")
    assert_sound(both, reconcile(portal_of(both)))
    assert not both.gifts()[0].paid_out_at
    console(both, "payouts", act="pay_out")
    second = ask(both, "/v1/payouts")["data"][0]["id"]
    console(both, f"payouts/{second}", act="payout_paid")
    assert_sound(both, reconcile(portal_of(both)))
    assert both.gifts()[0].paid_out_at
    paid_out = [kind for kind, *_ in kinds(both) if kind.startswith("payout")]
    assert paid_out == ["payout", "payout", "payout_failed"]
    assert gift.id == both.gifts()[0].id


def test_what_stripe_changes_into_another_currency_balances_in_both(tmp_path: Path) -> None:
    """An account that keeps pounds alone: dollars and yen are changed, whole and back again with a
    refund; each currency adds up to nothing, and the pounds are Stripe's to the penny.
    """
    with rig(tmp_path, settles_in=("gbp",)) as both:
        both.paid(currency="USD", amount="40")
        both.paid(currency="JPY", amount="3000")
        both.paid(currency="GBP", amount="25")
        both.deliveries.deliver_due()
        console(both, f"charges/{charges(both)[1]}", act="refund", amount="1000")
        both.deliveries.deliver_due()
        assert_sound(both, reconcile(portal_of(both)))
        assert set(account.balances(portal_of(both))) == {"GBP"}
        with Ledger(both.settings.database_url).books() as books:
            left = {
                (one.account, one.amount.currency): one.amount.minor for one in books.balances()
            }
        assert left["stripe", "USD"] == left["stripe", "JPY"] == 0
        assert left["exchange", "USD"] == 4000
        assert left["exchange", "JPY"] == 2000
        scratch = Ledger(f"sqlite:///{tmp_path}/scratch.db")
        assert rebuild(portal_of(both), scratch, lambda *_: None) == []
