"""The same on PostgreSQL; in a file of its own, so that the two can run side by side."""

from tests.faults.plan import POSTGRESQL
from tests.faults.test_prove import prove


def test_no_gift_is_lost_amid_faults_on_postgresql() -> None:
    prove(POSTGRESQL)
