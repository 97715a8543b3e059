"""The outbox: what is still to be sent goes out at least once, each try under the same Message-ID.

A mail is claimed for a time, sent with no transaction open, and then marked. If the program is
stopped in between, the claim runs out and the mail is sent again; its receiver's program can tell.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from donations_api.errors import Explained, MailDelayed, MailRefused
from donations_api.gift import CANCELLATION, RESTORATION, Receipt
from donations_api.ledger import Ledger
from donations_api.mailer import Letter, Mailer
from donations_api.records import Message
from donations_api.traces import trace

log = logging.getLogger(__name__)

# Longer than one mail can take: a mail server has about ten questions to answer, ten seconds each.
CLAIMED_FOR = timedelta(minutes=5)
# The waits after the first, second, … failed try; after the last one it is a dead letter.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 480, 1440))
TRIES = len(WAITS) + 1

# Writes the letter of a mail; the receipt is there when the mail brings one.
Compose = Callable[[Message, Receipt | None], Letter]


COPY = "copy"  # the kind of a mail that brings a receipt once more, marked so


def letter_kind(receipt: Receipt) -> str:
    """The letter that brings a receipt: a cancellation and a restoration have their own."""
    return receipt.kind if receipt.kind in (CANCELLATION, RESTORATION) else "receipt"


def drain(ledger: Ledger, mailer: Mailer, compose: Compose, now: datetime) -> int:
    """Send all that is due; how many mails went. ``now`` is UTC; ``compose`` writes the letters."""
    began, sent = time.monotonic(), 0

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    while claimed := _claim(ledger, clock()):
        message, receipt = claimed
        try:
            if message.attempts > TRIES:
                raise MailRefused("mail.never_finished")
            mailer.send(compose(message, receipt), message.address, message.message_id, clock())
        except MailRefused as refusal:
            _bury(ledger, message, refusal, clock())
        except MailDelayed as delay:
            _postpone(ledger, message, delay, clock())
        except Exception as error:  # noqa: BLE001
            # One letter that cannot be written must not stop the others.
            log.error("mail %s could not be written: %s", message.id, trace(error))
            reason = Explained("mail.broken", error=trace(error))
            _postpone(ledger, message, reason, clock())
        else:
            with ledger.books() as books:
                books.mark_sent(message.id, clock())
                books.commit()
            sent += 1
    return sent


def _claim(ledger: Ledger, now: datetime) -> tuple[Message, Receipt | None] | None:
    with ledger.books() as books:
        message = books.claim(now, now + CLAIMED_FOR)
        receipt_id = message.receipt_id if message else None
        receipt = books.receipt(receipt_id) if receipt_id else None
        books.commit()
    return (message, receipt) if message else None


def _postpone(ledger: Ledger, message: Message, reason: Explained, now: datetime) -> None:
    if message.attempts >= TRIES:
        _bury(ledger, message, reason, now)
        return
    log.warning("mail %s is tried again later: %s", message.id, reason.message)
    # A little by chance, so that all the mails of an outage do not come back at once.
    wait = WAITS[message.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311  # no secret
    with ledger.books() as books:
        books.postpone(message.id, now + wait, reason)
        books.commit()


def _bury(ledger: Ledger, message: Message, reason: Explained, now: datetime) -> None:
    log.error("mail %s is a dead letter: %s", message.id, reason.message)
    with ledger.books() as books:
        books.bury(message.id, now, reason)
        books.commit()
