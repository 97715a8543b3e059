"""Forty gifts amid faults, as ``make prove`` gives thousands."""

from tests.faults.plan import SQLITE, least_kills, plan_for
from tests.faults.run import run

GIFTS = 40
SEED = 1


def prove(database: str) -> None:
    """Killed a dozen times at the worst moments, and all else failing in turn, the portal loses
    nothing, doubles nothing, numbers without a gap and sends every mail.
    """
    plan = plan_for(database, SEED, GIFTS, least_kills(GIFTS))
    outcome = run(plan)
    assert outcome.good, outcome.told()
    assert outcome.tried >= GIFTS
    assert outcome.kills >= 12
    assert set(outcome.faults) >= {"lock", "full_disk", "lose_events", "mail_550", "stripe_500"}


def test_no_gift_is_lost_amid_faults_on_sqlite() -> None:
    prove(SQLITE)
