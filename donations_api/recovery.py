"""What lost webhooks left out is asked for again, and booked as if it had been told.

First the events themselves, which Stripe keeps for thirty days and which bring states too; then
the money of its statement that has no entry, however old.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from donations_api import account
from donations_api.clerk import Waits
from donations_api.errors import EventForged
from donations_api.inbox import (
    event_from,
    reason_of,
    refuse_other_set_up,
    take,
    take_up_waiting,
    tell,
)
from donations_api.lines import read_line
from donations_api.portal import Portal
from donations_api.records import Line
from donations_api.traces import trace

log = logging.getLogger(__name__)

# Called with the name of a step and how many of it were done.
Progress = Callable[[str, int], None]


def recover_events(portal: Portal, progress: Progress) -> None:
    """Take the events that have never reached the inbox. Raises StripeUnavailable."""

    def keep(page: list[Mapping[str, Any]]) -> None:
        with portal.ledger.reading() as books:
            lost = [one for one in page if not books.has_event(one["id"])]
        for one in reversed(lost):
            _take(portal, one)
        progress("events", len(page))

    account.walk_events(portal, keep)


def recover_money(portal: Portal, progress: Progress) -> None:
    """Book the lines of the statement that have no entry. Raises StripeUnavailable."""
    with portal.ledger.reading() as books:
        lines = books.statement.unbooked()
    lines = [_decided(portal, line) if line.undecided else line for line in lines]
    before = None
    # Lines of one second have no order: what comes after another one has its turn again.
    while lines and len(lines) != before:
        before = len(lines)
        lines = [line for line in lines if not _recover(portal, line, progress)]


def _take(portal: Portal, told: Mapping[str, Any]) -> None:
    """One event, in a transaction of its own; what cannot be booked is kept for staff."""
    try:
        event = event_from(json.dumps(told, ensure_ascii=False).encode(), portal.clock())
    except EventForged:
        log.error("Stripe lists something that is no event")
        return
    try:
        refuse_other_set_up(event, portal.settings)
        with portal.ledger.books() as books:
            take(portal.clerk(books), event)
            books.commit()
    except Exception as error:  # noqa: BLE001  # kept; it must not stop the others
        log.error("event %s was recovered but not booked: %s", event.id, trace(error))
        with portal.ledger.books() as books:
            books.keep_failure(event, reason_of(error), portal.clock())
            books.commit()


def _decided(portal: Portal, line: Line) -> Line:
    """A debit that was on its way: what has become of it since."""
    charge = account.charge(portal, line.about)
    transaction = {
        "id": line.id,
        "reporting_category": line.category,
        "source": charge,
        "amount": line.amount,
        "fee": line.fee,
        "currency": line.currency,
        "created": int(line.created_at.timestamp()),
        "available_on": int(line.available_at.timestamp()),
    }
    now = read_line(transaction)
    with portal.ledger.books() as books:
        books.statement.keep_line(now)
        books.commit()
    return now


def _recover(portal: Portal, line: Line, progress: Progress) -> bool:
    """Book a line; False when it may have its turn again, after the others."""
    if not line.kind or line.undecided:
        return True
    for told in account.told_again(portal, line):
        with portal.ledger.books() as books:
            clerk = portal.clerk(books)
            try:
                take_up_waiting(clerk, tell(clerk, told))
            except Waits:
                return False
            except Exception as error:  # noqa: BLE001  # the line stays among the differences
                log.error("line %s could not be booked: %s", line.id, trace(error))
                return True
            books.commit()
    progress("recovered", 1)
    return True
