"""The inbox: what staff and the log are told of an event that cannot be booked."""

import logging
import re

import pytest

from donations_api.clerk import Outcome
from donations_api.errors import EventRefused
from donations_api.inbox import reason_of
from donations_api.ledger import Ledger
from tests.donations.conftest import Deliver
from tests.donations.stripe_events import a_refund, a_session, an_event, kept


def test_one_that_waits_on_is_told_in_the_log_and_to_staff(
    ledger: Ledger, deliver: Deliver, caplog: pytest.LogCaptureFixture
) -> None:
    """Which event, and which fault; the log has its kind and place, and none of its words."""
    gift = kept(ledger)
    # Larger than the database can hold: the entry itself is refused.
    huge = an_event(a_refund(f"pi_{gift.id}", 2**70), "refund.created")
    deliver(huge)
    with caplog.at_level(logging.ERROR, logger="donations_api.inbox"):
        assert deliver(an_event(a_session(gift))) == Outcome.BOOKED
    (record,) = caplog.records
    told = rf"event {huge['id']} waits on: (\w+) at \w+\.py:\d+ .*"
    kind = re.fullmatch(told, record.getMessage())
    assert kind
    assert not record.exc_info
    with ledger.books() as books:
        (failure,) = books.failures()
    assert (failure.event_id, failure.reason.message) == (huge["id"], "webhook.broken")
    assert record.getMessage().endswith(f" waits on: {failure.reason.values['error']}")


def test_what_explains_itself_is_kept_in_its_own_words() -> None:
    """Only a fault of ours is called one."""
    refused = EventRefused("webhook.live_event")
    assert reason_of(refused) is refused
    broken = reason_of(ZeroDivisionError("by nothing"))
    assert broken.message == "webhook.broken"
    assert broken.values == {"error": "ZeroDivisionError at nowhere"}
