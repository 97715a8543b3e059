"""The inbox: what staff and the log are told of an event that cannot be booked."""

import logging

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
    """Which event, and which fault; the log has its trace as well."""
    gift = kept(ledger)
    # Larger than the database can hold: the entry itself is refused.
    huge = an_event(a_refund(f"pi_{gift.id}", 2**70), "refund.created")
    deliver(huge)
    with caplog.at_level(logging.ERROR, logger="donations_api.inbox"):
        assert deliver(an_event(a_session(gift))) == Outcome.BOOKED
    (record,) = caplog.records
    assert record.getMessage() == f"event {huge['id']} waits on"
    assert record.exc_info
    kind, error, _ = record.exc_info
    assert kind
    with ledger.books() as books:
        (failure,) = books.failures()
    assert (failure.event_id, failure.reason.message) == (huge["id"], "webhook.broken")
    assert failure.reason.values == {"error": f"{kind.__name__}: {error}"}


def test_what_explains_itself_is_kept_in_its_own_words() -> None:
    """Only a fault of ours is called one."""
    refused = EventRefused("webhook.live_event")
    assert reason_of(refused) is refused
    broken = reason_of(ZeroDivisionError("by nothing"))
    assert broken.message == "webhook.broken"
    assert broken.values == {"error": "ZeroDivisionError: by nothing"}
