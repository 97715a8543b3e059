"""The outbox: every mail goes out, as often as it takes, and two senders never send one twice."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from donations_api import outbox
from donations_api.app import drain as send_what_waits
from donations_api.gift import Receipt
from donations_api.ledger import Ledger
from donations_api.mailer import Letter, Mailer, mailer_for
from donations_api.outbox import CLAIMED_FOR, TRIES, WAITS, drain
from donations_api.records import Message
from donations_api.settings import Settings
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.mail_servers import Box, mail_server
from tests.donations.processes import FORKS
from tests.donations.running import settings_for, until
from tests.donations.stripe_events import NOW, a_session, an_event, kept

FROM = "gifts@example.org"


@contextmanager
def a_mailer(box: Box) -> Iterator[Mailer]:
    with mail_server(box) as address:
        yield mailer_for(f"smtp://{address}", FROM)


def compose(_message: Message, receipt: Receipt | None) -> Letter:
    assert receipt
    return Letter("示例之家", receipt.number, "text", "<p>html</p>", "zh-Hans")


def booked(ledger: Ledger, deliver: Deliver, number: int = 1) -> None:
    for _ in range(number):
        deliver(an_event(a_session(kept(ledger))))


def message_ids(rows: Rows) -> list[str]:
    return [message_id for (message_id,) in rows("SELECT message_id FROM outbox")]


def test_a_receipt_reaches_its_donor(ledger: Ledger, deliver: Deliver) -> None:
    """From the signed event to a real mail server: one mail, and none at the next turn."""
    booked(ledger, deliver)
    box = Box()
    with a_mailer(box) as mailer:
        assert drain(ledger, mailer, compose, NOW) == 1
        assert drain(ledger, mailer, compose, NOW) == 0
    (envelope,) = box.taken
    assert envelope.rcpt_tos == ["zhang@example.org"]
    with ledger.books() as books:
        assert books.unsent() == []


def test_a_delay_is_waited_out_longer_each_time(ledger: Ledger, deliver: Deliver) -> None:
    """Eight tries with growing waits, none before its time; then a dead letter that staff see."""
    booked(ledger, deliver)
    box, now, waits = Box(data="451 later"), NOW, []
    with a_mailer(box) as mailer:
        for attempt in range(1, TRIES + 1):
            drain(ledger, mailer, compose, now)
            drain(ledger, mailer, compose, now)
            with ledger.books() as books:
                (unsent,) = books.unsent()
            assert unsent.attempts == attempt
            assert unsent.reason
            assert unsent.reason.values == {"answer": "451 later"}
            waits.append(unsent.due_at - now)
            now = unsent.due_at
        assert unsent.dead
        box.data = "250 OK"
        assert drain(ledger, mailer, compose, now + timedelta(days=30)) == 0
    assert TRIES == 8
    for wait, planned in zip(waits, WAITS, strict=False):
        assert 0.8 * planned <= wait <= 1.2 * planned + timedelta(seconds=5)


def test_a_refusal_is_final(ledger: Ledger, deliver: Deliver) -> None:
    """No use in knocking again: staff see the reason at once."""
    booked(ledger, deliver)
    box = Box(first=("550 no such user",))
    with a_mailer(box) as mailer:
        assert drain(ledger, mailer, compose, NOW) == 0
        assert drain(ledger, mailer, compose, NOW + timedelta(days=1)) == 0
    with ledger.books() as books:
        (unsent,) = books.unsent()
    assert unsent.dead
    assert unsent.number == "XX-2026-000001"
    assert unsent.reason
    assert unsent.reason.message == "mail.refused_by_server"


def test_the_same_message_id_at_each_try(ledger: Ledger, deliver: Deliver, rows: Rows) -> None:
    """A mail program can tell that a mail came twice."""
    booked(ledger, deliver)
    box = Box(first=("451 later",))
    with a_mailer(box) as mailer:
        assert drain(ledger, mailer, compose, NOW) == 0
        assert drain(ledger, mailer, compose, NOW + timedelta(hours=1)) == 1
    assert box.messages() == [(["zhang@example.org"], *message_ids(rows))]


@pytest.mark.parametrize(
    ("answer", "message"),
    [("550 no", "mail.refused_by_server"), ("451 no", "mail.server_away"), ("", "mail.broken")],
)
def test_one_bad_mail_does_not_stop_the_others(
    ledger: Ledger, deliver: Deliver, answer: str, message: str
) -> None:
    """Refused, delayed, or a bug in its letter: the mails behind it go out."""
    booked(ledger, deliver, 3)

    def with_a_bug(message: Message, receipt: Receipt | None) -> Letter:
        if not answer and receipt and receipt.serial == 1:
            raise KeyError("a bug")
        return compose(message, receipt)

    with a_mailer(Box(first=(answer,) if answer else ())) as mailer:
        assert drain(ledger, mailer, with_a_bug, NOW) == 2
    with ledger.books() as books:
        (unsent,) = books.unsent()
    assert unsent.reason
    assert unsent.reason.message == message


def send_all(database_url: str, address: str, claimed: bool, together: Barrier) -> None:
    """A process that drains the outbox; ``claimed`` False takes the claim away."""
    if not claimed:
        outbox.CLAIMED_FOR = timedelta(minutes=-1)
    together.wait(timeout=60)
    drain(Ledger(database_url), mailer_for(f"smtp://{address}", FROM), compose, NOW)


@pytest.mark.parametrize("claimed", [True, False], ids=["with claims", "without claims"])
def test_two_drains_at_once_send_each_mail_once(
    ledger: Ledger, deliver: Deliver, settings: Settings, claimed: bool
) -> None:
    """A schedule and a webhook drain at the same moment, in processes of their own, into a slow
    mail server. Without the claim mails would go out twice.
    """
    booked(ledger, deliver, 8)
    box = Box(slow=0.05)
    together = FORKS.Barrier(3)
    with mail_server(box) as address:
        drains = [
            FORKS.Process(target=send_all, args=(settings.database_url, address, claimed, together))
            for _ in range(3)
        ]
        for one in drains:
            one.start()
        for one in drains:
            one.join(60)
    assert [one.exitcode for one in drains] == [0] * 3
    if claimed:
        assert len(box.taken) == 8
    else:
        assert len(box.taken) > 8


def send_slowly(database_url: str, address: str) -> None:
    settings = settings_for(Path(), database_url=database_url, smtp_url=f"smtp://{address}")
    send_what_waits(settings, NOW)


def test_a_mail_of_a_killed_sender_goes_out_later(
    ledger: Ledger, settings: Settings, deliver: Deliver, rows: Rows
) -> None:
    """Killed while the mail server thinks: nobody else sends it while the claim lasts, then it is
    sent, under the same Message-ID.
    """
    booked(ledger, deliver)
    box = Box(slow=30)
    with mail_server(box) as address:
        sender = FORKS.Process(target=send_slowly, args=(settings.database_url, address))
        sender.start()
        until(lambda: rows("SELECT attempts FROM outbox") == [(1,)])
        assert sender.pid
        os.kill(sender.pid, signal.SIGKILL)
        sender.join(10)
    box = Box()
    with a_mailer(box) as mailer:
        moments = [NOW + CLAIMED_FOR + timedelta(seconds=one) for one in (-30, 30)]
        assert [drain(ledger, mailer, compose, moment) for moment in moments] == [0, 1]
    assert box.messages() == [(["zhang@example.org"], *message_ids(rows))]


def test_a_mail_that_kills_its_sender_each_time_is_given_up(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """Tries that nobody lived to report count too."""
    booked(ledger, deliver)
    rows("UPDATE outbox SET attempts = ?", TRIES)
    box = Box()
    with a_mailer(box) as mailer:
        assert drain(ledger, mailer, compose, NOW) == 0
    assert box.taken == []
    with ledger.books() as books:
        (unsent,) = books.unsent()
    assert unsent.dead
    assert unsent.reason
    assert unsent.reason.message == "mail.never_finished"


def test_no_transaction_is_open_while_a_mail_is_sent(ledger: Ledger, deliver: Deliver) -> None:
    """Donors can give while a mail server thinks."""
    booked(ledger, deliver)
    waited: list[float] = []

    class Giving(Box):
        async def handle_DATA(self, *arguments: Any) -> str:  # noqa: N802
            began = time.monotonic()
            kept(ledger)
            waited.append(time.monotonic() - began)
            return await super().handle_DATA(*arguments)

    with a_mailer(Giving()) as mailer:
        assert drain(ledger, mailer, compose, NOW) == 1
    assert waited[0] < 2


def test_a_claim_outlasts_the_slowest_mail_server() -> None:
    """Ten answers of ten seconds each."""
    assert timedelta(seconds=100) < CLAIMED_FOR
