"""The plan of a run: the same from the same seed, with kills enough and every kind of fault."""

import pytest

from tests.faults.plan import POSTGRESQL, SQLITE, least_kills, plan_for
from tests.faults.points import HOLDING, OFTEN, POINTS

KINDS = {
    *("kill", "kill_at_point", "stop", "stop_at_point", "clock", "lock", "full_disk"),
    *("mail", "stripe", "lose_events", "hold_events"),
}


@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
def test_the_same_seed_gives_the_same_plan(database: str) -> None:
    """A run that failed can be had again from its seed, and another seed is another run."""
    assert plan_for(database, 5, 300, 75) == plan_for(database, 5, 300, 75)
    assert plan_for(database, 5, 300, 75) != plan_for(database, 6, 300, 75)


@pytest.mark.parametrize("gifts", [40, 2000])
@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
def test_each_kind_of_fault_is_in_every_plan(database: str, gifts: int) -> None:
    """A kill for four gifts at least, and nothing that a short run leaves out."""
    plan = plan_for(database, 1, gifts, least_kills(gifts))
    wanted = KINDS | ({"server_restart"} if database == POSTGRESQL else set())
    assert {fault.kind for fault in plan.faults} == wanted
    assert plan.kills() >= max(12, gifts / 4)
    assert len(plan.wishes) == gifts


def test_both_databases_have_the_same_gifts_and_kills() -> None:
    """What happens on the one can be held against what happens on the other."""
    one, other = (plan_for(database, 3, 200, 50) for database in (SQLITE, POSTGRESQL))
    assert one.wishes == other.wishes
    assert [f for f in other.faults if f.kind != "server_restart"] == list(one.faults)


def test_a_long_run_kills_at_every_point() -> None:
    """Five hundred kills come to each named point of the portal's work."""
    plan = plan_for(SQLITE, 1, 2000, 500)
    assert {fault.point for fault in plan.faults if fault.kind == "kill_at_point"} == set(POINTS)
    assert {*OFTEN, *HOLDING} <= set(POINTS)
